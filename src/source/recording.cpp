#include "millwright/source/recording.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <nlohmann/json.hpp>

#include "millwright/base/digest.hpp"
#include "source/rdkafka.hpp"

namespace millwright::source {
namespace {

using Steady = std::chrono::steady_clock;

struct QueueDeleter {
  void operator()(rd_kafka_queue_t* p) const noexcept { rd_kafka_queue_destroy(p); }
};
using Queue = std::unique_ptr<rd_kafka_queue_t, QueueDeleter>;

int milliseconds_of(Duration d) {
  return int(std::clamp<std::int64_t>(d.ns() / 1'000'000, 1, INT32_MAX));
}

// One partition, read up to an end that was fixed before.
class Part {
 public:
  Part(TopicPartition where, Offset first, Offset end, bool cut) : first_(first), end_(end) {
    span_.where = std::move(where);
    span_.cut = cut;
    done_ = first_ >= end_;
  }

  [[nodiscard]] const TopicPartition& where() const { return span_.where; }
  [[nodiscard]] Offset first() const { return first_; }
  [[nodiscard]] bool done() const { return done_; }
  [[nodiscard]] const RawRecord& head() const { return head_; }
  [[nodiscard]] const RecordedSpan& span() const { return span_; }

  void open(rd_kafka_t* client) {
    queue_.reset(rd_kafka_queue_get_partition(client, where().topic.c_str(), where().partition));
    rd_kafka_queue_forward(queue_.get(), nullptr);
  }

  // Until there is a head, or the end is reached.
  Result<void> advance(Duration give_up) {
    const auto deadline = Steady::now() + std::chrono::nanoseconds(give_up.ns());
    while (!done_) {
      const Message message(rd_kafka_consume_queue(queue_.get(), 200));
      if (message == nullptr) {
        if (Steady::now() < deadline) continue;
        return fail(Errc::kUnavailable, "the broker went silent in the middle of " + name());
      }
      if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        done_ = true;  // what lies behind is a transaction that is still open, or its mark
      } else if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return fail(Errc::kUnavailable,
                    name() + " cannot be read: " + rd_kafka_message_errstr(message.get()));
      } else if (message->offset >= end_.get()) {
        done_ = true;
      } else {
        take(*message);
        return {};
      }
    }
    return {};
  }

 private:
  [[nodiscard]] std::string name() const {
    return where().topic + "[" + std::to_string(where().partition) + "]";
  }
  void take(const rd_kafka_message_t& message) {
    head_ = to_record(message, where());
    ++span_.records;
    if (!span_.first.is_set()) span_.first = head_.broker_time;
    span_.last = head_.broker_time;
    if (message.offset + 1 >= end_.get()) last_ = true;
  }

 public:
  // The head was handed out.
  Result<void> pop(Duration give_up) {
    if (std::exchange(last_, false)) {
      done_ = true;
      return {};
    }
    return advance(give_up);
  }

 private:
  RecordedSpan span_;
  Offset first_;
  Offset end_;
  Queue queue_;
  RawRecord head_;
  bool last_ = false;
  bool done_ = false;
};

class RecordingReader {
 public:
  explicit RecordingReader(const RecordingConfig& config) : config_(config) {}

  Result<void> open() {
    Settings settings = {{"queued.max.messages.kbytes", "16384"}, {"check.crcs", "true"}};
    for (const auto& property : config_.properties) settings.push_back(property);
    settings.insert(settings.end(), {{"bootstrap.servers", config_.bootstrap},
                                     {"group.id", "millwright-recording"},
                                     {"enable.auto.commit", "false"},
                                     {"auto.offset.reset", "error"},
                                     {"isolation.level", "read_committed"},
                                     {"allow.auto.create.topics", "false"},
                                     {"enable.partition.eof", "true"}});
    Result<Conf> conf = make_conf(settings);
    if (!conf) return conf.error();
    std::array<char, 512> why{};
    client_.reset(rd_kafka_new(RD_KAFKA_CONSUMER, conf->get(), why.data(), why.size()));
    if (!client_) return fail(Errc::kInvalid, std::string("Kafka client: ") + why.data());
    (void)conf->release();
    for (const std::string& topic : config_.topics) MW_TRY(find_parts(topic));
    if (parts_.empty()) {
      return fail(Errc::kNotFound, "none of the topics is on the broker at " + config_.bootstrap);
    }
    return assign();
  }

  Result<std::vector<RecordedSpan>> run(const TakeRecord& take) {
    for (Part& part : parts_) MW_TRY(part.advance(config_.give_up));
    while (Part* oldest = next()) {
      MW_TRY(take(oldest->head()));
      MW_TRY(oldest->pop(config_.give_up));
    }
    std::vector<RecordedSpan> spans;
    for (const Part& part : parts_) spans.push_back(part.span());
    return spans;
  }

 private:
  Result<void> find_parts(const std::string& topic) {
    const Topic handle(rd_kafka_topic_new(client_.get(), topic.c_str(), nullptr));
    const rd_kafka_metadata_t* raw = nullptr;
    const auto error =
        rd_kafka_metadata(client_.get(), 0, handle.get(), &raw, milliseconds_of(config_.give_up));
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
      return fail(Errc::kUnavailable, "the broker at " + config_.bootstrap +
                                          " does not answer: " + rd_kafka_err2str(error));
    }
    const Metadata metadata(raw);
    if (metadata->topic_cnt != 1 || metadata->topics[0].err != RD_KAFKA_RESP_ERR_NO_ERROR) {
      return {};
    }
    for (int i = 0; i < metadata->topics[0].partition_cnt; ++i) {
      MW_TRY(add_part({topic, metadata->topics[0].partitions[i].id}));
    }
    return {};
  }

  Result<void> add_part(const TopicPartition& where) {
    const auto marks = ask_watermarks(client_.get(), where, config_.give_up);
    if (!marks) return marks.error();
    const auto first = at_time(where, config_.from, marks->low, marks->high);
    if (!first) return first.error();
    const auto end = at_time(where, config_.to, marks->high, marks->high);
    if (!end) return end.error();
    parts_.emplace_back(where, *first, *end, marks->low > Offset(0) && *first == marks->low);
    return {};
  }

  // The first record at or after the time.
  Result<Offset> at_time(const TopicPartition& where, Instant time, Offset unset, Offset high) {
    if (!time.is_set()) return unset;
    const PartitionList list = list_of({{where, Offset(time.ns() / 1'000'000)}});
    const auto error =
        rd_kafka_offsets_for_times(client_.get(), list.get(), milliseconds_of(config_.give_up));
    const auto& answer = list->elems[0];
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR || answer.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
      return fail(Errc::kUnavailable, "the broker did not find the time in " + where.topic + ": " +
                                          rd_kafka_err2str(error ? error : answer.err));
    }
    return answer.offset < 0 ? high : Offset(answer.offset);
  }

  Result<void> assign() {
    std::vector<std::pair<TopicPartition, Offset>> places;
    for (const Part& part : parts_) {
      if (!part.done()) places.emplace_back(part.where(), part.first());
    }
    const auto error = rd_kafka_assign(client_.get(), list_of(places).get());
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
      return fail(Errc::kUnavailable,
                  std::string("the partitions were not assigned: ") + rd_kafka_err2str(error));
    }
    for (Part& part : parts_) {
      if (!part.done()) part.open(client_.get());
    }
    return {};
  }

  Part* next() {
    Part* oldest = nullptr;
    for (Part& part : parts_) {
      if (part.done()) continue;
      if (oldest == nullptr || part.head().broker_time < oldest->head().broker_time) oldest = &part;
    }
    return oldest;
  }

  const RecordingConfig& config_;
  Client client_;
  std::vector<Part> parts_;  // in front of the client at the end: their queues belong to it
};

}  // namespace

Result<std::vector<RecordedSpan>> read_recording(const RecordingConfig& config,
                                                 const TakeRecord& take) {
  RecordingReader reader(config);
  MW_TRY(reader.open());
  return reader.run(take);
}

std::string to_line(const RawRecord& record) {
  using Json = nlohmann::ordered_json;
  const auto text = [](const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
  };
  Json line = {{"topic", record.position.where.topic},
               {"partition", record.position.where.partition}};
  if (record.broker_time.is_set()) line["timestamp"] = format_rfc3339(record.broker_time);
  if (!record.key.empty()) line["key"] = record.key;
  if (!record.headers.empty()) {
    Json& headers = line["headers"] = Json::object();
    for (const auto& [name, value] : record.headers) headers[name] = value;
  }
  if (record.null_value) {
    line["value"] = nullptr;
    return text(line);
  }
  line["value"] = record.value;
  std::string out = text(line);
  // Not text: what was replaced would be another event.
  if (Json::parse(out)["value"].get_ref<const std::string&>() == record.value) return out;
  line.erase("value");
  line["value_base64"] =
      to_base64({reinterpret_cast<const std::uint8_t*>(record.value.data()), record.value.size()});
  return text(line);
}

}  // namespace millwright::source
