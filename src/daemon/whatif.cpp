// What if: the same recorded history under the rules in force and under a candidate, side by side.
#include <algorithm>
#include <cstdio>

#include "daemon/history.hpp"
#include "millwright/base/log.hpp"

namespace millwright::daemon {
namespace {

bool same_bundle(const Loaded& a, const Loaded& b) {
  const auto& ours = a.rules->rules();
  const auto& theirs = b.rules->rules();
  return std::equal(ours.begin(), ours.end(), theirs.begin(), theirs.end(),
                    [](const auto& one, const auto& other) { return one.ref == other.ref; });
}

void print_text(const WhatIfOptions& options, const WhatIf& result, const Played& now,
                const Played& then, bool same, const ReportStyle& style) {
  if (same) std::printf("The candidate holds the same rules as those in force.\n");
  std::printf("Played %s events from %s to %s (times in %s)%s.\n\n%s",
              grouped(now.lane.records).c_str(), spoken(now.from, style).c_str(),
              spoken(now.reached, style).c_str(), style.zone.c_str(),
              options.from.empty() && options.to.empty() ? "" : ", counted as asked",
              whatif_text(result, style).c_str());
  if (now.root == then.root) {
    std::printf("\nBoth audit logs have the root %s: bit for bit the same.\n", now.root.c_str());
  }
}

void print_json(const WhatIf& result, const Played& now, const Played& then, bool same) {
  JsonWriter json;
  json.begin_object();
  json.field("sameRules", same);
  json.field("identical", now.root == then.root);
  json.field("playedFrom", now.from);
  json.field("playedTo", now.reached);
  json.field("events", now.lane.records);
  json.field("rootNow", now.root);
  json.field("rootCandidate", then.root);
  whatif_json(result, json);
  json.end_object();
  std::printf("%s\n", json.text().c_str());
}

Result<void> run(const WhatIfOptions& options) {
  auto opened = History::open(options);
  if (!opened) return opened.error();
  History& history = **opened;
  auto then = load_and_compile(history.config(), options.candidate);
  if (!then) return then.error();
  const bool same = same_bundle(history.now(), *then);
  if (same) then = history.now();  // not even the folder's name may differ
  const auto ours = history.play(history.now(), "rules in force ");
  if (!ours) return ours.error();
  const auto theirs = history.play(*then, "candidate      ");
  if (!theirs) return theirs.error();
  const WhatIf result = history.compare(*ours, *theirs);
  if (options.json) {
    print_json(result, *ours, *theirs, same);
  } else {
    print_text(options, result, *ours, *theirs, same, history.style(*ours));
  }
  return {};
}

}  // namespace

int rules_whatif(const WhatIfOptions& options) {
  take_signals();
  log::configure(log::Level::kWarn, log::Format::kAuto);
  const auto done = run(options);
  return done ? kOk : report(done.error());
}

}  // namespace millwright::daemon
