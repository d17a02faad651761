// The contract of the Kafka runner, on the embedded broker and on a real Kafka.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <functional>
#include <map>
#include <thread>

#include "contract/kafka_fixture.hpp"
#include "millwright/base/rng.hpp"
#include "millwright/effect/kafka_runner.hpp"
#include "support/child.hpp"

namespace millwright::contract {
namespace {

constexpr std::string_view kSource = "/millwright/test";

Effect an_effect(const std::string& id, const std::string& topic) {
  Effect out;
  out.id = EffectId(id);
  out.target = topic;
  out.key = "P-101";
  out.type = "com.acme.orch.task.proposed.v1";
  out.body = R"({"taskId":"t-1"})";
  out.task = TaskId("t-1");
  return out;
}

std::string header(const RawRecord& record, std::string_view name) {
  for (const auto& [key, value] : record.headers) {
    if (key == name) return value;
  }
  return "";
}

std::map<std::string, int> ids_in(const std::vector<RawRecord>& records) {
  std::map<std::string, int> out;
  for (const RawRecord& record : records) ++out[header(record, "ce_id")];
  return out;
}

class KafkaRunnerContract : public testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    if (GetParam()) {
      bootstrap_ = real_bootstrap();
      if (!bootstrap_.empty()) return;
      if (std::getenv("MILLWRIGHT_REQUIRE_KAFKA") != nullptr) {
        FAIL() << "no Kafka: MILLWRIGHT_KAFKA_BOOTSTRAP is not set";
      }
      GTEST_SKIP() << "no Kafka: scripts/test --kafka starts one";
    }
    broker_ = std::make_unique<support::Child>(std::vector<std::string>{MILLWRIGHT_MOCK_BROKER});
    bootstrap_ = broker_->read_line();
    ASSERT_FALSE(bootstrap_.empty());
  }

  std::string topic(int partitions) {
    const std::string name = fresh("relay");
    if (GetParam()) {
      create_real_topic(bootstrap_, name, partitions);
    } else {
      tell("topic " + name + " " + std::to_string(partitions));
    }
    return name;
  }
  void tell(const std::string& line) {
    broker_->write_line(line);
    ASSERT_EQ(broker_->read_line(), "ok") << line;
  }

  std::unique_ptr<EffectRunner> open(const std::string& id,
                                     const std::vector<std::string>& topics) {
    effect::KafkaRunnerConfig config;
    config.bootstrap = bootstrap_;
    config.transactional_id = id;
    config.source = kSource;
    config.topics = topics;
    config.properties = quick_properties();
    auto made = effect::make_kafka_runner(config);
    EXPECT_TRUE(made) << made.error().message;
    return *std::move(made);
  }

  std::unique_ptr<support::Child> broker_;
  std::string bootstrap_;
};

TEST_P(KafkaRunnerContract, AtTheEndABrokerThatIsAwayIsNotWaitedFor) {
  if (GetParam()) GTEST_SKIP() << "a shared Kafka is not taken away";
  const std::string name = topic(4);
  const auto ends_soon = [](EffectRunner& runner, const std::function<void()>& call) {
    const auto begun = std::chrono::steady_clock::now();
    std::thread end([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(300));
      runner.give_up();
    });
    call();
    end.join();
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::milliseconds(2'600));
  };
  const auto sends = open(fresh("id"), {name});
  ASSERT_TRUE(sends->recover({}));
  const auto recovers = open(fresh("id"), {name});
  tell("down");
  ends_soon(*recovers, [&] { EXPECT_FALSE(recovers->recover({})); });
  ends_soon(*sends, [&] {
    EXPECT_EQ(sends->perform({an_effect("e1", name)}, Instant(1)).at(0).outcome,
              EffectOutcome::kRetryLater);
  });
  tell("up");
  // Given up is given up: the next process sends it.
  EXPECT_EQ(sends->perform({an_effect("e1", name)}, Instant(1)).at(0).outcome,
            EffectOutcome::kRetryLater);
  EXPECT_TRUE(read_all(bootstrap_, name).empty());
}

TEST_P(KafkaRunnerContract, SendsInOrderAndSaysWhere) {
  const std::string name = topic(1);
  const auto runner = open(fresh("id"), {name});
  const auto found = runner->recover({});
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_TRUE(found->empty());
  EXPECT_TRUE(runner->healthy());
  EXPECT_FALSE(runner->announces_attempts());
  std::vector<Effect> effects;
  for (int i = 0; i < 600; ++i) effects.push_back(an_effect("e" + std::to_string(i), name));
  const auto reports = runner->perform(effects, Instant(1'000'000'000));
  ASSERT_EQ(reports.size(), 600U);
  const auto records = read_all(bootstrap_, name);
  ASSERT_EQ(records.size(), 600U);
  for (std::size_t i = 0; i < 600; ++i) {
    EXPECT_EQ(reports[i].id, effects[i].id);
    ASSERT_EQ(reports[i].outcome, EffectOutcome::kDelivered) << reports[i].detail;
    EXPECT_EQ(reports[i].external_number,
              name + "[0]@" + std::to_string(records[i].position.offset.get()));
    EXPECT_EQ(header(records[i], "ce_id"), effects[i].id.str());
    EXPECT_EQ(header(records[i], "ce_source"), kSource);
    EXPECT_EQ(records[i].key, "P-101");
    EXPECT_EQ(records[i].value, effects[i].body);
  }
}

TEST_P(KafkaRunnerContract, FindsWhatAnEarlierProcessSentWithoutMarkingIt) {
  const std::string name = topic(3);
  const std::string id = fresh("id");
  std::map<TopicPartition, Offset> marks;
  {
    const auto first = open(id, {name});
    const auto clean = first->recover({});
    ASSERT_TRUE(clean) << clean.error().message;
    (void)first->perform({an_effect("a", name), an_effect("b", name)}, Instant(1));
  }
  const auto second = open(id, {name});
  const auto found = second->recover(marks);
  ASSERT_TRUE(found) << found.error().message;
  ASSERT_EQ(found->size(), 2U);
  EXPECT_EQ((*found)[0].id, EffectId("a"));
  EXPECT_EQ((*found)[0].outcome, EffectOutcome::kDelivered);
  // Even an effect that is asked for again is not sent again.
  const auto reports = second->perform({an_effect("b", name), an_effect("c", name)}, Instant(2));
  ASSERT_EQ(reports.size(), 2U);
  EXPECT_EQ(reports[0].outcome, EffectOutcome::kDelivered);
  EXPECT_EQ(reports[0].external_number, (*found)[1].external_number);
  EXPECT_EQ(reports[1].outcome, EffectOutcome::kDelivered);
  EXPECT_EQ(read_all(bootstrap_, name).size(), 3U);
  // What is marked is not reported again.
  for (const RawRecord& r : read_all(bootstrap_, name)) marks[r.position.where] = r.position.offset;
  const auto third = open(id, {name});
  const auto nothing = third->recover(marks);
  ASSERT_TRUE(nothing);
  EXPECT_TRUE(nothing->empty());
}

TEST_P(KafkaRunnerContract, DeadLettersKeepTheirBytesAndAreFoundToo) {
  const std::string name = topic(1);
  const std::string id = fresh("id");
  Effect letter = an_effect("dead-1", name);
  letter.type.clear();
  letter.body = std::string("\xFF\x00\x01", 3);
  letter.headers = {{"x-error", "not JSON"}};
  {
    const auto runner = open(id, {name});
    ASSERT_TRUE(runner->recover({}));
    ASSERT_EQ(runner->perform({letter}, Instant(1))[0].outcome, EffectOutcome::kDelivered);
  }
  const auto records = read_all(bootstrap_, name);
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].value, letter.body);
  EXPECT_EQ(header(records[0], "x-error"), "not JSON");
  const auto found = open(id, {name})->recover({});
  ASSERT_TRUE(found);
  ASSERT_EQ(found->size(), 1U);
  EXPECT_EQ((*found)[0].id, letter.id);
}

TEST_P(KafkaRunnerContract, ATopicThatWasNotNamedIsScannedBeforeTheFirstRecordGoesThere) {
  const std::string named = topic(1);
  const std::string other = topic(1);
  const std::string id = fresh("id");
  {
    const auto first = open(id, {named, other});
    ASSERT_TRUE(first->recover({}));
    (void)first->perform({an_effect("a", other)}, Instant(1));
  }
  const auto second = open(id, {named});
  ASSERT_TRUE(second->recover({}));
  const auto reports = second->perform({an_effect("a", other)}, Instant(2));
  EXPECT_EQ(reports[0].outcome, EffectOutcome::kDelivered);
  EXPECT_EQ(read_all(bootstrap_, other).size(), 1U);
}

TEST_P(KafkaRunnerContract, WhatTheBrokerNeverTakesIsRefusedAndTheOthersGo) {
  const std::string name = topic(1);
  const auto runner = open(fresh("id"), {name});
  ASSERT_TRUE(runner->recover({}));
  Effect big = an_effect("big", name);
  big.body.assign(3'000'000, 'x');
  const auto reports =
      runner->perform({an_effect("a", name), big, an_effect("b", name)}, Instant(1));
  ASSERT_EQ(reports.size(), 3U);
  EXPECT_EQ(reports[0].outcome, EffectOutcome::kDelivered) << reports[0].detail;
  EXPECT_EQ(reports[1].outcome, EffectOutcome::kRefused);
  EXPECT_EQ(reports[2].outcome, EffectOutcome::kDelivered) << reports[2].detail;
}

// Killed again and again between sending and marking: nothing is lost, nothing is there twice.
TEST_P(KafkaRunnerContract, KilledAnywhereItSendsEachEffectOnce) {
  const std::string name = topic(2);
  const std::string id = fresh("id");
  // A real broker is quick: more to do, so that kills hit work.
  const int count_all = GetParam() ? 8'000 : 400;
  const auto marks = std::filesystem::temp_directory_path() / fresh("marks");
  if (!GetParam()) tell("rtt 60");
  const std::vector<std::string> command = {MILLWRIGHT_RELAY_CHILD,    bootstrap_,    id, name,
                                            std::to_string(count_all), marks.string()};
  Rng rng(20'260'302);
  const std::int64_t shortest = GetParam() ? 100 : 500;
  int killed = 0;
  int code = -1;
  for (int round = 0; round < 60 && code != 0; ++round) {
    support::Child child(command);
    code = child.wait(milliseconds(round < 12 ? shortest + std::int64_t(rng.below(900)) : 60'000));
    if (code == -1) {
      child.kill();
      EXPECT_LT(child.wait(seconds(10)), 0);
      ++killed;
    }
  }
  EXPECT_EQ(code, 0);
  EXPECT_GE(killed, 6);
  if (!GetParam()) tell("rtt 0");
  const auto ids = ids_in(read_all(bootstrap_, name));
  EXPECT_EQ(ids.size(), std::size_t(count_all));
  for (const auto& [each, count] : ids) EXPECT_EQ(count, 1) << each;
  std::filesystem::remove(marks);
}

TEST_P(KafkaRunnerContract, ABrokerThatComesBackGetsEachEffectOnce) {
  if (GetParam()) GTEST_SKIP() << "only the embedded broker goes down on demand";
  const std::string name = topic(1);
  const auto runner = open(fresh("id"), {name});
  ASSERT_TRUE(runner->recover({}));
  ASSERT_EQ(runner->perform({an_effect("a", name)}, Instant(1))[0].outcome,
            EffectOutcome::kDelivered);
  tell("down");
  std::jthread up([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(1'500));
    tell("up");
  });
  bool delivered = false;
  for (int i = 0; i < 20 && !delivered; ++i) {
    const auto reports = runner->perform({an_effect("b", name)}, Instant(2));
    delivered = reports[0].outcome == EffectOutcome::kDelivered;
  }
  up.join();
  EXPECT_TRUE(delivered);
  EXPECT_EQ(read_all(bootstrap_, name).size(), 2U);
}

TEST_P(KafkaRunnerContract, AFencedRunnerStopsForGood) {
  const std::string name = topic(1);
  const std::string id = fresh("id");
  const auto old = open(id, {name});
  ASSERT_TRUE(old->recover({}));
  ASSERT_EQ(old->perform({an_effect("a", name)}, Instant(1))[0].outcome, EffectOutcome::kDelivered);
  const auto next = open(id, {name});
  if (GetParam()) {
    ASSERT_TRUE(next->recover({}));
  } else {
    tell("errors 26 90");  // EndTxn answers PRODUCER_FENCED: the embedded broker fences nobody
                           // itself
  }
  const auto reports = old->perform({an_effect("zombie", name)}, Instant(2));
  EXPECT_EQ(reports[0].outcome, EffectOutcome::kRetryLater) << reports[0].detail;
  EXPECT_FALSE(old->healthy());
  EXPECT_EQ(old->perform({an_effect("zombie-2", name)}, Instant(3))[0].outcome,
            EffectOutcome::kRetryLater);
  const auto again = old->recover({});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Errc::kDenied);
  if (!GetParam()) return;
  EXPECT_EQ(next->perform({an_effect("b", name)}, Instant(4))[0].outcome,
            EffectOutcome::kDelivered);
  const auto ids = ids_in(read_all(bootstrap_, name));
  EXPECT_EQ(ids.size(), 2U);
  EXPECT_EQ(ids.count("zombie"), 0U);
}

INSTANTIATE_TEST_SUITE_P(Embedded, KafkaRunnerContract, testing::Values(false));
INSTANTIATE_TEST_SUITE_P(RealKafka, KafkaRunnerContract, testing::Values(true));

}  // namespace
}  // namespace millwright::contract
