#include "source/rdkafka.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <future>
#include <thread>

#include "millwright/base/log.hpp"

namespace millwright::source {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kSyslogWarning = 4;
constexpr auto kEndWithin = std::chrono::seconds(2);

void forward_log(const rd_kafka_t* client, int level, const char* facility, const char* text) {
  // A broker that is away is told by connected(); the client would say it every few seconds.
  const std::string_view what = facility;
  const bool quiet = level > kSyslogWarning || what == "FAIL" || what == "ERROR" ||
                     what == "MOCK" || what == "AUTOCREATE";
  log::write(quiet ? log::Level::kDebug : log::Level::kWarn, text,
             {{"client", client == nullptr ? "" : rd_kafka_name(client)}, {"facility", facility}});
}

// Beginning or end of a partition. Through the question for a time, since the one for watermarks
// goes on waiting for a broker that is away.
rd_kafka_resp_err_t ask_place(rd_kafka_t* client, const TopicPartition& where, std::int64_t which,
                              Clock::time_point deadline, Offset* place) {
  const PartitionList list = list_of({{where, Offset(which)}});
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
  const rd_kafka_resp_err_t error =
      rd_kafka_offsets_for_times(client, list.get(), std::max(1, int(left.count())));
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return error;
  const rd_kafka_topic_partition_t& answer = list->elems[0];
  *place = Offset(answer.offset);
  return answer.err;
}

}  // namespace

void end_client(rd_kafka_t* client, int flags) noexcept {
  const std::string name = rd_kafka_name(client);
  std::packaged_task<void()> end([client, flags] { rd_kafka_destroy_flags(client, flags); });
  const std::future<void> ended = end.get_future();
  std::thread ending(std::move(end));
  if (ended.wait_for(kEndWithin) == std::future_status::ready) return ending.join();
  ending.detach();
  log::warn("a Kafka client does not end and is left to itself", {{"client", name}});
}

Result<Conf> make_conf(const Settings& settings) {
  Conf conf(rd_kafka_conf_new());
  std::array<char, 512> why{};
  for (const auto& [name, value] : settings) {
    if (rd_kafka_conf_set(conf.get(), name.c_str(), value.c_str(), why.data(), why.size()) !=
        RD_KAFKA_CONF_OK) {
      return fail(Errc::kInvalid, "Kafka setting " + name + ": " + why.data());
    }
  }
  log_to_ours(conf.get());
  return conf;
}

void log_to_ours(rd_kafka_conf_t* conf) {
  rd_kafka_conf_set_log_cb(conf, forward_log);
}

PartitionList list_of(const std::vector<std::pair<TopicPartition, Offset>>& places) {
  PartitionList list(rd_kafka_topic_partition_list_new(int(places.size())));
  for (const auto& [where, offset] : places) {
    rd_kafka_topic_partition_list_add(list.get(), where.topic.c_str(), where.partition)->offset =
        offset.get();
  }
  return list;
}

Result<Watermarks> ask_watermarks(rd_kafka_t* client, const TopicPartition& where,
                                  Duration within) {
  const auto deadline = Clock::now() + std::chrono::nanoseconds(within.ns());
  while (true) {
    Watermarks marks;
    rd_kafka_resp_err_t error =
        ask_place(client, where, RD_KAFKA_OFFSET_BEGINNING, deadline, &marks.low);
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) {
      error = ask_place(client, where, RD_KAFKA_OFFSET_END, deadline, &marks.high);
    }
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return marks;
    // A topic that was just made may have no leader yet.
    const bool passes = error == RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE ||
                        error == RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION;
    if (!passes || Clock::now() > deadline) {
      return fail(Errc::kUnavailable, "the broker did not say what " + where.topic + "[" +
                                          std::to_string(where.partition) +
                                          "] holds: " + rd_kafka_err2str(error));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
}

RawRecord to_record(const rd_kafka_message_t& message, const TopicPartition& where) {
  RawRecord record;
  record.position.where = where;
  record.position.offset = Offset(message.offset);
  rd_kafka_timestamp_type_t kind = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
  const std::int64_t ms = rd_kafka_message_timestamp(&message, &kind);
  if (kind != RD_KAFKA_TIMESTAMP_NOT_AVAILABLE && ms > 0 && ms < INT64_MAX / 1'000'000) {
    record.broker_time = Instant(ms * 1'000'000);
  }
  if (message.key != nullptr) {
    record.key.assign(static_cast<const char*>(message.key), message.key_len);
  }
  record.null_value = message.payload == nullptr;
  if (!record.null_value) {
    record.value.assign(static_cast<const char*>(message.payload), message.len);
  }
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(&message, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR) {
    record.headers.reserve(rd_kafka_header_cnt(headers));
    const char* name = nullptr;
    const void* value = nullptr;
    std::size_t size = 0;
    for (std::size_t i = 0;
         rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR;
         ++i) {
      record.headers.emplace_back(name, std::string(static_cast<const char*>(value), size));
    }
  }
  return record;
}

}  // namespace millwright::source
