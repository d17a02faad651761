#include "millwright/workflow/settle.hpp"

#include "workflow/announce.hpp"
#include "workflow/catalog.hpp"
#include "workflow/handlers.hpp"
#include "workflow/replan.hpp"
#include "workflow/tell_lanes.hpp"

namespace millwright::workflow {
namespace {

void record(Draft& draft, std::string_view type, std::string_view actor, std::string body) {
  AuditRecord entry;
  entry.type = type;
  entry.at = draft.now();
  entry.actor = actor;
  entry.body = std::move(body);
  draft.audit(std::move(entry));
}

// A cause may be reported with the order's last word; after that nobody will.
constexpr Duration kJudgeWithin = days(30);

bool nobody_judges(const Task& task, Instant now) {
  return task.state == TaskState::kClosed && now - task.changed_at >= kJudgeWithin;
}

struct Visitor {
  Draft& draft;

  Result<void> operator()(const Decision& d) const {
    settle_decision(draft, d);
    return {};
  }
  Result<void> operator()(const Fact& f) const {
    settle_fact(draft, f.event);
    return {};
  }
  Result<void> operator()(const Command& c) const { return settle_command(draft, c); }
  Result<void> operator()(const EffectReport& r) const {
    settle_report(draft, r);
    return {};
  }
  Result<void> operator()(const TimerDue& t) const {
    settle_timer(draft, t);
    return {};
  }
  Result<void> operator()(const ConfigLoaded& c) const {
    MW_TRY(settle_rules(draft, c));
    // What the configuration says is in store holds until the warehouse speaks.
    for (const auto& [id, material] : draft.context().plant.materials) {
      if (draft.view().stock.find(id) != nullptr) continue;
      draft.change().stock.emplace_back(id, Stock{material.initial_on_hand, 0.0, 0.0, Instant()});
    }
    record(draft, "config.loaded", "daemon",
           fields_json(
               {{"rules", bundle_hash(c.rules)}, {"summary", c.summary}, {"version", c.version}}));
    return {};
  }
  Result<void> operator()(const DeadLetterCount& d) const {
    record(draft, "records.refused", "lane",
           fields_json({{"count", std::to_string(d.count)},
                        {"first", std::to_string(d.first.get())},
                        {"last", std::to_string(d.last.get())},
                        {"partition", std::to_string(d.where.partition)},
                        {"reason", std::string(to_text(d.reason))},
                        {"topic", d.where.topic}}));
    return {};
  }
  Result<void> operator()(const Notice& n) const {
    record(draft, n.type, "daemon", fields_json(n.fields));
    return {};
  }
};

}  // namespace

Result<Change> settle(const PlantView& view, const Intent& intent, Instant now,
                      const Context& context) {
  Draft draft(view, context, now);
  const Result<void> done = std::visit(Visitor{draft}, intent);
  if (!done) return done.error();
  Change change = draft.take();
  replan(view, context, now, change);
  if (std::holds_alternative<ConfigLoaded>(intent)) {
    tell_lanes_all(view, change);
  } else {
    tell_lanes(view, change);
  }
  return change;
}

// It was withdrawn while its order was on the way: what the ERP has now, a person takes back there.
void sent_in_vain(Draft& draft, const EffectReport& report, Task task) {
  if (report.outcome == EffectOutcome::kDelivered) {
    task.external_number = report.external_number;
    task.failure = "No longer needed: cancel " + report.external_number + " in the ERP.";
  } else if (report.outcome == EffectOutcome::kUnknown) {
    task.failure = "No longer needed, and it may be in the ERP or not: look it up there under " +
                   task.id.str() + " and cancel it.";
  } else {
    return;
  }
  draft.audit("task.sent_in_vain", task, "erp", task.failure);
  draft.put(std::move(task));
}

void settle_report(Draft& draft, const EffectReport& report) {
  draft.change().reports.push_back(report);
  const Task* found = report.task.empty() ? nullptr : draft.task(report.task);
  if (report.kind != EffectKind::kErp || found == nullptr) return;
  Task task = *found;
  if (task.state == TaskState::kWithdrawn) return sent_in_vain(draft, report, std::move(task));
  switch (report.outcome) {
    case EffectOutcome::kStarted:
      draft.move(task, Trigger::kSent, "dispatcher", "");
      return;
    case EffectOutcome::kDelivered:
      task.external_number = report.external_number;
      task.failure.clear();
      if (!draft.move(task, Trigger::kAcknowledged, "erp", report.external_number)) {
        draft.put(std::move(task));
      }
      return;
    case EffectOutcome::kRetryLater:
      // Not yet there, and not lost either: the screen says so.
      task.failure = "Not yet in the ERP: " + report.detail + " Next try at " +
                     format_rfc3339(report.not_before) + ".";
      draft.put(std::move(task));
      return;
    case EffectOutcome::kUnknown:
      task.failure = "It may be in the ERP or not: " + report.detail + " Look it up there under " +
                     task.id.str() + ".";
      draft.move(task, Trigger::kRefused, "erp", task.failure);
      return;
    case EffectOutcome::kRefused:
      task.failure = "The ERP refused it: " + report.detail;
      draft.move(task, Trigger::kRefused, "erp", task.failure);
      return;
  }
}

void settle_timer(Draft& draft, const TimerDue& timer) {
  const Task* found = draft.task(timer.task);
  if (found == nullptr) return;
  if (nobody_judges(*found, draft.now())) {
    Task closed = *found;
    draft.move(closed, Trigger::kJudged, "timer", "No cause was reported.");
    return;
  }
  if (found->state != TaskState::kProposed || !found->decide_by ||
      *found->decide_by > draft.now()) {
    return;  // decided, or put off, in the meantime
  }
  Task task = *found;
  draft.move(task, Trigger::kExpired, "timer", "Nobody decided in time; nothing was done.");
  if (task.kind == TaskKind::kPartReservation) {
    draft.close_case_if_done(task.case_id);
  } else {
    draft.wind_up(task, "timer", "The work it belongs to has expired.");
  }
}

std::vector<TimerDue> timers_due(const PlantView& view, Instant now, std::size_t limit) {
  std::vector<TimerDue> due;
  view.tasks.for_each([&](const TaskId& id, const Task& task) {
    if (task.state == TaskState::kProposed && task.decide_by && *task.decide_by <= now) {
      due.push_back({id, *task.decide_by});
    } else if (nobody_judges(task, now)) {
      due.push_back({id, task.changed_at + kJudgeWithin});
    }
    return due.size() < limit;
  });
  return due;
}

}  // namespace millwright::workflow
