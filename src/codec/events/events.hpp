#pragma once
// The rows of the catalogue, a family a file, and short words to write them. Constant data.

#include <span>
#include <string_view>

#include "millwright/domain/event_type.hpp"

namespace millwright::codec {

enum class Need { kOptional, kRequired };
inline constexpr Need kRequired = Need::kRequired;

constexpr FieldSpec field(std::string_view name, FieldKind kind, std::string_view unit, Need need) {
  return FieldSpec{name, kind, unit, need == kRequired};
}
constexpr FieldSpec text(std::string_view name, Need need = Need::kOptional) {
  return field(name, FieldKind::kText, "", need);
}
// A bare number whose unit, if any, is fixed by definition.
constexpr FieldSpec number(std::string_view name, std::string_view unit = "",
                           Need need = Need::kOptional) {
  return field(name, FieldKind::kNumber, unit, need);
}
constexpr FieldSpec quantity(std::string_view name, std::string_view unit,
                             Need need = Need::kOptional) {
  return field(name, FieldKind::kQuantity, unit, need);
}
// A quantity in whatever unit its signal or material has; brought to that kind's canonical unit.
constexpr FieldSpec any_quantity(std::string_view name, Need need = Need::kOptional) {
  return field(name, FieldKind::kQuantity, "", need);
}
constexpr FieldSpec money(std::string_view name, Need need = Need::kOptional) {
  return field(name, FieldKind::kMoney, "", need);
}
constexpr FieldSpec flag(std::string_view name, Need need = Need::kOptional) {
  return field(name, FieldKind::kBool, "", need);
}
constexpr FieldSpec instant(std::string_view name, Need need = Need::kOptional) {
  return field(name, FieldKind::kTime, "", need);
}
constexpr FieldSpec texts(std::string_view name, Need need = Need::kOptional) {
  return field(name, FieldKind::kTextList, "", need);
}
constexpr FieldSpec numbers(std::string_view name, Need need = Need::kOptional) {
  return field(name, FieldKind::kNumberList, "", need);
}
constexpr FieldSpec records(std::string_view name, Need need = Need::kOptional) {
  return field(name, FieldKind::kRecordList, "", need);
}

[[nodiscard]] std::span<const EventType> erp_events();
[[nodiscard]] std::span<const EventType> mes_events();
[[nodiscard]] std::span<const EventType> iot_events();
[[nodiscard]] std::span<const EventType> wms_events();
[[nodiscard]] std::span<const EventType> cmms_events();
[[nodiscard]] std::span<const EventType> plm_events();
[[nodiscard]] std::span<const EventType> qms_events();
[[nodiscard]] std::span<const EventType> supplier_events();
[[nodiscard]] std::span<const EventType> energy_events();

}  // namespace millwright::codec
