#pragma once
// Kafka as an EventSource, over librdkafka. Owned and called by one lane thread.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "millwright/base/limits.hpp"
#include "millwright/base/result.hpp"
#include "millwright/base/time.hpp"
#include "millwright/engine/ports.hpp"

namespace millwright::source {

enum class StartAt { kEarliest, kLatest };

struct KafkaSourceConfig {
  std::string bootstrap;
  std::vector<std::string> topics;
  std::map<std::string, std::string> properties;  // librdkafka's own, for access and tuning
  std::size_t read_ahead = limits::kReadAhead;    // bytes the client holds ready; 1 KB to 2 GB
  // Partitions are dealt out to the lanes by number; every lane has a source of its own. Not used
  // in a group, where the broker deals.
  int lane = 0;
  int lanes = 1;
  StartAt start = StartAt::kEarliest;  // of a partition that was never read
  // "": partitions are assigned by ourselves, at our own offsets, and never taken away. Otherwise
  // the consumer group whose broker assigns and revokes them.
  std::string group;
  std::string lag_group = "millwright";  // courtesy commits go to it when there is no group
  Duration discover_every = seconds(5);  // looks for new partitions; not in a group
  Duration answer_within = seconds(3);   // longest wait of start() for the broker
};

// Refuses what can never work (no topics, a wrong property). A broker that is away is no error:
// partitions are announced once it answers.
[[nodiscard]] Result<std::unique_ptr<EventSource>> make_kafka_source(
    const KafkaSourceConfig& config);

}  // namespace millwright::source
