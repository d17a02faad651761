#pragma once
// Records for tests: both modes, and a minimal or full event of any type, made from the catalogue.

#include <string>
#include <utility>
#include <vector>

#include "millwright/base/json.hpp"
#include "millwright/codec/catalog.hpp"
#include "millwright/codec/decode.hpp"

namespace millwright::codec::test {

inline constexpr Instant kIngested{1'772'432'000'000'000'000};

inline RawRecord structured(std::string_view json) {
  RawRecord record;
  record.position = {{"iot.telemetry", 3}, Offset(17)};
  record.value = json;
  record.headers = {{"content-type", "application/cloudevents+json; charset=UTF-8"}};
  return record;
}

inline RawRecord binary(std::string_view type, std::string_view data) {
  RawRecord record;
  record.position = {{"iot.telemetry", 3}, Offset(18)};
  record.value = data;
  record.headers = {{"content-type", "application/json"},
                    {"ce_specversion", "1.0"},
                    {"ce_id", "e-1"},
                    {"ce_source", "/lyon/test"},
                    {"ce_type", std::string(type)},
                    {"ce_time", "2026-03-02T06:10:00Z"}};
  return record;
}

inline void write_sample(const FieldSpec& spec, JsonWriter& out) {
  const std::string name(spec.name);
  switch (spec.kind) {
    case FieldKind::kText:
      return out.value(spec.name == "unit" ? "mL" : name + "-1");
    case FieldKind::kNumber:
      return out.value(12.5);
    case FieldKind::kQuantity:
      out.begin_object();
      out.field("value", 3.25);
      out.field("unit", spec.unit.empty() ? std::string("C62") : std::string(spec.unit));
      return out.end_object();
    case FieldKind::kMoney:
      out.begin_object();
      out.field("value", 99.5);
      out.field("currency", "EUR");
      return out.end_object();
    case FieldKind::kBool:
      return out.value(true);
    case FieldKind::kTime:
      return out.value("2026-03-04");
    case FieldKind::kTextList:
      return out.raw(R"(["a","b"])");
    case FieldKind::kNumberList:
      return out.raw("[1,2.5]");
    case FieldKind::kRecordList:
      return out.raw(R"([{"name":"x","amp":1.5}])");
  }
}

// Data of a minimal (required fields only) or full event.
inline std::string sample_data(const EventType& type, bool full, std::string_view without = {}) {
  JsonWriter out;
  out.begin_object();
  for (const FieldSpec& spec : type.fields) {
    if ((!full && !spec.required) || spec.name == without) continue;
    out.key(spec.name);
    write_sample(spec, out);
  }
  out.end_object();
  return std::move(out).text();
}

inline std::string full_type(const EventType& type) {
  return "com.acme." + std::string(type.name) + ".v" + std::to_string(type.version);
}

inline std::string sample_structured(const EventType& type, bool full) {
  JsonWriter out;
  out.begin_object();
  out.field("specversion", "1.0");
  out.field("id", "e-1");
  out.field("source", "/lyon/test");
  out.field("type", full_type(type));
  out.field("time", "2026-03-02T06:10:00Z");
  out.field("datacontenttype", "application/json");
  out.key("data");
  out.raw(sample_data(type, full));
  out.end_object();
  return std::move(out).text();
}

}  // namespace millwright::codec::test
