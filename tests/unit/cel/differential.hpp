#pragma once
// Compares the compiled form with the plain walk over random expressions. One thread.

#include <cstdint>
#include <string>

namespace millwright::cel {

struct DifferentialCounts {
  std::size_t expressions = 0;
  std::size_t errors = 0;    // whose value is an error
  std::size_t overruns = 0;  // that ended at a limit: nothing to compare
  std::size_t differences = 0;
  std::string first_differences;  // the first `shown` of them
};

[[nodiscard]] DifferentialCounts compare_with_walk(std::uint64_t seed, std::size_t count,
                                                   std::size_t shown);

}  // namespace millwright::cel
