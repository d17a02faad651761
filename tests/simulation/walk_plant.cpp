// The plant of the walk, and the bugs that can be planted in it.
#include "simulation/walk.hpp"

namespace millwright::simulation {

PlantModel walk_plant() {
  PlantModel plant;
  plant.site_id = "walk";
  const auto material = [&](const char* id, double cost, double on_hand) {
    Material m;
    m.id = MaterialId(id);
    m.name = id;
    m.unit_cost = cost;
    m.initial_on_hand = on_hand;
    plant.materials[m.id] = m;
  };
  material("BRG", 180, 3);
  material("MOTOR", 6'000, 1);
  material("GEAR", 30'000, 1);
  plant.crafts[CraftId("MECH")] = {CraftId("MECH"), "Mechanic", 60};
  const auto job = [&](const char* mode, double hours_, std::vector<KitLine> kit) {
    JobPlan plan;
    plan.asset_class = "fan";
    plan.mode = FailureMode(mode);
    plan.text = std::string("Repair ") + mode;
    plan.crafts = {{CraftId("MECH"), hours_}};
    plan.duration_h = hours_;
    plan.kit = std::move(kit);
    plant.job_plans.push_back(plan);
  };
  job("BRG-OUTER", 4, {{MaterialId("BRG"), 1}});
  job("UNBALANCE", 9, {});
  job("MOTOR-WINDING", 10, {{MaterialId("MOTOR"), 1}, {MaterialId("BRG"), 2}});
  job("GEAR-TOOTH", 6, {{MaterialId("GEAR"), 1}, {MaterialId("BRG"), 1}});
  for (std::size_t i = 0; i < std::size(kWalkAssets); ++i) {
    Asset asset;
    asset.id = AssetId(kWalkAssets[i]);
    asset.asset_class = i == 3 ? "pump" : "fan";  // without a job plan
    asset.criticality = Criticality(i % 3);
    asset.equipment_number = std::to_string(10'000 + i);
    plant.assets[asset.id] = asset;
  }
  return plant;
}

void spoil(WalkMutant mutant, const PlantView& before, Change& change) {
  Task* const task = change.tasks.empty() ? nullptr : &change.tasks.front();
  switch (mutant) {
    case WalkMutant::kSkipsStates:
      if (task != nullptr && task->state == TaskState::kApproved) task->state = TaskState::kClosed;
      break;
    case WalkMutant::kSignsForSomebodyElse:
      if (task != nullptr && !task->approvals.empty()) task->approvals.back().user = UserId("x");
      break;
    case WalkMutant::kRepeatsAnEffect:
      if (change.effects.size() > 1) change.effects.push_back(change.effects.front());
      break;
    case WalkMutant::kForgetsTheCase:
      change.cases.clear();
      break;
    case WalkMutant::kHoldsTooMuch:
      for (Reservation& r : change.reservations) r.quantity *= 2.0;
      break;
    case WalkMutant::kOrdersUnapproved:
      for (Effect& e : change.effects) {
        if (!e.task.empty() && task != nullptr && task->state == TaskState::kProposed) {
          e.kind = EffectKind::kErp;
        }
      }
      break;
    case WalkMutant::kLeavesNoRecord:
      change.audit.clear();
      break;
    case WalkMutant::kLeavesTheEndState:
      for (Task& t : change.tasks) {
        const Task* was = before.tasks.find(t.id);
        if (was != nullptr && is_final(was->state)) t.revision = t.revision.next();
      }
      break;
    case WalkMutant::kKeepsHolds:
      std::erase_if(change.reservations, [](const Reservation& r) {
        return r.state == ReservationState::kReleased || r.state == ReservationState::kConsumed;
      });
      break;
    case WalkMutant::kNone:
    case WalkMutant::kCount:
      break;
  }
}

}  // namespace millwright::simulation
