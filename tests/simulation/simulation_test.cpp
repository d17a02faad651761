// Seeded lives of the daemon. A failure prints the command that repeats it.
#include <gtest/gtest.h>

#include <cstdlib>

#include "simulation/run.hpp"

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

TEST(Simulation, full_two_hundred_more_seeds) {
  expect_clean(51, 200);
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
