#pragma once
// The runs of the end-to-end benchmark: filling a topic, a bare consumer, the whole pipeline, its
// latency and its memory. Each call is a run of its own; one at a time.

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "millwright/rules/rule_set.hpp"

namespace millwright::bench {

struct Where {
  std::string bootstrap;
  std::string folder;  // for ledgers; everything below is removed
  rules::RuleSetPtr rules;
  std::int64_t signals = 1'000;
  std::map<std::string, std::string> tuning;  // librdkafka properties of our source alone
};

// What stopped the benchmark, on standard error; ends the process.
[[noreturn]] void die(const std::string& what);

// Writes so many records of the load, and at each partition's end a task. Bytes written.
std::int64_t fill(const Where& where, const std::string& topic, std::int64_t records);

struct BareRun {
  double rate = 0.0;    // records a second, from the first one read
  double cpu_us = 0.0;  // of all threads, a record
};
// A consumer of the client library at its defaults that only counts.
BareRun run_bare(const Where& where, const std::string& topic);

struct PipelineRun {
  double rate = 0.0;         // records a second, from the first one read to the last one durable
  double cpu_us = 0.0;       // of all threads, a record
  double lane_us = 0.0;      // of the lane's thread alone
  double ledger_us = 0.0;    // of the ledger's
  double resident_mb = 0.0;  // most, of the whole program
  std::int64_t records = 0;
  std::int64_t decisions = 0;
  std::int64_t tasks = 0;
  std::int64_t commits = 0;
};
// Source, lane, ledger and store as the daemon wires them, over the whole topic.
PipelineRun run_pipeline(const Where& where, const std::string& topic);

struct Latency {
  double asked_rate = 0.0;
  double rate = 0.0;  // really produced
  std::size_t tasks = 0;
  std::size_t lost = 0;  // no task within ten seconds of the end
  double median_ms = 0.0;
  double p90_ms = 0.0;
  double p99_ms = 0.0;
  double most_ms = 0.0;
};
// From handing the third hot reading to the producer until its task is durable.
Latency run_latency(const Where& where, const std::string& topic, double rate, double seconds);

struct Memory {
  double before_mb = 0.0;     // resident, program with configuration
  double resident_mb = 0.0;   // after every signal has its full history
  double partition_mb = 0.0;  // state, as the partition counts it
  double rate = 0.0;          // records a second on the way, without a broker
};
// Without a broker: records are made where they are read.
Memory run_memory(const Where& where, std::int64_t rounds);

}  // namespace millwright::bench
