#include "millwright/codec/catalog.hpp"

#include <utility>
#include <vector>

#include "codec/events/events.hpp"
#include "codec/units.hpp"

namespace millwright::codec {
namespace {

// A new family is a row here; a new type is a row in its family's file.
constexpr std::span<const EventType> (*kFamilies[])() = {
    erp_events, mes_events, iot_events,      wms_events,    cmms_events,
    plm_events, qms_events, supplier_events, energy_events,
};

// The version at the end of ".v12", or -1 if there is none; `name` loses the suffix.
int take_version(std::string_view& name) {
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || name.size() < dot + 3 || name[dot + 1] != 'v') return -1;
  int version = 0;
  for (const char c : name.substr(dot + 2)) {
    if (c < '0' || c > '9' || version > 9'999) return -1;
    version = version * 10 + (c - '0');
  }
  name = name.substr(0, dot);
  return version;
}

// True if `full` is `name`, or ends in it behind a dot.
bool names(std::string_view full, std::string_view name) {
  if (!full.ends_with(name)) return false;
  return full.size() == name.size() ||
         (full.size() > name.size() + 1 && full[full.size() - name.size() - 1] == '.');
}

}  // namespace

std::span<const EventType> event_types() {
  static const std::vector<EventType> kAll = [] {
    std::vector<EventType> all;
    for (const auto family : kFamilies) {
      const auto rows = family();
      all.insert(all.end(), rows.begin(), rows.end());
    }
    return all;
  }();
  return kAll;
}

const EventType* find_event_type(std::string_view ce_type) {
  std::string_view name = ce_type;
  const int version = take_version(name);
  for (const EventType& type : event_types()) {
    if (names(name, type.name) && (version < 0 || version == type.version)) return &type;
  }
  return nullptr;
}

std::string_view canonical_unit(std::string_view unit) {
  const UnitLookup found = find_unit(unit, "");
  return found.row == nullptr ? std::string_view() : found.row->canonical;
}

std::string_view printed_unit(std::string_view canonical) {
  constexpr std::pair<std::string_view, std::string_view> kPrinted[] = {
      {"Cel", "°C"},   {"m/s2", "m/s²"}, {"m3/h", "m³/h"},    {"r/min", "rpm"},
      {"kW.h", "kWh"}, {"kV.A", "kVA"},  {"kvar.h", "kvarh"},
  };
  for (const auto& [code, print] : kPrinted) {
    if (code == canonical) return print;
  }
  return canonical;
}

std::string_view to_text(SourceFamily family) {
  constexpr std::string_view kNames[] = {"erp", "mes", "iot",      "wms",   "cmms",
                                         "plm", "qms", "supplier", "energy"};
  return kNames[std::size_t(family)];
}

std::string_view to_text(FieldKind kind) {
  constexpr std::string_view kNames[] = {"text", "number",    "quantity",    "money",      "bool",
                                         "time", "text list", "number list", "record list"};
  return kNames[std::size_t(kind)];
}

}  // namespace millwright::codec
