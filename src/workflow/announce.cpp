#include "workflow/announce.hpp"

#include <algorithm>

#include "millwright/base/json.hpp"
#include "workflow/catalog.hpp"

namespace millwright::workflow {
namespace {

void optional_time(JsonWriter& json, std::string_view name, const std::optional<Instant>& t) {
  json.key(name);
  t ? json.value(*t) : json.null();
}

void parts_array(JsonWriter& json, const Task& task) {
  json.key("parts");
  json.begin_array();
  for (const PartLine& part : task.parts) {
    json.begin_object();
    json.field("material", part.material.str());
    json.field("quantity", part.quantity);
    json.field("shortBy", part.short_by);
    json.field("unit", part.unit);
    json.end_object();
  }
  json.end_array();
}

void crafts_array(JsonWriter& json, const Task& task) {
  json.key("crafts");
  json.begin_array();
  for (const CraftHours& c : task.crafts) {
    json.begin_object();
    json.field("craft", c.craft.str());
    json.field("hours", c.hours);
    json.end_object();
  }
  json.end_array();
}

void rule_object(JsonWriter& json, const RuleRef& rule) {
  json.key("rule");
  json.begin_object();
  json.field("hash", rule.hash);
  json.field("id", rule.id.str());
  json.field("version", rule.version);
  json.end_object();
}

void model_object(JsonWriter& json, const ModelRef& model) {
  json.key("model");
  if (model.id.empty()) {
    json.null();
    return;
  }
  json.begin_object();
  json.field("id", model.id.str());
  json.field("version", model.version);
  json.end_object();
}

void event_key(JsonWriter& json, const EventKey& key) {
  json.begin_object();
  json.field("id", key.id);
  json.field("source", key.source);
  json.end_object();
}

void signatures(JsonWriter& json, const Task& task) {
  json.key("signatures");
  json.begin_array();
  for (const Approval& a : task.approvals) {
    json.begin_object();
    json.field("at", a.at);
    json.field("comment", a.comment);
    json.field("meaning", a.meaning);
    json.field("name", a.name);
    json.field("reasonCode", a.reason_code);
    json.field("revision", a.revision.get());
    json.field("role", to_text(a.role));
    json.field("user", a.user.str());
    json.end_object();
  }
  json.end_array();
}

// What is signed: the report by its hash, since it lies with the task.
void release_object(JsonWriter& json, const Release& release) {
  json.key("release");
  json.begin_object();
  json.field("askedBy", release.asked_by.str());
  json.field("bundle", release.bundle);
  json.field("changes", release.changes);
  json.field("reportSha256", to_hex(sha256(release.report)));
  json.end_object();
}

void readings(JsonWriter& json, const Evidence& evidence) {
  json.key("readings");
  json.begin_array();
  for (const Reading& r : evidence.readings) {
    json.begin_object();
    json.key("limit");
    r.limit ? json.value(*r.limit) : json.null();
    json.field("name", r.name);
    json.field("text", r.text);
    json.field("unit", r.unit);
    json.end_object();
  }
  json.end_array();
}

}  // namespace

std::string task_json(const Task& task) {
  JsonWriter json;
  json.begin_object();
  json.field("taskId", task.id.str());
  json.field("caseId", task.case_id.str());
  json.field("kind", to_text(task.kind));
  json.field("state", to_text(task.state));
  json.field("revision", task.revision.get());
  json.field("priority", int(task.priority));
  json.field("assetId", task.asset.str());
  json.field("failureMode", task.mode.str());
  json.field("title", task.title);
  json.field("symptom", task.symptom);
  json.field("cause", task.cause);
  json.field("confidence", task.confidence);
  json.field("cost", task.cost);
  optional_time(json, "due", task.due);
  crafts_array(json, task);
  parts_array(json, task);
  rule_object(json, task.rule);
  model_object(json, task.model);
  json.field("externalNumber", task.external_number);
  json.field("outcome", to_text(task.outcome));
  json.end_object();
  return std::move(json).text();
}

std::string audit_body(const Task& task, std::string_view detail) {
  JsonWriter json;
  json.begin_object();
  json.field("asset", task.asset.str());
  json.field("cause", task.cause);
  json.field("confidence", task.confidence);
  json.field("cost", task.cost);
  json.field("detail", detail);
  optional_time(json, "due", task.due);
  json.field("externalNumber", task.external_number);
  json.field("failureMode", task.mode.str());
  json.field("kind", to_text(task.kind));
  json.field("outcome", to_text(task.outcome));
  parts_array(json, task);
  json.field("priority", int(task.priority));
  if (task.release) release_object(json, *task.release);
  json.field("revision", task.revision.get());
  rule_object(json, task.rule);
  signatures(json, task);
  json.field("state", to_text(task.state));
  json.field("title", task.title);
  json.end_object();
  return std::move(json).text();
}

std::string decision_json(const Decision& decision) {
  const Evidence& e = decision.evidence;
  JsonWriter json;
  json.begin_object();
  json.field("asset", decision.asset.str());
  json.field("at", decision.at);
  json.field("cause", decision.cause);
  json.field("confidence", e.confidence);
  json.field("configVersion", e.config_version);
  json.key("contributions");
  json.begin_array();
  for (const Contribution& c : e.contributions) {
    json.begin_object();
    json.field("detail", c.detail);
    json.field("name", c.name);
    json.field("weight", c.weight);
    json.end_object();
  }
  json.end_array();
  json.field("decisionId", decision.id.str());
  optional_time(json, "due", decision.due);
  json.field("entity", decision.entity);
  json.key("event");
  event_key(json, e.event);
  json.key("events");
  json.begin_array();
  for (const EventKey& key : e.events) event_key(json, key);
  json.end_array();
  json.field("failureMode", decision.mode.str());
  json.field("kind", to_text(decision.task));
  model_object(json, e.model);
  json.field("offset", e.position.offset.get());
  json.field("partition", e.position.where.partition);
  json.field("priority", int(decision.priority));
  json.field("rationale", e.rationale);
  readings(json, e);
  rule_object(json, e.rule);
  json.field("rung", to_text(e.rung));
  json.field("signal", decision.signal.str());
  json.field("symptom", decision.symptom);
  json.field("title", decision.title);
  json.field("topic", e.position.where.topic);
  json.field("view", e.view.get());
  json.end_object();
  return std::move(json).text();
}

std::string order_json(const Task& task, const Context& context) {
  JsonWriter json;
  json.begin_object();
  json.field("externalRef", task.id.str());
  json.field("correlationId", task.case_id.str());
  json.field("orderType", task.kind == TaskKind::kWorkOrder ? "PM01" : "PM02");
  json.field("description", task.order_text);
  json.field("assetId", task.asset.str());
  json.field("equipment", task.equipment_number);
  json.field("workCenter", task.work_center);
  json.field("plant", context.plant.site_id);
  json.field("priority", int(task.priority));
  optional_time(json, "start", task.window_from);
  optional_time(json, "due", task.due);
  json.field("durationHours", task.duration_h);
  json.field("permit", task.permit);
  json.field("symptom", task.symptom);
  json.field("cause", task.cause);
  json.field("failureMode", task.mode.str());
  crafts_array(json, task);
  json.field("reservesComponents", context.policy.reserve_through_order);
  parts_array(json, task);
  json.end_object();
  return std::move(json).text();
}

std::string reservation_json(const Task& task) {
  JsonWriter json;
  json.begin_object();
  json.field("externalRef", task.id.str());
  json.field("correlationId", task.case_id.str());
  json.field("movementType", "261");
  json.field("assetId", task.asset.str());
  json.field("equipment", task.equipment_number);
  optional_time(json, "requiredBy", task.due);
  parts_array(json, task);
  json.end_object();
  return std::move(json).text();
}

std::string fields_json(std::vector<std::pair<std::string, std::string>> fields) {
  std::sort(fields.begin(), fields.end());
  JsonWriter json;
  json.begin_object();
  for (const auto& [name, value] : fields) json.field(name, value);
  json.end_object();
  return std::move(json).text();
}

}  // namespace millwright::workflow
