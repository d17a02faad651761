#include "pipeline/causes.hpp"

#include <algorithm>
#include <cmath>

#include "millwright/base/json.hpp"

namespace millwright::pipeline {
namespace {

constexpr double kSlip = 0.02;     // rolling elements slip: defect frequencies are not exact
constexpr double kKurtosis = 4.0;  // 3 is Gaussian
constexpr double kRisen = 1.5;     // over the healthy amplitude of that line
constexpr double kPi = 3.14159265358979323846;

// cos for |x| <= pi/2 by its Taylor series to x^12 (error under 1e-8), since libm's differs between
// processors.
double cosine(double x) {
  const double s = x * x;
  return 1.0 -
         s / 2 *
             (1.0 - s / 12 * (1.0 - s / 30 * (1.0 - s / 56 * (1.0 - s / 90 * (1.0 - s / 132)))));
}

const Peak* peak_at(const Spectrum& s, double hz, bool envelope) {
  const Peak* best = nullptr;
  for (const Peak& p : s.peaks) {
    if (p.envelope != envelope || p.amp <= 0.0 || hz <= 0.0) continue;
    if (std::fabs(p.hz - hz) > kSlip * hz) continue;
    if (best == nullptr || p.amp > best->amp) best = &p;
  }
  return best;
}

const Peak* peak_named(const Spectrum& s, std::string_view name, bool envelope) {
  for (const Peak& p : s.peaks) {
    if (p.envelope == envelope && p.name == name && p.amp > 0.0) return &p;
  }
  return nullptr;
}

// Counts what a signature expects and what of it was found.
class Evidence {
 public:
  void expect(double weight) { expected_ += weight; }
  void find(double weight, std::string name, std::string detail) {
    found_ += weight;
    list_.push_back({std::move(name), weight, std::move(detail)});
  }
  void expect(double weight, bool found, const char* name, std::string detail) {
    expect(weight);
    if (found) find(weight, name, std::move(detail));
  }
  [[nodiscard]] Cause cause(std::string_view mode, std::string text, std::string part) && {
    if (list_.empty()) return {};
    std::stable_sort(list_.begin(), list_.end(), [](const Contribution& a, const Contribution& b) {
      return a.weight > b.weight;
    });
    return {mode, std::move(text), std::move(part), found_ / expected_, std::move(list_)};
  }

 private:
  double expected_ = 0.0;
  double found_ = 0.0;
  std::vector<Contribution> list_;
};

double fr_of(const Spectrum& s) {
  return s.rpm / 60.0;
}

const Peak* line_1x(const Spectrum& s) {
  const Peak* p = peak_at(s, fr_of(s), false);
  return p != nullptr ? p : peak_named(s, "1x", false);
}
const Peak* line_2x(const Spectrum& s) {
  const Peak* p = peak_at(s, 2 * fr_of(s), false);
  return p != nullptr ? p : peak_named(s, "2x", false);
}

struct BearingPart {
  std::string_view mode;
  std::string_view band;  // as gateways name it
  Line line;
  double DefectFrequencies::*hz;
  const char* what;  // outer race
  const char* text;
};
constexpr BearingPart kBearingParts[] = {
    {"BRG-OUTER", "BPFO", Line::kBpfo, &DefectFrequencies::bpfo, "outer race",
     "Defect of the bearing's outer race"},
    {"BRG-INNER", "BPFI", Line::kBpfi, &DefectFrequencies::bpfi, "inner race",
     "Defect of the bearing's inner race"},
    {"BRG-BALL", "BSF", Line::kBsf, &DefectFrequencies::bsf, "rolling element",
     "Defect of a rolling element"},
    {"BRG-CAGE", "FTF", Line::kFtf, &DefectFrequencies::ftf, "cage",
     "Defect of the bearing's cage"},
};

// The peak of a bearing part, by geometry or, where that is not known, by the gateway's own name.
const Peak* bearing_peak(const Spectrum& s, const BearingPart& part) {
  if (s.bearing == nullptr || s.rpm <= 0.0) return peak_named(s, part.band, true);
  return peak_at(s, defect_frequencies(*s.bearing, fr_of(s)).*part.hz, true);
}

std::string part_name(const Spectrum& s) {
  std::string name = "Bearing";
  if (s.bearing != nullptr && !s.bearing->designation.empty()) name += " " + s.bearing->designation;
  if (!s.point.empty()) name += " (" + std::string(s.point) + ")";
  return name;
}

void weigh_common(const Spectrum& s, double weight, Evidence& evidence) {
  evidence.expect(weight);
  if (!s.raised.empty()) {
    evidence.find(weight, "Vibration " + short_number(s.v_rms) + " mm/s", std::string(s.raised));
  }
}

Cause bearing(const Spectrum& s, const BearingPart& part) {
  const Peak* peak = bearing_peak(s, part);
  if (peak == nullptr) return {};
  Evidence evidence;
  const double healthy = double(s.healthy[std::size_t(part.line)]);
  const bool risen = healthy <= 0.0 || peak->amp >= kRisen * healthy;
  const bool by_geometry = s.bearing != nullptr && s.rpm > 0.0;
  evidence.expect(0.5);
  evidence.find(0.5 * (risen ? 1.0 : 0.3) * (by_geometry ? 1.0 : 0.7),
                "Envelope peak at " + short_number(peak->hz) + " Hz",
                shortest(peak->amp) + ", " + part.what + " (" + std::string(part.band) + ")" +
                    (by_geometry ? "" : ", as the gateway says"));
  evidence.expect(0.25);
  if (s.kurtosis && *s.kurtosis > kKurtosis) {
    evidence.find(0.25, "Kurtosis " + short_number(*s.kurtosis), "above 4: impacts");
  }
  evidence.expect(0.1);
  if (const Peak* second = peak_at(s, 2 * peak->hz, true)) {
    evidence.find(0.1, "Second harmonic at " + short_number(second->hz) + " Hz",
                  shortest(second->amp));
  }
  weigh_common(s, 0.15, evidence);
  return std::move(evidence).cause(part.mode, part.text, part_name(s));
}

Cause unbalance(const Spectrum& s) {
  const Peak* first = line_1x(s);
  if (first == nullptr || s.axis == "A") return {};
  const Peak* second = line_2x(s);
  Evidence evidence;
  evidence.expect(0.5);
  if (first->amp >= 0.6 * s.v_rms) {
    evidence.find(0.5, "Peak at running speed, " + short_number(first->hz) + " Hz",
                  shortest(first->amp) + " mm/s, most of the whole");
  }
  evidence.expect(0.15, second == nullptr || second->amp < 0.5 * first->amp,
                  "Little at twice the running speed", "speaks against misalignment");
  const double healthy = double(s.healthy[std::size_t(Line::k1x)]);
  evidence.expect(0.2, healthy <= 0.0 || first->amp >= kRisen * healthy,
                  "The peak at running speed has risen", shortest(first->amp));
  weigh_common(s, 0.15, evidence);
  return std::move(evidence).cause("UNBALANCE", "Unbalance of the rotor", "Rotor");
}

Cause misalignment(const Spectrum& s) {
  const Peak* second = line_2x(s);
  if (second == nullptr) return {};
  const Peak* first = line_1x(s);
  const bool axial = s.axis == "A";
  const double radial = axial ? s.radial_2x : std::max(second->amp, s.radial_2x);
  const double along = axial ? second->amp : s.axial_2x;
  Evidence evidence;
  evidence.expect(0.45);
  if (first == nullptr || second->amp >= 0.5 * first->amp) {
    evidence.find(0.45, "Peak at twice the running speed, " + short_number(second->hz) + " Hz",
                  shortest(second->amp) + " mm/s");
  }
  evidence.expect(0.4, along > 0.0 && along >= 0.5 * radial, "Axial vibration",
                  shortest(along) + " mm/s at 2x, at least half of the radial");
  weigh_common(s, 0.15, evidence);
  return std::move(evidence).cause("MISALIGNMENT", "Misalignment of the coupling", "Coupling");
}

Cause looseness(const Spectrum& s) {
  const double fr = fr_of(s);
  if (fr <= 0.0) return {};
  int harmonics = 0;
  for (int k = 1; k <= 8; ++k) {
    if (peak_at(s, k * fr, false) != nullptr) ++harmonics;
  }
  const Peak* half = peak_at(s, 0.5 * fr, false);
  if (harmonics < 4 && half == nullptr) return {};
  Evidence evidence;
  evidence.expect(0.5, harmonics >= 4, "Many harmonics of the running speed",
                  std::to_string(harmonics) + " of the first eight");
  evidence.expect(0.35, half != nullptr, "Peak at half the running speed",
                  half == nullptr ? "" : shortest(half->amp) + " mm/s");
  weigh_common(s, 0.15, evidence);
  return std::move(evidence).cause("LOOSENESS", "Mechanical looseness", "Mounting");
}

Cause electrical(const Spectrum& s) {
  const double line = 2 * s.asset->line_frequency_hz;
  const Peak* peak = peak_at(s, line, false);
  if (peak == nullptr) return {};
  const double fr = fr_of(s);
  const double order = fr > 0.0 ? line / fr : 0.0;
  const bool ambiguous = order > 0.0 && std::fabs(order - std::round(order)) < kSlip * order;
  Evidence evidence;
  evidence.expect(0.6);
  evidence.find(
      ambiguous ? 0.3 : 0.6, "Peak at twice the line frequency, " + short_number(peak->hz) + " Hz",
      shortest(peak->amp) + (ambiguous ? " mm/s, also a harmonic of the speed" : " mm/s"));
  const bool machine = s.asset->asset_class == "motor" || s.asset->asset_class == "generator";
  evidence.expect(0.25, machine, "Electrical machine", s.asset->asset_class);
  weigh_common(s, 0.15, evidence);
  return std::move(evidence).cause("ELECTRICAL", "Electrical fault of stator or supply", "Stator");
}

Cause gear(const Spectrum& s) {
  const double fr = fr_of(s);
  if (s.asset->gear_teeth <= 0 || fr <= 0.0) return {};
  const double mesh = s.asset->gear_teeth * fr;
  const Peak* peak = peak_at(s, mesh, false);
  if (peak == nullptr) return {};
  // A sideband lies one turn away, closer than the slip allowed for bearings.
  int sidebands = 0;
  for (const Peak& p : s.peaks) {
    const double away = std::fabs(std::fabs(p.hz - peak->hz) - fr);
    if (&p != peak && !p.envelope && p.amp > 0.0 && away <= kSlip * fr) ++sidebands;
  }
  Evidence evidence;
  evidence.expect(0.5);
  evidence.find(0.5, "Peak at the gear mesh, " + short_number(peak->hz) + " Hz",
                shortest(peak->amp) + " mm/s");
  evidence.expect(0.35, sidebands > 0, "Sidebands one turn away", std::to_string(sidebands));
  weigh_common(s, 0.15, evidence);
  return std::move(evidence).cause("GEAR", "Wear of the gear", "Gear");
}

Cause cavitation(const Spectrum& s) {
  const double fr = fr_of(s);
  if (s.asset->asset_class != "pump" || s.asset->blades <= 0 || fr <= 0.0) return {};
  const Peak* peak = peak_at(s, s.asset->blades * fr, false);
  if (peak == nullptr) return {};
  Evidence evidence;
  evidence.expect(0.5);
  evidence.find(0.5, "Peak at blade pass, " + short_number(peak->hz) + " Hz",
                shortest(peak->amp) + " mm/s");
  evidence.expect(0.35, s.low_suction, "Suction pressure is low", "below its expected range");
  weigh_common(s, 0.15, evidence);
  return std::move(evidence).cause("CAVITATION", "Cavitation", "Impeller");
}

}  // namespace

DefectFrequencies defect_frequencies(const BearingGeometry& bearing, double fr) {
  if (bearing.pitch_diameter_mm <= 0.0 || bearing.ball_diameter_mm <= 0.0) return {};
  const double ratio = bearing.ball_diameter_mm / bearing.pitch_diameter_mm;
  const double r = ratio * cosine(bearing.contact_angle_deg * kPi / 180.0);
  // Harris, Rolling Bearing Analysis: outer ring at rest, inner ring turning.
  return {bearing.balls / 2.0 * fr * (1 - r), bearing.balls / 2.0 * fr * (1 + r),
          fr / (2 * ratio) * (1 - r * r), fr / 2 * (1 - r)};
}

Lines lines_of(const Spectrum& s) {
  Lines lines{};
  const auto keep = [&](Line line, const Peak* peak) {
    if (peak != nullptr) lines[std::size_t(line)] = float(peak->amp);
  };
  keep(Line::k1x, line_1x(s));
  keep(Line::k2x, line_2x(s));
  for (const BearingPart& part : kBearingParts) keep(part.line, bearing_peak(s, part));
  return lines;
}

Cause best_cause(const Spectrum& s) {
  Cause best;
  const auto offer = [&](Cause cause) {
    if (cause.score > best.score) best = std::move(cause);
  };
  for (const BearingPart& part : kBearingParts) offer(bearing(s, part));
  for (Cause (*signature)(const Spectrum&) :
       {unbalance, misalignment, looseness, electrical, gear, cavitation}) {
    offer(signature(s));
  }
  return best;
}

Cause cause_of_heat(const HotBearing& hot) {
  Evidence evidence;
  evidence.expect(0.4);
  const bool hot_itself = hot.warn > 0.0 && hot.value > hot.warn;
  const bool over = (hot.over_ambient && *hot.over_ambient > 40.0) ||
                    (hot.over_sister && *hot.over_sister > 15.0) || hot_itself;
  if (over) {
    std::string detail = "limit " + short_number(hot.warn) + " Cel";
    if (hot.over_sister && *hot.over_sister > 15.0) {
      detail = short_number(*hot.over_sister) + " K over the sister bearing";
    } else if (!hot_itself) {
      detail = short_number(hot.over_ambient.value_or(0.0)) + " K over ambient";
    }
    evidence.find(0.4, "Bearing at " + short_number(hot.value) + " Cel", std::move(detail));
  }
  evidence.expect(0.4, hot.vibration_known && !hot.vibration_raised,
                  "Vibration of the machine is as usual", "speaks against bearing wear");
  evidence.expect(0.2, hot.rise_per_minute && *hot.rise_per_minute > 0.1, "Temperature is rising",
                  short_number(hot.rise_per_minute.value_or(0)) + " K/min");
  return std::move(evidence).cause("LUBRICATION", "Lack of lubrication", "Bearing");
}

std::string short_number(double value) {
  return shortest(std::round(value * 10.0) / 10.0);
}

}  // namespace millwright::pipeline
