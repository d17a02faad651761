#include "store/plant_rows.hpp"

#include <algorithm>
#include <limits>

#include "millwright/codec/records.hpp"

namespace millwright::store {
namespace {

constexpr int kEquipment = 0;
constexpr int kService = 1;
constexpr int kWork = 2;
constexpr int kSupply = 3;
constexpr int kSupplier = 4;
// Final tasks and closed cases stay in the view for this long.
constexpr Duration kStay = days(1);

// Sorts as text like the numbers it stands for.
std::string sortable(std::int64_t number) {
  const std::uint64_t shifted = std::uint64_t(number) ^ (std::uint64_t(1) << 63);
  std::string out(16, '0');
  for (int i = 0; i < 16; ++i) {
    out[std::size_t(i)] = "0123456789abcdef"[(shifted >> (60 - 4 * i)) & 15];
  }
  return out;
}

std::string words_of(const Task& task) {
  std::string out = task.title;
  const auto add = [&](const std::string& text) {
    if (!text.empty()) out += '\n' + text;
  };
  add(task.asset.str());
  add(task.asset_path);
  add(task.cause);
  add(task.symptom);
  add(task.external_number);
  for (const PartLine& part : task.parts) {
    add(part.material.str());
    add(part.name);
  }
  return out;
}

Result<void> apply_view_row(LaneView& lane, std::int64_t kind, std::string id,
                            std::string_view json) {
  if (kind == kEquipment) {
    auto state = codec::equipment_from_json(json);
    if (!state) return std::move(state).error();
    lane.equipment.set(WorkUnitId(std::move(id)), *std::move(state));
    return {};
  }
  if (kind == kWork) {
    auto work = codec::work_from_json(json);
    if (!work) return std::move(work).error();
    lane.work.set(AssetId(std::move(id)), *std::move(work));
    return {};
  }
  if (kind == kSupply) {
    auto supply = codec::supply_from_json(json);
    if (!supply) return std::move(supply).error();
    lane.supply.set(MaterialId(std::move(id)), *supply);
    return {};
  }
  if (kind == kSupplier) {
    auto record = codec::supplier_from_json(json);
    if (!record) return std::move(record).error();
    lane.suppliers.set(SupplierId(std::move(id)), *record);
    return {};
  }
  auto state = codec::service_from_json(json);
  if (!state) return std::move(state).error();
  lane.service.set(AssetId(std::move(id)), *std::move(state));
  return {};
}

}  // namespace

std::string urgency_key(const Task& task) {
  const std::int64_t by =
      task.decide_by.has_value() ? task.decide_by->ns() : std::numeric_limits<std::int64_t>::max();
  return std::to_string(int(task.priority)) + sortable(by) + sortable(task.proposed_at.ns()) +
         task.id.str();
}

std::string change_key(const Task& task) {
  return sortable(~task.changed_at.ns()) + task.id.str();
}

PlantRows::PlantRows(Db& db)
    // Most upserts bring further evidence only: no index but that of the change is touched then.
    : touch_task_(db,
                  "UPDATE task SET json = ?1, change = ?2 WHERE id = ?3 AND state = ?4"
                  " AND kind = ?5 AND asset = ?6 AND case_id = ?7 AND urgency = ?8 AND words = ?9"),
      find_task_(db, "SELECT row, words FROM task WHERE id = ?"),
      put_task_(db,
                "INSERT INTO task(id, state, kind, priority, asset, case_id, urgency, change,"
                " final_at, words, json) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                " ON CONFLICT(id) DO UPDATE SET state = excluded.state, kind = excluded.kind,"
                " priority = excluded.priority, asset = excluded.asset,"
                " case_id = excluded.case_id, urgency = excluded.urgency,"
                " change = excluded.change, words = excluded.words, json = excluded.json,"
                " final_at = CASE WHEN excluded.final_at IS NULL THEN NULL"
                " ELSE coalesce(final_at, excluded.final_at) END RETURNING row"),
      unindex_words_(db, "INSERT INTO task_words(task_words, rowid, words) VALUES('delete', ?, ?)"),
      index_words_(db, "INSERT INTO task_words(rowid, words) VALUES(?, ?)"),
      put_case_(db,
                "INSERT INTO work_case(id, closed, json) VALUES(?, ?, ?) ON CONFLICT DO UPDATE SET"
                " json = excluded.json, closed = CASE WHEN excluded.closed IS NULL THEN NULL"
                " ELSE coalesce(closed, excluded.closed) END"),
      put_reservation_(db,
                       "INSERT INTO reservation(task, material, held, json) VALUES(?, ?, ?, ?)"
                       " ON CONFLICT DO UPDATE SET held = excluded.held, json = excluded.json"),
      put_stock_(db,
                 "INSERT INTO stock(material, json) VALUES(?, ?)"
                 " ON CONFLICT DO UPDATE SET json = excluded.json"),
      put_bundle_(db,
                  "INSERT INTO rule_bundle(hash, json) VALUES(?, ?)"
                  " ON CONFLICT DO UPDATE SET json = excluded.json"),
      put_decision_(db,
                    "INSERT INTO decision(id, part, position, json, series) VALUES(?, ?, ?, ?, ?)"
                    " ON CONFLICT(id) DO NOTHING"),
      put_view_(db,
                "INSERT INTO view_change(kind, id, number, json) VALUES(?, ?, ?, ?)"
                " ON CONFLICT DO UPDATE SET json = excluded.json"),
      open_tasks_(db, "SELECT json FROM task WHERE final_at IS NULL"),
      recent_tasks_(db, "SELECT json FROM task WHERE final_at > ?"),
      open_cases_(db, "SELECT json FROM work_case WHERE closed IS NULL"),
      recent_cases_(db, "SELECT json FROM work_case WHERE closed > ?"),
      held_(db, "SELECT json FROM reservation WHERE held = 1"),
      stock_(db, "SELECT material, json FROM stock"),
      bundles_(db, "SELECT json FROM rule_bundle"),
      view_at_(db,
               "SELECT kind, id, max(number), json FROM view_change WHERE number <= ?"
               " GROUP BY kind, id"),
      views_between_(db,
                     "SELECT number, kind, id, json FROM view_change"
                     " WHERE number > ? AND number <= ? ORDER BY number"),
      decisions_(db,
                 "SELECT json, position FROM decision WHERE part = ? AND position >= ?"
                 " ORDER BY seq"),
      thin_views_(db,
                  "DELETE FROM view_change AS v WHERE (kind, id, number) IN (SELECT kind, id,"
                  " number FROM view_change AS o WHERE number < ?1 AND EXISTS(SELECT 1 FROM"
                  " view_change AS n WHERE n.kind = o.kind AND n.id = o.id"
                  " AND n.number > o.number AND n.number <= ?1) LIMIT ?2)") {}

void PlantRows::put_task(const Task& task, Instant at) {
  const std::string json = codec::to_json(task);
  const std::string urgency = urgency_key(task);
  const std::string change = change_key(task);
  const std::string words = words_of(task);
  const std::string_view state = to_text(task.state);
  const std::string_view kind = to_text(task.kind);
  {
    Rows rows = touch_task_.query(json, change, task.id.str(), state, kind, task.asset.str(),
                                  task.case_id.str(), urgency, words);
    rows.next();
    if (touch_task_.changes() > 0) return;
  }
  std::optional<std::int64_t> old_row;
  std::string old_words;
  {
    Rows rows = find_task_.query(task.id.str());
    if (rows.next()) {
      old_row = rows.number(0);
      old_words = rows.text(1);
    }
  }
  if (old_row.has_value() && old_words != words) unindex_words_.run(*old_row, old_words);
  std::optional<std::int64_t> final_at;
  if (is_final(task.state)) final_at = at.ns();
  std::int64_t row = 0;
  {
    Rows rows = put_task_.query(task.id.str(), state, kind, int(task.priority), task.asset.str(),
                                task.case_id.str(), urgency, change, final_at, words, json);
    while (rows.next()) row = rows.number(0);
  }
  if (!old_row.has_value() || old_words != words) index_words_.run(row, words);
}

void PlantRows::put_case(const Case& c, Instant at) {
  std::optional<std::int64_t> closed;
  if (c.state == CaseState::kClosed) closed = at.ns();
  put_case_.run(c.id.str(), closed, codec::to_json(c));
}

void PlantRows::put_reservation(const Reservation& r) {
  const bool held = r.state == ReservationState::kSoft || r.state == ReservationState::kHard;
  put_reservation_.run(r.task.str(), r.material.str(), held ? 1 : 0, codec::to_json(r));
}

void PlantRows::put_stock(const MaterialId& id, const Stock& stock) {
  put_stock_.run(id.str(), codec::to_json(stock));
}

void PlantRows::put_bundle(const RuleBundle& bundle) {
  put_bundle_.run(bundle.hash, codec::to_json(bundle));
}

void PlantRows::put_decision(const Decision& decision, std::optional<std::int64_t> part) {
  const std::string series = codec::pack_series(decision.series);
  put_decision_.run(decision.id.str(), part, decision.evidence.position.offset.get(),
                    codec::to_json_without_series(decision), Blob{series});
}

void PlantRows::put_equipment(const WorkUnitId& id, const EquipmentState& state,
                              std::int64_t number) {
  put_view_.run(kEquipment, id.str(), number, codec::to_json(state));
}

void PlantRows::put_work(const AssetId& id, const OpenWork& work, std::int64_t number) {
  put_view_.run(kWork, id.str(), number, codec::to_json(work));
}

void PlantRows::put_supplier(const SupplierId& id, const SupplierRecord& record,
                             std::int64_t number) {
  put_view_.run(kSupplier, id.str(), number, codec::to_json(record));
}

void PlantRows::put_supply(const MaterialId& id, const Supply& supply, std::int64_t number) {
  put_view_.run(kSupply, id.str(), number, codec::to_json(supply));
}

void PlantRows::put_service(const AssetId& id, const ServiceState& state, std::int64_t number) {
  put_view_.run(kService, id.str(), number, codec::to_json(state));
}

Result<void> PlantRows::load_lane(LaneView& lane, std::int64_t number) {
  lane.number = ViewNumber(number);
  Rows rows = view_at_.query(number);
  while (rows.next()) MW_TRY(apply_view_row(lane, rows.number(0), rows.text(1), rows.bytes(3)));
  return {};
}

Result<void> PlantRows::load_tasks_and_cases(PlantView& view, Instant at) {
  for (Statement* statement : {&open_tasks_, &recent_tasks_}) {
    Rows rows =
        statement == &open_tasks_ ? statement->query() : statement->query((at - kStay).ns());
    while (rows.next()) {
      auto task = codec::task_from_json(rows.bytes(0));
      if (!task) return std::move(task).error();
      const TaskId id = task->id;
      view.tasks.set(id, *std::move(task));
    }
  }
  std::vector<Case> cases;
  for (Statement* statement : {&open_cases_, &recent_cases_}) {
    Rows rows =
        statement == &open_cases_ ? statement->query() : statement->query((at - kStay).ns());
    while (rows.next()) {
      auto c = codec::case_from_json(rows.bytes(0));
      if (!c) return std::move(c).error();
      cases.push_back(*std::move(c));
    }
  }
  // The newest of one entity and failure mode is the one that was opened last.
  std::sort(cases.begin(), cases.end(), [](const Case& a, const Case& b) {
    return std::tie(a.opened_at, a.id) < std::tie(b.opened_at, b.id);
  });
  for (const Case& c : cases) {
    view.cases.set(c.id, c);
    view.case_of.set(c.entity + '\n' + c.mode.str(), c.id);
  }
  return {};
}

Result<PlantView> PlantRows::load_view(std::int64_t number, Instant at) {
  PlantView view;
  MW_TRY(load_lane(view.lane, number));
  MW_TRY(load_tasks_and_cases(view, at));
  {
    Rows rows = stock_.query();
    while (rows.next()) {
      auto stock = codec::stock_from_json(rows.bytes(1));
      if (!stock) return std::move(stock).error();
      view.stock.set(MaterialId(rows.text(0)), *stock);
    }
  }
  {
    Rows rows = bundles_.query();
    while (rows.next()) {
      auto bundle = codec::bundle_from_json(rows.bytes(0));
      if (!bundle) return std::move(bundle).error();
      view.bundles.set(bundle->hash, *bundle);
    }
  }
  Rows rows = held_.query();
  while (rows.next()) {
    auto r = codec::reservation_from_json(rows.bytes(0));
    if (!r) return std::move(r).error();
    const std::string key = r->task.str() + '\n' + r->material.str();
    view.reservations.set(key, *std::move(r));
  }
  return view;
}

Result<std::vector<LaneView>> PlantRows::lane_views(const std::vector<ViewNumber>& numbers) {
  std::vector<LaneView> out;
  if (numbers.empty()) return out;
  out.reserve(numbers.size());
  LaneView lane;
  MW_TRY(load_lane(lane, numbers.front().get()));
  const auto keep_before = [&](std::int64_t number) {
    while (out.size() < numbers.size() && numbers[out.size()].get() < number) {
      lane.number = numbers[out.size()];
      out.push_back(lane);
    }
  };
  Rows rows = views_between_.query(numbers.front().get(), numbers.back().get());
  while (rows.next()) {
    keep_before(rows.number(0));
    MW_TRY(apply_view_row(lane, rows.number(1), rows.text(2), rows.bytes(3)));
  }
  keep_before(numbers.back().get() + 1);
  return out;
}

Result<std::vector<std::pair<Decision, Offset>>> PlantRows::decisions_from(std::int64_t part,
                                                                           Offset from) {
  std::vector<std::pair<Decision, Offset>> out;
  Rows rows = decisions_.query(part, from.get());
  while (rows.next()) {
    auto decision = codec::decision_from_json(rows.bytes(0));
    if (!decision) return std::move(decision).error();
    out.emplace_back(*std::move(decision), Offset(rows.number(1)));
  }
  return out;
}

void PlantRows::thin_views(std::int64_t floor, std::size_t limit) {
  thin_views_.run(floor, std::int64_t(limit));
}

}  // namespace millwright::store
