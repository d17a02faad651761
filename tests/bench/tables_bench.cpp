// What a decision table costs an event by its rows: 4, 32 and 256, with two number columns and a
// text column, and every hit policy; beside them the same questions as a list of proposals with
// `when`. One rule over 1 000 assets; only the time in `decide` is taken. Nothing is remembered or
// proposed: the row that is found asks `when: false`. Build and run in release:
// build/release/bench_tables
#include <benchmark/benchmark.h>

#include "millwright/base/check.hpp"
#include "unit/pipeline/fixtures.hpp"

namespace millwright::rules {
namespace {

using pipeline::testing::rule;

constexpr std::string_view kHeard = "iot.measurement.sampled";
constexpr double kSpan = 256.0;  // values go from 0 to here, whatever the number of rows

SourceText source(std::string text) {
  return {std::move(text), "bench.yaml", 1, 1};
}

// Row i takes a span of signal.value, and of the other inputs what an author would ask.
std::string row_text(std::int64_t i, std::int64_t rows) {
  const double step = kSpan / double(rows);
  const std::string low = std::to_string(double(i) * step);
  const std::string high = std::to_string(double(i + 1) * step);
  return "[" + low + ".." + high + ") | >= 0 | " + (i % 2 == 0 ? "A, B" : "not in (\"C\")") +
         " || " + std::to_string(1 + i % 4) + "\n";
}

RuleSpec table_rule(std::int64_t rows, HitPolicy hit) {
  RuleSpec spec = rule("table", {std::string(kHeard)}, "has(signal.value)", true);
  spec.proposals.clear();
  TableSpec table;
  table.hit = hit;
  table.gaps_allowed = true;
  table.rows = source("signal.value | signal.z | asset.criticality || priority\n");
  for (std::int64_t i = 0; i < rows; ++i) table.rows.text += row_text(i, rows);
  table.task = source("inspection");
  table.defaults.when = source("signal.value < 0.0");
  table.defaults.title_text = source("Look at it");
  table.defaults.symptom_text = source("It is so");
  if (hit == HitPolicy::kPriority) {
    table.order = {{source("priority"), {source("1"), source("2"), source("3"), source("4")}}};
  }
  spec.table = std::move(table);
  return spec;
}

// The same questions asked one after the other, as conditions.
RuleSpec proposal_rule(std::int64_t rows) {
  RuleSpec spec = rule("list", {std::string(kHeard)}, "has(signal.value)", true);
  const Proposal model = spec.proposals.at(0);
  spec.proposals.clear();
  const double step = kSpan / double(rows);
  for (std::int64_t i = 0; i < rows; ++i) {
    Proposal each = model;
    each.when = source("signal.value >= " + std::to_string(double(i) * step) +
                       " && signal.value < " + std::to_string(double(i + 1) * step) +
                       " && signal.z >= 0.0 && asset.criticality != 'C' && signal.value < 0.0");
    spec.proposals.push_back(std::move(each));
  }
  return spec;
}

RuleSetPtr compiled(RuleSpec spec) {
  auto set = RuleSet::compile({std::move(spec)}, "bench", codec::event_types());
  if (!set) std::fprintf(stderr, "%s\n", set.error().message.c_str());
  MW_CHECK(set.has_value());
  return *set;
}

// Observations whose values are spread over all rows.
std::vector<Observation> observations(const Event& event) {
  std::vector<Observation> out(1'000);
  for (std::size_t i = 0; i < out.size(); ++i) {
    Observation& o = out[i];
    o.event = &event;
    o.at = event.time;
    o.asset = AssetId("A-" + std::to_string(i));
    o.entity = o.asset.str();
    o.source_id = "/bench\n" + std::to_string(i);
    o.features.set(Feature::kAssetId, o.entity);
    o.features.set(Feature::kAssetCriticality, i % 3 == 0 ? "A" : "B");
    o.features.set(Feature::kSignalValue, double(i * 7919 % 2'560) / 10.0);
    o.features.set(Feature::kSignalZ, 0.5);
  }
  return out;
}

void deciding(benchmark::State& state, const RuleSetPtr& set) {
  const Event event =
      pipeline::testing::measurement("A-1", "temp", 50.0, pipeline::testing::kStart, 1);
  const std::vector<Observation> all = observations(event);
  const LaneView view;
  const FiredMap fired;
  std::size_t i = 0;
  for (auto _ : state) {
    const Outcome out = set->decide(all[i], view, fired);
    MW_CHECK(out.decisions.empty() && out.errors.empty());
    if (++i == all.size()) i = 0;
  }
}

void table(benchmark::State& state, HitPolicy hit) {
  deciding(state, compiled(table_rule(state.range(0), hit)));
}
void proposals(benchmark::State& state) {
  deciding(state, compiled(proposal_rule(state.range(0))));
}
void condition_alone(benchmark::State& state) {
  RuleSpec spec = rule("none", {std::string(kHeard)}, "has(signal.value) && signal.value < 0.0");
  deciding(state, compiled(std::move(spec)));
}
void loading(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(compiled(table_rule(state.range(0), HitPolicy::kUnique)));
  }
}

BENCHMARK(condition_alone);
BENCHMARK_CAPTURE(table, unique, HitPolicy::kUnique)->Arg(4)->Arg(32)->Arg(256);
BENCHMARK_CAPTURE(table, first, HitPolicy::kFirst)->Arg(4)->Arg(32)->Arg(256);
BENCHMARK_CAPTURE(table, priority, HitPolicy::kPriority)->Arg(4)->Arg(32)->Arg(256);
BENCHMARK_CAPTURE(table, collect, HitPolicy::kCollect)->Arg(4)->Arg(32)->Arg(256);
BENCHMARK(proposals)->Arg(4)->Arg(32);  // there may be no more
BENCHMARK(loading)->Arg(4)->Arg(32)->Arg(256)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace millwright::rules

BENCHMARK_MAIN();
