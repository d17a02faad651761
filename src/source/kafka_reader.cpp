#include "source/kafka_reader.hpp"

#include <algorithm>
#include <array>

#include "millwright/base/log.hpp"

namespace millwright::source {
namespace {

using std::chrono::milliseconds;

constexpr auto kDiscoverAgain = milliseconds(500);  // while the broker does not answer
constexpr int kDiscoverWaitMs = 200;
constexpr auto kCloseWithin = milliseconds(1'000);
constexpr auto kCommitEvery = milliseconds(1'000);
// A short pause only leaves the client's queue alone, which is bounded. Pausing at the broker
// throws that queue away, and going on takes up to a second, so it is for groups, which must be
// polled.
constexpr auto kPauseGrace = milliseconds(2'000);

std::chrono::nanoseconds to_chrono(Duration d) {
  return std::chrono::nanoseconds(d.ns());
}

// Within what librdkafka takes.
std::string kilobytes(std::size_t bytes) {
  return std::to_string(std::clamp<std::size_t>(bytes >> 10U, 1, 2'097'151));
}

}  // namespace

KafkaReader::KafkaReader(KafkaSourceConfig config)
    : config_(std::move(config)), run_(readings_.end()) {}

KafkaReader::~KafkaReader() {
  if (client_ == nullptr) return;
  closing_ = true;
  topics_.clear();
  commit_at_ = {};
  flush_commits();
  // Without a bound it would wait for a broker that is away, to tell it good-bye.
  rd_kafka_queue_t* last = rd_kafka_queue_new(client_);
  rd_kafka_error_t* error = rd_kafka_consumer_close_queue(client_, last);
  if (error != nullptr) rd_kafka_error_destroy(error);
  const auto deadline = Clock::now() + kCloseWithin;
  while (rd_kafka_consumer_closed(client_) == 0 && Clock::now() < deadline) {
    rd_kafka_event_t* event = rd_kafka_queue_poll(last, 20);
    if (event == nullptr) continue;
    // Records that still waited fall away; a group wants an answer to what it takes.
    if (rd_kafka_event_type(event) == RD_KAFKA_EVENT_REBALANCE) {
      (void)rd_kafka_assign(client_, nullptr);
    }
    rd_kafka_event_destroy(event);
  }
  const bool closed = rd_kafka_consumer_closed(client_) != 0;
  rd_kafka_queue_destroy(last);
  end_client(client_, closed ? 0 : RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
}

Settings KafkaReader::settings() const {
  Settings out = {
      // Over either bound librdkafka 2.0 stops fetching for a second, come what may: the queue must
      // hold what a lane reads in that time, or the lane stands still for the rest of it.
      {"queued.min.messages", "1000000"},
      {"queued.max.messages.kbytes", kilobytes(config_.read_ahead)},
      {"max.partition.fetch.bytes", "1048576"},
      {"fetch.error.backoff.ms", "100"},
      {"statistics.interval.ms", "1000"},
      {"topic.metadata.refresh.interval.ms", "30000"},
      {"check.crcs", "true"},
      {"partition.assignment.strategy", "range,roundrobin"},
      {"log.connection.close", "false"},
      {"client.id", "millwright-lane-" + std::to_string(config_.lane)},
  };
  for (const auto& property : config_.properties) out.push_back(property);
  // What correctness rests on is not for configuration.
  const Settings fixed = {
      {"bootstrap.servers", config_.bootstrap},
      {"group.id", in_group() ? config_.group : config_.lag_group},
      {"enable.auto.commit", "false"},
      {"enable.auto.offset.store", "false"},
      {"auto.offset.reset", "error"},
      {"isolation.level", "read_committed"},
      {"allow.auto.create.topics", "false"},
      {"enable.partition.eof", "true"},
  };
  out.insert(out.end(), fixed.begin(), fixed.end());
  return out;
}

Result<void> KafkaReader::open() {
  Result<Conf> conf = make_conf(settings());
  if (!conf) return conf.error();
  rd_kafka_conf_set_opaque(conf->get(), this);
  rd_kafka_conf_set_stats_cb(conf->get(), &KafkaReader::on_statistics);
  rd_kafka_conf_set_error_cb(conf->get(), &KafkaReader::on_client_error);
  if (in_group()) rd_kafka_conf_set_rebalance_cb(conf->get(), &KafkaReader::on_rebalance);
  std::array<char, 512> why{};
  client_ = rd_kafka_new(RD_KAFKA_CONSUMER, conf->get(), why.data(), why.size());
  if (client_ == nullptr) return fail(Errc::kInvalid, std::string("Kafka client: ") + why.data());
  (void)conf->release();
  Settings asking = settings();
  std::erase_if(asking, [](const auto& setting) { return setting.first == "group.id"; });
  // Nobody serves its callbacks, so it must not have any.
  asking.emplace_back("statistics.interval.ms", "0");
  asking.emplace_back("client.id", "millwright-asker-" + std::to_string(config_.lane));
  Result<Conf> asker = make_conf(asking);
  if (!asker) return asker.error();
  asker_.reset(rd_kafka_new(RD_KAFKA_CONSUMER, asker->get(), why.data(), why.size()));
  if (!asker_) return fail(Errc::kInvalid, std::string("Kafka client: ") + why.data());
  (void)asker->release();
  for (const std::string& name : config_.topics) {
    for (rd_kafka_t* each : {client_, asker_.get()}) {
      topics_.emplace_back(rd_kafka_topic_new(each, name.c_str(), nullptr));
    }
    if (!topics_.back()) return fail(Errc::kInvalid, "Kafka topic '" + name + "' has a bad name");
  }
  if (!in_group()) return {};
  PartitionList list(rd_kafka_topic_partition_list_new(int(config_.topics.size())));
  for (const std::string& name : config_.topics) {
    rd_kafka_topic_partition_list_add(list.get(), name.c_str(), RD_KAFKA_PARTITION_UA);
  }
  const rd_kafka_resp_err_t error = rd_kafka_subscribe(client_, list.get());
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return {};
  return fail(Errc::kInvalid, std::string("Kafka subscription: ") + rd_kafka_err2str(error));
}

SourceEvent KafkaReader::poll(std::size_t limit, Duration wait) {
  const auto next_event = [this] {
    SourceEvent event = std::move(events_.front());
    events_.pop_front();
    return event;
  };
  if (!events_.empty()) return next_event();
  serve();
  if (!events_.empty()) return next_event();
  Records out;
  read(limit, wait, out.records);
  if (out.records.empty() && !events_.empty()) return next_event();
  return out;
}

// Everything that has its time: callbacks, new partitions, a changed assignment, pausing, commits.
void KafkaReader::serve() {
  rd_kafka_poll(client_, 0);
  if (!in_group()) discover();
  if (assign_due_ && revoking_.empty()) assign_started();
  pause_or_resume();
  flush_commits();
}

void KafkaReader::discover() {
  const auto now = Clock::now();
  if (now < discover_at_) return;
  const rd_kafka_metadata_t* raw = nullptr;
  const rd_kafka_resp_err_t error =
      rd_kafka_metadata(asker_.get(), 0, nullptr, &raw, kDiscoverWaitMs);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
    discover_at_ = Clock::now() + kDiscoverAgain;
    return;
  }
  const Metadata metadata(raw);
  connected_ = true;
  std::vector<TopicPartition> found;
  for (int t = 0; t < metadata->topic_cnt; ++t) {
    const rd_kafka_metadata_topic& topic = metadata->topics[t];
    const auto at = std::lower_bound(config_.topics.begin(), config_.topics.end(), topic.topic);
    if (topic.err != RD_KAFKA_RESP_ERR_NO_ERROR || at == config_.topics.end()) continue;
    if (*at != topic.topic) continue;
    // Topics of one partition are spread over the lanes too.
    const int shift = int(at - config_.topics.begin());
    for (int p = 0; p < topic.partition_cnt; ++p) {
      if ((p + shift) % config_.lanes == config_.lane) found.push_back({topic.topic, p});
    }
  }
  std::sort(found.begin(), found.end());
  for (const TopicPartition& where : found) {
    if (announced_.insert(where).second) events_.emplace_back(Assigned{where});
  }
  const bool all_there = !found.empty() && metadata->topic_cnt >= int(config_.topics.size());
  discover_at_ = Clock::now() + (all_there ? to_chrono(config_.discover_every)
                                           : std::chrono::nanoseconds(kDiscoverAgain));
}

PartitionList KafkaReader::positions() const {
  std::vector<std::pair<TopicPartition, Offset>> places;
  for (const auto& [where, reading] : readings_) {
    if (reading.halted) continue;
    places.emplace_back(where, Offset(reading.search ? reading.search->candidate() : reading.next));
  }
  return list_of(places);
}

// The whole assignment anew, each partition where it stands.
void KafkaReader::assign_started() {
  // A partition keeps its paused state across an assignment: begin unpaused.
  if (paused_at_broker_) {
    const PartitionList list = positions();
    rd_kafka_resume_partitions(client_, list.get());
    paused_at_broker_ = false;
    paused_since_ = Clock::now();
  }
  const PartitionList list = positions();
  const rd_kafka_resp_err_t error = rd_kafka_assign(client_, list->cnt == 0 ? nullptr : list.get());
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
    log::warn("Kafka assignment failed; it is tried again", {{"why", rd_kafka_err2str(error)}});
    return;
  }
  assign_due_ = false;
}

void KafkaReader::set_paused(bool paused) {
  if (paused && !paused_) paused_since_ = Clock::now();
  paused_ = paused;
}

void KafkaReader::pause_or_resume() {
  if (paused_ == paused_at_broker_) return;
  if (paused_ && (!in_group() || Clock::now() - paused_since_ < kPauseGrace)) return;
  const PartitionList list = positions();
  if (list->cnt == 0) return;
  // Resuming what is not paused would rewind it, so the state is kept with care.
  if (paused_) {
    rd_kafka_pause_partitions(client_, list.get());
  } else {
    rd_kafka_resume_partitions(client_, list.get());
  }
  paused_at_broker_ = paused_;
}

void KafkaReader::read(std::size_t limit, Duration wait, std::vector<RawRecord>& out) {
  if (paused_ && !paused_at_broker_) {
    rd_kafka_poll(client_, int(wait.ms()));
    return;
  }
  while (!paused_ && !held_.empty() && out.size() < limit) {
    out.push_back(std::move(held_.front()));
    held_.pop_front();
  }
  if (!paused_) out.reserve(limit);
  int wait_ms = out.empty() ? int(wait.ms()) : 0;
  for (std::size_t polled = 0; polled < limit && out.size() < limit; ++polled) {
    const Message message(rd_kafka_consumer_poll(client_, wait_ms));
    if (!message) break;
    on_message(*message, out);
    if (!events_.empty()) break;
    if (!out.empty()) wait_ms = 0;
  }
  if (!paused_) return;
  for (RawRecord& record : out) held_.push_back(std::move(record));
  out.clear();
}

void KafkaReader::courtesy_commit(const TopicPartition& where, Offset next) {
  commits_[where] = next;
}

void KafkaReader::flush_commits() {
  // One that waits for a broker would have to be waited for at the end.
  if (commits_.empty() || !connected_ || Clock::now() < commit_at_) return;
  commit_at_ = Clock::now() + kCommitEvery;
  const PartitionList list = list_of({commits_.begin(), commits_.end()});
  (void)rd_kafka_commit(client_, list.get(), 1);
  commits_.clear();
}

std::int64_t KafkaReader::known_end(const TopicPartition& where, const Reading& reading) const {
  std::int64_t low = -1;
  std::int64_t high = -1;
  if (rd_kafka_get_watermark_offsets(client_, where.topic.c_str(), where.partition, &low, &high) !=
      RD_KAFKA_RESP_ERR_NO_ERROR) {
    high = -1;
  }
  return std::max(high, reading.end);
}

std::map<TopicPartition, std::int64_t> KafkaReader::lag() const {
  std::map<TopicPartition, std::int64_t> out;
  for (const auto& [where, reading] : readings_) {
    const std::int64_t end = known_end(where, reading);
    if (end >= 0) out[where] = std::max<std::int64_t>(0, end - reading.next);
  }
  return out;
}

}  // namespace millwright::source
