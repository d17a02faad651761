// What readings amount to, against long arithmetic and by hand.
#include "rules/watch/moments.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "millwright/base/rng.hpp"

namespace millwright::rules {
namespace {

constexpr Instant kStart{1'772'409'600'000'000'000};

TEST(Moments, AreAsNearToTheTruthAsTheirNumbersAllow) {
  Rng rng(11);
  std::vector<Sample> samples;
  for (int i = 0; i < 4'000; ++i) {
    samples.push_back({kStart + seconds(i), 1e6 + rng.uniform() + 1e-3 * i});
  }
  long double mean = 0;
  long double mean_t = 0;
  for (const Sample& s : samples) {
    mean += s.x;
    mean_t += (long double)((s.at - kStart).seconds());
  }
  mean /= 4'000;
  mean_t /= 4'000;
  long double sxx = 0;
  long double stx = 0;
  long double stt = 0;
  for (const Sample& s : samples) {
    const long double t = (long double)((s.at - kStart).seconds()) - mean_t;
    sxx += (s.x - mean) * (s.x - mean);
    stx += t * (s.x - mean);
    stt += t * t;
  }
  const auto take = [&](Take what) { return *aggregate(samples, what, 0.5, hours(1)); };
  EXPECT_DOUBLE_EQ(take(Take::kMean), double(mean));
  EXPECT_NEAR(take(Take::kStddev), double(std::sqrt(sxx / 3'999)), 1e-9);
  EXPECT_NEAR(take(Take::kSlope), double(stx / stt) * 3600, 1e-8);
  EXPECT_EQ(take(Take::kSum), double(mean * 4'000));
  // The naive sum of these would be off: small ones beside a large one that goes again.
  const std::vector<Sample> hard{{kStart, 1e16}, {kStart, 1.0}, {kStart, 1.0}, {kStart, -1e16}};
  EXPECT_EQ(*aggregate(hard, Take::kSum, 0, Duration()), 2.0);
}

TEST(Moments, PercentilesLieBetweenTheNearestRanks) {
  std::vector<Sample> samples;
  for (const double x : {15.0, 50.0, 20.0, 40.0, 35.0}) samples.push_back({kStart, x});
  const auto p = [&](double share) { return *aggregate(samples, Take::kPercentile, share, {}); };
  EXPECT_EQ(p(0.0), 15.0);
  EXPECT_EQ(p(0.25), 20.0);
  EXPECT_DOUBLE_EQ(p(0.4), 29.0);
  EXPECT_EQ(p(0.5), 35.0);
  EXPECT_EQ(p(1.0), 50.0);
  EXPECT_FALSE(aggregate({}, Take::kPercentile, 0.5, {}).has_value());
}

}  // namespace
}  // namespace millwright::rules
