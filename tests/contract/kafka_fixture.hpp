#pragma once
// What the contract tests share: a broker that is embedded or real, topics of their own, a producer
// and plain readings of a topic. Owned by one test.

#include <librdkafka/rdkafka.h>

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "millwright/domain/event.hpp"
#include "millwright/engine/ports.hpp"
#include "millwright/source/embedded_broker.hpp"
#include "millwright/source/kafka_source.hpp"

namespace millwright::contract {

// "" with the reason why the test is skipped, if there is no real Kafka and none is demanded.
[[nodiscard]] std::string real_bootstrap();

// A name no other run has used.
[[nodiscard]] std::string fresh(const std::string& stem);

class Producer {
 public:
  explicit Producer(const std::string& bootstrap, const std::string& transactional_id = "");
  ~Producer();
  Producer(const Producer&) = delete;
  Producer& operator=(const Producer&) = delete;

  void send(const std::string& topic, int partition, const std::string& value,
            const std::string& key = "",
            const std::vector<std::pair<std::string, std::string>>& headers = {});
  void flush();
  [[nodiscard]] rd_kafka_t* client() const { return client_; }

 private:
  rd_kafka_t* client_;
};

// Creates the topic on a real broker (admin API); waits until it is there.
void create_real_topic(const std::string& bootstrap, const std::string& name, int partitions,
                       const std::vector<std::pair<std::string, std::string>>& config = {});
// Deletes all records before `offset` of a partition of a real broker.
void delete_real_records(const std::string& bootstrap, const std::string& topic, int partition,
                         std::int64_t offset);

// Reads a whole topic as it is now: every record, aborted ones left out where the broker can.
[[nodiscard]] std::vector<RawRecord> read_all(const std::string& bootstrap,
                                              const std::string& topic);

// Polls until `done` says so or the time is up; false: time was up.
bool poll_until(EventSource& source, Duration at_most,
                const std::function<bool(SourceEvent&)>& done);

// Settings that make tests quick: the embedded broker does not wake a waiting fetch.
[[nodiscard]] std::map<std::string, std::string> quick_properties();

}  // namespace millwright::contract
