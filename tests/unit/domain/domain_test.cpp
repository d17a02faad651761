#include <gtest/gtest.h>

#include <map>

#include "millwright/base/persistent_map.hpp"
#include "millwright/base/rng.hpp"
#include "millwright/domain/features.hpp"
#include "millwright/domain/intent.hpp"
#include "millwright/domain/plant.hpp"
#include "millwright/domain/view.hpp"
#include "millwright/engine/ports.hpp"

namespace millwright {
namespace {

TEST(PersistentMap, BehavesLikeAMapAndKeepsOldCopies) {
  Rng rng(7);
  PersistentMap<std::string, int> map;
  std::map<std::string, int> expected;
  std::vector<std::pair<PersistentMap<std::string, int>, std::map<std::string, int>>> copies;
  for (int i = 0; i < 5'000; ++i) {
    const std::string key = "k" + std::to_string(rng.below(400));
    if (rng.chance(0.4)) {
      EXPECT_EQ(map.erase(key), expected.erase(key) == 1);
    } else {
      map.set(key, i);
      expected[key] = i;
    }
    if (i % 500 == 0) copies.emplace_back(map, expected);
  }
  copies.emplace_back(map, expected);
  for (const auto& [copy, truth] : copies) {
    EXPECT_EQ(copy.size(), truth.size());
    std::map<std::string, int> seen;
    std::string last;
    copy.for_each([&](const std::string& k, int v) {
      EXPECT_LT(last, k);
      last = k;
      seen[k] = v;
      return true;
    });
    EXPECT_EQ(seen, truth);
  }
  std::string first;
  map.for_each_from("k2", [&](const std::string& k, int) {
    first = k;
    return false;
  });
  EXPECT_EQ(first, expected.lower_bound("k2")->first);
}

TEST(View, NumberRisesOnlyWithWhatLanesRead) {
  PlantView view;
  Change stock;
  stock.stock.emplace_back(MaterialId("BRG"), Stock{2, 0, 0, Instant(1)});
  apply(stock, view);
  EXPECT_EQ(view.lane.number.get(), 0);
  Change state;
  state.equipment.emplace_back(WorkUnitId("U"),
                               EquipmentState{"Executing", "Processing", Instant(1), "", ""});
  apply(state, view);
  EXPECT_EQ(view.lane.number.get(), 1);
}

TEST(View, AvailableCountsHoldsOfOthersOnly) {
  PlantView view;
  Change change;
  change.stock.emplace_back(MaterialId("BRG"), Stock{5, 1, 1, Instant(1)});
  change.reservations.push_back(
      {TaskId("t1"), MaterialId("BRG"), 2, ReservationState::kSoft, Instant()});
  apply(change, view);
  EXPECT_EQ(view.available(MaterialId("BRG"), TaskId("t1")), 3);
  EXPECT_EQ(view.available(MaterialId("BRG"), TaskId("t2")), 1);
  Change release;
  release.reservations.push_back(
      {TaskId("t1"), MaterialId("BRG"), 2, ReservationState::kReleased, Instant()});
  apply(release, view);
  EXPECT_EQ(view.available(MaterialId("BRG"), TaskId("t2")), 3);
}

TEST(Plant, JobPlanPrefersAssetThenPoint) {
  PlantModel plant;
  Asset fan;
  fan.id = AssetId("F-1");
  fan.asset_class = "fan";
  const FailureMode mode("BRG-OUTER");
  const auto plan = [&](const char* cls, const char* asset, const char* point, const char* text) {
    JobPlan p;
    p.asset_class = cls;
    p.asset = AssetId(asset);
    p.mode = mode;
    p.point = point;
    p.text = text;
    plant.job_plans.push_back(p);
  };
  EXPECT_EQ(plant.job_plan(fan, mode, "DE"), nullptr);
  plan("pump", "", "", "pump");
  plan("fan", "", "", "class");
  EXPECT_EQ(plant.job_plan(fan, mode, "DE")->text, "class");
  plan("fan", "", "DE", "class at DE");
  EXPECT_EQ(plant.job_plan(fan, mode, "DE")->text, "class at DE");
  plan("", "F-1", "", "asset");
  EXPECT_EQ(plant.job_plan(fan, mode, "DE")->text, "asset");
  EXPECT_EQ(plant.job_plan(fan, FailureMode("OTHER"), "DE"), nullptr);
}

TEST(Features, AbsentIsNotZero) {
  FeatureSet features;
  EXPECT_FALSE(features.has(Feature::kSignalZ));
  EXPECT_EQ(features.number(Feature::kSignalZ, -1), -1);
  features.set(Feature::kSignalZ, 0.0);
  features.set(Feature::kSignalStuck, true);
  features.set(Feature::kSignalZone, "C");
  EXPECT_TRUE(features.has(Feature::kSignalZ));
  EXPECT_TRUE(features.flag(Feature::kSignalStuck));
  EXPECT_EQ(features.text(Feature::kSignalZone), "C");
}

}  // namespace
}  // namespace millwright
