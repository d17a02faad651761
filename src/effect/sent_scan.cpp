#include "effect/sent_scan.hpp"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <thread>

#include "millwright/codec/encode.hpp"

namespace millwright::effect {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kAskMs = 500;  // one question; repeated until kAskWithin
constexpr auto kAskWithin = std::chrono::seconds(10);
constexpr int kPollMs = 100;

struct Span {
  std::int64_t next = 0;
  std::int64_t end = 0;
};

Error unavailable(const std::string& what, rd_kafka_resp_err_t error) {
  return fail(Errc::kUnavailable, what + ": " + rd_kafka_err2str(error));
}

// A topic that was just made may have no leader yet.
bool passes(rd_kafka_resp_err_t error) {
  return error == RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE ||
         error == RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION ||
         error == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART ||
         error == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION;
}

// Asks again while an answer may still come.
template <class Question>
rd_kafka_resp_err_t ask(const ScanRequest& request, Question question) {
  const auto deadline = Clock::now() + kAskWithin;
  while (true) {
    const rd_kafka_resp_err_t error = question();
    const bool silent =
        error == RD_KAFKA_RESP_ERR__TIMED_OUT || error == RD_KAFKA_RESP_ERR__TRANSPORT;
    if (!(silent || passes(error)) || Clock::now() > deadline || request.given_up()) return error;
    if (!silent) std::this_thread::sleep_for(std::chrono::milliseconds(kPollMs));
  }
}

Result<std::vector<TopicPartition>> partitions_of(const ScanRequest& request) {
  std::vector<TopicPartition> out;
  for (const std::string& name : *request.topics) {
    const Topic topic(rd_kafka_topic_new(request.producer, name.c_str(), nullptr));
    if (!topic) return fail(Errc::kInvalid, "Kafka topic '" + name + "' has a bad name");
    const rd_kafka_metadata_t* raw = nullptr;
    const rd_kafka_resp_err_t error = ask(
        request, [&] { return rd_kafka_metadata(request.producer, 0, topic.get(), &raw, kAskMs); });
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
      return unavailable("the broker did not say which partitions " + name + " has", error);
    }
    const Metadata metadata(raw);
    // A topic that does not exist yet holds nothing.
    for (int t = 0; t < metadata->topic_cnt; ++t) {
      for (int p = 0; p < metadata->topics[t].partition_cnt; ++p) {
        out.push_back({metadata->topics[t].topic, metadata->topics[t].partitions[p].id});
      }
    }
  }
  return out;
}

// Through the question for a time, since the one for watermarks goes on waiting for a broker that
// is away.
rd_kafka_resp_err_t ask_place(const ScanRequest& request, const TopicPartition& where,
                              std::int64_t which, std::int64_t* place) {
  const PartitionList list(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_t* asked =
      rd_kafka_topic_partition_list_add(list.get(), where.topic.c_str(), where.partition);
  return ask(request, [&] {
    asked->offset = which;
    const rd_kafka_resp_err_t error =
        rd_kafka_offsets_for_times(request.producer, list.get(), kAskMs);
    *place = asked->offset;
    return error == RD_KAFKA_RESP_ERR_NO_ERROR ? asked->err : error;
  });
}

Result<Span> ask_span(const ScanRequest& request, const TopicPartition& where) {
  Span span;
  rd_kafka_resp_err_t error = ask_place(request, where, RD_KAFKA_OFFSET_BEGINNING, &span.next);
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) {
    error = ask_place(request, where, RD_KAFKA_OFFSET_END, &span.end);
  }
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return span;
  return unavailable("the broker did not say what " + where.topic + " holds", error);
}

// What of each partition has to be read; partitions without anything new are left out.
Result<std::map<TopicPartition, Span>> spans_of(const ScanRequest& request) {
  const Result<std::vector<TopicPartition>> partitions = partitions_of(request);
  if (!partitions) return partitions.error();
  std::map<TopicPartition, Span> out;
  for (const TopicPartition& where : *partitions) {
    Result<Span> span = ask_span(request, where);
    if (!span) return span.error();
    const auto mark = request.marks->find(where);
    if (mark != request.marks->end()) span->next = std::max(span->next, mark->second.get() + 1);
    if (span->next < span->end) out[where] = *span;
  }
  return out;
}

std::string_view header_of(const rd_kafka_headers_t* headers, std::string_view name) {
  const void* value = nullptr;
  std::size_t size = 0;
  const std::string text(name);
  if (rd_kafka_header_get_last(headers, text.c_str(), &value, &size) !=
      RD_KAFKA_RESP_ERR_NO_ERROR) {
    return {};
  }
  return {static_cast<const char*>(value), size};
}

// The effect that a record was sent for; empty if it is none of ours.
EffectId effect_of(const rd_kafka_message_t& message, std::string_view source) {
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(&message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) return {};
  const std::string_view own = header_of(headers, codec::kEffectHeader);
  if (!own.empty()) return EffectId(own);
  if (header_of(headers, "ce_source") != source) return {};
  return EffectId(header_of(headers, "ce_id"));
}

Result<Client> open_reader(const ScanRequest& request,
                           const std::map<TopicPartition, Span>& spans) {
  Result<Client> client = make_client(RD_KAFKA_CONSUMER, *request.properties,
                                      {{"bootstrap.servers", request.bootstrap},
                                       {"group.id", "millwright-relay"},
                                       {"client.id", "millwright-relay-scan"},
                                       {"enable.auto.commit", "false"},
                                       {"enable.auto.offset.store", "false"},
                                       {"auto.offset.reset", "error"},
                                       {"isolation.level", "read_committed"},
                                       {"enable.partition.eof", "true"},
                                       {"check.crcs", "true"}},
                                      nullptr);
  if (!client) return client.error();
  const PartitionList list(rd_kafka_topic_partition_list_new(int(spans.size())));
  for (const auto& [where, span] : spans) {
    rd_kafka_topic_partition_list_add(list.get(), where.topic.c_str(), where.partition)->offset =
        span.next;
  }
  const rd_kafka_resp_err_t error = rd_kafka_assign(client->get(), list.get());
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return unavailable("the scan could not begin", error);
  return client;
}

}  // namespace

Result<std::vector<SentRecord>> scan_sent(const ScanRequest& request) {
  Result<std::map<TopicPartition, Span>> spans = spans_of(request);
  if (!spans) return spans.error();
  std::vector<SentRecord> out;
  if (spans->empty()) return out;
  const Result<Client> reader = open_reader(request, *spans);
  if (!reader) return reader.error();
  const auto deadline = Clock::now() + std::chrono::nanoseconds(request.within.ns());
  std::size_t open = spans->size();
  while (open > 0) {
    if (request.given_up()) return fail(Errc::kUnavailable, "the scan was not finished");
    if (Clock::now() > deadline) {
      return fail(Errc::kUnavailable,
                  "what was sent before could not be read back in time; is a transaction of "
                  "another producer left open in our topics?");
    }
    const Message message(rd_kafka_consumer_poll(reader->get(), kPollMs));
    if (!message || message->rkt == nullptr) continue;
    const TopicPartition where{rd_kafka_topic_name(message->rkt), message->partition};
    const auto at = spans->find(where);
    if (at == spans->end()) continue;
    Span& span = at->second;
    const bool was_open = span.next < span.end;
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
      const EffectId id = effect_of(*message, request.source);
      if (!id.empty()) out.push_back({id, where, Offset(message->offset)});
      span.next = message->offset + 1;
    } else if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
      span.next = std::max(span.next, message->offset);
    } else if (message->err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET) {
      return unavailable(where.topic + " lost records during the scan", message->err);
    }
    if (was_open && span.next >= span.end) --open;
  }
  return out;
}

}  // namespace millwright::effect
