#pragma once
// Latch: a limit is taken as crossed after three valid readings in a row, and as left after an hour
// at or below 90 % of it. Value; part of a signal's state.

#include <algorithm>
#include <cstdint>

#include "millwright/base/bytes.hpp"

namespace millwright::pipeline {

inline constexpr int kConfirmReadings = 3;
inline constexpr double kClearAt = 0.9;
inline constexpr Duration kClearFor = hours(1);

struct Latch {
  std::uint8_t in_row = 0;
  bool active = false;
  Instant below_since;

  // A value on the limit has not crossed it.
  void see(double value, double limit, Instant at) {
    if (value > limit) {
      in_row = std::uint8_t(std::min(in_row + 1, 255));
      below_since = Instant();
      active = active || in_row >= kConfirmReadings;
      return;
    }
    in_row = 0;
    if (!active) return;
    if (value > kClearAt * limit) {
      below_since = Instant();
    } else if (!below_since.is_set()) {
      below_since = at;
    } else if (at - below_since >= kClearFor) {
      active = false;
      below_since = Instant();
    }
  }
  [[nodiscard]] bool stirring() const { return active || in_row > 0; }

  void save(ByteWriter& out) const {
    out.put(in_row);
    out.put(std::uint8_t(active));
    out.put(below_since);
  }
  void load(ByteReader& in) {
    in.get(in_row);
    active = in.take<std::uint8_t>() != 0;
    in.get(below_since);
  }
};

}  // namespace millwright::pipeline
