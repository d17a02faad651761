#include "codec/units.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace millwright::codec {
namespace {

using D = Dimension;

// Exact definitions: inch 25.4 mm, standard gravity 9.80665 m/s2, pound-force per square inch
// 6 894.757293168 Pa, mechanical horsepower 745.699872 W, imperial scales as 5/9 (NIST SP 811).
constexpr Unit kRows[] = {
    {"mm/s", D::kVelocity, "mm/s"},
    {"cm/s", D::kVelocity, "mm/s", 10},
    {"m/s", D::kVelocity, "mm/s", 1'000},
    {"in/s", D::kVelocity, "mm/s", 25.4},
    {"[in_i]/s", D::kVelocity, "mm/s", 25.4},
    {"ips", D::kVelocity, "mm/s", 25.4},

    {"m/s2", D::kAcceleration, "m/s2"},
    {"m/s^2", D::kAcceleration, "m/s2"},
    {"mm/s2", D::kAcceleration, "m/s2", 1, 1'000},
    {"[g]", D::kAcceleration, "m/s2", 9.80665},
    {"gn", D::kAcceleration, "m/s2", 9.80665},
    {"g", D::kAcceleration, "m/s2", 9.80665},

    {"Cel", D::kTemperature, "Cel"},
    {"degC", D::kTemperature, "Cel"},
    {"\xC2\xB0"
     "C",
     D::kTemperature, "Cel"},
    {"K", D::kTemperature, "Cel", 1, 1, -273.15},
    {"[degF]", D::kTemperature, "Cel", 5, 9, -32},
    {"degF", D::kTemperature, "Cel", 5, 9, -32},
    {"\xC2\xB0"
     "F",
     D::kTemperature, "Cel", 5, 9, -32},

    {"bar", D::kPressure, "bar"},
    {"mbar", D::kPressure, "bar", 1, 1'000},
    {"Pa", D::kPressure, "bar", 1, 100'000},
    {"hPa", D::kPressure, "bar", 1, 1'000},
    {"kPa", D::kPressure, "bar", 1, 100},
    {"MPa", D::kPressure, "bar", 10},
    {"psi", D::kPressure, "bar", 6'894.757293168, 100'000},
    {"[psi]", D::kPressure, "bar", 6'894.757293168, 100'000},

    {"Hz", D::kFrequency, "Hz"},
    {"kHz", D::kFrequency, "Hz", 1'000},
    {"r/min", D::kFrequency, "r/min", 1, 60},
    {"rpm", D::kFrequency, "r/min", 1, 60},
    {"{rev}/min", D::kFrequency, "r/min", 1, 60},
    {"1/min", D::kFrequency, "r/min", 1, 60},
    {"/min", D::kFrequency, "r/min", 1, 60},

    {"A", D::kCurrent, "A"},
    {"mA", D::kCurrent, "A", 1, 1'000},
    {"V", D::kVoltage, "V"},
    {"mV", D::kVoltage, "V", 1, 1'000},
    {"kV", D::kVoltage, "V", 1'000},

    {"kW", D::kPower, "kW"},
    {"W", D::kPower, "kW", 1, 1'000},
    {"MW", D::kPower, "kW", 1'000},
    {"[HP]", D::kPower, "kW", 745.699872, 1'000},
    {"hp", D::kPower, "kW", 745.699872, 1'000},
    {"kvar", D::kReactivePower, "kvar"},
    {"var", D::kReactivePower, "kvar", 1, 1'000},
    {"Mvar", D::kReactivePower, "kvar", 1'000},
    {"kV.A", D::kApparentPower, "kV.A"},
    {"kVA", D::kApparentPower, "kV.A"},

    {"kW.h", D::kEnergy, "kW.h"},
    {"kWh", D::kEnergy, "kW.h"},
    {"KWH", D::kEnergy, "kW.h"},
    {"W.h", D::kEnergy, "kW.h", 1, 1'000},
    {"Wh", D::kEnergy, "kW.h", 1, 1'000},
    {"MW.h", D::kEnergy, "kW.h", 1'000},
    {"MWh", D::kEnergy, "kW.h", 1'000},
    {"kJ", D::kEnergy, "kW.h", 1, 3'600},
    {"MJ", D::kEnergy, "kW.h", 1, 3.6},
    {"GJ", D::kEnergy, "kW.h", 1'000, 3.6},
    {"kvar.h", D::kReactiveEnergy, "kvar.h"},
    {"kvarh", D::kReactiveEnergy, "kvar.h"},
    {"var.h", D::kReactiveEnergy, "kvar.h", 1, 1'000},
    {"Mvar.h", D::kReactiveEnergy, "kvar.h", 1'000},

    {"%", D::kRatio, "%"},
    {"P1", D::kRatio, "%"},
    {"1", D::kRatio, "1", 100},

    {"s", D::kTime, "s"},
    {"ms", D::kTime, "s", 1, 1'000},
    {"SEC", D::kTime, "s"},
    {"min", D::kTime, "min", 60},
    {"MIN", D::kTime, "min", 60},
    {"h", D::kTime, "h", 3'600},
    {"HUR", D::kTime, "h", 3'600},
    {"d", D::kTime, "d", 86'400},
    {"DAY", D::kTime, "d", 86'400},

    {"mm", D::kLength, "mm"},
    {"MMT", D::kLength, "mm"},
    {"um", D::kLength, "um", 1, 1'000},
    {"cm", D::kLength, "mm", 10},
    {"m", D::kLength, "m", 1'000},
    {"MTR", D::kLength, "MTR", 1'000},
    {"[in_i]", D::kLength, "mm", 25.4},
    {"m2", D::kArea, "m2"},
    {"MTK", D::kArea, "MTK"},

    {"kg", D::kMass, "kg"},
    {"g", D::kMass, "kg", 1, 1'000},
    {"t", D::kMass, "kg", 1'000},
    {"KGM", D::kMass, "KGM"},
    {"GRM", D::kMass, "KGM", 1, 1'000},
    {"TNE", D::kMass, "KGM", 1'000},

    {"L", D::kVolume, "L"},
    {"l", D::kVolume, "L"},
    {"mL", D::kVolume, "L", 1, 1'000},
    {"m3", D::kVolume, "m3", 1'000},
    {"LTR", D::kVolume, "LTR"},
    {"MLT", D::kVolume, "LTR", 1, 1'000},
    {"MTQ", D::kVolume, "MTQ", 1'000},

    {"m3/h", D::kFlow, "m3/h"},
    {"L/h", D::kFlow, "m3/h", 1, 1'000},
    {"L/min", D::kFlow, "m3/h", 60, 1'000},
    {"L/s", D::kFlow, "m3/h", 3'600, 1'000},
    {"m3/min", D::kFlow, "m3/h", 60},
    {"kg/h", D::kMassFlow, "kg/h"},
    {"t/h", D::kMassFlow, "kg/h", 1'000},

    {"C62", D::kCount, "C62"},
    {"H87", D::kCount, "C62"},
    {"EA", D::kCount, "C62"},
    {"PCE", D::kCount, "C62"},
    {"DZN", D::kCount, "C62", 12},
    {"MIL", D::kCount, "C62", 1'000},

    {"N", D::kForce, "N"},
    {"kN", D::kForce, "N", 1'000},
    {"N.m", D::kTorque, "N.m"},
    {"kN.m", D::kTorque, "N.m", 1'000},
    {"uS/cm", D::kConductivity, "uS/cm"},
    {"mS/cm", D::kConductivity, "uS/cm", 1'000},
    {"[pH]", D::kAcidity, "[pH]"},
    {"deg", D::kAngle, "deg"},
    {"lx", D::kLight, "lx"},
    {"dB", D::kSound, "dB"},
};

const std::vector<Unit>& sorted() {
  static const std::vector<Unit> kSorted = [] {
    std::vector<Unit> rows(std::begin(kRows), std::end(kRows));
    std::stable_sort(rows.begin(), rows.end(),
                     [](const Unit& a, const Unit& b) { return a.code < b.code; });
    return rows;
  }();
  return kSorted;
}

std::span<const Unit> rows_of(std::string_view code) {
  const auto& rows = sorted();
  const auto first =
      std::lower_bound(rows.begin(), rows.end(), code,
                       [](const Unit& row, std::string_view wanted) { return row.code < wanted; });
  auto last = first;
  while (last != rows.end() && last->code == code) ++last;
  return {first, last};
}

// Takes " rms", " pk", "_pk", "[peak]", ... off the end.
Detector take_detector(std::string_view& unit) {
  struct Word {
    std::string_view text;
    Detector detector;
  };
  static constexpr std::array kWords{
      Word{"peak-to-peak", Detector::kPeakToPeak},
      Word{"pk-pk", Detector::kPeakToPeak},
      Word{"p-p", Detector::kPeakToPeak},
      Word{"pp", Detector::kPeakToPeak},
      Word{"peak", Detector::kPeak},
      Word{"pk", Detector::kPeak},
      Word{"0-p", Detector::kPeak},
      Word{"rms", Detector::kRms},
      Word{"RMS", Detector::kRms},
  };
  for (const Word& word : kWords) {
    std::string_view rest = unit;
    const bool bracketed = rest.ends_with(']');
    if (bracketed) rest.remove_suffix(1);
    if (!rest.ends_with(word.text)) continue;
    rest.remove_suffix(word.text.size());
    if (rest.empty() ||
        std::string_view(bracketed ? "[" : " _").find(rest.back()) == std::string_view::npos) {
      continue;
    }
    rest.remove_suffix(1);
    while (rest.ends_with(' ')) rest.remove_suffix(1);
    unit = rest;
    return word.detector;
  }
  return Detector::kUnsaid;
}

}  // namespace

std::span<const Unit> units() {
  return sorted();
}

UnitLookup find_unit(std::string_view unit, std::string_view target) {
  UnitLookup found;
  auto rows = rows_of(unit);
  if (rows.empty()) {
    found.detector = take_detector(unit);
    if (found.detector == Detector::kUnsaid) return found;
    rows = rows_of(unit);
  }
  if (rows.empty()) return found;
  if (rows.size() == 1) {
    found.row = &rows.front();
    return found;
  }
  const auto wanted = rows_of(target);
  for (const Unit& row : rows) {
    if (!wanted.empty() && row.dimension == wanted.front().dimension) found.row = &row;
  }
  found.ambiguous = found.row == nullptr;
  return found;
}

double convert(double value, const Unit& from, const Unit& to) {
  if (from.mul == to.mul && from.div == to.div && from.shift == to.shift) return value;
  const double base = (value + from.shift) * from.mul / from.div;
  return base * to.div / to.mul - to.shift;
}

}  // namespace millwright::codec
