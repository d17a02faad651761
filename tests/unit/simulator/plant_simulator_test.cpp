#include "millwright/simulator/plant_simulator.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "millwright/codec/decode.hpp"

namespace millwright::simulator {
namespace {

constexpr Instant kLive{1'772'000'000'000'000'000};

Signal vibration(const char* asset, const char* point, const char* axis) {
  Signal s;
  s.asset = AssetId(asset);
  s.point = point;
  s.axis = axis;
  s.id = SignalId(std::string(asset) + "/" + point + "-" + axis);
  s.kind = SignalKind::kVibrationVelocity;
  s.unit = "mm/s";
  s.report_every = minutes(10);
  return s;
}

Signal measured(const char* asset, const char* tag, SignalKind kind, const char* unit) {
  Signal s;
  s.asset = AssetId(asset);
  s.tag = tag;
  s.id = SignalId(std::string(asset) + "/" + tag);
  s.kind = kind;
  s.unit = unit;
  s.report_every = minutes(1);
  return s;
}

Asset machine(const char* id, const char* asset_class, GateBy gate) {
  Asset a;
  a.id = AssetId(id);
  a.asset_class = asset_class;
  a.node = "line1";
  a.standard = VibrationStandard::kIso20816Group2;
  a.support = Support::kRigid;
  a.power_kw = 55;
  a.rated_rpm = 1482;
  a.points = {{"DE", BearingGeometry{"6312-C3", 8, 22.2, 96.0, 0.0}}, {"NDE", std::nullopt}};
  a.gate.by = gate;
  a.gate.work_unit = WorkUnitId(std::string("U-") + id);
  a.equipment_number = std::string("1000") + id;
  return a;
}

PlantModelPtr plant() {
  auto model = std::make_shared<PlantModel>();
  model->site_id = "lyon";
  for (const auto& [id, gate] :
       {std::pair{"F-201", GateBy::kOwnSpeed}, std::pair{"F-300", GateBy::kMes}}) {
    model->assets[AssetId(id)] = machine(id, "fan", gate);
    for (Signal s : {vibration(id, "DE", "H"),
                     measured(id, "bearing-temp-de", SignalKind::kBearingTemperature, "Cel"),
                     measured(id, "speed", SignalKind::kSpeed, "r/min")}) {
      model->signals[s.id] = s;
    }
  }
  Material bearing;
  bearing.id = MaterialId("BRG-6312-C3");
  bearing.initial_on_hand = 2;
  bearing.lead_time_days = 1;
  bearing.location = "0001";
  model->materials[bearing.id] = bearing;
  return model;
}

SimulatorOptions options(std::uint64_t seed) {
  SimulatorOptions o;
  o.seed = seed;
  o.from = kLive - hours(24);
  o.live_from = kLive;
  return o;
}

// vRms of the last DE vibration event of F-201 up to `to`.
double last_velocity(const std::vector<SimulatedRecord>& records, const std::string& asset) {
  double found = -1.0;
  for (const auto& r : records) {
    if (r.key != asset || r.value.find("iot.vibration.features") == std::string::npos) continue;
    const auto at = r.value.find("\"vRms\":{\"value\":");
    found = std::stod(r.value.substr(at + 16));
  }
  return found;
}

std::size_t count(const std::vector<SimulatedRecord>& records, const std::string& what) {
  return std::size_t(std::count_if(records.begin(), records.end(), [&](const auto& r) {
    return r.value.find(what) != std::string::npos;
  }));
}

TEST(PlantSimulator, SameSeedSaysTheSameHoweverItIsAdvanced) {
  PlantSimulator whole(plant(), options(7));
  PlantSimulator parts(plant(), options(7));
  const auto all = whole.advance(kLive - hours(20));
  std::vector<SimulatedRecord> pieces;
  for (Instant t = kLive - hours(24); t <= kLive - hours(20); t = t + seconds(47)) {
    for (auto& r : parts.advance(t)) pieces.push_back(std::move(r));
  }
  for (auto& r : parts.advance(kLive - hours(20))) pieces.push_back(std::move(r));
  ASSERT_GT(all.size(), 900U);
  ASSERT_EQ(all.size(), pieces.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    ASSERT_EQ(all[i].value, pieces[i].value) << i;
    ASSERT_EQ(all[i].topic, pieces[i].topic);
  }
  PlantSimulator other(plant(), options(8));
  const auto different = other.advance(kLive - hours(20));
  EXPECT_NE(all.back().value, different.back().value);
}

TEST(PlantSimulator, TimesNeverRunBackAndIdsAreUnique) {
  PlantSimulator sim(plant(), options(3));
  const auto records = sim.advance(kLive);
  std::set<std::string> ids;
  Instant last;
  for (const auto& r : records) {
    EXPECT_GE(r.at, last);
    last = r.at;
    const auto at = r.value.find("\"id\":\"") + 6;
    EXPECT_TRUE(ids.insert(r.value.substr(at, r.value.find('"', at) - at)).second);
  }
}

TEST(PlantSimulator, WearRaisesVibrationUntilTheMachineIsRepaired) {
  PlantSimulator sim(plant(), options(1));
  const double sound = last_velocity(sim.advance(kLive - hours(18)), "F-201");
  const double worn = last_velocity(sim.advance(kLive), "F-201");
  EXPECT_LT(sound, 1.5);
  EXPECT_GT(worn, 2.8) << "zone C is reached when the demo begins";

  sim.accept(ExternalReservation{"R1", "case-1", {{MaterialId("BRG-6312-C3"), 1.0}}});
  sim.accept(ExternalOrder{"4000789", "task-1", "case-1", "1000F-201", 2.0});
  const auto repaired = sim.advance(kLive + hours(4));
  EXPECT_EQ(count(repaired, "\"status\":\"REL\""), 1U);
  EXPECT_EQ(count(repaired, "\"status\":\"STRT\""), 1U);
  EXPECT_EQ(count(repaired, "\"status\":\"TECO\""), 1U);
  EXPECT_EQ(count(repaired, "\"cause\":\"BRG-OUTER\""), 1U);
  EXPECT_EQ(count(repaired, "\"externalRef\":\"task-1\""), 3U);
  EXPECT_EQ(count(repaired, "\"movementType\":\"261\""), 1U);
  EXPECT_LT(last_velocity(repaired, "F-201"), 1.5) << "the repair takes the wear away";
  EXPECT_GE(
      count(repaired, "\"onHand\":{\"value\":1.0,") + count(repaired, "\"onHand\":{\"value\":1,"),
      1U);
}

TEST(PlantSimulator, AnOrderForASoundMachineFindsNothing) {
  PlantSimulator sim(plant(), options(1));
  (void)sim.advance(kLive - hours(23));
  sim.accept(ExternalOrder{"4000790", "task-2", "case-2", "F-300", 1.0});
  const auto records = sim.advance(kLive - hours(21));
  EXPECT_EQ(count(records, "\"cause\":\"NO-FAULT\""), 1U);
  EXPECT_EQ(count(records, "\"state\":\"OutOfService\""), 1U) << "MES knows that people work on it";
}

TEST(PlantSimulator, EveryRecordIsAnEventOfTheCatalogue) {
  PlantSimulator sim(plant(), options(5));
  sim.accept(ExternalReservation{"R1", "case-1", {{MaterialId("BRG-6312-C3"), 1.0}}});
  sim.accept(ExternalOrder{"4000789", "task-1", "case-1", "F-201", 2.0});
  codec::Decoder decoder;
  std::set<std::string_view> types;
  for (const auto& r : sim.advance(kLive)) {
    RawRecord raw;
    raw.value = r.value;
    raw.headers = {{"content-type", "application/cloudevents+json"}};
    const auto decoded = decoder.decode(std::move(raw), r.at);
    if (const auto* reject = std::get_if<Reject>(&decoded)) {
      FAIL() << reject->detail << "\n" << r.value;
    }
    const Event& event = std::get<Event>(decoded);
    EXPECT_EQ(event.entity, r.key) << r.value;
    types.insert(event.type->name);
  }
  EXPECT_GE(types.size(), 9U);
}

TEST(PlantSimulator, EverySystemSpeaks) {
  PlantSimulator sim(plant(), options(2));
  std::map<std::string, int> topics;
  for (const auto& r : sim.advance(kLive)) ++topics[r.topic];
  for (const char* topic : {"erp.events", "mes.events", "wms.events", "iot.telemetry"}) {
    EXPECT_GT(topics[topic], 0) << topic;
  }
}

}  // namespace
}  // namespace millwright::simulator
