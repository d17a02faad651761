#pragma once
// A small plant with a fan, a part in store and people, and a view that settle works on.

#include <string>

#include "millwright/codec/catalog.hpp"
#include "millwright/workflow/settle.hpp"

namespace millwright::workflow {

inline constexpr Instant kNow{1'772'430'000'000'000'000};

class World {
 public:
  World() {
    plant.site_id = "lyon";
    Asset fan;
    fan.id = AssetId("F-201");
    fan.asset_class = "fan";
    fan.criticality = Criticality::kB;
    fan.equipment_number = "10003201";
    fan.work_center = "MECH-UTIL";
    fan.stop_cost_per_hour = 1450;
    plant.assets[fan.id] = fan;
    Material bearing;
    bearing.id = MaterialId("BRG-6312-C3");
    bearing.name = "Bearing 6312-C3";
    bearing.unit_cost = 180;
    plant.materials[bearing.id] = bearing;
    plant.crafts[CraftId("MECH")] = {CraftId("MECH"), "Mechanic", 60};
    JobPlan plan;
    plan.asset_class = "fan";
    plan.mode = FailureMode("BRG-OUTER");
    plan.text = "Change fan bearing";
    plan.crafts = {{CraftId("MECH"), 6}};
    plan.kit = {{MaterialId("BRG-6312-C3"), 1}};
    plan.duration_h = 6;
    plant.job_plans.push_back(plan);
    Stock stock;
    stock.on_hand = 1;
    view.stock.set(MaterialId("BRG-6312-C3"), stock);
  }

  // Settles and, if that went well, applies.
  Result<Change> settle(const Intent& intent) {
    auto change = workflow::settle(view, intent, now, Context{plant, policy});
    if (change) apply(*change, view);
    return change;
  }
  void assume_class(Criticality c) { plant.assets[AssetId("F-201")].criticality = c; }

  [[nodiscard]] const Task* find(TaskKind kind) const {
    const Task* found = nullptr;
    view.tasks.for_each([&](const TaskId&, const Task& task) {
      if (task.kind == kind && (found == nullptr || found->proposed_at <= task.proposed_at)) {
        found = &task;
      }
      return true;
    });
    return found;
  }
  [[nodiscard]] const Task& work_order() const { return *find(TaskKind::kWorkOrder); }
  [[nodiscard]] const Task& reservation() const { return *find(TaskKind::kPartReservation); }

  PlantModel plant;
  Policy policy;
  PlantView view;
  Instant now = kNow;
};

inline Decision decision(const std::string& id, TaskKind kind = TaskKind::kWorkOrder,
                         const std::string& mode = "BRG-OUTER") {
  Decision d;
  d.id = DecisionId(id);
  d.at = kNow - minutes(1);
  d.asset = AssetId("F-201");
  d.entity = "F-201/DE-H";
  d.signal = SignalId("F-201/DE-H");
  d.point = "DE";
  d.mode = FailureMode(mode);
  d.task = kind;
  d.priority = Priority::kP3;
  d.title = "Approve bearing change, F-201";
  d.symptom = "Vibration 3.2 mm/s, zone C";
  d.cause = "Outer race of the drive-end bearing";
  d.due = kNow + days(7);
  d.evidence.confidence = kind == TaskKind::kWorkOrder ? 0.86 : 0.5;
  d.evidence.rule = {RuleId("bearing-vibration"), 1, "9f3c"};
  d.evidence.rationale = "Three readings in a row.";
  return d;
}

inline Command command(Act act, const Task& task, const std::string& user, Role role) {
  Command c;
  c.act = act;
  c.task = task.id;
  c.seen = task.revision;
  c.user = UserId(user);
  c.user_name = user;
  c.roles = {role};
  if (act == Act::kReject) c.reason_code = "FALSE_ALARM";
  return c;
}

inline Command approve(const Task& task, const std::string& user = "s.moreau",
                       Role role = Role::kMaintenanceSupervisor) {
  return command(Act::kApprove, task, user, role);
}

inline Event event(std::string_view type, std::vector<std::pair<std::string, FieldValue>> fields,
                   Instant time = kNow) {
  Event e;
  e.type = codec::find_event_type(type);
  MW_CHECK(e.type != nullptr);
  e.time = time;
  e.fields.resize(e.type->fields.size());
  for (auto& [name, value] : fields) e.fields[*e.type->index_of(name)] = std::move(value);
  return e;
}

inline FieldValue text(std::string value) {
  return {std::move(value)};
}
inline FieldValue pieces(double value) {
  return {Quantity{value, "C62", value, "C62"}};
}

}  // namespace millwright::workflow
