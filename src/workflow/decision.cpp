// A rule's decision becomes a case, or evidence of one that is open; never a second one.
#include <algorithm>

#include "millwright/base/digest.hpp"
#include "millwright/base/limits.hpp"
#include "workflow/announce.hpp"
#include "workflow/handlers.hpp"

namespace millwright::workflow {
namespace {

constexpr std::string_view kUnclear = "VIBRATION";

std::string actor_of(const Decision& decision) {
  return "rule:" + decision.evidence.rule.id.str() + "@" +
         std::to_string(decision.evidence.rule.version);
}

// Sensors fail one by one; machines as a whole.
std::string entity_of(const Decision& decision) {
  if (decision.task == TaskKind::kSensorCheck && !decision.signal.empty()) {
    return decision.signal.str();
  }
  return decision.asset.empty() ? decision.entity : decision.asset.str();
}

const Case* open_case(const Draft& draft, const std::string& entity, std::string_view mode) {
  const CaseId* id = draft.view().case_of.find(entity + '\n' + std::string(mode));
  const Case* found = id == nullptr ? nullptr : draft.find_case(*id);
  return found != nullptr && found->state == CaseState::kOpen ? found : nullptr;
}

bool about_vibration(const Decision& decision) {
  return !decision.point.empty() && decision.task != TaskKind::kSensorCheck &&
         decision.task != TaskKind::kMasterData;
}

// An open case of the machine's vibration, whatever its cause: while nobody has looked, a weaker
// symptom of the same machine belongs to it, and a cause found later gives it its name.
const Case* related_case(const Draft& draft, const Decision& decision, const std::string& entity) {
  if (!about_vibration(decision)) return nullptr;
  if (const Case* unclear = open_case(draft, entity, kUnclear)) return unclear;
  if (decision.task != TaskKind::kInspection) return nullptr;
  const Case* found = nullptr;
  draft.view().case_of.for_each_from(entity + '\n', [&](const std::string& key, const CaseId& id) {
    if (key.compare(0, entity.size() + 1, entity + '\n') != 0) return false;
    const Case* candidate = draft.find_case(id);
    if (candidate == nullptr || candidate->state != CaseState::kOpen) return true;
    for (const TaskId& task_id : candidate->tasks) {
      const Task* task = draft.task(task_id);
      if (task != nullptr && !task->point.empty() && !is_over(task->state)) found = candidate;
    }
    return found == nullptr;
  });
  return found;
}

// The task of the case that carries its evidence: the newest that is not a reservation.
Task* leading_task(const Draft& draft, const Case& of, Task& copy) {
  for (auto it = of.tasks.rbegin(); it != of.tasks.rend(); ++it) {
    const Task* found = draft.task(*it);
    if (found == nullptr || found->kind == TaskKind::kPartReservation) continue;
    if (is_over(found->state)) continue;
    copy = *found;
    return &copy;
  }
  return nullptr;
}

void take_evidence(Task& task, const Decision& decision) {
  if (std::find(task.evidence.begin(), task.evidence.end(), decision.id) == task.evidence.end()) {
    task.evidence.push_back(decision.id);
    ++task.evidence_count;
  }
  if (task.evidence.size() > limits::kEvidencePerTask) task.evidence.erase(task.evidence.begin());
  task.last_seen = std::max(task.last_seen, decision.at);
}

void describe(Task& task, const Decision& decision) {
  task.title = decision.title;
  task.symptom = decision.symptom;
  task.cause = decision.cause;
  task.rationale = decision.evidence.rationale;
  task.confidence = decision.evidence.confidence;
  task.rung = decision.evidence.rung;
  task.rule = decision.evidence.rule;
  task.model = decision.evidence.model;
  task.signal = decision.signal;
  task.point = decision.point;
  task.mode = decision.mode;
}

Task new_task(Draft& draft, const Case& of, const Decision& decision, TaskKind kind) {
  Task task;
  // The place in the case tells two tasks of one kind apart.
  task.id =
      TaskId(derive_id({"task/v1", of.id.str(), to_text(kind), std::to_string(of.tasks.size())}));
  task.case_id = of.id;
  task.kind = kind;
  task.asset = decision.asset;
  describe(task, decision);
  task.priority = decision.priority;
  if (of.recurring && task.priority > Priority::kP1) {
    task.priority = Priority(int(task.priority) - 1);
  }
  task.due = decision.due;
  task.opened_at = decision.at;
  task.opened_by = decision.id;
  task.proposed_at = draft.now();
  task.decide_by = draft.now() + decide_within(task.priority, draft.context().policy);
  take_evidence(task, decision);
  plan_work(draft, task);
  return task;
}

void propose(Draft& draft, Case& of, Task task, const std::string& actor,
             const DecisionId& decision) {
  of.tasks.push_back(task.id);
  draft.audit("task.proposed", task, actor, task.rationale, decision);
  if (task.kind == TaskKind::kPartReservation) {
    draft.hold(task, ReservationState::kSoft, draft.now() + draft.context().policy.soft_hold);
  }
  draft.publish(std::move(task), "proposed");
}

// The work order, and what it takes from the store.
void propose_tasks(Draft& draft, Case of, const Decision& decision) {
  const std::string actor = actor_of(decision);
  Task task = new_task(draft, of, decision, decision.task);
  propose(draft, of, task, actor, decision.id);
  if (task.kind == TaskKind::kWorkOrder && !task.parts.empty()) {
    Task parts = new_task(draft, of, decision, TaskKind::kPartReservation);
    // The hold ends by itself, and the proposal with it.
    parts.decide_by = std::min(*parts.decide_by, draft.now() + draft.context().policy.soft_hold);
    parts.title = "Reserve parts, " + (task.asset.empty() ? decision.entity : task.asset.str());
    propose(draft, of, std::move(parts), actor, decision.id);
  }
  draft.put(std::move(of));
}

void open_new(Draft& draft, const Decision& decision, const std::string& entity) {
  Case of;
  of.id = CaseId(derive_id({"case/v1", entity, decision.mode.str(), decision.id.str()}));
  of.asset = decision.asset;
  of.entity = entity;
  of.mode = decision.mode;
  of.opened_by = decision.id;
  of.opened_at = decision.at;
  const CaseId* last = draft.view().case_of.find(entity + '\n' + decision.mode.str());
  const Case* before = last == nullptr ? nullptr : draft.find_case(*last);
  of.recurring = before != nullptr && before->closed_at &&
                 decision.at - *before->closed_at <= draft.context().policy.recurring_within;
  propose_tasks(draft, std::move(of), decision);
}

// What an approver would want to sign anew; see docs/decisions/0003.
bool revise(Draft& draft, Task& task, const Decision& decision) {
  bool changed = false;
  if (decision.priority < task.priority) {
    task.priority = decision.priority;
    const Instant sooner = draft.now() + decide_within(task.priority, draft.context().policy);
    if (!task.decide_by || sooner < *task.decide_by) task.decide_by = sooner;
    changed = true;
  }
  const bool surer = decision.evidence.confidence > task.confidence;
  if (decision.mode != task.mode && surer && decision.task == task.kind) {
    describe(task, decision);
    changed = true;
  } else if (decision.mode == task.mode && decision.task == task.kind) {
    task.symptom = decision.symptom;
    task.rationale = decision.evidence.rationale;
    task.confidence = std::max(task.confidence, decision.evidence.confidence);
  }
  // A due date that creeps by an hour is no news.
  if (decision.due && (!task.due || *decision.due + hours(12) < *task.due)) {
    task.due = decision.due;
    changed = true;
  }
  return changed;
}

void add_evidence(Draft& draft, const Case& of, Task task, const Decision& decision) {
  take_evidence(task, decision);
  if (task.state != TaskState::kProposed) {
    draft.put(std::move(task));  // decided: more evidence is kept, and changes nothing
    return;
  }
  const bool changed = revise(draft, task, decision);
  if (!changed) {
    draft.put(std::move(task));
    return;
  }
  plan_work(draft, task);
  task.revision = task.revision.next();
  draft.audit("task.revised", task, actor_of(decision), decision.evidence.rationale, decision.id);
  const Priority priority = task.priority;
  const auto due = task.due;
  draft.publish(std::move(task), "revised");
  for (const TaskId& id : of.tasks) {
    const Task* found = draft.task(id);
    if (found == nullptr || found->kind != TaskKind::kPartReservation ||
        found->state != TaskState::kProposed) {
      continue;
    }
    Task parts = *found;
    parts.priority = priority;
    parts.due = due;
    parts.revision = parts.revision.next();
    draft.audit("task.revised", parts, actor_of(decision), "As the work order.", decision.id);
    draft.publish(std::move(parts), "revised");
  }
}

// The look that was asked for is not needed any more: the cause is sure enough for a repair.
void upgrade(Draft& draft, Case of, Task inspection, const Decision& decision) {
  if (inspection.state == TaskState::kProposed) {
    draft.move(inspection, Trigger::kWithdrawn, actor_of(decision),
               "The cause is known now; a repair is proposed instead.");
  }
  of.mode = decision.mode;
  propose_tasks(draft, std::move(of), decision);
}

// What is asked of people: where the cause is a guess, a look comes before the repair, whatever the
// rule wanted. The decision itself is kept as it was made.
Decision asked_for(const Decision& decision, const Policy& policy) {
  if (decision.task != TaskKind::kWorkOrder ||
      decision.evidence.confidence >= policy.inspect_below) {
    return decision;
  }
  Decision look = decision;
  look.task = TaskKind::kInspection;
  look.title =
      "Inspect before repair, " + (decision.asset.empty() ? decision.entity : decision.asset.str());
  return look;
}

}  // namespace

void settle_decision(Draft& draft, const Decision& decision) {
  draft.change().decisions.push_back(decision);
  AuditRecord record;
  record.type = decision.shadow ? "decision.shadow" : "decision.made";
  record.at = draft.now();
  record.actor = actor_of(decision);
  record.decision = decision.id;
  record.body = decision_json(decision);
  if (decision.shadow) return draft.audit(std::move(record));
  Effect effect;
  effect.id = EffectId(derive_id({"effect/v1", decision.id.str(), "made", "0"}));
  effect.target = draft.context().policy.decision_topic;
  effect.key = decision.asset.empty() ? decision.entity : decision.asset.str();
  effect.type = draft.context().plant.emitted_prefix + ".orch.decision.made.v1";
  effect.body = record.body;
  effect.not_before = draft.now();
  draft.audit(std::move(record));
  draft.effect(std::move(effect));

  const Decision asked = asked_for(decision, draft.context().policy);
  const std::string entity = entity_of(asked);
  const Case* found = open_case(draft, entity, asked.mode.str());
  if (found == nullptr) found = related_case(draft, asked, entity);
  Task copy;
  Task* leading = found == nullptr ? nullptr : leading_task(draft, *found, copy);
  if (leading == nullptr) {
    open_new(draft, asked, entity);
  } else if (asked.task == TaskKind::kWorkOrder && leading->kind == TaskKind::kInspection) {
    upgrade(draft, *found, *leading, asked);
  } else {
    // To a repair that is proposed already it is news of that repair.
    add_evidence(draft, *found, *leading, leading->kind == decision.task ? decision : asked);
  }
}

}  // namespace millwright::workflow
