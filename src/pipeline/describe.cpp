// Features that say what is known of an asset, a signal and its state.
#include "millwright/codec/catalog.hpp"
#include "pipeline/observer.hpp"

namespace millwright::pipeline {
namespace {

using F = Feature;

constexpr std::string_view kCriticality[] = {"A", "B", "C"};

// Zone held: the highest whose limit is latched.
std::string_view zone_held(const SignalState& state) {
  if (state.zone_d.active) return "D";
  if (state.zone_c.active) return "C";
  return state.zone_b.active ? "B" : "A";
}

void describe_zones(const SignalPlan& plan, const SignalState& state, double value, bool judged,
                    Observation& out) {
  const ZoneLimits& limits = *plan.zones.limits;
  out.features.set(F::kSignalLimitBc, limits.bc);
  out.features.set(F::kSignalLimitCd, limits.cd);
  if (state.baseline.known) {
    out.features.set(F::kSignalAlarmLimit, alarm_limit(state.baseline.value, limits.bc));
  }
  if (!judged) return;
  out.features.set(F::kSignalZone, zone_of(value, limits));
  out.features.set(F::kSignalZoneConfirmed, zone_held(state));
  out.features.set(F::kSignalAlarmConfirmed, state.alarm.active);
}

}  // namespace

void describe_asset(const Entity& entity, Observation& out) {
  FeatureSet& f = out.features;
  if (entity.plan == nullptr) {
    f.set(F::kAssetId, entity.key);
    f.set(F::kAssetKnown, false);
    return;
  }
  const Asset& asset = *entity.plan->asset;
  f.set(F::kAssetId, asset.id.str());
  f.set(F::kAssetName, asset.name);
  f.set(F::kAssetClass, asset.asset_class);
  f.set(F::kAssetCriticality, kCriticality[std::size_t(asset.criticality)]);
  f.set(F::kAssetKnown, true);
  if (entity.plant.equipment != nullptr) {
    f.set(F::kAssetState, entity.plant.equipment->state);
    f.set(F::kAssetMode, entity.plant.equipment->mode);
  }
}

void describe_signal(const SignalPlan& plan, Observation& out) {
  const Signal& signal = *plan.signal;
  FeatureSet& f = out.features;
  f.set(F::kSignalUnit, codec::printed_unit(signal.unit));
  f.set(F::kSignalKind, kind_text(signal.kind));
  if (!signal.point.empty()) f.set(F::kSignalPoint, signal.point);
  f.set(F::kSignalName, signal.name.empty() ? signal.id.str() : signal.name);
  if (signal.kind == SignalKind::kVibrationVelocity) {
    f.set(F::kSignalGroupKnown, plan.zones.group_known);
  }
}

void describe_state(const SignalPlan& plan, const SignalState& state, double value, bool judged,
                    Instant at, Observation& out) {
  FeatureSet& f = out.features;
  if (state.baseline.known) f.set(F::kSignalBaseline, state.baseline.value);
  if (plan.zones.limits) describe_zones(plan, state, value, judged, out);
  if (plan.warn > 0.0) {
    f.set(F::kSignalLimitWarn, plan.warn);
    if (judged) f.set(F::kSignalWarnConfirmed, state.warn.active);
  }
  if (plan.alarm > 0.0) {
    f.set(F::kSignalLimitAlarm, plan.alarm);
    if (judged) f.set(F::kSignalLimitConfirmed, state.limit.active);
  }
  const Fit& fit = state.series.fit();
  if (!fit.known()) return;
  constexpr double kSecondsPerDay = 86'400.0;
  f.set(F::kSignalSlopePerDay, fit.slope * kSecondsPerDay);
  if (!plan.zones.limits) return;
  if (const auto hours = hours_until(fit, plan.zones.limits->bc, at)) {
    f.set(F::kSignalHoursToBc, *hours);
  }
  if (const auto hours = hours_until(fit, plan.zones.limits->cd, at)) {
    f.set(F::kSignalHoursToCd, *hours);
  }
}

}  // namespace millwright::pipeline
