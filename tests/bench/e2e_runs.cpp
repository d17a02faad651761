#include "bench/e2e_runs.hpp"

#include <librdkafka/rdkafka.h>
#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <thread>
#include <vector>

#include "bench/e2e_load.hpp"
#include "bench/e2e_sources.hpp"
#include "daemon/app.hpp"
#include "millwright/source/kafka_source.hpp"

namespace millwright::bench {
namespace {

using daemon::App;

double since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

class Producer {
 public:
  Producer(const Where& where, std::string topic, const char* linger_ms)
      : topic_(std::move(topic)) {
    std::array<char, 512> why{};
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    for (const auto& [name, value] :
         {std::pair<const char*, const char*>{"bootstrap.servers", where.bootstrap.c_str()},
          {"linger.ms", linger_ms},
          {"compression.codec", "lz4"},
          {"queue.buffering.max.messages", "500000"}}) {
      if (rd_kafka_conf_set(conf, name, value, why.data(), why.size()) != RD_KAFKA_CONF_OK) {
        die(why.data());
      }
    }
    client_ = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why.data(), why.size());
    if (client_ == nullptr) die(why.data());
  }
  ~Producer() { rd_kafka_destroy(client_); }
  Producer(const Producer&) = delete;
  Producer& operator=(const Producer&) = delete;

  void send(const LoadRecord& record) {
    bytes_ += std::int64_t(record.value.size());
    for (;;) {
      const rd_kafka_resp_err_t error = rd_kafka_producev(
          client_, RD_KAFKA_V_TOPIC(topic_.c_str()), RD_KAFKA_V_PARTITION(record.partition),
          RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
          RD_KAFKA_V_KEY(record.key.data(), record.key.size()),
          RD_KAFKA_V_VALUE(const_cast<char*>(record.value.data()), record.value.size()),
          RD_KAFKA_V_HEADER("content-type", "application/cloudevents+json", 28), RD_KAFKA_V_END);
      if (error == RD_KAFKA_RESP_ERR_NO_ERROR) break;
      if (error != RD_KAFKA_RESP_ERR__QUEUE_FULL) die(rd_kafka_err2str(error));
      rd_kafka_poll(client_, 10);
    }
    if (++sent_ % 1'000 == 0) rd_kafka_poll(client_, 0);
  }
  void flush() {
    if (rd_kafka_flush(client_, 120'000) != RD_KAFKA_RESP_ERR_NO_ERROR) die("filling failed");
  }
  [[nodiscard]] std::int64_t bytes() const { return bytes_; }

 private:
  std::string topic_;
  rd_kafka_t* client_ = nullptr;
  std::int64_t sent_ = 0;
  std::int64_t bytes_ = 0;
};

// Source, lane, ledger and store, as the daemon wires them.
class Pipeline {
 public:
  Pipeline(const Where& where, std::unique_ptr<EventSource> source) : folder_(where.folder) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    App::Options parts;
    parts.configuration.plant = plant_of(where.signals);
    parts.configuration.version = "bench";
    parts.rules = where.rules;
    parts.paths = {folder_ + "/ledger.db", folder_ + "/anchors", folder_ + "/key", ""};
    parts.clock = &clock_;
    parts.plant_time = [](Instant) { return std::nullopt; };
    parts.sources.push_back(std::make_unique<Metered>(std::move(source), meter_));
    auto started = App::start(std::move(parts));
    if (!started) die(started.error().message);
    app_ = std::move(*started);
    app_->on_tasks([this](const std::vector<Task>& tasks) { on_tasks(tasks); });
  }
  ~Pipeline() {
    app_.reset();
    std::filesystem::remove_all(folder_);
  }
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  [[nodiscard]] App& app() { return *app_; }
  [[nodiscard]] const Meter& meter() const { return meter_; }
  // When the task of each probe was durable; epoch: not yet.
  [[nodiscard]] Clock::time_point done(int probe) {
    const std::scoped_lock lock(mutex_);
    return done_[std::size_t(probe)];
  }
  void check() const {
    if (app_->broken()) die("the ledger has stopped");
  }

 private:
  void on_tasks(const std::vector<Task>& tasks) {
    const auto now = Clock::now();
    const std::scoped_lock lock(mutex_);
    for (const Task& task : tasks) {
      const std::string& asset = task.asset.str();
      if (!asset.starts_with("PROBE-")) continue;
      Clock::time_point& at = done_[std::size_t(std::atoi(asset.c_str() + 6))];
      if (at == Clock::time_point()) at = now;
    }
  }

  const std::string folder_;
  const SystemClock clock_;
  Meter meter_;
  std::mutex mutex_;
  std::vector<Clock::time_point> done_ = std::vector<Clock::time_point>(kProbes);
  std::unique_ptr<App> app_;  // last: its threads use the rest
};

std::unique_ptr<EventSource> kafka_source(const Where& where, const std::string& topic) {
  source::KafkaSourceConfig config;
  config.bootstrap = where.bootstrap;
  config.topics = {topic};
  config.properties = where.tuning;
  auto made = source::make_kafka_source(config);
  if (!made) die(made.error().message);
  return std::move(*made);
}

// Processor time of this process so far, all threads, in microseconds: what others do on the
// machine makes a run slower, and this hardly.
double cpu_us() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto us = [](const timeval& t) { return double(t.tv_sec) * 1e6 + double(t.tv_usec); };
  return us(used.ru_utime) + us(used.ru_stime);
}

// Processor time of the thread of that name, in microseconds.
double thread_cpu_us(const std::string& name) {
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::string found;
    std::ifstream(task.path() / "comm") >> found;
    double ns = 0.0;
    if (found == name && std::ifstream(task.path() / "schedstat") >> ns) return ns / 1e3;
  }
  return 0.0;
}

double resident_mb() {
  std::ifstream statm("/proc/self/statm");
  double size = 0.0;
  double resident = 0.0;
  statm >> size >> resident;
  return resident * double(::sysconf(_SC_PAGESIZE)) / double(1 << 20);
}

void nap() {
  std::this_thread::sleep_for(std::chrono::milliseconds(2));
}

}  // namespace

void die(const std::string& what) {
  std::fprintf(stderr, "bench_e2e: %s\n", what.c_str());
  std::exit(1);
}

std::int64_t fill(const Where& where, const std::string& topic, std::int64_t records) {
  Producer producer(where, topic, "50");
  Load load(where.signals);
  for (std::int64_t i = 0; i < records; ++i) producer.send(load.next());
  for (int probe = 0; probe < kPartitions; ++probe) {
    for (int k = 0; k < 3; ++k) producer.send(load.hot_probe(probe));
  }
  producer.flush();
  return producer.bytes();
}

BareRun run_bare(const Where& where, const std::string& topic) {
  const double cpu = cpu_us();
  std::array<char, 512> why{};
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  rd_kafka_conf_set(conf, "bootstrap.servers", where.bootstrap.c_str(), nullptr, 0);
  rd_kafka_conf_set(conf, "group.id", "bench", nullptr, 0);
  rd_kafka_conf_set(conf, "enable.partition.eof", "true", nullptr, 0);
  rd_kafka_t* consumer = rd_kafka_new(RD_KAFKA_CONSUMER, conf, why.data(), why.size());
  if (consumer == nullptr) die(why.data());
  rd_kafka_topic_partition_list_t* list = rd_kafka_topic_partition_list_new(kPartitions);
  for (int p = 0; p < kPartitions; ++p) {
    rd_kafka_topic_partition_list_add(list, topic.c_str(), p)->offset = 0;
  }
  rd_kafka_assign(consumer, list);
  rd_kafka_topic_partition_list_destroy(list);
  std::int64_t seen = 0;
  Clock::time_point first;
  Clock::time_point last;
  for (int ended = 0; ended < kPartitions;) {
    rd_kafka_message_t* message = rd_kafka_consumer_poll(consumer, 1'000);
    if (message == nullptr) continue;
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
      ++ended;
    } else if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
      if (seen++ == 0) first = Clock::now();
    }
    rd_kafka_message_destroy(message);
    if (ended == kPartitions) last = Clock::now();
  }
  rd_kafka_consumer_close(consumer);
  rd_kafka_destroy(consumer);
  return {double(seen) / std::chrono::duration<double>(last - first).count(),
          (cpu_us() - cpu) / double(seen)};
}

PipelineRun run_pipeline(const Where& where, const std::string& topic) {
  (void)::malloc_trim(0);
  const double cpu = cpu_us();
  Pipeline pipeline(where, kafka_source(where, topic));
  const auto all_done = [&] {
    for (int p = 0; p < kPartitions; ++p) {
      if (pipeline.done(p) == Clock::time_point()) return false;
    }
    return true;
  };
  PipelineRun out;
  while (!all_done()) {
    nap();
    pipeline.check();
    out.resident_mb = std::max(out.resident_mb, resident_mb());
  }
  Clock::time_point last;
  for (int p = 0; p < kPartitions; ++p) last = std::max(last, pipeline.done(p));
  std::this_thread::sleep_for(std::chrono::milliseconds(300));  // until the counts are told
  const auto lane = pipeline.app().lane_status().at(0);
  const auto ledger = pipeline.app().ledger_status();
  out.records = lane->records;
  out.decisions = lane->decisions;
  out.tasks = ledger->tasks_opened;
  out.commits = ledger->commits;
  const double took = std::chrono::duration<double>(last - pipeline.meter().first).count();
  out.rate = double(out.records) / took;
  out.cpu_us = (cpu_us() - cpu) / double(out.records);
  out.lane_us = thread_cpu_us("lane") / double(out.records);
  out.ledger_us = thread_cpu_us("ledger") / double(out.records);
  return out;
}

Latency run_latency(const Where& where, const std::string& topic, double rate, double seconds) {
  Producer producer(where, topic, "1");
  Load load(where.signals);
  for (int i = 0; i < 1'000; ++i) producer.send(load.next());  // the topic is there
  producer.flush();
  Pipeline pipeline(where, kafka_source(where, topic));
  while (pipeline.meter().records < 1'000) nap();
  std::vector<Clock::time_point> sent(kProbes);
  const int probes = std::min(kProbes, int(seconds * 100.0));
  const double probe_every = seconds / double(probes);
  const auto begin = Clock::now();
  std::int64_t produced = 0;
  int probe = 0;
  while (since(begin) < seconds) {
    const auto due = std::int64_t(since(begin) * rate);
    for (; produced < due; ++produced) producer.send(load.next());
    if (probe < probes && since(begin) >= double(probe) * probe_every) {
      for (int k = 0; k < 3; ++k) {
        if (k == 2) sent[std::size_t(probe)] = Clock::now();
        producer.send(load.hot_probe(probe));
      }
      ++probe;
    }
    std::this_thread::sleep_for(std::chrono::microseconds(500));
  }
  Latency out;
  out.asked_rate = rate;
  out.rate = double(produced) / since(begin);
  const auto until = Clock::now() + std::chrono::seconds(10);
  while (Clock::now() < until && pipeline.done(probe - 1) == Clock::time_point()) nap();
  std::vector<double> ms;
  for (int i = 0; i < probe; ++i) {
    const auto done = pipeline.done(i);
    if (done == Clock::time_point()) {
      ++out.lost;
    } else {
      ms.push_back(std::chrono::duration<double>(done - sent[std::size_t(i)]).count() * 1e3);
    }
  }
  if (ms.empty()) die("no task became durable");
  std::sort(ms.begin(), ms.end());
  const auto at = [&](double share) { return ms[std::size_t(share * double(ms.size() - 1))]; };
  out.tasks = ms.size();
  out.median_ms = at(0.5);
  out.p90_ms = at(0.9);
  out.p99_ms = at(0.99);
  out.most_ms = ms.back();
  return out;
}

Memory run_memory(const Where& where, std::int64_t rounds) {
  Memory out;
  (void)::malloc_trim(0);
  const std::int64_t records = where.signals * rounds;
  Pipeline pipeline(where, std::make_unique<Generated>(where.signals, records));
  out.before_mb = resident_mb();
  while (pipeline.meter().records < records) {
    nap();
    pipeline.check();
  }
  out.rate = double(records) / since(pipeline.meter().first);
  std::this_thread::sleep_for(std::chrono::seconds(6));  // until the memory is counted again
  out.resident_mb = resident_mb();
  for (const PartitionStatus& p : pipeline.app().lane_status().at(0)->partitions) {
    out.partition_mb += double(p.memory_bytes) / double(1 << 20);
  }
  return out;
}

}  // namespace millwright::bench
