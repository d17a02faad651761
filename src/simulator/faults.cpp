#include "simulator/faults.hpp"

#include <algorithm>
#include <array>

namespace millwright::simulator {
namespace {

constexpr std::array kModes{"BRG-OUTER", "UNBALANCE", "MISALIGNMENT", "LOOSENESS", "LUBRICATION"};

bool judged(const Asset& asset) {
  return asset.standard != VibrationStandard::kNone &&
         asset.standard != VibrationStandard::kUnknown && !asset.points.empty();
}

// The first asset of the class, in order of id, but for `except`.
std::string first_of_class(const PlantModel& plant, std::string_view asset_class,
                           std::string_view except = {}) {
  for (const auto& [id, asset] : plant.assets) {
    if (asset.asset_class == asset_class && judged(asset) && id.str() != except) return id.str();
  }
  return {};
}

// A temperature of a machine that always runs: its tag.
std::string some_temperature(const PlantModel& plant, std::string& asset) {
  for (const auto& [id, signal] : plant.signals) {
    if (signal.kind != SignalKind::kBearingTemperature) continue;
    const auto found = plant.assets.find(signal.asset);
    if (found != plant.assets.end() && found->second.gate.by == GateBy::kOwnSpeed) {
      asset = signal.asset.str();
      return signal.tag;
    }
  }
  return {};
}

}  // namespace

double Fault::severity(Instant now) const {
  if (repaired || now < from) return 0.0;
  if (lasts > Duration() && now > from + lasts) return 0.0;
  if (ramp <= Duration()) return reach;
  // Wear feeds on itself: it grows with the cube of time.
  const double part = (now - from).seconds() / ramp.seconds();
  return std::min(reach * part * part * part, 1.4);
}

FaultScript::FaultScript(const PlantModel& plant, const SimulatorOptions& options)
    : plant_(plant), rng_(options.seed ^ 0xfau), next_fault_(options.live_from + hours(8)) {
  const Instant live = options.live_from;
  add("F-201", "BRG-OUTER", "DE", live - hours(20), hours(19), 0.70);
  add(first_of_class(plant, "fan", "F-201"), "UNBALANCE", "DE", live - hours(12), hours(14), 0.75);
  add(first_of_class(plant, "compressor"), "FALSE-ALARM", "NDE", live + minutes(40), Duration(),
      0.8, minutes(75));
  add(first_of_class(plant, "pump"), "LUBRICATION", "DE", live - hours(1), hours(5), 0.9);
  std::string asset;
  const std::string tag = some_temperature(plant, asset);
  add(asset, "SENSOR-STUCK", tag, live - hours(2), Duration(), 1.0);
}

void FaultScript::add(std::string_view asset, std::string_view mode, std::string_view point,
                      Instant from, Duration ramp, double reach, Duration lasts) {
  if (!plant_.assets.contains(AssetId(asset))) return;
  faults_.push_back(
      {AssetId(asset), std::string(mode), std::string(point), from, ramp, reach, lasts, false});
}

void FaultScript::step(Instant now) {
  if (now < next_fault_) return;
  next_fault_ = now + minutes(std::int64_t(180 + rng_.below(240)));
  std::vector<const Asset*> sound;
  for (const auto& entry : plant_.assets) {
    const Asset& asset = entry.second;
    const bool faulty = std::any_of(faults_.begin(), faults_.end(), [&](const Fault& f) {
      return f.asset == asset.id && f.severity(now) > 0.0;
    });
    if (judged(asset) && !faulty) sound.push_back(&asset);
  }
  if (sound.empty()) return;
  const Asset& chosen = *sound[rng_.below(sound.size())];
  const MeasuringPoint& point = chosen.points[rng_.below(chosen.points.size())];
  add(chosen.id.str(), kModes[rng_.below(kModes.size())], point.point, now,
      hours(std::int64_t(4 + rng_.below(12))), 0.7);
}

double FaultScript::severity(const AssetId& asset, std::string_view mode, std::string_view point,
                             Instant now) const {
  double most = 0.0;
  for (const Fault& f : faults_) {
    if (f.asset == asset && f.mode == mode && (point.empty() || f.point == point)) {
      most = std::max(most, f.severity(now));
    }
  }
  return most;
}

std::string FaultScript::repair(const AssetId& asset, Instant now) {
  std::string found;
  double most = 0.02;  // less than this nobody would see
  for (Fault& f : faults_) {
    if (f.asset != asset || f.mode == "FALSE-ALARM") continue;
    if (f.severity(now) > most) {
      most = f.severity(now);
      found = f.mode;
    }
    if (f.from <= now) f.repaired = true;
  }
  return found;
}

}  // namespace millwright::simulator
