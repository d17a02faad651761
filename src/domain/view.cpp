#include "millwright/domain/view.hpp"

#include "millwright/domain/intent.hpp"

namespace millwright {
namespace {

std::string reservation_key(const TaskId& task, const MaterialId& material) {
  return task.str() + '\n' + material.str();
}

}  // namespace

double PlantView::available(const MaterialId& material, const TaskId& except) const {
  const Stock* found = stock.find(material);
  if (found == nullptr) return 0.0;
  double held = 0.0;
  reservations.for_each([&](const std::string&, const Reservation& r) {
    if (r.material == material && r.task != except) held += r.quantity;
    return true;
  });
  return found->on_hand - found->reserved - found->blocked - held;
}

void apply(const Change& change, PlantView& view) {
  for (const auto& [id, state] : change.equipment) view.lane.equipment.set(id, state);
  for (const auto& [id, state] : change.service) view.lane.service.set(id, state);
  for (const auto& [id, work] : change.work) view.lane.work.set(id, work);
  for (const auto& [id, supply] : change.supply) view.lane.supply.set(id, supply);
  for (const auto& [id, record] : change.suppliers) view.lane.suppliers.set(id, record);
  if (change.seen_by_lanes()) view.lane.number = view.lane.number.next();
  for (const auto& [id, stock] : change.stock) view.stock.set(id, stock);
  for (const Case& c : change.cases) {
    view.cases.set(c.id, c);
    view.case_of.set(c.entity + '\n' + c.mode.str(), c.id);
  }
  for (const Task& task : change.tasks) view.tasks.set(task.id, task);
  for (const RuleBundle& bundle : change.bundles) view.bundles.set(bundle.hash, bundle);
  for (const Reservation& r : change.reservations) {
    const std::string key = reservation_key(r.task, r.material);
    if (r.state == ReservationState::kSoft || r.state == ReservationState::kHard) {
      view.reservations.set(key, r);
    } else {
      view.reservations.erase(key);
    }
  }
}

}  // namespace millwright
