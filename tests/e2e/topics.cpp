#include "e2e/topics.hpp"

#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>

#include <array>
#include <chrono>
#include <memory>
#include <set>
#include <thread>

namespace millwright::e2e {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kAnswerMs = 20'000;
constexpr auto kReadWithin = std::chrono::seconds(120);

struct ClientDeleter {
  void operator()(rd_kafka_t* p) const { rd_kafka_destroy(p); }
};
using Client = std::unique_ptr<rd_kafka_t, ClientDeleter>;

Client make_client(rd_kafka_type_t type, const std::map<std::string, std::string>& settings) {
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  std::array<char, 512> why{};
  for (const auto& [name, value] : settings) {
    EXPECT_EQ(rd_kafka_conf_set(conf, name.c_str(), value.c_str(), why.data(), why.size()),
              RD_KAFKA_CONF_OK)
        << why.data();
  }
  Client client(rd_kafka_new(type, conf, why.data(), why.size()));
  EXPECT_NE(client, nullptr) << why.data();
  return client;
}

void await_result(rd_kafka_queue_t* queue) {
  rd_kafka_event_t* event = rd_kafka_queue_poll(queue, kAnswerMs);
  ASSERT_NE(event, nullptr) << "the broker did not answer";
  EXPECT_EQ(rd_kafka_event_error(event), RD_KAFKA_RESP_ERR_NO_ERROR)
      << rd_kafka_event_error_string(event);
  rd_kafka_event_destroy(event);
}

struct Span {
  std::int64_t next = 0;
  std::int64_t end = 0;
};

std::map<TopicPartition, Span> spans_of(rd_kafka_t* client, const std::set<std::string>& names) {
  std::map<TopicPartition, Span> out;
  const rd_kafka_metadata_t* metadata = nullptr;
  EXPECT_EQ(rd_kafka_metadata(client, 1, nullptr, &metadata, kAnswerMs),
            RD_KAFKA_RESP_ERR_NO_ERROR);
  if (metadata == nullptr) return out;
  for (int t = 0; t < metadata->topic_cnt; ++t) {
    const rd_kafka_metadata_topic& topic = metadata->topics[t];
    if (names.count(topic.topic) == 0) continue;
    for (int p = 0; p < topic.partition_cnt; ++p) {
      Span& span = out[{topic.topic, topic.partitions[p].id}];
      EXPECT_EQ(rd_kafka_query_watermark_offsets(client, topic.topic, topic.partitions[p].id,
                                                 &span.next, &span.end, kAnswerMs),
                RD_KAFKA_RESP_ERR_NO_ERROR);
    }
  }
  rd_kafka_metadata_destroy(metadata);
  return out;
}

RawRecord to_record(const rd_kafka_message_t& message, const TopicPartition& where) {
  RawRecord out;
  out.position = {where, Offset(message.offset)};
  rd_kafka_timestamp_type_t kind = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
  out.broker_time = Instant() + milliseconds(rd_kafka_message_timestamp(&message, &kind));
  out.key.assign(static_cast<const char*>(message.key), message.key_len);
  out.value.assign(static_cast<const char*>(message.payload), message.len);
  out.null_value = message.payload == nullptr;
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(&message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) return out;
  const char* name = nullptr;
  const void* value = nullptr;
  std::size_t size = 0;
  for (std::size_t i = 0;
       rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR;
       ++i) {
    out.headers.emplace_back(name, std::string(static_cast<const char*>(value), size));
  }
  return out;
}

}  // namespace

void create_topics(const std::string& bootstrap, const std::map<std::string, int>& partitions) {
  const Client admin = make_client(RD_KAFKA_PRODUCER, {{"bootstrap.servers", bootstrap}});
  rd_kafka_queue_t* queue = rd_kafka_queue_new(admin.get());
  std::vector<rd_kafka_NewTopic_t*> topics;
  std::array<char, 512> why{};
  for (const auto& [name, count] : partitions) {
    topics.push_back(rd_kafka_NewTopic_new(name.c_str(), count, 1, why.data(), why.size()));
    ASSERT_NE(topics.back(), nullptr) << why.data();
  }
  rd_kafka_CreateTopics(admin.get(), topics.data(), topics.size(), nullptr, queue);
  await_result(queue);
  rd_kafka_NewTopic_destroy_array(topics.data(), topics.size());
  rd_kafka_queue_destroy(queue);
}

void delete_topics(const std::string& bootstrap, const std::vector<std::string>& names) {
  const Client admin = make_client(RD_KAFKA_PRODUCER, {{"bootstrap.servers", bootstrap}});
  rd_kafka_queue_t* queue = rd_kafka_queue_new(admin.get());
  std::vector<rd_kafka_DeleteTopic_t*> topics;
  topics.reserve(names.size());
  for (const std::string& name : names) topics.push_back(rd_kafka_DeleteTopic_new(name.c_str()));
  rd_kafka_DeleteTopics(admin.get(), topics.data(), topics.size(), nullptr, queue);
  await_result(queue);
  rd_kafka_DeleteTopic_destroy_array(topics.data(), topics.size());
  rd_kafka_queue_destroy(queue);
}

Log read_topics(const std::string& bootstrap, const std::vector<std::string>& names) {
  const Client reader = make_client(RD_KAFKA_CONSUMER, {{"bootstrap.servers", bootstrap},
                                                        {"group.id", "millwright-e2e-reader"},
                                                        {"enable.auto.commit", "false"},
                                                        {"auto.offset.reset", "error"},
                                                        {"isolation.level", "read_committed"},
                                                        {"enable.partition.eof", "true"}});
  std::map<TopicPartition, Span> spans = spans_of(reader.get(), {names.begin(), names.end()});
  rd_kafka_topic_partition_list_t* list = rd_kafka_topic_partition_list_new(int(spans.size()));
  std::size_t open = 0;
  Log out;
  for (const auto& [where, span] : spans) {
    out[where];
    rd_kafka_topic_partition_list_add(list, where.topic.c_str(), where.partition)->offset =
        span.next;
    open += span.next < span.end ? 1 : 0;
  }
  EXPECT_EQ(rd_kafka_assign(reader.get(), list), RD_KAFKA_RESP_ERR_NO_ERROR);
  rd_kafka_topic_partition_list_destroy(list);
  const auto until = Clock::now() + kReadWithin;
  while (open > 0) {
    if (Clock::now() > until) {
      ADD_FAILURE() << open << " partitions could not be read to their end";
      break;
    }
    rd_kafka_message_t* message = rd_kafka_consumer_poll(reader.get(), 100);
    if (message == nullptr) continue;
    if (message->rkt != nullptr) {
      const TopicPartition where{rd_kafka_topic_name(message->rkt), message->partition};
      Span& span = spans[where];
      const bool was_open = span.next < span.end;
      if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        out[where].push_back(to_record(*message, where));
        span.next = message->offset + 1;
      } else if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        span.next = std::max(span.next, message->offset);
      } else {
        ADD_FAILURE() << where.topic << ": " << rd_kafka_message_errstr(message);
      }
      open -= was_open && span.next >= span.end ? 1 : 0;
    }
    rd_kafka_message_destroy(message);
  }
  return out;
}

}  // namespace millwright::e2e
