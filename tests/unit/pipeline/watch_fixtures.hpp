#pragma once
// Watches in a few words, for the pipeline's tests. Any thread, nobody owns it.

#include "fixtures.hpp"

namespace millwright::pipeline::testing {

// Who needs `of` adds it.
inline rules::WatchSpec named(const std::string& name, std::vector<std::string> keys) {
  rules::WatchSpec w;
  w.name = name;
  w.place = {name, "test.yaml", 9, 5};
  for (const std::string& key : keys) w.keys[key] = {9, 9};
  return w;
}
inline rules::WatchSpec watch_for(const std::string& name, Duration span) {
  rules::WatchSpec w = named(name, {"for"});
  w.held_for = span;
  return w;
}
inline rules::WatchSpec watch_times(const std::string& name, int times, Duration within) {
  rules::WatchSpec w = named(name, {"times", "within"});
  w.times = times;
  w.within = within;
  return w;
}
inline rules::WatchSpec watch_absent(const std::string& name, Duration span) {
  rules::WatchSpec w = named(name, {"absent"});
  w.absent = span;
  return w;
}
inline rules::WatchSpec watch_sequence(const std::string& name) {
  rules::WatchSpec w = named(name, {"sequence", "within", "by"});
  w.sequence = {{"signal.value > 60.0", "test.yaml", 9, 9}, {"signal.value < 51.0", "", 9, 9}};
  w.within = minutes(4);
  w.by = "asset";
  return w;
}
inline rules::WatchSpec watch_window(const std::string& name, Duration span) {
  rules::WatchSpec w = named(name, {"window", "take"});
  w.window = span;
  w.take = "mean";
  return w;
}
inline rules::WatchSpec watch_tumbling(const std::string& name, Duration span) {
  rules::WatchSpec w = named(name, {"tumbling", "take"});
  w.tumbling = span;
  w.take = "stddev";
  return w;
}
inline rules::WatchSpec watch_ladder(const std::string& name) {
  rules::WatchSpec w = named(name, {"steps", "hold", "dead_band"});
  w.steps = {50.5, 51.5, 60.0};
  w.hold = minutes(1);
  w.dead_band = 0.5;
  return w;
}
inline rules::WatchSpec watch_change(const std::string& name, Duration span) {
  rules::WatchSpec w = named(name, {"from", "window"});
  w.from = "first";
  w.window = span;
  return w;
}

}  // namespace millwright::pipeline::testing
