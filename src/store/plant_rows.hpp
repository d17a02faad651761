#pragma once
// Plant state as rows: tasks, cases, decisions, reservations, stock, and what lanes read with its
// history. Owned by the store; called by its thread, inside its transactions.

#include <vector>

#include "millwright/domain/intent.hpp"
#include "millwright/domain/view.hpp"
#include "store/db.hpp"

namespace millwright::store {

// Sort keys of the task list: ascending text. By urgency: priority, then what must be decided
// first, then what was proposed first; by change: the newest first. Both end in the id, so that
// they are unique and a page can go on after any of them.
[[nodiscard]] std::string urgency_key(const Task& task);
[[nodiscard]] std::string change_key(const Task& task);

class PlantRows {
 public:
  explicit PlantRows(Db& db);

  void put_task(const Task& task, Instant at);
  void put_case(const Case& c, Instant at);
  void put_reservation(const Reservation& reservation);
  void put_stock(const MaterialId& id, const Stock& stock);
  void put_bundle(const RuleBundle& bundle);
  void put_decision(const Decision& decision, std::optional<std::int64_t> part);
  void put_equipment(const WorkUnitId& id, const EquipmentState& state, std::int64_t number);
  void put_work(const AssetId& id, const OpenWork& work, std::int64_t number);
  void put_supplier(const SupplierId& id, const SupplierRecord& record, std::int64_t number);
  void put_supply(const MaterialId& id, const Supply& supply, std::int64_t number);
  void put_service(const AssetId& id, const ServiceState& state, std::int64_t number);

  // As of the newest commit, made at `at`.
  [[nodiscard]] Result<PlantView> load_view(std::int64_t number, Instant at);
  // Of these numbers, which ascend.
  [[nodiscard]] Result<std::vector<LaneView>> lane_views(const std::vector<ViewNumber>& numbers);
  // Decisions of a partition from this offset on, in the order of their commits.
  [[nodiscard]] Result<std::vector<std::pair<Decision, Offset>>> decisions_from(std::int64_t part,
                                                                                Offset from);
  // Forgets values that no view from `floor` on shows; at most `limit`.
  void thin_views(std::int64_t floor, std::size_t limit);

 private:
  Result<void> load_lane(LaneView& lane, std::int64_t number);
  Result<void> load_tasks_and_cases(PlantView& view, Instant at);

  Statement touch_task_;
  Statement find_task_;
  Statement put_task_;
  Statement unindex_words_;
  Statement index_words_;
  Statement put_case_;
  Statement put_reservation_;
  Statement put_stock_;
  Statement put_bundle_;
  Statement put_decision_;
  Statement put_view_;
  Statement open_tasks_;
  Statement recent_tasks_;
  Statement open_cases_;
  Statement recent_cases_;
  Statement held_;
  Statement stock_;
  Statement bundles_;
  Statement view_at_;
  Statement views_between_;
  Statement decisions_;
  Statement thin_views_;
};

}  // namespace millwright::store
