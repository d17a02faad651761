#pragma once
// Strong ids and numbers: values of different tags never mix, and conversion is always written out.

#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace millwright {

// A textual identifier: Id<struct AssetTag>{"P-101"}.
template <class Tag>
class Id {
 public:
  Id() = default;
  explicit Id(std::string value) : value_(std::move(value)) {}
  explicit Id(std::string_view value) : value_(value) {}
  explicit Id(const char* value) : value_(value) {}

  [[nodiscard]] const std::string& str() const noexcept { return value_; }
  [[nodiscard]] bool empty() const noexcept { return value_.empty(); }

  friend auto operator<=>(const Id&, const Id&) = default;
  friend bool operator==(const Id&, const Id&) = default;

 private:
  std::string value_;
};

// A number with a meaning: Number<struct OffsetTag>{17}.
template <class Tag, class Rep = std::int64_t>
class Number {
 public:
  constexpr Number() = default;
  constexpr explicit Number(Rep value) : value_(value) {}
  [[nodiscard]] constexpr Rep get() const noexcept { return value_; }
  [[nodiscard]] constexpr Number next() const noexcept { return Number(value_ + 1); }

  friend constexpr auto operator<=>(const Number&, const Number&) = default;
  friend constexpr bool operator==(const Number&, const Number&) = default;

 private:
  Rep value_{};
};

}  // namespace millwright

template <class Tag>
struct std::hash<millwright::Id<Tag>> {
  std::size_t operator()(const millwright::Id<Tag>& id) const noexcept {
    return std::hash<std::string>{}(id.str());
  }
};

template <class Tag, class Rep>
struct std::hash<millwright::Number<Tag, Rep>> {
  std::size_t operator()(const millwright::Number<Tag, Rep>& n) const noexcept {
    return std::hash<Rep>{}(n.get());
  }
};
