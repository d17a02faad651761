// /api/v1/cases and /api/v1/decisions: what belongs together, and why it exists.
#include "http/parameters.hpp"
#include "http/scene.hpp"

namespace millwright::http {
namespace {

void write_case_asset(JsonWriter& json, const AssetId& id, const PlantModel& plant) {
  const auto found = plant.assets.find(id);
  const bool known = found != plant.assets.end();
  json.key("asset");
  json.begin_object();
  json.field("id", id.str());
  json.field("name", known ? found->second.name : id.str());
  json.field("path", known ? from_site(found->second.path, plant) : std::string_view());
  json.field("criticality", to_text(known ? found->second.criticality : Criticality::kC));
  json.end_object();
}

}  // namespace

Response get_case(const Request& request, Context& context) {
  if (auto refused = unknown_parameter(request, {})) return std::move(*refused);
  const Scene scene(context);
  const auto found = scene.case_of(CaseId(request.params[0]));
  if (!found) return problem(request, found.error());
  if (!*found)
    return problem(request, Code::kNotFound, "There is no case " + request.params[0] + ".");
  const Case& of = **found;
  JsonWriter json;
  json.begin_object();
  json.field("id", of.id.str());
  write_case_asset(json, of.asset, context.backend.plant());
  json.field("failureMode", of.mode.str());
  json.field("state", of.state == CaseState::kOpen ? "open" : "closed");
  json.field("recurring", of.recurring);
  json.field("openedAt", of.opened_at);
  write_time(json, "closedAt", of.closed_at);
  json.field("openedBy", of.opened_by.str());
  json.key("tasks");
  json.begin_array();
  for (const TaskId& id : of.tasks) {
    const auto task = scene.task(id);
    if (!task) return problem(request, task.error());
    if (!*task) continue;
    json.begin_object();
    write_summary(json, **task, scene);
    json.end_object();
  }
  json.end_array();
  json.end_object();
  return json_response(std::move(json).text());
}

Response list_decisions(const Request& request, Context& context) {
  if (auto refused = unknown_parameter(request, {"task", "limit"})) return std::move(*refused);
  const auto limit = read_limit(request);
  if (!limit) return problem(request, limit.error());
  const std::string* id = request.parameter("task");
  if (id == nullptr || id->empty()) {
    return problem(request, Code::kInvalid, "Name the task: ?task=<id>.");
  }
  const Scene scene(context);
  const auto task = scene.task(TaskId(*id));
  if (!task) return problem(request, task.error());
  if (!*task) return problem(request, Code::kNotFound, "There is no task " + *id + ".");
  const auto decisions = context.reader.decisions_of((*task)->id, *limit);
  if (!decisions) return problem(request, decisions.error());
  JsonWriter json;
  json.begin_object();
  json.key("items");
  json.begin_array();
  for (const Decision& decision : *decisions) write_decision(json, decision);
  json.end_array();
  json.end_object();
  return json_response(std::move(json).text());
}

Response get_decision(const Request& request, Context& context) {
  if (auto refused = unknown_parameter(request, {})) return std::move(*refused);
  const auto decision = context.reader.decision(DecisionId(request.params[0]));
  if (!decision) return problem(request, decision.error());
  if (!*decision) {
    return problem(request, Code::kNotFound, "There is no decision " + request.params[0] + ".");
  }
  JsonWriter json;
  write_decision(json, **decision);
  return json_response(std::move(json).text());
}

}  // namespace millwright::http
