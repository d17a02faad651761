// The whole way of an event, from a topic to the ledger, beside a bare consumer of the client
// library that only counts, in the same run over the same topic; how long an event takes to become
// a durable task at half that rate; and what signals cost in memory.
//
//   MILLWRIGHT_KAFKA_BOOTSTRAP=host:port bench_e2e [--records N] [--signals N] [--rounds N]
//       [--seconds S] [--rate R] [--folder DIR] [--property NAME=VALUE] [--no-latency] [--memory]
//
// Without MILLWRIGHT_KAFKA_BOOTSTRAP it reads from the embedded broker, which keeps 5 MB of each
// partition only: fewer records then. --memory needs no broker and measures nothing else.
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <vector>

#include "bench/e2e_load.hpp"
#include "bench/e2e_runs.hpp"
#include "daemon/config/config.hpp"
#include "millwright/base/log.hpp"
#include "millwright/codec/catalog.hpp"
#include "millwright/source/embedded_broker.hpp"

namespace millwright::bench {
namespace {

struct Wishes {
  std::int64_t records = 0;
  std::int64_t signals = 1'000;
  int rounds = 5;
  double seconds = 20.0;
  double rate = 0.0;  // of the latency run; 0: half of what the pipeline did
  std::string folder = "bench-e2e";
  std::map<std::string, std::string> tuning;
  bool latency = true;
  bool memory = false;
};

Wishes wishes_of(int argc, char** argv) {
  Wishes out;
  for (int i = 1; i < argc; ++i) {
    const std::string_view name = argv[i];
    if (name == "--no-latency") {
      out.latency = false;
    } else if (name == "--memory") {
      out.memory = true;
    } else if (i + 1 == argc) {
      die("unknown option, or one without a value: " + std::string(name));
    } else if (const char* value = argv[++i]; name == "--records") {
      out.records = std::atoll(value);
    } else if (name == "--signals") {
      out.signals = std::max(100LL, std::atoll(value));
    } else if (name == "--rounds") {
      out.rounds = std::max(1, std::atoi(value));
    } else if (name == "--seconds") {
      out.seconds = std::max(1.0, std::atof(value));
    } else if (name == "--rate") {
      out.rate = std::max(1.0, std::atof(value));
    } else if (name == "--property") {
      const std::string text = value;
      const std::size_t equals = text.find('=');
      if (equals == std::string::npos) die("--property takes NAME=VALUE, not " + text);
      out.tuning[text.substr(0, equals)] = text.substr(equals + 1);
    } else if (name == "--folder") {
      out.folder = value;
    } else {
      die("unknown option " + std::string(name));
    }
  }
  return out;
}

rules::RuleSetPtr shipped_rules() {
  std::vector<daemon::Problem> problems;
  const auto loaded =
      daemon::load_configuration(MILLWRIGHT_SOURCE_DIR "/config/millwright.yaml", {}, &problems);
  if (!loaded) die(loaded.error().message);
  auto rules = rules::RuleSet::compile(loaded->rules, loaded->version, codec::event_types());
  if (!rules) die(rules.error().message);
  return *rules;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void measure_memory(Where where) {
  for (const std::int64_t signals : {1'000, 10'000, 100'000}) {
    where.signals = signals;
    // A child for each: what one leaves behind is not the next one's.
    const pid_t child = ::fork();
    if (child == 0) {
      const Memory m = run_memory(where, 140);
      std::printf(
          "%7lld signals: resident %7.1f MB (%5.1f MB before the first record), state "
          "%7.1f MB, %.2f KB a signal; %.0f records/s on the way\n",
          static_cast<long long>(signals), m.resident_mb, m.before_mb, m.partition_mb,
          m.partition_mb * 1024.0 / double(signals), m.rate);
      std::fflush(stdout);
      std::_Exit(0);
    }
    int status = 0;
    if (child < 0 || ::waitpid(child, &status, 0) != child || status != 0) die("a child failed");
  }
}

double measure_rate(const Where& where, const Wishes& wishes, const std::string& topic) {
  const std::int64_t bytes = fill(where, topic, wishes.records);
  std::printf("%lld records of %lld bytes in 4 partitions, %lld signals\n",
              static_cast<long long>(wishes.records),
              static_cast<long long>(bytes / wishes.records),
              static_cast<long long>(where.signals));
  std::vector<double> bare;
  std::vector<double> ours;
  std::vector<double> ratio;
  for (int round = 0; round < wishes.rounds; ++round) {
    const BareRun alone = run_bare(where, topic);
    const PipelineRun run = run_pipeline(where, topic);
    bare.push_back(alone.rate);
    ours.push_back(run.rate);
    ratio.push_back(ours.back() / bare.back());
    std::printf(
        "bare consumer %8.0f/s (%.2f us of CPU each)   pipeline %8.0f/s (%.2f us: lane %.2f, "
        "ledger "
        "%.2f)   ratio %.2f   (%lld decisions, %lld tasks, %lld commits, %.0f MB)\n",
        alone.rate, alone.cpu_us, run.rate, run.cpu_us, run.lane_us, run.ledger_us, ratio.back(),
        static_cast<long long>(run.decisions), static_cast<long long>(run.tasks),
        static_cast<long long>(run.commits), run.resident_mb);
    std::fflush(stdout);
  }
  std::printf(
      "median of %d: bare consumer %.0f/s, pipeline %.0f/s, ratio %.2f (aim: at least "
      "0.50)\n",
      wishes.rounds, median(bare), median(ours), median(ratio));
  std::fflush(stdout);
  return median(ours);
}

void measure_latency(const Where& where, const Wishes& wishes, const std::string& topic,
                     double rate) {
  const Latency l = run_latency(where, topic, rate, wishes.seconds);
  std::printf(
      "event to durable task at %.0f records/s (asked %.0f): median %.1f ms, p90 %.1f, p99 "
      "%.1f, most %.1f; %zu tasks, %zu lost\n",
      l.rate, l.asked_rate, l.median_ms, l.p90_ms, l.p99_ms, l.most_ms, l.tasks, l.lost);
}

int run(const Wishes& asked) {
  Wishes wishes = asked;
  log::configure(log::Level::kWarn, log::Format::kText);
  Where where;
  where.signals = wishes.signals;
  where.folder = wishes.folder + "-" + std::to_string(::getpid());
  where.rules = shipped_rules();
  where.tuning = wishes.tuning;
  if (wishes.memory) {
    measure_memory(where);
    return 0;
  }
  const char* bootstrap = std::getenv("MILLWRIGHT_KAFKA_BOOTSTRAP");
  const std::string topic = "bench-" + std::to_string(::getpid());
  std::unique_ptr<source::EmbeddedBroker> embedded;
  if (bootstrap == nullptr) {
    auto started = source::EmbeddedBroker::start();
    if (!started) die(started.error().message);
    embedded = std::move(*started);
    for (const char* ending : {"", "-latency"}) {
      if (!embedded->create_topic(topic + ending, kPartitions)) die("no topic could be made");
    }
  }
  where.bootstrap = bootstrap != nullptr ? bootstrap : embedded->bootstrap();
  if (wishes.records == 0) wishes.records = bootstrap != nullptr ? 1'000'000 : 100'000;
  std::printf("broker: %s\n", bootstrap != nullptr ? "Apache Kafka" : "embedded");
  const double reached = measure_rate(where, wishes, topic);
  const double rate = wishes.rate > 0.0 ? wishes.rate : reached / 2.0;
  if (wishes.latency) measure_latency(where, wishes, topic + "-latency", rate);
  return 0;
}

}  // namespace
}  // namespace millwright::bench

int main(int argc, char** argv) {
  return millwright::bench::run(millwright::bench::wishes_of(argc, argv));
}
