#pragma once
// The contract of a Store as to effects: order, lanes, the anchor's gate, and their states.
// Included beside store_contract.hpp. Test thread only.

#include "contract/store_contract.hpp"

namespace millwright::testing {

using Ids = std::vector<std::string>;

TEST_P(StoreContract, EffectsWaitForTheirAnchorAndLeaveInOrder) {
  put(one_decision(0));
  put(one_decision(1));
  EXPECT_EQ(due(EffectKind::kKafka, 0), Ids{});
  EXPECT_EQ(due(EffectKind::kKafka, 1), (Ids{"e0"}));
  EXPECT_EQ(due(EffectKind::kKafka, 2), (Ids{"e0", "e1"}));
  EXPECT_EQ(due(EffectKind::kErp, 2), Ids{});
  report("e0", EffectOutcome::kDelivered, "orch.task[2]@41");
  EXPECT_EQ(due(EffectKind::kKafka, 9), (Ids{"e1"}));
  const auto marks = *reader().delivered_up_to();
  ASSERT_EQ(marks.size(), 1U);
  EXPECT_EQ(marks.begin()->first, (TopicPartition{"orch.task", 2}));
  EXPECT_EQ(marks.begin()->second, Offset(41));
}

TEST_P(StoreContract, EffectAuditIsTheLastRecordOfItsChange) {
  CommitBatch batch;
  batch.at = Instant(9);
  batch.changes.resize(3);
  batch.changes[0].audit = {make_record("a"), make_record("b")};
  batch.changes[0].effects = {make_effect("first", "1")};
  batch.changes[1].effects = {make_effect("bare", "2")};
  batch.changes[2].audit = {make_record("c")};
  batch.changes[2].effects = {make_effect("last", "3")};
  put(batch);
  const auto effects = *reader().due_effects(EffectKind::kKafka, 99, Instant(9), 9);
  ASSERT_EQ(effects.size(), 3U);
  EXPECT_EQ(effects[0].audit, AuditSeq(1));
  EXPECT_EQ(effects[1].audit, AuditSeq(2));
  EXPECT_EQ(effects[2].audit, AuditSeq(2));
}

TEST_P(StoreContract, AnEffectGoesThroughItsStates) {
  Change change;
  change.audit = {make_record("x")};
  change.effects = {make_effect("e", "lane", EffectKind::kErp)};
  put(change_only(change));
  const auto now = [&] { return reader().due_effects(EffectKind::kErp, 9, Instant(100), 9); };
  report("e", EffectOutcome::kStarted);
  ASSERT_EQ(now()->size(), 1U);
  EXPECT_EQ(now()->front().state, EffectState::kInFlight);
  EXPECT_EQ(now()->front().attempts, 1);
  report("e", EffectOutcome::kRetryLater, "", Instant(500));
  EXPECT_EQ(now()->size(), 0U);
  EXPECT_EQ(due(EffectKind::kErp, 9, Instant(500)), (Ids{"e"}));
  report("e", EffectOutcome::kStarted);
  report("e", EffectOutcome::kRefused);
  EXPECT_EQ(due(EffectKind::kErp, 9, Instant(900)), Ids{});
  EXPECT_EQ(reader().counts()->effects_parked, 1);
  report("e", EffectOutcome::kDelivered, "4000789");
  EXPECT_EQ(reader().counts()->effects_parked, 0);
  report("e", EffectOutcome::kRetryLater);  // comes too late
  EXPECT_EQ(reader().counts()->effects_pending, 0);
  report("nobody", EffectOutcome::kDelivered);
}

TEST_P(StoreContract, AWaitingEffectHoldsItsLaneOnly) {
  for (const EffectKind kind : {EffectKind::kKafka, EffectKind::kErp}) {
    const std::string p = kind == EffectKind::kErp ? "erp-" : "kafka-";
    Change change;
    change.audit = {make_record("x")};
    change.effects = {make_effect(p + "a1", "a", kind), make_effect(p + "a2", "a", kind),
                      make_effect(p + "b1", "b", kind), make_effect(p + "free", "", kind)};
    put(change_only(change));
    report(p + "a1", EffectOutcome::kRetryLater, "", Instant(500));
    EXPECT_EQ(due(kind, 9), (Ids{p + "b1", p + "free"}));
    EXPECT_EQ(due(kind, 9, Instant(500)), (Ids{p + "a1", p + "a2", p + "b1", p + "free"}));
    report(p + "a1", EffectOutcome::kRefused);
    // The ERP's lane waits for a person; a topic goes on.
    EXPECT_EQ(due(kind, 9), kind == EffectKind::kErp ? (Ids{p + "b1", p + "free"})
                                                     : (Ids{p + "a2", p + "b1", p + "free"}));
  }
}

}  // namespace millwright::testing
