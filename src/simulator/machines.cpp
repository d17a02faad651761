#include "simulator/machines.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

namespace millwright::simulator {
namespace {

// B/C limit of the standard that judges the machine, mm/s; see docs/models.md.
double zone_bc(const Asset& asset) {
  const bool flexible = asset.support == Support::kFlexible;
  switch (asset.standard) {
    case VibrationStandard::kIso20816Group1:
      return flexible ? 7.1 : 4.5;
    case VibrationStandard::kIso20816Group2:
      return flexible ? 4.5 : 2.8;
    case VibrationStandard::kClassI:
      return 1.8;
    case VibrationStandard::kIso10816Part7:
      return 4.0;
    case VibrationStandard::kUnknown:
    case VibrationStandard::kNone:
      return 2.8;
  }
  return 2.8;
}

double axis_factor(std::string_view axis) {
  if (axis == "V") return 0.85;
  return axis == "A" ? 0.4 : 1.0;
}

void band(JsonWriter& json, std::string_view name, double hz, double amplitude,
          std::string_view spectrum) {
  json.begin_object();
  json.field("name", name);
  json.field("hz", std::round(hz * 100.0) / 100.0);
  json.field("amp", std::round(amplitude * 1000.0) / 1000.0);
  json.field("spectrum", spectrum);
  json.end_object();
}

// Ball pass frequencies of outer and inner ring (Harris, Rolling Bearing Analysis).
double ball_pass(const BearingGeometry& b, double fr, double sign) {
  const double ratio =
      b.ball_diameter_mm / b.pitch_diameter_mm * std::cos(b.contact_angle_deg * M_PI / 180.0);
  return double(b.balls) / 2.0 * fr * (1.0 + sign * ratio);
}

double in_unit(double value, std::string_view unit) {
  if (unit == "kPa") return value * 100.0;  // the plant thinks in bar
  if (unit == "MPa") return value * 0.1;
  return value;
}

}  // namespace

double ambient(Instant at) {
  const double day = double(at.ns() % days(1).ns()) / double(days(1).ns());
  return 21.0 + 4.0 * std::sin(2.0 * M_PI * (day - 0.35));
}

Machines::Machines(const PlantModel& plant, std::uint64_t seed) {
  std::uint64_t purpose = 1'000;
  for (const auto& [id, asset] : plant.assets) {
    Machine m;
    m.asset = &asset;
    m.rng = Rng(seed).fork(++purpose);
    m.limit_bc = zone_bc(asset);
    for (const auto& [signal_id, signal] : plant.signals) {
      if (signal.asset != id) continue;
      if (signal.kind == SignalKind::kVibrationVelocity && !signal.point.empty()) {
        if (signal.limit_bc) m.limit_bc = *signal.limit_bc;
        m.vibration.push_back(&signal);
      } else if (!signal.tag.empty()) {
        m.measured.push_back(&signal);
      }
    }
    m.base = m.limit_bc * (0.32 + 0.08 * m.rng.uniform());
    machines_.push_back(std::move(m));
  }
}

void Machines::step(Instant minute, const Lines& lines, const FaultScript& faults, Outbox& out) {
  for (std::size_t i = 0; i < machines_.size(); ++i) {
    Machine& m = machines_[i];
    move(m, minute, lines, faults);
    const std::int64_t count = minute.ns() / minutes(1).ns();
    const Instant at = minute + milliseconds(std::int64_t(i) * 900 + 500);
    for (const Signal* signal : m.measured) {
      const std::int64_t every =
          std::max<std::int64_t>(1, signal->report_every.ns() / minutes(1).ns());
      if (count % every == 0) tell_measurement(m, *signal, at, faults, out);
    }
    for (std::size_t v = 0; v < m.vibration.size(); ++v) {
      const Signal& signal = *m.vibration[v];
      const std::int64_t every =
          std::max<std::int64_t>(1, signal.report_every.ns() / minutes(1).ns());
      if (m.running && (count + std::int64_t(i)) % every == 0) {
        tell_vibration(m, signal, at + milliseconds(std::int64_t(v) * 150), faults, out);
      }
    }
  }
}

void Machines::move(Machine& m, Instant minute, const Lines& lines, const FaultScript& faults) {
  const double wanted = lines.load(*m.asset);
  m.running = wanted > 0.05;
  m.load += 0.25 * (wanted - m.load);
  m.rpm = m.running ? m.asset->rated_rpm * (0.985 + 0.02 * m.load + 0.001 * m.rng.gauss()) : 0.0;
  const double dry = faults.severity(m.asset->id, "LUBRICATION", "", minute);
  const double worn = faults.severity(m.asset->id, "BRG-OUTER", "", minute);
  const double target =
      ambient(minute) + (m.running ? 8.0 + 20.0 * m.load + 62.0 * dry + 9.0 * worn : 0.0);
  m.heat += (target - m.heat) / 18.0;  // a bearing house warms within some 20 minutes
}

double Machines::measured_value(Machine& m, const Signal& signal, Instant at,
                                const FaultScript& faults) {
  const double noise = m.rng.gauss();
  switch (signal.kind) {
    case SignalKind::kBearingTemperature:
      return m.heat + 0.25 * noise;
    case SignalKind::kTemperature:
      if (signal.tag.find("amb") != std::string::npos) return ambient(at) + 0.2 * noise;
      return m.heat + 12.0 * m.load + 0.4 * noise;
    case SignalKind::kCurrent: {
      const double nominal = std::max(4.0, m.asset->power_kw * 1.8);
      return m.running ? nominal * (0.35 + 0.6 * m.load) * (1.0 + 0.01 * noise) : 0.0;
    }
    case SignalKind::kSpeed:
      return m.rpm;
    case SignalKind::kPressure:
      return in_unit(m.running ? 5.8 + 0.6 * m.load + 0.04 * noise : 0.4 + 0.01 * noise,
                     signal.unit);
    case SignalKind::kFlow:
      return m.running ? 40.0 + 55.0 * m.load + 0.8 * noise : 0.0;
    case SignalKind::kVoltage:
      return 400.0 + 1.5 * noise;
    case SignalKind::kPower:
      return m.running ? m.asset->power_kw * (0.3 + 0.6 * m.load) * (1.0 + 0.01 * noise) : 0.0;
    case SignalKind::kVibrationVelocity: {
      const double s = faults.severity(m.asset->id, "BRG-OUTER", "", at);
      return m.running ? m.base * (1.0 + 0.04 * noise) + s * m.limit_bc : 0.05;
    }
    case SignalKind::kOther:
      return 50.0 + 10.0 * m.load + noise;
  }
  return 0.0;
}

void Machines::tell_measurement(Machine& m, const Signal& signal, Instant at,
                                const FaultScript& faults, Outbox& out) {
  double value = measured_value(m, signal, at, faults);
  if (signal.resolution > 0.0) value = std::round(value / signal.resolution) * signal.resolution;
  if (faults.severity(signal.asset, "SENSOR-STUCK", signal.tag, at) > 0.0) {
    value = m.stuck.try_emplace(signal.id, value).first->second;
  } else {
    m.stuck.erase(signal.id);
  }
  auto draft = out.begin("iot.measurement.sampled", signal.asset.str(), at);
  draft.json.field("assetId", signal.asset.str());
  draft.json.field("tag", signal.tag);
  draft.json.field_if("sensorId", signal.sensor.str());
  Outbox::quantity(draft.json, "value", value, signal.unit);
  draft.json.field("quality", "GOOD");
  draft.json.field("historical", false);
  out.finish(std::move(draft));
}

void Machines::tell_vibration(Machine& m, const Signal& signal, Instant at,
                              const FaultScript& faults, Outbox& out) {
  const AssetId& id = m.asset->id;
  const auto at_point = [&](std::string_view mode) {
    // The other end feels a third of it.
    return std::max(faults.severity(id, mode, signal.point, at),
                    0.33 * faults.severity(id, mode, "", at));
  };
  const double outer = at_point("BRG-OUTER");
  const double unbalance = at_point("UNBALANCE");
  const double shaft = at_point("MISALIGNMENT");
  const double loose = at_point("LOOSENESS");
  const bool cable = faults.severity(id, "FALSE-ALARM", signal.point, at) > 0.0;
  const double fr = m.rpm / 60.0;
  const double bc = m.limit_bc;
  const double noise = 1.0 + 0.025 * m.rng.gauss();
  const double axial = signal.axis == "A" ? 1.6 * shaft * bc : 0.0;
  double velocity = m.base * (0.9 + 0.12 * m.load) * noise * axis_factor(signal.axis) +
                    (outer + unbalance + shaft + loose) * bc * axis_factor(signal.axis) + axial;
  if (cable) velocity += bc * (0.5 + 0.8 * m.rng.uniform());

  auto draft = out.begin("iot.vibration.features", id.str(), at);
  JsonWriter& json = draft.json;
  json.field("assetId", id.str());
  json.field_if("sensorId", signal.sensor.str());
  json.field("point", signal.point);
  json.field("axis", signal.axis);
  Outbox::quantity(json, "vRms", velocity, "mm/s");
  Outbox::quantity(json, "aPk", 6.0 + 30.0 * outer + 2.0 * velocity, "m/s2");
  json.field("kurtosis", std::round((3.1 + 4.6 * outer + 0.1 * m.rng.gauss()) * 100.0) / 100.0);
  json.key("bands");
  json.begin_array();
  band(json, "1x", fr, 0.35 * m.base + unbalance * bc, "velocity");
  band(json, "2x", 2.0 * fr, 0.08 * m.base + 0.7 * shaft * bc, "velocity");
  band(json, "3x", 3.0 * fr, 0.04 * m.base + 0.4 * loose * bc, "velocity");
  band(json, "0.5x", 0.5 * fr, 0.01 * m.base + 0.35 * loose * bc, "velocity");
  for (const MeasuringPoint& point : m.asset->points) {
    if (point.point != signal.point || !point.bearing) continue;
    band(json, "BPFO", ball_pass(*point.bearing, fr, -1.0), 0.05 + 0.55 * outer * bc, "envelope");
    band(json, "BPFI", ball_pass(*point.bearing, fr, 1.0), 0.05, "envelope");
  }
  json.end_array();
  json.field("rpm", std::round(m.rpm * 10.0) / 10.0);
  Outbox::quantity(json, "load", m.load * 100.0, "%");
  json.field("quality", "GOOD");
  json.field("historical", false);
  out.finish(std::move(draft));
}

}  // namespace millwright::simulator
