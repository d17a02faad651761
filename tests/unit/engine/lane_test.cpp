#include "millwright/engine/lane.hpp"

#include <gtest/gtest.h>

#include "millwright/codec/decode.hpp"
#include "support/memory_broker.hpp"
#include "unit/engine/support.hpp"

namespace millwright::engine_test {
namespace {

RawRecord reading(int n) {
  RawRecord record;
  record.key = "P-101";
  record.headers = {{"content-type", "application/cloudevents+json"}};
  record.value = R"({"specversion":"1.0","id":"v)" + std::to_string(n) +
                 R"(","source":"/gw","type":"iot.vibration.features.v1",)"
                 R"("time":"2026-03-02T06:10:00Z","data":{"assetId":"P-101","point":"DE",)"
                 R"("axis":"H","vRms":{"value":1.5,"unit":"mm/s"}}})";
  return record;
}

RawRecord rubbish() {
  RawRecord record;
  record.key = "k";
  record.value = std::string("\0\xff not json", 11);
  record.headers = {{"content-type", "application/cloudevents+json"}, {"trace", "t-1"}};
  record.broker_time = kNow;
  return record;
}

struct World {
  LedgerWorld ledger;
  support::MemoryBroker broker;
  support::MemorySource source{broker, Rng(5), {}};
  codec::Decoder decoder;
  bool live = false;
  Lane lane{
      Lane::Setup{"lane",
                  source,
                  ledger.queue,
                  ledger.board,
                  partition_setup(),
                  [this](const RawRecord& r, Instant now) { return decoder.decode(r, now); },
                  [this](Instant now) { return live ? std::optional<Instant>(now) : std::nullopt; },
                  {},
                  Duration(),
                  seconds(5)}};

  World() { MW_CHECK(ledger.open()); }
  static pipeline::Setup partition_setup() {
    auto rules = rules::RuleSet::compile({}, "test");
    MW_CHECK(rules.has_value());
    return {small_plant(), *rules, 1'000};
  }
  void turn(int times = 1) {
    for (int i = 0; i < times; ++i) {
      lane.turn(ledger.now);
      ledger.turn();
    }
  }
  void start() {
    source.assign(kWhere);
    turn(6);
    ledger.now = ledger.now + seconds(1);
    lane.turn(ledger.now);
  }
  [[nodiscard]] const support::MemoryDisk::Part& part() { return ledger.disk.parts[kWhere]; }
  [[nodiscard]] PartitionStatus status() {
    ledger.now = ledger.now + seconds(1);  // the snapshot is renewed five times a second
    lane.turn(ledger.now);
    return lane.status()->partitions.at(0);
  }
};

TEST(Lane, WhereReadingBeginsIsDurableBeforeAnythingIsRead) {
  World world;
  world.broker.append(kWhere, reading(0));
  world.broker.delete_before(kWhere, Offset(1));
  world.start();
  ASSERT_FALSE(world.part().history.empty());
  EXPECT_EQ(world.part().history.front().first.get(), 1);
  EXPECT_EQ(world.part().cursor->get(), 1);
  EXPECT_EQ(world.status().phase, PartitionPhase::kRunning);
}

TEST(Lane, DeadLettersKeepTheirBytesAndSayWhereTheyCameFrom) {
  World world;
  world.broker.append(kWhere, reading(0));
  const RawRecord bad = rubbish();
  world.broker.append(kWhere, bad);
  world.broker.append(kWhere, reading(0));  // a duplicate is none
  RawRecord other = reading(0);
  other.value.replace(other.value.find("1.5"), 3, "2.5");
  world.broker.append(kWhere, other);  // the same id with another payload is one
  world.start();
  world.turn(10);
  EXPECT_EQ(world.part().cursor->get(), 4);
  std::vector<Effect> letters;
  for (const Effect& e : world.ledger.disk.effects) {
    if (e.target == "plant.events.dlq") letters.push_back(e);
  }
  ASSERT_EQ(letters.size(), 2U);
  EXPECT_EQ(letters[0].body, bad.value);
  EXPECT_EQ(letters[1].body, other.value);
  const std::map<std::string, std::string> headers(letters[0].headers.begin(),
                                                   letters[0].headers.end());
  EXPECT_EQ(headers.at("trace"), "t-1");
  EXPECT_EQ(headers.at("x-orig-topic"), "plant.events");
  EXPECT_EQ(headers.at("x-orig-partition"), "0");
  EXPECT_EQ(headers.at("x-orig-offset"), "1");
  EXPECT_EQ(headers.at("x-orig-timestamp"), std::to_string(kNow.ms()));
  EXPECT_FALSE(headers.at("x-error-class").empty());
  EXPECT_FALSE(headers.at("x-error").empty());
  EXPECT_EQ(world.ledger.disk.dead_letters[kWhere], 2);
}

TEST(Lane, RecordsThatCannotBeReadAreSkippedAndCounted) {
  World world;
  world.broker.append(kWhere, reading(0));
  world.broker.append_unreadable(kWhere);
  world.broker.append_unreadable(kWhere);
  world.broker.append(kWhere, reading(1));
  world.start();
  world.turn(10);
  EXPECT_EQ(world.part().cursor->get(), 4);
  EXPECT_EQ(world.ledger.disk.dead_letters[kWhere], 2);
  DispositionCounts counts{};
  for (const CursorAdvance& batch : world.part().history) {
    for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += batch.counts[i];
  }
  EXPECT_EQ(counts[std::size_t(Disposition::kDeadLetter)], 2);
}

TEST(Lane, TimeGoesOnWhileAPartitionIsSilent) {
  World world;
  world.live = true;
  world.start();
  const std::size_t before = world.part().history.size();
  for (int i = 0; i < 5; ++i) {
    world.ledger.now = world.ledger.now + minutes(1);
    world.turn(3);
  }
  ASSERT_EQ(world.part().history.size(), before + 5);
  const CursorAdvance& last = world.part().history.back();
  EXPECT_EQ(last.first, last.next);
  EXPECT_TRUE(last.plant_now.has_value());
}

TEST(Lane, ABadRangeThatGoesOnPastTheCursorIsCountedWhole) {
  World world;
  world.broker.append(kWhere, reading(0));
  world.broker.append_unreadable(kWhere);
  world.start();
  world.turn(5);
  ASSERT_EQ(world.part().cursor->get(), 2);
  world.source.lose(kWhere);
  world.turn(2);
  world.broker.append_unreadable(kWhere);  // the broker now hands out one range, 1 to 3
  world.broker.append(kWhere, reading(1));
  world.source.assign(kWhere);
  world.turn(10);
  EXPECT_EQ(world.part().cursor->get(), 4);
  EXPECT_EQ(world.ledger.disk.dead_letters[kWhere], 2);
}

std::size_t ticks(const support::MemoryDisk::Part& part) {
  std::size_t count = 0;
  for (const CursorAdvance& batch : part.history) {
    count += batch.first == batch.next && batch.plant_now ? 1 : 0;
  }
  return count;
}

// A lane that is at the end of its partition and has ticked there.
struct AtTheEnd : World {
  AtTheEnd() {
    live = true;
    broker.append(kWhere, reading(0));
    start();
    pass(minutes(1));
  }
  void pass(Duration by) {
    ledger.now = ledger.now + by;
    turn(3);
  }
};

TEST(LaneTicks, ComeAtTheEndOnceAMinute) {
  AtTheEnd world;
  const std::size_t before = ticks(world.part());
  ASSERT_GT(before, 0U);
  for (int i = 0; i < 60; ++i) world.pass(seconds(3));
  EXPECT_EQ(ticks(world.part()), before + 3);
}

TEST(LaneTicks, DoNotComeOverABacklog) {
  AtTheEnd world;
  const std::size_t before = ticks(world.part());
  world.source.set_faults({0.0, 0.0, 1.0});  // there is something, and it does not arrive
  world.broker.append(kWhere, reading(1));
  for (int i = 0; i < 5; ++i) world.pass(minutes(1));
  EXPECT_EQ(ticks(world.part()), before);
  world.source.set_faults({});
  world.turn(3);
  EXPECT_EQ(world.part().cursor->get(), 2);
  EXPECT_EQ(ticks(world.part()), before);  // what came has moved time itself
  world.pass(minutes(1));
  EXPECT_EQ(ticks(world.part()), before + 1);
}

TEST(LaneTicks, WaitUntilTheBrokerHasBeenBackForFiveSeconds) {
  AtTheEnd world;
  const std::size_t before = ticks(world.part());
  world.broker.set_away(true);
  for (int i = 0; i < 5; ++i) world.pass(minutes(1));
  EXPECT_EQ(ticks(world.part()), before);
  world.broker.set_away(false);
  for (int i = 0; i < 4; ++i) world.pass(seconds(1));
  EXPECT_EQ(ticks(world.part()), before) << "its backlog may not be known yet";
  world.pass(seconds(1));
  EXPECT_EQ(ticks(world.part()), before + 1);
}

TEST(LaneTicks, WaitAsLongWhereNothingCouldBeReadMeanwhile) {
  AtTheEnd world;
  const std::size_t before = ticks(world.part());
  world.ledger.board.set_outbox(std::int64_t(limits::kOutboxRows));  // paused
  world.broker.set_away(true);
  world.pass(minutes(1));
  world.broker.set_away(false);
  world.ledger.board.set_outbox(0);
  world.pass(seconds(4));
  EXPECT_EQ(ticks(world.part()), before);
  world.pass(seconds(1));
  EXPECT_EQ(ticks(world.part()), before + 1);
}

// A checkpoint that is written while records wait must not move time past them.
TEST(LaneTicks, ACheckpointIsNone) {
  AtTheEnd world;
  const std::size_t before = ticks(world.part());
  world.broker.append(kWhere, reading(1));
  world.lane.turn(world.ledger.now);  // state has changed: a checkpoint is due in five seconds
  world.broker.set_away(true);
  const std::size_t batches = world.part().history.size();
  for (int i = 0; i < 10; ++i) world.pass(seconds(30));
  EXPECT_GT(world.part().history.size(), batches + 1) << "no checkpoint came";
  EXPECT_EQ(ticks(world.part()), before);
  EXPECT_TRUE(world.part().saved.has_value());
}

TEST(Lane, ReadsNothingMoreOnceTheLedgerDoesNotKeepUp) {
  World world;
  world.start();
  for (int i = 0; i < 5'000; ++i) world.broker.append(kWhere, reading(i));
  for (int i = 0; i < 500; ++i) world.lane.turn(world.ledger.now);
  EXPECT_TRUE(world.source.paused());
  EXPECT_LE(world.ledger.queue.size(), limits::kLedgerQueue);
  EXPECT_TRUE(world.lane.status()->paused);
  world.turn(2'000);
  EXPECT_EQ(world.part().cursor->get(), 5'000);
  EXPECT_FALSE(world.source.paused());
}

TEST(Lane, ReadsNothingMoreWhileTooMuchIsUndelivered) {
  World world;
  world.start();
  world.ledger.board.set_outbox(std::int64_t(limits::kOutboxRows));
  world.broker.append(kWhere, reading(0));
  for (int i = 0; i < 10; ++i) world.lane.turn(world.ledger.now);
  EXPECT_TRUE(world.source.paused());
  EXPECT_EQ(world.ledger.queue.size(), 0U);
}

TEST(Lane, ReadsNothingMoreWhileTheDiskIsNearlyFull) {
  World world;
  world.start();
  const std::int64_t before = world.part().cursor->get();
  world.ledger.board.set_intake(false);
  world.broker.append(kWhere, reading(0));
  world.turn(10);
  EXPECT_TRUE(world.source.paused());
  EXPECT_EQ(world.part().cursor->get(), before);
  world.ledger.board.set_intake(true);
  world.turn(10);
  EXPECT_EQ(world.part().cursor->get(), before + 1);
}

TEST(Lane, ARevokedPartitionLeavesOnceEverythingIsDurable) {
  World world;
  world.start();
  for (int i = 0; i < 20; ++i) world.broker.append(kWhere, reading(i));
  world.lane.turn(world.ledger.now);
  world.source.revoke(kWhere);
  for (int i = 0; i < 5; ++i) world.lane.turn(world.ledger.now);
  EXPECT_TRUE(world.source.take_released().empty());  // the ledger has not said yes yet
  world.turn(10);
  EXPECT_EQ(world.source.take_released().size(), 1U);
  EXPECT_TRUE(world.part().saved.has_value());  // its state went with it
  EXPECT_EQ(world.part().saved->begun_at, *world.part().cursor);
  EXPECT_TRUE(world.lane.drained());
}

TEST(Lane, ALostPartitionIsDroppedAtOnce) {
  World world;
  world.start();
  world.source.lose(kWhere);
  world.turn(3);
  EXPECT_TRUE(world.lane.drained());
}

TEST(Lane, AStaleBatchMakesItAdoptAnew) {
  World world;
  world.start();
  for (int i = 0; i < 10; ++i) world.broker.append(kWhere, reading(i));
  world.turn(5);
  (void)world.ledger.adopt();  // somebody else took it
  for (int i = 10; i < 20; ++i) world.broker.append(kWhere, reading(i));
  world.turn(20);
  (void)world.status();
  EXPECT_GE(world.lane.status()->readopted, 1);
  EXPECT_EQ(world.part().cursor->get(), 20);
  std::int64_t at = 0;
  for (const CursorAdvance& batch : world.part().history) {
    EXPECT_EQ(batch.first.get(), at);
    at = batch.next.get();
  }
}

TEST(Lane, StandsStillWhenRecordsWereDeletedBeforeItReadThem) {
  World world;
  world.start();
  for (int i = 0; i < 10; ++i) world.broker.append(kWhere, reading(i));
  world.broker.delete_before(kWhere, Offset(8));
  world.source.lose(kWhere);
  world.turn(3);
  const std::int64_t read = world.part().cursor->get();
  ASSERT_LT(read, 8);
  world.source.assign(kWhere);
  world.turn(8);
  const PartitionStatus status = world.status();
  EXPECT_EQ(status.phase, PartitionPhase::kHalted);
  EXPECT_NE(status.detail.find("deleted"), std::string::npos);
  EXPECT_EQ(world.part().cursor->get(), read);
}

TEST(Lane, ShutdownDrainsAndTheNextLifeReobserves) {
  World world;
  world.start();
  for (int i = 0; i < 50; ++i) world.broker.append(kWhere, reading(i));
  world.turn(30);
  world.lane.begin_shutdown(world.ledger.now);
  world.turn(10);
  EXPECT_TRUE(world.lane.drained());
  ASSERT_TRUE(world.part().saved.has_value());

  support::MemorySource source(world.broker, Rng(6), {});
  Lane next(
      Lane::Setup{"next",
                  source,
                  world.ledger.queue,
                  world.ledger.board,
                  World::partition_setup(),
                  [&](const RawRecord& r, Instant now) { return world.decoder.decode(r, now); },
                  [](Instant) { return std::optional<Instant>(); },
                  {},
                  Duration(),
                  seconds(5)});
  source.assign(kWhere);
  world.broker.append(kWhere, reading(7));  // seen in the life before
  for (int i = 0; i < 20; ++i) {
    next.turn(world.ledger.now);
    world.ledger.turn();
  }
  EXPECT_EQ(world.part().cursor->get(), 51);
  EXPECT_EQ(world.part().history.back().counts[std::size_t(Disposition::kDuplicate)], 1);
}

}  // namespace
}  // namespace millwright::engine_test
