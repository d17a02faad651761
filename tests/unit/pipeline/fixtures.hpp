#pragma once
// A small plant and its events, for the pipeline's tests. Any thread, nobody owns it.

#include <string>
#include <vector>

#include "millwright/base/json.hpp"
#include "millwright/codec/catalog.hpp"
#include "millwright/domain/event.hpp"
#include "millwright/domain/plant.hpp"
#include "millwright/domain/view.hpp"
#include "millwright/rules/rule_set.hpp"
#include "pipeline/hash.hpp"

namespace millwright::pipeline::testing {

// 2026-03-02T00:00:00Z
inline constexpr Instant kStart{1'772'409'600'000'000'000};

inline Signal signal(const std::string& asset, const std::string& tag, SignalKind kind,
                     const std::string& unit) {
  Signal s;
  s.id = SignalId(asset + "/" + tag);
  s.asset = AssetId(asset);
  s.tag = tag;
  s.name = tag;
  s.kind = kind;
  s.unit = unit;
  return s;
}

inline Signal vibration(const std::string& asset, const std::string& point,
                        const std::string& axis) {
  Signal s;
  s.id = SignalId(asset + "/" + point + "-" + axis);
  s.asset = AssetId(asset);
  s.point = point;
  s.axis = axis;
  s.name = "Vibration, " + point + " " + axis;
  s.kind = SignalKind::kVibrationVelocity;
  s.unit = "mm/s";
  s.model = ModelId("robust-band");
  return s;
}

inline Asset machine(const std::string& id) {
  Asset a;
  a.id = AssetId(id);
  a.name = "Cooling fan " + id;
  a.asset_class = "fan";
  a.criticality = Criticality::kB;
  a.power_kw = 45;
  a.rated_rpm = 1482;
  a.standard = VibrationStandard::kIso20816Group2;
  a.support = Support::kRigid;
  a.points = {{"DE", BearingGeometry{"6312-C3", 8, 22.225, 96.5, 0.0}}, {"NDE", std::nullopt}};
  a.gate.by = GateBy::kMes;
  a.gate.work_unit = WorkUnitId("WU-" + id);
  a.gate.baseline_rpm = 1482;
  return a;
}

// P-101: a fan with vibration at DE in two directions, two bearing temperatures and ambient.
// P-102: no gate; a plain temperature and a flow. Q-1: group unknown.
inline PlantModel small_plant() {
  PlantModel p;
  p.version = "test";
  p.assets[AssetId("P-101")] = machine("P-101");
  Asset free = machine("P-102");
  free.gate = Gate{};
  free.gate.by = GateBy::kNone;
  p.assets[AssetId("P-102")] = free;
  Asset unknown = machine("Q-1");
  unknown.standard = VibrationStandard::kUnknown;
  unknown.gate = free.gate;
  p.assets[AssetId("Q-1")] = unknown;
  const auto add = [&](Signal s) { p.signals[s.id] = s; };
  add(vibration("P-101", "DE", "H"));
  add(vibration("P-101", "DE", "A"));
  add(vibration("Q-1", "DE", "H"));
  for (const char* tag : {"temp-de", "temp-nde"}) {
    Signal s = signal("P-101", tag, SignalKind::kBearingTemperature, "Cel");
    s.report_every = minutes(1);
    s.range_low = -40;
    s.range_high = 200;
    s.ambient_tag = "ambient";
    s.sister_tag = std::string(tag) == "temp-de" ? "temp-nde" : "temp-de";
    add(s);
  }
  Signal ambient = signal("P-101", "ambient", SignalKind::kTemperature, "Cel");
  add(ambient);
  Signal t = signal("P-102", "temp", SignalKind::kTemperature, "Cel");
  t.report_every = minutes(1);
  t.resolution = 0.1;
  t.model = ModelId("robust-band");
  t.warn = 70;
  t.alarm = 80;
  add(t);
  Signal flow = signal("P-102", "flow", SignalKind::kFlow, "l/min");
  flow.deadband = true;
  add(flow);
  return p;
}

// P-101 executing since an hour before kStart.
inline LaneView running_view() {
  LaneView view;
  view.number = ViewNumber(7);
  view.equipment.set(WorkUnitId("WU-P-101"),
                     EquipmentState{"Executing", "Processing", kStart - hours(1), "", "order-1"});
  return view;
}

inline FieldValue quantity(double value, const std::string& unit) {
  return {Quantity{value, unit, value, unit}};
}

inline void put(Event& event, std::string_view name, FieldValue value) {
  event.fields.at(event.type->index_of(name).value()) = std::move(value);
}

inline Event event(std::string_view type, const std::string& entity, Instant at,
                   std::int64_t offset) {
  Event e;
  e.type = codec::find_event_type(type);
  e.fields.resize(e.type->fields.size());
  e.key = {"/test/gateway", "e" + std::to_string(offset)};
  e.entity = entity;
  e.time = at;
  e.position = {{"plant.events", 0}, Offset(offset)};
  e.payload_hash = std::uint64_t(offset) * 77;
  return e;
}

inline Event measurement(const std::string& asset, const std::string& tag, double value, Instant at,
                         std::int64_t offset) {
  Event e = event("iot.measurement.sampled", asset, at, offset);
  put(e, "assetId", {asset});
  put(e, "tag", {tag});
  put(e, "value", quantity(value, "Cel"));
  return e;
}

struct BandOf {
  std::string name;
  double hz;
  double amp;
  std::string spectrum;
};

inline Event vibration_event(const std::string& asset, const std::string& point,
                             const std::string& axis, double v_rms, Instant at, std::int64_t offset,
                             const std::vector<BandOf>& bands = {}, double kurtosis = 3.0,
                             double rpm = 1482) {
  Event e = event("iot.vibration.features", asset, at, offset);
  put(e, "assetId", {asset});
  put(e, "point", {point});
  put(e, "axis", {axis});
  put(e, "vRms", quantity(v_rms, "mm/s"));
  put(e, "kurtosis", {kurtosis});
  put(e, "rpm", {rpm});
  FieldList list;
  for (const BandOf& b : bands) {
    list.push_back({FieldRecord{
        {"name", {b.name}}, {"hz", {b.hz}}, {"amp", {b.amp}}, {"spectrum", {b.spectrum}}}});
  }
  put(e, "bands", {std::move(list)});
  return e;
}

// A rule in a few words.
inline rules::RuleSpec rule(const std::string& id, std::vector<std::string> events,
                            const std::string& condition, bool on_gated = false) {
  rules::RuleSpec spec;
  spec.id = id;
  spec.owner = "maintenance";
  spec.summary = id;
  spec.events = std::move(events);
  spec.on_gated = on_gated;
  spec.condition = {condition, "test.yaml", 1, 1};
  rules::Proposal proposal;
  proposal.mode = {"'" + id + "'", "test.yaml", 2, 1};
  proposal.priority = {"3", "test.yaml", 3, 1};
  proposal.confidence = {"0.8", "test.yaml", 4, 1};
  proposal.title_text = {"Look at it", "test.yaml", 5, 1};
  spec.proposals.push_back(std::move(proposal));
  return spec;
}

}  // namespace millwright::pipeline::testing
