#pragma once
// Units of measure and how they convert: one constant row for each spelling. UCUM for physics,
// UN/ECE Rec 20 for business, and the spellings that plants really send. Constant data, any thread.

#include <cstdint>
#include <span>
#include <string_view>

namespace millwright::codec {

enum class Dimension : std::uint8_t {
  kVelocity,
  kAcceleration,
  kTemperature,
  kPressure,
  kFrequency,
  kCurrent,
  kVoltage,
  kPower,
  kReactivePower,
  kApparentPower,
  kEnergy,
  kReactiveEnergy,
  kRatio,
  kTime,
  kLength,
  kMass,
  kVolume,
  kFlow,
  kMassFlow,
  kCount,
  kForce,
  kTorque,
  kConductivity,
  kAcidity,
  kAngle,
  kLight,
  kSound,
  kArea
};

// In base units of its dimension a value is (value + shift) * mul / div: exact at the fixed points.
struct Unit {
  std::string_view code;
  Dimension dimension;
  std::string_view canonical;  // of quantities without a unit of their own in the catalogue
  double mul = 1.0;
  double div = 1.0;
  double shift = 0.0;
};

// Sorted by code; a code that means several things has a row for each.
[[nodiscard]] std::span<const Unit> units();

enum class Detector : std::uint8_t { kUnsaid, kRms, kPeak, kPeakToPeak };

struct UnitLookup {
  const Unit* row = nullptr;
  Detector detector = Detector::kUnsaid;  // "mm/s rms", "mm/s pk": never converted silently
  bool ambiguous = false;                 // several meanings, and `target` does not decide
};

// `target`: the unit wanted, which tells g (gravity) from g (gram); "" none.
[[nodiscard]] UnitLookup find_unit(std::string_view unit, std::string_view target);

// Both of one dimension.
[[nodiscard]] double convert(double value, const Unit& from, const Unit& to);

}  // namespace millwright::codec
