#include "daemon/metrics.hpp"

#include <map>

#include "millwright/base/json.hpp"

namespace millwright::daemon {

std::string_view name_of(EffectKind kind) {
  return kind == EffectKind::kErp ? "erp" : "kafka";
}

void MetricsText::head(std::string_view name, std::string_view type, std::string_view help) {
  text_.append("# HELP millwright_").append(name).append(" ").append(help);
  text_.append("\n# TYPE millwright_").append(name).append(" ").append(type).append("\n");
}

void MetricsText::row(std::string_view name, std::string_view labels, double value) {
  text_.append("millwright_").append(name).append(labels).append(" ");
  text_.append(shortest(value)).append("\n");
}

void MetricsText::gauge(std::string_view name, std::string_view help, double value) {
  head(name, "gauge", help);
  row(name, {}, value);
}

void MetricsText::counter(std::string_view name, std::string_view help, double value) {
  head(name, "counter", help);
  row(name, {}, value);
}

void lane_metrics(const LaneStatuses& lanes, MetricsText& out) {
  LaneStatus sum;
  std::int64_t lag = 0;
  double memory = 0.0;
  double entities = 0.0;
  int connected = 0;
  int paused = 0;
  std::map<std::string_view, int> phases;
  for (const PartitionPhase phase :
       {PartitionPhase::kAdopting, PartitionPhase::kReobserving, PartitionPhase::kRunning,
        PartitionPhase::kDeparting, PartitionPhase::kHalted}) {
    phases[to_text(phase)] = 0;
  }
  for (const auto& lane : lanes) {
    if (lane == nullptr) continue;
    sum.records += lane->records;
    sum.bytes += lane->bytes;
    sum.decisions += lane->decisions;
    sum.rule_errors += lane->rule_errors;
    sum.readopted += lane->readopted;
    connected += lane->connected ? 1 : 0;
    paused += lane->paused ? 1 : 0;
    for (const PartitionStatus& p : lane->partitions) {
      lag += p.lag > 0 ? p.lag : 0;
      memory += double(p.memory_bytes);
      entities += double(p.entities);
      ++phases[to_text(p.phase)];
    }
  }
  out.counter("records_read_total", "Records stepped over since the start.", double(sum.records));
  out.counter("bytes_read_total", "Their bytes.", double(sum.bytes));
  out.counter("decisions_made_total", "Decisions since the start.", double(sum.decisions));
  out.counter("rule_errors_total", "Rules that failed on an event.", double(sum.rule_errors));
  out.counter("partitions_readopted_total", "Partitions restored because a batch was refused.",
              double(sum.readopted));
  out.gauge("kafka_lag_records", "Records not yet read, as far as known.", double(lag));
  out.gauge("lanes", "Lanes.", double(lanes.size()));
  out.gauge("lanes_connected", "Lanes whose broker answers.", connected);
  out.gauge("lanes_paused", "Lanes that read nothing because ledger, outbox or disk is full.",
            paused);
  out.gauge("partition_state_bytes", "State of all partitions in memory, estimated.", memory);
  out.gauge("partition_entities", "Machines and other things that have state.", entities);
  out.head("partitions", "gauge", "Partitions by phase; halted ones wait for a person.");
  for (const auto& [phase, count] : phases) {
    out.row("partitions", "{phase=\"" + std::string(phase) + "\"}", count);
  }
}

void ledger_metrics(const LedgerStatus& ledger, MetricsText& out) {
  out.counter("ledger_commits_total", "Transactions since the start.", double(ledger.commits));
  out.counter("ledger_items_total", "Batches, commands and reports in them.", double(ledger.items));
  out.counter("ledger_refused_total", "Batches refused as stale.", double(ledger.refused));
  out.counter("tasks_opened_total", "Tasks proposed since the start.", double(ledger.tasks_opened));
  out.gauge("tasks_open", "Tasks that are not over.", double(ledger.open_tasks));
  out.gauge("ledger_queue_items", "Items that wait for the ledger.", double(ledger.queue));
  out.gauge("ledger_last_commit_seconds", "Plant time of the newest transaction, Unix seconds.",
            double(ledger.last_commit.ms()) / 1e3);
}

void effect_metrics(const DispatcherStatus& dispatcher, MetricsText& out) {
  struct Column {
    std::string_view name, type, help;
    double (*value)(const RunnerStatus&);
  };
  static constexpr Column kColumns[] = {
      {"effects_delivered_total", "counter", "Effects delivered since the start.",
       [](const RunnerStatus& r) { return double(r.delivered); }},
      {"effects_retries_total", "counter", "Attempts that are to be made again.",
       [](const RunnerStatus& r) { return double(r.retries); }},
      {"effects_refused_total", "counter", "Effects parked because they were refused.",
       [](const RunnerStatus& r) { return double(r.refused); }},
      {"effects_unknown_total", "counter", "Effects whose fate a person must look up.",
       [](const RunnerStatus& r) { return double(r.unknown); }},
      {"effects_in_flight", "gauge", "Effects under way.",
       [](const RunnerStatus& r) { return double(r.in_flight); }},
      {"effects_healthy", "gauge", "1 where the other side answers.",
       [](const RunnerStatus& r) { return r.healthy ? 1.0 : 0.0; }},
      {"effects_breaker_open", "gauge", "1 while only probes are sent after repeated failures.",
       [](const RunnerStatus& r) { return r.breaker_open ? 1.0 : 0.0; }},
  };
  for (const Column& column : kColumns) {
    out.head(column.name, column.type, column.help);
    for (const RunnerStatus& runner : dispatcher.runners) {
      out.row(column.name, "{to=\"" + std::string(name_of(runner.kind)) + "\"}",
              column.value(runner));
    }
  }
}

}  // namespace millwright::daemon
