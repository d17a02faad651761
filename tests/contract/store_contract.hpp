#pragma once
// What every Store and its StoreReader must do, whatever they are made of. A test program that has
// one includes this, and instantiates StoreContract with a maker of harnesses. Test thread only.

#include <gtest/gtest.h>

#include <functional>
#include <memory>

#include "support/store_fixture.hpp"

namespace millwright::testing {

class StoreHarness {
 public:
  virtual ~StoreHarness() = default;
  virtual Store& store() = 0;
  virtual StoreReader& reader() = 0;
  virtual void reopen() = 0;  // as after a clean end and a new start
};

using MakeHarness = std::function<std::unique_ptr<StoreHarness>()>;

class StoreContract : public ::testing::TestWithParam<MakeHarness> {
 protected:
  void SetUp() override {
    harness_ = GetParam()();
    ASSERT_TRUE(harness_->store().adopt(kPart));
  }
  Store& store() { return harness_->store(); }
  StoreReader& reader() { return harness_->reader(); }
  void put(const CommitBatch& batch) {
    const auto receipt = store().commit(batch);
    ASSERT_TRUE(receipt) << receipt.error().message;
  }
  void expect_refused(const CommitBatch& batch, Errc code) {
    const auto size = reader().counts()->audit_size;
    const auto receipt = store().commit(batch);
    ASSERT_FALSE(receipt);
    EXPECT_EQ(receipt.error().code, code) << receipt.error().message;
    EXPECT_EQ(reader().counts()->audit_size, size);
  }
  CommitBatch change_only(Change change, std::int64_t view_after = 0) {
    CommitBatch batch;
    batch.at = Instant(1'772'400'000'000'000'000);
    batch.changes.push_back(std::move(change));
    batch.view_after = ViewNumber(view_after);
    return batch;
  }
  std::vector<std::string> due(EffectKind kind, std::int64_t anchored, Instant now = Instant(100)) {
    std::vector<std::string> ids;
    const auto effects = reader().due_effects(kind, anchored, now, 100);
    EXPECT_TRUE(effects);
    for (const Effect& e : *effects) ids.push_back(e.id.str());
    return ids;
  }
  void report(const std::string& id, EffectOutcome outcome, const std::string& number = "",
              Instant not_before = Instant()) {
    Change change;
    change.reports.push_back({EffectId(id), outcome, number, "", not_before});
    put(change_only(change));
  }

  std::unique_ptr<StoreHarness> harness_;
};

TEST_P(StoreContract, StaleEpochIsRefusedWhole) {
  put(one_decision(0));
  ASSERT_TRUE(store().adopt(kPart));
  expect_refused(one_decision(1, 1), Errc::kStale);
  EXPECT_FALSE(reader().decision(DecisionId("d1"))->has_value());
  put(one_decision(1, 2));
}

TEST_P(StoreContract, CursorGapAndRepetitionAreRefusedWhole) {
  put(one_decision(7));  // no cursor yet: anywhere is the start
  expect_refused(one_decision(9), Errc::kStale);
  expect_refused(one_decision(7), Errc::kStale);
  CommitBatch half = one_decision(8);
  half.cursors.push_back(advance(10, 11));
  expect_refused(half, Errc::kStale);
  EXPECT_FALSE(reader().task(TaskId("t8"))->has_value());
  put(one_decision(8));
}

TEST_P(StoreContract, SilentBatchesKeepTheirOrderAndTimes) {
  put(one_decision(0));
  CommitBatch silent;
  silent.at = Instant(5);
  for (int i = 1; i <= 3; ++i) {
    CursorAdvance a = advance(1, 1);
    a.plant_now = Instant(i);
    a.view = ViewNumber(0);
    silent.cursors.push_back(a);
  }
  put(silent);
  const auto adopted = store().adopt(kPart);
  ASSERT_EQ(adopted->batches.size(), 4U);
  EXPECT_FALSE(adopted->batches[0].plant_now.has_value());
  EXPECT_EQ(adopted->batches[3].plant_now, Instant(3));
  EXPECT_EQ(adopted->batches[0].counts[0], 1);
  EXPECT_EQ(adopted->batches[0].where, kPart);
}

TEST_P(StoreContract, ABatchKnowsItsPlaceAmongTheAuditRecords) {
  CommitBatch batch = one_decision(0);
  batch.cursors[0].audit = 0;
  put(batch);
  batch = one_decision(1);
  batch.changes.insert(batch.changes.begin(), Change{});
  batch.changes[0].audit.push_back(make_record("task.approved", "t0"));  // before it
  batch.cursors[0].audit = 2;
  batch.cursors.push_back(advance(2, 2));
  batch.cursors[1].audit = 3;
  put(batch);
  harness_->reopen();
  const auto adopted = store().adopt(kPart);
  ASSERT_TRUE(adopted) << adopted.error().message;
  ASSERT_EQ(adopted->batches.size(), 3U);
  EXPECT_EQ(adopted->batches[0].audit, 0);
  EXPECT_EQ(adopted->batches[1].audit, 2);
  EXPECT_EQ(adopted->batches[2].audit, 3);
}

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

}  // namespace millwright::testing
