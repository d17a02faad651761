// What happens on approval: the order draft, the parts with what is left of them, the money.
#include <algorithm>
#include <cmath>

#include "http/scene.hpp"

namespace millwright::http {
namespace {

bool is_order(TaskKind kind) {
  switch (kind) {
    case TaskKind::kWorkOrder:
    case TaskKind::kInspection:
    case TaskKind::kSensorCheck:
      return true;
    case TaskKind::kPartReservation:
    case TaskKind::kMasterData:
    case TaskKind::kRuleRelease:
      break;
  }
  return false;
}

double rate_of(const CraftId& craft, const PlantModel& plant) {
  const auto found = plant.crafts.find(craft);
  return found == plant.crafts.end() ? 0.0 : found->second.rate_per_hour;
}

double cents(double amount) {
  return std::round(amount * 100.0) / 100.0;
}

void write_crafts(JsonWriter& json, const Task& task, const PlantModel& plant) {
  json.key("crafts");
  json.begin_array();
  for (const CraftHours& line : task.crafts) {
    const auto found = plant.crafts.find(line.craft);
    json.begin_object();
    json.field("craft", line.craft.str());
    json.field("name", found == plant.crafts.end() ? line.craft.str() : found->second.name);
    json.field("hours", line.hours);
    json.end_object();
  }
  json.end_array();
}

void write_order(JsonWriter& json, const Task& task, const PlantModel& plant) {
  json.key("workOrder");
  if (!is_order(task.kind)) {
    json.null();
    return;
  }
  std::optional<Instant> end;
  if (task.window_from) end = *task.window_from + Duration(std::int64_t(task.duration_h * 3.6e12));
  json.begin_object();
  json.field("text", task.order_text);
  write_text(json, "equipment", task.equipment_number);
  write_text(json, "workCentre", task.work_center);
  write_time(json, "start", task.window_from);
  write_time(json, "end", end);
  json.field("planned", task.window_from.has_value());
  write_crafts(json, task, plant);
  write_text(json, "permit", task.permit);
  json.end_object();
}

// The task that holds the parts: this one, or the reservation of the same case.
TaskId holder_of(const Task& task, const std::optional<Case>& of, const Scene& scene) {
  if (task.kind == TaskKind::kPartReservation || !of) return task.id;
  for (const TaskId& id : of->tasks) {
    const Task* sibling = scene.view->tasks.find(id);
    if (sibling != nullptr && sibling->kind == TaskKind::kPartReservation) return id;
  }
  return task.id;
}

void write_parts(JsonWriter& json, const Task& task, const TaskId& holder, const Scene& scene) {
  json.key("parts");
  json.begin_array();
  for (const PartLine& part : task.parts) {
    const double available = std::max(0.0, scene.view->available(part.material, holder));
    const Reservation* held =
        scene.view->reservations.find(holder.str() + "\n" + part.material.str());
    json.begin_object();
    json.field("material", part.material.str());
    json.field("name", part.name.empty() ? part.material.str() : part.name);
    json.field("quantity", part.quantity);
    json.field("unit", part.unit.empty() ? std::string("C62") : part.unit);
    json.field("available", available);
    json.field("after", std::max(0.0, available - part.quantity));
    json.field("shortBy", std::max(0.0, part.quantity - available));
    json.field("held", held != nullptr && held->state == ReservationState::kSoft);
    json.end_object();
  }
  json.end_array();
}

void write_money(JsonWriter& json, const Task& task, const PlantModel& plant) {
  json.key("money");
  if (task.cost <= 0.0) {
    json.null();
    return;
  }
  double labour = 0.0;
  for (const CraftHours& line : task.crafts) labour += line.hours * rate_of(line.craft, plant);
  double parts = 0.0;
  for (const PartLine& part : task.parts) parts += part.quantity * part.unit_cost;
  json.begin_object();
  json.field("parts", cents(parts));
  json.field("labour", cents(labour));
  json.field("total", task.cost);  // what the approval limits go by
  json.field("currency", plant.currency);
  json.end_object();
}

}  // namespace

void write_effects(JsonWriter& json, const Task& task, const std::optional<Case>& of,
                   const Scene& scene) {
  const PlantModel& plant = scene.context.backend.plant();
  json.key("effects");
  json.begin_object();
  write_order(json, task, plant);
  write_parts(json, task, holder_of(task, of, scene), scene);
  json.field("reservesParts", task.kind == TaskKind::kPartReservation);
  json.key("system");
  const bool by_hand = task.kind == TaskKind::kMasterData || task.kind == TaskKind::kRuleRelease;
  by_hand ? json.null() : json.value("ERP");
  write_money(json, task, plant);
  json.end_object();
}

}  // namespace millwright::http
