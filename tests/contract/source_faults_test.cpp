// What a Kafka source does when the topic or the broker goes wrong.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <set>
#include <thread>

#include "contract/raw_produce.hpp"
#include "contract/source_fixture.hpp"

namespace millwright::contract {
namespace {

class SourceFaults : public SourceContract {};

TEST_P(SourceFaults, RecordsDeletedBeforeTheyWereReadHaltOnlyTheirPartition) {
  const std::string name = topic(2);
  fill(name, 2, 0, 200);
  const auto source = open({name});
  const TopicPartition gone{name, 0};
  const TopicPartition kept{name, 1};
  std::set<TopicPartition> started;
  ASSERT_TRUE(poll_until(*source, seconds(20), [&](SourceEvent& event) {
    const auto* assigned = std::get_if<Assigned>(&event);
    if (assigned != nullptr && source->start(assigned->where, Offset(0))) {
      started.insert(assigned->where);
    }
    return started.size() == 2;
  }));
  if (GetParam()) {
    delete_real_records(bootstrap_, name, 0, 50);
  } else {
    // More than the embedded broker keeps.
    Producer producer(bootstrap_);
    for (int i = 0; i < 7'000; ++i) producer.send(name, 0, std::string(1'024, 'x'));
    producer.flush();
  }
  std::optional<Halted> halted;
  std::size_t others = 0;
  EXPECT_TRUE(poll_until(*source, seconds(20), [&](SourceEvent& event) {
    if (const auto* h = std::get_if<Halted>(&event)) {
      EXPECT_FALSE(halted) << "said twice";
      halted = *h;
    } else if (auto* records = std::get_if<Records>(&event)) {
      for (const RawRecord& r : records->records) EXPECT_EQ(r.position.where, kept);
      others += records->records.size();
    }
    return halted && others >= 100;
  }));
  ASSERT_TRUE(halted);
  EXPECT_EQ(halted->where, gone);
  EXPECT_THAT(halted->detail, testing::HasSubstr("no longer holds offset 0"));
  // It stays so, and the others go on.
  fill(name, 2, 0, 20);
  EXPECT_TRUE(poll_until(*source, seconds(20), [&](SourceEvent& event) {
    if (auto* records = std::get_if<Records>(&event)) {
      for (const RawRecord& r : records->records) EXPECT_EQ(r.position.where, kept);
      others += records->records.size();
    } else {
      EXPECT_FALSE(std::holds_alternative<Halted>(event));
    }
    return others >= 110;
  }));
  // Only a new start frees it, at what is left.
  const auto at = source->start(gone, Offset(0));
  ASSERT_TRUE(at) << at.error().message;
  EXPECT_GT(*at, Offset(0));
  EXPECT_TRUE(poll_until(*source, seconds(20), [&](SourceEvent& event) {
    auto* records = std::get_if<Records>(&event);
    return records != nullptr && !records->records.empty() &&
           records->records.front().position == Position{gone, *at};
  }));
}

TEST_P(SourceFaults, UnreadableBatchesAreSteppedOverAndNothingGoodIsLost) {
  if (GetParam()) GTEST_SKIP() << "a real broker refuses such a batch";
  const std::string name = topic(2);
  // Readable, 37 unreadable, readable, 1 unreadable at the very end; the other partition is sound.
  fill(name, 1, 0, 10);
  produce_corrupt_batch(bootstrap_, name, 0, 37);
  fill(name, 1, 10, 25);
  produce_corrupt_batch(bootstrap_, name, 0, 1);
  {
    Producer producer(bootstrap_);
    for (int i = 0; i < 50; ++i) producer.send(name, 1, "sound");
    producer.flush();
  }
  const auto source = open({name});
  std::vector<std::int64_t> offsets;
  std::vector<std::string> values;
  std::vector<Undecodable> ranges;
  std::size_t sound = 0;
  EXPECT_TRUE(poll_until(*source, seconds(60), [&](SourceEvent& event) {
    if (const auto* assigned = std::get_if<Assigned>(&event)) {
      EXPECT_TRUE(source->start(assigned->where, std::nullopt));
    } else if (const auto* bad = std::get_if<Undecodable>(&event)) {
      ranges.push_back(*bad);
      EXPECT_EQ(bad->first.get(), offsets.empty() ? 0 : offsets.back() + 1) << "out of order";
    } else if (auto* records = std::get_if<Records>(&event)) {
      for (const RawRecord& r : records->records) {
        if (r.position.where.partition == 1) {
          ++sound;
          continue;
        }
        offsets.push_back(r.position.offset.get());
        values.push_back(r.value);
      }
    }
    return ranges.size() == 2 && offsets.size() >= 25 && sound >= 50;
  }));
  ASSERT_EQ(ranges.size(), 2U);
  EXPECT_EQ(ranges[0].first, Offset(10));
  EXPECT_EQ(ranges[0].next, Offset(47));
  EXPECT_FALSE(ranges[0].detail.empty());
  EXPECT_EQ(ranges[1].first, Offset(62));
  EXPECT_EQ(ranges[1].next, Offset(63));
  ASSERT_EQ(values.size(), 25U);
  for (int i = 0; i < 25; ++i) {
    EXPECT_EQ(values[std::size_t(i)], "v" + std::to_string(i));
    EXPECT_EQ(offsets[std::size_t(i)], i < 10 ? i : i + 37);
  }
  // What comes later is read as ever.
  fill(name, 1, 25, 26);
  const auto more = collect(*source, 1);
  EXPECT_EQ(more.at({name, 0}).front().value, "v25");
}

TEST_P(SourceFaults, ABrokerThatIsAwayIsNoticedAndNothingIsLost) {
  if (GetParam()) GTEST_SKIP() << "only the embedded broker goes down on demand";
  const std::string name = topic(1);
  fill(name, 1, 0, 100);
  const auto source = open({name});
  const std::size_t seen = collect(*source, 100).at({name, 0}).size();
  EXPECT_TRUE(source->connected());
  broker_->set_down(true);
  EXPECT_TRUE(poll_until(*source, seconds(20), [&](SourceEvent& event) {
    EXPECT_TRUE(std::get<Records>(event).records.empty());
    return !source->connected();
  }));
  broker_->set_down(false);
  fill(name, 1, 100, 150);
  const auto more = collect(*source, 50);
  const auto& records = more.at({name, 0});
  for (std::size_t i = 0; i < records.size(); ++i) {
    EXPECT_EQ(records[i].value, "v" + std::to_string(seen + i));
  }
  EXPECT_TRUE(poll_until(*source, seconds(5), [&](SourceEvent&) { return source->connected(); }));
}

INSTANTIATE_TEST_SUITE_P(Embedded, SourceFaults, testing::Values(false));
INSTANTIATE_TEST_SUITE_P(RealKafka, SourceFaults, testing::Values(true));

// ---- Consumer groups: rebalances as events ---------------------------------------------------

class SourceGroup : public SourceContract {
 protected:
  std::unique_ptr<EventSource> join(const std::string& name, const std::string& group) {
    return open({name}, [&](auto& c) {
      c.group = group;
      c.properties["session.timeout.ms"] = "6000";
      c.properties["heartbeat.interval.ms"] = "500";
      c.properties["max.poll.interval.ms"] = "6000";
    });
  }

  // What a lane does, with cursors in a map that all members share, as lanes share the ledger.
  void obey(EventSource& source, SourceEvent& event, std::set<TopicPartition>& owned) {
    if (const auto* assigned = std::get_if<Assigned>(&event)) {
      const auto cursor = next_.find(assigned->where);
      const auto from = cursor == next_.end() ? std::optional<Offset>() : cursor->second;
      const auto at = source.start(assigned->where, from);
      EXPECT_TRUE(at) << at.error().message;
      owned.insert(assigned->where);
    } else if (const auto* revoked = std::get_if<Revoked>(&event)) {
      owned.erase(revoked->where);
      source.release(revoked->where);
    } else if (const auto* lost = std::get_if<Lost>(&event)) {
      owned.erase(lost->where);
      ++lost_;
    } else if (auto* records = std::get_if<Records>(&event)) {
      for (const RawRecord& r : records->records) {
        EXPECT_EQ(owned.count(r.position.where), 1U) << "not ours";
        Offset& next = next_[r.position.where];
        EXPECT_EQ(r.position.offset, next);
        next = r.position.offset.next();
        ++seen_;
      }
    }
  }

  std::map<TopicPartition, Offset> next_;
  std::size_t seen_ = 0;
  int lost_ = 0;
};

TEST_P(SourceGroup, PartitionsMoveBetweenMembersAndEachRecordIsReadOnce) {
  const std::string name = topic(4);
  const std::string group = fresh("group");
  fill(name, 4, 0, 400);
  const auto first = join(name, group);
  std::set<TopicPartition> mine;
  ASSERT_TRUE(poll_until(*first, seconds(60), [&](SourceEvent& event) {
    obey(*first, event, mine);
    return seen_ >= 400;
  }));
  EXPECT_EQ(mine.size(), 4U);
  {
    const auto second = join(name, group);
    std::set<TopicPartition> theirs;
    const auto both = [&](const std::function<bool()>& done) {
      return poll_until(*first, seconds(90), [&](SourceEvent& event) {
        obey(*first, event, mine);
        SourceEvent other = second->poll(500, milliseconds(10));
        obey(*second, other, theirs);
        return done();
      });
    };
    EXPECT_TRUE(both([&] { return mine.size() == 2 && theirs.size() == 2; }));
    fill(name, 4, 400, 800);
    EXPECT_TRUE(both([&] { return seen_ >= 800; }));
  }
  // The second has left: everything comes back.
  fill(name, 4, 800, 1'200);
  EXPECT_TRUE(poll_until(*first, seconds(90), [&](SourceEvent& event) {
    obey(*first, event, mine);
    return seen_ >= 1'200;
  }));
  EXPECT_EQ(mine.size(), 4U);
  EXPECT_EQ(lost_, 0);
}

TEST_P(SourceGroup, APausedMemberStaysAMember) {
  const std::string name = topic(1);
  fill(name, 1, 0, 2'000);
  const auto source = join(name, fresh("group"));
  std::set<TopicPartition> mine;
  ASSERT_TRUE(poll_until(*source, seconds(60), [&](SourceEvent& event) {
    obey(*source, event, mine);
    return seen_ >= 500;
  }));
  source->set_paused(true);
  const std::size_t before = seen_;
  (void)poll_until(*source, seconds(9), [&](SourceEvent& event) {
    obey(*source, event, mine);
    return false;
  });
  EXPECT_EQ(seen_, before);
  EXPECT_EQ(mine.size(), 1U);
  source->set_paused(false);
  EXPECT_TRUE(poll_until(*source, seconds(30), [&](SourceEvent& event) {
    obey(*source, event, mine);
    return seen_ >= 2'000;
  }));
  EXPECT_EQ(lost_, 0);
}

TEST_P(SourceGroup, AMemberThatSleptLosesItsPartitionsAndGetsThemBack) {
  const std::string name = topic(2);
  fill(name, 2, 0, 100);
  const auto source = join(name, fresh("group"));
  std::set<TopicPartition> mine;
  ASSERT_TRUE(poll_until(*source, seconds(60), [&](SourceEvent& event) {
    obey(*source, event, mine);
    return seen_ >= 100;
  }));
  std::this_thread::sleep_for(std::chrono::seconds(8));
  fill(name, 2, 100, 200);
  EXPECT_TRUE(poll_until(*source, seconds(90), [&](SourceEvent& event) {
    obey(*source, event, mine);
    return seen_ >= 200;
  }));
  EXPECT_EQ(lost_, 2);
  EXPECT_EQ(mine.size(), 2U);
}

INSTANTIATE_TEST_SUITE_P(Embedded, SourceGroup, testing::Values(false));
INSTANTIATE_TEST_SUITE_P(RealKafka, SourceGroup, testing::Values(true));

}  // namespace
}  // namespace millwright::contract
