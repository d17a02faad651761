// What a proposal would take: labour, kit, stock, money, and the stop it fits in.
#include <algorithm>
#include <cmath>

#include "workflow/approval.hpp"
#include "workflow/catalog.hpp"
#include "workflow/handlers.hpp"

namespace millwright::workflow {
namespace {

// What the case itself holds of the material: for its own work that is free.
double held_by_case(const Draft& draft, const Task& task, const MaterialId& material) {
  double held = 0.0;
  const Case* of = draft.find_case(task.case_id);
  if (of == nullptr) return held;
  for (const TaskId& id : of->tasks) {
    const auto* hold = draft.view().reservations.find(id.str() + '\n' + material.str());
    if (hold != nullptr) held += hold->quantity;
  }
  return held;
}

PartLine part_line(const Draft& draft, const Task& task, const KitLine& line) {
  PartLine part;
  part.material = line.material;
  part.quantity = line.quantity;
  const auto& materials = draft.context().plant.materials;
  if (const auto known = materials.find(line.material); known != materials.end()) {
    part.name = known->second.name;
    part.unit = known->second.unit;
    part.unit_cost = known->second.unit_cost;
  }
  if (const Stock* stock = draft.view().stock.find(line.material)) {
    part.on_hand = stock->on_hand;
    part.blocked = stock->blocked;
    // What others have: the warehouse's word, and our own holds for other tasks.
    part.reserved = stock->on_hand - stock->blocked -
                    draft.view().available(line.material, TaskId()) -
                    held_by_case(draft, task, line.material);
  }
  const double free = std::max(0.0, part.on_hand - part.blocked - part.reserved);
  part.short_by = std::max(0.0, part.quantity - free);
  return part;
}

double labour(const Task& task, const PlantModel& plant) {
  double cost = 0.0;
  for (const CraftHours& c : task.crafts) {
    const auto craft = plant.crafts.find(c.craft);
    if (craft != plant.crafts.end()) cost += c.hours * craft->second.rate_per_hour;
  }
  return cost;
}

double parts_cost(const Task& task) {
  double cost = 0.0;
  for (const PartLine& part : task.parts) cost += part.quantity * part.unit_cost;
  return cost;
}

// Availability moves all the time; what was asked for does not.
bool same_parts(const std::vector<PartLine>& a, const std::vector<PartLine>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const PartLine& x, const PartLine& y) {
                      return x.material == y.material && x.quantity == y.quantity &&
                             (x.short_by > 0.0) == (y.short_by > 0.0);
                    });
}

// The planned stop before the due date that the work fits in.
void choose_window(const PlantModel& plant, const Asset& asset, Task& task) {
  task.window_from.reset();
  const auto stop = plant.next_planned_stop(asset, task.opened_at);
  if (stop && (!task.due || *stop <= *task.due)) task.window_from = *stop;
}

}  // namespace

Duration decide_within(Priority priority, const Policy& policy) {
  switch (priority) {
    case Priority::kP1:
      return policy.decide_p1;
    case Priority::kP2:
      return policy.decide_p2;
    case Priority::kP3:
      return policy.decide_p3;
    case Priority::kP4:
      return policy.decide_p4;
  }
  return policy.decide_p4;
}

bool plan_work(Draft& draft, Task& task) {
  const PlantModel& plant = draft.context().plant;
  const Task before = task;
  const TaskType& type = task_type(task.kind);
  const auto asset = plant.assets.find(task.asset);
  const JobPlan* plan = nullptr;
  if (asset != plant.assets.end()) {
    task.asset_path = asset->second.path;
    task.criticality = asset->second.criticality;
    task.equipment_number = asset->second.equipment_number;
    task.work_center = asset->second.work_center;
    if (type.commits_money || task.kind == TaskKind::kPartReservation) {
      plan = plant.job_plan(asset->second, task.mode, task.point);
    }
  }
  task.order_text = plan != nullptr ? plan->text : std::string(type.order);
  task.duration_h = plan != nullptr ? plan->duration_h : type.hours;
  task.permit = plan != nullptr ? plan->permit : "";
  task.parts.clear();
  task.crafts.clear();
  if (plan != nullptr) {
    if (task.kind == TaskKind::kWorkOrder) task.crafts = plan->crafts;
    for (const KitLine& line : plan->kit) task.parts.push_back(part_line(draft, task, line));
  }
  if (asset != plant.assets.end()) {
    choose_window(plant, asset->second, task);
    if (task.kind == TaskKind::kWorkOrder) {
      task.avoided_cost =
          std::round(asset->second.stop_cost_per_hour * std::max(1.0, task.duration_h) * 2.0);
    }
  }
  // The reservation's parts are in the work order's money already.
  task.cost = task.kind == TaskKind::kWorkOrder
                  ? std::round((labour(task, plant) + parts_cost(task)) * 100.0) / 100.0
                  : 0.0;
  task.approvals_needed = demand(task, draft.context().policy).needed;
  return !same_parts(before.parts, task.parts) || before.cost != task.cost;
}

}  // namespace millwright::workflow
