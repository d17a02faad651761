#include "millwright/source/kafka_source.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

}  // namespace
}  // namespace millwright::source
