// The target rule as a line of C++ and as a compiled expression, over the same 8 192 random events,
// and their ratio; and what compiling takes.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <vector>

#include "millwright/cel/program.hpp"

namespace millwright::cel {
namespace {

constexpr std::size_t kEvents = 8'192;
constexpr const char* kRule = "vibration.z > 4.0 && asset.criticality == 'A'";

struct Reading {
  double z;
  std::string_view criticality;
};

struct Events {
  Schema schema;
  std::vector<Reading> readings;
  std::vector<std::array<Value, 2>> slots;

  Events() {
    schema.add("vibration.z", TypeKind::kDouble);
    schema.add("asset.criticality", TypeKind::kString);
    static constexpr std::string_view kClasses[] = {"A", "B", "C"};
    std::uint64_t state = 1;
    for (std::size_t i = 0; i < kEvents; ++i) {
      state = state * 6364136223846793005U + 1442695040888963407U;
      const double z = double(state >> 40) / double(1 << 24) * 8.0;
      const std::string_view criticality = kClasses[(state >> 33) % 3];
      readings.push_back({z, criticality});
      slots.push_back({Value::number(z), Value::string(criticality)});
    }
  }
};

const Events& events() {
  static const Events kAll;
  return kAll;
}

bool native(const Reading& r) {
  return r.z > 4.0 && r.criticality == "A";
}

void native_line(benchmark::State& state) {
  const Events& all = events();
  std::size_t i = 0;
  for (auto step : state) {
    static_cast<void>(step);
    const bool fires = native(all.readings[i++ % kEvents]);
    benchmark::DoNotOptimize(fires);
  }
}
BENCHMARK(native_line);

void compiled_rule(benchmark::State& state) {
  const Events& all = events();
  const Program program = compile(kRule, all.schema).value();
  Arena arena;
  std::size_t i = 0;
  for (auto step : state) {
    static_cast<void>(step);
    const Value value = program.evaluate(all.slots[i++ % kEvents], arena);
    benchmark::DoNotOptimize(value);
  }
}
BENCHMARK(compiled_rule);

void unchecked_rule(benchmark::State& state) {
  const Events& all = events();
  Options options;
  options.check = false;
  const Program program = compile(kRule, all.schema, options).value();
  Arena arena;
  std::size_t i = 0;
  for (auto step : state) {
    static_cast<void>(step);
    const Value value = program.evaluate(all.slots[i++ % kEvents], arena);
    benchmark::DoNotOptimize(value);
  }
}
BENCHMARK(unchecked_rule);

void compiling(benchmark::State& state) {
  const Events& all = events();
  for (auto step : state) {
    static_cast<void>(step);
    benchmark::DoNotOptimize(compile(kRule, all.schema));
  }
}
BENCHMARK(compiling)->Unit(benchmark::kMicrosecond);

// Median nanoseconds an event of `rounds` rounds over all events.
template <class Each>
double median_ns(int rounds, Each each) {
  std::vector<double> times;
  for (int round = 0; round < rounds; ++round) {
    const auto start = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < kEvents; ++i) {
      const bool fires = each(i);
      benchmark::DoNotOptimize(fires);
    }
    const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - start;
    times.push_back(took.count() / double(kEvents));
  }
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

// The ratio is measured in turns in one run: machines are noisy.
void print_ratio() {
  const Events& all = events();
  const Program program = compile(kRule, all.schema).value();
  Arena arena;
  const double line = median_ns(301, [&](std::size_t i) { return native(all.readings[i]); });
  const double rule = median_ns(
      301, [&](std::size_t i) { return program.evaluate(all.slots[i], arena).is_true(); });
  std::printf("native %.2f ns, compiled %.2f ns, ratio %.2f (aim: at most 8)\n", line, rule,
              rule / line);
}

}  // namespace
}  // namespace millwright::cel

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  millwright::cel::print_ratio();
  return 0;
}
