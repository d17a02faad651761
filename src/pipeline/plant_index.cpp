#include "pipeline/plant_index.hpp"

#include <algorithm>

namespace millwright::pipeline {
namespace {

// Housing temperature of rolling bearings where neither maker nor site says otherwise, degrees C.
constexpr double kBearingWarn = 80.0;
constexpr double kBearingAlarm = 90.0;

std::uint64_t tag_key(std::string_view tag) {
  return hash64(tag, 1);
}
std::uint64_t point_key(std::string_view point, std::string_view axis) {
  return hash64(axis, hash64(point, 2));
}

SignalPlan plan_of(const Asset& asset, const Signal& signal) {
  SignalPlan plan;
  plan.signal = &signal;
  plan.key = signal.tag.empty() ? point_key(signal.point, signal.axis) : tag_key(signal.tag);
  plan.zones = zone_limits(asset, signal);
  if (!signal.model.empty()) plan.model = model::find_model(signal.model.str());
  for (const MeasuringPoint& point : asset.points) {
    if (point.point == signal.point && point.bearing) plan.bearing = &*point.bearing;
  }
  plan.chart_width = signal.report_every;
  if (signal.kind == SignalKind::kVibrationVelocity) plan.chart_widest = hours(2);
  const bool bearing = signal.kind == SignalKind::kBearingTemperature;
  plan.warn = signal.warn.value_or(bearing ? kBearingWarn : 0.0);
  plan.alarm = signal.alarm.value_or(bearing ? kBearingAlarm : 0.0);
  return plan;
}

}  // namespace

int AssetPlan::by_tag(std::string_view tag) const {
  const std::uint64_t key = tag_key(tag);
  for (std::size_t i = 0; i < signals.size(); ++i) {
    if (signals[i].key == key && signals[i].signal->tag == tag) return int(i);
  }
  return -1;
}

int AssetPlan::by_point(std::string_view point, std::string_view axis) const {
  for (const std::string_view direction : {axis, std::string_view()}) {
    const std::uint64_t key = point_key(point, direction);
    for (std::size_t i = 0; i < signals.size(); ++i) {
      const Signal& s = *signals[i].signal;
      if (signals[i].key == key && s.tag.empty() && s.point == point && s.axis == direction) {
        return int(i);
      }
    }
  }
  return -1;
}

PlantIndex::PlantIndex(const PlantModel& plant) {
  assets_.reserve(plant.assets.size());
  for (const auto& [id, asset] : plant.assets) assets_[id.str()].asset = &asset;
  for (const auto& [id, signal] : plant.signals) {
    const auto found = assets_.find(std::string_view(signal.asset.str()));
    if (found == assets_.end()) continue;
    found->second.signals.push_back(plan_of(*found->second.asset, signal));
  }
  for (auto& [id, plan] : assets_) {
    for (SignalPlan& s : plan.signals) {
      if (!s.signal->ambient_tag.empty()) s.ambient = plan.by_tag(s.signal->ambient_tag);
      if (!s.signal->sister_tag.empty()) s.sister = plan.by_tag(s.signal->sister_tag);
    }
  }
}

const AssetPlan* PlantIndex::find(std::string_view asset) const {
  const auto found = assets_.find(asset);
  return found == assets_.end() ? nullptr : &found->second;
}

std::string_view kind_text(SignalKind kind) {
  switch (kind) {
    case SignalKind::kVibrationVelocity:
      return "vibration_velocity";
    case SignalKind::kBearingTemperature:
      return "bearing_temperature";
    case SignalKind::kTemperature:
      return "temperature";
    case SignalKind::kCurrent:
      return "current";
    case SignalKind::kSpeed:
      return "speed";
    case SignalKind::kPressure:
      return "pressure";
    case SignalKind::kFlow:
      return "flow";
    case SignalKind::kVoltage:
      return "voltage";
    case SignalKind::kPower:
      return "power";
    case SignalKind::kOther:
      break;
  }
  return "other";
}

}  // namespace millwright::pipeline
