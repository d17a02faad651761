// What an event costs as rules are added, over 10 000 assets: with the number of rules that listen
// to its type held fixed, and with all of them listening; plain rules, and rules that remember.
// Nothing fires. Build and run in release: build/release/bench_rules
#include <benchmark/benchmark.h>

#include "millwright/base/rng.hpp"
#include "millwright/pipeline/partition.hpp"
#include "unit/pipeline/watch_fixtures.hpp"

namespace millwright::pipeline {
namespace {

using namespace testing;

constexpr std::int64_t kAssets = 10'000;
constexpr std::string_view kHeard = "iot.measurement.sampled";

// Types that no event of the feed has, in turn.
std::string other_type(std::int64_t i) {
  const auto types = codec::event_types();
  std::size_t at = std::size_t(i) % types.size();
  while (types[at].name == kHeard) at = (at + 1) % types.size();
  return std::string(types[at].name);
}

rules::RuleSpec plain(std::int64_t i, bool listens) {
  return rule("R" + std::to_string(i), {listens ? std::string(kHeard) : other_type(i)},
              "signal.value > " + std::to_string(100 + i % 50) + ".0 && asset.criticality == 'A'",
              true);
}

rules::RuleSpec remembering(std::int64_t i, bool listens) {
  rules::RuleSpec spec = plain(i, listens);
  rules::WatchSpec hot = watch_for("hot", minutes(5));
  hot.of = {"signal.value > 100.0", "bench.yaml", 1, 1};
  rules::WatchSpec mean = watch_window("mean", minutes(10));
  mean.of = {"signal.value", "bench.yaml", 1, 1};
  for (rules::WatchSpec* each : {&hot, &mean}) each->keys["of"] = {1, 1};
  spec.watches = {hot, mean};
  spec.condition.text = "watch.hot && has(watch.mean) && watch.mean > 100.0";
  return spec;
}

enum class Kind { kPlain, kRemembering };

rules::RuleSetPtr rules_of(std::int64_t n, std::int64_t listening, Kind kind) {
  std::vector<rules::RuleSpec> specs;
  for (std::int64_t i = 0; i < n; ++i) {
    const bool listens = i < listening;
    specs.push_back(kind == Kind::kPlain ? plain(i, listens) : remembering(i, listens));
  }
  auto compiled = rules::RuleSet::compile(std::move(specs), "bench", codec::event_types());
  MW_CHECK(compiled.has_value());
  return *compiled;
}

PlantModelPtr plant() {
  PlantModel out;
  for (std::int64_t a = 0; a < kAssets; ++a) {
    Asset asset = machine("A-" + std::to_string(a));
    asset.gate = Gate{};
    asset.gate.by = GateBy::kNone;
    out.assets[asset.id] = asset;
    const Signal t = signal(asset.id.str(), "temp", SignalKind::kTemperature, "Cel");
    out.signals[t.id] = t;
  }
  return std::make_shared<const PlantModel>(std::move(out));
}

std::vector<Decoded> batch(std::int64_t& offset, std::size_t n) {
  std::vector<Decoded> out;
  out.reserve(n);
  for (std::size_t i = 0; i < n; ++i, ++offset) {
    const Instant at = kStart + milliseconds(offset * 6);  // each asset once a minute
    out.emplace_back(measurement("A-" + std::to_string(offset % kAssets), "temp",
                                 50.0 + double(offset * 7919 % 64) / 10.0, at, offset));
  }
  return out;
}

// range(0): rules; range(1): those that listen, 0: all of them.
void events(benchmark::State& state, Kind kind) {
  const std::int64_t n = state.range(0);
  const std::int64_t listening = state.range(1) == 0 ? n : state.range(1);
  static const PlantModelPtr kPlant = plant();
  Partition partition({"plant.events", 0}, {kPlant, rules_of(n, listening, kind)});
  const LaneView view;
  std::int64_t offset = 0;
  const std::size_t size = listening > 1'000 ? 64 : 1'024;
  // Warm: every asset was heard of.
  while (offset < (listening > 1'000 ? 512 : 2 * kAssets)) {
    (void)partition.step(batch(offset, size), Offset(offset), view, std::nullopt,
                         Partition::Mode::kDecide);
  }
  for (auto _ : state) {
    state.PauseTiming();
    std::vector<Decoded> records = batch(offset, size);
    state.ResumeTiming();
    StepResult r = partition.step(std::move(records), Offset(offset), view, std::nullopt,
                                  Partition::Mode::kDecide);
    state.PauseTiming();
    MW_CHECK(r.outcomes.empty() && r.rule_errors.empty());
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() * std::int64_t(size));
  state.counters["us_per_event"] =
      benchmark::Counter(double(state.iterations()) * double(size) / 1e6,
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void compiling(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(rules_of(state.range(0), 10, Kind::kPlain));
}

BENCHMARK_CAPTURE(events, ten_listen, Kind::kPlain)
    ->ArgsProduct({{10, 100, 1'000, 10'000}, {10}})
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(events, all_listen, Kind::kPlain)
    ->ArgsProduct({{10, 100, 1'000, 10'000}, {0}})
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(events, ten_listen_and_remember, Kind::kRemembering)
    ->ArgsProduct({{10, 100, 1'000, 10'000}, {10}})
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(events, all_listen_and_remember, Kind::kRemembering)
    ->ArgsProduct({{10, 100}, {0}})
    ->Unit(benchmark::kMillisecond);
BENCHMARK(compiling)->Arg(1'000)->Arg(10'000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace millwright::pipeline

BENCHMARK_MAIN();
