// What lanes read of open work and supply follows from every change, whoever made it.
#include <gtest/gtest.h>

#include "unit/workflow/world.hpp"

namespace millwright::workflow {
namespace {

struct Lanes : testing::Test {
  World world;

  OpenWork work() {
    const OpenWork* found = world.view.lane.work.find(AssetId("F-201"));
    return found == nullptr ? OpenWork{-1, -1, FailureMode(), Instant()} : *found;
  }
  double supply() {
    const Supply* found = world.view.lane.supply.find(MaterialId("BRG-6312-C3"));
    return found == nullptr ? -1.0 : found->available;
  }
  std::int64_t number() { return world.view.lane.number.get(); }
};

TEST_F(Lanes, SeeWorkComeAndGo) {
  ASSERT_TRUE(world.settle(decision("d1")));
  EXPECT_EQ(work(), (OpenWork{2, 1, FailureMode("BRG-OUTER"), kNow - minutes(1)}));
  EXPECT_EQ(supply(), 0.0);  // held for the repair
  EXPECT_EQ(number(), 1);    // one number for one change
  ASSERT_TRUE(world.settle(decision("d2")));
  EXPECT_EQ(number(), 1) << "further evidence is no news to lanes";
  ASSERT_TRUE(world.settle(
      command(Act::kReject, world.work_order(), "s.moreau", Role::kMaintenanceSupervisor)));
  EXPECT_EQ(work(), (OpenWork{0, 0, FailureMode("BRG-OUTER"), kNow - minutes(1)}));
  EXPECT_EQ(supply(), 1.0);
  EXPECT_EQ(number(), 2);
}

TEST_F(Lanes, SeeWhatTheWarehouseAndTheClockSay) {
  ASSERT_TRUE(world.settle(Fact{event(
      "wms.stock.changed",
      {{"materialId", text("BRG-6312-C3")}, {"onHand", pieces(5)}, {"reserved", pieces(2)}})}));
  EXPECT_EQ(supply(), 3.0);
  ASSERT_TRUE(world.settle(decision("d1")));
  EXPECT_EQ(supply(), 2.0);
  world.now = world.now + days(4);
  for (const TimerDue& due : timers_due(world.view, world.now, 10)) {
    ASSERT_TRUE(world.settle(due));
  }
  EXPECT_EQ(work().tasks, 0);
  EXPECT_EQ(work().cases, 0);
  EXPECT_EQ(supply(), 3.0);
}

TEST_F(Lanes, WorkThatIsDoneIsNotOpen) {
  ASSERT_TRUE(world.settle(decision("d1")));
  ASSERT_TRUE(world.settle(approve(world.work_order())));
  ASSERT_TRUE(world.settle(approve(world.reservation())));
  EffectReport report;
  report.kind = EffectKind::kErp;
  report.task = world.work_order().id;
  report.external_number = "4000789";
  ASSERT_TRUE(world.settle(report));
  EXPECT_EQ(work().tasks, 2) << "ordered, and still to be done";
  const std::int64_t before = number();
  ASSERT_TRUE(world.settle(Fact{event("cmms.workorder.statuschanged",
                                      {{"woId", text("4000789")},
                                       {"assetId", text("F-201")},
                                       {"status", text("TECO")},
                                       {"externalRef", text(world.work_order().id.str())}})}));
  EXPECT_EQ(number(), before + 1) << "one number for all that it changes";
  EXPECT_EQ(work().tasks, 0) << to_text(world.work_order().state);
  EXPECT_EQ(work().cases, 0);
  EXPECT_TRUE(world.view.lane.service.find(AssetId("F-201"))->restarted.is_set());
}

// A ledger from before lanes were told has tasks and stock that no row speaks of.
TEST_F(Lanes, AStartCountsEverythingAnew) {
  ASSERT_TRUE(world.settle(decision("d1")));
  const OpenWork counted = work();
  world.view.lane.work = {};
  world.view.lane.supply = {};
  const std::int64_t before = number();
  ASSERT_TRUE(world.settle(ConfigLoaded{"v1", "test"}));
  EXPECT_EQ(work(), counted);
  EXPECT_EQ(supply(), 0.0);
  EXPECT_EQ(number(), before + 1);
  ASSERT_TRUE(world.settle(ConfigLoaded{"v1", "test"}));
  EXPECT_EQ(number(), before + 1) << "nothing was wrong with it";
}

}  // namespace
}  // namespace millwright::workflow
