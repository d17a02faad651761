#include "millwright/rules/thresholds.hpp"

#include <gtest/gtest.h>

namespace millwright::rules {
namespace {

RuleSpec rule(const std::string& condition) {
  RuleSpec spec;
  spec.id = "r";
  spec.owner = "maintenance";
  spec.summary = "s";
  spec.events = {"iot.measurement.sampled"};
  spec.condition.text = condition;
  return spec;
}

TEST(Thresholds, AreTheNumbersOfTheCondition) {
  const RuleSpec spec = rule(
      "has(signal.z) && signal.z > 3.5 && 2.5 >= signal.value\n"
      "  && signal.kind == 'current' && signal.z > signal.value");
  const auto found = thresholds(spec, {});
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].comparison, "signal.z > 3.5");
  EXPECT_EQ(spec.condition.text.substr(found[0].begin, found[0].size), "3.5");
  EXPECT_TRUE(found[0].upwards);
  EXPECT_EQ(spec.condition.text.substr(found[1].begin, found[1].size), "2.5");
  EXPECT_FALSE(found[1].upwards);
  EXPECT_TRUE(thresholds(rule("signal.zz > 3.5"), {}).empty());
}

TEST(Thresholds, GetStricterAwayFromWhatFires) {
  Threshold t;
  t.number = 3.0;
  EXPECT_EQ(stricter(t), (std::vector<double>{4, 5, 6}));
  t.number = 4.0;
  t.upwards = false;
  EXPECT_EQ(stricter(t), (std::vector<double>{3, 2}));
  t.number = -2.5;
  EXPECT_EQ(stricter(t), (std::vector<double>{-2.75, -3.125, -3.75, -5}));
  t.number = 0.0;
  EXPECT_TRUE(stricter(t).empty());
}

TEST(Thresholds, ARuleWithAnotherNumberIsAnotherVersion) {
  const RuleSpec spec = rule("signal.z > 3.5 && signal.value > 80.0");
  const auto found = thresholds(spec, {});
  ASSERT_EQ(found.size(), 2U);
  const RuleSpec next = with_number(spec, found[1], 100.0);
  EXPECT_EQ(next.condition.text, "signal.z > 3.5 && signal.value > 100.0");
  EXPECT_EQ(next.version, spec.version + 1);
  EXPECT_EQ(thresholds(next, {}).at(1).number, 100.0);
}

}  // namespace
}  // namespace millwright::rules
