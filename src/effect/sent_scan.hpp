#pragma once
// Reads back what earlier processes of ours have sent: the scan of fence-then-scan. A function;
// called by the dispatcher thread.

#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "effect/rdkafka.hpp"
#include "millwright/domain/ids.hpp"

namespace millwright::effect {

struct SentRecord {
  EffectId id;
  TopicPartition where;
  Offset offset;
};

struct ScanRequest {
  rd_kafka_t* producer = nullptr;  // asked for what there is; its own transactions are over
  std::string bootstrap;
  std::string source;  // CloudEvents source of our records
  const Properties* properties = nullptr;
  const std::set<std::string>* topics = nullptr;
  const std::map<TopicPartition, Offset>* marks = nullptr;  // delivered up to here, inclusive
  Duration within;
  std::function<bool()> given_up;  // true: the process is to end, nobody waits for the answer
};

// Every committed record of ours behind the marks, up to the end of each partition as it is now. In
// order within a partition.
[[nodiscard]] Result<std::vector<SentRecord>> scan_sent(const ScanRequest& request);

}  // namespace millwright::effect
