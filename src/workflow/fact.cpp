// Events that change plant state: machine states from MES, stock from the warehouse, orders from
// CMMS.
#include <algorithm>
#include <array>

#include "workflow/handlers.hpp"

namespace millwright::workflow {
namespace {

// Older than what is known: by sequence where the source numbers its events, else by time.
bool outdated(const EquipmentState& known, const Event& event) {
  if (!known.sequence.empty() && !event.sequence.empty()) return event.sequence <= known.sequence;
  return event.time < known.since;
}

void equipment_state(Draft& draft, const Event& event) {
  const WorkUnitId unit(event.text("workUnitId"));
  const EquipmentState* known = draft.view().lane.equipment.find(unit);
  if (known != nullptr && outdated(*known, event)) return;
  EquipmentState state;
  state.state = event.text("state");
  state.mode = event.text("mode");
  state.order = event.text("orderId");
  state.sequence = event.sequence;
  const bool same = known != nullptr && known->state == state.state && known->mode == state.mode;
  state.since = same ? known->since : event.time;
  draft.change().equipment.emplace_back(unit, std::move(state));
}

void stock_snapshot(Draft& draft, const Event& event) {
  const MaterialId material(event.text("materialId"));
  const Stock* known = draft.view().stock.find(material);
  if (known != nullptr && event.time < known->as_of) return;
  Stock stock = known == nullptr ? Stock{} : *known;
  stock.on_hand = event.number("onHand", stock.on_hand);
  stock.reserved = event.number("reserved", 0.0);
  stock.blocked = event.number("blocked", 0.0);
  stock.as_of = event.time;
  draft.change().stock.emplace_back(material, stock);
}

struct Movement {
  std::string_view type;
  double sign;
};
constexpr std::array kMovements{Movement{"101", 1.0}, Movement{"261", -1.0}, Movement{"551", -1.0}};

// Movements since the last snapshot are applied; an older one is in the snapshot already.
void goods_movement(Draft& draft, const Event& event) {
  const MaterialId material(event.text("materialId"));
  const Stock* known = draft.view().stock.find(material);
  if (known == nullptr || event.time <= known->as_of) return;
  const auto found = std::find_if(kMovements.begin(), kMovements.end(), [&](const Movement& m) {
    return m.type == event.text("movementType");
  });
  if (found == kMovements.end()) return;  // a transfer keeps the plant's stock
  Stock stock = *known;
  stock.on_hand += found->sign * event.number("qty", 0.0);
  draft.change().stock.emplace_back(material, stock);
}

// The task that the order was made for: by our reference, else by the ERP's number.
const Task* task_of(const Draft& draft, const Event& event) {
  const std::string_view ref = event.text("externalRef");
  if (!ref.empty()) return draft.task(TaskId(ref));
  const std::string_view number = event.text("woId");
  const Task* found = nullptr;
  draft.view().tasks.for_each([&](const TaskId&, const Task& task) {
    if (!number.empty() && task.external_number == number) found = &task;
    return found == nullptr;
  });
  return found;
}

Outcome compare(const Task& task, std::string_view cause) {
  if (cause.empty()) return Outcome::kUnknown;
  if (cause == "NO-FAULT") return Outcome::kNotFound;
  if (cause == task.mode.str()) return Outcome::kConfirmed;
  // A look does not name the cause; finding any is a success of the rule that asked for it.
  return task.kind == TaskKind::kWorkOrder ? Outcome::kOtherCause : Outcome::kConfirmed;
}

void complete(Draft& draft, Task task, const Event& event) {
  const std::string cause(event.text("cause"));
  if (!draft.move(task, Trigger::kDone, "cmms",
                  "Work order " + std::string(event.text("woId")) + " is technically complete.")) {
    return;
  }
  task.outcome = compare(task, cause);
  task.outcome_detail = cause.empty() ? "No cause code was given." : "Found: " + cause + ".";
  if (task.outcome != Outcome::kUnknown) {
    draft.move(task, Trigger::kJudged, "cmms", task.outcome_detail);
  } else {
    draft.put(task);
  }
  // What was reserved for it is used up.
  const Case* of = draft.find_case(task.case_id);
  const std::vector<TaskId> siblings = of == nullptr ? std::vector<TaskId>{} : of->tasks;
  for (const TaskId& id : siblings) {
    const Task* found = draft.task(id);
    if (found == nullptr || found->kind != TaskKind::kPartReservation) continue;
    Task parts = *found;
    if (is_over(parts.state)) continue;
    const bool used = parts.state != TaskState::kProposed;
    draft.move(parts, used ? Trigger::kDone : Trigger::kWithdrawn, "cmms", "The work is complete.");
  }
  draft.close_case_if_done(task.case_id);
}

// Somebody in CMMS did what is still proposed here: the proposal has no purpose any more.
void withdraw_proposals(Draft& draft, const Event& event) {
  const AssetId asset(event.text("assetId"));
  const std::string_view cause = event.text("cause");
  std::vector<Task> matching;
  draft.view().tasks.for_each([&](const TaskId&, const Task& task) {
    if (task.asset == asset && task.state == TaskState::kProposed &&
        task.kind == TaskKind::kWorkOrder && task.mode.str() == cause) {
      matching.push_back(task);
    }
    return true;
  });
  for (Task& task : matching) {
    const std::string why = "Done in CMMS as " + std::string(event.text("woId")) + ".";
    if (draft.move(task, Trigger::kWithdrawn, "cmms", why)) draft.wind_up(task, "cmms", why);
  }
}

void service_state(Draft& draft, const Event& event, std::string_view status) {
  const AssetId asset(event.text("assetId"));
  const ServiceState* known = draft.view().lane.service.find(asset);
  ServiceState state = known == nullptr ? ServiceState{} : *known;
  if (event.time < state.restarted) return;
  if (status == "STRT") {
    state.in_maintenance = true;
    // It ends by itself if nobody says so; a shift is the longest silence.
    const Instant planned = event.instant("plannedEnd");
    state.maintenance_until = planned.is_set() ? planned : event.time + hours(8);
  } else {
    state.in_maintenance = false;
    state.maintenance_until = event.time;
    if (status == "TECO") {
      state.restarted = event.time;
      state.work_order = event.text("woId");
    }
  }
  if (known == nullptr || *known != state) draft.change().service.emplace_back(asset, state);
}

void work_order(Draft& draft, const Event& event) {
  const std::string_view status = event.text("status");
  if (status == "STRT" || status == "TECO" || status == "CLSD" || status == "CANC") {
    service_state(draft, event, status);
  }
  const Task* found = task_of(draft, event);
  if (found == nullptr) {
    if (status == "TECO") withdraw_proposals(draft, event);
    return;
  }
  Task task = *found;
  if (task.external_number.empty()) {
    task.external_number = event.text("woId");
    draft.put(task);
  }
  if (status == "CANC") {
    const std::string why = "Work order " + std::string(event.text("woId")) + " was cancelled.";
    if (draft.move(task, Trigger::kCancelled, "cmms", why)) draft.wind_up(task, "cmms", why);
  } else if (status == "STRT") {
    draft.move(task, Trigger::kStarted, "cmms", "Work has begun.");
  } else if (status == "TECO" || status == "CLSD") {
    complete(draft, std::move(task), event);
  }
}

// The master data that a task asked for has come.
void master_data(Draft& draft, const Event& event) {
  const std::string object(event.text("objectId"));
  std::vector<Task> waiting;
  draft.view().tasks.for_each([&](const TaskId&, const Task& task) {
    if (task.kind == TaskKind::kMasterData && task.asset.str() == object && !is_over(task.state)) {
      waiting.push_back(task);
    }
    return true;
  });
  for (Task& task : waiting) {
    const bool decided = task.state != TaskState::kProposed;
    draft.move(task, decided ? Trigger::kDone : Trigger::kWithdrawn, "erp",
               "Master data of " + object + " was changed.");
    draft.close_case_if_done(task.case_id);
  }
}

SupplierRecord supplier_of(const Draft& draft, const SupplierId& id) {
  const SupplierRecord* known = draft.view().lane.suppliers.find(id);
  return known == nullptr ? SupplierRecord{} : *known;
}

// A date that is promised again, or a first one; counted whenever it comes, since it was said.
void order_confirmed(Draft& draft, const Event& event) {
  const SupplierId supplier(event.text("supplierId"));
  if (supplier.empty()) return;
  SupplierRecord record = supplier_of(draft, supplier);
  const Instant first = event.instant("firstConfirmedDate");
  const bool moved =
      !event.text("replaces").empty() || (first.is_set() && event.instant("confirmedDate") > first);
  constexpr std::int64_t kMask = (std::int64_t(1) << SupplierRecord::kNewest) - 1;
  record.moved = ((record.moved << 1) | (moved ? 1 : 0)) & kMask;
  record.promises = std::min(record.promises + 1, SupplierRecord::kNewest);
  draft.change().suppliers.emplace_back(supplier, record);
}

void supplier_risk(Draft& draft, const Event& event) {
  const SupplierId supplier(event.text("supplierId"));
  SupplierRecord record = supplier_of(draft, supplier);
  if (supplier.empty() || event.time < record.risk_at) return;
  record.risk = event.number("score", 0.0);
  record.risk_at = event.time;
  draft.change().suppliers.emplace_back(supplier, record);
}

struct Handler {
  std::string_view type;
  void (*handle)(Draft&, const Event&);
};
constexpr std::array kHandlers{
    Handler{"mes.equipment.statechanged", equipment_state},
    Handler{"wms.stock.changed", stock_snapshot},
    Handler{"erp.goodsmovement.posted", goods_movement},
    Handler{"cmms.workorder.statuschanged", work_order},
    Handler{"erp.masterdata.changed", master_data},
    Handler{"supplier.order.confirmed", order_confirmed},
    Handler{"supplier.risk.changed", supplier_risk},
};

}  // namespace

void settle_fact(Draft& draft, const Event& event) {
  if (event.type == nullptr) return;
  for (const Handler& handler : kHandlers) {
    if (handler.type == event.type->name) handler.handle(draft, event);
  }
}

}  // namespace millwright::workflow
