#include "pipeline/zones.hpp"

#include <algorithm>

namespace millwright::pipeline {
namespace {

// ISO 20816-3:2022 (before: ISO 10816-3:2009) tables A.1, A.2, r.m.s. velocity.
constexpr ZoneLimits kGroup1Rigid{2.3, 4.5, 7.1};
constexpr ZoneLimits kGroup1Flexible{3.5, 7.1, 11.0};
constexpr ZoneLimits kGroup2Rigid{1.4, 2.8, 4.5};
constexpr ZoneLimits kGroup2Flexible{2.3, 4.5, 7.1};
// ISO 10816-1:1995 annex B, class I.
constexpr ZoneLimits kClassI{0.71, 1.8, 4.5};
// ISO 10816-7:2009 table A.1. Category I: high reliability, availability or safety is asked for.
constexpr ZoneLimits kPumpOneSmall{2.5, 4.0, 6.6};
constexpr ZoneLimits kPumpOneLarge{3.5, 5.0, 7.6};
constexpr ZoneLimits kPumpTwoSmall{3.2, 5.1, 8.5};
constexpr ZoneLimits kPumpTwoLarge{4.2, 6.1, 9.5};
constexpr double kPumpLargeKw = 200.0;

Judged by_support(Support support, const ZoneLimits& rigid, const ZoneLimits& flexible) {
  switch (support) {
    case Support::kRigid:
      return {rigid, true};
    case Support::kFlexible:
      return {flexible, true};
    case Support::kUnknown:
      break;
  }
  return {std::nullopt, false};
}

Judged pump(const Asset& asset) {
  if (asset.power_kw <= 0.0) return {std::nullopt, false};
  const bool large = asset.power_kw > kPumpLargeKw;
  if (asset.criticality == Criticality::kA) return {large ? kPumpOneLarge : kPumpOneSmall, true};
  return {large ? kPumpTwoLarge : kPumpTwoSmall, true};
}

Judged by_standard(const Asset& asset) {
  switch (asset.standard) {
    case VibrationStandard::kIso20816Group1:
      return by_support(asset.support, kGroup1Rigid, kGroup1Flexible);
    case VibrationStandard::kIso20816Group2:
      return by_support(asset.support, kGroup2Rigid, kGroup2Flexible);
    case VibrationStandard::kClassI:
      return {kClassI, true};
    case VibrationStandard::kIso10816Part7:
      return pump(asset);
    case VibrationStandard::kNone:
      return {std::nullopt, true};
    case VibrationStandard::kUnknown:
      break;
  }
  return {std::nullopt, false};
}

}  // namespace

Judged zone_limits(const Asset& asset, const Signal& signal) {
  if (signal.kind != SignalKind::kVibrationVelocity) return {std::nullopt, true};
  Judged judged = by_standard(asset);
  if (signal.limit_bc && signal.limit_cd) {
    // In the standards' own tables A/B lies at half of B/C.
    const double half = *signal.limit_bc / 2.0;
    const double ab = judged.limits ? std::min(judged.limits->ab, half) : half;
    return {ZoneLimits{ab, *signal.limit_bc, *signal.limit_cd}, true};
  }
  if (judged.limits && signal.limit_bc) judged.limits->bc = *signal.limit_bc;
  if (judged.limits && signal.limit_cd) judged.limits->cd = *signal.limit_cd;
  return judged;
}

std::string_view zone_of(double value, const ZoneLimits& limits) {
  if (value <= limits.ab) return "A";
  if (value <= limits.bc) return "B";
  return value <= limits.cd ? "C" : "D";
}

double alarm_limit(double baseline, double bc) {
  return std::min(baseline + 0.25 * bc, 1.25 * bc);
}

}  // namespace millwright::pipeline
