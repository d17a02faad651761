#include "bench/e2e_load.hpp"

#include <array>
#include <cstdio>

namespace millwright::bench {
namespace {

constexpr std::int64_t kPerMachine = 10;
constexpr Duration kRound = seconds(10);
constexpr int kStateEvery = 97;  // one record of so many is a change of state
constexpr int kWornEvery = 100;  // one machine of so many

Asset machine(const std::string& id) {
  Asset a;
  a.id = AssetId(id);
  a.name = "Machine " + id;
  a.asset_class = "fan";
  a.criticality = Criticality::kB;
  a.power_kw = 45;
  a.rated_rpm = 1482;
  a.standard = VibrationStandard::kIso20816Group2;
  a.support = Support::kRigid;
  a.points = {{"DE", BearingGeometry{"6312-C3", 8, 22.225, 96.0, 0.0}}};
  a.gate.by = GateBy::kNone;
  return a;
}

Signal signal(const AssetId& asset, const std::string& tag, SignalKind kind, const char* unit) {
  Signal s;
  s.id = SignalId(asset.str() + "/" + tag);
  s.asset = asset;
  s.tag = tag;
  s.name = tag;
  s.kind = kind;
  s.unit = unit;
  s.resolution = 0.1;
  s.model = ModelId("robust-band");
  return s;
}

void add(PlantModel& plant, Signal s) {
  plant.signals[s.id] = std::move(s);
}

void add_machine(PlantModel& plant, const Asset& asset) {
  Signal v = signal(asset.id, "DE-H", SignalKind::kVibrationVelocity, "mm/s");
  v.tag.clear();
  v.point = "DE";
  v.axis = "H";
  v.resolution = 0.01;
  v.report_every = minutes(10);
  add(plant, std::move(v));
  for (int k = 1; k < kPerMachine; ++k) {
    Signal t =
        signal(asset.id, "temperature-" + std::to_string(k), SignalKind::kTemperature, "Cel");
    t.report_every = minutes(1);
    add(plant, std::move(t));
  }
  plant.assets[asset.id] = asset;
}

}  // namespace

PlantModelPtr plant_of(std::int64_t signals) {
  PlantModel plant;
  plant.version = "bench";
  plant.site_id = "bench";
  for (std::int64_t a = 0; a < signals / kPerMachine; ++a) {
    add_machine(plant, machine("A-" + std::to_string(a)));
  }
  for (int p = 0; p < kProbes; ++p) {
    Asset asset = machine(Load::probe_id(p));
    Signal s = signal(asset.id, "temperature-1", SignalKind::kTemperature, "Cel");
    s.model = ModelId();
    s.warn = 80.0;
    s.alarm = 90.0;
    add(plant, std::move(s));
    plant.assets[asset.id] = std::move(asset);
  }
  return std::make_shared<const PlantModel>(std::move(plant));
}

Load::Load(std::int64_t signals)
    : machines_(signals / kPerMachine), at_(parse_rfc3339("2026-03-02T06:00:00Z").value()) {}

std::string Load::probe_id(int probe) {
  return "PROBE-" + std::to_string(probe);
}

const LoadRecord& Load::next() {
  const std::int64_t machine = step_ % machines_;
  const std::int64_t k = step_ / machines_ % kPerMachine;
  ++step_;
  at_ = at_ + Duration(kRound.ns() / (kPerMachine * machines_));
  const std::string asset = "A-" + std::to_string(machine);
  record_.partition = std::int32_t(machine % kPartitions);
  const double noise = double(rng_.below(30)) / 10.0;
  const bool worn = machine % kWornEvery == kWornEvery - 1;
  if (step_ % kStateEvery == 0) {
    state_change(asset);
  } else if (k == 0) {
    vibration(asset, worn ? 3.4 + 0.1 * noise : 0.9 + 0.1 * noise, worn ? 6.1 : 3.0);
  } else {
    measurement(asset, int(k), 50.0 + noise);
  }
  return record_;
}

const LoadRecord& Load::hot_probe(int probe) {
  record_.partition = std::int32_t(probe % kPartitions);
  at_ = at_ + milliseconds(1);
  measurement(probe_id(probe), 1, 95.0);
  return record_;
}

void Load::begin(const std::string& asset, const char* id, const char* type) {
  if (time_of_ != at_) time_ = format_rfc3339(at_);
  time_of_ = at_;
  record_.key = asset;
  record_.value.clear();
  record_.value.append(R"({"specversion":"1.0","id":")").append(id).append("-0000");
  record_.value.append(std::to_string(ids_++))
      .append(R"(","source":"/plant/iot","type":"com.acme.)");
  record_.value.append(type).append(R"(.v1","time":")").append(time_);
  record_.value.append(R"(","partitionkey":")").append(asset);
  record_.value.append(R"(","datacontenttype":"application/json","data":{)");
}

void Load::measurement(const std::string& asset, int tag, double value) {
  begin(asset, "m", "iot.measurement.sampled");
  std::array<char, 256> data{};
  (void)std::snprintf(
      data.data(), data.size(),
      R"("assetId":"%s","tag":"temperature-%d","sensorId":"TT-%s-%d",)"
      R"("value":{"value":%.1f,"unit":"Cel"},"quality":"GOOD","historical":false}})",
      asset.c_str(), tag, asset.c_str(), tag, value);
  record_.value.append(data.data());
}

void Load::vibration(const std::string& asset, double mm_s, double kurtosis) {
  begin(asset, "v", "iot.vibration.features");
  std::array<char, 512> data{};
  (void)std::snprintf(
      data.data(), data.size(),
      R"("assetId":"%s","sensorId":"VB-%s","point":"DE","axis":"H","vRms":{"value":%.2f,)"
      R"("unit":"mm/s","band":"10-1000Hz"},"aPk":{"value":21.2,"unit":"m/s2"},"kurtosis":%.1f,)"
      R"("bands":[{"name":"BPFO","hz":75.7,"amp":%.2f,"spectrum":"envelope"},)"
      R"({"name":"1x","hz":24.7,"amp":0.61,"spectrum":"velocity"}],"rpm":1482,)"
      R"("load":{"value":78,"unit":"%%"},"quality":"GOOD","historical":false}})",
      asset.c_str(), asset.c_str(), mm_s, kurtosis, kurtosis > 4.0 ? 0.92 : 0.1);
  record_.value.append(data.data());
}

void Load::state_change(const std::string& asset) {
  begin(asset, "s", "mes.equipment.statechanged");
  record_.value.append(R"("workUnitId":"WU-)").append(asset);
  record_.value.append(R"(","state":"Executing","mode":"Processing","previousState":"Idle",)");
  record_.value.append(R"("planned":false,"orderId":"1000456"}})");
}

}  // namespace millwright::bench
