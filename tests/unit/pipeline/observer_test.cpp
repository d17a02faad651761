#include "pipeline/observer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixtures.hpp"

namespace millwright::pipeline {
namespace {

using namespace testing;
using F = Feature;

// One asset under observation, without partition and rules.
class Watched {
 public:
  explicit Watched(const std::string& asset, PlantModel plant = small_plant())
      : plant_(std::move(plant)), index_(plant_), uses_(nullptr), view_(running_view()) {
    entity_.key = asset;
    entity_.plan = index_.find(asset);
    if (entity_.plan != nullptr) entity_.signals.resize(entity_.plan->signals.size());
    look();
  }
  void look() {
    entity_.plant = PlantState();
    if (entity_.plan == nullptr) return;
    entity_.plant.equipment = view_.equipment.find(entity_.plan->asset->gate.work_unit);
    entity_.plant.service = view_.service.find(entity_.plan->asset->id);
    note_repair(entity_);
  }
  Observation see(const Event& e) {
    Observation o;
    o.event = &e;
    o.at = e.time;
    o.entity = entity_.key;
    const TypeUse& use = uses_.of(*e.type);
    if (use.use == Use::kVibration) {
      o.disposition = observer_.vibration(entity_, e, use, 1, o);
    } else if (use.use == Use::kSensorLifecycle) {
      o.disposition = observer_.lifecycle(entity_, e, use, o);
    } else {
      o.disposition = observer_.measurement(entity_, e, use, 1, o);
    }
    return o;
  }
  Observation vib(double v, Instant at, const std::vector<BandOf>& bands = {}, double k = 3.0,
                  const std::string& axis = "H", double rpm = 1482) {
    return see(vibration_event(entity_.key, "DE", axis, v, at, ++offset_, bands, k, rpm));
  }
  Observation temp(const std::string& tag, double v, Instant at) {
    return see(measurement(entity_.key, tag, v, at, ++offset_));
  }

  PlantModel plant_;
  PlantIndex index_;
  TypeUses uses_;
  LaneView view_;
  Entity entity_;
  Observer observer_;
  std::int64_t offset_ = 0;
};

TEST(Observer, ZoneCIsConfirmedByThreeReadingsOfTheMachineAtWork) {
  Watched p("P-101");
  EXPECT_EQ(p.vib(3.24, kStart).features.text(F::kSignalZone), "C");
  EXPECT_EQ(p.vib(3.3, kStart + minutes(10)).features.text(F::kSignalZoneConfirmed), "A");
  // Gated readings neither count nor break the row.
  p.view_.equipment.set(WorkUnitId("WU-P-101"),
                        {"NotExecuting", "Processing", kStart + minutes(15), "", ""});
  p.look();
  const Observation gated = p.vib(0.3, kStart + minutes(20));
  EXPECT_TRUE(gated.features.flag(F::kSignalGated));
  EXPECT_EQ(gated.features.text(F::kSignalGateReason), "machine is not executing");
  EXPECT_FALSE(gated.features.has(F::kSignalZone));
  p.view_ = running_view();
  p.look();
  const Observation third = p.vib(3.2, kStart + minutes(30));
  EXPECT_EQ(third.features.text(F::kSignalZoneConfirmed), "C");
  EXPECT_DOUBLE_EQ(third.features.number(F::kSignalLimitBc, 0), 2.8);
  EXPECT_EQ(third.recent.size(), 3U);
  EXPECT_EQ(third.recent.front().id, "e1");
  EXPECT_EQ(third.entity, "P-101");
  EXPECT_EQ(third.signal.str(), "P-101/DE-H");
}

TEST(Observer, DirectionsAreCountedApart) {
  Watched p("P-101");
  p.vib(3.24, kStart);
  p.vib(3.24, kStart + minutes(1), {}, 3.0, "A");
  p.vib(3.24, kStart + minutes(10));
  const Observation o = p.vib(3.24, kStart + minutes(11), {}, 3.0, "A");
  EXPECT_EQ(o.features.text(F::kSignalZoneConfirmed), "A");
  EXPECT_EQ(p.vib(3.24, kStart + minutes(20)).features.text(F::kSignalZoneConfirmed), "C");
}

TEST(Observer, GatesOnStateModeSpeedSettlingAndMaintenance) {
  Watched p("P-101");
  const auto reason = [&](const Observation& o) {
    return std::string(o.features.text(F::kSignalGateReason));
  };
  const auto state = [&](const char* s, const char* mode, Instant since) {
    p.view_.equipment.set(WorkUnitId("WU-P-101"), EquipmentState{s, mode, since, "", ""});
    p.look();
  };
  state("Executing", "Setup", kStart - hours(1));
  EXPECT_EQ(reason(p.vib(1.0, kStart)), "machine is not in production mode");
  state("Executing", "Processing", kStart - minutes(5));
  EXPECT_EQ(reason(p.vib(1.0, kStart + minutes(1))), "settling after start");
  EXPECT_EQ(reason(p.vib(1.0, kStart + minutes(5))), "");
  EXPECT_EQ(reason(p.vib(1.0, kStart + minutes(6), {}, 3.0, "H", 1200)),
            "speed is off its baseline");
  p.view_.service.set(AssetId("P-101"), ServiceState{Instant(), "4711", true, Instant()});
  p.look();
  const Observation o = p.vib(1.0, kStart + minutes(7));
  EXPECT_EQ(reason(o), "in maintenance");
  EXPECT_TRUE(o.features.flag(F::kAssetMaintenance));
}

TEST(Observer, UtilitiesAreGatedByTheirOwnSpeed) {
  PlantModel plant = small_plant();
  plant.assets.at(AssetId("P-101")).gate.by = GateBy::kOwnSpeed;
  Watched p("P-101", plant);
  EXPECT_TRUE(p.vib(1.0, kStart).features.flag(F::kSignalGated));  // settling
  EXPECT_FALSE(p.vib(1.0, kStart + minutes(10)).features.flag(F::kSignalGated));
  EXPECT_TRUE(p.vib(1.0, kStart + minutes(20), {}, 3, "H", 700).features.flag(F::kSignalGated));
  EXPECT_TRUE(p.vib(1.0, kStart + minutes(30)).features.flag(F::kSignalGated));
  EXPECT_FALSE(p.vib(1.0, kStart + minutes(41)).features.flag(F::kSignalGated));
}

TEST(Observer, BaselineIsLearnedIn24RunningHoursAndAlarmConfirmsAChange) {
  Watched p("P-101");
  Instant t = kStart;
  for (int i = 0; i < 146; ++i) p.vib(1.0 + 0.2 * (i % 2), t = t + minutes(10));
  Observation o = p.vib(1.1, t = t + minutes(10));
  const double baseline = o.features.number(F::kSignalBaseline, 0);
  EXPECT_NEAR(baseline, 1.1, 0.11);
  const double limit = o.features.number(F::kSignalAlarmLimit, 0);
  EXPECT_DOUBLE_EQ(limit, alarm_limit(baseline, 2.8));
  for (int i = 0; i < 3; ++i) o = p.vib(limit + 0.1, t = t + minutes(10));
  EXPECT_TRUE(o.features.flag(F::kSignalAlarmConfirmed));
  EXPECT_EQ(o.features.text(F::kSignalZone), "B");  // ALARM alone, in a good zone
  // A repair starts the baseline anew.
  p.view_.service.set(AssetId("P-101"), ServiceState{t + minutes(1), "4711", false, Instant()});
  p.look();
  o = p.vib(1.1, t = t + minutes(10));
  EXPECT_FALSE(o.features.has(F::kSignalBaseline));
  EXPECT_FALSE(o.features.flag(F::kSignalAlarmConfirmed));
}

TEST(Observer, UnknownGroupHasNoZoneAndAsksForData) {
  Watched p("Q-1");
  const Observation o = p.vib(9.0, kStart);
  EXPECT_FALSE(o.features.has(F::kSignalZone));
  EXPECT_TRUE(o.features.has(F::kSignalGroupKnown));
  EXPECT_FALSE(o.features.flag(F::kSignalGroupKnown));
}

TEST(Observer, UnknownAssetAndUnknownSignalAskForMasterData) {
  Watched p("P-999");
  const Observation o = p.vib(1.0, kStart);
  EXPECT_EQ(o.disposition, Disposition::kUnmapped);
  EXPECT_TRUE(o.features.has(F::kAssetKnown));
  EXPECT_FALSE(o.features.flag(F::kAssetKnown));
  EXPECT_EQ(o.features.text(F::kAssetId), "P-999");
  Watched known("P-102");
  const Observation tag = known.temp("no-such-tag", 1, kStart);
  EXPECT_EQ(tag.disposition, Disposition::kUnmapped);
  EXPECT_EQ(tag.features.text(F::kSignalName), "no-such-tag");
}

TEST(Observer, OuterRaceShowsItselfAtItsFrequency) {
  const DefectFrequencies f =
      defect_frequencies(BearingGeometry{"6312-C3", 8, 22.225, 96.5, 0.0}, 1482 / 60.0);
  EXPECT_NEAR(f.bpfo, 76.04, 0.05);
  EXPECT_NEAR(f.bpfi, 121.56, 0.05);
  Watched p("P-101");
  const std::vector<BandOf> bands{{"BPFO", 75.7, 0.92, "envelope"}, {"1x", 24.7, 0.61, "velocity"}};
  Observation o;
  for (int i = 0; i < 3; ++i) o = p.vib(3.24, kStart + minutes(10 * i), bands, 6.1);
  EXPECT_EQ(o.features.text(F::kCauseMode), "BRG-OUTER");
  EXPECT_NEAR(o.features.number(F::kCauseScore, 0), 0.9, 1e-9);
  EXPECT_EQ(o.features.text(F::kCausePart), "Bearing 6312-C3 (DE)");
  ASSERT_FALSE(o.contributions.empty());
  EXPECT_EQ(o.contributions[0].name, "Envelope peak at 75.7 Hz");
  EXPECT_EQ(o.contributions[0].detail, "0.92, outer race (BPFO)");
  // Three percent off is not the outer race any more.
  o = p.vib(3.24, kStart + minutes(40), {{"x", 78.5, 0.9, "envelope"}}, 6.1);
  EXPECT_NE(o.features.text(F::kCauseMode), "BRG-OUTER");
}

TEST(Observer, HotBearingWithoutVibrationPointsToLubrication) {
  Watched p("P-101");
  p.vib(1.0, kStart);
  Observation o;
  for (int i = 0; i < 5; ++i) {
    const Instant t = kStart + minutes(i);
    p.temp("ambient", 22, t);
    p.temp("temp-nde", 55, t);
    o = p.temp("temp-de", 81 + 3 * i, t);
  }
  EXPECT_TRUE(o.features.flag(F::kSignalWarnConfirmed));
  EXPECT_FALSE(o.features.flag(F::kSignalLimitConfirmed));
  EXPECT_DOUBLE_EQ(o.features.number(F::kTempOverAmbient, 0), 93 - 22);
  EXPECT_DOUBLE_EQ(o.features.number(F::kTempOverSister, 0), 93 - 55);
  EXPECT_NEAR(o.features.number(F::kSignalRisePerMinute, 0), 3.0, 1e-6);
  EXPECT_EQ(o.features.text(F::kCauseMode), "LUBRICATION");
  EXPECT_GE(o.features.number(F::kCauseScore, 0), 0.7);
}

TEST(Observer, TrendGivesHoursToTheLimitsOnTheSafeSide) {
  Watched p("P-101");
  Instant t = kStart;
  Observation o;
  for (int i = 0; i < 200; ++i) {
    // 0.5 mm/s a day, with some ripple
    o = p.vib(1.0 + 0.5 * i / 144.0 + 0.02 * (i % 3), t = t + minutes(10));
  }
  EXPECT_NEAR(o.features.number(F::kSignalSlopePerDay, 0), 0.5, 0.05);
  const double expected = (2.8 - (1.0 + 0.5 * 199 / 144.0)) / 0.5 * 24;
  EXPECT_LT(o.features.number(F::kSignalHoursToBc, 0), expected);
  EXPECT_GT(o.features.number(F::kSignalHoursToBc, 0), 0.8 * expected);
  EXPECT_GT(o.features.number(F::kSignalHoursToCd, 0), o.features.number(F::kSignalHoursToBc, 0));
}

TEST(Observer, StuckSensorIsSeenButNotWhereRepeatsAreLegitimate) {
  Watched p("P-102");
  Instant t = kStart;
  for (int i = 0; i < 30; ++i) p.temp("temp", 50 + 0.1 * (i % 7), t = t + minutes(1));
  Observation o;
  for (int i = 0; i < 14; ++i) o = p.temp("temp", 50.3, t = t + minutes(1));
  EXPECT_TRUE(o.features.flag(F::kSignalStuck));
  EXPECT_EQ(o.entity, "P-102/temp");
  EXPECT_FALSE(o.recent.empty());
  o = p.temp("temp", 50.4, t = t + minutes(1));
  EXPECT_FALSE(o.features.flag(F::kSignalStuck));
  for (int i = 0; i < 100; ++i) o = p.temp("flow", 30, t = t + minutes(1));
  EXPECT_FALSE(o.features.flag(F::kSignalStuck));
}

TEST(Observer, AStepByTheRatioOfTwoUnitsIsQuarantined) {
  Watched p("P-102");
  Instant t = kStart;
  Observation o;
  for (int i = 0; i < 30; ++i) o = p.temp("temp", 50 + 0.1 * (i % 7), t = t + minutes(1));
  for (int i = 0; i < 3; ++i) o = p.temp("temp", 50.3 * 1.8 + 32, t = t + minutes(1));
  EXPECT_TRUE(o.features.flag(F::kSignalUnitSuspect));
  EXPECT_FALSE(o.features.flag(F::kSignalLimitConfirmed));  // 122 degrees were never believed
  EXPECT_EQ(o.entity, "P-102/temp");
  // A real heating to the same value is believed.
  Watched q("P-102");
  t = kStart;
  for (int i = 0; i < 30; ++i) q.temp("temp", 50 + 0.1 * (i % 7), t = t + minutes(1));
  for (int i = 0; i < 20; ++i) o = q.temp("temp", 50 + 4.0 * i, t = t + minutes(1));
  EXPECT_FALSE(o.features.flag(F::kSignalUnitSuspect));
  EXPECT_TRUE(o.features.flag(F::kSignalLimitConfirmed));
}

TEST(Observer, ReplacedSensorEndsTheBaselineAndItsScaleHolds) {
  Watched p("P-102");
  Instant t = kStart;
  for (int i = 0; i < 60; ++i) p.temp("temp", 50 + 0.1 * (i % 7), t = t + minutes(1));
  Event life = event("iot.sensor.lifecycle", "P-102", t, 9'000);
  put(life, "assetId", {std::string("P-102")});
  put(life, "tag", {std::string("temp")});
  put(life, "sensorId", {std::string("T-2")});
  put(life, "change", {std::string("rescaled")});
  put(life, "scale", {0.5});
  EXPECT_EQ(p.see(life).disposition, Disposition::kObserved);
  const Observation o = p.temp("temp", 100, t + minutes(1));
  EXPECT_DOUBLE_EQ(o.features.number(F::kSignalValue, 0), 50);
  EXPECT_FALSE(o.features.flag(F::kSignalWarm));      // learned anew
  EXPECT_TRUE(o.features.has(F::kSignalLimitAlarm));  // absolute limits stay on
}

TEST(Observer, BadQualityAndImpossibleValuesAreNotUsed) {
  Watched p("P-101");
  Event bad = measurement("P-101", "temp-de", 95, kStart, 1);
  put(bad, "quality", {std::string("BAD")});
  Observation o = p.see(bad);
  EXPECT_TRUE(o.features.flag(F::kSignalGated));
  EXPECT_EQ(o.features.text(F::kSignalQuality), "BAD");
  o = p.temp("temp-de", 800, kStart + minutes(1));
  EXPECT_TRUE(o.features.flag(F::kSignalSpike));
  EXPECT_EQ(o.entity, "P-101/temp-de");
  for (const auto& s : p.entity_.signals) EXPECT_TRUE(s == nullptr || !s->warn.stirring());
}

TEST(Observer, OlderReadingsAreNotApplied) {
  Watched p("P-102");
  p.temp("temp", 50, kStart + minutes(5));
  EXPECT_EQ(p.temp("temp", 60, kStart + minutes(4)).disposition, Disposition::kOutOfOrder);
  Event e = measurement("P-102", "temp", 51, kStart + minutes(6), 7);
  e.sequence = "0000000010";
  EXPECT_EQ(p.see(e).disposition, Disposition::kObserved);
  e.sequence = "0000000009";
  e.time = kStart + minutes(7);
  EXPECT_EQ(p.see(e).disposition, Disposition::kOutOfOrder);
  e.sequence = "0000000001";  // the gateway began to count anew
  e.time = kStart + minutes(30);
  EXPECT_EQ(p.see(e).disposition, Disposition::kObserved);
}

}  // namespace
}  // namespace millwright::pipeline
