#pragma once
// The cause table: which failure mode the evidence in a vibration spectrum or a bearing temperature
// points to. Pure, any thread.

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "millwright/domain/asset.hpp"
#include "millwright/domain/observation.hpp"

namespace millwright::pipeline {

struct DefectFrequencies {
  double bpfo = 0.0;  // ball pass, outer race
  double bpfi = 0.0;  // ball pass, inner race
  double bsf = 0.0;   // ball spin
  double ftf = 0.0;   // cage
};
// Of a rolling bearing whose shaft turns `fr` times a second.
[[nodiscard]] DefectFrequencies defect_frequencies(const BearingGeometry& bearing, double fr);

// One peak of a spectrum. Texts are borrowed for the call.
struct Peak {
  std::string_view name;  // as the gateway calls it: 1x, BPFO
  double hz = 0.0;
  double amp = 0.0;
  bool envelope = false;  // of the envelope spectrum; else of velocity
};

// Lines whose healthy amplitude is remembered, to tell a rise from what was always there.
enum class Line : std::uint8_t { k1x, k2x, kBpfo, kBpfi, kBsf, kFtf, kCount };
using Lines = std::array<float, std::size_t(Line::kCount)>;

struct Spectrum {
  const Asset* asset = nullptr;
  const BearingGeometry* bearing = nullptr;
  std::string_view axis;   // H, V or A
  std::string_view point;  // DE, NDE
  double rpm = 0.0;
  double v_rms = 0.0;
  std::optional<double> kurtosis;
  std::string_view raised;  // "zone C", "above ALARM"; "" : not raised
  std::vector<Peak> peaks;
  Lines healthy{};         // 0: not known
  double radial_2x = 0.0;  // of the other directions at this point
  double axial_2x = 0.0;
  bool low_suction = false;
};

struct Cause {
  std::string_view mode;  // BRG-OUTER, ...; "" : nothing fits
  std::string text;
  std::string part;
  double score = 0.0;  // evidence found over evidence expected, 0..1
  std::vector<Contribution> contributions;
};

// Amplitudes of the remembered lines in this spectrum; 0 where there is no peak.
[[nodiscard]] Lines lines_of(const Spectrum& spectrum);

[[nodiscard]] Cause best_cause(const Spectrum& spectrum);

// A hot bearing whose machine does not vibrate points to its lubrication.
struct HotBearing {
  double value = 0.0;
  double warn = 0.0;
  std::optional<double> over_ambient;
  std::optional<double> over_sister;
  std::optional<double> rise_per_minute;
  bool vibration_raised = false;
  bool vibration_known = false;
};
[[nodiscard]] Cause cause_of_heat(const HotBearing& hot);

// With at most one decimal, locale-free.
[[nodiscard]] std::string short_number(double value);

}  // namespace millwright::pipeline
