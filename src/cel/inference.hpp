#pragma once
// Inference: type variables and what they turn out to be, for one expression. Compile time.

#include <optional>
#include <vector>

#include "millwright/cel/schema.hpp"

namespace millwright::cel {

class Inference {
 public:
  // A type not known yet: the element of [].
  [[nodiscard]] Type fresh();
  // The signature's parameters A, B, ... as fresh variables; the same for equal numbers within one
  // `map`, which starts empty.
  [[nodiscard]] Type instantiate(const Type& type,
                                 std::vector<std::pair<std::uint32_t, Type>>& map);

  // Whether a value of type `actual` may stand where `wanted` is asked for; binds variables. On
  // false, variables may be half bound: `save` and `restore` around a trial.
  [[nodiscard]] bool accept(const Type& wanted, const Type& actual);
  // Variables replaced as far as they are known; unknown ones become dyn with `final`.
  [[nodiscard]] Type resolve(const Type& type, bool final = false) const;
  // One type for both, dyn if they have nothing in common.
  [[nodiscard]] Type join(const Type& a, const Type& b);

  using Saved = std::vector<std::optional<Type>>;
  [[nodiscard]] Saved save() const { return bound_; }
  void restore(Saved saved) { bound_ = std::move(saved); }

 private:
  static constexpr std::uint32_t kFirst = 1'000;
  [[nodiscard]] static Type widest(const Type& x, const Type& y);
  [[nodiscard]] const Type& follow(const Type& type) const;
  [[nodiscard]] bool mentions(const Type& type, std::uint32_t variable) const;

  std::vector<std::optional<Type>> bound_;
};

}  // namespace millwright::cel
