// Seeded lives of the daemon. A failure prints the command that repeats it.
#include <gtest/gtest.h>

#include <cstdlib>

#include "simulation/run.hpp"
#include "support/store_fixture.hpp"

namespace millwright::simulation {
namespace {

std::string again(std::uint64_t seed) {
  return "again: MILLWRIGHT_SEED=" + std::to_string(seed) +
         " simulation --gtest_filter=Simulation.one_seed";
}

void expect_clean(std::uint64_t seed) {
  const Report report = run(seed);
  for (const std::string& problem : report.problems) {
    ADD_FAILURE() << problem << '\n' << again(seed);
  }
}

void expect_clean(std::uint64_t first, std::uint64_t count) {
  Report sum;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    const Report report = run(seed);
    for (const std::string& problem : report.problems) {
      ADD_FAILURE() << problem << '\n' << again(seed);
    }
    sum.records += report.records;
    sum.decisions += report.decisions;
    sum.tasks += report.tasks;
    sum.effects += report.effects;
    sum.crashes += report.crashes;
    sum.rebalances += report.rebalances;
  }
  std::printf(
      "seeds %llu to %llu: %lld records, %lld decisions, %lld tasks, %lld effects, "
      "%lld crashes, %lld rebalances\n",
      static_cast<unsigned long long>(first), static_cast<unsigned long long>(first + count - 1),
      static_cast<long long>(sum.records), static_cast<long long>(sum.decisions),
      static_cast<long long>(sum.tasks), static_cast<long long>(sum.effects),
      static_cast<long long>(sum.crashes), static_cast<long long>(sum.rebalances));
  // A simulation in which nothing happens proves nothing.
  EXPECT_GT(sum.decisions, std::int64_t(count));
  EXPECT_GT(sum.crashes, std::int64_t(count));
  EXPECT_GT(sum.tasks, std::int64_t(count));
}

TEST(Simulation, quick_fifty_seeds_lose_and_double_nothing) {
  expect_clean(1, 50);
}

TEST(Simulation, full_seeds_51_to_100) {
  expect_clean(51, 50);
}
TEST(Simulation, full_seeds_101_to_150) {
  expect_clean(101, 50);
}
TEST(Simulation, full_seeds_151_to_200) {
  expect_clean(151, 50);
}
TEST(Simulation, full_seeds_201_to_250) {
  expect_clean(201, 50);
}

// The same lives on the real database: each crash closes and opens it anew.
void expect_clean_on_sqlite(std::uint64_t first, std::uint64_t count) {
  const testing::TempDir folder;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    const Report report = run(seed, Mutant::kNone, folder.file(""));
    for (const std::string& problem : report.problems) {
      ADD_FAILURE() << "on SQLite, seed " << seed << ": " << problem;
    }
  }
}

TEST(Simulation, quick_on_sqlite_two_seeds) {
  expect_clean_on_sqlite(1'001, 2);
}
TEST(Simulation, full_on_sqlite_twenty_seeds) {
  expect_clean_on_sqlite(1'003, 20);
}

TEST(Simulation, quick_same_seed_same_history) {
  for (const std::uint64_t seed : {3, 7, 20}) {
    const Report first = run(seed);
    EXPECT_EQ(first.hash, run(seed).hash) << again(seed);
    EXPECT_NE(first.hash, run(seed + 1).hash);
  }
}

// A simulator that catches none of them is decoration.
TEST(Simulation, quick_every_planted_bug_is_found) {
  for (int m = 1; m < int(Mutant::kCount); ++m) {
    int seeds = 0;
    bool found = false;
    std::string how;
    for (std::uint64_t seed = 1; seed <= 50 && !found; ++seed, ++seeds) {
      const Report report = run(seed, Mutant(m));
      found = !report.problems.empty();
      if (found) how = report.problems.front().substr(0, 100);
    }
    EXPECT_TRUE(found) << "nobody noticed " << to_text(Mutant(m));
    std::printf("%s: found at seed %d (%s)\n", to_text(Mutant(m)), seeds, how.c_str());
  }
}

TEST(Simulation, one_seed) {
  const char* seed = std::getenv("MILLWRIGHT_SEED");
  if (seed == nullptr) GTEST_SKIP() << "set MILLWRIGHT_SEED";
  expect_clean(std::strtoull(seed, nullptr, 10));
}

}  // namespace
}  // namespace millwright::simulation
