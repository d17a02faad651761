#include "millwright/domain/features.hpp"

#include <algorithm>

namespace millwright {
namespace {

using F = Feature;
constexpr auto kNum = FeatureType::kNumber;
constexpr auto kFlag = FeatureType::kFlag;
constexpr auto kText = FeatureType::kText;

constexpr std::array<FeatureSpec, kFeatureCount> kTable{{
    {F::kSignalValue, "signal.value", kNum, "signal", "Reading",
     "the reading, in the signal's unit"},
    {F::kSignalUnit, "signal.unit", kText, "", "Unit",
     "the signal's unit as it is printed: mm/s, °C"},
    {F::kSignalKind, "signal.kind", kText, "", "Kind of signal",
     "what is measured: vibration_velocity, ..."},
    {F::kSignalPoint, "signal.point", kText, "", "Measuring point", "measuring point: DE, NDE"},
    {F::kSignalName, "signal.name", kText, "", "Signal", "the signal's name for people"},
    {F::kSignalQuality, "signal.quality", kText, "", "Quality", "GOOD, BAD, STALE or UNCERTAIN"},
    {F::kSignalGated, "signal.gated", kFlag, "", "Not judged",
     "true: not judged, the machine is not at work"},
    {F::kSignalGateReason, "signal.gate_reason", kText, "", "Why not judged",
     "why it is not judged"},
    {F::kSignalScore, "signal.score", kNum, "", "Anomaly score",
     "anomaly score of the bound model, 0..1"},
    {F::kSignalConfidence, "signal.confidence", kNum, "", "Confidence of the score",
     "confidence in that score, 0..1"},
    {F::kSignalZ, "signal.z", kNum, "", "Deviation, robust z",
     "robust z: 0.6745 (x - median) / MAD"},
    {F::kSignalExpected, "signal.expected", kNum, "signal", "Expected", "what the model expected"},
    {F::kSignalExpectedLow, "signal.expected_low", kNum, "signal", "Expected at least",
     "lower edge of that range"},
    {F::kSignalExpectedHigh, "signal.expected_high", kNum, "signal", "Expected at most",
     "upper edge of that range"},
    {F::kSignalAnomalousInRow, "signal.anomalous_in_row", kNum, "", "Unusual readings in a row",
     "readings in a row over the model's limit"},
    {F::kSignalWarm, "signal.warm", kFlag, "", "Model has learned",
     "the model has learned enough to judge"},
    {F::kSignalBaseline, "signal.baseline", kNum, "signal", "Baseline",
     "learned baseline of the running machine"},
    {F::kSignalZone, "signal.zone", kText, "", "Zone of this reading",
     "zone of this reading: A, B, C, D; absent if not judged"},
    {F::kSignalZoneConfirmed, "signal.zone_confirmed", kText, "", "Zone, three in a row",
     "zone held for three readings in a row"},
    {F::kSignalLimitBc, "signal.limit_bc", kNum, "signal", "Limit of zone C",
     "limit between zones B and C"},
    {F::kSignalLimitCd, "signal.limit_cd", kNum, "signal", "Limit of zone D",
     "limit between zones C and D"},
    {F::kSignalAlarmLimit, "signal.alarm_limit", kNum, "signal", "Limit of change",
     "ALARM of the change rule"},
    {F::kSignalAlarmConfirmed, "signal.alarm_confirmed", kFlag, "",
     "Over the limit of change, three in a row", "ALARM crossed for three readings in a row"},
    {F::kSignalGroupKnown, "signal.group_known", kFlag, "", "Machine group known",
     "false: master data lacks group, support or power"},
    {F::kSignalLimitWarn, "signal.limit_warn", kNum, "signal", "Warning limit",
     "absolute warning limit"},
    {F::kSignalLimitAlarm, "signal.limit_alarm", kNum, "signal", "Alarm limit",
     "absolute alarm limit"},
    {F::kSignalWarnConfirmed, "signal.warn_confirmed", kFlag, "",
     "Over the warning limit, three in a row", "warning limit crossed for three readings in a row"},
    {F::kSignalLimitConfirmed, "signal.limit_confirmed", kFlag, "",
     "Over the alarm limit, three in a row", "alarm limit crossed for three readings in a row"},
    {F::kSignalSlopePerDay, "signal.slope_per_day", kNum, "signal", "Trend per day",
     "trend of the running machine, per day"},
    {F::kSignalHoursToBc, "signal.hours_to_bc", kNum, "h", "Until zone C, at the earliest",
     "earliest hours until the B/C limit, lower 80 % bound"},
    {F::kSignalHoursToCd, "signal.hours_to_cd", kNum, "h", "Until zone D, at the earliest",
     "earliest hours until the C/D limit, lower 80 % bound"},
    {F::kSignalRisePerMinute, "signal.rise_per_minute", kNum, "signal", "Rise per minute",
     "rise over the last minutes, per minute"},
    {F::kSignalStuck, "signal.stuck", kFlag, "", "Stands still", "no change at all while running"},
    {F::kSignalStale, "signal.stale", kFlag, "", "Silent",
     "silent for more than twice its interval"},
    {F::kSignalSpike, "signal.spike", kFlag, "", "Spike",
     "outside the sensor's physical range, or a single jump"},
    {F::kSignalUnitSuspect, "signal.unit_suspect", kFlag, "", "Unit in doubt",
     "a step by a known unit ratio: the tag is quarantined"},
    {F::kSignalSilentMinutes, "signal.silent_minutes", kNum, "min", "Silent for",
     "minutes since the last reading"},
    {F::kTempOverAmbient, "temperature.over_ambient", kNum, "K", "Over ambient",
     "bearing over ambient"},
    {F::kTempOverSister, "temperature.over_sister", kNum, "K", "Over its sister bearing",
     "bearing over its sister bearing"},
    {F::kCauseMode, "cause.mode", kText, "", "Failure mode",
     "failure mode of the best cause: BRG-OUTER, ..."},
    {F::kCauseScore, "cause.score", kNum, "", "Evidence found",
     "evidence found over evidence expected, 0..1"},
    {F::kCauseText, "cause.text", kText, "", "Cause", "the cause in words"},
    {F::kCausePart, "cause.part", kText, "", "Part", "the part it points to"},
    {F::kAssetId, "asset.id", kText, "", "Asset", "the asset"},
    {F::kAssetName, "asset.name", kText, "", "Name", "its name"},
    {F::kAssetClass, "asset.class", kText, "", "Class", "fan, pump, motor, ..."},
    {F::kAssetCriticality, "asset.criticality", kText, "", "Criticality", "A, B or C"},
    {F::kAssetState, "asset.state", kText, "", "State",
     "Executing, NotExecuting, ..., as MES says"},
    {F::kAssetMode, "asset.mode", kText, "", "Mode", "Processing, Setup, Maintenance, None"},
    {F::kAssetKnown, "asset.known", kFlag, "", "In the master data",
     "false: not in the master data"},
    {F::kAssetMaintenance, "asset.maintenance", kFlag, "", "In maintenance", "in maintenance mode"},
}};

constexpr bool in_order() {
  for (std::size_t i = 0; i < kTable.size(); ++i) {
    if (std::size_t(kTable[i].id) != i) return false;
  }
  return true;
}
static_assert(in_order(), "the feature table follows the enumeration");

}  // namespace

const std::array<FeatureSpec, kFeatureCount>& feature_table() {
  return kTable;
}

std::string_view feature_label(std::string_view name) {
  const auto found = std::find_if(kTable.begin(), kTable.end(),
                                  [&](const FeatureSpec& spec) { return spec.name == name; });
  return found == kTable.end() ? name : found->label;
}

}  // namespace millwright
