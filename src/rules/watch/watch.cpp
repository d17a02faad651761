#include "rules/watch/watch.hpp"

#include <algorithm>
#include <cmath>

#include "millwright/base/check.hpp"

namespace millwright::rules {
namespace {

using cel::Value;

constexpr std::int64_t kBaselineReadings = 8;  // below, no baseline
constexpr Instant kEver{std::numeric_limits<std::int64_t>::min()};

Value number_or_absent(const std::optional<double>& x) {
  return x ? Value::number(*x) : Value::absent();
}

// ----- for

bool held_at(const WatchPlan& plan, const HeldCell& cell, Instant now) {
  return cell.n >= 2 && now - cell.since >= plan.span && now - cell.newest <= plan.gap;
}

void step_held(const WatchPlan& plan, HeldCell& cell, const WatchInput& in) {
  if (!in.holds) {
    cell = HeldCell{};
    return;
  }
  if (cell.n == 0 || in.at - cell.newest > plan.gap) {
    cell.since = in.at;
    cell.n = 1;
  } else {
    cell.n = 2;
  }
  cell.newest = in.at;
}

Instant held_due(const WatchPlan& plan, const HeldCell& cell) {
  const Instant at = cell.since + plan.span;
  return cell.n >= 2 && at - cell.newest <= plan.gap ? at : Instant();
}

// ----- times and windows of readings

Instant window_start(const WatchPlan& plan, Instant now) {
  return plan.window == WindowBy::kTime ? now - plan.span : kEver;
}

void step_ring(const WatchPlan& plan, RingCell& cell, const WatchInput& in) {
  if (plan.kind == WatchKind::kWindow) {
    cell.ring.push({in.at, in.x});
    cell.ring.keep(plan.keep, window_start(plan, in.at));
  } else if (!plan.within) {
    cell.ring.push({in.at, in.holds ? 1.0 : 0.0});
    cell.ring.keep(plan.keep, kEver);
  } else if (in.holds) {  // the newest `times` of them tell all
    cell.ring.push({in.at, 1.0});
    cell.ring.keep(plan.times, kEver);
  }
}

Value ring_value(const WatchPlan& plan, const RingCell& cell, Instant now) {
  if (plan.kind == WatchKind::kWindow) {
    const auto result =
        aggregate(cell.ring.after(window_start(plan, now)), plan.take, plan.p, plan.per);
    if (plan.take == Take::kCount) return Value::integer(std::int64_t(result.value_or(0.0)));
    return number_or_absent(result);
  }
  const auto all = cell.ring.all();
  if (plan.within) {
    return Value::boolean(all.size() >= plan.times && now - all.front().at <= plan.span);
  }
  const auto held = std::count_if(all.begin(), all.end(), [](const Sample& s) { return s.x > 0; });
  return Value::boolean(std::size_t(held) >= plan.times);
}

// ----- tumbling windows and sessions

Instant pane_end(const WatchPlan& plan, const PaneCell& cell) {
  return plan.window == WindowBy::kTumbling ? cell.from + plan.span : cell.newest + plan.span;
}

void close_pane(const WatchPlan& plan, PaneCell& cell, Instant now) {
  if (cell.open.count() == 0 || now < pane_end(plan, cell)) return;
  cell.closed = pane_end(plan, cell);
  cell.result = cell.open.result(plan.take, plan.per);
  cell.open = Moments{};
}

void step_pane(const WatchPlan& plan, PaneCell& cell, const WatchInput& in) {
  close_pane(plan, cell, in.at);
  if (cell.closed.is_set() && in.at < cell.closed) return;  // its window is told already
  if (cell.open.count() == 0) {
    const std::int64_t span = plan.span.ns();
    std::int64_t pane = in.at.ns() / span;
    if (in.at.ns() % span < 0) --pane;
    cell.from = plan.window == WindowBy::kTumbling ? Instant(pane * span) : in.at;
  }
  cell.newest = in.at;
  cell.open.add({in.at, in.x}, plan.take);
}

Value pane_value(const WatchPlan& plan, const PaneCell& cell, Instant now) {
  const bool over = cell.open.count() > 0 && now >= pane_end(plan, cell);
  const auto result = over ? cell.open.result(plan.take, plan.per) : cell.result;
  if (plan.take == Take::kCount) return Value::integer(std::int64_t(result.value_or(0.0)));
  return number_or_absent(result);
}

// ----- sequences

void step_sequence(const WatchPlan& plan, SequenceCell& cell, const WatchInput& in) {
  cell.complete = false;
  if (in.without) {
    cell.begun = {};
    return;
  }
  for (std::size_t part = plan.parts; part-- > 0;) {
    if ((in.met >> part & 1U) == 0) continue;
    const Instant begun = part == 0 ? in.at : cell.begun[part - 1];
    if (!begun.is_set() || in.at - begun > plan.span) continue;
    cell.begun[part] = std::max(cell.begun[part], begun);
    cell.complete = cell.complete || part + 1 == plan.parts;
  }
  if (cell.complete) cell.begun = {};
}

// ----- change from a baseline

void learn_first(const WatchPlan& plan, ChangeCell& cell, const WatchInput& in) {
  if (!cell.begun.is_set()) cell.begun = in.at;
  if (in.at - cell.begun >= plan.span && cell.learning.count() >= kBaselineReadings) {
    cell.baseline = cell.learning.result(Take::kMean, Duration());
    cell.learning = Moments{};
    return;
  }
  cell.learning.add({in.at, in.x}, Take::kMean);
}

void step_change(const WatchPlan& plan, ChangeCell& cell, const WatchInput& in) {
  if (plan.recent) {
    const auto before = cell.ring.after(in.at - plan.span);
    cell.baseline.reset();
    if (std::int64_t(before.size()) >= kBaselineReadings) {
      cell.baseline = aggregate(before, Take::kMean, 0.0, Duration());
    }
    cell.ring.push({in.at, in.x});
    cell.ring.keep(plan.keep, in.at - plan.span);
  } else if (!cell.baseline) {
    learn_first(plan, cell, in);
  }
  cell.deviation.reset();
  if (!cell.baseline) return;
  const double off = in.x - *cell.baseline;
  if (!plan.relative) {
    cell.deviation = off;
  } else if (*cell.baseline != 0.0) {
    cell.deviation = off / std::fabs(*cell.baseline);
  }
}

// ----- hysteresis, dead band, ladder

void step_switch(const WatchPlan& plan, SwitchCell& cell, const WatchInput& in) {
  const double sign = plan.rising ? 1.0 : -1.0;
  if (sign * in.x > sign * plan.on) {
    cell.on = true;
  } else if (sign * in.x < sign * plan.off) {
    cell.on = false;
  }
}

void step_band(const WatchPlan& plan, BandCell& cell, const WatchInput& in) {
  if (!cell.value || std::fabs(in.x - *cell.value) > plan.band) cell.value = in.x;
}

// The level that the value has earned by `now`.
std::uint8_t level_at(const WatchPlan& plan, const LadderCell& cell, Instant now) {
  std::uint8_t level = cell.level;
  for (std::size_t i = level; i < plan.steps.size(); ++i) {
    const bool at_once = plan.hold == Duration() && cell.n[i] > 0;
    if (at_once || (cell.n[i] >= 2 && now - cell.since[i] >= plan.hold)) {
      level = std::uint8_t(i + 1);
    }
  }
  return level;
}

void step_ladder(const WatchPlan& plan, LadderCell& cell, const WatchInput& in) {
  const double x = plan.rising ? in.x : -in.x;
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    if (x > plan.steps[i]) {
      if (cell.n[i] == 0) cell.since[i] = in.at;
      cell.n[i] = cell.n[i] == 0 ? 1 : 2;
    } else {
      cell.n[i] = 0;
    }
  }
  while (cell.level > 0 && x < plan.steps[cell.level - 1U] - plan.band) --cell.level;
  cell.level = level_at(plan, cell, in.at);
}

Instant ladder_due(const WatchPlan& plan, const LadderCell& cell, Instant seen) {
  Instant first;
  for (std::size_t i = cell.level; i < plan.steps.size(); ++i) {
    const Instant at = cell.since[i] + plan.hold;
    if (cell.n[i] < 2 || at <= seen) continue;
    if (!first.is_set() || at < first) first = at;
  }
  return first;
}

struct Stepper {
  const WatchPlan& plan;
  const WatchInput& in;
  void operator()(HeldCell& cell) const { step_held(plan, cell, in); }
  void operator()(RingCell& cell) const { step_ring(plan, cell, in); }
  void operator()(PaneCell& cell) const { step_pane(plan, cell, in); }
  void operator()(AbsentCell& cell) const {
    if (in.holds || !cell.since.is_set()) cell.since = in.at;
  }
  void operator()(SequenceCell& cell) const { step_sequence(plan, cell, in); }
  void operator()(ChangeCell& cell) const { step_change(plan, cell, in); }
  void operator()(SwitchCell& cell) const { step_switch(plan, cell, in); }
  void operator()(BandCell& cell) const { step_band(plan, cell, in); }
  void operator()(LadderCell& cell) const { step_ladder(plan, cell, in); }
};

struct Reader {
  const WatchPlan& plan;
  Instant seen;
  Instant now;
  Value operator()(const HeldCell& cell) const { return Value::boolean(held_at(plan, cell, now)); }
  Value operator()(const RingCell& cell) const { return ring_value(plan, cell, now); }
  Value operator()(const PaneCell& cell) const { return pane_value(plan, cell, now); }
  Value operator()(const AbsentCell& cell) const {
    const Instant from = std::max(cell.since, cell.floor);
    return Value::boolean(cell.since.is_set() && now - from >= plan.span);
  }
  Value operator()(const SequenceCell& cell) const {
    return Value::boolean(cell.complete && now == seen);
  }
  Value operator()(const ChangeCell& cell) const { return number_or_absent(cell.deviation); }
  Value operator()(const SwitchCell& cell) const { return Value::boolean(cell.on); }
  Value operator()(const BandCell& cell) const { return number_or_absent(cell.value); }
  Value operator()(const LadderCell& cell) const {
    return Value::integer(level_at(plan, cell, now));
  }
};

struct DueFinder {
  const WatchPlan& plan;
  Instant seen;
  Instant operator()(const HeldCell& cell) const { return held_due(plan, cell); }
  Instant operator()(const PaneCell& cell) const {
    return cell.open.count() > 0 ? pane_end(plan, cell) : Instant();
  }
  Instant operator()(const AbsentCell& cell) const {
    return cell.since.is_set() ? std::max(cell.since, cell.floor) + plan.span : Instant();
  }
  Instant operator()(const LadderCell& cell) const { return ladder_due(plan, cell, seen); }
  template <class Other>
  Instant operator()(const Other&) const {
    return {};
  }
};

}  // namespace

void advance(const WatchPlan& plan, WatchCell& cell, Instant now) {
  if (auto* sequence = std::get_if<SequenceCell>(&cell.state)) sequence->complete = false;
  if (now <= cell.seen) return;
  cell.seen = now;
  if (auto* pane = std::get_if<PaneCell>(&cell.state)) close_pane(plan, *pane, now);
  if (auto* ladder = std::get_if<LadderCell>(&cell.state)) {
    ladder->level = level_at(plan, *ladder, now);
  }
}

void step(const WatchPlan& plan, WatchCell& cell, const WatchInput& input) {
  if (cell.last.is_set() && input.at < cell.last) {
    // Nothing is completed by what is not applied.
    if (auto* sequence = std::get_if<SequenceCell>(&cell.state)) sequence->complete = false;
    return;
  }
  advance(plan, cell, input.at);
  cell.last = input.at;
  std::visit(Stepper{plan, input}, cell.state);
  // A reading for a window that time has left already is its last.
  if (auto* pane = std::get_if<PaneCell>(&cell.state)) close_pane(plan, *pane, cell.seen);
}

Value value(const WatchPlan& plan, const WatchCell& cell, Instant now) {
  return std::visit(Reader{plan, cell.seen, std::max(now, cell.seen)}, cell.state);
}

Instant next_due(const WatchPlan& plan, const WatchCell& cell) {
  const Instant due = std::visit(DueFinder{plan, cell.seen}, cell.state);
  if (!due.is_set() || due <= cell.seen) return {};
  return std::max(due, cell.look_again);
}

WatchCell fresh(const WatchPlan& plan, std::uint64_t key) {
  WatchCell cell;
  cell.key = key;
  switch (plan.kind) {
    case WatchKind::kHeld:
      cell.state = HeldCell{};
      break;
    case WatchKind::kWindow:
      if (plan.window == WindowBy::kTumbling || plan.window == WindowBy::kSession) {
        cell.state = PaneCell{};
        break;
      }
      [[fallthrough]];
    case WatchKind::kTimes:
      cell.state = RingCell{};
      break;
    case WatchKind::kAbsent:
      cell.state = AbsentCell{};
      break;
    case WatchKind::kSequence:
      cell.state = SequenceCell{};
      break;
    case WatchKind::kChange:
      cell.state = ChangeCell{};
      break;
    case WatchKind::kSwitch:
      cell.state = SwitchCell{};
      break;
    case WatchKind::kBand:
      cell.state = BandCell{};
      break;
    case WatchKind::kLadder:
      cell.state = LadderCell{};
      break;
    case WatchKind::kCount:
      break;
  }
  return cell;
}

bool fits(const WatchPlan& plan, const WatchCell& cell) {
  return fresh(plan, 0).state.index() == cell.state.index();
}

}  // namespace millwright::rules
