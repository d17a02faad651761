#include "millwright/base/check.hpp"

#include <cstdio>
#include <cstdlib>

namespace millwright {

void check_failed(const char* condition, const char* file, int line) noexcept {
  std::fprintf(stderr, "millwright: internal error, stopping: %s does not hold (%s:%d)\n",
               condition, file, line);
  std::abort();
}

}  // namespace millwright
