// /api/v1/plant and /api/v1/assets: master data and present state.
#include <map>

#include "http/parameters.hpp"
#include "http/scene.hpp"
#include "http/shift.hpp"

namespace millwright::http {
namespace {

void write_shift(JsonWriter& json, const Calendar& calendar, Instant now) {
  json.key("shift");
  const auto shift = shift_at(calendar, now);
  if (!shift) {
    json.null();
    return;
  }
  json.begin_object();
  json.field("id", shift->id);
  json.field("from", shift->from);
  json.field("to", shift->to);
  json.end_object();
}

void write_counts_now(JsonWriter& json, const Scene& scene, const Caller& caller,
                      const StoreCounts& counts) {
  std::int64_t open = 0;
  std::int64_t mine = 0;
  std::int64_t expiring = 0;
  scene.view->tasks.for_each([&](const TaskId&, const Task& task) {
    if (task.state != TaskState::kProposed) return true;
    const workflow::Permission may = scene.permission(task, caller);
    ++open;
    mine += may.approve || may.reject ? 1 : 0;
    expiring += is_expiring(task, scene.now) ? 1 : 0;
    return true;
  });
  const PlantModel& plant = scene.context.backend.plant();
  json.key("counts");
  json.begin_object();
  json.field("assets", plant.assets.size());
  json.field("signals", plant.signals.size());
  json.field("open", open);
  json.field("mine", mine);
  json.field("expiring", expiring);
  json.field("effectsPending", counts.effects_pending);
  json.field("effectsParked", counts.effects_parked);
  json.end_object();
}

std::map<AssetId, int> open_tasks(const PlantView& view) {
  std::map<AssetId, int> out;
  view.tasks.for_each([&](const TaskId&, const Task& task) {
    if (task.state == TaskState::kProposed) ++out[task.asset];
    return true;
  });
  return out;
}

void write_asset_fields(JsonWriter& json, const Asset& asset, const std::map<AssetId, int>& open,
                        const PlantModel& plant) {
  const auto count = open.find(asset.id);
  json.field("id", asset.id.str());
  json.field("name", asset.name);
  json.field("class", asset.asset_class);
  json.field("path", from_site(asset.path, plant));
  json.field("criticality", to_text(asset.criticality));
  json.key("powerKw");
  asset.power_kw > 0.0 ? json.value(asset.power_kw) : json.null();
  json.field("openTasks", count == open.end() ? 0 : count->second);
}

void write_state(JsonWriter& json, const Asset& asset, const LaneView& lane) {
  json.key("state");
  const EquipmentState* state =
      asset.gate.work_unit.empty() ? nullptr : lane.equipment.find(asset.gate.work_unit);
  if (state == nullptr) {
    json.null();
  } else {
    json.begin_object();
    json.field("state", state->state);
    json.field("mode", state->mode);
    json.field("since", state->since);
    json.end_object();
  }
  const ServiceState* service = lane.service.find(asset.id);
  const bool in_maintenance = service != nullptr && service->in_maintenance;
  write_time(json, "maintenance",
             in_maintenance ? std::optional(service->maintenance_until) : std::nullopt);
}

void write_limit(JsonWriter& json, std::string_view name, const std::optional<double>& value) {
  json.key(name);
  value ? json.value(*value) : json.null();
}

void write_signals(JsonWriter& json, const AssetId& asset, const PlantModel& plant) {
  json.key("signals");
  json.begin_array();
  for (const auto& [id, signal] : plant.signals) {
    if (signal.asset != asset) continue;
    json.begin_object();
    json.field("id", id.str());
    json.field("name", signal.name);
    json.field("unit", signal.unit);
    write_limit(json, "warn", signal.warn ? signal.warn : signal.limit_bc);
    write_limit(json, "alarm", signal.alarm ? signal.alarm : signal.limit_cd);
    json.end_object();
  }
  json.end_array();
}

}  // namespace

Response get_plant(const Request& request, Context& context) {
  if (auto refused = unknown_parameter(request, {})) return std::move(*refused);
  const Scene scene(context);
  const auto counts = context.reader.counts();
  if (!counts) return problem(request, counts.error());
  const PlantModel& plant = context.backend.plant();
  JsonWriter json;
  json.begin_object();
  json.key("site");
  json.begin_object();
  json.field("id", plant.site_id);
  json.field("name", plant.site_name);
  json.end_object();
  json.field("timeZone", plant.calendar.time_zone);
  json.field("currency", plant.currency);
  json.field("now", scene.now);
  write_time(json, "lastEventAt", context.backend.last_event_at());
  write_shift(json, plant.calendar, scene.now);
  json.field("rulesActive", context.backend.rules_active());
  write_counts_now(json, scene, *request.caller, *counts);
  json.key("rejectReasons");
  json.begin_array();
  for (const char* reason : {"FALSE_ALARM", "ALREADY_PLANNED", "NOT_NOW", "WRONG_CAUSE", "OTHER"}) {
    json.value(reason);
  }
  json.end_array();
  json.field("version", context.config.version);
  json.end_object();
  return json_response(std::move(json).text());
}

Response list_assets(const Request& request, Context& context) {
  if (auto refused = unknown_parameter(request, {"cursor", "limit"})) return std::move(*refused);
  const auto limit = read_limit(request);
  if (!limit) return problem(request, limit.error());
  const auto cursor = read_text(request, "cursor", 512);
  if (!cursor) return problem(request, cursor.error());
  const PlantModel& plant = context.backend.plant();
  const auto open = open_tasks(*context.backend.view());
  auto at = cursor->empty() ? plant.assets.begin() : plant.assets.upper_bound(AssetId(*cursor));
  std::string last;
  JsonWriter json;
  json.begin_object();
  json.key("items");
  json.begin_array();
  for (std::size_t i = 0; i < *limit && at != plant.assets.end(); ++i, ++at) {
    json.begin_object();
    write_asset_fields(json, at->second, open, plant);
    json.end_object();
    last = at->first.str();
  }
  json.end_array();
  write_text(json, "next", at == plant.assets.end() ? std::string() : last);
  json.end_object();
  return json_response(std::move(json).text());
}

Response get_asset(const Request& request, Context& context) {
  if (auto refused = unknown_parameter(request, {})) return std::move(*refused);
  const PlantModel& plant = context.backend.plant();
  const auto found = plant.assets.find(AssetId(request.params[0]));
  if (found == plant.assets.end()) {
    return problem(request, Code::kNotFound, "There is no asset " + request.params[0] + ".");
  }
  const Asset& asset = found->second;
  const PlantViewPtr view = context.backend.view();
  JsonWriter json;
  json.begin_object();
  write_asset_fields(json, asset, open_tasks(*view), plant);
  write_text(json, "equipment", asset.equipment_number);
  write_text(json, "workCentre", asset.work_center);
  write_state(json, asset, view->lane);
  write_signals(json, asset.id, plant);
  json.end_object();
  return json_response(std::move(json).text());
}

}  // namespace millwright::http
