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

}  // namespace

Result<Tried> try_candidate(const WhatIfOptions& options) {
  auto opened = History::open(options);
  if (!opened) return opened.error();
  Tried out;
  out.history = std::move(*opened);
  auto then = load_and_compile(out.history->config(), options.candidate);
  if (!then) return then.error();
  out.candidate = *std::move(then);
  out.same = same_bundle(out.history->now(), out.candidate);
  if (out.same) out.candidate = out.history->now();  // not even the folder's name may differ
  auto now = out.history->play(out.history->now(), "rules in force ");
  if (!now) return now.error();
  out.now = *std::move(now);
  auto theirs = out.history->play(out.candidate, "candidate      ");
  if (!theirs) return theirs.error();
  out.then = *std::move(theirs);
  out.result = out.history->compare(out.now, out.then);
  return out;
}

std::string tried_text(const Tried& tried, const WhatIfOptions& options, const ReportStyle& style) {
  std::string out;
  if (tried.same) out += "The candidate holds the same rules as those in force.\n";
  out += "Played " + grouped(tried.now.lane.records) + " events from " +
         spoken(tried.now.from, style) + " to " + spoken(tried.now.reached, style) + " (times in " +
         style.zone + ")" +
         (options.from.empty() && options.to.empty() ? "" : ", counted as asked") + ".\n\n" +
         whatif_text(tried.result, style);
  if (tried.now.root == tried.then.root) {
    out += "\nBoth audit logs have the root " + tried.now.root + ": bit for bit the same.\n";
  }
  return out;
}

int rules_whatif(const WhatIfOptions& options) {
  take_signals();
  log::configure(log::Level::kWarn, log::Format::kAuto);
  const auto tried = try_candidate(options);
  if (!tried) return report(tried.error());
  if (options.json) {
    print_json(tried->result, tried->now, tried->then, tried->same);
  } else {
    const ReportStyle style = tried->history->style(tried->now);
    std::printf("%s", tried_text(*tried, options, style).c_str());
  }
  return kOk;
}

}  // namespace millwright::daemon
