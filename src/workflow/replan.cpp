#include "workflow/replan.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include "workflow/handlers.hpp"

namespace millwright::workflow {
namespace {

std::set<MaterialId> touched_by(const Change& change) {
  std::set<MaterialId> touched;
  for (const auto& [material, stock] : change.stock) touched.insert(material);
  for (const Reservation& r : change.reservations) touched.insert(r.material);
  return touched;
}

// Most urgent first; of the equally urgent, who asked first.
std::vector<Task> proposals(const PlantView& view, const std::set<MaterialId>& touched) {
  std::vector<Task> found;
  view.tasks.for_each([&](const TaskId&, const Task& task) {
    const bool counts_on_it =
        std::any_of(task.parts.begin(), task.parts.end(),
                    [&](const PartLine& part) { return touched.count(part.material) != 0; });
    if (task.state == TaskState::kProposed && counts_on_it) found.push_back(task);
    return true;
  });
  std::stable_sort(found.begin(), found.end(), [](const Task& a, const Task& b) {
    return std::tie(a.priority, a.proposed_at, a.id) < std::tie(b.priority, b.proposed_at, b.id);
  });
  return found;
}

// Brings the soft holds of a proposed reservation to what is there; true if one has changed.
bool adjust_holds(Draft& draft, const Task& fresh, bool may_grow) {
  if (fresh.kind != TaskKind::kPartReservation) return false;
  bool changed = false;
  for (const PartLine& part : fresh.parts) {
    const double wanted = std::max(0.0, part.quantity - part.short_by);
    const Reservation* held =
        draft.view().reservations.find(fresh.id.str() + '\n' + part.material.str());
    const double has = held == nullptr ? 0.0 : held->quantity;
    if (wanted == has || (wanted > has && !may_grow)) continue;
    const Instant until =
        held == nullptr ? draft.now() + draft.context().policy.soft_hold : held->until;
    draft.change().reservations.push_back(
        {fresh.id, part.material, wanted,
         wanted > 0.0 ? ReservationState::kSoft : ReservationState::kReleased, until});
    changed = true;
  }
  return changed;
}

void revise(Draft& draft, Task fresh) {
  fresh.revision = fresh.revision.next();
  std::string detail = "Stock has changed:";
  for (const PartLine& part : fresh.parts) {
    detail += ' ' + part.material.str() +
              (part.short_by > 0.0 ? " cannot be covered." : " can be covered.");
  }
  draft.audit("task.revised", fresh, "stock", detail);
  draft.publish(std::move(fresh), "revised");
}

void add(Change more, Change& to) {
  for (Task& task : more.tasks) {
    const auto known = std::find_if(to.tasks.begin(), to.tasks.end(),
                                    [&](const Task& t) { return t.id == task.id; });
    if (known != to.tasks.end()) {
      *known = std::move(task);
    } else {
      to.tasks.push_back(std::move(task));
    }
  }
  const auto append = [](auto& from, auto& into) {
    into.insert(into.end(), std::make_move_iterator(from.begin()),
                std::make_move_iterator(from.end()));
  };
  append(more.reservations, to.reservations);
  append(more.audit, to.audit);
  append(more.effects, to.effects);
}

}  // namespace

void replan(const PlantView& view, const Context& context, Instant now, Change& change) {
  const std::set<MaterialId> touched = touched_by(change);
  if (touched.empty()) return;
  PlantView after = view;
  apply(change, after);
  std::vector<Task> tasks = proposals(after, touched);
  const auto settle_one = [&](const Task& task, bool may_grow) {
    Draft draft(after, context, now);
    Task fresh = task;
    const bool changed = plan_work(draft, fresh);
    (void)adjust_holds(draft, fresh, may_grow);
    if (changed && may_grow) revise(draft, std::move(fresh));
    Change more = draft.take();
    apply(more, after);
    add(std::move(more), change);
  };
  for (auto it = tasks.rbegin(); it != tasks.rend(); ++it) settle_one(*it, false);
  for (const Task& task : tasks) settle_one(task, true);
}

}  // namespace millwright::workflow
