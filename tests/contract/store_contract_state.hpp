#pragma once
// The contract of a Store as to plant views, refused events and signed checkpoints. Included beside
// store_contract.hpp. Test thread only.

#include "contract/store_contract.hpp"

namespace millwright::testing {

inline EquipmentState machine(const std::string& state) {
  return {state, "Processing", Instant(1), "", ""};
}

inline Change equipment_change(const std::string& id, const std::string& state) {
  Change change;
  change.equipment.emplace_back(WorkUnitId(id), machine(state));
  return change;
}

TEST_P(StoreContract, ViewComesBackAsItWasBuilt) {
  PlantView expected;
  CommitBatch batch;
  batch.at = Instant(1'772'400'000'000'000'000);
  batch.changes.push_back(equipment_change("U1", "Executing"));
  batch.changes.push_back(equipment_change("U1", "NotExecuting"));
  Change& rest = batch.changes.emplace_back();
  rest.service.emplace_back(AssetId("A"), ServiceState{Instant(5), "WO", true, Instant(9)});
  rest.work.emplace_back(AssetId("A"), OpenWork{1, 1, FailureMode("X"), Instant(4)});
  rest.supply.emplace_back(MaterialId("M"), Supply{4});
  rest.suppliers.emplace_back(SupplierId("S"), SupplierRecord{2, 1, 0.25, Instant(6)});
  rest.stock.emplace_back(MaterialId("M"), Stock{5, 1, 0, Instant(3)});
  rest.cases.push_back({CaseId("c1"),
                        AssetId("A"),
                        "A",
                        FailureMode("X"),
                        CaseState::kOpen,
                        DecisionId("d"),
                        Instant(1),
                        {},
                        false,
                        {TaskId("t")}});
  rest.cases.push_back({CaseId("c2"),
                        AssetId("A"),
                        "A",
                        FailureMode("X"),
                        CaseState::kOpen,
                        DecisionId("d"),
                        Instant(2),
                        {},
                        false,
                        {}});
  rest.tasks.push_back(make_task("t"));
  rest.reservations.push_back(
      {TaskId("t"), MaterialId("M"), 2, ReservationState::kSoft, Instant()});
  rest.reservations.push_back(
      {TaskId("u"), MaterialId("M"), 1, ReservationState::kReleased, Instant()});
  const RuleBundle bundle{
      "ab", {{{RuleId("r"), 2, "h"}, "quality"}}, "approved", TaskId("t"), Instant(7), Instant(8)};
  rest.bundles = {{"ab", {}, "approved", TaskId("t"), Instant(7), Instant()}, bundle};
  for (const Change& change : batch.changes) apply(change, expected);
  batch.view_after = expected.lane.number;
  put(batch);
  harness_->reopen();
  const auto view = store().load_view();
  ASSERT_TRUE(view) << view.error().message;
  EXPECT_EQ(view->lane.number, ViewNumber(3));
  EXPECT_EQ(view->lane.equipment.find(WorkUnitId("U1"))->state, "NotExecuting");
  EXPECT_TRUE(view->lane.service.find(AssetId("A"))->in_maintenance);
  EXPECT_EQ(view->available(MaterialId("M"), TaskId()),
            expected.available(MaterialId("M"), TaskId()));
  EXPECT_EQ(view->reservations.size(), 1U);
  EXPECT_EQ(view->cases.size(), 2U);
  EXPECT_EQ(*view->case_of.find("A\nX"), CaseId("c2"));
  EXPECT_EQ(view->tasks.find(TaskId("t"))->title, "Bearing change t");
  EXPECT_EQ(*view->lane.suppliers.find(SupplierId("S")), rest.suppliers[0].second);
  ASSERT_EQ(view->bundles.size(), 1U);
  EXPECT_EQ(*view->bundles.find("ab"), bundle);
}

TEST_P(StoreContract, AWrongViewNumberIsRefused) {
  expect_refused(change_only(equipment_change("U", "Executing"), 2), Errc::kInvalid);
  put(change_only(equipment_change("U", "Executing"), 1));
}

TEST_P(StoreContract, EveryLaneViewCanBeBuiltAgain) {
  put(change_only(equipment_change("U1", "a"), 1));
  put(change_only(equipment_change("U2", "b"), 2));
  put(change_only(equipment_change("U1", "c"), 3));
  const auto views = store().lane_views({ViewNumber(3), ViewNumber(1), ViewNumber(2)});
  ASSERT_TRUE(views) << views.error().message;
  ASSERT_EQ(views->size(), 3U);
  EXPECT_EQ((*views)[0].number, ViewNumber(1));
  EXPECT_EQ((*views)[0].equipment.size(), 1U);
  EXPECT_EQ((*views)[1].equipment.find(WorkUnitId("U1"))->state, "a");
  EXPECT_EQ((*views)[2].equipment.find(WorkUnitId("U1"))->state, "c");
  const auto some =
      store().lane_views({ViewNumber(0), ViewNumber(2), ViewNumber(2), ViewNumber(0)});
  ASSERT_EQ(some->size(), 2U);
  EXPECT_EQ((*some)[0].number, ViewNumber(0));
  EXPECT_EQ((*some)[0].equipment.size(), 0U);
  EXPECT_EQ((*some)[1].number, ViewNumber(2));
  EXPECT_EQ((*some)[1].equipment.find(WorkUnitId("U1"))->state, "a");
  EXPECT_EQ((*some)[1].equipment.size(), 2U);
  EXPECT_EQ(store().lane_views({})->size(), 0U);
}

TEST_P(StoreContract, FinalTasksAndClosedCasesLeaveTheViewAfterADay) {
  Task done = make_task("done");
  done.state = TaskState::kVerified;
  Change change;
  change.tasks = {done};
  change.cases.push_back({CaseId("c"),
                          AssetId("A"),
                          "A",
                          FailureMode("X"),
                          CaseState::kClosed,
                          DecisionId("d"),
                          Instant(1),
                          Instant(2),
                          false,
                          {}});
  CommitBatch batch = change_only(change);
  put(batch);
  harness_->reopen();
  EXPECT_EQ(store().load_view()->tasks.size(), 1U);
  EXPECT_EQ(store().load_view()->cases.size(), 1U);
  CommitBatch later;
  later.at = batch.at + hours(25);
  put(later);
  harness_->reopen();
  EXPECT_EQ(store().load_view()->tasks.size(), 0U);
  EXPECT_EQ(store().load_view()->cases.size(), 0U);
}

TEST_P(StoreContract, DeadLettersBecomeOneRecordAMinute) {
  CommitBatch batch;
  batch.at = Instant(minutes(10).ns() + 5);
  batch.dead_letters = {{kPart, RejectReason::kNotJson, Offset(5), Offset(9), 3},
                        {kPart, RejectReason::kNoUnit, Offset(6), Offset(6), 1}};
  put(batch);
  batch.dead_letters = {{kPart, RejectReason::kNotJson, Offset(10), Offset(12), 2}};
  put(batch);
  EXPECT_EQ(store().close_dead_letter_minutes(Instant(minutes(10).ns() + 9))->audit_size, 0);
  EXPECT_EQ(reader().counts()->audit_size, 0);
  EXPECT_EQ(store().close_dead_letter_minutes(Instant(minutes(11).ns()))->audit_size, 2);
  EXPECT_EQ(store().close_dead_letter_minutes(Instant(minutes(12).ns()))->audit_size, 2);
  const auto page = reader().audit({});
  ASSERT_EQ(page->items.size(), 2U);
  EXPECT_EQ(page->items[1].type, "events.dead_lettered");
  EXPECT_NE(page->items[1].record.find(R"("count":5,"first":5,"last":12)"), std::string::npos)
      << page->items[1].record;
}

TEST_P(StoreContract, ACheckpointCoversEveryCommittedRecord) {
  put(one_decision(0));
  const auto note = store().checkpoint(Instant(1));
  ASSERT_TRUE(note) << note.error().message;
  EXPECT_NE(note->find("\n1\n"), std::string::npos) << *note;
  EXPECT_EQ(*store().checkpoint(Instant(2)), *note);
  EXPECT_EQ(*reader().last_checkpoint(), *note);
  put(one_decision(1));
  EXPECT_NE(*store().checkpoint(Instant(3)), *note);
  EXPECT_EQ(reader().counts()->anchored_size, 2);
}

}  // namespace millwright::testing
