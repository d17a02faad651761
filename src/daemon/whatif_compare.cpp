// Which cases of two replays are the same, and what is known of those that are not.
#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>

#include "daemon/whatif_report.hpp"

namespace millwright::daemon {
namespace {

// Two cases of one entity and failure mode whose evidence does not overlap are still taken for the
// same finding when they opened within this.
constexpr Duration kTogether = hours(24);
// A finding counts for a failure from this long before it became known.
constexpr Duration kAhead = hours(24);
constexpr Duration kOfNote = minutes(1);

Instant last_of(const ReplayedCase& c) {
  Instant last = c.about.opened_at;
  for (const Task& task : c.tasks) last = std::max(last, task.last_seen);
  return last;
}

Duration apart(const ReplayedCase& a, const ReplayedCase& b) {
  return a.about.opened_at < b.about.opened_at ? b.about.opened_at - a.about.opened_at
                                               : a.about.opened_at - b.about.opened_at;
}

bool same_finding(const ReplayedCase& a, const ReplayedCase& b) {
  if (a.about.entity != b.about.entity || a.about.mode != b.about.mode) return false;
  const bool overlap = a.about.opened_at <= last_of(b) && b.about.opened_at <= last_of(a);
  return overlap || apart(a, b) < kTogether;
}

using Cases = std::vector<const ReplayedCase*>;

Cases within(const std::vector<ReplayedCase>& cases, Instant from, Instant to) {
  Cases out;
  for (const ReplayedCase& one : cases) {
    if (one.about.opened_at >= from && one.about.opened_at < to) out.push_back(&one);
  }
  return out;
}

std::string kinds(const ReplayedCase& c) {
  std::string out;
  for (const Task& task : c.tasks)
    out += (out.empty() ? "" : "+") + std::string(to_text(task.kind));
  return out;
}

std::string difference(const ReplayedCase& now, const ReplayedCase& then) {
  std::string out;
  const auto say = [&](const std::string& what) { out += (out.empty() ? "" : ", ") + what; };
  const Task& a = now.tasks.front();
  const Task& b = then.tasks.front();
  if (a.priority != b.priority) {
    say("P" + std::to_string(int(a.priority)) + " -> P" + std::to_string(int(b.priority)));
  }
  if (kinds(now) != kinds(then)) say(kinds(now) + " -> " + kinds(then));
  if (a.due.has_value() != b.due.has_value() ||
      (a.due && (*a.due - a.opened_at) != (*b.due - b.opened_at))) {
    say("other due date");
  }
  if (a.rule.id != b.rule.id) say("by " + b.rule.id.str());
  if (apart(now, then) >= kOfNote) {
    const bool earlier = then.about.opened_at < now.about.opened_at;
    say(spoken(apart(now, then)) + (earlier ? " earlier" : " later"));
  }
  const bool words = a.title != b.title || a.cause != b.cause || a.rationale != b.rationale;
  if (out.empty() && words) say("other words");
  return out;
}

bool fits(const Known& known, const ReplayedCase& c) {
  return known.asset == c.about.asset && (known.mode.empty() || known.mode == c.about.mode) &&
         c.about.opened_at <= known.to && last_of(c) >= known.from - kAhead;
}

Truth truth_of(const ReplayedCase& c, const KnownOutcomes& known) {
  bool refuted = false;
  for (const Known& each : known.list) {
    if (!fits(each, c)) continue;
    if (each.real) return Truth::kReal;
    refuted = true;
  }
  const bool complete = std::find(known.complete.begin(), known.complete.end(), c.about.asset) !=
                        known.complete.end();
  return refuted || complete ? Truth::kFalseAlarm : Truth::kUnknown;
}

bool finds(const Cases& cases, const Known& failure) {
  return std::any_of(cases.begin(), cases.end(),
                     [&](const ReplayedCase* c) { return fits(failure, *c); });
}

Tally tally_of(const Cases& cases, const KnownOutcomes& known) {
  Tally out;
  for (const ReplayedCase* one : cases) {
    ++out.cases;
    out.tasks += std::int64_t(one->tasks.size());
    const Truth truth = truth_of(*one, known);
    out.false_alarms += truth == Truth::kFalseAlarm ? 1 : 0;
    out.unknown += truth == Truth::kUnknown ? 1 : 0;
  }
  return out;
}

void count_failures(const Cases& now, const Cases& then, Instant from, Instant to,
                    const KnownOutcomes& known, WhatIf& out) {
  for (const Known& failure : known.list) {
    if (!failure.real || failure.to < from || failure.from >= to) continue;
    ++out.failures_known;
    const bool before = finds(now, failure);
    const bool after = finds(then, failure);
    out.now.failures_found += before ? 1 : 0;
    out.then.failures_found += after ? 1 : 0;
    out.true_found += after && !before ? 1 : 0;
    out.true_lost += before && !after ? 1 : 0;
  }
}

void add_change(CaseChange change, const KnownOutcomes& known, WhatIf& out) {
  change.truth = truth_of(change.one(), known);
  const bool false_alarm = change.truth == Truth::kFalseAlarm;
  const auto count = [&](Moves& moves) {
    moves.added += change.what == CaseChange::What::kAdded ? 1 : 0;
    moves.removed += change.what == CaseChange::What::kRemoved ? 1 : 0;
    moves.changed += change.what == CaseChange::What::kChanged ? 1 : 0;
  };
  count(out.moves);
  count(out.by_rule[change.one().tasks.front().rule.id.str()]);
  count(out.by_asset[change.one().about.entity]);
  out.false_alarms_added += false_alarm && change.what == CaseChange::What::kAdded ? 1 : 0;
  out.false_alarms_avoided += false_alarm && change.what == CaseChange::What::kRemoved ? 1 : 0;
  out.changes.push_back(std::move(change));
}

}  // namespace

std::string_view to_text(Truth truth) {
  switch (truth) {
    case Truth::kReal:
      return "real";
    case Truth::kFalseAlarm:
      return "false alarm";
    case Truth::kUnknown:
      break;
  }
  return "not known";
}

WhatIf compare(const std::vector<ReplayedCase>& now, const std::vector<ReplayedCase>& then,
               Instant from, Instant to, const KnownOutcomes& known) {
  const Cases ours = within(now, from, to);
  const Cases theirs = within(then, from, to);
  WhatIf out;
  out.now = tally_of(ours, known);
  out.then = tally_of(theirs, known);
  count_failures(ours, theirs, from, to, known, out);
  std::vector<bool> taken(theirs.size());
  for (const ReplayedCase* one : ours) {
    std::size_t best = theirs.size();
    for (std::size_t i = 0; i < theirs.size(); ++i) {
      if (taken[i] || !same_finding(*one, *theirs[i])) continue;
      if (best == theirs.size() || apart(*one, *theirs[i]) < apart(*one, *theirs[best])) best = i;
    }
    if (best == theirs.size()) {
      add_change({CaseChange::What::kRemoved, one, nullptr, {}, {}}, known, out);
      continue;
    }
    taken[best] = true;
    std::string what = difference(*one, *theirs[best]);
    if (what.empty()) continue;
    add_change({CaseChange::What::kChanged, one, theirs[best], {}, std::move(what)}, known, out);
  }
  for (std::size_t i = 0; i < theirs.size(); ++i) {
    if (!taken[i]) add_change({CaseChange::What::kAdded, nullptr, theirs[i], {}, {}}, known, out);
  }
  std::stable_sort(out.changes.begin(), out.changes.end(),
                   [](const CaseChange& a, const CaseChange& b) {
                     return a.one().about.opened_at < b.one().about.opened_at;
                   });
  return out;
}

std::vector<Known> outcomes_of(const std::vector<ReplayedCase>& cases) {
  std::vector<Known> out;
  for (const ReplayedCase& one : cases) {
    for (const Task& task : one.tasks) {
      if (task.outcome == Outcome::kUnknown) continue;
      const bool other = task.outcome == Outcome::kOtherCause;
      out.push_back({one.about.asset, other ? FailureMode() : one.about.mode, one.about.opened_at,
                     std::max(task.last_seen, one.about.closed_at.value_or(task.last_seen)),
                     task.outcome != Outcome::kNotFound});
      break;
    }
  }
  return out;
}

Result<KnownOutcomes> read_known(const std::string& file) {
  std::ifstream in(file);
  if (!in) return fail(Errc::kNotFound, file + " cannot be read");
  KnownOutcomes out;
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line.empty() || (number == 1 && line.rfind("asset,", 0) == 0)) continue;
    std::array<std::string, 4> cell;
    std::istringstream cells(line);
    for (std::string& each : cell) std::getline(cells, each, ',');
    const auto from = parse_rfc3339(cell[1]);
    const auto to = parse_rfc3339(cell[2]);
    if (cell[0].empty() || !from || !to || *to < *from) {
      return fail(Errc::kInvalid,
                  file + ":" + std::to_string(number) +
                      ": a line is asset,from,to or asset,from,to,mode with times such as "
                      "2026-03-02T06:00:00Z, the first not after the second");
    }
    out.list.push_back({AssetId(cell[0]), FailureMode(cell[3]), *from, *to, true});
    out.complete.emplace_back(cell[0]);
  }
  return out;
}

}  // namespace millwright::daemon
