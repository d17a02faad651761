#include "pipeline/event_use.hpp"

namespace millwright::pipeline {
namespace {

constexpr std::array<std::string_view, std::size_t(Slot::kCount) - 1> kNames{
    "assetId",  "tag",   "value", "quality",  "historical",  "point",  "axis", "vRms",
    "kurtosis", "bands", "rpm",   "sensorId", "oldSensorId", "change", "scale"};

}  // namespace

const std::vector<UseRow>& use_table() {
  static const std::vector<UseRow> kTable{
      {"iot.measurement.sampled", Use::kMeasurement, ""},
      {"iot.vibration.features", Use::kVibration, ""},
      {"iot.sensor.lifecycle", Use::kSensorLifecycle, ""},
      {"mes.equipment.statechanged", Use::kFact, "workUnitId"},
      {"cmms.workorder.statuschanged", Use::kFact, "woId"},
      {"wms.stock.changed", Use::kFact, ""},
      {"erp.goodsmovement.posted", Use::kFact, ""},
      {"erp.masterdata.changed", Use::kFact, ""},
      {"supplier.order.confirmed", Use::kFact, ""},
      {"supplier.risk.changed", Use::kFact, ""},
  };
  return kTable;
}

const FieldValue& TypeUse::at(const Event& event, Slot slot) const {
  static const FieldValue kAbsent;
  const std::int16_t i = place[std::size_t(slot)];
  return i < 0 || std::size_t(i) >= event.fields.size() ? kAbsent : event.fields[std::size_t(i)];
}

std::string_view TypeUse::text(const Event& event, Slot slot) const {
  const auto* found = std::get_if<std::string>(&at(event, slot).value);
  return found != nullptr ? std::string_view(*found) : std::string_view();
}

double TypeUse::number(const Event& event, Slot slot, double fallback) const {
  const FieldValue& field = at(event, slot);
  if (const auto* quantity = std::get_if<Quantity>(&field.value)) return quantity->value;
  const auto* plain = std::get_if<double>(&field.value);
  return plain != nullptr ? *plain : fallback;
}

bool TypeUse::flag(const Event& event, Slot slot) const {
  const auto* found = std::get_if<bool>(&at(event, slot).value);
  return found != nullptr && *found;
}

const TypeUse& TypeUses::of(const EventType& type) {
  for (const auto& known : known_) {
    if (known->type == &type) return *known;
  }
  auto use = std::make_unique<TypeUse>();
  use->type = &type;
  use->listened = rules_ != nullptr && rules_->listens(type.name);
  use->watched = rules_ != nullptr && rules_->watches(type.name);
  std::string_view ordered_by;
  for (const UseRow& row : use_table()) {
    if (row.type != type.name) continue;
    use->use = row.use;
    use->ordered = !row.ordered_by.empty();
    ordered_by = row.ordered_by;
  }
  const auto place = [&](std::string_view name) {
    const auto index = type.index_of(name);
    return index ? std::int16_t(*index) : std::int16_t(-1);
  };
  for (std::size_t i = 0; i < kNames.size(); ++i) use->place[i] = place(kNames[i]);
  use->place[std::size_t(Slot::kOrderedBy)] = place(ordered_by);
  known_.push_back(std::move(use));
  return *known_.back();
}

}  // namespace millwright::pipeline
