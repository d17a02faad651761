#include <gtest/gtest.h>

#include "unit/workflow/world.hpp"
#include "workflow/catalog.hpp"
#include "workflow/states.hpp"

namespace millwright::workflow {
namespace {

Event order_status(std::string status, std::string ref, std::string cause = "") {
  std::vector<std::pair<std::string, FieldValue>> fields{{"woId", text("4000789")},
                                                         {"assetId", text("F-201")},
                                                         {"status", text(std::move(status))},
                                                         {"externalRef", text(std::move(ref))}};
  if (!cause.empty()) fields.emplace_back("cause", text(std::move(cause)));
  return event("cmms.workorder.statuschanged", std::move(fields), kNow + hours(1));
}

void acknowledge(World& w) {
  ASSERT_TRUE(w.settle(decision("d1")));
  ASSERT_TRUE(w.settle(approve(w.work_order())));
  ASSERT_TRUE(w.settle(approve(w.reservation())));
  for (const TaskId& id : {w.work_order().id, w.reservation().id}) {
    EffectReport report;
    report.kind = EffectKind::kErp;
    report.task = id;
    report.external_number = "4000789";
    ASSERT_TRUE(w.settle(report));
  }
}

TEST(Facts, WorkIsStartedCompletedAndJudged) {
  World w;
  acknowledge(w);
  const std::string ref = w.work_order().id.str();
  ASSERT_TRUE(w.settle(Fact{order_status("STRT", ref)}));
  EXPECT_EQ(w.work_order().state, TaskState::kInProgress);
  EXPECT_TRUE(w.view.lane.service.find(AssetId("F-201"))->in_maintenance);
  ASSERT_TRUE(w.settle(Fact{order_status("TECO", ref, "BRG-OUTER")}));
  EXPECT_EQ(w.work_order().state, TaskState::kVerified);
  EXPECT_EQ(w.work_order().outcome, Outcome::kConfirmed);
  EXPECT_EQ(w.reservation().state, TaskState::kClosed);
  EXPECT_TRUE(w.view.reservations.empty()) << "used up";
  EXPECT_EQ(w.view.cases.find(w.work_order().case_id)->state, CaseState::kClosed);
  EXPECT_FALSE(w.view.lane.service.find(AssetId("F-201"))->in_maintenance);
  EXPECT_EQ(w.view.lane.service.find(AssetId("F-201"))->restarted, kNow + hours(1));
}

TEST(Facts, TheOutcomeSaysHowRightTheDecisionWas) {
  for (const auto& [cause, outcome] :
       {std::pair{"NO-FAULT", Outcome::kNotFound}, std::pair{"UNBALANCE", Outcome::kOtherCause}}) {
    World w;
    acknowledge(w);
    ASSERT_TRUE(w.settle(Fact{order_status("TECO", w.work_order().id.str(), cause)}));
    EXPECT_EQ(w.work_order().outcome, outcome) << cause;
  }
}

TEST(Facts, WhatAPersonDidInCmmsWithdrawsTheProposal) {
  World w;
  ASSERT_TRUE(w.settle(decision("d1")));
  ASSERT_TRUE(w.settle(Fact{order_status("TECO", "", "BRG-OUTER")}));
  EXPECT_EQ(w.work_order().state, TaskState::kWithdrawn);
  EXPECT_EQ(w.reservation().state, TaskState::kWithdrawn);
  EXPECT_TRUE(w.view.reservations.empty());
}

TEST(Facts, TheSnapshotWinsAndMovementsSinceAreApplied) {
  World w;
  const MaterialId m("BRG-6312-C3");
  const auto snapshot = [&](double on_hand, Instant at) {
    return Fact{event("wms.stock.changed",
                      {{"materialId", text(m.str())}, {"onHand", pieces(on_hand)}}, at)};
  };
  const auto issue = [&](Instant at) {
    return Fact{event(
        "erp.goodsmovement.posted",
        {{"materialId", text(m.str())}, {"movementType", text("261")}, {"qty", pieces(1)}}, at)};
  };
  ASSERT_TRUE(w.settle(snapshot(5, kNow)));
  ASSERT_TRUE(w.settle(issue(kNow - minutes(1))));
  EXPECT_DOUBLE_EQ(w.view.stock.find(m)->on_hand, 5) << "older than the snapshot: in it already";
  ASSERT_TRUE(w.settle(issue(kNow + minutes(1))));
  EXPECT_DOUBLE_EQ(w.view.stock.find(m)->on_hand, 4);
  ASSERT_TRUE(w.settle(snapshot(9, kNow - hours(1))));
  EXPECT_DOUBLE_EQ(w.view.stock.find(m)->on_hand, 4) << "an old snapshot changes nothing";
}

TEST(Facts, OlderMachineStatesAreNotApplied) {
  World w;
  const auto state = [](std::string s, std::string sequence, Instant at) {
    Event e = event("mes.equipment.statechanged",
                    {{"workUnitId", text("L1-FILLER")},
                     {"state", text(std::move(s))},
                     {"mode", text("Processing")}},
                    at);
    e.sequence = std::move(sequence);
    return Fact{std::move(e)};
  };
  ASSERT_TRUE(w.settle(state("Executing", "0002", kNow)));
  const ViewNumber number = w.view.lane.number;
  ASSERT_TRUE(w.settle(state("NotExecuting", "0001", kNow + hours(1))));
  EXPECT_EQ(w.view.lane.equipment.find(WorkUnitId("L1-FILLER"))->state, "Executing");
  EXPECT_EQ(w.view.lane.number, number) << "nothing changed for the lanes";
}

TEST(Tables, EveryEdgeLeadsOnAndFinalStatesHaveNone) {
  for (const Edge& edge : edges()) {
    EXPECT_NE(edge.from, edge.to);
    EXPECT_FALSE(is_final(edge.from)) << to_text(edge.from);
    EXPECT_EQ(next_state(edge.from, edge.trigger), edge.to);
  }
}

TEST(Tables, EveryKindHasARow) {
  for (const TaskKind kind :
       {TaskKind::kWorkOrder, TaskKind::kPartReservation, TaskKind::kInspection,
        TaskKind::kSensorCheck, TaskKind::kMasterData}) {
    EXPECT_EQ(task_type(kind).kind, kind);
    EXPECT_LE(task_type(kind).order.size(), 40U);
  }
}

Event confirmed(const std::string& replaces, Duration after_first) {
  std::vector<std::pair<std::string, FieldValue>> fields{
      {"poId", text("45000")},
      {"item", text("10")},
      {"supplierId", text("S-1")},
      {"qty", pieces(5)},
      {"firstConfirmedDate", FieldValue{kNow}},
      {"confirmedDate", FieldValue{kNow + after_first}}};
  if (!replaces.empty()) fields.emplace_back("replaces", text(replaces));
  return event("supplier.order.confirmed", std::move(fields));
}

TEST(Facts, WhatASupplierPromisedIsRemembered) {
  World w;
  const auto record = [&] { return *w.view.lane.suppliers.find(SupplierId("S-1")); };
  const ViewNumber before = w.view.lane.number;
  ASSERT_TRUE(w.settle(Fact{confirmed("", Duration())}));
  EXPECT_EQ(record(), (SupplierRecord{1, 0b0, 0.0, Instant()}));
  EXPECT_EQ(w.view.lane.number, before.next());
  ASSERT_TRUE(w.settle(Fact{confirmed("c1", Duration())}));
  ASSERT_TRUE(w.settle(Fact{confirmed("", days(2))}));
  ASSERT_TRUE(w.settle(Fact{confirmed("", days(-2))}));  // sooner is no breach
  EXPECT_EQ(record(), (SupplierRecord{4, 0b0110, 0.0, Instant()}));
  for (int i = 0; i < 40; ++i) ASSERT_TRUE(w.settle(Fact{confirmed("c", Duration())}));
  EXPECT_EQ(record(), (SupplierRecord{32, 0xFFFF'FFFF, 0.0, Instant()}));
  Event nameless = confirmed("", Duration());
  nameless.fields[*nameless.type->index_of("supplierId")] = {};
  ASSERT_TRUE(w.settle(Fact{std::move(nameless)}));
  EXPECT_EQ(w.view.lane.suppliers.size(), 1U);
}

TEST(Facts, TheNewestRiskOfASupplierHolds) {
  World w;
  const auto risk = [](double score, Instant at) {
    return Fact{event(
        "supplier.risk.changed",
        {{"supplierId", text("S-1")}, {"riskType", text("delivery")}, {"score", FieldValue{score}}},
        at)};
  };
  ASSERT_TRUE(w.settle(risk(0.6, kNow)));
  ASSERT_TRUE(w.settle(risk(0.2, kNow - days(1))));
  EXPECT_EQ(w.view.lane.suppliers.find(SupplierId("S-1"))->risk, 0.6);
  ASSERT_TRUE(w.settle(risk(0.1, kNow + days(1))));
  EXPECT_EQ(w.view.lane.suppliers.find(SupplierId("S-1"))->risk, 0.1);
}

}  // namespace
}  // namespace millwright::workflow
