// What one event costs in observe and decide, with the shipped rules, and what a signal costs in
// memory. Nothing fires. Build and run in release: build/release/bench_pipeline
#include <benchmark/benchmark.h>

#include <filesystem>

#include "millwright/base/rng.hpp"
#include "millwright/pipeline/partition.hpp"
#include "unit/pipeline/fixtures.hpp"
#include "unit/rules/load_rules.hpp"

namespace millwright::pipeline {
namespace {

using namespace testing;

enum class Rules {
  kNone,
  kTwoFiles,  // predictive-maintenance and sensor-health, which remember nothing
  kAll,       // of config/rules, most with watches
};

rules::RuleSetPtr shipped_rules(Rules which) {
  if (which == Rules::kNone) return nullptr;
  std::vector<rules::RuleSpec> specs;
  const std::filesystem::path folder(MILLWRIGHT_SOURCE_DIR "/config/rules");
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    const std::string name = file.path().filename().string();
    const bool first = name == "predictive-maintenance.yaml" || name == "sensor-health.yaml";
    if (which == Rules::kTwoFiles && !first) continue;
    for (auto& spec : rules::specs_of(YAML::LoadFile(file.path().string()), name)) {
      specs.push_back(std::move(spec));
    }
  }
  auto compiled = rules::RuleSet::compile(std::move(specs), "bench", codec::event_types());
  MW_CHECK(compiled.has_value());
  return *compiled;
}

// `signals` signals, ten to an asset: one vibration direction, nine temperatures.
PlantModelPtr plant_of(std::int64_t signals) {
  PlantModel plant;
  for (std::int64_t a = 0; a < signals / 10; ++a) {
    Asset asset = machine("A-" + std::to_string(a));
    plant.assets[asset.id] = asset;
    Signal v = vibration(asset.id.str(), "DE", "H");
    v.report_every = minutes(10);
    plant.signals[v.id] = v;
    for (int k = 0; k < 9; ++k) {
      Signal t = signal(asset.id.str(), "temperature-" + std::to_string(k),
                        SignalKind::kTemperature, "Cel");
      t.model = ModelId("robust-band");
      t.report_every = seconds(10);
      t.resolution = 0.1;
      plant.signals[t.id] = t;
    }
  }
  return std::make_shared<const PlantModel>(std::move(plant));
}

LaneView view_of(const PlantModel& plant) {
  LaneView view;
  for (const auto& [id, asset] : plant.assets) {
    view.equipment.set(asset.gate.work_unit,
                       EquipmentState{"Executing", "Processing", kStart - hours(1), "", ""});
  }
  return view;
}

// Makes batches of readings of all signals in turn, as fast as they come.
class Feed {
 public:
  Feed(std::int64_t signals, bool vibrations) : assets_(signals / 10), vibrations_(vibrations) {}

  std::vector<Decoded> batch(std::size_t n) {
    std::vector<Decoded> out;
    out.reserve(n);
    for (std::size_t i = 0; i < n; ++i, ++offset_) {
      const std::string asset = "A-" + std::to_string(turn_ % assets_);
      const std::int64_t k = turn_ / assets_ % 9;
      at_ = at_ + Duration(10'000'000'000 / (9 * assets_));
      const double noise = double(rng_.below(100)) / 100.0;
      Event e = vibrations_ ? vibration_event(asset, "DE", "H", 1.0 + 0.2 * noise, at_, offset_,
                                              {{"BPFO", 76.0, 0.1, "envelope"},
                                               {"1x", 24.7, 0.6, "velocity"},
                                               {"2x", 49.4, 0.1, "velocity"}})
                            : measurement(asset, "temperature-" + std::to_string(k),
                                          50.0 + 0.1 * double(rng_.below(30)), at_, offset_);
      e.key.id = "0000-" + std::to_string(offset_);
      out.emplace_back(std::move(e));
      ++turn_;
    }
    return out;
  }
  [[nodiscard]] Offset next() const { return Offset(offset_); }

 private:
  std::int64_t assets_;
  bool vibrations_;
  std::int64_t turn_ = 0;
  std::int64_t offset_ = 0;
  Instant at_ = kStart;
  Rng rng_{11};
};

void events(benchmark::State& state, bool vibrations, Rules rules) {
  const PlantModelPtr plant = plant_of(state.range(0));
  const LaneView view = view_of(*plant);
  Partition partition({"plant.events", 0}, {plant, shipped_rules(rules)});
  Feed feed(state.range(0), vibrations);
  // Warm: every signal was heard of and its model has settled to its final pace.
  for (std::int64_t i = 0; i < state.range(0) * 300 / 1'024; ++i) {
    (void)partition.step(feed.batch(1'024), feed.next(), view, std::nullopt,
                         Partition::Mode::kDecide);
  }
  std::int64_t fired = 0;
  for (auto _ : state) {
    state.PauseTiming();
    std::vector<Decoded> batch = feed.batch(1'024);
    state.ResumeTiming();
    StepResult r =
        partition.step(std::move(batch), feed.next(), view, std::nullopt, Partition::Mode::kDecide);
    fired += std::int64_t(r.outcomes.size());
    state.PauseTiming();
    benchmark::DoNotOptimize(r);
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() * 1'024);
  state.counters["ns_per_event"] =
      benchmark::Counter(double(state.iterations()) * 1'024 / 1e9,
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  state.counters["fired"] = double(fired);
}

void memory(benchmark::State& state, Rules rules) {
  const PlantModelPtr plant = plant_of(state.range(0));
  const LaneView view = view_of(*plant);
  for (auto _ : state) {
    Partition partition({"plant.events", 0}, {plant, shipped_rules(rules)});
    Feed feed(state.range(0), false);
    for (std::int64_t i = 0; i < state.range(0) * 140 / 1'024 + 1; ++i) {
      (void)partition.step(feed.batch(1'024), feed.next(), view, std::nullopt,
                           Partition::Mode::kDecide);
    }
    state.counters["MiB"] = double(partition.memory_bytes()) / (1 << 20);
    state.counters["KiB_per_signal"] =
        double(partition.memory_bytes()) / 1024.0 / double(state.range(0));
    std::size_t bytes = 0;
    while (auto slice = partition.next_slice(1 << 20)) {
      for (const auto& e : slice->entities) bytes += e.blob.size();
    }
    state.counters["checkpoint_MiB"] = double(bytes) / (1 << 20);
  }
}

void measurements(benchmark::State& state, Rules rules) {
  events(state, false, rules);
}
void vibrations(benchmark::State& state, Rules rules) {
  events(state, true, rules);
}
BENCHMARK_CAPTURE(measurements, two_files, Rules::kTwoFiles)->Arg(1'000)->Arg(10'000);
BENCHMARK_CAPTURE(measurements, all_rules, Rules::kAll)->Arg(1'000)->Arg(10'000);
BENCHMARK_CAPTURE(measurements, observe_only, Rules::kNone)->Arg(1'000)->Arg(10'000);
BENCHMARK_CAPTURE(vibrations, two_files, Rules::kTwoFiles)->Arg(1'000);
BENCHMARK_CAPTURE(vibrations, all_rules, Rules::kAll)->Arg(1'000);
BENCHMARK_CAPTURE(memory, no_rules, Rules::kNone)
    ->Arg(1'000)
    ->Arg(10'000)
    ->Arg(100'000)
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(memory, all_rules, Rules::kAll)
    ->Arg(1'000)
    ->Arg(10'000)
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace millwright::pipeline

BENCHMARK_MAIN();
