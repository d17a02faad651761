#pragma once
// PlantModel: the plant's master data as configured (config/plant/*.yaml): hierarchy, assets,
// signals, parts, crafts, calendar. Immutable after loading and shared by all threads; every
// decision names the version (a hash of the files) it saw.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "millwright/base/time.hpp"
#include "millwright/domain/ids.hpp"

namespace millwright {

// ISA-95 equipment levels (B2MML codes).
enum class Level : std::uint8_t {
  kEnterprise,
  kSite,
  kArea,
  kProductionLine,
  kProcessCell,
  kProductionUnit,
  kStorageZone,
  kWorkCenter,
  kWorkCell,
  kUnit,
  kStorageUnit,
  kWorkUnit,
  kEquipmentModule,
  kControlModule
};

struct PlantNode {
  std::string id;
  std::string name;
  Level level = Level::kSite;
  std::string parent;  // "" at the root
  std::string path;    // acme/lyon/utilities/cooling, from the root down
};

enum class Criticality : std::uint8_t { kA, kB, kC };

// Which limits apply; unknown means: no zone, ask for the data.
enum class VibrationStandard : std::uint8_t {
  kUnknown,
  kIso20816Group1,  // motors, fans, compressors, generators over 300 kW
  kIso20816Group2,  // the same, 15 to 300 kW
  kClassI,          // below 15 kW (ISO 10816-1)
  kIso10816Part7,   // rotodynamic pumps
  kNone,            // not judged by vibration
};
enum class Support : std::uint8_t { kUnknown, kRigid, kFlexible };

// Rolling bearing geometry for defect frequencies (DOMAIN.md 3.1's BPFO, BPFI, BSF, FTF).
struct BearingGeometry {
  std::string designation;  // 6312-C3
  int balls = 0;
  double ball_diameter_mm = 0.0;
  double pitch_diameter_mm = 0.0;
  double contact_angle_deg = 0.0;
};

// One measuring point of vibration on an asset: DE, NDE.
struct MeasuringPoint {
  std::string point;
  std::optional<BearingGeometry> bearing;
};

// How the operating-mode gate of an asset is known.
enum class GateBy : std::uint8_t { kMes, kOwnSpeed, kOwnCurrent, kNone };

struct Gate {
  GateBy by = GateBy::kMes;
  WorkUnitId work_unit;       // kMes
  double baseline_rpm = 0.0;  // kOwnSpeed, and the +-10 % band where known
  double rpm_tolerance = 0.10;
  std::string current_tag;         // kOwnCurrent: tag of the asset's current signal
  double running_current_a = 0.0;  // above it the machine runs
  Duration settle = minutes(10);   // readings this soon after a start are not judged
};

struct Asset {
  AssetId id;
  std::string name;
  std::string asset_class;  // fan, pump, motor, compressor, ...
  std::string node;         // id of the PlantNode it is installed in
  std::string path;         // of that node
  Criticality criticality = Criticality::kC;
  double power_kw = 0.0;  // 0: not known
  double rated_rpm = 0.0;
  VibrationStandard standard = VibrationStandard::kUnknown;
  Support support = Support::kUnknown;
  double line_frequency_hz = 50.0;
  int gear_teeth = 0;  // 0: no gear
  int blades = 0;      // fan or pump
  std::vector<MeasuringPoint> points;
  Gate gate;
  std::string equipment_number;     // the ERP's name for it
  std::string work_center;          // that plans its maintenance
  double stop_cost_per_hour = 0.0;  // money of the site's currency
};

// What is judged how.
enum class SignalKind : std::uint8_t {
  kVibrationVelocity,
  kBearingTemperature,
  kTemperature,
  kCurrent,
  kSpeed,
  kPressure,
  kFlow,
  kVoltage,
  kPower,
  kOther
};

struct Signal {
  SignalId id;  // "P-101/bearing-temp-de", or "P-101/DE-H" for a vibration point
  AssetId asset;
  std::string tag;    // of iot.measurement.sampled; "" for vibration features
  std::string point;  // of iot.vibration.features; "" otherwise
  std::string axis;
  std::string name;  // "Vibration, drive end, horizontal"
  SignalKind kind = SignalKind::kOther;
  std::string unit;  // canonical, UCUM
  SensorId sensor;
  double resolution = 0.0;                      // smallest step of the sensor; floor of the spread
  Duration report_every;                        // expected interval; 0: none expected, never stale
  bool deadband = false;                        // reports on change only: repeats are legitimate
  std::optional<double> range_low, range_high;  // physical range of the sensor
  std::optional<double> warn, alarm;            // absolute limits, OEM or site
  std::optional<double> limit_bc, limit_cd;     // OEM zone limits; override the standard's
  std::string ambient_tag;                      // bearing temperature: the asset's ambient signal
  std::string sister_tag;                       // bearing temperature: the other bearing's signal
  ModelId model;                                // "" : no anomaly score
  bool score_starts_case = true;
};

struct CraftHours {
  CraftId craft;
  double hours = 0.0;
  friend bool operator==(const CraftHours&, const CraftHours&) = default;
};

struct KitLine {
  MaterialId material;
  double quantity = 1.0;
  friend bool operator==(const KitLine&, const KitLine&) = default;
};

// What a repair of one failure mode takes, by asset class or asset (the spare BOM, seen from work).
struct JobPlan {
  std::string asset_class;  // "" with an asset
  AssetId asset;            // "" with a class
  FailureMode mode;
  std::string point;  // "" any measuring point
  std::string text;   // up to 40 characters, the work order's description
  std::vector<CraftHours> crafts;
  std::vector<KitLine> kit;
  double duration_h = 0.0;
  std::string permit;  // LOTO or permit number; "" none
};

struct Material {
  MaterialId id;
  std::string name;
  std::string unit = "C62";  // UN/ECE Rec 20
  double unit_cost = 0.0;
  int lead_time_days = 0;
  std::string location;          // store
  double initial_on_hand = 0.0;  // until the first event of the warehouse
  bool insurance_spare = false;
};

struct Craft {
  CraftId id;
  std::string name;
  double rate_per_hour = 0.0;
};

struct Shift {
  std::string id;        // early, late, night
  int start_minute = 0;  // local minutes after midnight
  int length_minutes = 480;
};

struct PlannedStop {
  std::string node;  // line or area
  Instant from;
  Instant to;
  std::string reason;
};

struct Calendar {
  std::string time_zone = "UTC";  // IANA
  std::vector<Shift> shifts;
  std::vector<std::string> holidays;  // local dates, YYYY-MM-DD
  std::vector<PlannedStop> planned_stops;
};

struct PlantModel {
  std::string version;  // hash of the configuration it came from
  std::string site_id;
  std::string site_name;
  std::string currency = "EUR";
  std::string emitted_prefix = "com.millwright";  // reverse-DNS prefix of what we emit
  std::map<std::string, PlantNode> nodes;
  std::map<AssetId, Asset> assets;
  std::map<SignalId, Signal> signals;
  std::map<MaterialId, Material> materials;
  std::map<CraftId, Craft> crafts;
  std::vector<JobPlan> job_plans;
  Calendar calendar;

  // The plan that fits best: asset before class, measuring point before any; null if none.
  [[nodiscard]] const JobPlan* job_plan(const Asset& asset, const FailureMode& mode,
                                        std::string_view point) const;
  // Start of the next planned stop of the asset's line or area at or after `from`, if any.
  [[nodiscard]] std::optional<Instant> next_planned_stop(const Asset& asset, Instant from) const;
};

using PlantModelPtr = std::shared_ptr<const PlantModel>;

}  // namespace millwright
