// A person's act: approve or reject the revision that was seen.
#include <algorithm>

#include "workflow/announce.hpp"
#include "workflow/approval.hpp"
#include "workflow/catalog.hpp"
#include "workflow/handlers.hpp"

namespace millwright::workflow {
namespace {

Error already_decided(const Task& task) {
  std::string how = "It is " + std::string(to_text(task.state)) + " already";
  if (!task.approvals.empty()) {
    const Approval& last = task.approvals.back();
    how = last.name + (last.meaning == "rejection" ? " rejected" : " approved") + " it at " +
          format_rfc3339(last.at);
  }
  return fail(Errc::kConflict, how + ". Nothing was done.");
}

Approval signature(const Draft& draft, const Command& command, const Task& task, Role role) {
  Approval a;
  a.user = command.user;
  a.name = command.user_name.empty() ? command.user.str() : command.user_name;
  a.role = role;
  a.at = draft.now();
  a.revision = task.revision;
  a.meaning = command.meaning.empty() ? "approval" : command.meaning;
  a.reason_code = command.reason_code;
  a.comment = command.comment;
  a.idempotency_key = command.idempotency_key;
  return a;
}

Role acting_role(const Task& task, const Command& command, const Context& context) {
  for (const Role role : approver_roles(task, context)) {
    if (std::find(command.roles.begin(), command.roles.end(), role) != command.roles.end()) {
      return role;
    }
  }
  return Role::kOperator;
}

Result<void> reject(Draft& draft, const Command& command, Task task) {
  if (command.reason_code.empty()) {
    return fail(Errc::kInvalid, "A rejection needs a reason; choose one.");
  }
  if (command.reason_code == "OTHER" && command.comment.empty()) {
    return fail(Errc::kInvalid, "The reason OTHER needs a comment that says which.");
  }
  Approval a = signature(draft, command, task, acting_role(task, command, draft.context()));
  a.meaning = "rejection";
  task.approvals.push_back(std::move(a));
  const std::string why =
      command.reason_code + (command.comment.empty() ? "" : ": " + command.comment);
  draft.move(task, Trigger::kRejected, command.user.str(), why);
  // Without its work order a reservation has no purpose; the other way round the work can be done.
  if (task.kind == TaskKind::kPartReservation) {
    draft.close_case_if_done(task.case_id);
  } else {
    draft.wind_up(task, command.user.str(), "The work it belongs to was rejected.");
  }
  return {};
}

// Stock may have gone since the proposal was made: the task is proposed anew, and whoever signed
// the old revision has signed nothing. The caller sees it by the revision.
bool facts_changed(Draft& draft, Task& task) {
  if (task.parts.empty()) return false;
  Task fresh = task;
  if (!plan_work(draft, fresh)) {
    task.parts = std::move(fresh.parts);  // the same, with what is on the shelf by now
    return false;
  }
  fresh.revision = fresh.revision.next();
  draft.audit("task.revised", fresh, "daemon", "Stock, parts or money changed before approval.");
  draft.publish(std::move(fresh), "revised");
  return true;
}

void order(Draft& draft, Task& task) {
  const TaskType& type = task_type(task.kind);
  if (task.kind == TaskKind::kRuleRelease) release(draft, task);
  if (task.kind == TaskKind::kPartReservation) {
    draft.hold(task, ReservationState::kHard, draft.now());
  }
  if (type.erp.empty()) return;
  if (task.kind == TaskKind::kPartReservation && draft.context().policy.reserve_through_order) {
    return;
  }
  Effect effect;
  effect.id = erp_effect_id(task.id);
  effect.kind = EffectKind::kErp;
  effect.target = type.erp;
  effect.key = task.case_id.str();  // one case's orders leave in the order of their approval
  effect.body = task.kind == TaskKind::kPartReservation ? reservation_json(task)
                                                        : order_json(task, draft.context());
  effect.task = task.id;
  effect.not_before = draft.now();
  draft.effect(std::move(effect));
}

Result<void> approve(Draft& draft, const Command& command, Task task) {
  const Demand d = demand(task, draft.context().policy);
  const auto role = signing_role(task, command.roles, d);
  if (!role) return fail(Errc::kDenied, "Your role does not sign here now.");
  if (facts_changed(draft, task)) return {};
  task.approvals.push_back(signature(draft, command, task, *role));
  const auto have = std::count_if(
      task.approvals.begin(), task.approvals.end(),
      [&](const Approval& a) { return a.revision == task.revision && a.meaning != "rejection"; });
  if (have < d.needed) {
    draft.audit("task.signed", task, command.user.str(), command.comment);
    draft.publish(std::move(task), "signed");
    return {};
  }
  draft.move(task, Trigger::kApproved, command.user.str(), command.comment);
  order(draft, task);
  return {};
}

bool repeated(const Task& task, const Command& command) {
  return !command.idempotency_key.empty() &&
         std::any_of(task.approvals.begin(), task.approvals.end(), [&](const Approval& a) {
           return a.user == command.user && a.idempotency_key == command.idempotency_key;
         });
}

}  // namespace

Result<void> settle_command(Draft& draft, const Command& command) {
  if (command.act == Act::kAskForRelease) return ask_for_release(draft, command);
  const Task* found = draft.task(command.task);
  if (found == nullptr) {
    return fail(Errc::kNotFound, "There is no task '" + command.task.str() + "'.");
  }
  if (repeated(*found, command)) return {};  // answered with the task as it is
  if (found->state != TaskState::kProposed) return already_decided(*found);
  if (found->decide_by && *found->decide_by <= draft.now()) {
    return fail(Errc::kConflict, "The proposal has expired; nothing was done.");
  }
  if (command.seen != found->revision) {
    return fail(Errc::kStale, "The task is at revision " + std::to_string(found->revision.get()) +
                                  "; you saw " + std::to_string(command.seen.get()) +
                                  ". Look at it again; nothing was done.");
  }
  const Permission p =
      permission(*found, command.user, command.roles, command.service_account, draft.context());
  if (command.act == Act::kReject) {
    if (!p.reject) return fail(Errc::kDenied, p.why_not_reject);
    return reject(draft, command, *found);
  }
  if (!p.approve) return fail(Errc::kDenied, p.why_not_approve);
  return approve(draft, command, *found);
}

}  // namespace millwright::workflow
