#include "http/scene.hpp"

#include <algorithm>

namespace millwright::http {
namespace {

void write_asset(JsonWriter& json, const Task& task, const PlantModel& plant) {
  const auto found = plant.assets.find(task.asset);
  const bool known = found != plant.assets.end();
  json.key("asset");
  json.begin_object();
  json.field("id", task.asset.str());
  json.field("name", known ? found->second.name : task.asset.str());
  const std::string& path =
      !task.asset_path.empty() || !known ? task.asset_path : found->second.path;
  json.field("path", from_site(path, plant));
  json.field("criticality", to_text(known ? found->second.criticality : task.criticality));
  json.end_object();
}

void write_confidence(JsonWriter& json, const Task& task, const Calibration& calibration) {
  json.key("confidence");
  json.begin_object();
  json.field("value", std::clamp(task.confidence, 0.0, 1.0));
  json.field("rung", to_text(task.rung));
  json.key("calibrated");
  if (const auto count = calibration.of(task.rule.id, task.confidence)) {
    json.begin_object();
    json.field("right", count->right);
    json.field("of", count->of);
    json.end_object();
  } else {
    json.null();
  }
  json.end_object();
}

std::string_view how_it_ended(TaskState state) {
  switch (state) {
    case TaskState::kProposed:
      return {};
    case TaskState::kRejected:
      return "rejected";
    case TaskState::kExpired:
      return "expired";
    case TaskState::kWithdrawn:
      return "withdrawn";
    case TaskState::kApproved:
    case TaskState::kDispatched:
    case TaskState::kAcknowledged:
    case TaskState::kFailed:
    case TaskState::kInProgress:
    case TaskState::kClosed:
    case TaskState::kVerified:
      break;
  }
  return "approved";
}

void write_decided(JsonWriter& json, const Task& task) {
  json.key("decided");
  const std::string_view how = how_it_ended(task.state);
  if (how.empty()) {
    json.null();
    return;
  }
  const bool by_person = (how == "approved" || how == "rejected") && !task.approvals.empty();
  json.begin_object();
  json.field("at", by_person ? task.approvals.back().at : task.changed_at);
  if (by_person) {
    json.field("who", task.approvals.back().name);
  } else {
    json.field("who", how == "expired" ? std::string("timer") : "rule:" + task.rule.id.str());
  }
  json.field("how", how);
  if (by_person) {
    json.field_if("reasonCode", task.approvals.back().reason_code);
    json.field_if("comment", task.approvals.back().comment);
  }
  json.end_object();
}

int signatures(const Task& task) {
  return int(std::count_if(task.approvals.begin(), task.approvals.end(), [&](const Approval& a) {
    return a.meaning != "rejection" && a.revision == task.revision;
  }));
}

void write_work(JsonWriter& json, const Task& task, const Scene& scene) {
  json.key("cost");
  if (task.cost > 0.0) {
    json.begin_object();
    json.field("amount", task.cost);
    json.field("currency", scene.context.backend.plant().currency);
    json.end_object();
  } else {
    json.null();
  }
  json.key("stopHours");
  task.duration_h > 0.0 ? json.value(task.duration_h) : json.null();
  json.key("approvals");
  json.begin_object();
  json.field("have", signatures(task));
  json.field("need", task.approvals_needed);
  json.end_object();
}

}  // namespace

Scene::Scene(Context& c) : context(c), view(c.backend.view()), now(c.backend.now()) {
  context.calibration.refresh(context.reader, context.backend.wall_clock().now());
}

Result<std::optional<Task>> Scene::task(const TaskId& id) const {
  if (const Task* found = view->tasks.find(id)) return std::optional<Task>(*found);
  return context.reader.task(id);
}

Result<std::optional<Case>> Scene::case_of(const CaseId& id) const {
  if (const Case* found = view->cases.find(id)) return std::optional<Case>(*found);
  return context.reader.case_by_id(id);
}

workflow::Permission Scene::permission(const Task& task, const Caller& caller) const {
  return workflow::permission(task, caller.id, caller.roles, caller.service_account, rules());
}

bool is_expiring(const Task& task, Instant now) {
  return task.state == TaskState::kProposed && task.decide_by && *task.decide_by <= now + hours(1);
}

void write_summary(JsonWriter& json, const Task& task, const Scene& scene) {
  json.field("id", task.id.str());
  json.field("caseId", task.case_id.str());
  json.field("title", task.title);
  json.field("kind", to_text(task.kind));
  json.field("state", to_text(task.state));
  json.field("priority", int(task.priority));
  json.field("revision", task.revision.get());
  write_asset(json, task, scene.context.backend.plant());
  write_time(json, "decideBy", task.decide_by);
  write_time(json, "due", task.due);
  json.field("proposedAt", task.proposed_at);
  json.field("changedAt", task.changed_at);
  write_confidence(json, task, scene.context.calibration);
  write_work(json, task, scene);
  const auto of = scene.case_of(task.case_id);
  json.field("recurring", of && *of && (*of)->recurring);
  write_text(json, "externalNumber", task.external_number);
  write_decided(json, task);
}

void write_time(JsonWriter& json, std::string_view name, const std::optional<Instant>& at) {
  json.key(name);
  at ? json.value(*at) : json.null();
}

void write_text(JsonWriter& json, std::string_view name, std::string_view text) {
  json.key(name);
  text.empty() ? json.null() : json.value(text);
}

void write_rule(JsonWriter& json, const RuleRef& rule) {
  json.key("rule");
  json.begin_object();
  json.field("id", rule.id.str());
  json.field("version", rule.version);
  json.field("hash", rule.hash);
  json.end_object();
}

void write_model(JsonWriter& json, const ModelRef& model) {
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

void write_event_keys(JsonWriter& json, const std::vector<EventKey>& keys) {
  json.key("events");
  json.begin_array();
  for (const EventKey& key : keys) {
    json.begin_object();
    json.field("source", key.source);
    json.field("id", key.id);
    json.end_object();
  }
  json.end_array();
}

std::string_view from_site(std::string_view path, const PlantModel& plant) {
  for (std::size_t at = 0; at < path.size(); at = path.find('/', at) + 1) {
    const std::string_view rest = path.substr(at);
    if (rest.substr(0, rest.find('/')) == plant.site_id) return rest;
    if (rest.find('/') == std::string_view::npos) break;
  }
  return path;
}

void write_readings(JsonWriter& json, const std::vector<Reading>& readings) {
  json.key("readings");
  json.begin_array();
  for (const Reading& reading : readings) {
    json.begin_object();
    json.field("name", reading.name);
    json.field("label", feature_label(reading.name));
    json.field("text", reading.text);
    json.key("value");
    reading.value ? json.value(*reading.value) : json.null();
    json.field("unit", reading.unit);
    json.key("limit");
    reading.limit ? json.value(*reading.limit) : json.null();
    json.end_object();
  }
  json.end_array();
}

void write_contributions(JsonWriter& json, const std::vector<Contribution>& contributions) {
  json.key("contributions");
  json.begin_array();
  for (const Contribution& contribution : contributions) {
    json.begin_object();
    json.field("name", contribution.name);
    json.field("weight", contribution.weight);
    json.field("detail", contribution.detail);
    json.end_object();
  }
  json.end_array();
}

std::string_view to_text(Criticality criticality) {
  switch (criticality) {
    case Criticality::kA:
      return "A";
    case Criticality::kB:
      return "B";
    case Criticality::kC:
      break;
  }
  return "C";
}

}  // namespace millwright::http
