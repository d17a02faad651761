// Zones, latches and the cause table, each by itself.
#include <gtest/gtest.h>

#include "fixtures.hpp"
#include "pipeline/causes.hpp"
#include "pipeline/latch.hpp"
#include "pipeline/zones.hpp"

namespace millwright::pipeline {
namespace {

using namespace testing;

TEST(Zones, TheVectorOfTheChangeRule) {
  const PlantModel plant = small_plant();
  const Judged judged =
      zone_limits(plant.assets.at(AssetId("P-101")), plant.signals.at(SignalId("P-101/DE-H")));
  ASSERT_TRUE(judged.limits.has_value());
  const ZoneLimits limits = *judged.limits;
  EXPECT_EQ(limits, (ZoneLimits{1.4, 2.8, 4.5}));
  EXPECT_DOUBLE_EQ(alarm_limit(1.10, limits.bc), 1.80);
  EXPECT_DOUBLE_EQ(alarm_limit(3.4, limits.bc), 3.5);  // never above 1.25 BC
  EXPECT_EQ(zone_of(3.24, limits), "C");
  EXPECT_EQ(zone_of(4.9, limits), "D");
  EXPECT_EQ(zone_of(1.4, limits), "A");  // a boundary belongs to the lower zone
  EXPECT_EQ(zone_of(2.8, limits), "B");
  EXPECT_EQ(zone_of(4.5, limits), "C");
}

TEST(Zones, EveryStandardHasItsLimitsAndUnknownHasNone) {
  Asset asset = machine("X");
  const Signal s = vibration("X", "DE", "H");
  asset.standard = VibrationStandard::kIso20816Group1;
  EXPECT_DOUBLE_EQ(zone_limits(asset, s).limits->cd, 7.1);
  asset.support = Support::kFlexible;
  EXPECT_DOUBLE_EQ(zone_limits(asset, s).limits->cd, 11.0);
  asset.support = Support::kUnknown;
  EXPECT_FALSE(zone_limits(asset, s).limits.has_value());
  EXPECT_FALSE(zone_limits(asset, s).group_known);
  asset.standard = VibrationStandard::kClassI;
  EXPECT_EQ(*zone_limits(asset, s).limits, (ZoneLimits{0.71, 1.8, 4.5}));
  asset.standard = VibrationStandard::kIso10816Part7;
  EXPECT_EQ(*zone_limits(asset, s).limits, (ZoneLimits{3.2, 5.1, 8.5}));
  asset.criticality = Criticality::kA;
  EXPECT_EQ(*zone_limits(asset, s).limits, (ZoneLimits{2.5, 4.0, 6.6}));
  asset.power_kw = 250;
  EXPECT_EQ(*zone_limits(asset, s).limits, (ZoneLimits{3.5, 5.0, 7.6}));
  asset.power_kw = 0;
  EXPECT_FALSE(zone_limits(asset, s).group_known);
  asset.standard = VibrationStandard::kNone;
  EXPECT_TRUE(zone_limits(asset, s).group_known);
  EXPECT_FALSE(zone_limits(asset, s).limits.has_value());
  Signal oem = s;
  oem.limit_bc = 6.0;
  oem.limit_cd = 9.0;
  asset.standard = VibrationStandard::kUnknown;
  EXPECT_EQ(*zone_limits(asset, oem).limits, (ZoneLimits{3.0, 6.0, 9.0}));
}

TEST(Latch, ConfirmsAfterThreeAndClearsAfterAnHourAtTenPercentBelow) {
  Latch latch;
  Instant t = kStart;
  const auto see = [&](double v) { latch.see(v, 2.8, t = t + minutes(10)); };
  see(3.0);
  see(3.0);
  see(2.8);  // on the limit: not crossed, and the row is broken
  see(3.0);
  see(3.0);
  EXPECT_FALSE(latch.active);
  see(3.0);
  EXPECT_TRUE(latch.active);
  for (int i = 0; i < 20; ++i) see(2.6);  // below the limit, but not by 10 %
  EXPECT_TRUE(latch.active);
  for (int i = 0; i < 6; ++i) see(2.5);
  EXPECT_TRUE(latch.active);
  see(2.5);
  EXPECT_FALSE(latch.active);
}

struct CauseCase {
  const char* mode;
  std::vector<BandOf> bands;
  double v_rms;
  const char* axis;
};

TEST(Causes, EachSignatureIsFoundByItsOwnEvidence) {
  Asset fan = machine("F");
  fan.asset_class = "motor";
  fan.gear_teeth = 31;
  const double fr = 1482 / 60.0;
  const DefectFrequencies d = defect_frequencies(*fan.points[0].bearing, fr);
  const std::vector<CauseCase> cases{
      {"BRG-INNER", {{"a", d.bpfi, 1.0, "envelope"}}, 3.0, "H"},
      {"BRG-BALL", {{"a", d.bsf, 1.0, "envelope"}}, 3.0, "H"},
      {"BRG-CAGE", {{"a", d.ftf, 1.0, "envelope"}}, 3.0, "H"},
      {"UNBALANCE", {{"1x", fr, 2.8, "velocity"}}, 3.0, "H"},
      {"MISALIGNMENT", {{"1x", fr, 1.0, "velocity"}, {"2x", 2 * fr, 2.0, "velocity"}}, 3.0, "A"},
      {"LOOSENESS",
       {{"", fr, 1.0, "velocity"},
        {"", 2 * fr, 0.4, "velocity"},
        {"", 3 * fr, 0.8, "velocity"},
        {"", 4 * fr, 0.7, "velocity"},
        {"", 0.5 * fr, 0.5, "velocity"}},
       3.0,
       "H"},
      {"ELECTRICAL", {{"", 100.0, 2.0, "velocity"}}, 3.0, "H"},
      {"GEAR", {{"", 31 * fr, 2.0, "velocity"}, {"", 32 * fr, 0.5, "velocity"}}, 3.0, "H"},
  };
  for (const CauseCase& c : cases) {
    Spectrum s;
    s.asset = &fan;
    s.bearing = &*fan.points[0].bearing;
    s.axis = c.axis;
    s.point = "DE";
    s.rpm = 1482;
    s.v_rms = c.v_rms;
    s.kurtosis = 5.0;
    s.raised = "in zone C";
    for (const BandOf& b : c.bands)
      s.peaks.push_back({b.name, b.hz, b.amp, b.spectrum == "envelope"});
    const Cause cause = best_cause(s);
    EXPECT_EQ(cause.mode, c.mode);
    EXPECT_GE(cause.score, 0.5) << c.mode;
    EXPECT_LE(cause.score, 1.0) << c.mode;
    EXPECT_FALSE(cause.contributions.empty());
  }
  Spectrum pump;
  Asset p = machine("P");
  p.asset_class = "pump";
  p.blades = 5;
  pump.asset = &p;
  pump.rpm = 1482;
  pump.v_rms = 3.0;
  pump.low_suction = true;
  pump.peaks.push_back({"", 5 * fr, 1.0, false});
  EXPECT_EQ(best_cause(pump).mode, "CAVITATION");
}

}  // namespace
}  // namespace millwright::pipeline
