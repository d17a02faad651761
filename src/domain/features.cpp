#include "millwright/domain/features.hpp"

namespace millwright {
namespace {

using F = Feature;
constexpr auto kNum = FeatureType::kNumber;
constexpr auto kFlag = FeatureType::kFlag;
constexpr auto kText = FeatureType::kText;

constexpr std::array<FeatureSpec, kFeatureCount> kTable{{
    {F::kSignalValue, "signal.value", kNum, "signal", "the reading, in the signal's unit"},
    {F::kSignalUnit, "signal.unit", kText, "", "the signal's unit (UCUM)"},
    {F::kSignalKind, "signal.kind", kText, "", "what is measured: vibration_velocity, ..."},
    {F::kSignalPoint, "signal.point", kText, "", "measuring point: DE, NDE"},
    {F::kSignalName, "signal.name", kText, "", "the signal's name for people"},
    {F::kSignalQuality, "signal.quality", kText, "", "GOOD, BAD, STALE or UNCERTAIN"},
    {F::kSignalGated, "signal.gated", kFlag, "", "true: not judged, the machine is not at work"},
    {F::kSignalGateReason, "signal.gate_reason", kText, "", "why it is not judged"},
    {F::kSignalScore, "signal.score", kNum, "", "anomaly score of the bound model, 0..1"},
    {F::kSignalConfidence, "signal.confidence", kNum, "", "confidence in that score, 0..1"},
    {F::kSignalZ, "signal.z", kNum, "", "robust z: 0.6745 (x - median) / MAD"},
    {F::kSignalExpected, "signal.expected", kNum, "signal", "what the model expected"},
    {F::kSignalExpectedLow, "signal.expected_low", kNum, "signal", "lower edge of that range"},
    {F::kSignalExpectedHigh, "signal.expected_high", kNum, "signal", "upper edge of that range"},
    {F::kSignalAnomalousInRow, "signal.anomalous_in_row", kNum, "",
     "readings in a row over the model's limit"},
    {F::kSignalWarm, "signal.warm", kFlag, "", "the model has learned enough to judge"},
    {F::kSignalBaseline, "signal.baseline", kNum, "signal",
     "learned baseline of the running machine"},
    {F::kSignalZone, "signal.zone", kText, "",
     "zone of this reading: A, B, C, D; absent if not judged"},
    {F::kSignalZoneConfirmed, "signal.zone_confirmed", kText, "",
     "zone held for three readings in a row"},
    {F::kSignalLimitBc, "signal.limit_bc", kNum, "signal", "limit between zones B and C"},
    {F::kSignalLimitCd, "signal.limit_cd", kNum, "signal", "limit between zones C and D"},
    {F::kSignalAlarmLimit, "signal.alarm_limit", kNum, "signal", "ALARM of the change rule"},
    {F::kSignalAlarmConfirmed, "signal.alarm_confirmed", kFlag, "",
     "ALARM crossed for three readings in a row"},
    {F::kSignalGroupKnown, "signal.group_known", kFlag, "",
     "false: master data lacks group, support or power"},
    {F::kSignalLimitWarn, "signal.limit_warn", kNum, "signal", "absolute warning limit"},
    {F::kSignalLimitAlarm, "signal.limit_alarm", kNum, "signal", "absolute alarm limit"},
    {F::kSignalWarnConfirmed, "signal.warn_confirmed", kFlag, "",
     "warning limit crossed for three readings in a row"},
    {F::kSignalLimitConfirmed, "signal.limit_confirmed", kFlag, "",
     "alarm limit crossed for three readings in a row"},
    {F::kSignalSlopePerDay, "signal.slope_per_day", kNum, "signal",
     "trend of the running machine, per day"},
    {F::kSignalHoursToBc, "signal.hours_to_bc", kNum, "h",
     "earliest hours until the B/C limit, lower 80 % bound"},
    {F::kSignalHoursToCd, "signal.hours_to_cd", kNum, "h",
     "earliest hours until the C/D limit, lower 80 % bound"},
    {F::kSignalRisePerMinute, "signal.rise_per_minute", kNum, "signal",
     "rise over the last minutes, per minute"},
    {F::kSignalStuck, "signal.stuck", kFlag, "", "no change at all while running"},
    {F::kSignalStale, "signal.stale", kFlag, "", "silent for more than twice its interval"},
    {F::kSignalSpike, "signal.spike", kFlag, "",
     "outside the sensor's physical range, or a single jump"},
    {F::kSignalUnitSuspect, "signal.unit_suspect", kFlag, "",
     "a step by a known unit ratio: the tag is quarantined"},
    {F::kSignalSilentMinutes, "signal.silent_minutes", kNum, "min",
     "minutes since the last reading"},
    {F::kTempOverAmbient, "temperature.over_ambient", kNum, "K", "bearing over ambient"},
    {F::kTempOverSister, "temperature.over_sister", kNum, "K", "bearing over its sister bearing"},
    {F::kCauseMode, "cause.mode", kText, "", "failure mode of the best cause: BRG-OUTER, ..."},
    {F::kCauseScore, "cause.score", kNum, "", "evidence found over evidence expected, 0..1"},
    {F::kCauseText, "cause.text", kText, "", "the cause in words"},
    {F::kCausePart, "cause.part", kText, "", "the part it points to"},
    {F::kAssetId, "asset.id", kText, "", "the asset"},
    {F::kAssetName, "asset.name", kText, "", "its name"},
    {F::kAssetClass, "asset.class", kText, "", "fan, pump, motor, ..."},
    {F::kAssetCriticality, "asset.criticality", kText, "", "A, B or C"},
    {F::kAssetState, "asset.state", kText, "", "Executing, NotExecuting, ..., as MES says"},
    {F::kAssetMode, "asset.mode", kText, "", "Processing, Setup, Maintenance, None"},
    {F::kAssetKnown, "asset.known", kFlag, "", "false: not in the master data"},
    {F::kAssetMaintenance, "asset.maintenance", kFlag, "", "in maintenance mode"},
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

}  // namespace millwright
