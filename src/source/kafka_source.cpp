#include "millwright/source/kafka_source.hpp"

#include <algorithm>

#include "source/kafka_reader.hpp"

namespace millwright::source {

Result<std::unique_ptr<EventSource>> make_kafka_source(const KafkaSourceConfig& config) {
  if (config.bootstrap.empty()) return fail(Errc::kInvalid, "kafka.bootstrap is empty");
  if (config.topics.empty()) {
    return fail(Errc::kInvalid, "kafka.topics is empty: name at least one topic to read");
  }
  if (config.lanes < 1 || config.lane < 0 || config.lane >= config.lanes) {
    return fail(Errc::kInvalid, "lane " + std::to_string(config.lane) + " of " +
                                    std::to_string(config.lanes) + " does not exist");
  }
  KafkaSourceConfig sorted = config;
  std::sort(sorted.topics.begin(), sorted.topics.end());
  sorted.topics.erase(std::unique(sorted.topics.begin(), sorted.topics.end()), sorted.topics.end());
  auto reader = std::make_unique<KafkaReader>(std::move(sorted));
  MW_TRY(reader->open());
  return std::unique_ptr<EventSource>(std::move(reader));
}

}  // namespace millwright::source
