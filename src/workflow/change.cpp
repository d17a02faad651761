#include "workflow/change.hpp"

#include <algorithm>

#include "millwright/base/digest.hpp"
#include "millwright/base/json.hpp"
#include "workflow/announce.hpp"

namespace millwright::workflow {
namespace {

struct Naming {
  Trigger trigger;
  std::string_view what;
};
constexpr Naming kNames[] = {
    {Trigger::kApproved, "approved"},         {Trigger::kRejected, "rejected"},
    {Trigger::kExpired, "expired"},           {Trigger::kWithdrawn, "withdrawn"},
    {Trigger::kCancelled, "withdrawn"},       {Trigger::kSent, "dispatched"},
    {Trigger::kAcknowledged, "acknowledged"}, {Trigger::kRefused, "failed"},
    {Trigger::kStarted, "started"},           {Trigger::kDone, "closed"},
    {Trigger::kJudged, "verified"},
};

std::string_view name_of(Trigger trigger) {
  for (const Naming& naming : kNames) {
    if (naming.trigger == trigger) return naming.what;
  }
  return "changed";
}

}  // namespace

bool is_over(TaskState state) {
  return is_final(state) || state == TaskState::kClosed;
}

EffectId erp_effect_id(const TaskId& task) {
  return EffectId(derive_id({"effect/v1", task.str(), "erp", "0"}));
}

const Task* Draft::task(const TaskId& id) const {
  for (auto it = change_.tasks.rbegin(); it != change_.tasks.rend(); ++it) {
    if (it->id == id) return &*it;
  }
  return view_.tasks.find(id);
}

const Case* Draft::find_case(const CaseId& id) const {
  for (auto it = change_.cases.rbegin(); it != change_.cases.rend(); ++it) {
    if (it->id == id) return &*it;
  }
  return view_.cases.find(id);
}

void Draft::put(Task task) {
  task.changed_at = now_;
  for (Task& known : change_.tasks) {
    if (known.id == task.id) {
      known = std::move(task);
      return;
    }
  }
  change_.tasks.push_back(std::move(task));
}

void Draft::put(Case value) {
  for (Case& known : change_.cases) {
    if (known.id == value.id) {
      known = std::move(value);
      return;
    }
  }
  change_.cases.push_back(std::move(value));
}

bool Draft::move(Task& task, Trigger trigger, std::string_view actor, std::string_view reason) {
  const auto next = next_state(task.state, trigger);
  if (!next) return false;
  task.state = *next;
  ++task.changes;
  if (is_over(task.state)) {
    end_holds(task, trigger == Trigger::kDone ? ReservationState::kConsumed
                                              : ReservationState::kReleased);
  }
  const std::string_view what = name_of(trigger);
  audit("task." + std::string(what), task, actor, reason);
  put(task);
  announce(task, what);
  return true;
}

void Draft::audit(std::string_view type, const Task& task, std::string_view actor,
                  std::string_view detail, const DecisionId& decision) {
  AuditRecord record;
  record.type = type;
  record.at = now_;
  record.actor = actor;
  record.task = task.id;
  record.case_id = task.case_id;
  record.decision = decision;
  record.body = audit_body(task, detail);
  change_.audit.push_back(std::move(record));
}

void Draft::announce(const Task& task, std::string_view what) {
  Effect effect;
  effect.id = EffectId(derive_id({"effect/v1", task.id.str(), what, std::to_string(task.changes)}));
  effect.kind = EffectKind::kKafka;
  effect.target = context_.policy.task_topic;
  effect.key = task.asset.empty() ? task.id.str() : task.asset.str();
  effect.type = context_.plant.emitted_prefix + ".orch.task." + std::string(what) + ".v1";
  effect.body = task_json(task);
  effect.task = task.id;
  effect.not_before = now_;
  change_.effects.push_back(std::move(effect));
}

void Draft::publish(Task task, std::string_view what) {
  ++task.changes;
  put(task);
  announce(task, what);
}

void Draft::hold(const Task& task, ReservationState state, Instant until) {
  for (const PartLine& part : task.parts) {
    const double held = std::max(0.0, part.quantity - part.short_by);
    const bool had = view_.reservations.find(task.id.str() + '\n' + part.material.str()) != nullptr;
    if (held <= 0.0 && !had) continue;
    change_.reservations.push_back(
        {task.id, part.material, held, held > 0.0 ? state : ReservationState::kReleased, until});
  }
}

void Draft::end_holds(const Task& task, ReservationState state) {
  if (task.kind != TaskKind::kPartReservation) return;
  view_.reservations.for_each_from(task.id.str() + '\n', [&](const std::string&, const auto& r) {
    if (r.task != task.id) return false;
    change_.reservations.push_back({r.task, r.material, r.quantity, state, now_});
    return true;
  });
}

void Draft::wind_up(const Task& task, std::string_view actor, std::string_view reason) {
  const Case* of = find_case(task.case_id);
  if (of == nullptr) return;
  const std::vector<TaskId> siblings = of->tasks;
  for (const TaskId& id : siblings) {
    const Task* found = this->task(id);
    if (found == nullptr) continue;
    Task sibling = *found;
    if (id == task.id || move(sibling, Trigger::kWithdrawn, actor, reason)) continue;
    // Parts that were approved already: our hold is gone, the ERP's a person takes back.
    if (sibling.kind != TaskKind::kPartReservation) continue;
    sibling.failure = "No longer needed: cancel the reservation " + sibling.external_number +
                      (sibling.external_number.empty() ? "in the ERP." : " in the ERP.");
    move(sibling, Trigger::kCancelled, actor, reason);
  }
  close_case_if_done(task.case_id);
}

void Draft::close_case_if_done(const CaseId& id) {
  const Case* of = find_case(id);
  if (of == nullptr || of->state == CaseState::kClosed) return;
  Instant newest = of->opened_at;
  for (const TaskId& task_id : of->tasks) {
    const Task* found = task(task_id);
    if (found == nullptr) continue;
    if (!is_over(found->state)) return;
    newest = std::max(newest, found->last_seen);
  }
  Case closed = *of;
  closed.state = CaseState::kClosed;
  closed.closed_at = newest;
  put(std::move(closed));
}

}  // namespace millwright::workflow
