// The contract of EventSource, on the embedded broker and on a real Kafka.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <set>
#include <thread>

#include "contract/source_fixture.hpp"

namespace millwright::contract {
namespace {

using std::chrono::steady_clock;

std::string number(int i) {
  return std::to_string(i);
}

TEST_P(SourceContract, HandsOutEveryRecordOfEveryPartitionInOrder) {
  const std::string name = topic(3);
  fill(name, 3, 0, 900);
  const auto source = open({name});
  const auto got = collect(*source, 900);
  ASSERT_EQ(got.size(), 3U);
  for (const auto& [where, records] : got) {
    ASSERT_EQ(records.size(), 300U);
    for (int i = 0; i < 300; ++i) {
      const RawRecord& r = records[std::size_t(i)];
      const int n = i * 3 + where.partition;
      EXPECT_EQ(r.position.offset, Offset(i));
      EXPECT_EQ(r.value, "v" + number(n));
      EXPECT_EQ(r.key, "k" + number(n));
      EXPECT_TRUE(r.broker_time.is_set());
      ASSERT_EQ(r.headers.size(), 1U);
      EXPECT_EQ(r.headers[0], std::make_pair(std::string("h"), number(n)));
    }
  }
  EXPECT_TRUE(source->connected());
  for (const auto& [where, behind] : source->lag()) EXPECT_EQ(behind, 0) << where.partition;
}

TEST_P(SourceContract, StartsExactlyAtTheGivenOffset) {
  const std::string name = topic(1);
  fill(name, 1, 0, 200);
  const auto source = open({name});
  const auto got = collect(*source, 77, Offset(123));
  EXPECT_EQ(got.begin()->second.front().position.offset, Offset(123));
  EXPECT_EQ(got.begin()->second.back().position.offset, Offset(199));
  // Started again, elsewhere: nothing of the old place comes any more.
  const TopicPartition where{name, 0};
  ASSERT_TRUE(source->start(where, Offset(40)));
  const auto again = collect(*source, 160);
  EXPECT_EQ(again.at(where).front().position.offset, Offset(40));
  EXPECT_EQ(again.at(where).size(), 160U);
}

// The marks of a transaction take up offsets, and are no records.
TEST_P(SourceContract, BehindATransactionNothingIsLeft) {
  const std::string name = topic(1);
  {
    Producer producer(bootstrap_, fresh("transaction"));
    ASSERT_EQ(rd_kafka_init_transactions(producer.client(), 20'000), nullptr);
    ASSERT_EQ(rd_kafka_begin_transaction(producer.client()), nullptr);
    for (int i = 0; i < 10; ++i) producer.send(name, 0, "v" + number(i));
    ASSERT_EQ(rd_kafka_commit_transaction(producer.client(), 20'000), nullptr);
  }
  const auto source = open({name});
  EXPECT_EQ(collect(*source, 10).begin()->second.size(), 10U);
  const TopicPartition where{name, 0};
  EXPECT_TRUE(poll_until(*source, seconds(10), [&](SourceEvent&) {
    return source->lag().at(where) == 0;
  })) << source->lag().at(where);
}

// Requests of one connection are answered in their order, and a fetch at the end of a topic waits.
TEST_P(SourceContract, AStartIsNotHeldUpByAWaitingFetch) {
  const std::string name = topic(4);
  const auto source = open({name}, [](auto& c) { c.properties = {{"fetch.wait.max.ms", "2000"}}; });
  std::vector<TopicPartition> assigned;
  ASSERT_TRUE(poll_until(*source, seconds(20), [&](SourceEvent& event) {
    if (const auto* a = std::get_if<Assigned>(&event)) assigned.push_back(a->where);
    return assigned.size() == 4;
  }));
  for (const TopicPartition& where : assigned) {
    const auto begun = steady_clock::now();
    ASSERT_TRUE(source->start(where, std::nullopt));
    EXPECT_LT(steady_clock::now() - begun, std::chrono::milliseconds(500)) << where.partition;
    // Time for the partition's fetch to begin waiting.
    (void)poll_until(*source, milliseconds(300), [](SourceEvent&) { return false; });
  }
}

TEST_P(SourceContract, LatestBeginsAtTheEnd) {
  const std::string name = topic(1);
  fill(name, 1, 0, 50);
  const auto source = open({name}, [](auto& c) { c.start = source::StartAt::kLatest; });
  std::optional<Offset> began;
  ASSERT_TRUE(poll_until(*source, seconds(20), [&](SourceEvent& event) {
    if (const auto* assigned = std::get_if<Assigned>(&event)) {
      const auto at = source->start(assigned->where, std::nullopt);
      if (at) began = at.value();
    }
    return began.has_value();
  }));
  EXPECT_EQ(*began, Offset(50));
  fill(name, 1, 50, 60);
  const auto got = collect(*source, 10);
  EXPECT_EQ(got.begin()->second.front().value, "v50");
}

TEST_P(SourceContract, PausingAndResumingLosesAndDoublesNothing) {
  const std::string name = topic(2);
  fill(name, 2, 0, 4'000);
  const auto source = open({name});
  std::map<TopicPartition, std::int64_t> next;
  std::size_t seen = 0;
  int round = 0;
  const auto take = [&](SourceEvent& event) {
    if (const auto* assigned = std::get_if<Assigned>(&event)) {
      EXPECT_TRUE(source->start(assigned->where, std::nullopt));
    } else if (auto* records = std::get_if<Records>(&event)) {
      for (const RawRecord& r : records->records) {
        EXPECT_EQ(r.position.offset.get(), next[r.position.where]++);
      }
      seen += records->records.size();
    }
    return seen >= 4'000;
  };
  const auto until = steady_clock::now() + std::chrono::seconds(40);
  while (seen < 4'000 && steady_clock::now() < until) {
    SourceEvent event = source->poll(100, milliseconds(20));
    (void)take(event);
    source->set_paused(true);
    const int paused_ms = ++round % 8 == 0 ? 700 : 5;
    const auto resume = steady_clock::now() + std::chrono::milliseconds(paused_ms);
    while (steady_clock::now() < resume) {
      SourceEvent held = source->poll(100, milliseconds(5));
      if (auto* records = std::get_if<Records>(&held)) {
        EXPECT_TRUE(records->records.empty());
      } else {
        (void)take(held);
      }
    }
    source->set_paused(false);
  }
  EXPECT_EQ(seen, 4'000U) << testing::PrintToString(source->lag());
}

TEST_P(SourceContract, APlaceBehindTheEndIsRefusedAndOneBeforeTheBeginningIsMoved) {
  const std::string name = topic(1);
  fill(name, 1, 0, 10);
  const auto source = open({name});
  bool checked = false;
  ASSERT_TRUE(poll_until(*source, seconds(20), [&](SourceEvent& event) {
    const auto* assigned = std::get_if<Assigned>(&event);
    if (assigned == nullptr) return false;
    const auto at = source->start(assigned->where, Offset(1'000));
    EXPECT_FALSE(at);
    if (!at) {
      EXPECT_EQ(at.error().code, Errc::kInvalid);
      EXPECT_THAT(at.error().message, testing::HasSubstr("ends at offset 10"));
    }
    const auto end = source->start(assigned->where, Offset(10));
    EXPECT_TRUE(end);
    checked = true;
    return true;
  }));
  EXPECT_TRUE(checked);
}

TEST_P(SourceContract, LanesShareThePartitions) {
  const std::string name = topic(4);
  fill(name, 4, 0, 400);
  std::set<TopicPartition> all;
  for (int lane = 0; lane < 2; ++lane) {
    const auto source = open({name}, [&](auto& c) { c.lane = lane, c.lanes = 2; });
    const auto got = collect(*source, 200);
    EXPECT_EQ(got.size(), 2U);
    for (const auto& [where, records] : got) EXPECT_TRUE(all.insert(where).second);
  }
  EXPECT_EQ(all.size(), 4U);
}

TEST_P(SourceContract, ATopicThatComesLaterIsNoticed) {
  const std::string early = topic(1);
  const std::string late = fresh("late");
  const auto source = open({early, late}, [](auto& c) { c.discover_every = milliseconds(200); });
  (void)poll_until(*source, milliseconds(600), [&](SourceEvent& event) {
    // The embedded broker makes a topic when it is asked for it.
    const auto* assigned = std::get_if<Assigned>(&event);
    if (assigned == nullptr) return false;
    EXPECT_TRUE(source->start(assigned->where, std::nullopt));
    return false;
  });
  if (GetParam()) {
    create_real_topic(bootstrap_, late, 1);
  } else {
    ASSERT_TRUE(broker_->create_topic(late, 1));
  }
  fill(late, 1, 0, 5);
  const auto got = collect(*source, 5);
  EXPECT_EQ(got.count(TopicPartition{late, 0}), 1U);
}

TEST_P(SourceContract, CourtesyCommitsAndReleaseAreHarmless) {
  const std::string name = topic(2);
  fill(name, 2, 0, 100);
  const auto source = open({name}, [&](auto& c) { c.lag_group = fresh("lag"); });
  const auto got = collect(*source, 100);
  source->courtesy_commit({name, 0}, Offset(50));
  source->release({name, 0});
  fill(name, 2, 100, 200);
  const auto more = collect(*source, 50);
  EXPECT_EQ(more.count(TopicPartition{name, 0}), 0U);
  EXPECT_EQ(more.at(TopicPartition{name, 1}).front().position.offset, Offset(50));
}

INSTANTIATE_TEST_SUITE_P(Embedded, SourceContract, testing::Values(false));
INSTANTIATE_TEST_SUITE_P(RealKafka, SourceContract, testing::Values(true));

}  // namespace
}  // namespace millwright::contract
