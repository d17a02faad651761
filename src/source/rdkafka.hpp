#pragma once
// librdkafka's C handles as owners, and the few calls the Kafka source needs of them. Owned by one
// lane thread.

#include <librdkafka/rdkafka.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "millwright/base/result.hpp"
#include "millwright/base/time.hpp"
#include "millwright/domain/event.hpp"
#include "millwright/domain/ids.hpp"

namespace millwright::source {

// Destroys the client, waiting 2 s for its threads at most. One that goes on (librdkafka waits for
// offset commits that wait for a broker, and once it is ending it no longer connects to any) is
// left to itself, with a warning: so call it where the process is about to end.
void end_client(rd_kafka_t* client, int flags) noexcept;

struct ClientDeleter {
  void operator()(rd_kafka_t* p) const noexcept { end_client(p, 0); }
};
struct ConfDeleter {
  void operator()(rd_kafka_conf_t* p) const noexcept { rd_kafka_conf_destroy(p); }
};
struct TopicDeleter {
  void operator()(rd_kafka_topic_t* p) const noexcept { rd_kafka_topic_destroy(p); }
};
struct ListDeleter {
  void operator()(rd_kafka_topic_partition_list_t* p) const noexcept {
    rd_kafka_topic_partition_list_destroy(p);
  }
};
struct MetadataDeleter {
  void operator()(const rd_kafka_metadata_t* p) const noexcept { rd_kafka_metadata_destroy(p); }
};
struct MessageDeleter {
  void operator()(rd_kafka_message_t* p) const noexcept { rd_kafka_message_destroy(p); }
};
using Client = std::unique_ptr<rd_kafka_t, ClientDeleter>;
using Conf = std::unique_ptr<rd_kafka_conf_t, ConfDeleter>;
using Topic = std::unique_ptr<rd_kafka_topic_t, TopicDeleter>;
using PartitionList = std::unique_ptr<rd_kafka_topic_partition_list_t, ListDeleter>;
using Metadata = std::unique_ptr<const rd_kafka_metadata_t, MetadataDeleter>;
using Message = std::unique_ptr<rd_kafka_message_t, MessageDeleter>;

// Later settings win.
using Settings = std::vector<std::pair<std::string, std::string>>;
[[nodiscard]] Result<Conf> make_conf(const Settings& settings);

// librdkafka's own messages go to our log; its repetitions about a broker that is away are debug.
void log_to_ours(rd_kafka_conf_t* conf);

[[nodiscard]] PartitionList list_of(const std::vector<std::pair<TopicPartition, Offset>>& places);

struct Watermarks {
  Offset low;
  Offset high;
};
[[nodiscard]] Result<Watermarks> ask_watermarks(rd_kafka_t* client, const TopicPartition& where,
                                                Duration within);

// The record as it lay in the topic; the message stays its owner's.
[[nodiscard]] RawRecord to_record(const rd_kafka_message_t& message, const TopicPartition& where);

}  // namespace millwright::source
