#pragma once
// What an event type looks like: one constant row for each type, in codec/catalog.cpp.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "millwright/base/time.hpp"

namespace millwright {

enum class FieldKind : std::uint8_t {
  kText,      // a string; enumerations too (unknown values are kept)
  kNumber,    // a bare number; its unit, if any, is the field's definition (rpm: r/min)
  kQuantity,  // {value, unit}, or a bare number with a `unit` or `uom` beside it; converted
  kMoney,     // {value, currency}, or a bare number with `currency` beside it
  kBool,
  kTime,  // RFC 3339 time, or a date (its midnight UTC)
  kTextList,
  kNumberList,
  kRecordList,  // list of objects, kept whole
};

struct FieldSpec {
  std::string_view name;
  FieldKind kind = FieldKind::kText;
  std::string_view unit;  // canonical unit: UCUM for physics, UN/ECE Rec 20 for business; "" = none
  bool required = false;
};

enum class SourceFamily : std::uint8_t {
  kErp,
  kMes,
  kIot,
  kWms,
  kCmms,
  kPlm,
  kQms,
  kSupplier,
  kEnergy
};

struct EventType {
  std::string_view name;  // without the reverse-DNS prefix and the version: iot.vibration.features
  int version = 1;
  SourceFamily family = SourceFamily::kErp;
  std::string_view key_field;  // the entity whose order matters; the Kafka record key
  std::string_view doc;        // one line for docs and error texts
  std::span<const FieldSpec> fields;

  [[nodiscard]] std::optional<std::size_t> index_of(std::string_view field) const {
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (fields[i].name == field) return i;
    }
    return std::nullopt;
  }
};

// Transactions are deduplicated for 14 days, telemetry only within its lateness budget.
[[nodiscard]] constexpr bool is_telemetry(SourceFamily family) {
  return family == SourceFamily::kIot || family == SourceFamily::kEnergy;
}

// How late an event may be, against its source's plant clock.
[[nodiscard]] constexpr Duration lateness_budget(SourceFamily family) {
  if (is_telemetry(family)) return minutes(10);
  return family == SourceFamily::kMes ? hours(1) : hours(24);
}

// How long ids are remembered for deduplication.
[[nodiscard]] constexpr Duration dedupe_horizon(SourceFamily family) {
  return is_telemetry(family) ? lateness_budget(family) : days(14);
}

}  // namespace millwright
