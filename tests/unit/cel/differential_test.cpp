// Random expressions: the compiled form in four modes gives what a plain walk over the tree gives,
// and `&&` and `||` do not care for the order of their sides. The many are in tests/conformance.
#include <gtest/gtest.h>

#include <cstdlib>

#include "differential.hpp"

namespace millwright::cel {
namespace {

TEST(Differential, CompiledFormsAgreeWithAWalkOverTheTree) {
  const DifferentialCounts counts = compare_with_walk(20261125, 3'000, 10);
  EXPECT_EQ(counts.expressions, 3'000u);
  EXPECT_EQ(counts.differences, 0u) << counts.first_differences;
  EXPECT_LT(counts.errors, counts.expressions * 3 / 4);
  EXPECT_LT(counts.overruns, counts.expressions / 100);
}

}  // namespace
}  // namespace millwright::cel
