#include "millwright/workflow/outcomes.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace millwright::workflow {
namespace {

Task task(TaskState state, Outcome outcome = Outcome::kUnknown, int version = 1) {
  Task t;
  t.rule = {RuleId("vibration"), version, ""};
  t.state = state;
  t.outcome = outcome;
  t.cost = 100.0;
  t.crafts = {{CraftId("mechanic"), 2.0}, {CraftId("electrician"), 0.5}};
  return t;
}

TEST(Outcomes, CountWhatBecameOfEachTask) {
  Outcomes all;
  all.add(task(TaskState::kProposed));
  all.add(task(TaskState::kInProgress));
  all.add(task(TaskState::kExpired));
  all.add(task(TaskState::kWithdrawn));
  all.add(task(TaskState::kVerified, Outcome::kConfirmed));
  all.add(task(TaskState::kVerified, Outcome::kOtherCause));
  all.add(task(TaskState::kVerified, Outcome::kNotFound, 3));
  Task no = task(TaskState::kRejected);
  all.add(no);  // rejected for another reason: nobody has judged the rule
  Approval rejection;
  rejection.meaning = "rejection";
  rejection.reason_code = "FALSE_ALARM";
  no.approvals = {rejection};
  all.add(no);
  Task parts = task(TaskState::kVerified, Outcome::kNotFound);
  parts.kind = TaskKind::kPartReservation;
  all.add(parts);
  Task other = task(TaskState::kProposed);
  other.rule.id = RuleId("temperature");
  all.add(other);

  ASSERT_EQ(all.by_rule().size(), 2U);
  const RuleOutcomes& o = all.by_rule().at("vibration");
  EXPECT_EQ(o.newest_version, 3);
  EXPECT_EQ(o.raised, 9);
  EXPECT_EQ(o.approved, 4);
  EXPECT_EQ(o.rejected, 2);
  EXPECT_EQ(o.expired, 1);
  EXPECT_EQ(o.withdrawn, 1);
  EXPECT_EQ(o.confirmed, 1);
  EXPECT_EQ(o.other_cause, 1);
  EXPECT_EQ(o.false_alarms, 2);
  EXPECT_DOUBLE_EQ(o.cost_wasted, 100.0);  // nothing was ordered for what was rejected
  EXPECT_DOUBLE_EQ(o.hours_wasted, 2.5);
  EXPECT_DOUBLE_EQ(o.precision(), 0.5);
}

// Wilson's interval for 8 of 10: 0.490 to 0.943; for 0 of 10: up to 0.278.
TEST(Outcomes, DoubtIsPartOfThePrecision) {
  RuleOutcomes o;
  EXPECT_TRUE(std::isnan(o.precision()));
  EXPECT_DOUBLE_EQ(o.precision_at_best(), 1.0);
  o.confirmed = 8;
  o.false_alarms = 2;
  EXPECT_NEAR(o.precision_at_best(), 0.943, 0.0005);
  o.confirmed = 0;
  o.false_alarms = 10;
  EXPECT_NEAR(o.precision_at_best(), 0.278, 0.0005);
  o.confirmed = 10;
  o.false_alarms = 0;
  EXPECT_DOUBLE_EQ(o.precision_at_best(), 1.0);
}

}  // namespace
}  // namespace millwright::workflow
