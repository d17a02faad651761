// What happens to single partitions: start and release, a group's rebalances, records, errors.

#include <algorithm>
#include <chrono>
#include <string_view>

#include "millwright/base/log.hpp"
#include "source/kafka_reader.hpp"

namespace millwright::source {
namespace {

// A broker may answer wrongly once; a bad batch does it every time.
constexpr int kUnreadableMost = 5;
constexpr int kOutOfRangeMost = 50;
constexpr auto kAskedInVain = std::chrono::milliseconds(200);  // so long is no quick answer
constexpr auto kAskAnybody = std::chrono::milliseconds(500);
constexpr auto kAskAgain = std::chrono::seconds(4);

std::string name_of(const TopicPartition& where) {
  return where.topic + "[" + std::to_string(where.partition) + "]";
}

bool is_unreadable(rd_kafka_resp_err_t error) {
  switch (int(error)) {
    case RD_KAFKA_RESP_ERR__BAD_MSG:
    case RD_KAFKA_RESP_ERR__BAD_COMPRESSION:
    case RD_KAFKA_RESP_ERR__UNDERFLOW:
    case RD_KAFKA_RESP_ERR__NOT_IMPLEMENTED:
    case RD_KAFKA_RESP_ERR_INVALID_MSG:
    case RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE:
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
      return true;
    default:
      return false;
  }
}

std::string text_of(const rd_kafka_message_t& message) {
  const char* text = rd_kafka_message_errstr(&message);
  return text == nullptr ? rd_kafka_err2str(message.err) : text;
}

}  // namespace

// A lane asks for all its partitions in one turn. One of them may wait in vain, not all, nor the
// same one every time: it may be the only one whose leader is away.
Result<Watermarks> KafkaReader::ask(const TopicPartition& where) {
  rd_kafka_poll(client_, 0);
  const auto now = Clock::now();
  const auto own = ask_at_.find(where);
  if (!connected_ || now < ask_any_at_ || (own != ask_at_.end() && now < own->second)) {
    return fail(Errc::kUnavailable, "the broker does not answer for " + name_of(where));
  }
  Result<Watermarks> marks = ask_watermarks(asker_.get(), where, config_.answer_within);
  if (marks) {
    ask_at_.erase(where);
    connected_ = true;
    return marks;
  }
  const auto after = Clock::now();
  ask_at_[where] = after + kAskAgain;
  if (after - now >= kAskedInVain) ask_any_at_ = after + kAskAnybody;
  return marks;
}

Result<Offset> KafkaReader::start(const TopicPartition& where, std::optional<Offset> from) {
  const Result<Watermarks> marks = ask(where);
  if (!marks) return marks.error();
  if (from && *from > marks->high) {
    return fail(Errc::kInvalid,
                name_of(where) + " ends at offset " + std::to_string(marks->high.get()) +
                    ", before our place " + std::to_string(from->get()) +
                    ": was the topic made anew? Restore it, or start this partition anew");
  }
  const Offset fresh = config_.start == StartAt::kEarliest ? marks->low : marks->high;
  const Offset at = from ? std::max(*from, marks->low) : fresh;
  Reading reading;
  reading.next = at.get();
  reading.end = marks->high.get();
  readings_[where] = reading;
  assign_due_ = true;
  run_topic_ = nullptr;
  std::erase_if(held_, [&](const RawRecord& r) { return r.position.where == where; });
  return at;
}

void KafkaReader::release(const TopicPartition& where) {
  commit_at_ = {};  // what it has done is told before it goes
  flush_commits();
  const bool was_read = readings_.erase(where) != 0;
  run_topic_ = nullptr;
  std::erase_if(held_, [&](const RawRecord& r) { return r.position.where == where; });
  if (revoking_.erase(where) != 0) {
    // The group waits for this one call, after the last partition is free.
    if (revoking_.empty()) rd_kafka_assign(client_, nullptr);
    return;
  }
  if (was_read) assign_due_ = true;
}

void KafkaReader::on_rebalance(rd_kafka_t*, rd_kafka_resp_err_t error,
                               rd_kafka_topic_partition_list_t* list, void* self) {
  static_cast<KafkaReader*>(self)->rebalance(error, list);
}

void KafkaReader::rebalance(rd_kafka_resp_err_t error,
                            const rd_kafka_topic_partition_list_t* list) {
  const auto each = [&](auto act) {
    for (int i = 0; i < list->cnt; ++i) {
      act(TopicPartition{list->elems[i].topic, list->elems[i].partition});
    }
  };
  if (closing_) {
    rd_kafka_assign(client_, nullptr);
    return;
  }
  if (error == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
    // Nothing is read before the lane has started it, at its own cursor.
    each([&](const TopicPartition& where) { events_.emplace_back(Assigned{where}); });
    assign_due_ = true;
    connected_ = true;
    return;
  }
  run_topic_ = nullptr;
  assign_due_ = false;
  if (rd_kafka_assignment_lost(client_) != 0 || list->cnt == 0) {
    readings_.clear();
    held_.clear();
    each([&](const TopicPartition& where) { events_.emplace_back(Lost{where}); });
    rd_kafka_assign(client_, nullptr);
    return;
  }
  each([&](const TopicPartition& where) {
    events_.emplace_back(Revoked{where});
    revoking_.insert(where);
  });
}

int KafkaReader::on_statistics(rd_kafka_t*, char* json, std::size_t size, void* self) {
  // The only broker state spelled so; everything else of the text is not needed here.
  const std::string_view text(json, size);
  static_cast<KafkaReader*>(self)->connected_ =
      text.find(R"("state":"UP")") != std::string_view::npos;
  return 0;
}

void KafkaReader::on_client_error(rd_kafka_t*, int error, const char* reason, void* self) {
  if (error == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) {
    static_cast<KafkaReader*>(self)->connected_ = false;
  }
  log::debug("Kafka client", {{"what", reason}});
}

KafkaReader::Reading* KafkaReader::reading_of(const rd_kafka_message_t& message) {
  if (message.rkt == nullptr) return nullptr;
  if (message.rkt != run_topic_ || message.partition != run_partition_) {
    run_ = readings_.find(TopicPartition{rd_kafka_topic_name(message.rkt), message.partition});
    run_topic_ = message.rkt;
    run_partition_ = message.partition;
    if (run_ == readings_.end()) run_topic_ = nullptr;
  }
  return run_ == readings_.end() ? nullptr : &run_->second;
}

void KafkaReader::on_message(const rd_kafka_message_t& message, std::vector<RawRecord>& out) {
  Reading* reading = reading_of(message);
  if (reading == nullptr) {
    if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
      log::debug("Kafka consumer", {{"what", text_of(message)}});
    }
    return;
  }
  const TopicPartition& where = run_->first;
  if (reading->halted || revoking_.count(where) != 0) return;
  if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR) return on_error(message, where, *reading);
  on_record(message, where, *reading, out);
}

void KafkaReader::on_record(const rd_kafka_message_t& message, const TopicPartition& where,
                            Reading& reading, std::vector<RawRecord>& out) {
  reading.errors = 0;
  if (reading.search) {
    if (message.offset < reading.search->candidate()) return;
    if (!reading.search->worked()) return seek(where, reading.search->candidate());
    end_search(where, reading, rd_kafka_err2str(reading.last_error));
    reading.next = message.offset + 1;
    held_.push_back(to_record(message, where));  // comes after the news of the range before it
    return;
  }
  if (message.offset < reading.next) return;  // seen before
  reading.next = message.offset + 1;
  out.push_back(to_record(message, where));
}

void KafkaReader::on_error(const rd_kafka_message_t& message, const TopicPartition& where,
                           Reading& reading) {
  if (message.err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
    reading.end = message.offset;
    // Marks of transactions are never handed out; behind them is the end all the same.
    if (!reading.search) reading.next = std::max(reading.next, message.offset);
    if (!reading.search || message.offset < reading.search->candidate()) return;
    if (!reading.search->worked()) return seek(where, reading.search->candidate());
    return end_search(where, reading, rd_kafka_err2str(reading.last_error));
  }
  if (message.err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET ||
      message.err == RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE) {
    return on_out_of_range(where, reading);
  }
  if (is_unreadable(message.err)) return on_unreadable(message, where, reading);
  log::debug("Kafka partition", {{"topic", where.topic},
                                 {"partition", std::int64_t(where.partition)},
                                 {"what", text_of(message)}});
}

void KafkaReader::on_out_of_range(const TopicPartition& where, Reading& reading) {
  // Behind a batch with a wrong checksum the client may take rubbish for its next offset: so ask.
  const std::int64_t wanted = reading.search ? reading.search->candidate() : reading.next;
  const Result<Watermarks> marks = ask(where);
  const bool holds = marks && marks->low.get() <= wanted && wanted <= marks->high.get();
  if ((holds || !marks) && ++reading.errors < kOutOfRangeMost) return seek(where, wanted);
  // The client says it once and then keeps silent, so we remember.
  reading.halted = true;
  assign_due_ = true;
  events_.emplace_back(
      Halted{where, name_of(where) + " no longer holds offset " + std::to_string(wanted) +
                        ": it was deleted before it was read, or the topic was made anew. "
                        "Restore the topic, or start this partition anew"});
}

void KafkaReader::on_unreadable(const rd_kafka_message_t& message, const TopicPartition& where,
                                Reading& reading) {
  if (reading.search) {
    reading.search->failed(known_end(where, reading));
    return seek(where, reading.search->candidate());
  }
  reading.last_error = message.err;
  // The client's own place is not to be trusted now, and nothing of what it has read behind.
  if (++reading.errors < kUnreadableMost) return seek(where, reading.next);
  log::warn("a batch cannot be read; looking for its end",
            {{"topic", where.topic},
             {"partition", std::int64_t(where.partition)},
             {"offset", reading.next},
             {"why", text_of(message)}});
  reading.search.emplace(reading.next);
  seek(where, reading.search->candidate());
}

void KafkaReader::end_search(const TopicPartition& where, Reading& reading,
                             const std::string& detail) {
  const std::int64_t next = reading.search->candidate();
  events_.emplace_back(Undecodable{where, Offset(reading.search->first()), Offset(next), detail});
  reading.next = next;
  reading.errors = 0;
  reading.search.reset();
}

void KafkaReader::seek(const TopicPartition& where, std::int64_t offset) {
  const PartitionList list = list_of({{where, Offset(offset)}});
  // Time-out 0: it is under way when the call returns, and nothing older comes out any more.
  rd_kafka_error_t* error = rd_kafka_seek_partitions(client_, list.get(), 0);
  if (error != nullptr) {
    log::warn("Kafka seek failed", {{"why", rd_kafka_error_string(error)}});
    rd_kafka_error_destroy(error);
  }
}

}  // namespace millwright::source
