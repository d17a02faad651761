#pragma once
// Health of one sensor: stuck, or speaking in another unit. Value; part of a signal's state.

#include <cstdint>

#include "millwright/base/bytes.hpp"
#include "millwright/domain/plant.hpp"

namespace millwright::pipeline {

class SensorHealth {
 public:
  enum class Unit : std::uint8_t {
    kFine,
    kHeld,    // may be a change of unit: not judged until a few more readings say
    kSuspect  // a step by a known ratio that stayed: quarantined
  };

  // `same`: the reading equals the one before. Only readings of the machine at work, and not of
  // deadband tags, whose repeats are legitimate.
  void see_repeat(bool same);
  // `before`: the reading before this one.
  Unit see_unit(SignalKind kind, double value, double before);
  [[nodiscard]] bool stuck() const { return stuck_; }
  [[nodiscard]] bool unit_suspect() const { return suspect_; }

  void save(ByteWriter& out) const;
  void load(ByteReader& in);

 private:
  Unit weigh_candidate(SignalKind kind, double value);

  std::uint32_t run_ = 1;  // equal readings in a row
  double readings_ = 0.0;  // of completed runs, faded
  double runs_ = 0.0;
  bool stuck_ = false;

  double steady_ = 0.0;  // usual level
  std::uint32_t steady_n_ = 0;
  bool suspect_ = false;
  bool natural_ = false;        // the suspected step may as well be a fault
  std::int8_t candidate_ = -1;  // place in the kind's table of ratios
  std::uint8_t candidate_n_ = 0;
  double candidate_sum_ = 0.0;
  std::uint8_t back_n_ = 0;  // readings at the old level again
};

}  // namespace millwright::pipeline
