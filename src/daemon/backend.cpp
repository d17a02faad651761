#include "daemon/backend.hpp"

#include "millwright/base/json.hpp"
#include "millwright/base/log.hpp"
#include "millwright/store/store.hpp"

namespace millwright::daemon {
namespace {

// Longer than a commit on a slow disk, shorter than a person waits.
constexpr Duration kAnswerWithin = seconds(10);

void metric(std::string& out, std::string_view name, std::string_view type, double value,
            std::string_view labels = {}) {
  out += "# TYPE millwright_";
  out += name;
  out += ' ';
  out += type;
  out += "\nmillwright_";
  out += name;
  out += labels;
  out += ' ';
  out += shortest(value);
  out += '\n';
}

std::string_view name_of(EffectKind kind) {
  return kind == EffectKind::kErp ? "erp" : "kafka";
}

void lane_causes(const LaneStatus& lane, http::Health& health) {
  if (!lane.connected) {
    health.causes.push_back({"kafka",
                             "No broker answers; look at kafka.bootstrap and at the "
                             "network. Nothing is lost, it goes on by itself."});
  }
  if (!lane.problem.empty()) health.causes.push_back({"lane", lane.problem});
  for (const PartitionStatus& p : lane.partitions) {
    if (p.phase != PartitionPhase::kHalted) continue;
    health.causes.push_back(
        {"kafka", p.where.topic + "[" + std::to_string(p.where.partition) + "]: " + p.detail});
  }
}

}  // namespace

std::unique_ptr<StoreReader> AppBackend::make_reader() {
  auto reader = store::open_reader(app_.options().paths.ledger);
  if (reader) return std::move(*reader);
  log::error("the ledger cannot be read", {{"error", reader.error().message}});
  return nullptr;
}

Result<Task> AppBackend::submit(Command command) {
  const Revision seen = command.seen;
  Submission submission{std::move(command), {}};
  const Reply<Result<CommandAnswer>> reply = submission.reply;
  LedgerItem item(std::move(submission));
  if (!app_.ledger_queue().try_push(item)) {
    return fail(Errc::kUnavailable, "The ledger takes no writes now. Nothing was done; try again.");
  }
  auto answer = reply.take(kAnswerWithin);
  if (!answer) {
    return fail(Errc::kUnavailable,
                "The ledger has not answered in time. Load the task again to see what holds.");
  }
  if (!*answer) return answer->error();
  Task task = std::move((*answer)->task);
  if (task.state == TaskState::kProposed && task.revision != seen) {
    return fail(Errc::kStale, "Stock, parts or money have changed; the task is at revision " +
                                  std::to_string(task.revision.get()) +
                                  " now. Look at it again; nothing was approved.");
  }
  return task;
}

void AppBackend::note(Notice notice) {
  LedgerItem item(std::move(notice));
  if (!app_.ledger_queue().try_push(item)) {
    log::warn("a security event did not reach the audit log: the ledger is full");
  }
}

http::Health AppBackend::health() {
  http::Health health;
  const auto ledger = app_.ledger_status();
  if (ledger == nullptr || !ledger->open) {
    health.causes.push_back({"ledger", "It is being opened."});
  } else {
    if (!ledger->problem.empty()) health.causes.push_back({"ledger", ledger->problem});
    if (!ledger->anchor_problem.empty()) {
      health.causes.push_back({"anchor", ledger->anchor_problem});
    }
  }
  for (const auto& lane : app_.lane_status()) {
    if (lane != nullptr) lane_causes(*lane, health);
  }
  if (const auto dispatcher = app_.dispatcher_status()) {
    for (const RunnerStatus& runner : dispatcher->runners) {
      if (runner.problem.empty()) continue;
      health.causes.push_back({std::string(name_of(runner.kind)), runner.problem});
    }
  }
  return health;
}

std::optional<Instant> AppBackend::last_event_at() {
  std::optional<Instant> newest;
  for (const auto& lane : app_.lane_status()) {
    if (lane == nullptr || !lane->newest_event.is_set()) continue;
    if (!newest || *newest < lane->newest_event) newest = lane->newest_event;
  }
  return newest;
}

std::string AppBackend::metrics_text() {
  std::string out;
  std::int64_t records = 0;
  std::int64_t lag = 0;
  std::int64_t errors = 0;
  double memory = 0.0;
  for (const auto& lane : app_.lane_status()) {
    if (lane == nullptr) continue;
    records += lane->records;
    errors += lane->rule_errors;
    for (const PartitionStatus& p : lane->partitions) {
      lag += p.lag > 0 ? p.lag : 0;
      memory += double(p.memory_bytes);
    }
  }
  metric(out, "records_read_total", "counter", double(records));
  metric(out, "kafka_lag_records", "gauge", double(lag));
  metric(out, "rule_errors_total", "counter", double(errors));
  metric(out, "partition_state_bytes", "gauge", memory);
  if (const auto ledger = app_.ledger_status()) {
    metric(out, "ledger_commits_total", "counter", double(ledger->commits));
    metric(out, "ledger_queue_items", "gauge", double(ledger->queue));
  }
  if (const auto dispatcher = app_.dispatcher_status()) {
    for (const RunnerStatus& r : dispatcher->runners) {
      const std::string name(name_of(r.kind));
      metric(out, "effects_" + name + "_delivered_total", "counter", double(r.delivered));
      metric(out, "effects_" + name + "_retries_total", "counter", double(r.retries));
    }
  }
  return out;
}

}  // namespace millwright::daemon
