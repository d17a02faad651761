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
#include "millwright/domain/asset.hpp"
#include "millwright/domain/ids.hpp"

namespace millwright {

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

// From here on local time is so far ahead of UTC.
struct ZoneOffset {
  Instant from;
  std::int64_t seconds = 0;
};

struct Calendar {
  std::string time_zone = "UTC";    // IANA
  std::vector<ZoneOffset> offsets;  // of that zone, in order; none: UTC
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
  // Whether a stop of this node is one of the asset: the node is its own, or one above it.
  [[nodiscard]] bool stops(const Asset& asset, const std::string& node) const;
  // Start of the next planned stop of the asset's line or area at or after `from`, if any.
  [[nodiscard]] std::optional<Instant> next_planned_stop(const Asset& asset, Instant from) const;
};

using PlantModelPtr = std::shared_ptr<const PlantModel>;

}  // namespace millwright
