#include "millwright/effect/kafka_runner.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <set>

#include "effect/rdkafka.hpp"
#include "effect/sent_scan.hpp"
#include "millwright/base/limits.hpp"
#include "millwright/base/log.hpp"
#include "millwright/codec/encode.hpp"

namespace millwright::effect {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kStepMs = 500;  // one call to the client; repeated until the deadline
constexpr auto kGrace = std::chrono::milliseconds(1'200);  // for what is under way at the end

struct ErrorDeleter {
  void operator()(rd_kafka_error_t* p) const noexcept { rd_kafka_error_destroy(p); }
};
using KafkaError = std::unique_ptr<rd_kafka_error_t, ErrorDeleter>;

// Sending the same record again would be refused again.
bool is_permanent(rd_kafka_resp_err_t error) {
  switch (int(error)) {
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_INVALID_RECORD:
    case RD_KAFKA_RESP_ERR_INVALID_MSG:
    case RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE:
    case RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION:
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
      return true;
    default:
      return false;
  }
}

// What became of one record of the transaction at hand.
struct Slot {
  const Effect* effect = nullptr;
  rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR__IN_PROGRESS;
  TopicPartition where;
  std::int64_t offset = -1;
};

void on_delivery(rd_kafka_t*, const rd_kafka_message_t* message, void*) {
  auto* slot = static_cast<Slot*>(message->_private);
  if (slot == nullptr) return;
  slot->error = message->err;
  slot->where.partition = message->partition;
  slot->offset = message->offset;
}

EffectReport report_of(const Effect& effect, EffectOutcome outcome, std::string detail) {
  EffectReport report;
  report.id = effect.id;
  report.outcome = outcome;
  report.detail = std::move(detail);
  return report;
}

class KafkaRunner final : public EffectRunner {
 public:
  explicit KafkaRunner(KafkaRunnerConfig config)
      : config_(std::move(config)), topics_(config_.topics.begin(), config_.topics.end()) {}
  ~KafkaRunner() override { drop(); }
  KafkaRunner(const KafkaRunner&) = delete;
  KafkaRunner& operator=(const KafkaRunner&) = delete;

  [[nodiscard]] Result<Client> make_producer() const;

  Result<std::vector<EffectReport>> recover(
      const std::map<TopicPartition, Offset>& delivered_up_to) override;
  std::vector<EffectReport> perform(const std::vector<Effect>& effects, Instant now) override;
  bool announces_attempts() const override { return false; }
  bool healthy() const override { return producer_ != nullptr && !fenced_; }
  void give_up() noexcept override { end_at_ = Clock::now() + kGrace; }

 private:
  [[nodiscard]] bool ending() const { return end_at_.load() != Clock::time_point::max(); }
  [[nodiscard]] Result<std::vector<SentRecord>> fence_and_scan();
  [[nodiscard]] Result<void> fence(rd_kafka_t* producer);
  [[nodiscard]] Result<void> send(const std::vector<Effect>& effects, Instant now);
  [[nodiscard]] Result<void> produce(Slot& slot, Instant now);
  template <class Call>
  [[nodiscard]] Result<void> insist(const char* what, Duration within, Call call);
  [[nodiscard]] EffectReport report(const Slot& slot, const Result<void>& sent);
  void drop();

  const KafkaRunnerConfig config_;
  std::atomic<Clock::time_point> end_at_{Clock::time_point::max()};  // given up then
  std::set<std::string> topics_;  // scanned; grows with the targets of effects
  Client producer_;
  bool fenced_ = false;
  std::map<TopicPartition, Offset> marks_;  // delivered up to here
  std::map<EffectId, SentRecord> found_;    // sent before, and not asked for since
  std::vector<Slot> slots_;                 // outlives its transaction's callbacks
};

Result<Client> KafkaRunner::make_producer() const {
  const std::string ms = std::to_string(config_.transaction_within.ms());
  return make_client(
      RD_KAFKA_PRODUCER,
      [&] {
        Properties own = {{"linger.ms", "5"},
                          {"compression.codec", "lz4"},
                          {"partitioner", "murmur2_random"},
                          {"queue.buffering.max.messages", "10000"},
                          {"message.max.bytes", "2000000"},
                          {"log.connection.close", "false"},
                          {"client.id", "millwright-relay"}};
        for (const auto& [name, value] : config_.properties) own[name] = value;
        return own;
      }(),
      {{"bootstrap.servers", config_.bootstrap},
       {"transactional.id", config_.transactional_id},
       {"transaction.timeout.ms", ms},
       {"enable.idempotence", "true"},
       // Of its questions about watermarks: the true end, open transactions too.
       {"isolation.level", "read_uncommitted"}},
      &on_delivery);
}

// Calls until it works or cannot work. Errors: kDenied fenced, kConflict the transaction must be
// aborted, kUnavailable everything else.
template <class Call>
Result<void> KafkaRunner::insist(const char* what, Duration within, Call call) {
  const auto deadline = Clock::now() + std::chrono::nanoseconds(within.ns());
  while (true) {
    const KafkaError error(call());
    if (!error) return {};
    const std::string text =
        std::string("Kafka ") + what + ": " + rd_kafka_error_string(error.get());
    const rd_kafka_resp_err_t code = rd_kafka_error_code(error.get());
    if (code == RD_KAFKA_RESP_ERR__FENCED || code == RD_KAFKA_RESP_ERR_PRODUCER_FENCED ||
        code == RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH) {
      fenced_ = true;
      log::error("a newer process sends in our place; this one must end", {{"why", text}});
      return fail(Errc::kDenied, text + "; a newer process has taken over");
    }
    if (rd_kafka_error_txn_requires_abort(error.get()) != 0) return fail(Errc::kConflict, text);
    const bool again =
        rd_kafka_error_is_retriable(error.get()) != 0 && rd_kafka_error_is_fatal(error.get()) == 0;
    if (!again || Clock::now() > std::min(deadline, end_at_.load())) {
      return fail(Errc::kUnavailable, text);
    }
  }
}

Result<void> KafkaRunner::fence(rd_kafka_t* producer) {
  return insist("transactions do not begin", config_.transaction_within,
                [&] { return rd_kafka_init_transactions(producer, kStepMs); });
}

Result<std::vector<SentRecord>> KafkaRunner::fence_and_scan() {
  if (fenced_) return fail(Errc::kDenied, "a newer process sends in our place; end this one");
  Result<Client> producer = make_producer();
  if (!producer) return producer.error();
  MW_TRY(fence(producer->get()));
  ScanRequest request;
  request.producer = producer->get();
  request.bootstrap = config_.bootstrap;
  request.source = config_.source;
  request.properties = &config_.properties;
  request.topics = &topics_;
  request.marks = &marks_;
  request.within = config_.recover_within;
  request.given_up = [this] { return ending(); };
  Result<std::vector<SentRecord>> found = scan_sent(request);
  if (!found) return found.error();
  for (const SentRecord& record : *found) {
    found_.emplace(record.id, record);
    Offset& mark = marks_[record.where];
    mark = std::max(mark, record.offset);
  }
  producer_ = *std::move(producer);
  return found;
}

Result<std::vector<EffectReport>> KafkaRunner::recover(
    const std::map<TopicPartition, Offset>& delivered_up_to) {
  drop();
  marks_ = delivered_up_to;
  found_.clear();
  const Result<std::vector<SentRecord>> found = fence_and_scan();
  if (!found) return found.error();
  std::vector<EffectReport> out;
  std::set<EffectId> told;
  for (const SentRecord& record : *found) {
    if (!told.insert(record.id).second) continue;
    EffectReport report;
    report.id = record.id;
    report.external_number = place_text(record.where, record.offset.get());
    report.detail = "sent by an earlier process";
    out.push_back(std::move(report));
  }
  return out;
}

std::vector<EffectReport> KafkaRunner::perform(const std::vector<Effect>& effects, Instant now) {
  Result<void> ready;
  for (const Effect& effect : effects) {
    // A topic nobody told us of: what an earlier process sent there has not been looked for.
    if (topics_.insert(effect.target).second) drop();
  }
  if (producer_ == nullptr && !ending()) {
    const auto found = fence_and_scan();
    if (!found) ready = found.error();
  }
  if (ending()) ready = fail(Errc::kUnavailable, "not tried: Millwright was ended");
  std::vector<EffectReport> out;
  out.reserve(effects.size());
  for (std::size_t at = 0; at < effects.size();) {
    const std::size_t end = std::min(effects.size(), at + limits::kEffectBatch);
    const std::vector<Effect> batch(effects.begin() + std::ptrdiff_t(at),
                                    effects.begin() + std::ptrdiff_t(end));
    slots_.clear();
    for (const Effect& effect : batch) slots_.emplace_back().effect = &effect;
    Result<void> sent = ready;
    if (sent) sent = send(batch, now);
    for (const Slot& slot : slots_) out.push_back(report(slot, sent));
    if (!sent) {
      ready = sent;
      drop();
    }
    slots_.clear();
    at = end;
  }
  return out;
}

// One transaction for all that was not found to be sent before.
Result<void> KafkaRunner::send(const std::vector<Effect>& effects, Instant now) {
  const bool all_found = std::all_of(effects.begin(), effects.end(),
                                     [&](const Effect& e) { return found_.count(e.id) != 0; });
  if (all_found) return {};
  rd_kafka_t* producer = producer_.get();
  MW_TRY(insist("transaction does not begin", Duration(),
                [&] { return rd_kafka_begin_transaction(producer); }));
  Result<void> result;
  for (Slot& slot : slots_) {
    if (result && found_.count(slot.effect->id) == 0) result = produce(slot, now);
  }
  if (result) {
    result = insist("transaction was not committed", config_.transaction_within,
                    [&] { return rd_kafka_commit_transaction(producer, kStepMs); });
    rd_kafka_poll(producer, 0);
  }
  if (!result && result.error().code == Errc::kConflict) {
    const Result<void> aborted =
        insist("transaction was not aborted", config_.transaction_within,
               [&] { return rd_kafka_abort_transaction(producer, kStepMs); });
    if (!aborted) log::warn(aborted.error().message);
    rd_kafka_poll(producer, 0);
  }
  return result;
}

Result<void> KafkaRunner::produce(Slot& slot, Instant now) {
  const Effect& effect = *slot.effect;
  slot.where.topic = effect.target;
  const codec::OutgoingRecord record = codec::outgoing_record(effect, config_.source, now);
  const auto deadline = std::min(
      Clock::now() + std::chrono::nanoseconds(config_.transaction_within.ns()), end_at_.load());
  while (true) {
    rd_kafka_headers_t* headers = rd_kafka_headers_new(record.headers.size());
    for (const auto& [name, value] : record.headers) {
      rd_kafka_header_add(headers, name.data(), std::ptrdiff_t(name.size()), value.data(),
                          std::ptrdiff_t(value.size()));
    }
    // RD_KAFKA_V_VALUE wants a mutable pointer; with RD_KAFKA_MSG_F_COPY it only reads.
    const rd_kafka_resp_err_t error = rd_kafka_producev(
        producer_.get(), RD_KAFKA_V_TOPIC(effect.target.c_str()),
        RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
        RD_KAFKA_V_KEY(record.key.empty() ? nullptr : record.key.data(), record.key.size()),
        RD_KAFKA_V_VALUE(const_cast<char*>(record.value.data()), record.value.size()),
        RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_OPAQUE(&slot), RD_KAFKA_V_END);
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return {};
    rd_kafka_headers_destroy(headers);
    if (error != RD_KAFKA_RESP_ERR__QUEUE_FULL || Clock::now() > deadline) {
      slot.error = error;
      if (is_permanent(error)) return {};  // the others go without it
      return fail(Errc::kConflict, std::string("Kafka took no record for ") + effect.target + ": " +
                                       rd_kafka_err2str(error));
    }
    rd_kafka_poll(producer_.get(), 100);
  }
}

EffectReport KafkaRunner::report(const Slot& slot, const Result<void>& sent) {
  const Effect& effect = *slot.effect;
  if (const auto found = found_.find(effect.id); found != found_.end()) {
    EffectReport out = report_of(effect, EffectOutcome::kDelivered, "sent before");
    out.external_number = place_text(found->second.where, found->second.offset.get());
    found_.erase(found);
    return out;
  }
  if (is_permanent(slot.error)) {
    return report_of(
        effect, EffectOutcome::kRefused,
        "Kafka refused the record for " + effect.target + ": " + rd_kafka_err2str(slot.error));
  }
  if (!sent) return report_of(effect, EffectOutcome::kRetryLater, sent.error().message);
  if (slot.error != RD_KAFKA_RESP_ERR_NO_ERROR || slot.offset < 0) {
    // Committed, but we were not told where: the scan before the next batch finds it.
    drop();
    return report_of(effect, EffectOutcome::kRetryLater, "Kafka did not say where the record is");
  }
  Offset& mark = marks_[slot.where];
  mark = std::max(mark, Offset(slot.offset));
  EffectReport out = report_of(effect, EffectOutcome::kDelivered, "");
  out.external_number = place_text(slot.where, slot.offset);
  return out;
}

// Whatever is still in the client is forgotten; fence-then-scan decides what became of it.
void KafkaRunner::drop() {
  if (producer_ == nullptr) return;
  rd_kafka_purge(producer_.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
  rd_kafka_poll(producer_.get(), 0);
  producer_.reset();
}

}  // namespace

Result<std::unique_ptr<EffectRunner>> make_kafka_runner(const KafkaRunnerConfig& config) {
  if (config.bootstrap.empty()) return fail(Errc::kInvalid, "kafka.bootstrap is empty");
  if (config.transactional_id.empty() || config.source.empty()) {
    return fail(Errc::kInvalid, "the Kafka runner needs a transactional id and a source");
  }
  auto runner = std::make_unique<KafkaRunner>(config);
  // A wrong property shows now, not at the first task.
  const Result<Client> trial = runner->make_producer();
  if (!trial) return trial.error();
  return std::unique_ptr<EffectRunner>(std::move(runner));
}

}  // namespace millwright::effect
