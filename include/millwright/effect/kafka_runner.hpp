#pragma once
// The EffectRunner of kind kKafka: a transactional producer that, before it sends, fences its
// predecessor and finds what that one had sent. Owned and called by the dispatcher thread.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "millwright/base/result.hpp"
#include "millwright/base/time.hpp"
#include "millwright/engine/ports.hpp"

namespace millwright::effect {

struct KafkaRunnerConfig {
  std::string bootstrap;
  std::string transactional_id;  // <site>-millwright-relay: the same after every start
  std::string source;            // CloudEvents source of what leaves: /millwright/<site>
  // Every topic that effects go to; dead-letter topics too. All their partitions are scanned.
  std::vector<std::string> topics;
  std::map<std::string, std::string> properties;  // librdkafka's own, for access and tuning
  Duration transaction_within = seconds(15);      // longest wait for a transaction
  Duration recover_within = seconds(60);          // longest wait for the scan
};

// Health of this runner turns false, for good, when a newer process has taken over (fenced): this
// one must end.
[[nodiscard]] Result<std::unique_ptr<EffectRunner>> make_kafka_runner(
    const KafkaRunnerConfig& config);

}  // namespace millwright::effect
