#pragma once
// Asset: one machine as configured, with its place in the hierarchy, its standard and its gate.
// Part of the immutable PlantModel; any thread.

#include <cstdint>
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

}  // namespace millwright
