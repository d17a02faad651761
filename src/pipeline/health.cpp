#include "pipeline/health.hpp"

#include <algorithm>
#include <cmath>
#include <span>

namespace millwright::pipeline {
namespace {

constexpr std::uint32_t kStuckReadings = 10;  // repeats at least
constexpr double kStuckMissed = 10.0;         // changes that should have come and did not
constexpr double kFade = 63.0 / 64.0;

// value = factor * physical + offset, when a source changes its unit without a word.
struct Conversion {
  double factor;
  double offset;
};
constexpr double kRoot2 = 1.4142135623730951;
constexpr double kRoot3 = 1.7320508075688772;
constexpr Conversion kVelocity[] = {{1 / 25.4, 0},   {25.4, 0},       {kRoot2, 0},
                                    {1 / kRoot2, 0}, {2 * kRoot2, 0}, {1 / (2 * kRoot2), 0},
                                    {1000, 0},       {0.001, 0}};
constexpr Conversion kTemperature[] = {{1.8, 32}, {1 / 1.8, -32 / 1.8}, {1, 273.15}, {1, -273.15}};
constexpr Conversion kPressure[] = {{14.504, 0}, {1 / 14.504, 0}, {6.895, 0}, {1 / 6.895, 0},
                                    {100, 0},    {0.01, 0},       {10, 0},    {0.1, 0},
                                    {1000, 0},   {0.001, 0}};
constexpr Conversion kFlow[] = {{3.6, 0},    {1 / 3.6, 0},    {60, 0},   {1 / 60.0, 0},
                                {16.667, 0}, {1 / 16.667, 0}, {1000, 0}, {0.001, 0}};
constexpr Conversion kElectric[] = {{kRoot2, 0},     {1 / kRoot2, 0}, {kRoot3, 0},
                                    {1 / kRoot3, 0}, {1000, 0},       {0.001, 0}};
constexpr Conversion kSpeed[] = {{60, 0}, {1 / 60.0, 0}, {9.5493, 0}, {1 / 9.5493, 0}};

std::span<const Conversion> conversions(SignalKind kind) {
  switch (kind) {
    case SignalKind::kVibrationVelocity:
      return kVelocity;
    case SignalKind::kBearingTemperature:
    case SignalKind::kTemperature:
      return kTemperature;
    case SignalKind::kPressure:
      return kPressure;
    case SignalKind::kFlow:
      return kFlow;
    case SignalKind::kCurrent:
    case SignalKind::kVoltage:
    case SignalKind::kPower:
      return kElectric;
    case SignalKind::kSpeed:
      return kSpeed;
    case SignalKind::kOther:
      break;
  }
  return {};
}

constexpr double kNear = 0.05;        // one reading beside the converted level
constexpr double kExact = 0.02;       // the mean of them
constexpr std::uint32_t kLearn = 20;  // readings before a level is known
constexpr double kNatural = 1.8;      // smaller steps also happen to healthy sensors

double off(double value, double expected) {
  return expected == 0.0 ? 1e9 : std::fabs(value / expected - 1.0);
}

// Steps of a size that a fault can cause too must stay longer, and are judged all the same: a real
// fault must not hide behind a suspicion.
bool natural(const Conversion& c) {
  return c.offset == 0.0 && c.factor < kNatural && c.factor > 1 / kNatural;
}

}  // namespace

void SensorHealth::see_repeat(bool same) {
  if (!same) {
    readings_ = readings_ * kFade + run_;
    runs_ = runs_ * kFade + 1.0;
    run_ = 1;
    stuck_ = false;
    return;
  }
  if (run_ < 1'000'000) ++run_;
  // How often the value changes is known from the runs before; without any, every second time.
  const double chance = (runs_ + 1.0) / (readings_ + 2.0);
  stuck_ = run_ > kStuckReadings && double(run_) * chance >= kStuckMissed;
}

SensorHealth::Unit SensorHealth::weigh_candidate(SignalKind kind, double value) {
  const auto table = conversions(kind);
  if (std::size_t(candidate_) >= table.size()) {  // the plant model gave the signal another kind
    candidate_ = -1;
    return Unit::kFine;
  }
  const Conversion c = table[std::size_t(candidate_)];
  const double expected = c.factor * steady_ + c.offset;
  if (off(value, expected) > kNear) {
    candidate_ = -1;
    return Unit::kFine;
  }
  ++candidate_n_;
  candidate_sum_ += value;
  if (candidate_n_ >= (natural(c) ? 5 : 3)) {
    suspect_ = off(candidate_sum_ / candidate_n_, expected) <= kExact;
    candidate_ = -1;
    back_n_ = 0;
    natural_ = natural(c);
    return suspect_ && !natural_ ? Unit::kSuspect : Unit::kFine;
  }
  return natural(c) ? Unit::kFine : Unit::kHeld;
}

SensorHealth::Unit SensorHealth::see_unit(SignalKind kind, double value, double before) {
  if (suspect_) {
    back_n_ = off(value, steady_) < 0.25 ? std::uint8_t(back_n_ + 1) : std::uint8_t(0);
    suspect_ = back_n_ < 3;
    return suspect_ && !natural_ ? Unit::kSuspect : Unit::kFine;
  }
  if (candidate_ >= 0) {
    const Unit unit = weigh_candidate(kind, value);
    if (unit != Unit::kFine || candidate_ >= 0) return unit;
  } else if (steady_n_ >= kLearn && steady_ != 0.0 && off(before, steady_) < 0.1) {
    const auto table = conversions(kind);
    for (std::size_t i = 0; i < table.size(); ++i) {
      if (off(value, table[i].factor * steady_ + table[i].offset) > kNear) continue;
      if (off(value, steady_) < 0.2) continue;  // no step at all
      candidate_ = std::int8_t(i);
      candidate_n_ = 1;
      candidate_sum_ = value;
      return natural(table[i]) ? Unit::kFine : Unit::kHeld;
    }
  }
  if (steady_n_ < 1'000'000) ++steady_n_;
  steady_ += (value - steady_) / double(std::min<std::uint32_t>(steady_n_, 32));
  return Unit::kFine;
}

void SensorHealth::save(ByteWriter& out) const {
  out.put(run_);
  out.put(readings_);
  out.put(runs_);
  out.put(std::uint8_t(stuck_));
  out.put(steady_);
  out.put(steady_n_);
  out.put(std::uint8_t(suspect_));
  out.put(candidate_);
  out.put(candidate_n_);
  out.put(candidate_sum_);
  out.put(back_n_);
  out.put(std::uint8_t(natural_));
}

void SensorHealth::load(ByteReader& in) {
  in.get(run_);
  in.get(readings_);
  in.get(runs_);
  stuck_ = in.take<std::uint8_t>() != 0;
  in.get(steady_);
  in.get(steady_n_);
  suspect_ = in.take<std::uint8_t>() != 0;
  in.get(candidate_);
  in.get(candidate_n_);
  in.get(candidate_sum_);
  in.get(back_n_);
  natural_ = in.take<std::uint8_t>() != 0;
}

}  // namespace millwright::pipeline
