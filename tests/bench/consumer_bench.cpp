// How fast the Kafka source hands records out, beside a bare consumer of the client library at its
// defaults that only counts. Needs a real Kafka, because the embedded broker keeps 5 MB only:
//   MILLWRIGHT_KAFKA_BOOTSTRAP=host:port bench_consumer [RECORDS] [BYTES]

#include <librdkafka/rdkafka.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "millwright/source/kafka_source.hpp"

namespace {

using namespace millwright;
using Clock = std::chrono::steady_clock;

constexpr int kPartitions = 4;

[[noreturn]] void die(const std::string& what) {
  std::fprintf(stderr, "consumer_bench: %s\n", what.c_str());
  std::exit(1);
}

rd_kafka_t* client(rd_kafka_type_t type,
                   const std::vector<std::pair<const char*, std::string>>& settings) {
  std::array<char, 512> why{};
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  for (const auto& [name, value] : settings) {
    if (rd_kafka_conf_set(conf, name, value.c_str(), why.data(), why.size()) != RD_KAFKA_CONF_OK) {
      die(why.data());
    }
  }
  rd_kafka_t* out = rd_kafka_new(type, conf, why.data(), why.size());
  if (out == nullptr) die(why.data());
  return out;
}

void fill(const std::string& bootstrap, const std::string& topic, std::int64_t records,
          std::size_t bytes) {
  rd_kafka_t* producer = client(RD_KAFKA_PRODUCER, {{"bootstrap.servers", bootstrap},
                                                    {"linger.ms", "50"},
                                                    {"compression.codec", "lz4"},
                                                    {"queue.buffering.max.messages", "500000"}});
  std::string value(bytes, 'x');
  for (std::int64_t i = 0; i < records;) {
    const std::string number = std::to_string(i);
    std::copy(number.begin(), number.end(), value.begin());
    const rd_kafka_resp_err_t error = rd_kafka_producev(
        producer, RD_KAFKA_V_TOPIC(topic.c_str()),
        RD_KAFKA_V_PARTITION(std::int32_t(i % kPartitions)),
        RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_KEY("P-101", 5),
        RD_KAFKA_V_VALUE(value.data(), value.size()),
        RD_KAFKA_V_HEADER("content-type", "application/cloudevents+json", 28), RD_KAFKA_V_END);
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) {
      ++i;
    } else {
      rd_kafka_poll(producer, 10);
    }
  }
  if (rd_kafka_flush(producer, 120'000) != RD_KAFKA_RESP_ERR_NO_ERROR) die("filling failed");
  rd_kafka_destroy(producer);
}

// Records a second, from the first record to the last.
class Meter {
 public:
  void count(std::int64_t records) {
    if (records > 0 && seen_ == 0) first_ = Clock::now();
    seen_ += records;
  }
  [[nodiscard]] std::int64_t seen() const { return seen_; }
  [[nodiscard]] double rate() const {
    return double(seen_) / std::chrono::duration<double>(Clock::now() - first_).count();
  }

 private:
  std::int64_t seen_ = 0;
  Clock::time_point first_;
};

double bare(const std::string& bootstrap, const std::string& topic, std::int64_t records) {
  rd_kafka_t* consumer =
      client(RD_KAFKA_CONSUMER, {{"bootstrap.servers", bootstrap}, {"group.id", "bench"}});
  rd_kafka_topic_partition_list_t* list = rd_kafka_topic_partition_list_new(kPartitions);
  for (int p = 0; p < kPartitions; ++p) {
    rd_kafka_topic_partition_list_add(list, topic.c_str(), p)->offset = 0;
  }
  rd_kafka_assign(consumer, list);
  rd_kafka_topic_partition_list_destroy(list);
  Meter meter;
  while (meter.seen() < records) {
    rd_kafka_message_t* message = rd_kafka_consumer_poll(consumer, 1'000);
    if (message == nullptr) continue;
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) meter.count(1);
    rd_kafka_message_destroy(message);
  }
  const double rate = meter.rate();
  rd_kafka_consumer_close(consumer);
  rd_kafka_destroy(consumer);
  return rate;
}

double ours(const std::string& bootstrap, const std::string& topic, std::int64_t records) {
  source::KafkaSourceConfig config;
  config.bootstrap = bootstrap;
  config.topics = {topic};
  const auto source = source::make_kafka_source(config);
  if (!source) die(source.error().message);
  Meter meter;
  while (meter.seen() < records) {
    SourceEvent event = (*source)->poll(1'024, milliseconds(20));
    if (const auto* assigned = std::get_if<Assigned>(&event)) {
      const auto at = (*source)->start(assigned->where, Offset(0));
      if (!at) die(at.error().message);
    } else if (const auto* got = std::get_if<Records>(&event)) {
      meter.count(std::int64_t(got->records.size()));
    }
  }
  return meter.rate();
}

}  // namespace

int main(int argc, char** argv) {
  const char* bootstrap = std::getenv("MILLWRIGHT_KAFKA_BOOTSTRAP");
  if (bootstrap == nullptr) die("MILLWRIGHT_KAFKA_BOOTSTRAP is not set");
  const std::int64_t records = argc > 1 ? std::atoll(argv[1]) : 1'000'000;
  const std::size_t bytes = std::size_t(std::max(16, argc > 2 ? std::atoi(argv[2]) : 150));
  const std::string topic = "bench-" + std::to_string(::getpid());
  fill(bootstrap, topic, records, bytes);
  std::vector<double> a;
  std::vector<double> b;
  for (int round = 0; round < 5; ++round) {
    a.push_back(bare(bootstrap, topic, records));
    b.push_back(ours(bootstrap, topic, records));
    std::printf("bare %9.0f/s   source %9.0f/s   ratio %.2f\n", a.back(), b.back(),
                b.back() / a.back());
  }
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  std::printf("median of 5, %lld records of %zu bytes: bare %.0f/s, source %.0f/s, ratio %.2f\n",
              static_cast<long long>(records), bytes, a[2], b[2], b[2] / a[2]);
  return 0;
}
