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

void add(const Report& one, Report& sum) {
  sum.records += one.records;
  sum.decisions += one.decisions;
  sum.tasks += one.tasks;
  sum.effects += one.effects;
  sum.crashes += one.crashes;
  sum.rebalances += one.rebalances;
  sum.outages += one.outages;
  sum.ticks += one.ticks;
  sum.silences += one.silences;
  sum.promises += one.promises;
  sum.expired += one.expired;
  sum.redelivered += one.redelivered;
}

// A simulation in which nothing happens proves nothing.
void expect_lively(const Report& sum, std::int64_t seeds) {
  EXPECT_GT(sum.decisions, seeds);
  EXPECT_GT(sum.crashes, seeds);
  EXPECT_GT(sum.tasks, seeds);
  EXPECT_GT(sum.outages, seeds / 2);
  EXPECT_GT(sum.ticks, seeds / 2);
  EXPECT_GT(sum.silences, seeds / 2);
  EXPECT_GT(sum.promises, seeds);
  EXPECT_GT(sum.expired, seeds / 10);
  EXPECT_GT(sum.redelivered, seeds / 5);
}

void expect_clean(std::uint64_t first, std::uint64_t count) {
  Report sum;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    const Report report = run(seed);
    for (const std::string& problem : report.problems) {
      ADD_FAILURE() << problem << '\n' << again(seed);
    }
    add(report, sum);
  }
  std::printf(
      "seeds %llu to %llu: %lld records, %lld decisions, %lld tasks, %lld effects, "
      "%lld crashes, %lld rebalances, %lld outages, %lld ticks, %lld silences, %lld promises, "
      "%lld expired, %lld sent again\n",
      static_cast<unsigned long long>(first), static_cast<unsigned long long>(first + count - 1),
      static_cast<long long>(sum.records), static_cast<long long>(sum.decisions),
      static_cast<long long>(sum.tasks), static_cast<long long>(sum.effects),
      static_cast<long long>(sum.crashes), static_cast<long long>(sum.rebalances),
      static_cast<long long>(sum.outages), static_cast<long long>(sum.ticks),
      static_cast<long long>(sum.silences), static_cast<long long>(sum.promises),
      static_cast<long long>(sum.expired), static_cast<long long>(sum.redelivered));
  expect_lively(sum, std::int64_t(count));
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
  Report sum;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    const Report report = run(seed, Mutant::kNone, folder.file(""));
    for (const std::string& problem : report.problems) {
      ADD_FAILURE() << "on SQLite, seed " << seed << ": " << problem;
    }
    add(report, sum);
    std::filesystem::remove_all(folder.file(""));  // memory is small
    std::filesystem::create_directories(folder.file(""));
  }
  EXPECT_GT(sum.crashes, std::int64_t(count));
  EXPECT_GT(sum.decisions, std::int64_t(count));
}

TEST(Simulation, quick_on_sqlite_four_seeds) {
  expect_clean_on_sqlite(1, 4);
}
TEST(Simulation, full_on_sqlite_seeds_5_to_70) {
  expect_clean_on_sqlite(5, 66);
}
TEST(Simulation, full_on_sqlite_seeds_71_to_135) {
  expect_clean_on_sqlite(71, 65);
}
TEST(Simulation, full_on_sqlite_seeds_136_to_200) {
  expect_clean_on_sqlite(136, 65);
}

TEST(Simulation, quick_same_seed_same_history) {
  for (const std::uint64_t seed : {3, 7, 20}) {
    const Report first = run(seed);
    EXPECT_EQ(first.hash, run(seed).hash) << again(seed);
    EXPECT_NE(first.hash, run(seed + 1).hash);
  }
}

// A simulator that catches none of them is decoration.
TEST(Simulation, full_every_planted_bug_is_found) {
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
