// What the plant's settings change: topics, who reserves the parts, how many must sign.
#include <gtest/gtest.h>

#include "unit/workflow/world.hpp"

namespace millwright::workflow {
namespace {

std::vector<Effect> of_kind(const Change& change, EffectKind kind) {
  std::vector<Effect> out;
  for (const Effect& e : change.effects) {
    if (e.kind == kind) out.push_back(e);
  }
  return out;
}

TEST(Topics, DecisionsAndTasksAreAnnouncedWhereThePolicySays) {
  World w;
  w.policy.task_topic = "lyon.tasks";
  w.policy.decision_topic = "lyon.decisions";
  const auto opened = w.settle(decision("d1"));
  ASSERT_TRUE(opened);
  ASSERT_EQ(opened->effects.size(), 3U);  // the decision, the order, the parts
  EXPECT_EQ(opened->effects[0].target, "lyon.decisions");
  EXPECT_EQ(opened->effects[0].type, "com.millwright.orch.decision.made.v1");
  EXPECT_EQ(opened->effects[1].target, "lyon.tasks");
  EXPECT_EQ(opened->effects[2].target, "lyon.tasks");
  const auto approved = w.settle(approve(w.work_order()));
  ASSERT_TRUE(approved);
  const auto told = of_kind(*approved, EffectKind::kKafka);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].target, "lyon.tasks");
  // What the ERP is asked for is an operation, not a topic.
  const auto asked = of_kind(*approved, EffectKind::kErp);
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_EQ(asked[0].target, "work_order");
}

TEST(Topics, AnotherTopicIsTheSameEffect) {
  // Ids come from what is told, not from where: a renamed topic repeats nothing.
  World one;
  World other;
  other.policy.task_topic = "elsewhere";
  const auto a = one.settle(decision("d1"));
  const auto b = other.settle(decision("d1"));
  ASSERT_TRUE(a && b);
  ASSERT_EQ(a->effects.size(), b->effects.size());
  for (std::size_t i = 0; i < a->effects.size(); ++i) {
    EXPECT_EQ(a->effects[i].id, b->effects[i].id);
    EXPECT_EQ(a->effects[i].body, b->effects[i].body);
  }
}

TEST(ReserveThroughOrder, TheOrderAloneCarriesTheDemand) {
  World w;
  w.policy.reserve_through_order = true;
  ASSERT_TRUE(w.settle(decision("d1")));
  const auto order = w.settle(approve(w.work_order()));
  ASSERT_TRUE(order);
  const auto asked = of_kind(*order, EffectKind::kErp);
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_NE(asked[0].body.find("\"reservesComponents\":true"), std::string::npos);
  EXPECT_NE(asked[0].body.find("BRG-6312-C3"), std::string::npos);
  const auto parts = w.settle(approve(w.reservation()));
  ASSERT_TRUE(parts);
  EXPECT_TRUE(of_kind(*parts, EffectKind::kErp).empty()) << "demand would be doubled";
  ASSERT_EQ(parts->reservations.size(), 1U);
  EXPECT_EQ(parts->reservations[0].state, ReservationState::kHard) << "nobody else gets it";
}

TEST(ReserveThroughOrder, OtherwiseTheReservationGoesBesideIt) {
  World w;
  ASSERT_TRUE(w.settle(decision("d1")));
  const auto order = w.settle(approve(w.work_order()));
  ASSERT_TRUE(order);
  const auto asked = of_kind(*order, EffectKind::kErp);
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_NE(asked[0].body.find("\"reservesComponents\":false"), std::string::npos);
  const auto parts = w.settle(approve(w.reservation()));
  ASSERT_TRUE(parts);
  ASSERT_EQ(of_kind(*parts, EffectKind::kErp).size(), 1U);
  EXPECT_EQ(of_kind(*parts, EffectKind::kErp)[0].target, "reservation");
}

TEST(ReserveThroughOrder, AReservationThatNobodySendsEndsWithItsWork) {
  World w;
  w.policy.reserve_through_order = true;
  ASSERT_TRUE(w.settle(decision("d1")));
  ASSERT_TRUE(w.settle(approve(w.work_order())));
  ASSERT_TRUE(w.settle(approve(w.reservation())));
  ASSERT_TRUE(w.settle(Fact{
      event("cmms.workorder.statuschanged", {{"woId", text("4711")},
                                             {"assetId", text("F-201")},
                                             {"status", text("TECO")},
                                             {"cause", text("BRG-OUTER")},
                                             {"externalRef", text(w.work_order().id.str())}})}));
  EXPECT_EQ(w.reservation().state, TaskState::kClosed);
  EXPECT_TRUE(w.view.reservations.empty());
  EXPECT_EQ(w.view.cases.find(w.work_order().case_id)->state, CaseState::kClosed);
}

TEST(InspectBelow, AGuessAsksForALookAndNeverForARepair) {
  World w;
  Decision guess = decision("d1");
  guess.evidence.confidence = 0.69;
  ASSERT_TRUE(w.settle(guess));
  ASSERT_EQ(w.view.tasks.size(), 1U);
  const Task& look = *w.find(TaskKind::kInspection);
  EXPECT_EQ(look.title, "Inspect before repair, F-201");
  EXPECT_EQ(look.cost, 0.0);
  EXPECT_EQ(look.approvals_needed, 1);
  // More of the same stays a look; once it is sure enough, the repair is proposed instead.
  guess.id = DecisionId("d2");
  ASSERT_TRUE(w.settle(guess));
  EXPECT_EQ(w.view.tasks.size(), 1U);
  EXPECT_EQ(w.find(TaskKind::kInspection)->evidence_count, 2);
  ASSERT_TRUE(w.settle(decision("d3")));
  EXPECT_EQ(w.work_order().state, TaskState::kProposed);
  EXPECT_EQ(w.find(TaskKind::kInspection)->state, TaskState::kWithdrawn);
  // A weaker sign of the same cause is evidence of the repair that is proposed.
  guess.id = DecisionId("d4");
  guess.symptom = "Vibration 3.4 mm/s, zone C";
  ASSERT_TRUE(w.settle(guess));
  EXPECT_EQ(w.work_order().symptom, guess.symptom);
  EXPECT_EQ(w.work_order().confidence, 0.86);
}

TEST(InspectBelow, IsThePolicysToSet) {
  World w;
  w.policy.inspect_below = 0.9;
  ASSERT_TRUE(w.settle(decision("d1")));  // 0.86
  EXPECT_EQ(w.find(TaskKind::kWorkOrder), nullptr);
  World bold;
  bold.policy.inspect_below = 0.0;
  Decision guess = decision("d1");
  guess.evidence.confidence = 0.1;
  ASSERT_TRUE(bold.settle(guess));
  EXPECT_NE(bold.find(TaskKind::kWorkOrder), nullptr);
}

TEST(InspectBelow, TheDecisionIsKeptAsItWasMade) {
  World w;
  Decision guess = decision("d1");
  guess.evidence.confidence = 0.3;
  const auto change = w.settle(guess);
  ASSERT_TRUE(change);
  ASSERT_EQ(change->decisions.size(), 1U);
  EXPECT_EQ(change->decisions[0].task, TaskKind::kWorkOrder);
  EXPECT_EQ(change->decisions[0].title, guess.title);
}

TEST(ApprovalsNeeded, AreOnTheTaskForAllToSee) {
  World w;
  ASSERT_TRUE(w.settle(decision("d1")));
  EXPECT_EQ(w.work_order().approvals_needed, 1);
  World critical;
  critical.assume_class(Criticality::kA);
  ASSERT_TRUE(critical.settle(decision("d1")));
  EXPECT_EQ(critical.work_order().approvals_needed, 2);
  EXPECT_EQ(critical.reservation().approvals_needed, 1) << "parts ask one person";
  World dear;
  dear.plant.materials[MaterialId("BRG-6312-C3")].unit_cost = 5'000;
  ASSERT_TRUE(dear.settle(decision("d1")));
  EXPECT_EQ(dear.work_order().approvals_needed, 2);
}

}  // namespace
}  // namespace millwright::workflow
