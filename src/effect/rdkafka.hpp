#pragma once
// librdkafka's C handles as owners. Owned by the dispatcher thread.

#include <librdkafka/rdkafka.h>

#include <map>
#include <memory>
#include <string>

#include "millwright/base/result.hpp"
#include "millwright/base/time.hpp"
#include "millwright/domain/ids.hpp"

namespace millwright::effect {

using Properties = std::map<std::string, std::string>;

struct ClientDeleter {
  void operator()(rd_kafka_t* p) const noexcept { rd_kafka_destroy(p); }
};
struct MetadataDeleter {
  void operator()(const rd_kafka_metadata_t* p) const noexcept { rd_kafka_metadata_destroy(p); }
};
struct ListDeleter {
  void operator()(rd_kafka_topic_partition_list_t* p) const noexcept {
    rd_kafka_topic_partition_list_destroy(p);
  }
};
struct MessageDeleter {
  void operator()(rd_kafka_message_t* p) const noexcept { rd_kafka_message_destroy(p); }
};
struct TopicDeleter {
  void operator()(rd_kafka_topic_t* p) const noexcept { rd_kafka_topic_destroy(p); }
};
using Client = std::unique_ptr<rd_kafka_t, ClientDeleter>;
using Metadata = std::unique_ptr<const rd_kafka_metadata_t, MetadataDeleter>;
using PartitionList = std::unique_ptr<rd_kafka_topic_partition_list_t, ListDeleter>;
using Message = std::unique_ptr<rd_kafka_message_t, MessageDeleter>;
using Topic = std::unique_ptr<rd_kafka_topic_t, TopicDeleter>;

using DeliveryCallback = void (*)(rd_kafka_t*, const rd_kafka_message_t*, void*);

// `fixed` wins over `properties`.
[[nodiscard]] Result<Client> make_client(rd_kafka_type_t type, const Properties& properties,
                                         const Properties& fixed, DeliveryCallback delivered);

// orch.tasks[3]@1042
[[nodiscard]] std::string place_text(const TopicPartition& where, std::int64_t offset);

}  // namespace millwright::effect
