#include "daemon/backend.hpp"

#include "daemon/metrics.hpp"
#include "millwright/base/log.hpp"
#include "millwright/store/store.hpp"

namespace millwright::daemon {
namespace {

// Longer than a commit on a slow disk, shorter than a person waits.
constexpr Duration kAnswerWithin = seconds(10);

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
  if (!app_.board().intake()) {
    health.causes.push_back({"disk",
                             "Less than storage.reserve is free where the ledger lies: no events "
                             "are read. Make room; it goes on by itself. Approvals work."});
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
  MetricsText out;
  lane_metrics(app_.lane_status(), out);
  if (const auto ledger = app_.ledger_status()) ledger_metrics(*ledger, out);
  if (const auto dispatcher = app_.dispatcher_status()) effect_metrics(*dispatcher, out);
  out.gauge("intake_open", "0 while the disk is nearly full and no events are read.",
            app_.board().intake() ? 1.0 : 0.0);
  return std::move(out).text();
}

}  // namespace millwright::daemon
