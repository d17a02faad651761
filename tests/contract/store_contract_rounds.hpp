#pragma once
// The contract that every store keeps, third part: checkpoint rounds, dead letters, the audit log.

#include "contract/store_contract_state.hpp"

namespace millwright::testing {

TEST_P(StoreContract, AuditIsListedByTaskCaseAndType) {
  for (int i = 0; i < 6; ++i) put(one_decision(i));
  AuditQuery query;
  query.limit = 4;
  auto page = reader().audit(query);
  ASSERT_EQ(page->items.size(), 4U);
  EXPECT_EQ(page->next, "3");
  query.after = AuditSeq(std::stoll(page->next));
  page = reader().audit(query);
  ASSERT_EQ(page->items.size(), 2U);
  EXPECT_EQ(page->next, "");
  EXPECT_EQ(page->items[0].seq, AuditSeq(4));
  EXPECT_EQ(page->items[0].type, "decision.made");
  EXPECT_EQ(page->items[0].leaf_hash.size(), 64U);
  AuditQuery of_task;
  of_task.task = TaskId("t2");
  EXPECT_EQ(reader().audit(of_task)->items.size(), 1U);
  of_task.type = "other";
  EXPECT_EQ(reader().audit(of_task)->items.size(), 0U);
  AuditQuery of_type;
  of_type.type = "decision.made";
  EXPECT_EQ(reader().audit(of_type)->items.size(), 6U);
}

TEST_P(StoreContract, ACompleteRoundIsWhereAPartitionGoesOn) {
  for (int i = 0; i < 6; ++i) put(one_decision(i));
  put(with_slices({slice(1, 4, false, {{"a", Offset(4), "A1"}, {"b", Offset(4), "B1"}}, "P1")}));
  EXPECT_EQ(store().adopt(kPart)->reobserve_from, Offset(0));  // it is not complete
  put(with_slices({slice(1, 4, false, {{"a", Offset(4), "A1"}}, "P1")}));
  put(with_slices({slice(1, 4, true, {{"b", Offset(5), "B1"}})}));
  harness_->reopen();
  const auto one = store().adopt(kPart);
  ASSERT_TRUE(one) << one.error().message;
  EXPECT_EQ(one->warning, "");
  EXPECT_EQ(one->reobserve_from, Offset(4));
  EXPECT_EQ(one->partition_state, "P1");
  ASSERT_EQ(one->entities.size(), 2U);
  EXPECT_EQ(one->entities[1].at, Offset(5));
  EXPECT_EQ(one->batches.size(), 2U);
  EXPECT_EQ(one->decisions.size(), 2U);
  EXPECT_EQ(one->decisions[0].second, Offset(4));
}

TEST_P(StoreContract, RoundsAddUpAndDroppedEntitiesStayAway) {
  put(one_decision(0));
  put(with_slices({slice(1, 1, true, {{"a", Offset(1), "A1"}, {"b", Offset(1), "B1"}}, "P1")}));
  put(with_slices({slice(2, 1, true, {{"b", Offset(1), ""}, {"c", Offset(1), "C2"}}, "P2")}));
  put(with_slices({slice(3, 1, true, {{"c", Offset(1), "C3"}}, "P3")}));
  put(with_slices({slice(4, 1, true, {{"c", Offset(1), "C4"}}, "P4")}));
  ASSERT_TRUE(store().tidy());
  // Half a round, then a restart whose lane counts its rounds anew.
  put(with_slices({slice(5, 1, false, {{"a", Offset(1), "A5"}}, "P5")}));
  harness_->reopen();
  auto adopted = store().adopt(kPart);
  ASSERT_EQ(adopted->entities.size(), 2U);
  EXPECT_EQ(adopted->entities[0].blob, "A1");
  EXPECT_EQ(adopted->entities[1].blob, "C4");
  EXPECT_EQ(adopted->partition_state, "P4");
  put(with_slices({slice(1, 1, true, {{"a", Offset(1), "A6"}}, "P6")}));
  adopted = store().adopt(kPart);
  EXPECT_EQ(adopted->entities[0].blob, "A6");
  EXPECT_EQ(adopted->entities[1].blob, "C4");
}

TEST_P(StoreContract, TidyKeepsWhatTheOlderOfTwoRoundsNeeds) {
  for (int i = 0; i < 9; ++i) put(one_decision(i));
  put(with_slices({slice(1, 3, true, {}, "P1")}));
  put(with_slices({slice(2, 6, true, {}, "P2")}));
  ASSERT_TRUE(store().tidy());
  EXPECT_EQ(store().adopt(kPart)->batches.size(), 3U);  // [6, 9)
  put(with_slices({slice(3, 9, true, {}, "P3")}));
  ASSERT_TRUE(store().tidy());
  const auto adopted = store().adopt(kPart);
  EXPECT_EQ(adopted->batches.size(), 0U);
  EXPECT_EQ(adopted->decisions.size(), 0U);
  EXPECT_EQ(adopted->cursor, Offset(9));
}

TEST_P(StoreContract, DeadLettersBecomeOneRecordAMinute) {
  CommitBatch batch;
  batch.at = Instant(minutes(10).ns() + 5);
  batch.dead_letters = {{kPart, RejectReason::kNotJson, Offset(5), Offset(9), 3},
                        {kPart, RejectReason::kNoUnit, Offset(6), Offset(6), 1}};
  put(batch);
  batch.dead_letters = {{kPart, RejectReason::kNotJson, Offset(10), Offset(12), 2}};
  put(batch);
  ASSERT_TRUE(store().close_dead_letter_minutes(Instant(minutes(10).ns() + 9)));
  EXPECT_EQ(reader().counts()->audit_size, 0);
  ASSERT_TRUE(store().close_dead_letter_minutes(Instant(minutes(11).ns())));
  ASSERT_TRUE(store().close_dead_letter_minutes(Instant(minutes(12).ns())));
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
