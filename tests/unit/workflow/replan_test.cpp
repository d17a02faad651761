// What follows for other proposals, for parts and for cases when stock, work or time moves.
#include <gtest/gtest.h>

#include "unit/workflow/world.hpp"

namespace millwright::workflow {
namespace {

const MaterialId kBearing("BRG-6312-C3");

Event on_hand(double n, Instant time) {
  return event("wms.stock.changed", {{"materialId", text(kBearing.str())}, {"onHand", pieces(n)}},
               time);
}

Event order_is(const std::string& status, const TaskId& ref) {
  return event("cmms.workorder.statuschanged", {{"woId", text("4711")},
                                                {"assetId", text("F-201")},
                                                {"status", text(status)},
                                                {"externalRef", text(ref.str())}});
}

TEST(Replan, StockThatGoesAndComesRevisesTheProposal) {
  World world;
  ASSERT_TRUE(world.settle(decision("d1")));
  const Task before = world.work_order();
  ASSERT_EQ(before.parts.front().short_by, 0.0);
  Event event = on_hand(0.0, kNow);
  ASSERT_TRUE(world.settle(Fact{event}));
  EXPECT_EQ(world.work_order().parts.front().short_by, 1.0);
  EXPECT_EQ(world.work_order().revision, before.revision.next());
  EXPECT_EQ(world.view.reservations.size(), 0U);
  // Who looked at the old revision is told; who looks again may sign.
  EXPECT_EQ(world.settle(approve(before)).error().code, Errc::kStale);
  event = on_hand(2.0, kNow + minutes(1));
  ASSERT_TRUE(world.settle(Fact{event}));
  EXPECT_EQ(world.work_order().parts.front().short_by, 0.0);
  EXPECT_EQ(world.view.reservations.size(), 1U);
  EXPECT_TRUE(world.settle(approve(world.work_order())));
}

TEST(Replan, TheLessUrgentGiveWay) {
  World world;
  world.plant.assets[AssetId("F-202")] = world.plant.assets[AssetId("F-201")];
  world.plant.assets[AssetId("F-202")].id = AssetId("F-202");
  Stock two;
  two.on_hand = 2;
  world.view.stock.set(kBearing, two);
  ASSERT_TRUE(world.settle(decision("d1")));
  Decision urgent = decision("d2");
  urgent.asset = AssetId("F-202");
  urgent.entity = "F-202/DE-H";
  urgent.priority = Priority::kP1;
  ASSERT_TRUE(world.settle(urgent));
  ASSERT_EQ(world.view.reservations.size(), 2U);
  Event event = on_hand(1.0, kNow);
  ASSERT_TRUE(world.settle(Fact{event}));
  ASSERT_EQ(world.view.reservations.size(), 1U);
  world.view.reservations.for_each([&](const std::string&, const Reservation& r) {
    EXPECT_EQ(world.view.tasks.find(r.task)->asset, AssetId("F-202"));
    return true;
  });
}

TEST(Rejection, APartThatIsInTheErpAlreadyDoesNotKeepTheCaseOpen) {
  World world;
  ASSERT_TRUE(world.settle(decision("d1")));
  ASSERT_TRUE(world.settle(approve(world.reservation())));
  EffectReport delivered;
  delivered.kind = EffectKind::kErp;
  delivered.task = world.reservation().id;
  delivered.external_number = "4711";
  ASSERT_TRUE(world.settle(delivered));
  ASSERT_TRUE(world.settle(
      command(Act::kReject, world.work_order(), "s.moreau", Role::kMaintenanceSupervisor)));
  EXPECT_EQ(world.reservation().state, TaskState::kWithdrawn);
  EXPECT_NE(world.reservation().failure.find("4711"), std::string::npos);
  EXPECT_EQ(world.view.reservations.size(), 0U);
  world.view.cases.for_each([&](const CaseId&, const Case& c) {
    EXPECT_EQ(c.state, CaseState::kClosed);
    return true;
  });
}

TEST(Rejection, AReservationThatReachesTheErpTooLateIsForAPersonToCancel) {
  World world;
  ASSERT_TRUE(world.settle(decision("d1")));
  ASSERT_TRUE(world.settle(approve(world.reservation())));
  ASSERT_TRUE(world.settle(
      command(Act::kReject, world.work_order(), "s.moreau", Role::kMaintenanceSupervisor)));
  ASSERT_EQ(world.reservation().state, TaskState::kWithdrawn);
  const std::string hint = world.reservation().failure;
  EffectReport report;
  report.kind = EffectKind::kErp;
  report.task = world.reservation().id;
  report.outcome = EffectOutcome::kRetryLater;
  ASSERT_TRUE(world.settle(report));
  EXPECT_EQ(world.reservation().failure, hint);
  report.outcome = EffectOutcome::kDelivered;
  report.external_number = "4711";
  const auto change = world.settle(report);
  ASSERT_TRUE(change);
  EXPECT_EQ(world.reservation().state, TaskState::kWithdrawn);
  EXPECT_EQ(world.reservation().external_number, "4711");
  EXPECT_NE(world.reservation().failure.find("cancel 4711"), std::string::npos);
  ASSERT_EQ(change->audit.size(), 1U);
  EXPECT_EQ(change->audit[0].type, "task.sent_in_vain");
}

TEST(Timers, WhatNobodyJudgesIsClosedForGoodAfterAMonth) {
  World world;
  ASSERT_TRUE(world.settle(decision("d1")));
  Task task = world.work_order();
  task.state = TaskState::kClosed;
  task.changed_at = kNow;
  world.view.tasks.set(task.id, task);
  world.now = kNow + days(30);
  const auto due = timers_due(world.view, world.now, 10);
  ASSERT_FALSE(due.empty());
  for (const TimerDue& timer : due) ASSERT_TRUE(world.settle(timer));
  EXPECT_EQ(world.view.tasks.find(task.id)->state, TaskState::kVerified);
  EXPECT_EQ(world.view.tasks.find(task.id)->outcome, Outcome::kUnknown);
}

TEST(Config, WhatIsInStoreHoldsUntilTheWarehouseSpeaks) {
  World world;
  world.plant.materials[MaterialId("SEAL-40")].initial_on_hand = 4;
  ASSERT_TRUE(world.settle(ConfigLoaded{"v1", "test"}));
  EXPECT_EQ(world.view.stock.find(MaterialId("SEAL-40"))->on_hand, 4);
  EXPECT_EQ(world.view.stock.find(kBearing)->on_hand, 1);  // what was known stays
}

TEST(Holds, EndWithTheReservationHoweverItEnds) {
  for (const char* status : {"TECO", "CLSD", "CANC"}) {
    World world;
    ASSERT_TRUE(world.settle(decision("d1")));
    ASSERT_TRUE(world.settle(approve(world.work_order())));
    ASSERT_TRUE(world.settle(approve(world.reservation())));
    ASSERT_EQ(world.view.reservations.size(), 1U);
    // The CMMS speaks of the reservation itself, not of the work it is for.
    ASSERT_TRUE(world.settle(Fact{order_is(status, world.reservation().id)}));
    EXPECT_NE(world.reservation().state, TaskState::kApproved) << status;
    EXPECT_EQ(world.view.reservations.size(), 0U) << status;
  }
}

// Two are asked for; one was there when it was proposed, none is left now. Short it was before.
TEST(Holds, ApprovalTakesNoMoreThanIsOnTheShelfByNow) {
  World world;
  world.plant.job_plans[0].kit = {{kBearing, 2}};
  ASSERT_TRUE(world.settle(decision("d1")));
  ASSERT_EQ(world.reservation().parts.front().short_by, 1.0);
  ASSERT_TRUE(world.settle(Fact{on_hand(0.0, kNow)}));
  ASSERT_TRUE(world.settle(approve(world.reservation())));
  EXPECT_EQ(world.reservation().state, TaskState::kApproved);
  EXPECT_EQ(world.reservation().parts.front().short_by, 2.0);
  EXPECT_EQ(world.view.reservations.size(), 0U) << "a bearing is promised that is not there";
}

TEST(Holds, WhatCameInSinceIsTakenToo) {
  World world;
  world.plant.job_plans[0].kit = {{kBearing, 3}};
  ASSERT_TRUE(world.settle(decision("d1")));
  ASSERT_TRUE(world.settle(Fact{on_hand(2.0, kNow)}));  // still short of one
  ASSERT_TRUE(world.settle(approve(world.reservation())));
  ASSERT_EQ(world.view.reservations.size(), 1U);
  world.view.reservations.for_each([&](const std::string&, const Reservation& r) {
    EXPECT_EQ(r.quantity, 2.0);
    EXPECT_EQ(r.state, ReservationState::kHard);
    return true;
  });
}

}  // namespace
}  // namespace millwright::workflow
