#pragma once
// One watch: its declaration as it is worked with, what it remembers, and the pure steps over that.
// Watches are immutable and shared by all lanes; cells are values of one lane.

#include <array>
#include <limits>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "millwright/base/limits.hpp"
#include "millwright/cel/value.hpp"
#include "rules/watch/ring.hpp"

namespace millwright::rules {

enum class WatchKind : std::uint8_t {
  kHeld,      // for
  kTimes,     // times, out_of or within
  kWindow,    // take
  kAbsent,    // absent
  kSequence,  // sequence
  kChange,    // from
  kSwitch,    // above or below, until
  kBand,      // dead_band
  kLadder,    // steps
  kCount
};

enum class WindowBy : std::uint8_t { kTime, kCount, kTumbling, kSession };

// All numbers of a declaration; which of them count depends on the kind.
struct WatchPlan {
  WatchKind kind = WatchKind::kHeld;
  Duration span;  // for, within, window, tumbling, session, absent
  Duration gap;   // kHeld
  Duration hold;  // kLadder
  Duration per;   // rate and slope
  std::size_t times = 0;
  std::size_t keep = 0;  // readings kept at most; out_of, count
  bool within = false;   // kTimes: in a span of time, not of readings
  WindowBy window = WindowBy::kTime;
  Take take = Take::kMean;
  double p = 0.5;
  bool recent = false;    // kChange: the baseline follows the readings
  bool relative = false;  // kChange
  bool rising = true;     // kSwitch: on above; kLadder: climbs with the value
  double on = 0.0;
  double off = 0.0;
  double band = 0.0;
  std::vector<double> steps;  // negated where the ladder climbs as the value falls
  std::size_t parts = 0;      // of a sequence
};

// What one observation says to a watch. Which members count depends on the kind.
struct WatchInput {
  Instant at;
  bool holds = false;     // `of` of kHeld, kTimes, kAbsent
  double x = 0.0;         // `of` of the others
  std::uint32_t met = 0;  // kSequence: bit i: part i holds
  bool without = false;
};

struct HeldCell {
  Instant since;
  Instant newest;
  std::uint8_t n = 0;  // readings of the run, at most 2
};
struct RingCell {  // kTimes, kWindow by time or count
  Ring ring;
};
struct PaneCell {  // kWindow, tumbling or session
  Moments open;
  Instant from;
  Instant newest;
  Instant closed;  // end of the last one; older readings come too late
  std::optional<double> result;
};
struct AbsentCell {
  Instant since;  // the last one, or when the watch began
  Instant floor;  // not counted from before
};
struct SequenceCell {
  std::array<Instant, limits::kWatchSequence>
      begun{};            // of the youngest match of the first i parts
  bool complete = false;  // with the observation just seen
};
struct ChangeCell {
  Ring ring;         // recent
  Moments learning;  // first
  Instant begun;
  std::optional<double> baseline;
  std::optional<double> deviation;
};
struct SwitchCell {
  bool on = false;
};
struct BandCell {
  std::optional<double> value;
};
struct LadderCell {
  std::array<Instant, limits::kWatchSteps> since{};   // above step i
  std::array<std::uint8_t, limits::kWatchSteps> n{};  // readings above it in a row, at most 2
  std::uint8_t level = 0;
};

struct WatchCell {
  std::uint64_t key = 0;  // of the declaration: a changed one starts anew
  Instant seen;           // up to here time was taken note of
  Instant last;           // newest reading
  Instant look_again;     // a due look that had to wait
  // In the order of WatchKind, but that kTimes and half of kWindow share one.
  std::variant<HeldCell, RingCell, PaneCell, AbsentCell, SequenceCell, ChangeCell, SwitchCell,
               BandCell, LadderCell>
      state;
};

// A watch that has seen nothing yet.
[[nodiscard]] WatchCell fresh(const WatchPlan& plan, std::uint64_t key);
// Whether the cell's state is of this plan's kind; not, if it was damaged.
[[nodiscard]] bool fits(const WatchPlan& plan, const WatchCell& cell);

// Applies a reading. One older than the newest is not applied.
void step(const WatchPlan& plan, WatchCell& cell, const WatchInput& input);
// Time went on to `now` with no reading.
void advance(const WatchPlan& plan, WatchCell& cell, Instant now);
// The value at `now`, which is not before the last step; absent where there is none yet.
[[nodiscard]] cel::Value value(const WatchPlan& plan, const WatchCell& cell, Instant now);
// The next instant after what was seen at which time alone changes what matters; unset: none.
[[nodiscard]] Instant next_due(const WatchPlan& plan, const WatchCell& cell);

void save(const WatchCell& cell, ByteWriter& out);
[[nodiscard]] bool load(WatchCell& cell, ByteReader& in);
[[nodiscard]] std::size_t bytes(const WatchCell& cell);

}  // namespace millwright::rules
