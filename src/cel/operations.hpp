#pragma once
// What operators do with values, whatever their kinds: the one meaning that every compiled form
// falls back to. Pure; any thread.

#include <cstdint>
#include <limits>

#include "cel/ast.hpp"
#include "millwright/cel/schema.hpp"
#include "millwright/cel/value.hpp"

namespace millwright::cel {

inline constexpr std::size_t kBytesPerStep = 64;

[[nodiscard]] inline Value step_limit() noexcept {
  return Value::error(ErrorCode::kStepLimit);
}
[[nodiscard]] inline Value memory_limit() noexcept {
  return Value::error(ErrorCode::kMemoryLimit);
}
[[nodiscard]] inline Value no_overload(const char* detail = nullptr) noexcept {
  return Value::error(ErrorCode::kNoSuchOverload, detail);
}
[[nodiscard]] inline Value out_of_range(const char* detail) noexcept {
  return Value::error(ErrorCode::kOutOfRange, detail);
}

// Errors that nothing absorbs: the evaluation has used up what it may.
[[nodiscard]] inline bool is_overrun(const Value& value) noexcept {
  return value.is_error() && (value.error_code() == ErrorCode::kStepLimit ||
                              value.error_code() == ErrorCode::kMemoryLimit);
}

// Takes one step for each 64 bytes of text that are looked at.
[[nodiscard]] inline bool spend_text(Context& context, std::size_t bytes) noexcept {
  return context.spend(bytes / kBytesPerStep);
}

// + - * / % on two values that are no errors.
[[nodiscard]] Value arithmetic(Op op, const Value& a, const Value& b, Context& context);
[[nodiscard]] Value negate(const Value& a) noexcept;
// == and != ; bool, or an error when the budget ends.
[[nodiscard]] Value equality(Op op, const Value& a, const Value& b, Context& context);
// < <= > >=
[[nodiscard]] Value ordering(Op op, const Value& a, const Value& b) noexcept;
[[nodiscard]] Value contained(const Value& item, const Value& container, Context& context);
[[nodiscard]] Value index_into(const Value& container, const Value& key);
[[nodiscard]] Value concatenated(Kind kind, std::string_view a, std::string_view b,
                                 Context& context);

// In an optional, which needs room for the value.
[[nodiscard]] Value wrapped(const Value& value, Context& context);

// Equality that counts its work: `budget` falls with every pair of elements looked at and the
// result means nothing once it is 0.
[[nodiscard]] bool equals_within(const Value& a, const Value& b, std::uint64_t& budget) noexcept;

// The range of CEL timestamps: 0001-01-01T00:00:00Z to 9999-12-31T23:59:59.999999999Z.
inline constexpr std::int64_t kFirstSecond = -62'135'596'800;
inline constexpr std::int64_t kLastSecond = 253'402'300'799;

}  // namespace millwright::cel
