#include "daemon/config/plant_names.hpp"
#include "daemon/config/tables.hpp"

namespace millwright::daemon {
namespace {

using K = KeyKind;

constexpr Key kSiteKeys[] = {
    {"id", K::kText, kRequired, "short name of the site: lyon"},
    {"name", K::kText, kRequired, "name of the site for people"},
    {"currency", K::kText, kOptional, "ISO 4217 code of all money.", "EUR", nullptr, {}, 3, 3},
    {"emitted_prefix", K::kText, kOptional, "Reverse-DNS prefix of the event types we emit.",
     "com.millwright"},
};
constexpr Section kSite{"site", "The site.", kSiteKeys};

constexpr Key kNodeKeys[] = {
    {"id", K::kText, kRequired, "short name, unique; no spaces nor + # / $"},
    {"name", K::kText, kRequired, "name for people"},
    {"level", K::kChoice, kRequired, "ISA-95 level", "", nullptr, names::kLevels},
    {"parent", K::kText, kOptional, "Id of the node above; without it a root."},
};
constexpr Section kNode{"a node", "A place in the hierarchy.", kNodeKeys};

constexpr Key kShiftKeys[] = {
    {"id", K::kText, kRequired, "name of the shift: early"},
    {"start", K::kTimeOfDay, kRequired, "local time of its start: \"05:00\""},
    {"hours", K::kNumber, kRequired, "length in hours", "", nullptr, {}, 1, 24},
};
constexpr Section kShift{"a shift", "A shift.", kShiftKeys};

constexpr Key kStopKeys[] = {
    {"node", K::kText, kRequired, "id of the line or area that stands"},
    {"from", K::kLocalTime, kRequired, "local time of its start: \"2027-08-02T06:00\""},
    {"to", K::kLocalTime, kRequired, "local time of its end"},
    {"reason", K::kText, kRequired, "why, for people"},
};
constexpr Section kStop{"a planned stop", "A planned stop.", kStopKeys};

constexpr Key kWeeklyKeys[] = {
    {"node", K::kText, kRequired, "id of the line or area that stands"},
    {"day", K::kChoice, kRequired, "day of the week", "", nullptr, names::kWeekdays},
    {"start", K::kTimeOfDay, kRequired, "local time of its start: \"06:00\""},
    {"hours", K::kNumber, kRequired, "length in hours", "", nullptr, {}, 1, 168},
    {"first", K::kDate, kRequired, "first date it may hold on"},
    {"last", K::kDate, kRequired, "last date it may hold on"},
    {"reason", K::kText, kRequired, "why, for people"},
};
constexpr Section kWeekly{"a weekly stop", "A stop in each week.", kWeeklyKeys};

constexpr Key kCalendarKeys[] = {
    {"time_zone", K::kText, kRequired, "IANA time zone of the site: Europe/Paris"},
    {"shifts", K::kSectionList, kRequired, "shifts of a day", "", &kShift},
    {"holidays", K::kTextList, kOptional, "Local dates without work."},
    {"planned_stops", K::kSectionList, kOptional, "Stops with their dates.", "", &kStop},
    {"weekly_stops", K::kSectionList, kOptional, "Stops in each week.", "", &kWeekly},
};
constexpr Section kCalendar{"calendar", "Shifts, holidays, planned stops.", kCalendarKeys};

constexpr Key kBearingKeys[] = {
    {"id", K::kText, kRequired, "designation: 6312-C3"},
    {"balls", K::kInteger, kRequired, "number of rolling elements", "", nullptr, {}, 3, 200},
    {"ball_mm",
     K::kNumber,
     kRequired,
     "diameter of a rolling element, mm",
     "",
     nullptr,
     {},
     1,
     200},
    {"pitch_mm", K::kNumber, kRequired, "pitch diameter, mm", "", nullptr, {}, 5, 2'000},
    {"angle_deg", K::kNumber, kOptional, "Contact angle, degrees.", "0", nullptr, {}, 0, 80},
};
constexpr Section kBearing{"a bearing", "A rolling bearing.", kBearingKeys};

constexpr Key kPointKeys[] = {
    {"point", K::kText, kRequired, "name of the measuring point: DE, NDE"},
    {"bearing", K::kText, kOptional, "Designation of its bearing."},
};
constexpr Section kPoint{"a measuring point", "A measuring point of vibration.", kPointKeys};

constexpr Key kVibrationKeys[] = {
    {"standard", K::kChoice, kRequired, "standard that judges the machine", "", nullptr,
     names::kStandards},
    {"support", K::kChoice, kOptional, "How it stands; unknown: no zone can be given.", "unknown",
     nullptr, names::kSupports},
};
constexpr Section kVibration{"vibration", "How vibration is judged.", kVibrationKeys};

constexpr Key kGateKeys[] = {
    {"by", K::kChoice, kRequired, "how it is known that the machine runs", "", nullptr,
     names::kGates},
    {"work_unit", K::kText, kOptional, "Work unit of MES (by: mes)."},
    {"baseline_rpm",
     K::kNumber,
     kOptional,
     "Normal speed (by: own_speed), r/min.",
     "",
     nullptr,
     {},
     1,
     100'000},
    {"rpm_tolerance",
     K::kNumber,
     kOptional,
     "Share of it that readings may differ.",
     "0.1",
     nullptr,
     {},
     0,
     1},
    {"current_tag", K::kText, kOptional, "Tag of the current (by: own_current)."},
    {"running_current_a",
     K::kNumber,
     kOptional,
     "Above it the machine runs, A.",
     "",
     nullptr,
     {},
     0,
     100'000},
    {"settle", K::kDuration, kOptional, "Readings this soon after a start are not judged.", "10m"},
};
constexpr Section kGate{"gate", "When readings are judged.", kGateKeys};

constexpr Key kSignalKeys[] = {
    {"tag", K::kText, kOptional, "Tag of iot.measurement.sampled; or else point and axis."},
    {"point", K::kText, kOptional, "Measuring point of iot.vibration.features."},
    {"axis", K::kText, kOptional, "Direction: H, V, A."},
    {"name", K::kText, kOptional, "Name for people.", "made from kind, point and axis or tag"},
    {"kind", K::kChoice, kRequired, "what it measures", "", nullptr, names::kSignalKinds},
    {"unit", K::kText, kRequired, "canonical unit, UCUM: mm/s, Cel, bar"},
    {"sensor", K::kText, kOptional, "Id of the sensor."},
    {"resolution", K::kNumber, kOptional, "Smallest step of the sensor.", "0", nullptr, {}, 0},
    {"every", K::kDuration, kOptional, "Expected interval of reports; without it never stale."},
    {"deadband", K::kBool, kOptional, "Reports on change only.", "false"},
    {"low", K::kNumber, kOptional, "Lower end of the sensor's range."},
    {"high", K::kNumber, kOptional, "Upper end of the sensor's range."},
    {"warn", K::kNumber, kOptional, "Warning limit."},
    {"alarm", K::kNumber, kOptional, "Alarm limit."},
    {"zone_bc", K::kNumber, kOptional, "The maker's B/C limit; overrides the standard's."},
    {"zone_cd", K::kNumber, kOptional, "The maker's C/D limit; overrides the standard's."},
    {"ambient", K::kText, kOptional, "Tag of the asset's ambient temperature."},
    {"sister", K::kText, kOptional, "Tag of the other bearing's temperature."},
    {"model", K::kText, kOptional, "Anomaly model; none: no score.",
     "by its kind, from millwright.yaml"},
    {"score_starts_case", K::kBool, kOptional, "A high score alone may open a case.", "true"},
};
constexpr Section kSignal{"a signal", "What a sensor tells of an asset.", kSignalKeys};

constexpr Key kAssetKeys[] = {
    {"id", K::kText, kRequired, "id of the asset: P-101"},
    {"name", K::kText, kRequired, "name for people"},
    {"class", K::kText, kRequired, "what it is: fan, pump, motor, compressor, ..."},
    {"node", K::kText, kRequired, "id of the node it is installed in"},
    {"criticality", K::kChoice, kRequired, "A, B or C", "", nullptr, names::kCriticalities},
    {"power_kw", K::kNumber, kOptional, "Rated power, kW.", "not known", nullptr, {}, 0, 1'000'000},
    {"rated_rpm",
     K::kNumber,
     kOptional,
     "Rated speed, r/min.",
     "not known",
     nullptr,
     {},
     0,
     100'000},
    {"vibration", K::kSection, kOptional, "How vibration is judged; without it data is asked for.",
     "", &kVibration},
    {"line_frequency_hz",
     K::kNumber,
     kOptional,
     "Frequency of its supply, Hz.",
     "50",
     nullptr,
     {},
     1,
     1'000},
    {"gear_teeth",
     K::kInteger,
     kOptional,
     "Teeth of its gear; 0 none.",
     "0",
     nullptr,
     {},
     0,
     10'000},
    {"blades",
     K::kInteger,
     kOptional,
     "Blades of fan or impeller; 0 none.",
     "0",
     nullptr,
     {},
     0,
     1'000},
    {"points", K::kSectionList, kOptional, "Measuring points of vibration.", "", &kPoint},
    {"gate", K::kSection, kRequired, "when its readings are judged", "", &kGate},
    {"equipment", K::kText, kOptional, "The ERP's number for it."},
    {"work_center", K::kText, kOptional, "Who plans its maintenance."},
    {"stop_cost_per_hour",
     K::kNumber,
     kOptional,
     "Cost of an hour it stands unplanned.",
     "not known",
     nullptr,
     {},
     0,
     100'000'000},
    {"signals", K::kSectionList, kOptional, "What its sensors tell.", "", &kSignal},
};
constexpr Section kAsset{"an asset", "A machine.", kAssetKeys};

constexpr Key kMaterialKeys[] = {
    {"id", K::kText, kRequired, "number of the part"},
    {"name", K::kText, kRequired, "name for people"},
    {"unit", K::kText, kOptional, "UN/ECE Rec 20 unit.", "C62"},
    {"unit_cost", K::kNumber, kOptional, "Cost of one.", "0", nullptr, {}, 0, 100'000'000},
    {"lead_time_days",
     K::kInteger,
     kOptional,
     "Days from order to receipt.",
     "0",
     nullptr,
     {},
     0,
     3'650},
    {"location", K::kText, kOptional, "Store."},
    {"on_hand",
     K::kNumber,
     kOptional,
     "Stock until the warehouse's first event.",
     "0",
     nullptr,
     {},
     0,
     100'000'000},
    {"insurance_spare", K::kBool, kOptional, "Kept for what seldom breaks but stops much.",
     "false"},
};
constexpr Section kMaterial{"a material", "A spare part.", kMaterialKeys};

constexpr Key kCraftKeys[] = {
    {"id", K::kText, kRequired, "short name: MECH"},
    {"name", K::kText, kRequired, "name for people"},
    {"rate_per_hour", K::kNumber, kRequired, "cost of an hour", "", nullptr, {}, 0, 100'000},
};
constexpr Section kCraft{"a craft", "A craft, never a person.", kCraftKeys};

constexpr Key kPlanKeys[] = {
    {"class", K::kText, kOptional, "Class of assets; or else `asset`."},
    {"asset", K::kText, kOptional, "One asset; or else `class`."},
    {"modes", K::kTextOrList, kRequired, "failure modes it repairs: BRG-OUTER"},
    {"point", K::kText, kOptional, "Measuring point; without it any."},
    {"text",
     K::kText,
     kRequired,
     "the work order's description, 40 characters",
     "",
     nullptr,
     {},
     1,
     40},
    {"crafts", K::kNumberMap, kRequired, "hours by craft", "", nullptr, {}, 0, 10'000},
    {"kit", K::kNumberMap, kOptional, "Quantity by material.", "", nullptr, {}, 0, 100'000},
    {"hours",
     K::kNumber,
     kRequired,
     "how long the machine stands, hours",
     "",
     nullptr,
     {},
     0,
     10'000},
    {"permit", K::kText, kOptional, "LOTO or a permit's number."},
};
constexpr Section kPlan{"a job plan", "What a repair takes.", kPlanKeys};

constexpr Key kFileKeys[] = {
    {"site", K::kSection, kOptional, "The site; in one file of the folder.", "", &kSite},
    {"nodes", K::kSectionList, kOptional, "The hierarchy.", "", &kNode},
    {"calendar", K::kSection, kOptional, "The calendar; in one file of the folder.", "",
     &kCalendar},
    {"bearings", K::kSectionList, kOptional, "Rolling bearings.", "", &kBearing},
    {"assets", K::kSectionList, kOptional, "Machines.", "", &kAsset},
    {"materials", K::kSectionList, kOptional, "Spare parts.", "", &kMaterial},
    {"crafts", K::kSectionList, kOptional, "Crafts.", "", &kCraft},
    {"job_plans", K::kSectionList, kOptional, "What repairs take.", "", &kPlan},
};
constexpr Section kFile{"a plant file", "Master data of a plant; all files of the folder together.",
                        kFileKeys};

}  // namespace

const Section& plant_file() {
  return kFile;
}

}  // namespace millwright::daemon
