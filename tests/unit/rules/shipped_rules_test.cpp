// The rules that come with the program: each compiles, and each says what the plant expects of it.
#include <gtest/gtest.h>

#include "load_rules.hpp"
#include "millwright/rules/rule_set.hpp"

namespace millwright::rules {
namespace {

RuleSetPtr shipped() {
  std::vector<RuleSpec> all;
  for (const std::string name : {"predictive-maintenance.yaml", "sensor-health.yaml"}) {
    const auto specs = specs_of(
        YAML::LoadFile(std::string(MILLWRIGHT_SOURCE_DIR) + "/config/rules/" + name), name);
    all.insert(all.end(), specs.begin(), specs.end());
  }
  auto set = RuleSet::compile(all, "config-1");
  EXPECT_TRUE(set.has_value()) << (set ? "" : set.error().message);
  return set ? *set : nullptr;
}

constexpr EventType kVibration{"iot.vibration.features", 1, SourceFamily::kIot, "assetId", "", {}};
constexpr EventType kSample{"iot.measurement.sampled", 1, SourceFamily::kIot, "assetId", "", {}};

struct Plant {
  RuleSetPtr rules = shipped();
  Event event;
  Observation o;
  FiredMap fired;

  explicit Plant(const EventType& type) {
    event.type = &type;
    event.key = {"/lyon/edge/vib-gw-02", "01JD8Q0V7M3K"};
    event.position = {{"iot.telemetry", 3}, Offset(17)};
    o.event = &event;
    o.at = parse_rfc3339("2026-03-02T06:10:00Z").value();
    o.asset = AssetId("P-101");
    o.signal = SignalId("P-101/DE-H");
    o.entity = "P-101";
    o.source_id = "/lyon/edge/vib-gw-02\n01JD8Q0V7M3K";
    o.rung = Rung::kModel;
    set(Feature::kAssetId, "P-101");
    set(Feature::kAssetCriticality, "B");
    set(Feature::kAssetKnown, true);
    set(Feature::kSignalName, "Vibration, drive end, horizontal");
    set(Feature::kSignalPoint, "DE");
    set(Feature::kSignalUnit, "mm/s");
    set(Feature::kSignalKind, "vibration_velocity");
    set(Feature::kSignalValue, 3.2412);
    set(Feature::kSignalLimitBc, 2.8);
    set(Feature::kSignalLimitCd, 4.5);
    set(Feature::kSignalAlarmLimit, 1.8);
    set(Feature::kSignalBaseline, 1.1);
  }
  template <class T>
  void set(Feature f, T value) {
    o.features.set(f, value);
  }
  Outcome decide() {
    LaneView view;
    view.number = ViewNumber(7);
    return rules->decide(o, view, fired);
  }
  Decision only() {
    const Outcome out = decide();
    for (const RuleError& each : out.errors)
      ADD_FAILURE() << each.rule.str() << ": " << each.detail;
    EXPECT_EQ(out.decisions.size(), 1u);
    return out.decisions.empty() ? Decision{} : out.decisions[0];
  }
};

TEST(ShippedRules, SureCauseInZoneCIsAWorkOrder) {
  Plant p(kVibration);
  p.set(Feature::kSignalZoneConfirmed, "C");
  p.set(Feature::kCauseMode, "BRG-OUTER");
  p.set(Feature::kCauseScore, 0.86);
  p.set(Feature::kCauseText, "Outer race of the drive-end bearing");
  p.set(Feature::kCausePart, "bearing");
  p.set(Feature::kSignalHoursToCd, 52.0);
  const Decision d = p.only();
  EXPECT_EQ(d.task, TaskKind::kWorkOrder);
  EXPECT_EQ(d.mode.str(), "BRG-OUTER");
  EXPECT_EQ(d.priority, Priority::kP3);
  EXPECT_EQ(d.title, "Approve bearing change, P-101");
  EXPECT_EQ(d.symptom,
            "Vibration, drive end, horizontal at 3.24 mm/s, zone C for three readings in a row");
  EXPECT_EQ(d.cause, "Outer race of the drive-end bearing");
  EXPECT_EQ(d.evidence.rationale,
            "Zone C begins at 2.8 mm/s. 86 % of the evidence expected for this cause was found.");
  EXPECT_DOUBLE_EQ(d.evidence.confidence, 0.86);
  ASSERT_TRUE(d.due.has_value());
  EXPECT_EQ(*d.due, p.o.at + hours(52));
  EXPECT_EQ(d.point, "DE");
  EXPECT_EQ(d.evidence.rung, Rung::kModel);
}

TEST(ShippedRules, ClassAAndZoneDRaiseThePriority) {
  for (const auto& [criticality, zone, priority] :
       {std::tuple{"A", "C", 2}, {"A", "D", 1}, {"B", "D", 2}, {"C", "C", 3}}) {
    Plant p(kVibration);
    p.o.features = FeatureSet();
    p.set(Feature::kAssetId, "P-101");
    p.set(Feature::kAssetCriticality, criticality);
    p.set(Feature::kSignalZoneConfirmed, zone);
    p.set(Feature::kSignalName, "Vibration");
    p.set(Feature::kSignalUnit, "mm/s");
    p.set(Feature::kSignalValue, 4.9);
    p.set(Feature::kSignalLimitBc, 2.8);
    p.set(Feature::kSignalLimitCd, 4.5);
    p.set(Feature::kCauseMode, "UNBALANCE");
    p.set(Feature::kCauseScore, 0.7);
    const Decision d = p.only();
    EXPECT_EQ(int(d.priority), priority) << criticality << zone;
    EXPECT_EQ(d.title, "Approve repair, P-101");
    EXPECT_EQ(*d.due, p.o.at + hours(std::string(zone) == "D" ? 24 : 168));
  }
}

TEST(ShippedRules, UnsureCauseIsNeverARepair) {
  Plant p(kVibration);
  p.set(Feature::kSignalZoneConfirmed, "D");
  p.set(Feature::kCauseMode, "MISALIGNMENT");
  p.set(Feature::kCauseScore, 0.69);
  const Decision d = p.only();
  EXPECT_EQ(d.task, TaskKind::kInspection);
  EXPECT_EQ(d.mode.str(), "MISALIGNMENT");
  EXPECT_EQ(d.priority, Priority::kP2);
  EXPECT_EQ(d.evidence.rung, Rung::kInspection);
  Plant none(kVibration);
  none.set(Feature::kSignalZoneConfirmed, "C");
  EXPECT_EQ(none.only().mode.str(), "VIBRATION");
}

TEST(ShippedRules, AlarmAloneIsAnInspectionAtP3) {
  Plant p(kVibration);
  p.set(Feature::kAssetClass, "fan");
  p.set(Feature::kSignalZoneConfirmed, "B");
  p.set(Feature::kSignalAlarmConfirmed, true);
  p.set(Feature::kCauseMode, "UNBALANCE");
  p.set(Feature::kCauseScore, 0.95);
  const Decision d = p.only();
  EXPECT_EQ(d.task, TaskKind::kInspection);
  EXPECT_EQ(d.priority, Priority::kP3);
  EXPECT_EQ(d.title, "Inspect changed vibration, P-101");
  EXPECT_EQ(d.evidence.rationale,
            "The level itself is still within its zone, but it moved from its baseline of 1.1 mm/s "
            "by more than a quarter of the B/C limit.");
}

TEST(ShippedRules, BearingTemperature) {
  const auto decide = [](auto set) {
    Plant p(kSample);
    p.o.features = FeatureSet();
    p.set(Feature::kAssetId, "F-201");
    p.set(Feature::kAssetCriticality, "A");
    p.set(Feature::kSignalName, "Bearing temperature, DE");
    p.set(Feature::kSignalKind, "bearing_temperature");
    p.set(Feature::kSignalUnit, "Cel");
    p.set(Feature::kSignalValue, 92.25);
    p.set(Feature::kSignalLimitWarn, 80.0);
    p.set(Feature::kSignalLimitAlarm, 90.0);
    set(p);
    const Outcome out = p.decide();
    EXPECT_TRUE(out.errors.empty()) << out.errors[0].detail;
    return out.decisions;
  };
  EXPECT_TRUE(decide([](Plant&) {}).empty());
  EXPECT_TRUE(decide([](Plant& p) { p.set(Feature::kTempOverAmbient, 40.0); }).empty());

  auto d = decide([](Plant& p) { p.set(Feature::kTempOverAmbient, 40.5); });
  ASSERT_EQ(d.size(), 1u);
  EXPECT_EQ(d[0].title, "Inspect warm bearing, F-201");
  EXPECT_EQ(d[0].symptom, "Bearing temperature, DE at 92.25 Cel, 40.5 K over ambient");
  EXPECT_EQ(d[0].priority, Priority::kP3);

  d = decide([](Plant& p) { p.set(Feature::kTempOverSister, 15.1); });
  ASSERT_EQ(d.size(), 1u);
  EXPECT_EQ(d[0].mode.str(), "BRG-OVERHEAT");

  d = decide([](Plant& p) { p.set(Feature::kSignalLimitConfirmed, true); });
  ASSERT_EQ(d.size(), 1u);
  EXPECT_EQ(d[0].task, TaskKind::kInspection);
  EXPECT_EQ(d[0].priority, Priority::kP1);

  d = decide([](Plant& p) {
    p.set(Feature::kSignalLimitConfirmed, true);
    p.set(Feature::kCauseMode, "LUBRICATION");
    p.set(Feature::kCauseScore, 0.8);
  });
  ASSERT_EQ(d.size(), 1u);
  EXPECT_EQ(d[0].task, TaskKind::kWorkOrder);
  EXPECT_EQ(d[0].mode.str(), "LUBRICATION");

  d = decide([](Plant& p) { p.set(Feature::kSignalRisePerMinute, 2.5); });
  ASSERT_EQ(d.size(), 1u);
  EXPECT_EQ(d[0].title, "Inspect bearing now, F-201");
  EXPECT_EQ(d[0].priority, Priority::kP1);
}

TEST(ShippedRules, AnomalyNeedsThreeInARowAndNoLimit) {
  Plant p(kSample);
  p.set(Feature::kSignalWarm, true);
  p.set(Feature::kSignalZ, -4.2);
  p.set(Feature::kSignalAnomalousInRow, 2.0);
  p.set(Feature::kSignalConfidence, 0.8);
  p.set(Feature::kSignalExpectedLow, 0.9);
  p.set(Feature::kSignalExpectedHigh, 1.4);
  p.o.model = {ModelId("robust-z"), "1"};
  EXPECT_TRUE(p.decide().decisions.empty());
  p.set(Feature::kSignalAnomalousInRow, 3.0);
  const Decision d = p.only();
  EXPECT_EQ(d.task, TaskKind::kInspection);
  EXPECT_EQ(d.symptom, "Vibration, drive end, horizontal at 3.24 mm/s, expected 0.9 to 1.4");
  EXPECT_EQ(d.evidence.rationale,
            "Robust z of -4.2 (limit 3.5) for 3 readings in a row, as robust-z 1 sees it.");
  p.set(Feature::kSignalAlarmConfirmed, true);
  EXPECT_TRUE(p.decide().decisions.empty());
}

TEST(ShippedRules, SensorsAndMasterData) {
  Plant stuck(kSample);
  stuck.set(Feature::kSignalGated, true);
  stuck.set(Feature::kSignalStuck, true);
  EXPECT_EQ(stuck.only().mode.str(), "SENSOR-STUCK");

  Plant stale(kSample);
  stale.o.event = nullptr;
  stale.o.source_id = "tick\nP-101\n2026-03-02T06:10:00Z";
  stale.set(Feature::kSignalStale, true);
  stale.set(Feature::kSignalSilentMinutes, 31.4);
  const Decision d = stale.only();
  EXPECT_EQ(d.task, TaskKind::kSensorCheck);
  EXPECT_EQ(d.symptom, "Vibration, drive end, horizontal has been silent for 31 minutes");
  EXPECT_TRUE(d.evidence.event.id.empty());

  Plant unit(kVibration);
  unit.set(Feature::kSignalUnitSuspect, true);
  EXPECT_EQ(unit.only().mode.str(), "SENSOR-UNIT");

  Plant group(kVibration);
  group.set(Feature::kSignalGroupKnown, false);
  EXPECT_EQ(group.only().task, TaskKind::kMasterData);

  Plant unknown(kVibration);
  unknown.o.features = FeatureSet();
  unknown.set(Feature::kAssetKnown, false);
  unknown.set(Feature::kAssetId, "X-9");
  unknown.set(Feature::kSignalGroupKnown, false);
  EXPECT_EQ(unknown.only().title, "Add asset X-9 to the master data");
}

TEST(ShippedRules, GatedReadingsReachOnlyRulesThatAskForThem) {
  Plant p(kVibration);
  p.set(Feature::kSignalGated, true);
  p.set(Feature::kSignalZoneConfirmed, "D");
  EXPECT_TRUE(p.decide().decisions.empty());
}

}  // namespace
}  // namespace millwright::rules
