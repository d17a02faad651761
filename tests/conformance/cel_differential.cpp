// cel_differential COUNT [SEED]: so many random expressions, compiled in four modes, against a
// plain walk over the tree. Prints what differs and the counts; exit code 1 if anything does.
#include <cstdio>
#include <cstdlib>

#include "unit/cel/differential.hpp"

int main(int argc, char** argv) {
  if (argc != 2 && argc != 3) {
    std::fprintf(stderr, "Usage: cel_differential COUNT [SEED]\n");
    return 2;
  }
  const std::size_t count = std::strtoull(argv[1], nullptr, 10);
  const std::uint64_t seed = argc == 3 ? std::strtoull(argv[2], nullptr, 10) : 1;
  const auto counts = millwright::cel::compare_with_walk(seed, count, 20);
  std::printf("%s", counts.first_differences.c_str());
  std::printf("seed %llu: %zu expressions, %zu of them errors, %zu at a limit, %zu differences\n",
              static_cast<unsigned long long>(seed), counts.expressions, counts.errors,
              counts.overruns, counts.differences);
  return counts.differences > 0 ? 1 : 0;
}
