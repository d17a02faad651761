#pragma once
// KafkaReader: the body of the Kafka source; see kafka_source.hpp. Owned and called by one lane
// thread. librdkafka's callbacks run inside poll(), on that thread too.

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "millwright/source/kafka_source.hpp"
#include "source/bad_range.hpp"
#include "source/rdkafka.hpp"

namespace millwright::source {

class KafkaReader final : public EventSource {
 public:
  explicit KafkaReader(KafkaSourceConfig config);
  ~KafkaReader() override;
  KafkaReader(const KafkaReader&) = delete;
  KafkaReader& operator=(const KafkaReader&) = delete;

  // Called once, before anything else.
  [[nodiscard]] Result<void> open();

  [[nodiscard]] SourceEvent poll(std::size_t limit, Duration wait) override;
  [[nodiscard]] Result<Offset> start(const TopicPartition& where,
                                     std::optional<Offset> from) override;
  void release(const TopicPartition& where) override;
  void set_paused(bool paused) override;
  void courtesy_commit(const TopicPartition& where, Offset next) override;
  [[nodiscard]] std::map<TopicPartition, std::int64_t> lag() const override;
  [[nodiscard]] bool connected() const override { return connected_; }

 private:
  using Clock = std::chrono::steady_clock;

  // One partition that was started and not released.
  struct Reading {
    std::int64_t next = 0;
    std::int64_t end = -1;  // as the start or the last end-of-partition said
    bool halted = false;
    rd_kafka_resp_err_t last_error = RD_KAFKA_RESP_ERR_NO_ERROR;
    int errors = 0;  // since the last record
    std::optional<BadRange> search;
  };

  [[nodiscard]] bool in_group() const { return !config_.group.empty(); }
  [[nodiscard]] Settings settings() const;
  [[nodiscard]] Result<Watermarks> ask(const TopicPartition& where);
  void serve();
  void discover();
  void assign_started();
  void pause_or_resume();
  void flush_commits();
  void read(std::size_t limit, Duration wait, std::vector<RawRecord>& out);
  void on_message(const rd_kafka_message_t& message, std::vector<RawRecord>& out);
  void on_record(const rd_kafka_message_t& message, const TopicPartition& where, Reading& reading,
                 std::vector<RawRecord>& out);
  void on_error(const rd_kafka_message_t& message, const TopicPartition& where, Reading& reading);
  void on_out_of_range(const TopicPartition& where, Reading& reading);
  void on_unreadable(const rd_kafka_message_t& message, const TopicPartition& where,
                     Reading& reading);
  void end_search(const TopicPartition& where, Reading& reading, const std::string& detail);
  void seek(const TopicPartition& where, std::int64_t offset);
  [[nodiscard]] Reading* reading_of(const rd_kafka_message_t& message);
  [[nodiscard]] std::int64_t known_end(const TopicPartition& where, const Reading& reading) const;
  [[nodiscard]] PartitionList positions() const;

  static void on_rebalance(rd_kafka_t*, rd_kafka_resp_err_t error,
                           rd_kafka_topic_partition_list_t* list, void* self);
  static int on_statistics(rd_kafka_t*, char* json, std::size_t size, void* self);
  static void on_client_error(rd_kafka_t*, int error, const char* reason, void* self);
  void rebalance(rd_kafka_resp_err_t error, const rd_kafka_topic_partition_list_t* list);

  const KafkaSourceConfig config_;
  rd_kafka_t* client_ = nullptr;
  // Asks the broker over a connection of its own: on the reader's, an answer would come after that
  // of the waiting fetch.
  Client asker_;
  std::vector<Topic> topics_;  // known to both, so that metadata tells of them

  std::map<TopicPartition, Reading> readings_;
  std::set<TopicPartition> announced_;  // Assigned was said
  std::set<TopicPartition> revoking_;   // Revoked was said, release() is awaited
  std::deque<SourceEvent> events_;
  bool assign_due_ = false;
  bool closing_ = false;
  bool connected_ = false;

  bool paused_ = false;
  bool paused_at_broker_ = false;
  Clock::time_point paused_since_;
  std::deque<RawRecord> held_;  // came although paused, or before its time

  Clock::time_point discover_at_;
  Clock::time_point ask_any_at_;  // not before, after a wait in vain
  std::map<TopicPartition, Clock::time_point> ask_at_;
  Clock::time_point commit_at_;
  std::map<TopicPartition, Offset> commits_;

  // The partition of the message before: most come in runs.
  const rd_kafka_topic_t* run_topic_ = nullptr;
  std::int32_t run_partition_ = -1;
  std::map<TopicPartition, Reading>::iterator run_;
};

}  // namespace millwright::source
