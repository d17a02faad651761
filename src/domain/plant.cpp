#include "millwright/domain/plant.hpp"

namespace millwright {

const JobPlan* PlantModel::job_plan(const Asset& asset, const FailureMode& mode,
                                    std::string_view point) const {
  const JobPlan* best = nullptr;
  int best_fit = -1;
  for (const JobPlan& plan : job_plans) {
    if (plan.mode != mode) continue;
    if (plan.asset.empty() ? plan.asset_class != asset.asset_class : plan.asset != asset.id)
      continue;
    if (!plan.point.empty() && plan.point != point) continue;
    const int fit = (plan.asset.empty() ? 0 : 2) + (plan.point.empty() ? 0 : 1);
    if (fit > best_fit) {
      best = &plan;
      best_fit = fit;
    }
  }
  return best;
}

bool PlantModel::stops(const Asset& asset, const std::string& node) const {
  for (std::string id = asset.node; !id.empty();) {
    if (id == node) return true;
    const auto found = nodes.find(id);
    id = found == nodes.end() ? std::string() : found->second.parent;
  }
  return false;
}

std::optional<Instant> PlantModel::next_planned_stop(const Asset& asset, Instant from) const {
  std::optional<Instant> next;
  for (const PlannedStop& stop : calendar.planned_stops) {
    if (stop.from < from || (next && *next <= stop.from)) continue;
    if (stops(asset, stop.node)) next = stop.from;
  }
  return next;
}

}  // namespace millwright
