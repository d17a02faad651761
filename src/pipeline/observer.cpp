#include "pipeline/observer.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace millwright::pipeline {
namespace {

using F = Feature;
constexpr std::size_t kRecentMax = 10;
constexpr Duration kRenewedAfter = lateness_budget(SourceFamily::kIot);
constexpr double kSpikeZ = 10.0;
constexpr double kOverAmbient = 40.0;  // K, bearing housing
constexpr double kOverSister = 15.0;
constexpr Duration kNeighbourFresh = minutes(15);  // how long another signal's value stands
constexpr double kSureModel = 0.5;  // confidence from which a decision may stand on the model

void next_silence(const SignalPlan& plan, SignalState& state) {
  const Duration every = plan.signal->report_every;
  state.stale_at = every > Duration() ? state.order.at + every * kStaleIntervals : Instant();
}

// Another signal's value, if it is fresh.
std::optional<double> neighbour(const Entity& entity, int index, Instant at) {
  if (index < 0 || entity.signals[std::size_t(index)] == nullptr) return std::nullopt;
  const SignalState& other = *entity.signals[std::size_t(index)];
  const bool fresh = other.good_at.is_set() && at - other.good_at <= kNeighbourFresh;
  return fresh ? std::optional<double>(other.value) : std::nullopt;
}

void note_running(Entity& entity, const SignalPlan& plan, double value, Instant at) {
  const Gate& gate = entity.plan->asset->gate;
  if (plan.signal->kind == SignalKind::kSpeed) entity.running.note_speed(value, gate, at);
  if (gate.by == GateBy::kOwnCurrent && !gate.current_tag.empty() &&
      plan.signal->tag == gate.current_tag) {
    entity.running.note(value > gate.running_current_a, at);
  }
}

}  // namespace

void note_repair(Entity& entity) {
  const ServiceState* service = entity.plant.service;
  if (service == nullptr || service->restarted <= entity.restarted) return;
  entity.restarted = service->restarted;
  for (auto& signal : entity.signals) {
    if (signal != nullptr) signal->start_anew(service->restarted);
  }
  entity.watches.start_anew();
}

Disposition Observer::measurement(Entity& entity, const Event& event, const TypeUse& use,
                                  std::uint64_t source, Observation& out) {
  observed_.clear();
  const std::string_view tag = use.text(event, Slot::kTag);
  const int index = entity.plan == nullptr ? -1 : entity.plan->by_tag(tag);
  describe_asset(entity, out);
  if (index < 0) {
    if (entity.plan != nullptr) out.features.set(F::kAssetKnown, false);
    out.features.set(F::kSignalName, tag);
    return Disposition::kUnmapped;
  }
  Reading reading;
  reading.event = &event;
  reading.index = std::size_t(index);
  reading.at = event.time;
  reading.value = use.number(event, Slot::kValue, std::numeric_limits<double>::quiet_NaN());
  reading.quality = use.text(event, Slot::kQuality);
  reading.source = source;
  SignalState& state = entity.signal(reading.index);
  if (state.order.is_older(event.time, source, event.sequence, kRenewedAfter)) {
    return Disposition::kOutOfOrder;
  }
  read(entity, reading, out);
  judge_heat(entity, reading, out);
  keep_evidence(state, reading, out);
  return Disposition::kObserved;
}

Disposition Observer::vibration(Entity& entity, const Event& event, const TypeUse& use,
                                std::uint64_t source, Observation& out) {
  observed_.clear();
  const std::string_view point = use.text(event, Slot::kPoint);
  const std::string_view axis = use.text(event, Slot::kAxis);
  const int index = entity.plan == nullptr ? -1 : entity.plan->by_point(point, axis);
  describe_asset(entity, out);
  if (index < 0) {
    if (entity.plan != nullptr) out.features.set(F::kAssetKnown, false);
    std::string name(point);
    if (!axis.empty()) name.append("-").append(axis);
    out.features.set(F::kSignalName, name);
    return Disposition::kUnmapped;
  }
  Reading reading;
  reading.event = &event;
  reading.index = std::size_t(index);
  reading.at = event.time;
  reading.value = use.number(event, Slot::kVRms, std::numeric_limits<double>::quiet_NaN());
  reading.quality = use.text(event, Slot::kQuality);
  reading.rpm = use.number(event, Slot::kRpm, 0.0);
  reading.source = source;
  SignalState& state = entity.signal(reading.index);
  if (state.order.is_older(event.time, source, event.sequence, kRenewedAfter)) {
    return Disposition::kOutOfOrder;
  }
  if (reading.rpm > 0.0) {
    entity.running.note_speed(reading.rpm, entity.plan->asset->gate, event.time);
  }
  read(entity, reading, out);
  if (reading.judged) judge_spectrum(entity, use, reading, out);
  keep_evidence(state, reading, out);
  return Disposition::kObserved;
}

// What holds for every reading: order, quality, gate, sensor, then the state of the machine.
void Observer::read(Entity& entity, Reading& reading, Observation& out) {
  const SignalPlan& plan = entity.plan->signals[reading.index];
  SignalState& state = entity.signal(reading.index);
  out.signal = plan.signal->id;
  observed_.push_back(reading.index);
  state.order.advance(reading.at, reading.source, reading.event->sequence);
  reading.bad =
      (!reading.quality.empty() && reading.quality != "GOOD") || !std::isfinite(reading.value);
  reading.value *= state.scale;
  if (reading.quality != "STALE") next_silence(plan, state);
  if (!reading.bad) note_running(entity, plan, reading.value, reading.at);
  reading.gate =
      judge_gate(*entity.plan->asset, entity.running, entity.plant, reading.at, reading.rpm);
  if (reading.bad) {
    reading.gate.gated = true;
    reading.gate.reason = "quality is not GOOD";
  } else {
    look_at_sensor(plan, state, reading);
  }
  FeatureSet& f = out.features;
  describe_signal(plan, out);
  if (std::isfinite(reading.value)) f.set(F::kSignalValue, reading.value);
  f.set(F::kSignalQuality, reading.quality.empty() ? "GOOD" : reading.quality);
  f.set(F::kSignalGated, reading.gate.gated);
  if (reading.gate.gated) f.set(F::kSignalGateReason, reading.gate.reason);
  f.set(F::kAssetMaintenance, reading.gate.maintenance);
  if (reading.judged) judge(plan, state, reading, out);
  f.set(F::kSignalSpike, reading.spike);
  if (!reading.gate.gated) f.set(F::kSignalStuck, state.health.stuck());
  f.set(F::kSignalUnitSuspect, state.health.unit_suspect());
  f.set(F::kSignalStale, reading.quality == "STALE");
  describe_state(plan, state, reading.value, reading.judged, reading.at, out);
  if (reading.bad) return;
  state.value = reading.value;
  state.good_at = reading.at;
}

void Observer::look_at_sensor(const SignalPlan& plan, SignalState& state, Reading& reading) {
  const Signal& signal = *plan.signal;
  reading.out_of_range = (signal.range_low && reading.value < *signal.range_low) ||
                         (signal.range_high && reading.value > *signal.range_high);
  reading.spike = reading.out_of_range;
  if (reading.gate.gated || reading.out_of_range) return;
  const bool had = state.good_at.is_set();
  if (had && !signal.deadband) state.health.see_repeat(reading.value == state.value);
  const auto unit =
      state.health.see_unit(signal.kind, reading.value, had ? state.value : reading.value);
  reading.quarantined = unit == SensorHealth::Unit::kSuspect;
  reading.judged = unit == SensorHealth::Unit::kFine && !state.health.stuck();
}

void Observer::judge(const SignalPlan& plan, SignalState& state, Reading& reading,
                     Observation& out) {
  FeatureSet& f = out.features;
  judge_limits(plan, state, reading, out);
  double low = std::numeric_limits<double>::quiet_NaN();
  double high = low;
  if (plan.model != nullptr) {
    if (state.model == nullptr) state.model = plan.model->fresh();
    model::Score score =
        plan.model->score(*state.model, {reading.at, {&reading.value, 1}, plan.signal->resolution});
    state.anomalous_in_row = score.anomalous
                                 ? std::uint16_t(std::min(state.anomalous_in_row + 1, 0xffff))
                                 : std::uint16_t(0);
    f.set(F::kSignalScore, score.warm ? score.score : 0.0);
    f.set(F::kSignalConfidence, score.confidence);
    f.set(F::kSignalZ, score.z);
    f.set(F::kSignalExpected, score.expected);
    f.set(F::kSignalWarm, score.warm);
    if (score.warm) {
      low = score.low;
      high = score.high;
      f.set(F::kSignalExpectedLow, low);
      f.set(F::kSignalExpectedHigh, high);
    }
    if (plan.signal->score_starts_case) {
      f.set(F::kSignalAnomalousInRow, double(state.anomalous_in_row));
    }
    if (state.anomalous_in_row == 1 && std::fabs(score.z) > kSpikeZ) reading.spike = true;
    out.model = {ModelId(plan.model->description().id),
                 std::string(plan.model->description().version)};
    if (score.warm && score.confidence >= kSureModel) out.rung = Rung::kModel;
    for (Contribution& c : score.contributions) out.contributions.push_back(std::move(c));
  }
  if (!reading.raised && state.anomalous_in_row == 0) {
    const Duration since = state.judged_at.is_set() ? reading.at - state.judged_at : Duration();
    state.baseline.learn(reading.value, since);
  }
  state.judged_at = reading.at;
  state.recent_values.push(reading.at, reading.value);
  state.series.add(reading.at, reading.value, low, high, plan.chart_width, plan.chart_widest);
}

void Observer::judge_limits(const SignalPlan& plan, SignalState& state, Reading& reading,
                            Observation&) {
  const double v = reading.value;
  if (plan.zones.limits) {
    const ZoneLimits& limits = *plan.zones.limits;
    state.zone_b.see(v, limits.ab, reading.at);
    state.zone_c.see(v, limits.bc, reading.at);
    state.zone_d.see(v, limits.cd, reading.at);
    reading.raised = v > limits.bc;
    if (state.baseline.known) {
      const double limit = alarm_limit(state.baseline.value, limits.bc);
      state.alarm.see(v, limit, reading.at);
      reading.raised = reading.raised || v > limit;
    }
  }
  if (plan.alarm > 0.0) {
    state.limit.see(v, plan.alarm, reading.at);
    reading.raised = reading.raised || v > plan.alarm;
  }
  if (plan.warn > 0.0) {
    state.warn.see(v, plan.warn, reading.at);
    reading.raised = reading.raised || v > plan.warn;
  }
}

void Observer::judge_heat(Entity& entity, Reading& reading, Observation& out) {
  const SignalPlan& plan = entity.plan->signals[reading.index];
  if (!reading.judged || plan.signal->kind != SignalKind::kBearingTemperature) return;
  HotBearing hot;
  hot.value = reading.value;
  hot.warn = plan.warn;
  if (const auto ambient = neighbour(entity, plan.ambient, reading.at)) {
    hot.over_ambient = reading.value - *ambient;
    out.features.set(F::kTempOverAmbient, *hot.over_ambient);
  }
  if (const auto sister = neighbour(entity, plan.sister, reading.at)) {
    hot.over_sister = reading.value - *sister;
    out.features.set(F::kTempOverSister, *hot.over_sister);
  }
  hot.rise_per_minute = entity.signal(reading.index).recent_values.rise();
  if (hot.rise_per_minute) out.features.set(F::kSignalRisePerMinute, *hot.rise_per_minute);
  const bool over = reading.raised || (hot.over_ambient && *hot.over_ambient > kOverAmbient) ||
                    (hot.over_sister && *hot.over_sister > kOverSister);
  if (!over) return;
  reading.raised = true;
  for (std::size_t i = 0; i < entity.signals.size(); ++i) {
    const SignalState* other = entity.signals[i].get();
    if (other == nullptr || !entity.plan->signals[i].zones.limits) continue;
    hot.vibration_known = true;
    hot.vibration_raised =
        hot.vibration_raised || other->zone_c.stirring() || other->alarm.stirring();
  }
  adopt_cause(cause_of_heat(hot), out);
}

void Observer::adopt_cause(Cause cause, Observation& out) {
  if (cause.mode.empty()) return;
  out.features.set(F::kCauseMode, cause.mode);
  out.features.set(F::kCauseScore, cause.score);
  out.features.set(F::kCauseText, cause.text);
  out.features.set(F::kCausePart, cause.part);
  out.contributions.insert(out.contributions.begin(),
                           std::make_move_iterator(cause.contributions.begin()),
                           std::make_move_iterator(cause.contributions.end()));
}

// The readings that hold up the present state, for the decision's evidence; and whose the
// observation is: a sensor that cannot be believed stands for itself, not for its machine.
void Observer::keep_evidence(SignalState& state, const Reading& reading, Observation& out) {
  const bool faulty =
      reading.out_of_range || reading.quarantined || (!reading.gate.gated && state.health.stuck());
  if (faulty) out.entity = out.signal.str();
  if (!faulty && !reading.raised && !state.stirring()) {
    if (!state.recent.empty()) state.recent.clear();
    return;
  }
  if (reading.gate.gated) return;
  if (state.recent.size() == kRecentMax) state.recent.erase(state.recent.begin());
  state.recent.push_back(reading.event->key);
  out.recent = state.recent;
}

void Observer::about_asset(const Entity& entity, Observation& out) {
  observed_.clear();
  if (entity.plan != nullptr) describe_asset(entity, out);
}

bool Observer::silence(Entity& entity, std::size_t index, Instant now, Observation& out) {
  const SignalPlan& plan = entity.plan->signals[index];
  SignalState& state = entity.signal(index);
  const GateResult gate = judge_gate(*entity.plan->asset, entity.running, entity.plant, now, 0.0);
  // A signal that only speaks while the machine runs had nothing to say before.
  const Instant since = std::max(state.order.at, gate.open_since);
  const Duration silent = now - since;
  const Duration patience = plan.signal->report_every * kStaleIntervals;
  if (silent < patience) {
    state.stale_at = since + patience;
    return false;
  }
  // Told again ever more rarely, so that a rule with a longer patience still hears of it.
  state.stale_at = now + std::clamp(Duration(silent.ns() / 4), minutes(1), hours(1));
  describe_asset(entity, out);
  describe_signal(plan, out);
  out.asset = entity.plan->asset->id;
  out.signal = plan.signal->id;
  out.entity = plan.signal->id.str();
  FeatureSet& f = out.features;
  f.set(F::kSignalStale, true);
  f.set(F::kSignalSilentMinutes, silent.seconds() / 60.0);
  f.set(F::kSignalValue, state.value);
  f.set(F::kSignalQuality, "STALE");
  f.set(F::kSignalGated, gate.gated);
  if (gate.gated) f.set(F::kSignalGateReason, gate.reason);
  f.set(F::kAssetMaintenance, gate.maintenance);
  describe_state(plan, state, state.value, false, now, out);
  out.rung = Rung::kLimits;
  return true;
}

}  // namespace millwright::pipeline
