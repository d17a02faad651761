#pragma once
// What the rows of a table leave out: a search over the regions of its axes. Pure.

#include <optional>
#include <string>
#include <vector>

#include "rules/table/axis.hpp"

namespace millwright::rules {

// By axis a region; Axis::kNowhere: whatever it is.
using Point = std::vector<std::size_t>;

struct Cover {
  std::optional<Point> hole;  // a point that none of the rows takes
  bool unknown = false;       // the search was longer than limits::kTableStates
};

// Looks for a point that no row of `among` takes; within what `box` takes, if that row is given.
[[nodiscard]] Cover find_hole(const std::vector<Axis>& axes, const Rows& among,
                              std::optional<std::size_t> box = std::nullopt);

// A point that both rows take.
[[nodiscard]] std::optional<Point> common_point(const std::vector<Axis>& axes, std::size_t a,
                                                std::size_t b);

// "signal.value = 7.1, asset.criticality = B"; inputs that do not matter are left out.
[[nodiscard]] std::string point_text(const std::vector<Axis>& axes, const Point& point);

}  // namespace millwright::rules
