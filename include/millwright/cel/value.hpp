#pragma once
// Value: one CEL value in 16 bytes, trivially copyable; text, lists and maps are borrowed from the
// event, the program or the arena, whoever made the value. Any thread; the owner of the borrowed
// parts must outlive it.

#include <compare>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include "millwright/base/time.hpp"
#include "millwright/cel/kind.hpp"

namespace millwright::cel {

struct MapEntry;

class Value {
 public:
  constexpr Value() noexcept : i_(0) {}

  static constexpr Value null() noexcept { return Value(Kind::kNull); }
  static constexpr Value absent() noexcept { return Value(Kind::kAbsent); }
  static constexpr Value boolean(bool b) noexcept {
    Value v(Kind::kBool);
    v.u_ = b ? 1 : 0;
    return v;
  }
  static constexpr Value integer(std::int64_t i) noexcept { return Value(Kind::kInt, i); }
  static constexpr Value uinteger(std::uint64_t u) noexcept {
    Value v(Kind::kUint);
    v.u_ = u;
    return v;
  }
  static constexpr Value number(double d) noexcept {
    Value v(Kind::kDouble);
    v.d_ = d;
    return v;
  }
  static constexpr Value string(std::string_view s) noexcept { return text(Kind::kString, s); }
  static constexpr Value bytes(std::string_view s) noexcept { return text(Kind::kBytes, s); }
  // The value of a type's name: `type(1) == int`.
  static constexpr Value type(std::string_view name) noexcept { return text(Kind::kType, name); }
  static constexpr Value duration(Duration d) noexcept { return Value(Kind::kDuration, d.ns()); }
  // Seconds of UTC since 1970 and 0..999'999'999 ns; the caller keeps to years 1 to 9999.
  static constexpr Value timestamp(std::int64_t seconds, std::uint32_t ns) noexcept {
    Value v(Kind::kTimestamp);
    v.i_ = seconds;
    v.length_ = ns;
    return v;
  }
  static Value timestamp(Instant t) noexcept;
  static Value list(std::span<const Value> items) noexcept;
  static Value map(std::span<const MapEntry> entries) noexcept;
  // optional.of the one value, which is borrowed, or optional.none().
  static Value optional_of(const Value* value) noexcept;
  static constexpr Value none() noexcept { return Value(Kind::kOptional); }
  static constexpr Value ip(std::string_view bytes) noexcept { return text(Kind::kIp, bytes); }
  static constexpr Value cidr(std::string_view bytes) noexcept { return text(Kind::kCidr, bytes); }
  // `detail` is a text that lives for ever (a literal), or null.
  static constexpr Value error(ErrorCode code, const char* detail = nullptr) noexcept {
    Value v(Kind::kError);
    v.detail_ = detail;
    v.code_ = code;
    v.length_ = kNoNode;
    return v;
  }

  [[nodiscard]] constexpr Kind kind() const noexcept { return kind_; }
  [[nodiscard]] constexpr bool is(Kind k) const noexcept { return kind_ == k; }
  [[nodiscard]] constexpr bool is_error() const noexcept { return kind_ == Kind::kError; }
  [[nodiscard]] constexpr bool is_true() const noexcept { return is(Kind::kBool) && u_ != 0; }
  [[nodiscard]] constexpr bool is_false() const noexcept { return is(Kind::kBool) && u_ == 0; }
  [[nodiscard]] constexpr bool is_number() const noexcept {
    return kind_ == Kind::kInt || kind_ == Kind::kUint || kind_ == Kind::kDouble;
  }

  // Each of these asks for its own kind only; the caller has looked.
  [[nodiscard]] constexpr bool as_bool() const noexcept { return u_ != 0; }
  [[nodiscard]] constexpr std::int64_t as_int() const noexcept { return i_; }
  [[nodiscard]] constexpr std::uint64_t as_uint() const noexcept { return u_; }
  [[nodiscard]] constexpr double as_double() const noexcept { return d_; }
  [[nodiscard]] constexpr std::string_view as_text() const noexcept { return {text_, length_}; }
  [[nodiscard]] constexpr Duration as_duration() const noexcept { return Duration(i_); }
  [[nodiscard]] constexpr std::int64_t timestamp_seconds() const noexcept { return i_; }
  [[nodiscard]] constexpr std::uint32_t timestamp_ns() const noexcept { return length_; }
  [[nodiscard]] std::span<const Value> as_list() const noexcept { return {items_, length_}; }
  [[nodiscard]] std::span<const MapEntry> as_map() const noexcept;
  // What an optional holds, or null.
  [[nodiscard]] const Value* as_optional() const noexcept {
    return length_ == 0 ? nullptr : items_;
  }
  [[nodiscard]] constexpr ErrorCode error_code() const noexcept { return code_; }
  [[nodiscard]] constexpr const char* error_detail() const noexcept { return detail_; }
  // The expression that failed, for Program::describe.
  [[nodiscard]] constexpr std::uint32_t error_node() const noexcept { return length_; }

  // The same error, blamed on `node` unless it has one already.
  [[nodiscard]] constexpr Value at_node(std::uint32_t node) const noexcept {
    Value v = *this;
    if (v.kind_ == Kind::kError && v.length_ == kNoNode) v.length_ = node;
    return v;
  }

  static constexpr std::uint32_t kNoNode = 0xffffffff;

 private:
  constexpr explicit Value(Kind kind, std::int64_t i = 0) noexcept : i_(i), kind_(kind) {}
  static constexpr Value text(Kind kind, std::string_view s) noexcept {
    Value v(kind);
    v.text_ = s.data();
    v.length_ = std::uint32_t(s.size());
    return v;
  }

  union {
    std::int64_t i_;
    std::uint64_t u_;
    double d_;
    const char* text_;
    const Value* items_;
    const MapEntry* entries_;
    const char* detail_;
  };
  std::uint32_t length_ = 0;
  Kind kind_ = Kind::kAbsent;
  ErrorCode code_ = ErrorCode::kNone;
  // Without padding at its end a value is copied in whole words. With it the compiler moves 14
  // bytes as two words that overlap, and a value copied just after it was made waits for its own
  // stores.
  std::uint16_t unused_ = 0;
};

struct MapEntry {
  Value key;
  Value value;
};

static_assert(sizeof(Value) == 16 && std::is_trivially_copyable_v<Value>);

inline Value Value::list(std::span<const Value> items) noexcept {
  Value v(Kind::kList);
  v.items_ = items.data();
  v.length_ = std::uint32_t(items.size());
  return v;
}
inline Value Value::map(std::span<const MapEntry> entries) noexcept {
  Value v(Kind::kMap);
  v.entries_ = entries.data();
  v.length_ = std::uint32_t(entries.size());
  return v;
}
inline Value Value::optional_of(const Value* value) noexcept {
  Value v(Kind::kOptional);
  v.items_ = value;
  v.length_ = 1;
  return v;
}
inline std::span<const MapEntry> Value::as_map() const noexcept {
  return {entries_, length_};
}

// CEL equality: numbers compare across their types (int with double through double), NaN equals
// nothing, other kinds are just unequal.
[[nodiscard]] bool equals(const Value& a, const Value& b) noexcept;

// CEL order; `unordered` with NaN. `comparable` tells whether the kinds have an order at all.
[[nodiscard]] bool comparable(const Value& a, const Value& b) noexcept;
[[nodiscard]] std::partial_ordering compare(const Value& a, const Value& b) noexcept;

// The value under the key, or null.
[[nodiscard]] const Value* find(std::span<const MapEntry> map, const Value& key) noexcept;

// "int", "google.protobuf.Timestamp", ...
[[nodiscard]] std::string_view type_name(Kind kind) noexcept;

// As a CEL literal, for people and for the explanation of a decision: 4.2, 'A', [1, 2].
[[nodiscard]] std::string to_text(const Value& value);

}  // namespace millwright::cel
