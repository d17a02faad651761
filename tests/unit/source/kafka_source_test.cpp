#include "millwright/source/kafka_source.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <vector>

#include "millwright/source/embedded_broker.hpp"
#include "source/rdkafka.hpp"

namespace millwright::source {
namespace {

TEST(KafkaSource, WhatCanNeverWorkIsRefusedAtOnce) {
  KafkaSourceConfig config;
  const auto refusal = [&] {
    const auto made = make_kafka_source(config);
    return made ? std::string() : made.error().message;
  };
  EXPECT_THAT(refusal(), testing::HasSubstr("kafka.bootstrap"));
  config.bootstrap = "127.0.0.1:1";
  EXPECT_THAT(refusal(), testing::HasSubstr("kafka.topics"));
  config.topics = {"erp.events"};
  config.lanes = 2;
  config.lane = 2;
  EXPECT_THAT(refusal(), testing::HasSubstr("lane 2 of 2"));
  config.lane = 1;
  config.properties = {{"no.such.setting", "1"}};
  EXPECT_THAT(refusal(), testing::HasSubstr("no.such.setting"));
}

TEST(KafkaSource, ABrokerThatIsAwayIsNoError) {
  KafkaSourceConfig config;
  config.bootstrap = "127.0.0.1:1";
  config.topics = {"erp.events"};
  config.answer_within = milliseconds(200);
  const auto source = make_kafka_source(config);
  ASSERT_TRUE(source) << source.error().message;
  const SourceEvent event = (*source)->poll(10, milliseconds(10));
  EXPECT_TRUE(std::get<Records>(event).records.empty());
  EXPECT_FALSE((*source)->connected());
  EXPECT_TRUE((*source)->lag().empty());
  const auto started = (*source)->start({"erp.events", 0}, Offset(0));
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().code, Errc::kUnavailable);
}

// A lane starts all its partitions in one turn, and must come round to hear that it is to end.
TEST(KafkaSource, ABrokerThatHasGoneIsWaitedForOnceNotForEachPartition) {
  auto broker = EmbeddedBroker::start();
  ASSERT_TRUE(broker) << broker.error().message;
  ASSERT_TRUE((*broker)->create_topic("erp.events", 20));
  KafkaSourceConfig config;
  config.bootstrap = (*broker)->bootstrap();
  config.topics = {"erp.events"};
  config.answer_within = milliseconds(300);
  const auto source = make_kafka_source(config);
  ASSERT_TRUE(source) << source.error().message;
  std::vector<TopicPartition> assigned;
  for (int i = 0; i < 400 && assigned.size() < 20; ++i) {
    const SourceEvent event = (*source)->poll(10, milliseconds(10));
    if (const auto* a = std::get_if<Assigned>(&event)) assigned.push_back(a->where);
  }
  ASSERT_EQ(assigned.size(), 20U);
  ASSERT_TRUE((*source)->start(assigned[0], std::nullopt));
  (*broker)->set_down(true);
  const auto begun = std::chrono::steady_clock::now();
  for (const TopicPartition& where : assigned) EXPECT_FALSE((*source)->start(where, std::nullopt));
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(1));

  (*broker)->set_down(false);
  std::size_t started = 0;
  for (int i = 0; i < 100 && started < assigned.size(); ++i) {
    (void)(*source)->poll(10, milliseconds(100));
    started = 0;
    for (const TopicPartition& where : assigned) {
      started += (*source)->start(where, std::nullopt) ? 1 : 0;
    }
  }
  EXPECT_EQ(started, assigned.size());
}

// librdkafka would wait for this commit, and so for the broker, as long as the process lives.
TEST(KafkaSource, AClientThatDoesNotEndIsLeftToItself) {
  auto conf = make_conf({{"bootstrap.servers", "127.0.0.1:1"}, {"group.id", "lag"}});
  ASSERT_TRUE(conf) << conf.error().message;
  std::array<char, 256> why{};
  rd_kafka_t* client = rd_kafka_new(RD_KAFKA_CONSUMER, conf->release(), why.data(), why.size());
  ASSERT_NE(client, nullptr) << why.data();
  const PartitionList list = list_of({{{"erp.events", 0}, Offset(5)}});
  ASSERT_EQ(rd_kafka_commit(client, list.get(), 1), RD_KAFKA_RESP_ERR_NO_ERROR);
  const auto begun = std::chrono::steady_clock::now();
  end_client(client, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(5));
}

}  // namespace
}  // namespace millwright::source
