#pragma once
// SourceContract: a fixture with a broker, topics and Kafka sources. Owned by one test.

#include <gtest/gtest.h>

#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "contract/kafka_fixture.hpp"

namespace millwright::contract {

// True: against a real Kafka.
class SourceContract : public testing::TestWithParam<bool> {
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
    auto broker = source::EmbeddedBroker::start();
    ASSERT_TRUE(broker) << broker.error().message;
    broker_ = *std::move(broker);
    bootstrap_ = broker_->bootstrap();
  }

  std::string topic(int partitions) {
    const std::string name = fresh("source");
    if (GetParam()) {
      create_real_topic(bootstrap_, name, partitions);
    } else {
      EXPECT_TRUE(broker_->create_topic(name, partitions));
    }
    return name;
  }

  std::unique_ptr<EventSource> open(
      const std::vector<std::string>& topics,
      const std::function<void(source::KafkaSourceConfig&)>& change = [](auto&) {}) {
    source::KafkaSourceConfig config;
    config.bootstrap = bootstrap_;
    config.topics = topics;
    config.properties = quick_properties();
    change(config);
    auto made = source::make_kafka_source(config);
    EXPECT_TRUE(made) << made.error().message;
    return *std::move(made);
  }

  void fill(const std::string& name, int partitions, int from, int to) {
    Producer producer(bootstrap_);
    for (int i = from; i < to; ++i) {
      producer.send(name, i % partitions, "v" + std::to_string(i), "k" + std::to_string(i),
                    {{"h", std::to_string(i)}});
    }
    producer.flush();
  }

  // Starts what is assigned at `from` and collects records until there are `count`.
  std::map<TopicPartition, std::vector<RawRecord>> collect(EventSource& source, std::size_t count,
                                                           std::optional<Offset> from = {}) {
    std::map<TopicPartition, std::vector<RawRecord>> out;
    std::size_t seen = 0;
    EXPECT_TRUE(poll_until(source, seconds(30),
                           [&](SourceEvent& event) {
                             if (const auto* assigned = std::get_if<Assigned>(&event)) {
                               const auto at = source.start(assigned->where, from);
                               EXPECT_TRUE(at) << at.error().message;
                             } else if (auto* records = std::get_if<Records>(&event)) {
                               for (RawRecord& r : records->records)
                                 out[r.position.where].push_back(std::move(r));
                               seen += records->records.size();
                             }
                             return seen >= count;
                           }))
        << "got " << seen << " of " << count;
    return out;
  }

  std::unique_ptr<source::EmbeddedBroker> broker_;
  std::string bootstrap_;
};

}  // namespace millwright::contract
