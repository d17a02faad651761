#pragma once
// MW_CHECK: a condition that only a bug can break. Always compiled in; ends the process at once, so
// that nothing is written on a broken assumption. For what input or the world can do wrong, see
// result.hpp.

namespace millwright {

[[noreturn]] void check_failed(const char* condition, const char* file, int line) noexcept;

}  // namespace millwright

#define MW_CHECK(condition) \
  ((condition) ? void(0) : ::millwright::check_failed(#condition, __FILE__, __LINE__))
