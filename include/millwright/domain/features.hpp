#pragma once
// What `observe` works out about one reading: a closed table of named features that rules may read
// and tasks show. Adding one is one row here and one in docs/rules.md.

#include <array>
#include <bitset>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace millwright {

enum class FeatureType : std::uint8_t { kNumber, kFlag, kText };

enum class Feature : std::uint8_t {
  // signal: the reading itself
  kSignalValue,
  kSignalUnit,
  kSignalKind,
  kSignalPoint,
  kSignalName,
  kSignalQuality,
  kSignalGated,
  kSignalGateReason,
  // signal: anomaly score of the model bound to it
  kSignalScore,
  kSignalConfidence,
  kSignalZ,
  kSignalExpected,
  kSignalExpectedLow,
  kSignalExpectedHigh,
  kSignalAnomalousInRow,
  kSignalWarm,
  // signal: limits, zones and change rule
  kSignalBaseline,
  kSignalZone,
  kSignalZoneConfirmed,
  kSignalLimitBc,
  kSignalLimitCd,
  kSignalAlarmLimit,
  kSignalAlarmConfirmed,
  kSignalGroupKnown,
  kSignalLimitWarn,
  kSignalLimitAlarm,
  kSignalWarnConfirmed,
  kSignalLimitConfirmed,
  // signal: trend
  kSignalSlopePerDay,
  kSignalHoursToBc,
  kSignalHoursToCd,
  kSignalRisePerMinute,
  // signal: health of the sensor
  kSignalStuck,
  kSignalStale,
  kSignalSpike,
  kSignalUnitSuspect,
  kSignalSilentMinutes,
  // bearing temperature
  kTempOverAmbient,
  kTempOverSister,
  // probable cause
  kCauseMode,
  kCauseScore,
  kCauseText,
  kCausePart,
  // asset (master data and plant state)
  kAssetId,
  kAssetName,
  kAssetClass,
  kAssetCriticality,
  kAssetState,
  kAssetMode,
  kAssetKnown,
  kAssetMaintenance,
  kCount
};

inline constexpr std::size_t kFeatureCount = std::size_t(Feature::kCount);

struct FeatureSpec {
  Feature id;
  std::string_view name;  // as rules spell it: signal.value
  FeatureType type;
  std::string_view unit;   // "" none; "signal" the signal's own unit
  std::string_view label;  // for people
  std::string_view doc;
};

// What people call a feature; its name where there is no such feature.
[[nodiscard]] std::string_view feature_label(std::string_view name);

// All features, in the order of the enumeration.
[[nodiscard]] const std::array<FeatureSpec, kFeatureCount>& feature_table();

// The features of one observation; absent ones are absent, not zero. A value type.
class FeatureSet {
 public:
  void set(Feature f, double value) {
    numbers_[std::size_t(f)] = value;
    present_.set(std::size_t(f));
  }
  void set(Feature f, bool value) { set(f, value ? 1.0 : 0.0); }
  void set(Feature f, std::string_view text) {
    if (used_ == texts_.size()) texts_.emplace_back();
    texts_[used_].first = f;
    texts_[used_].second.assign(text);
    ++used_;
    present_.set(std::size_t(f));
  }
  void set(Feature f, const std::string& text) { set(f, std::string_view(text)); }
  void set(Feature f, const char* text) { set(f, std::string_view(text)); }

  [[nodiscard]] bool has(Feature f) const { return present_.test(std::size_t(f)); }
  [[nodiscard]] double number(Feature f, double fallback) const {
    return has(f) ? numbers_[std::size_t(f)] : fallback;
  }
  [[nodiscard]] bool flag(Feature f) const { return has(f) && numbers_[std::size_t(f)] != 0.0; }
  // "" when absent. Set once: the first text given for a feature stays.
  [[nodiscard]] std::string_view text(Feature f) const {
    for (std::size_t i = 0; i < used_; ++i) {
      if (texts_[i].first == f) return texts_[i].second;
    }
    return {};
  }
  // Empties the set but keeps its memory: one object serves all readings of a lane.
  void clear() {
    present_.reset();
    used_ = 0;
  }

 private:
  std::array<double, kFeatureCount> numbers_{};
  std::bitset<kFeatureCount> present_;
  std::vector<std::pair<Feature, std::string>> texts_;  // the first used_ of them count
  std::size_t used_ = 0;
};

}  // namespace millwright
