// Whatever happens in whatever order, the rules of the workflow hold.
#include <gtest/gtest.h>

#include <cstdlib>

#include "simulation/walk.hpp"
#include "workflow/states.hpp"

namespace millwright::simulation {
namespace {

void expect_clean(std::uint64_t seed, std::int64_t steps) {
  const WalkReport report = walk(seed, steps);
  for (const std::string& problem : report.problems) {
    ADD_FAILURE() << problem << "\nagain: MILLWRIGHT_SEED=" << seed
                  << " simulation --gtest_filter=WorkflowWalk.one_seed";
  }
  std::printf(
      "seed %llu: %lld steps, %lld approved, %lld refused, %lld expired, %lld cases closed, "
      "%lld orders, %lld holds gave way, %zu edges\n",
      static_cast<unsigned long long>(seed), static_cast<long long>(report.steps),
      static_cast<long long>(report.approved), static_cast<long long>(report.refused),
      static_cast<long long>(report.expired), static_cast<long long>(report.cases_closed),
      static_cast<long long>(report.orders), static_cast<long long>(report.conflicts),
      report.edges_taken);
  // A walk in which nothing happens proves nothing.
  EXPECT_GT(report.approved, steps / 200);
  EXPECT_GT(report.refused, steps / 100);
  EXPECT_GT(report.cases_closed, steps / 200);
  EXPECT_GT(report.expired, steps / 2'000);
  EXPECT_GT(report.orders, steps / 200);
  EXPECT_GT(report.conflicts, steps / 2'000);
}

TEST(WorkflowWalk, quick_four_thousand_steps) {
  expect_clean(20'261'125, 4'000);
}
TEST(WorkflowWalk, full_forty_thousand_steps_once) {
  expect_clean(1, 40'000);
}
TEST(WorkflowWalk, full_forty_thousand_steps_twice) {
  expect_clean(2, 40'000);
}
TEST(WorkflowWalk, full_forty_thousand_steps_three_times) {
  expect_clean(3, 40'000);
}
TEST(WorkflowWalk, full_short_walks_of_two_hundred_seeds) {
  for (std::uint64_t seed = 100; seed < 300; ++seed) {
    const WalkReport report = walk(seed, 200);
    for (const std::string& problem : report.problems) ADD_FAILURE() << seed << ": " << problem;
  }
}

TEST(WorkflowWalk, full_every_edge_is_walked) {
  std::set<std::pair<TaskState, TaskState>> pairs;
  for (const workflow::Edge& e : workflow::edges()) pairs.insert({e.from, e.to});
  EXPECT_EQ(walk(4, 30'000).edges_taken, pairs.size());
}

TEST(WorkflowWalk, quick_same_seed_same_bytes) {
  const WalkReport first = walk(9, 1'000);
  EXPECT_EQ(first.hash, walk(9, 1'000).hash);
  EXPECT_NE(first.hash, walk(10, 1'000).hash);
}

// A check that finds none of them is decoration.
TEST(WorkflowWalk, quick_every_planted_bug_is_found) {
  for (int m = 1; m < int(WalkMutant::kCount); ++m) {
    const WalkReport report = walk(5, 4'000, WalkMutant(m));
    EXPECT_FALSE(report.problems.empty()) << "nobody noticed mutant " << m;
    if (!report.problems.empty()) {
      std::printf("mutant %d: %s\n", m, report.problems.front().substr(0, 110).c_str());
    }
  }
}

TEST(WorkflowWalk, one_seed) {
  const char* seed = std::getenv("MILLWRIGHT_SEED");
  if (seed == nullptr) GTEST_SKIP() << "set MILLWRIGHT_SEED";
  expect_clean(std::strtoull(seed, nullptr, 10), 40'000);
}

}  // namespace
}  // namespace millwright::simulation
