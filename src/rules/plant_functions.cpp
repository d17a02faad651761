#include "rules/plant_functions.hpp"

#include "millwright/base/check.hpp"

namespace millwright::rules {
namespace {

using cel::Context;
using cel::ErrorCode;
using cel::Value;
using Arguments = std::span<const Value>;

const PlantHost* host_of(Context& context) {
  return static_cast<const PlantHost*>(context.arena().host());
}

Value nobody_to_ask() {
  return Value::error(ErrorCode::kInvalidArgument, "there is no plant to ask here");
}

Value available(Context& context, Arguments args) {
  const PlantHost* host = host_of(context);
  if (host == nullptr) return nobody_to_ask();
  const MaterialId id{args[1].as_text()};
  if (const Supply* supply = host->view.supply.find(id)) return Value::number(supply->available);
  if (host->plant != nullptr && host->plant->materials.count(id) != 0) return Value::number(0.0);
  return Value::error(ErrorCode::kInvalidArgument,
                      "no such material, in the master data or the warehouse");
}

const OpenWork* work_of(const PlantHost& host, const Value& asset) {
  return host.view.work.find(AssetId(asset.as_text()));
}

Value open_tasks(Context& context, Arguments args) {
  const PlantHost* host = host_of(context);
  if (host == nullptr) return nobody_to_ask();
  const OpenWork* work = work_of(*host, args[1]);
  return Value::integer(work == nullptr ? 0 : work->tasks);
}

Value open_cases(Context& context, Arguments args) {
  const PlantHost* host = host_of(context);
  if (host == nullptr) return nobody_to_ask();
  const OpenWork* work = work_of(*host, args[1]);
  return Value::integer(work == nullptr ? 0 : work->cases);
}

Value newest_case(Context& context, Arguments args) {
  const PlantHost* host = host_of(context);
  if (host == nullptr) return nobody_to_ask();
  const OpenWork* work = work_of(*host, args[1]);
  return Value::string(work == nullptr ? std::string_view() : std::string_view(work->newest.str()));
}

Value order(Context& context, Arguments args) {
  const PlantHost* host = host_of(context);
  if (host == nullptr || host->plant == nullptr) return nobody_to_ask();
  const auto asset = host->plant->assets.find(AssetId(args[1].as_text()));
  if (asset == host->plant->assets.end()) return Value::string("");
  const EquipmentState* state = host->view.equipment.find(asset->second.gate.work_unit);
  return Value::string(state == nullptr ? std::string_view() : std::string_view(state->order));
}

Value repaired(Context& context, Arguments args) {
  const PlantHost* host = host_of(context);
  if (host == nullptr) return nobody_to_ask();
  const ServiceState* service = host->view.service.find(AssetId(args[1].as_text()));
  return Value::boolean(service != nullptr && service->restarted.is_set());
}

Value last_repair(Context& context, Arguments args) {
  const PlantHost* host = host_of(context);
  if (host == nullptr) return nobody_to_ask();
  const ServiceState* service = host->view.service.find(AssetId(args[1].as_text()));
  if (service == nullptr || !service->restarted.is_set()) {
    return Value::error(ErrorCode::kInvalidArgument,
                        "no repair of it is known; ask first: plant.repaired(asset.id)");
  }
  return Value::timestamp(service->restarted);
}

struct Row {
  const char* name;
  cel::TypeKind result;
  cel::FunctionBody body;
  const char* doc;
};

constexpr Row kRows[] = {
    {"available", cel::TypeKind::kDouble, available,
     "of a material: on hand less blocked, less reserved by anybody"},
    {"open_tasks", cel::TypeKind::kInt, open_tasks,
     "tasks of the asset whose work is not done or given up"},
    {"open_cases", cel::TypeKind::kInt, open_cases, "cases of the asset that are open"},
    {"newest_case", cel::TypeKind::kString, newest_case,
     "failure mode of the asset's newest case, open or closed; empty if there was none"},
    {"order", cel::TypeKind::kString, order,
     "the production order at the asset's work unit, as MES says; empty if none"},
    {"repaired", cel::TypeKind::kBool, repaired, "a completed repair of the asset is known"},
    {"last_repair", cel::TypeKind::kTimestamp, last_repair, "when that was"},
};

std::vector<cel::FunctionSpec> build() {
  std::vector<cel::FunctionSpec> out;
  for (const Row& row : kRows) {
    cel::FunctionSpec spec;
    spec.name = row.name;
    spec.member = true;
    spec.params = {cel::TypeKind::kInt, cel::TypeKind::kString};
    spec.result = row.result;
    spec.body = row.body;
    spec.doc = row.doc;
    out.push_back(std::move(spec));
  }
  return out;
}

}  // namespace

const std::vector<cel::FunctionSpec>& plant_functions() {
  static const std::vector<cel::FunctionSpec> kFunctions = build();
  return kFunctions;
}

}  // namespace millwright::rules
