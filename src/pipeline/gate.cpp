#include "pipeline/gate.hpp"

#include <cmath>

namespace millwright::pipeline {
namespace {

constexpr Duration kSpeedFresh = minutes(15);  // how long a speed stands for the machine

bool in_band(double rpm, const Gate& gate) {
  if (gate.baseline_rpm <= 0.0) return rpm > 0.0;
  return std::fabs(rpm - gate.baseline_rpm) <= gate.rpm_tolerance * gate.baseline_rpm;
}

GateResult closed(std::string_view reason) {
  return {true, reason, false, {}};
}

GateResult by_own_state(const Gate& gate, const Running& own, Instant at, double rpm) {
  if (rpm > 0.0 && !in_band(rpm, gate)) return closed("speed is off its baseline");
  if (!own.running) return closed("machine is not running");
  if (at < own.since + gate.settle) return closed("settling after start");
  return {false, {}, false, own.since};
}

GateResult by_mes(const Gate& gate, const Running& own, const EquipmentState* equipment, Instant at,
                  double rpm) {
  if (equipment == nullptr) {
    const bool speed_known = rpm > 0.0 || (own.rpm_at.is_set() && at - own.rpm_at <= kSpeedFresh);
    if (speed_known) return by_own_state(gate, own, at, rpm);
    return closed("machine state is not known");
  }
  if (equipment->state != "Executing") return closed("machine is not executing");
  if (equipment->mode != "Processing") return closed("machine is not in production mode");
  if (at < equipment->since) return closed("before the last change of machine state");
  if (at < equipment->since + gate.settle) return closed("settling after start");
  if (rpm > 0.0 && gate.baseline_rpm > 0.0 && !in_band(rpm, gate)) {
    return closed("speed is off its baseline");
  }
  return {false, {}, false, equipment->since};
}

}  // namespace

void Running::note(bool now_running, Instant at) {
  if (now_running && !running) since = at;
  running = now_running;
}

void Running::note_speed(double speed_rpm, const Gate& gate, Instant at) {
  rpm = speed_rpm;
  rpm_at = at;
  if (gate.by != GateBy::kOwnCurrent) note(in_band(speed_rpm, gate), at);
}

void Running::save(ByteWriter& out) const {
  out.put(std::uint8_t(running));
  out.put(since);
  out.put(rpm);
  out.put(rpm_at);
}

void Running::load(ByteReader& in) {
  running = in.take<std::uint8_t>() != 0;
  in.get(since);
  in.get(rpm);
  in.get(rpm_at);
}

GateResult judge_gate(const Asset& asset, const Running& own, const PlantState& plant, Instant at,
                      double rpm) {
  const ServiceState* service = plant.service;
  if (service != nullptr && service->in_maintenance &&
      (!service->maintenance_until.is_set() || at < service->maintenance_until)) {
    return {true, "in maintenance", true, {}};
  }
  switch (asset.gate.by) {
    case GateBy::kMes:
      return by_mes(asset.gate, own, plant.equipment, at, rpm);
    case GateBy::kOwnSpeed:
    case GateBy::kOwnCurrent:
      return by_own_state(asset.gate, own, at, rpm);
    case GateBy::kNone:
      break;
  }
  return {};
}

}  // namespace millwright::pipeline
