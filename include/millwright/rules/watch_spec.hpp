#pragma once
// WatchSpec: a watch as its author wrote it under a rule's `watch:`, read but not yet compiled; and
// the budget of a rule. Values.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "millwright/base/time.hpp"
#include "millwright/rules/source_text.hpp"

namespace millwright::rules {

// What is remembered of the readings, beside the expressions so that these stay pure. Which kind of
// watch it is follows from the keys that were given; docs/rules.md lists them.
struct WatchSpec {
  std::string name;  // rules read it as watch.<name>
  SourceText place;  // of the watch itself
  SourceText of;     // CEL: a number, or true and false, as the kind wants it
  std::string by;    // signal (default) or asset: whose readings belong together
  SourceText where;  // CEL: which readings it sees at all
  SourceText without;
  std::vector<SourceText> sequence;
  std::optional<Duration> held_for, gap, within, window, tumbling, session, absent, hold, per;
  std::optional<std::int64_t> times, out_of, count, keep;
  std::optional<double> p, above, below, until, dead_band;
  std::vector<double> steps;
  std::string take;  // mean, min, max, ...
  std::string from;  // first or recent
  std::string as;    // relative or absolute
  // Line and column of each key that was given, by its name in the file.
  std::map<std::string, std::pair<int, int>, std::less<>> keys;
};

// At most so many decisions in a span of time; 0: no budget.
struct Budget {
  enum class Per : std::uint8_t { kShift, kDay, kDuration };
  enum class Of : std::uint8_t { kAsset, kRule };
  std::int64_t decisions = 0;
  Per per = Per::kShift;
  Duration duration;  // Per::kDuration
  Of of = Of::kAsset;
  SourceText place;
};

}  // namespace millwright::rules
