#include <gtest/gtest.h>

#include <set>

#include "unit/workflow/world.hpp"

namespace millwright::workflow {
namespace {

std::multiset<std::string> types(const Change& change) {
  std::multiset<std::string> out;
  for (const AuditRecord& record : change.audit) out.insert(record.type);
  return out;
}

TEST(Decisions, OpenOneCaseWithWorkOrderAndReservation) {
  World w;
  const auto change = w.settle(decision("d1"));
  ASSERT_TRUE(change);
  EXPECT_EQ(w.view.tasks.size(), 2U);
  EXPECT_EQ(w.view.cases.size(), 1U);
  const Task& order = w.work_order();
  EXPECT_EQ(order.state, TaskState::kProposed);
  EXPECT_EQ(order.order_text, "Change fan bearing");
  EXPECT_EQ(order.equipment_number, "10003201");
  EXPECT_DOUBLE_EQ(order.cost, 6 * 60 + 180);
  EXPECT_EQ(order.decide_by, kNow + days(1));
  const Task& parts = w.reservation();
  ASSERT_EQ(parts.parts.size(), 1U);
  EXPECT_DOUBLE_EQ(parts.parts[0].short_by, 0.0);
  EXPECT_DOUBLE_EQ(w.view.available(MaterialId("BRG-6312-C3"), TaskId()), 0.0) << "held softly";
  EXPECT_EQ(types(*change),
            (std::multiset<std::string>{"decision.made", "task.proposed", "task.proposed"}));
}

TEST(Decisions, OfARuleOnTrialAreRecordedAndNothingComesOfThem) {
  World w;
  Decision trial = decision("d1");
  trial.shadow = true;
  const auto change = w.settle(trial);
  ASSERT_TRUE(change);
  ASSERT_EQ(change->decisions.size(), 1U);
  EXPECT_TRUE(change->decisions[0].shadow);
  EXPECT_EQ(types(*change), std::multiset<std::string>{"decision.shadow"});
  EXPECT_EQ(change->audit[0].actor, "rule:bearing-vibration@1");
  EXPECT_TRUE(change->effects.empty());
  EXPECT_TRUE(change->tasks.empty());
  EXPECT_TRUE(change->cases.empty());
  // Nor do they touch a case that is open.
  ASSERT_TRUE(w.settle(decision("d2")));
  trial.id = DecisionId("d3");
  trial.priority = Priority::kP1;
  ASSERT_TRUE(w.settle(trial));
  EXPECT_EQ(w.work_order().evidence_count, 1);
  EXPECT_EQ(w.work_order().priority, Priority::kP3);
}

TEST(Decisions, TheSameAgainIsEvidenceAndRaisesNoRevision) {
  World w;
  ASSERT_TRUE(w.settle(decision("d1")));
  ASSERT_TRUE(w.settle(decision("d2")));
  EXPECT_EQ(w.view.tasks.size(), 2U);
  EXPECT_EQ(w.work_order().revision.get(), 1);
  EXPECT_EQ(w.work_order().evidence_count, 2);
}

TEST(Decisions, AHigherPriorityRevisesWorkOrderAndReservation) {
  World w;
  ASSERT_TRUE(w.settle(decision("d1")));
  Decision worse = decision("d2");
  worse.priority = Priority::kP2;
  worse.due = kNow + hours(24);
  ASSERT_TRUE(w.settle(worse));
  EXPECT_EQ(w.work_order().revision.get(), 2);
  EXPECT_EQ(w.work_order().priority, Priority::kP2);
  EXPECT_EQ(w.work_order().decide_by, kNow + hours(4));
  EXPECT_EQ(w.reservation().revision.get(), 2);
  Decision milder = decision("d3");
  milder.priority = Priority::kP4;
  ASSERT_TRUE(w.settle(milder));
  EXPECT_EQ(w.work_order().priority, Priority::kP2) << "priority is only ever raised";
  EXPECT_EQ(w.work_order().revision.get(), 2);
}

TEST(Decisions, AnInspectionGrowsIntoTheRepairOfTheSameCase) {
  World w;
  ASSERT_TRUE(w.settle(decision("d1", TaskKind::kInspection, "VIBRATION")));
  const TaskId look = w.find(TaskKind::kInspection)->id;
  const CaseId of = w.find(TaskKind::kInspection)->case_id;
  ASSERT_TRUE(w.settle(decision("d2")));
  EXPECT_EQ(w.view.cases.size(), 1U);
  EXPECT_EQ(w.view.tasks.find(look)->state, TaskState::kWithdrawn);
  EXPECT_EQ(w.work_order().case_id, of);
  EXPECT_EQ(w.view.cases.find(of)->mode.str(), "BRG-OUTER");
  // A weaker sign at the other end belongs to it as well.
  ASSERT_TRUE(w.settle(decision("d3", TaskKind::kInspection, "VIBRATION")));
  EXPECT_EQ(w.view.cases.size(), 1U);
  EXPECT_EQ(w.view.tasks.size(), 3U);
}

TEST(Decisions, WhatIsShortIsShown) {
  World w;
  Stock none;
  w.view.stock.set(MaterialId("BRG-6312-C3"), none);
  ASSERT_TRUE(w.settle(decision("d1")));
  EXPECT_DOUBLE_EQ(w.reservation().parts[0].short_by, 1.0);
  EXPECT_TRUE(w.view.reservations.empty()) << "nothing can be held";
}

TEST(Decisions, TwoCasesNeverHoldTheSamePart) {
  World w;
  w.plant.assets[AssetId("F-202")] = w.plant.assets[AssetId("F-201")];
  w.plant.assets[AssetId("F-202")].id = AssetId("F-202");
  ASSERT_TRUE(w.settle(decision("d1")));
  Decision other = decision("d2");
  other.asset = AssetId("F-202");
  ASSERT_TRUE(w.settle(other));
  double held = 0.0;
  w.view.reservations.for_each([&](const std::string&, const Reservation& r) {
    held += r.quantity;
    return true;
  });
  EXPECT_DOUBLE_EQ(held, 1.0) << "one bearing on the shelf";
}

TEST(Decisions, SoonAfterTheLastOneIsRecurringAndMoreUrgent) {
  World w;
  ASSERT_TRUE(w.settle(decision("d1")));
  ASSERT_TRUE(
      w.settle(command(Act::kReject, w.work_order(), "s.moreau", Role::kMaintenanceSupervisor)));
  w.now = kNow + hours(2);
  Decision again = decision("d2");
  again.at = kNow + hours(2);
  ASSERT_TRUE(w.settle(again));
  EXPECT_EQ(w.view.cases.size(), 2U);
  EXPECT_EQ(w.work_order().priority, Priority::kP2);
}

TEST(Approval, SendsTheOrderAndThenTheReservation) {
  World w;
  ASSERT_TRUE(w.settle(decision("d1")));
  const auto change = w.settle(approve(w.work_order()));
  ASSERT_TRUE(change);
  EXPECT_EQ(w.work_order().state, TaskState::kApproved);
  ASSERT_EQ(change->effects.size(), 2U);
  EXPECT_EQ(change->effects[0].type, "com.millwright.orch.task.approved.v1");
  EXPECT_EQ(change->effects[1].kind, EffectKind::kErp);
  EXPECT_EQ(change->effects[1].target, "work_order");
  const auto parts = w.settle(approve(w.reservation()));
  ASSERT_TRUE(parts);
  ASSERT_EQ(parts->reservations.size(), 1U);
  EXPECT_EQ(parts->reservations[0].state, ReservationState::kHard);
  EXPECT_EQ(parts->effects[1].target, "reservation");
}

TEST(Approval, RefusesStaleDecidedUnknownAndUnreasoned) {
  World w;
  ASSERT_TRUE(w.settle(decision("d1")));
  Command stale = approve(w.work_order());
  stale.seen = Revision(7);
  EXPECT_EQ(w.settle(stale).error().code, Errc::kStale);
  Command silent = command(Act::kReject, w.work_order(), "a", Role::kMaintenanceSupervisor);
  silent.reason_code.clear();
  EXPECT_EQ(w.settle(silent).error().code, Errc::kInvalid);
  Command nowhere = approve(w.work_order());
  nowhere.task = TaskId("none");
  EXPECT_EQ(w.settle(nowhere).error().code, Errc::kNotFound);
  const Command good = approve(w.work_order());
  ASSERT_TRUE(w.settle(good));
  EXPECT_EQ(w.settle(good).error().code, Errc::kConflict);
}

TEST(Approval, ARepeatedKeyDoesNothingTwice) {
  World w;
  ASSERT_TRUE(w.settle(decision("d1")));
  Command c = approve(w.work_order());
  c.idempotency_key = "k1";
  ASSERT_TRUE(w.settle(c));
  const auto again = w.settle(c);
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->empty());
}

TEST(Approval, ClassATakesTwoPeopleAndASupervisorFirst) {
  World w;
  w.assume_class(Criticality::kA);
  ASSERT_TRUE(w.settle(decision("d1")));
  EXPECT_EQ(w.settle(approve(w.work_order(), "p.planner", Role::kPlanner)).error().code,
            Errc::kDenied)
      << "a planner may only be second";
  ASSERT_TRUE(w.settle(approve(w.work_order())));
  EXPECT_EQ(w.work_order().state, TaskState::kProposed);
  EXPECT_EQ(w.settle(approve(w.work_order())).error().code, Errc::kDenied) << "four eyes";
  ASSERT_TRUE(w.settle(approve(w.work_order(), "p.planner", Role::kPlanner)));
  EXPECT_EQ(w.work_order().state, TaskState::kApproved);
}

TEST(Approval, AStopBeyondEightHoursNeedsThePlantManager) {
  World w;
  w.assume_class(Criticality::kA);
  w.plant.job_plans[0].duration_h = 8.5;
  ASSERT_TRUE(w.settle(decision("d1")));
  ASSERT_TRUE(w.settle(approve(w.work_order())));
  EXPECT_FALSE(w.settle(approve(w.work_order(), "p.planner", Role::kPlanner)));
  ASSERT_TRUE(w.settle(approve(w.work_order(), "m.boss", Role::kPlantManager)));
  EXPECT_EQ(w.work_order().state, TaskState::kApproved);
}

TEST(Approval, MuchMoneyNeedsThePlantManagerAndOneMore) {
  World w;
  w.plant.materials[MaterialId("BRG-6312-C3")].unit_cost = 30'000;
  ASSERT_TRUE(w.settle(decision("d1")));
  ASSERT_TRUE(w.settle(approve(w.work_order(), "s.one", Role::kMaintenanceSupervisor)));
  const auto refused = w.settle(approve(w.work_order(), "s.two", Role::kMaintenanceSupervisor));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::kDenied);
  EXPECT_NE(refused.error().message.find("plant manager"), std::string::npos);
  EXPECT_EQ(w.work_order().state, TaskState::kProposed);
  ASSERT_TRUE(w.settle(approve(w.work_order(), "m.boss", Role::kPlantManager)));
  EXPECT_EQ(w.work_order().state, TaskState::kApproved);
}

TEST(Approval, ThePlantManagerAloneDoesNotApproveMuchMoney) {
  World w;
  w.plant.materials[MaterialId("BRG-6312-C3")].unit_cost = 30'000;
  ASSERT_TRUE(w.settle(decision("d1")));
  ASSERT_TRUE(w.settle(approve(w.work_order(), "m.boss", Role::kPlantManager)));
  EXPECT_EQ(w.work_order().state, TaskState::kProposed);
  EXPECT_FALSE(w.settle(approve(w.work_order(), "m.boss", Role::kPlantManager)));
  ASSERT_TRUE(w.settle(approve(w.work_order(), "s.one", Role::kMaintenanceSupervisor)));
  EXPECT_EQ(w.work_order().state, TaskState::kApproved);
}

TEST(Approval, ProgramsAndUnconcernedRolesMayNot) {
  World w;
  ASSERT_TRUE(w.settle(decision("d1")));
  Command program = approve(w.work_order());
  program.service_account = true;
  EXPECT_EQ(w.settle(program).error().code, Errc::kDenied);
  for (const Role role : {Role::kOperator, Role::kTechnician, Role::kAdmin, Role::kAuditor,
                          Role::kDataScientist, Role::kIntegration, Role::kQualityLead}) {
    EXPECT_EQ(w.settle(approve(w.work_order(), "x", role)).error().code, Errc::kDenied)
        << to_text(role);
  }
}

TEST(Approval, OtherFactsThanWereSeenReviseInsteadOfApproving) {
  World w;
  ASSERT_TRUE(w.settle(decision("d1")));
  w.view.stock.set(MaterialId("BRG-6312-C3"), Stock{});
  ASSERT_TRUE(w.settle(approve(w.reservation())));
  EXPECT_EQ(w.reservation().state, TaskState::kProposed);
  EXPECT_EQ(w.reservation().revision.get(), 2);
  EXPECT_TRUE(w.reservation().approvals.empty());
}

TEST(Rejection, ReleasesThePartsAndClosesTheCase) {
  World w;
  ASSERT_TRUE(w.settle(decision("d1")));
  ASSERT_TRUE(
      w.settle(command(Act::kReject, w.work_order(), "s.moreau", Role::kMaintenanceSupervisor)));
  EXPECT_EQ(w.work_order().state, TaskState::kRejected);
  EXPECT_EQ(w.reservation().state, TaskState::kWithdrawn);
  EXPECT_TRUE(w.view.reservations.empty());
  EXPECT_EQ(w.view.cases.find(w.work_order().case_id)->state, CaseState::kClosed);
}

TEST(Timers, SilenceExpiresAndNothingIsDone) {
  World w;
  ASSERT_TRUE(w.settle(decision("d1")));
  EXPECT_TRUE(timers_due(w.view, kNow + hours(23), 10).empty());
  w.now = kNow + hours(25);
  const auto due = timers_due(w.view, w.now, 10);
  ASSERT_EQ(due.size(), 2U);
  for (const TimerDue& timer : due) ASSERT_TRUE(w.settle(timer));
  EXPECT_EQ(w.work_order().state, TaskState::kExpired);
  EXPECT_TRUE(w.view.reservations.empty());
  EXPECT_EQ(w.view.cases.find(w.work_order().case_id)->state, CaseState::kClosed);
}

TEST(Reports, LeadFromApprovedToAcknowledgedOrFailed) {
  World w;
  ASSERT_TRUE(w.settle(decision("d1")));
  ASSERT_TRUE(w.settle(approve(w.work_order())));
  EffectReport report;
  report.kind = EffectKind::kErp;
  report.task = w.work_order().id;
  report.outcome = EffectOutcome::kStarted;
  ASSERT_TRUE(w.settle(report));
  EXPECT_EQ(w.work_order().state, TaskState::kDispatched);
  report.outcome = EffectOutcome::kRetryLater;
  report.detail = "timed out.";
  ASSERT_TRUE(w.settle(report));
  EXPECT_EQ(w.work_order().state, TaskState::kDispatched);
  EXPECT_NE(w.work_order().failure.find("Not yet in the ERP"), std::string::npos);
  report.outcome = EffectOutcome::kDelivered;
  report.external_number = "4000789";
  ASSERT_TRUE(w.settle(report));
  EXPECT_EQ(w.work_order().state, TaskState::kAcknowledged);
  EXPECT_EQ(w.work_order().external_number, "4000789");
  EXPECT_EQ(w.work_order().failure, "");
}

TEST(Announcements, EveryEffectOfALifeHasAnIdOfItsOwn) {
  World w;
  std::set<std::string> ids;
  std::size_t count = 0;
  const auto collect = [&](const Intent& intent) {
    const auto change = w.settle(intent);
    ASSERT_TRUE(change);
    for (const Effect& e : change->effects) {
      ids.insert(e.id.str());
      ++count;
    }
  };
  collect(decision("d1"));
  Decision worse = decision("d2");
  worse.priority = Priority::kP1;
  collect(worse);
  collect(approve(w.work_order()));
  EffectReport report;
  report.kind = EffectKind::kErp;
  report.task = w.work_order().id;
  for (const EffectOutcome o : {EffectOutcome::kStarted, EffectOutcome::kRefused,
                                EffectOutcome::kStarted, EffectOutcome::kDelivered}) {
    report.outcome = o;
    collect(report);
  }
  EXPECT_EQ(ids.size(), count);
  EXPECT_GE(count, 9U);
}

}  // namespace
}  // namespace millwright::workflow
