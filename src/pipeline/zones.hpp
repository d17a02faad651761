#pragma once
// Zones A to D of broadband vibration velocity, and the change rule. Pure, any thread.

#include <optional>
#include <string_view>

#include "millwright/domain/asset.hpp"
#include "millwright/domain/plant.hpp"

namespace millwright::pipeline {

// Upper limits of zones A, B and C, mm/s r.m.s.
struct ZoneLimits {
  double ab = 0.0;
  double bc = 0.0;
  double cd = 0.0;
  friend bool operator==(const ZoneLimits&, const ZoneLimits&) = default;
};

struct Judged {
  std::optional<ZoneLimits> limits;
  bool group_known = true;  // false: master data lacks group, support or power
};

// Limits of the maker (on the signal) before those of the standard.
[[nodiscard]] Judged zone_limits(const Asset& asset, const Signal& signal);

// "A" to "D". A value on a boundary belongs to the lower zone.
[[nodiscard]] std::string_view zone_of(double value, const ZoneLimits& limits);

// ISO 20816-1, 6.5.2: baseline + 0.25 BC, and never above 1.25 BC.
[[nodiscard]] double alarm_limit(double baseline, double bc);

}  // namespace millwright::pipeline
