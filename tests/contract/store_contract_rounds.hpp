#pragma once
// The contract of a Store as to checkpoint rounds of partition state, and what a restart brings
// back of them. Included beside store_contract.hpp. Test thread only.

#include "contract/store_contract.hpp"

namespace millwright::testing {

inline CheckpointSlice slice(std::int64_t round, std::int64_t begun_at, bool completes,
                             std::vector<EntityState> entities, const std::string& state = "") {
  CheckpointSlice s;
  s.where = kPart;
  s.round = round;
  s.begun_at = Offset(begun_at);
  s.partition_state = state;
  s.entities = std::move(entities);
  s.completes = completes;
  return s;
}

inline CommitBatch with_slices(std::vector<CheckpointSlice> slices) {
  CommitBatch batch;
  batch.at = Instant(1);
  batch.checkpoints = std::move(slices);
  return batch;
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

// What a silent partition was told of the time is in its newest rounds: its batches go, and with
// them the need for the views that they were stepped under.
TEST_P(StoreContract, SilenceThatARoundKnowsOfIsNotRepeated) {
  put(one_decision(0));
  Epoch epoch(1);
  const auto silence = [&](int minute, std::vector<CheckpointSlice> slices) {
    CommitBatch batch = with_slices(std::move(slices));
    batch.cursors.push_back(advance(1, 1, epoch.get()));
    batch.cursors[0].plant_now = Instant(minutes(minute).ns());
    put(batch);
  };
  const auto silences = [&] {
    harness_->reopen();
    std::vector<std::int64_t> out;
    const auto adopted = store().adopt(kPart);
    for (const CursorAdvance& batch : adopted->batches) {
      EXPECT_EQ(batch.next, Offset(1));
      out.push_back(batch.plant_now->ns() / minutes(1).ns());
    }
    epoch = adopted->epoch;
    return out;
  };
  silence(1, {});
  silence(2, {slice(1, 1, true, {}, "P1")});
  silence(3, {});
  EXPECT_EQ(silences(), (std::vector<std::int64_t>{2, 3}));  // 2 came with the round
  silence(4, {slice(1, 1, false, {}, "P2")});
  silence(5, {slice(1, 1, true, {}, "")});
  silence(6, {});
  ASSERT_TRUE(store().tidy());
  EXPECT_EQ(silences(), (std::vector<std::int64_t>{4, 5, 6}));
  silence(7, {slice(1, 1, true, {}, "P3")});
  ASSERT_TRUE(store().tidy());
  EXPECT_EQ(silences(), (std::vector<std::int64_t>{7}));
}

}  // namespace millwright::testing
