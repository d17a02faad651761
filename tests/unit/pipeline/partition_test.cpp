#include "millwright/pipeline/partition.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixtures.hpp"
#include "millwright/base/limits.hpp"
#include "pipeline/event_use.hpp"

namespace millwright::pipeline {
namespace {

using namespace testing;

rules::RuleSetPtr rule_set() {
  auto compiled = rules::RuleSet::compile(
      {rule("ZONE", {"iot.vibration.features"},
            "has(signal.zone_confirmed) && signal.zone_confirmed in ['C', 'D']"),
       rule("LIMIT", {"iot.measurement.sampled"},
            "has(signal.limit_confirmed) && signal.limit_confirmed"),
       rule("STALE", {"tick"}, "has(signal.stale) && signal.stale", true),
       rule("UNKNOWN", {"iot.measurement.sampled", "iot.vibration.features"},
            "has(asset.known) && !asset.known", true)},
      "config-1");
  EXPECT_TRUE(compiled.has_value()) << (compiled ? "" : compiled.error().message);
  return *compiled;
}

class PartitionTest : public ::testing::Test {
 protected:
  PartitionTest()
      : setup_{std::make_shared<const PlantModel>(small_plant()), rule_set()},
        view_(running_view()),
        partition_(where_, setup_) {}

  StepResult step(std::vector<Event> events, std::optional<Instant> plant_now = std::nullopt) {
    std::vector<Decoded> records;
    Offset next = partition_.next();
    for (Event& e : events) {
      next = std::max(next, e.position.offset.next());
      records.emplace_back(std::move(e));
    }
    return partition_.step(std::move(records), next, view_, plant_now, Partition::Mode::kDecide);
  }
  static std::int64_t count(const StepResult& r, Disposition d) { return r.counts[std::size_t(d)]; }
  static std::vector<Decision> decisions(const StepResult& r) {
    std::vector<Decision> out;
    for (const auto& o : r.outcomes) {
      if (const auto* d = std::get_if<Decision>(&o)) out.push_back(*d);
    }
    return out;
  }

  TopicPartition where_{"plant.events", 0};
  pipeline::Setup setup_;
  LaneView view_;
  Partition partition_;
};

TEST_F(PartitionTest, DecidesOnceAndShowsItsEvidence) {
  std::vector<Event> events;
  for (int i = 0; i < 6; ++i) {
    events.push_back(vibration_event("P-101", "DE", "H", 3.24, kStart + minutes(10 * i), i));
  }
  const StepResult r = step(std::move(events));
  ASSERT_EQ(decisions(r).size(), 1U);  // then the cooldown of an hour holds
  const Decision d = decisions(r)[0];
  EXPECT_EQ(d.asset.str(), "P-101");
  EXPECT_EQ(d.entity, "P-101");
  EXPECT_EQ(d.evidence.position, (Position{where_, Offset(2)}));
  EXPECT_EQ(d.evidence.view, ViewNumber(7));
  EXPECT_EQ(d.evidence.config_version, "config-1");
  EXPECT_THAT(d.evidence.events, ::testing::SizeIs(3));
  EXPECT_FALSE(d.series.empty());
  EXPECT_LE(d.series.size(), limits::kSeriesPoints);
  EXPECT_EQ(count(r, Disposition::kObserved), 6);
  EXPECT_EQ(partition_.next(), Offset(6));
}

TEST_F(PartitionTest, RepeatedEventsAreCountedAndChangedOnesRefused) {
  Event e = measurement("P-102", "temp", 50, kStart, 0);
  Event again = e;
  again.position.offset = Offset(1);
  Event changed = e;
  changed.position.offset = Offset(2);
  changed.payload_hash = 1;
  const StepResult r = step({e, again, changed});
  EXPECT_EQ(count(r, Disposition::kObserved), 1);
  EXPECT_EQ(count(r, Disposition::kDuplicate), 1);
  EXPECT_EQ(count(r, Disposition::kConflict), 1);
  ASSERT_EQ(r.rejects.size(), 1U);
  EXPECT_EQ(r.rejects[0].reason, RejectReason::kConflict);
  EXPECT_EQ(r.rejects[0].record.position.offset, Offset(2));
  // Stepped over already: nothing happens twice.
  EXPECT_EQ(count(step({e}), Disposition::kDuplicate), 0);
}

TEST_F(PartitionTest, IdsAreForgottenAfterTheHorizonOfTheirKind) {
  Event telemetry = measurement("P-102", "temp", 50, kStart, 0);
  Event order = event("wms.stock.changed", "M-1", kStart, 1);
  step({telemetry, order});
  step({measurement("P-102", "flow", 1, kStart + minutes(12), 2)});
  telemetry.position.offset = Offset(3);
  order.position.offset = Offset(4);
  const StepResult r = step({telemetry, order});
  EXPECT_EQ(count(r, Disposition::kLate), 1);  // no longer known as a duplicate, but too late
  EXPECT_EQ(count(r, Disposition::kDuplicate), 1);
}

TEST_F(PartitionTest, LateFutureHistoricalAndTombstone) {
  step({measurement("P-102", "flow", 1, kStart, 0)}, kStart);
  EXPECT_EQ(count(step({measurement("P-102", "temp", 1, kStart - minutes(11), 1)}, kStart),
                  Disposition::kLate),
            1);
  Event historical = measurement("P-102", "temp", 50, kStart - minutes(30), 2);
  put(historical, "historical", {true});
  EXPECT_EQ(count(step({historical}, kStart), Disposition::kHistorical), 1);
  EXPECT_EQ(count(step({measurement("P-102", "temp", 1, kStart + minutes(6), 3)}, kStart),
                  Disposition::kFuture),
            1);
  Event tombstone = measurement("P-102", "temp", 1, kStart, 4);
  tombstone.tombstone = true;
  EXPECT_EQ(count(step({tombstone}, kStart), Disposition::kTombstone), 1);
  Reject reject;
  reject.record.position = {where_, Offset(5)};
  std::vector<Decoded> records{reject};
  const StepResult r = partition_.step(records, Offset(6), view_, kStart, Partition::Mode::kDecide);
  EXPECT_EQ(count(r, Disposition::kDeadLetter), 1);
  EXPECT_EQ(r.rejects.size(), 1U);
}

TEST_F(PartitionTest, FactsGoToSettleAndOlderOnesDoNot) {
  const auto state = [&](Instant at, std::int64_t offset) {
    Event e = event("mes.equipment.statechanged", "WU-P-101", at, offset);
    put(e, "workUnitId", {std::string("WU-P-101")});
    put(e, "state", {std::string("NotExecuting")});
    put(e, "mode", {std::string("Processing")});
    return e;
  };
  StepResult r = step({state(kStart, 0), state(kStart - minutes(1), 1)});
  EXPECT_EQ(count(r, Disposition::kFact), 1);
  EXPECT_EQ(count(r, Disposition::kOutOfOrder), 1);
  ASSERT_EQ(r.outcomes.size(), 1U);
  EXPECT_EQ(std::get<Fact>(r.outcomes[0]).event.position.offset, Offset(0));
  // A late fact is the truth all the same, but counts as late; beyond the horizon it is dropped.
  r = step({event("wms.stock.changed", "M-1", kStart - days(2), 2),
            event("wms.stock.changed", "M-1", kStart - days(15), 3)});
  EXPECT_EQ(count(r, Disposition::kLate), 2);
  EXPECT_EQ(r.outcomes.size(), 1U);
  r = step({event("plm.change.released", "M-1", kStart, 4)});
  EXPECT_EQ(count(r, Disposition::kIgnored), 1);
}

TEST_F(PartitionTest, UnknownAssetAsksForMasterDataOnce) {
  const StepResult r = step({measurement("P-999", "temp", 1, kStart, 0),
                             measurement("P-999", "temp", 2, kStart + minutes(1), 1)});
  EXPECT_EQ(count(r, Disposition::kUnmapped), 2);
  ASSERT_EQ(decisions(r).size(), 1U);
  EXPECT_TRUE(decisions(r)[0].asset.empty());
  EXPECT_EQ(decisions(r)[0].entity, "P-999");
}

TEST_F(PartitionTest, SilenceIsToldByTicks) {
  step({measurement("P-102", "temp", 50, kStart, 0)}, kStart);
  EXPECT_TRUE(decisions(step({}, kStart + minutes(1))).empty());
  const StepResult r = step({}, kStart + minutes(5));
  ASSERT_EQ(decisions(r).size(), 1U);
  const Decision d = decisions(r)[0];
  EXPECT_EQ(d.entity, "P-102/temp");
  EXPECT_EQ(d.at, kStart + minutes(2));
  EXPECT_TRUE(d.evidence.event.id.empty());
  EXPECT_EQ(d.evidence.position, (Position{where_, Offset(1)}));
  // Time also goes on by the records of others; a lasting silence is told again, ever more rarely.
  const StepResult other = step({measurement("P-102", "temp", 50, kStart + minutes(6), 1),
                                 measurement("P-102", "flow", 1, kStart + days(2), 2)});
  EXPECT_GE(decisions(other).size(), 1U);
  EXPECT_LE(decisions(other).size(), 48U);
}

TEST_F(PartitionTest, SilenceCountsFromWhenTheMachineBeganToRun) {
  const Instant began = kStart + hours(1);
  view_.equipment.set(WorkUnitId("WU-P-101"),
                      EquipmentState{"Executing", "Processing", began, "", "order-1"});
  PlantModel plant = small_plant();
  plant.assets.at(AssetId("P-101")).gate.settle = Duration();
  setup_.plant = std::make_shared<const PlantModel>(std::move(plant));
  partition_ = Partition(where_, setup_);
  step({measurement("P-101", "temp-de", 50, began - minutes(1), 0)}, began);
  // It stood for long and has only begun to run: what it has to say is not overdue yet.
  EXPECT_TRUE(decisions(step({}, began + minutes(1))).empty());
  const StepResult r = step({}, began + minutes(5));
  ASSERT_FALSE(decisions(r).empty());
  EXPECT_EQ(decisions(r)[0].at, began + minutes(2));
}

TEST_F(PartitionTest, ABacklogIsNotSilence) {
  // Read an hour late, but in order and without gaps.
  const Instant now = kStart + hours(1);
  std::size_t decided = 0;
  for (int i = 0; i < 60; ++i) {
    const StepResult r = step({measurement("P-102", "temp", 50, kStart + minutes(i), i)}, now);
    decided += decisions(r).size();
    EXPECT_EQ(count(r, Disposition::kObserved), 1);
  }
  EXPECT_EQ(decided, 0U);
}

TEST_F(PartitionTest, IdleEntitiesLeaveFirstAndUnknownOnesBeforeKnown) {
  setup_.entities_max = 4;
  partition_ = Partition(where_, setup_);
  std::int64_t offset = 0;
  for (const char* asset : {"P-101", "P-102", "Q-1"}) {
    step({measurement(asset, "temp", 1, kStart, offset++)});
  }
  for (int i = 0; i < 50; ++i) {
    step({measurement("X-" + std::to_string(i), "temp", 1, kStart, offset++)});
  }
  EXPECT_LE(partition_.entities(), 4U);
  EXPECT_GT(partition_.memory_bytes(), 0U);
  // P-102 still has its state: the next reading of it is a repeat, not a first one.
  bool found = false;
  while (auto slice = partition_.next_slice(1 << 20)) {
    for (const auto& e : slice->entities)
      found = found || (e.entity == "a:P-102" && !e.blob.empty());
  }
  EXPECT_TRUE(found);
}

TEST_F(PartitionTest, SlicesAreBoundedAndNothingNewMakesNone) {
  std::vector<Event> events;
  for (int i = 0; i < 200; ++i) {
    events.push_back(measurement("X-" + std::to_string(i % 40), "temp", i, kStart, i));
  }
  step(std::move(events));
  int slices = 0;
  bool complete = false;
  while (auto slice = partition_.next_slice(4'000)) {
    ++slices;
    EXPECT_EQ(slice->begun_at, Offset(200));
    EXPECT_EQ(slice->partition_state.empty(), slices != 1);
    complete = slice->completes;
  }
  EXPECT_GT(slices, 1);
  EXPECT_TRUE(complete);
}

TEST_F(PartitionTest, DamagedStateStartsAnewAndDoesNotCrash) {
  step({measurement("P-102", "temp", 50, kStart, 0)});
  const auto slice = partition_.next_slice(1 << 20);
  ASSERT_TRUE(slice.has_value());
  RestoredPartition restored;
  restored.cursor = Offset(1);
  restored.reobserve_from = Offset(1);
  restored.partition_state = slice->partition_state;
  for (EntityState e : slice->entities) {
    for (std::size_t i = 0; i < e.blob.size(); i += 7) {
      e.blob[i] = char(~e.blob[i]);
      restored.entities.push_back(e);
      e.blob.resize(e.blob.size() / 2);
    }
  }
  Partition again(restored, where_, setup_);
  EXPECT_EQ(again.next(), Offset(1));
  restored.partition_state.resize(5);
  Partition anew(restored, where_, setup_);
  EXPECT_EQ(anew.entities(), 0U);
}

TEST(UseTable, NamesCataloguedTypesAndFields) {
  for (const UseRow& row : use_table()) {
    const EventType* type = codec::find_event_type(row.type);
    ASSERT_NE(type, nullptr) << row.type;
    EXPECT_TRUE(row.ordered_by.empty() || type->index_of(row.ordered_by).has_value());
  }
}

}  // namespace
}  // namespace millwright::pipeline
