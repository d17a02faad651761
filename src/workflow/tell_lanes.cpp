#include "workflow/tell_lanes.hpp"

#include <map>
#include <set>

namespace millwright::workflow {
namespace {

using Work = std::map<AssetId, OpenWork>;

OpenWork& of(const AssetId& asset, const PlantView& view, Work& work) {
  const OpenWork* known = view.lane.work.find(asset);
  return work.try_emplace(asset, known == nullptr ? OpenWork{} : *known).first->second;
}

// Work that is done and waits only to be verified is not open.
bool is_open(TaskState state) {
  return !is_final(state) && state != TaskState::kClosed;
}

// A value that is changed twice counts as it is in the end.
template <class Id, class Item>
std::map<Id, const Item*> last_of(const std::vector<Item>& items) {
  std::map<Id, const Item*> out;
  for (const Item& each : items) out[each.id] = &each;
  return out;
}

void count_tasks(const PlantView& view, const Change& change, Work& work) {
  for (const auto& [id, task] : last_of<TaskId>(change.tasks)) {
    if (task->asset.empty()) continue;
    const Task* before = view.tasks.find(id);
    const int was = before != nullptr && is_open(before->state) ? 1 : 0;
    const int is = is_open(task->state) ? 1 : 0;
    if (was != is) of(task->asset, view, work).tasks += is - was;
  }
}

void count_cases(const PlantView& view, const Change& change, Work& work) {
  for (const auto& [id, one] : last_of<CaseId>(change.cases)) {
    if (one->asset.empty()) continue;
    const Case* before = view.cases.find(id);
    const int was = before != nullptr && before->state == CaseState::kOpen ? 1 : 0;
    const int is = one->state == CaseState::kOpen ? 1 : 0;
    if (was == is && before != nullptr && before->mode == one->mode) continue;
    OpenWork& row = of(one->asset, view, work);
    row.cases += is - was;
    if (one->opened_at >= row.newest_at) {
      row.newest = one->mode;
      row.newest_at = one->opened_at;
    }
  }
}

void put(const PlantView& view, const Work& work, Change& change) {
  for (const auto& [asset, row] : work) {
    const OpenWork* known = view.lane.work.find(asset);
    if (known == nullptr || !(*known == row)) change.work.emplace_back(asset, row);
  }
}

void put(const PlantView& view, const MaterialId& material, const Supply& now, Change& change) {
  const Supply* known = view.lane.supply.find(material);
  if (known == nullptr || !(*known == now)) change.supply.emplace_back(material, now);
}

Work work_of(const PlantView& view) {
  Work work;
  view.lane.work.for_each([&](const AssetId& asset, const OpenWork& known) {
    work[asset] = OpenWork{0, 0, known.newest, known.newest_at};
    return true;
  });
  view.tasks.for_each([&](const TaskId&, const Task& task) {
    if (!task.asset.empty() && is_open(task.state)) ++work[task.asset].tasks;
    return true;
  });
  view.cases.for_each([&](const CaseId&, const Case& one) {
    if (one.asset.empty()) return true;
    OpenWork& row = work[one.asset];
    if (one.state == CaseState::kOpen) ++row.cases;
    if (one.opened_at > row.newest_at) {
      row.newest = one.mode;
      row.newest_at = one.opened_at;
    }
    return true;
  });
  return work;
}

}  // namespace

void tell_lanes(const PlantView& view, Change& change) {
  Work work;
  count_tasks(view, change, work);
  count_cases(view, change, work);
  put(view, work, change);
  std::set<MaterialId> touched;
  for (const auto& each : change.stock) touched.insert(each.first);
  for (const Reservation& each : change.reservations) touched.insert(each.material);
  if (touched.empty()) return;
  Change goods;
  goods.stock = change.stock;
  goods.reservations = change.reservations;
  PlantView after = view;
  apply(goods, after);
  for (const MaterialId& material : touched) {
    put(view, material, Supply{after.available(material, TaskId())}, change);
  }
}

void tell_lanes_all(const PlantView& view, Change& change) {
  PlantView after = view;
  apply(change, after);
  put(view, work_of(after), change);
  std::map<MaterialId, double> held;
  after.reservations.for_each([&](const std::string&, const Reservation& r) {
    held[r.material] += r.quantity;
    return true;
  });
  after.stock.for_each([&](const MaterialId& material, const Stock& stock) {
    const auto some = held.find(material);
    put(view, material,
        Supply{stock.on_hand - stock.reserved - stock.blocked -
               (some == held.end() ? 0.0 : some->second)},
        change);
    return true;
  });
}

}  // namespace millwright::workflow
