#include "rules/plant_functions.hpp"

#include <array>
#include <bit>
#include <utility>

namespace millwright::rules {
namespace {

using cel::Context;
using cel::ErrorCode;
using cel::TypeKind;
using cel::Value;
using Arguments = std::span<const Value>;

Value cannot(const char* why) {
  return Value::error(ErrorCode::kInvalidArgument, why);
}

Value no_plant() {
  return cannot("there is no plant to ask here");
}

Value no_repair() {
  return cannot("no repair of it is known; ask first: plant.repaired(asset.id)");
}

Value available(const PlantHost& host, std::string_view material) {
  const MaterialId id{material};
  if (const Supply* supply = host.view.supply.find(id)) return Value::number(supply->available);
  if (host.plant != nullptr && host.plant->materials.count(id) != 0) return Value::number(0.0);
  return cannot("no such material, in the master data or the warehouse");
}

Value open_tasks(const PlantHost& host, std::string_view asset) {
  const OpenWork* work = host.view.work.find(AssetId(asset));
  return Value::integer(work == nullptr ? 0 : work->tasks);
}

Value open_cases(const PlantHost& host, std::string_view asset) {
  const OpenWork* work = host.view.work.find(AssetId(asset));
  return Value::integer(work == nullptr ? 0 : work->cases);
}

Value newest_case(const PlantHost& host, std::string_view asset) {
  const OpenWork* work = host.view.work.find(AssetId(asset));
  return Value::string(work == nullptr ? std::string_view() : std::string_view(work->newest.str()));
}

Value order(const PlantHost& host, std::string_view asset) {
  if (host.plant == nullptr) return no_plant();
  const auto found = host.plant->assets.find(AssetId(asset));
  if (found == host.plant->assets.end()) return Value::string("");
  const EquipmentState* state = host.view.equipment.find(found->second.gate.work_unit);
  return Value::string(state == nullptr ? std::string_view() : std::string_view(state->order));
}

Value repaired(const PlantHost& host, std::string_view asset) {
  const ServiceState* service = host.view.service.find(AssetId(asset));
  return Value::boolean(service != nullptr && service->restarted.is_set());
}

Value last_repair(const PlantHost& host, std::string_view asset) {
  const ServiceState* service = host.view.service.find(AssetId(asset));
  if (service == nullptr || !service->restarted.is_set()) return no_repair();
  return Value::timestamp(service->restarted);
}

Value promises(const PlantHost& host, std::string_view supplier) {
  const SupplierRecord* record = host.view.suppliers.find(SupplierId(supplier));
  return Value::integer(record == nullptr ? 0 : record->promises);
}

Value moved_promises(const PlantHost& host, std::string_view supplier) {
  const SupplierRecord* record = host.view.suppliers.find(SupplierId(supplier));
  return Value::integer(record == nullptr ? 0 : std::popcount(std::uint64_t(record->moved)));
}

Value supplier_risk(const PlantHost& host, std::string_view supplier) {
  const SupplierRecord* record = host.view.suppliers.find(SupplierId(supplier));
  return Value::number(record == nullptr ? 0.0 : record->risk);
}

struct Row {
  const char* name;
  TypeKind result;
  Value (*ask)(const PlantHost& host, std::string_view of);
  const char* doc;
};

constexpr std::array kRows = {
    Row{"available", TypeKind::kDouble, available,
        "of a material: on hand less blocked, less reserved by anybody"},
    Row{"open_tasks", TypeKind::kInt, open_tasks,
        "tasks of the asset whose work is not done or given up"},
    Row{"open_cases", TypeKind::kInt, open_cases, "cases of the asset that are open"},
    Row{"newest_case", TypeKind::kString, newest_case,
        "failure mode of the asset's newest case, open or closed; empty if there was none"},
    Row{"order", TypeKind::kString, order,
        "the production order at the asset's work unit, as MES says; empty if none"},
    Row{"repaired", TypeKind::kBool, repaired, "a completed repair of the asset is known"},
    Row{"last_repair", TypeKind::kTimestamp, last_repair, "when that was"},
    Row{"promises", TypeKind::kInt, promises,
        "confirmations of the supplier's dates, the newest 32 at most"},
    Row{"moved_promises", TypeKind::kInt, moved_promises,
        "how many of these moved an earlier date"},
    Row{"supplier_risk", TypeKind::kDouble, supplier_risk,
        "newest risk score told of the supplier, 0 to 1; 0 if none was"},
};

const Value* find(const PlantAnswers& given, std::string_view name, std::string_view of) {
  const auto answers = given.find(name);
  if (answers == given.end()) return nullptr;
  const auto exactly = answers->second.find(of);
  if (exactly != answers->second.end()) return &exactly->second;
  const auto otherwise = answers->second.find(std::string_view());
  return otherwise == answers->second.end() ? nullptr : &otherwise->second;
}

Value given_answer(const PlantAnswers& given, const Row& row, std::string_view of) {
  if (const Value* answer = find(given, row.name, of)) return *answer;
  switch (row.result) {
    case TypeKind::kDouble:
      return Value::number(0.0);
    case TypeKind::kInt:
      return Value::integer(0);
    case TypeKind::kBool:  // whoever says when it was repaired says that it was
      return Value::boolean(find(given, "last_repair", of) != nullptr);
    case TypeKind::kTimestamp:
      return no_repair();
    default:
      return Value::string("");
  }
}

template <std::size_t kRow>
Value ask(Context& context, Arguments args) {
  const auto* host = static_cast<const PlantHost*>(context.arena().host());
  if (host == nullptr) return no_plant();
  const std::string_view of = args[1].as_text();
  if (host->given != nullptr) return given_answer(*host->given, kRows[kRow], of);
  return kRows[kRow].ask(*host, of);
}

template <std::size_t... kRow>
std::vector<cel::FunctionSpec> build(std::index_sequence<kRow...>) {
  const std::array<cel::FunctionBody, sizeof...(kRow)> bodies = {ask<kRow>...};
  std::vector<cel::FunctionSpec> out;
  for (std::size_t i = 0; i < kRows.size(); ++i) {
    cel::FunctionSpec spec;
    spec.name = kRows[i].name;
    spec.member = true;
    spec.params = {TypeKind::kInt, TypeKind::kString};
    spec.result = kRows[i].result;
    spec.body = bodies[i];
    spec.doc = kRows[i].doc;
    out.push_back(std::move(spec));
  }
  return out;
}

}  // namespace

const std::vector<cel::FunctionSpec>& plant_functions() {
  static const std::vector<cel::FunctionSpec> kFunctions =
      build(std::make_index_sequence<kRows.size()>());
  return kFunctions;
}

}  // namespace millwright::rules
