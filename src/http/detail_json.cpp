// TaskDetail: all that a person needs to decide.
#include "http/scene.hpp"
#include "millwright/base/limits.hpp"

namespace millwright::http {
namespace {

void write_siblings(JsonWriter& json, const Task& task, const std::optional<Case>& of,
                    const Scene& scene) {
  json.key("siblings");
  json.begin_array();
  for (const TaskId& id : of ? of->tasks : std::vector<TaskId>{}) {
    const auto found = scene.task(id);
    if (id == task.id || !found || !*found) continue;
    const Task& sibling = **found;
    json.begin_object();
    json.field("id", sibling.id.str());
    json.field("title", sibling.title);
    json.field("kind", to_text(sibling.kind));
    json.field("state", to_text(sibling.state));
    json.field("priority", int(sibling.priority));
    json.field("revision", sibling.revision.get());
    json.end_object();
  }
  json.end_array();
}

void write_one_allowed(JsonWriter& json, std::string_view act, bool allowed,
                       const std::string& why) {
  json.key(act);
  json.begin_object();
  json.field("allowed", allowed);
  json.field("why", allowed ? std::string() : why);
  json.end_object();
}

void write_allowed(JsonWriter& json, const Task& task, const Caller& caller, const Scene& scene) {
  const workflow::Permission may = scene.permission(task, caller);
  json.key("allowed");
  json.begin_object();
  write_one_allowed(json, "approve", may.approve, may.why_not_approve);
  write_one_allowed(json, "reject", may.reject, may.why_not_reject);
  json.end_object();
  json.key("approvers");
  json.begin_array();
  for (const Role role : workflow::approver_roles(task, scene.rules())) json.value(to_text(role));
  json.end_array();
}

void write_signed(JsonWriter& json, const Task& task) {
  json.key("signed");
  json.begin_array();
  for (const Approval& approval : task.approvals) {
    json.begin_object();
    json.field("user", approval.user.str());
    json.field("name", approval.name);
    json.field("role", to_text(approval.role));
    json.field("at", approval.at);
    json.field("revision", approval.revision.get());
    json.field("meaning", approval.meaning);
    json.field("reasonCode", approval.reason_code);
    json.field("comment", approval.comment);
    json.end_object();
  }
  json.end_array();
}

// From the newest decision, and the ids of all.
void write_evidence(JsonWriter& json, const Task& task, const std::vector<Decision>& decisions) {
  const Evidence none;
  const Evidence& newest = decisions.empty() ? none : decisions.front().evidence;
  json.field("rationale", task.rationale);
  write_rule(json, task.rule);
  write_model(json, task.model);
  write_readings(json, newest.readings);
  write_contributions(json, newest.contributions);
  write_reasons(json, newest.trace.reasons);
  write_text(json, "counterfactual", newest.trace.counterfactual.text);
  write_text(json, "signal", task.signal.str());
  json.key("decisions");
  json.begin_array();
  for (const Decision& decision : decisions) json.value(decision.id.str());
  json.end_array();
  write_event_keys(json, newest.events);
  json.field("evidenceCount", task.evidence_count);
  json.field("lastSeen", task.last_seen);
}

// What the rules would be, and what speaks for them.
void write_release(JsonWriter& json, const std::optional<Release>& release) {
  json.key("release");
  if (!release) return json.null();
  json.begin_object();
  json.field("bundle", release->bundle);
  json.key("askedBy");
  json.begin_object();
  json.field("user", release->asked_by.str());
  json.field("name", release->asked_by_name);
  json.end_object();
  json.key("owners");
  json.begin_array();
  for (const std::string& owner : release->owners) json.value(owner);
  json.end_array();
  json.field("changes", release->changes);
  json.field("report", release->report);
  json.end_object();
}

}  // namespace

Result<std::string> task_detail(const Task& task, const Caller& caller, const Scene& scene) {
  const auto of = scene.case_of(task.case_id);
  if (!of) return of.error();
  const auto decisions = scene.context.reader.decisions_of(task.id, limits::kEvidencePerTask);
  if (!decisions) return decisions.error();
  JsonWriter json;
  json.begin_object();
  write_summary(json, task, scene);
  json.field("symptom", task.symptom);
  json.field("cause", task.cause);
  json.field("failureMode", task.mode.str());
  json.key("failureCost");
  if (task.avoided_cost > 0.0) {
    json.begin_object();
    json.field("amount", task.avoided_cost);
    json.field("currency", scene.context.backend.plant().currency);
    json.end_object();
  } else {
    json.null();
  }
  write_effects(json, task, *of, scene);
  write_evidence(json, task, *decisions);
  MW_TRY(write_timeline(json, task, scene));
  write_siblings(json, task, *of, scene);
  write_allowed(json, task, caller, scene);
  write_signed(json, task);
  write_text(json, "failure", task.failure);
  json.key("outcome");
  json.begin_object();
  json.field("result", to_text(task.outcome));
  json.field("detail", task.outcome_detail);
  json.end_object();
  write_release(json, task.release);
  json.end_object();
  return std::move(json).text();
}

Response task_answer(const Request& request, Context& context, const Task& task) {
  const Scene scene(context);
  auto detail = task_detail(task, *request.caller, scene);
  if (!detail) return problem(request, detail.error());
  Response out = json_response(std::move(*detail));
  out.headers.push_back({"ETag", "\"" + std::to_string(task.revision.get()) + "\""});
  return out;
}

}  // namespace millwright::http
