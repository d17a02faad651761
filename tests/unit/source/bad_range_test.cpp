#include "source/bad_range.hpp"

#include <gtest/gtest.h>

namespace millwright::source {
namespace {

// Offsets [first, first + bad) cannot be read; everything behind can, up to `end`, and `end` itself
// answers that there is no more.
struct Found {
  std::int64_t next = 0;
  int steps = 0;
};
Found search(std::int64_t first, std::int64_t bad, std::int64_t end) {
  BadRange range(first);
  Found out;
  while (++out.steps < 200) {
    const std::int64_t at = range.candidate();
    EXPECT_GT(at, first);
    EXPECT_LE(at, end);
    if (at < first + bad) {
      range.failed(end);
    } else if (range.worked()) {
      out.next = at;
      return out;
    }
  }
  ADD_FAILURE() << "never ends";
  return out;
}

TEST(BadRange, FindsTheFirstReadableOffsetInFewSteps) {
  for (std::int64_t bad = 1; bad <= 700; ++bad) {
    const Found found = search(100, bad, 10'000);
    EXPECT_EQ(found.next, 100 + bad);
    EXPECT_LE(found.steps, 24) << bad;
  }
}

TEST(BadRange, StopsAtTheEndOfThePartition) {
  for (std::int64_t bad = 1; bad <= 300; ++bad) {
    EXPECT_EQ(search(7, bad, 7 + bad).next, 7 + bad);
    EXPECT_EQ(search(7, bad, 8 + bad).next, 7 + bad);
  }
}

TEST(BadRange, KnowsWhereItBegan) {
  BadRange range(41);
  EXPECT_EQ(range.first(), 41);
  EXPECT_EQ(range.candidate(), 42);
  EXPECT_TRUE(range.worked());
}

}  // namespace
}  // namespace millwright::source
