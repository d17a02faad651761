#include "millwright/model/model.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "millwright/base/rng.hpp"

namespace millwright::model {
namespace {

constexpr Instant kStart{1'772'409'600'000'000'000};

Score see(State& state, double value, Instant at, double resolution = 0.0) {
  return find_model("robust-band")->score(state, {at, {&value, 1}, resolution});
}

std::string saved(const State& state) {
  ByteWriter out;
  find_model("robust-band")->save(state, out);
  return std::move(out).bytes();
}

TEST(Catalogue, EveryModelStatesWhatItIsAndKeepsItsState) {
  for (const Model* model : models()) {
    EXPECT_EQ(find_model(model->description().id), model);
    EXPECT_FALSE(model->description().version.empty());
    EXPECT_FALSE(model->description().doc.empty());
    auto state = model->fresh();
    EXPECT_GT(model->bytes(*state), 0U);
    ByteWriter out;
    model->save(*state, out);
    EXPECT_TRUE(model->load(out.bytes()).has_value());
  }
  EXPECT_EQ(find_model("no-such-model"), nullptr);
}

class RobustBandTest : public ::testing::Test {
 protected:
  Score normal(int readings) {
    Score last;
    for (int i = 0; i < readings; ++i) last = see(*state_, 50 + rng_.gauss(), next());
    return last;
  }
  Instant next() { return at_ = at_ + minutes(1); }

  Rng rng_{5};
  Instant at_ = kStart;
  std::unique_ptr<State> state_ = find_model("robust-band")->fresh();
};

TEST_F(RobustBandTest, IsSilentUntilWarmAndSurerTheLongerItLearns) {
  Score s = see(*state_, 50, next());
  EXPECT_FALSE(s.warm);
  EXPECT_EQ(s.confidence, 0.0);
  s = see(*state_, 5'000, next());
  EXPECT_FALSE(s.anomalous);  // far off, but nothing is known yet
  const double early = normal(40).confidence;
  s = normal(1'000);
  EXPECT_TRUE(s.warm);
  EXPECT_LT(early, s.confidence);
  EXPECT_GT(s.confidence, 0.9);
  EXPECT_LE(s.confidence, 1.0);
}

TEST_F(RobustBandTest, ScoresHalfAtItsLimitAndNamesTheSide) {
  const Score before = normal(2'000);
  EXPECT_NEAR(before.expected, 50, 0.5);
  EXPECT_LT(before.low, 48);
  EXPECT_GT(before.high, 52);
  const Score s = see(*state_, before.high, next());
  EXPECT_NEAR(s.score, 0.5, 0.01);
  const Score far = see(*state_, 70, next());
  EXPECT_TRUE(far.anomalous);
  EXPECT_GT(far.score, 0.8);
  EXPECT_GT(far.z, 3.5);
  ASSERT_EQ(far.contributions.size(), 1U);
  EXPECT_EQ(far.contributions[0].name, "Above its expected range");
  EXPECT_LT(see(*state_, 30, next()).z, -3.5);
}

TEST_F(RobustBandTest, DoesNotLearnTheAnomalyButALastingLevelInTheEnd) {
  normal(1'000);
  for (int i = 0; i < 60; ++i) EXPECT_TRUE(see(*state_, 80 + rng_.gauss(), next()).anomalous);
  EXPECT_NEAR(normal(1).expected, 50, 1.0);
  int steps = 0;
  while (see(*state_, 80 + rng_.gauss(), next()).anomalous && steps < 100'000) ++steps;
  EXPECT_GT(steps, 200);
  EXPECT_LT(steps, 100'000);
}

TEST_F(RobustBandTest, FloorIsTheSensorsResolution) {
  for (int i = 0; i < 500; ++i) see(*state_, 20.0, next(), 0.5);
  EXPECT_FALSE(see(*state_, 21.0, next(), 0.5).anomalous);  // two steps of a coarse sensor
  EXPECT_TRUE(see(*state_, 30.0, next(), 0.5).anomalous);
}

TEST_F(RobustBandTest, DoubtsAfterAGapAndRecovers) {
  const double before = normal(500).confidence;
  at_ = at_ + days(10);
  const double after = normal(1).confidence;
  EXPECT_LT(after, 0.5 * before);
  EXPECT_GT(normal(200).confidence, 0.9 * before);
}

TEST_F(RobustBandTest, LearnsTheDay) {
  // 20 degrees more by day: after some days neither noon nor midnight is unusual, but noon's level
  // at midnight is.
  const auto level = [](Instant t) {
    const std::int64_t hour = t.ns() / 3'600'000'000'000 % 24;
    return hour >= 8 && hour < 20 ? 40.0 : 20.0;
  };
  for (int i = 0; i < 10 * 288; ++i) {
    at_ = at_ + minutes(5);
    see(*state_, level(at_) + 0.3 * rng_.gauss(), at_);
  }
  EXPECT_EQ(at_, kStart + days(10));  // midnight
  const Score usual = see(*state_, 20.0, at_ + minutes(5));
  EXPECT_FALSE(usual.anomalous);
  EXPECT_NEAR(usual.expected, 20.0, 3.0);
  EXPECT_TRUE(see(*state_, 40.0, at_ + minutes(10)).anomalous);
}

TEST_F(RobustBandTest, SavedAndLoadedGoesOnBitForBit) {
  for (const int readings : {0, 1, 31, 200, 3'000}) {
    normal(readings);
    auto copy = find_model("robust-band")->load(saved(*state_));
    ASSERT_TRUE(copy.has_value());
    for (int i = 0; i < 300; ++i) {
      const double value = rng_.chance(0.1) ? 90 : 50 + rng_.gauss();
      const Instant at = next();
      const Score a = see(*state_, value, at);
      const Score b = see(**copy, value, at);
      ASSERT_EQ(a.z, b.z);
      ASSERT_EQ(a.confidence, b.confidence);
      ASSERT_EQ(a.low, b.low);
    }
    EXPECT_EQ(saved(*state_), saved(**copy));
  }
}

TEST_F(RobustBandTest, DamagedStateIsRefused) {
  normal(300);
  const std::string good = saved(*state_);
  const Model& model = *find_model("robust-band");
  for (std::size_t n = 0; n < good.size(); n += 13) {
    EXPECT_FALSE(model.load(good.substr(0, n)).has_value());
  }
  EXPECT_FALSE(model.load(good + "x").has_value());
  std::string other = good;
  other[0] = 9;
  const auto refused = model.load(other);
  ASSERT_FALSE(refused.has_value());
  EXPECT_NE(refused.error().message.find("format 9"), std::string::npos);
  // Any bit may flip: never a crash, and the state can be used or is refused.
  Rng rng(3);
  for (int i = 0; i < 500; ++i) {
    std::string bent = good;
    bent[rng.below(bent.size())] = char(rng.next());
    if (auto loaded = model.load(bent)) (void)see(**loaded, 50, next());
  }
}

TEST_F(RobustBandTest, WhatIsNoNumberIsNotLearned) {
  normal(100);
  const std::string before = saved(*state_);
  see(*state_, std::numeric_limits<double>::quiet_NaN(), next());
  see(*state_, std::numeric_limits<double>::infinity(), next());
  EXPECT_EQ(saved(*state_), before);
}

}  // namespace
}  // namespace millwright::model
