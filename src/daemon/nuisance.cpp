// The nuisance ledger: what each rule's tasks turned out to be worth, and for the worst ones a
// stricter number that was tried on recorded history.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>

#include "daemon/history.hpp"
#include "millwright/base/log.hpp"
#include "millwright/codec/catalog.hpp"
#include "millwright/rules/thresholds.hpp"
#include "millwright/store/store.hpp"
#include "millwright/workflow/outcomes.hpp"

namespace millwright::daemon {
namespace {

constexpr std::size_t kTasksRead = 200'000;
constexpr std::size_t kRulesTried = 3;       // the worst ones
constexpr std::size_t kThresholdsTried = 4;  // of each

using workflow::RuleOutcomes;
using Rows = std::vector<std::pair<std::string, RuleOutcomes>>;

struct Trial {
  rules::Threshold threshold;
  double number = 0.0;
  WhatIf result;
  Duration later;  // median of the cases that opened at another time
  [[nodiscard]] std::int64_t gain() const {
    return result.false_alarms_avoided - result.false_alarms_added;
  }
};

struct Proposal {
  std::string rule;
  std::int64_t false_alarms = 0;  // of the rule on the history
  std::size_t tried = 0;
  std::optional<Trial> best;  // none: nothing helps without losing a known failure
};

Result<Rows> read_outcomes(const std::string& ledger, int days_back) {
  auto reader = store::open_reader(ledger);
  if (!reader) return reader.error();
  workflow::Outcomes outcomes;
  TaskQuery query;
  query.by_change = true;
  query.limit = 200;
  Instant oldest;
  std::size_t read = 0;
  do {
    const auto page = (*reader)->tasks(query);
    if (!page) return page.error();
    for (const Task& task : page->items) {
      if (!oldest.is_set()) oldest = task.changed_at - days(days_back);
      if (task.changed_at >= oldest) outcomes.add(task);
    }
    read += page->items.size();
    const bool more = !page->items.empty() && page->items.back().changed_at >= oldest;
    query.cursor = more && read < kTasksRead ? page->next : "";
  } while (!query.cursor.empty());
  Rows rows(outcomes.by_rule().begin(), outcomes.by_rule().end());
  std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
    if (a.second.false_alarms != b.second.false_alarms) {
      return a.second.false_alarms > b.second.false_alarms;
    }
    return a.second.precision_at_best() < b.second.precision_at_best();
  });
  return rows;
}

std::string percent(double share) {
  if (std::isnan(share)) return "-";
  return std::to_string(std::int64_t(std::lround(share * 100.0))) + " %";
}

void print_rows(const Rows& rows, const std::string& currency) {
  if (rows.empty()) {
    std::printf("No rule has asked for anything yet.\n");
    return;
  }
  std::printf("%-24s %7s %9s %9s %7s %6s %10s %9s %8s\n", "RULE", "RAISED", "APPROVED", "CONFIRMED",
              "OTHER", "FALSE", "PRECISION", "AT BEST", "WASTED");
  for (const auto& [rule, o] : rows) {
    std::printf("%-24s %7s %9s %9s %7s %6s %10s %9s %6.1f h, %.0f %s\n", rule.c_str(),
                grouped(o.raised).c_str(), grouped(o.approved).c_str(),
                grouped(o.confirmed).c_str(), grouped(o.other_cause).c_str(),
                grouped(o.false_alarms).c_str(), percent(o.precision()).c_str(),
                percent(o.precision_at_best()).c_str(), o.hours_wasted, o.cost_wasted,
                currency.c_str());
  }
}

Duration median_later(const WhatIf& result) {
  std::vector<Duration> later;
  for (const CaseChange& change : result.changes) {
    if (change.what != CaseChange::What::kChanged) continue;
    later.push_back(change.then->about.opened_at - change.now->about.opened_at);
  }
  if (later.empty()) return {};
  std::sort(later.begin(), later.end());
  return later[later.size() / 2];
}

Result<Loaded> with_rule(const Loaded& now, const rules::RuleSpec& changed) {
  Loaded out = now;
  for (rules::RuleSpec& spec : out.configuration.rules) {
    if (spec.id == changed.id) spec = changed;
  }
  auto compiled = rules::RuleSet::compile(out.configuration.rules, out.configuration.version,
                                          codec::event_types());
  if (!compiled) return compiled.error();
  out.rules = std::move(*compiled);
  return out;
}

// Every stricter number of the rule, one at a time, against what the rules in force found.
Result<Proposal> try_rule(History& history, const Played& now, const rules::RuleSpec& spec) {
  Proposal out;
  out.rule = spec.id;
  auto found = rules::thresholds(spec, codec::event_types());
  if (found.size() > kThresholdsTried) found.resize(kThresholdsTried);
  for (const rules::Threshold& threshold : found) {
    for (const double number : rules::stricter(threshold)) {
      const auto loaded = with_rule(history.now(), rules::with_number(spec, threshold, number));
      if (!loaded) continue;  // such as a number beyond what the rule's own checks allow
      const auto played = history.play(*loaded, spec.id + " " + shortest(number) + " ");
      if (!played) return played.error();
      ++out.tried;
      Trial trial{threshold, number, history.compare(now, *played), {}};
      trial.later = median_later(trial.result);
      if (trial.result.true_lost > 0 || trial.gain() <= 0) continue;
      if (!out.best || trial.gain() > out.best->gain()) out.best = std::move(trial);
    }
  }
  return out;
}

// The rules with the most false alarms on the history itself.
Result<std::vector<Proposal>> propose(History& history, const Played& now) {
  const WhatIf base = history.compare(now, now);
  std::vector<std::pair<std::string, std::int64_t>> worst(base.false_alarms_by_rule.begin(),
                                                          base.false_alarms_by_rule.end());
  std::stable_sort(worst.begin(), worst.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  if (worst.size() > kRulesTried) worst.resize(kRulesTried);
  std::vector<Proposal> out;
  for (const auto& [rule, false_alarms] : worst) {
    for (const rules::RuleSpec& spec : history.now().configuration.rules) {
      if (spec.id != rule) continue;
      auto proposal = try_rule(history, now, spec);
      if (!proposal) return proposal.error();
      proposal->false_alarms = false_alarms;
      out.push_back(std::move(*proposal));
    }
  }
  return out;
}

void print_proposals(const std::vector<Proposal>& proposals, const Played& now,
                     const ReportStyle& style) {
  std::printf("\nTried on %s events from %s to %s:\n", grouped(now.lane.records).c_str(),
              spoken(now.from, style).c_str(), spoken(now.reached, style).c_str());
  if (proposals.empty()) std::printf("  no rule raised a known false alarm.\n");
  for (const Proposal& p : proposals) {
    std::printf("  %s: %s false alarms; ", p.rule.c_str(), grouped(p.false_alarms).c_str());
    if (!p.best) {
      std::printf("none of %zu stricter numbers avoids one without losing a known failure.\n",
                  p.tried);
      continue;
    }
    const WhatIf& r = p.best->result;
    std::printf("`%s` with %s instead avoids %s, and %s of %s known failures are still found",
                p.best->threshold.comparison.c_str(), shortest(p.best->number).c_str(),
                grouped(p.best->gain()).c_str(), grouped(r.then.failures_found).c_str(),
                grouped(r.failures_known).c_str());
    if (p.best->later > Duration()) std::printf(", %s later", spoken(p.best->later).c_str());
    std::printf(" (%zu tried).\n", p.tried);
  }
}

void write_row(const std::string& rule, const RuleOutcomes& o, JsonWriter& json) {
  json.begin_object();
  json.field("rule", rule);
  json.field("version", o.newest_version);
  json.field("raised", o.raised);
  json.field("approved", o.approved);
  json.field("rejected", o.rejected);
  json.field("expired", o.expired);
  json.field("withdrawn", o.withdrawn);
  json.field("confirmed", o.confirmed);
  json.field("otherCause", o.other_cause);
  json.field("falseAlarms", o.false_alarms);
  json.field("precision", o.precision());
  json.field("precisionAtBest", o.precision_at_best());
  json.field("hoursWasted", o.hours_wasted);
  json.field("costWasted", o.cost_wasted);
  json.end_object();
}

void write_proposal(const Proposal& p, JsonWriter& json) {
  json.begin_object();
  json.field("rule", p.rule);
  json.field("falseAlarms", p.false_alarms);
  json.field("tried", std::int64_t(p.tried));
  if (p.best) {
    json.field("comparison", p.best->threshold.comparison);
    json.field("number", p.best->number);
    json.field("falseAlarmsAvoided", p.best->gain());
    json.field("failuresFound", p.best->result.then.failures_found);
    json.field("failuresKnown", p.best->result.failures_known);
    json.field("laterSeconds", p.best->later.seconds());
  }
  json.end_object();
}

void print_json(const Rows& rows, const std::vector<Proposal>& proposals) {
  JsonWriter json;
  json.begin_object();
  json.key("rules");
  json.begin_array();
  for (const auto& [rule, outcomes] : rows) write_row(rule, outcomes, json);
  json.end_array();
  json.key("proposals");
  json.begin_array();
  for (const Proposal& proposal : proposals) write_proposal(proposal, json);
  json.end_array();
  json.end_object();
  std::printf("%s\n", json.text().c_str());
}

Result<void> run(const NuisanceOptions& options) {
  const std::string config = options.config.empty() ? "config/millwright.yaml" : options.config;
  std::unique_ptr<History> history;
  std::optional<Played> now;
  std::vector<Proposal> proposals;
  if (options.propose) {
    auto opened = History::open(options);
    if (!opened) return opened.error();
    history = std::move(*opened);
    auto played = history->play(history->now(), "rules in force ");
    if (!played) return played.error();
    now = std::move(*played);
    auto tried = propose(*history, *now);
    if (!tried) return tried.error();
    proposals = std::move(*tried);
  }
  const auto loaded = load_and_compile(history ? history->config() : config);
  if (!loaded) return loaded.error();
  const Settings& settings = loaded->configuration.settings;
  const std::string ledger = options.ledger.empty() ? settings.storage.path : options.ledger;
  Rows rows;
  // A recording may be tried without a ledger.
  const bool has_ledger =
      !options.propose || !options.ledger.empty() || std::filesystem::exists(ledger);
  if (has_ledger) {
    auto read = read_outcomes(ledger, options.days);
    if (!read) return read.error();
    rows = std::move(*read);
  }
  if (options.json) {
    print_json(rows, proposals);
    return {};
  }
  if (has_ledger) print_rows(rows, loaded->configuration.plant->currency);
  if (now) print_proposals(proposals, *now, history->style(*now));
  return {};
}

}  // namespace

int rules_nuisance(const NuisanceOptions& options) {
  take_signals();
  log::configure(log::Level::kWarn, log::Format::kAuto);
  const auto done = run(options);
  return done ? kOk : report(done.error());
}

}  // namespace millwright::daemon
