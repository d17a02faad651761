#pragma once
// What is behind WatchMemory: cells of watches by what their readings belong to. Owned by an
// entity; one lane.

#include <string>
#include <vector>

#include "millwright/domain/ids.hpp"
#include "millwright/rules/watch_memory.hpp"
#include "rules/watch/watch.hpp"

namespace millwright::rules {

struct WatchSubject {
  std::string signal;            // "" : the entity itself
  EventKey newest;               // the last event that its watches saw
  std::vector<WatchCell> cells;  // by key

  [[nodiscard]] const WatchCell* find(std::uint64_t key) const;
  // All at once, for a subject that is new: one by one they would be moved about.
  void begin(std::vector<WatchCell> fresh_cells);
  [[nodiscard]] WatchCell& cell(const WatchPlan& plan, std::uint64_t key);
};

struct WatchMemory::Impl {
  std::vector<WatchSubject> subjects;  // by signal

  [[nodiscard]] const WatchSubject* find(std::string_view signal) const;
  [[nodiscard]] WatchSubject& subject(std::string_view signal);
};

}  // namespace millwright::rules
