#include "rules/table/cover.hpp"

#include <unordered_set>

namespace millwright::rules {
namespace {

// Depth first, axis by axis: the state is the set of rows that take all regions chosen so far. Two
// ways to the same set at the same axis lead to the same end, so each is walked once; regions that
// the same rows take are one.
class HoleSearch {
 public:
  HoleSearch(const std::vector<Axis>& axes, std::optional<std::size_t> box) : axes_(axes) {
    for (const Axis& axis : axes_) {
      std::vector<Choice> choices;
      Rows all;
      all.set();
      for (const std::size_t region : axis.live()) {
        const Rows& takes = axis.takes(region);
        if (box && !takes.test(*box)) continue;
        all &= takes;
        bool known = false;
        for (const Choice& each : choices) known = known || each.takes == takes;
        if (!known) choices.push_back({region, takes});
      }
      choices_.push_back(std::move(choices));
      free_.push_back(all);
    }
    // Rows that take whatever is there, from this axis on.
    free_.emplace_back().set();
    for (std::size_t i = axes_.size(); i-- > 0;) free_[i] &= free_[i + 1];
    whole_.resize(axes_.size());
    point_.assign(axes_.size(), Axis::kNowhere);
  }

  Cover run(const Rows& among) {
    Cover out;
    if (!covered(0, among) && !unknown_) out.hole = point_;
    out.unknown = unknown_;
    return out;
  }

 private:
  struct Choice {
    std::size_t region;
    Rows takes;
  };

  bool covered(std::size_t axis, const Rows& alive) {
    if ((alive & free_[axis]).any()) return true;
    if (alive.none() || axis == axes_.size()) return false;
    if (whole_[axis].find(alive) != whole_[axis].end()) return true;
    if (++states_ > limits::kTableStates) {
      unknown_ = true;
      return false;
    }
    for (const Choice& choice : choices_[axis]) {
      point_[axis] = choice.region;
      if (!covered(axis + 1, alive & choice.takes)) return false;
    }
    point_[axis] = Axis::kNowhere;
    whole_[axis].insert(alive);
    return true;
  }

  const std::vector<Axis>& axes_;
  std::vector<std::vector<Choice>> choices_;
  std::vector<Rows> free_;
  std::vector<std::unordered_set<Rows>> whole_;
  Point point_;
  std::size_t states_ = 0;
  bool unknown_ = false;
};

}  // namespace

Cover find_hole(const std::vector<Axis>& axes, const Rows& among, std::optional<std::size_t> box) {
  return HoleSearch(axes, box).run(among);
}

std::optional<Point> common_point(const std::vector<Axis>& axes, std::size_t a, std::size_t b) {
  Point point;
  for (const Axis& axis : axes) {
    std::optional<std::size_t> shared;
    for (const std::size_t region : axis.live()) {
      if (!axis.takes(region).test(a) || !axis.takes(region).test(b)) continue;
      shared = region;
      break;
    }
    if (!shared) return std::nullopt;
    const bool matters = !axis.indifferent().test(a) || !axis.indifferent().test(b);
    point.push_back(matters ? *shared : Axis::kNowhere);
  }
  return point;
}

std::string point_text(const std::vector<Axis>& axes, const Point& point) {
  std::string out;
  for (std::size_t i = 0; i < point.size(); ++i) {
    if (point[i] == Axis::kNowhere) continue;
    out += (out.empty() ? "" : ", ") + axes[i].witness(point[i]);
  }
  return out.empty() ? "any input" : out;
}

}  // namespace millwright::rules
