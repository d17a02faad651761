// What if: the same recorded history under the rules in force and under a candidate, side by side.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "daemon/player.hpp"
#include "daemon/whatif_report.hpp"
#include "millwright/base/log.hpp"
#include "millwright/daemon/commands.hpp"
#include "millwright/source/recording.hpp"
#include "millwright/store/store.hpp"

namespace millwright::daemon {
namespace {

namespace fs = std::filesystem;

struct Span {
  Instant from;  // cases that open here count
  Instant to;
  Instant warm_from;  // and this is where playing begins
};

Result<Instant> time_of(const std::string& text, const char* option) {
  if (text.empty()) return Instant();
  const auto at = parse_rfc3339(text);
  if (at) return *at;
  return fail(Errc::kInvalid,
              std::string(option) + " is a time such as 2026-03-02T06:00:00Z, not " + text);
}

Result<Span> span_of(const WhatIfOptions& options) {
  Span out;
  const auto from = time_of(options.from, "--from");
  if (!from) return from.error();
  const auto to = time_of(options.to, "--to");
  if (!to) return to.error();
  if (from->is_set() && to->is_set() && *to <= *from) {
    return fail(Errc::kInvalid, "--to is not after --from");
  }
  out.from = *from;
  out.to = *to;
  if (from->is_set()) out.warm_from = *from - hours(options.warm_up_hours);
  return out;
}

// What the topics hold, as a file to be played twice.
Result<void> record(const Settings& settings, const Span& span, const std::string& file,
                    const ReportStyle& style) {
  source::RecordingConfig config;
  config.bootstrap = settings.kafka.bootstrap;
  config.topics = settings.kafka.topics;
  config.properties = settings.kafka.security;
  config.from = span.warm_from;
  config.to = span.to;
  std::ofstream out(file);
  std::int64_t records = 0;
  const auto spans = source::read_recording(config, [&](const RawRecord& record) -> Result<void> {
    out << source::to_line(record) << "\n";
    if (!out) return fail(Errc::kExhausted, "the recording cannot be written to " + file);
    if (++records % 65'536 == 0 && asked_to_end()) {
      return fail(Errc::kUnavailable, "stopped while reading from Kafka");
    }
    return {};
  });
  if (!spans) return spans.error();
  for (const source::RecordedSpan& each : *spans) {
    if (each.records == 0) continue;
    std::fprintf(stderr, "%s[%d]: %s records from %s to %s%s\n", each.where.topic.c_str(),
                 each.where.partition, grouped(each.records).c_str(),
                 spoken(each.first, style).c_str(), spoken(each.last, style).c_str(),
                 each.cut ? "; what was before is no longer kept" : "");
  }
  if (records == 0) return fail(Errc::kNotFound, "the topics hold no record of that time");
  return {};
}

bool same_bundle(const Loaded& a, const Loaded& b) {
  const auto& ours = a.rules->rules();
  const auto& theirs = b.rules->rules();
  return std::equal(ours.begin(), ours.end(), theirs.begin(), theirs.end(),
                    [](const auto& one, const auto& other) { return one.ref == other.ref; });
}

// From the file that was named, and from what this plant's own ledger says of closed tasks.
Result<KnownOutcomes> known_outcomes(const WhatIfOptions& options, const Settings& settings) {
  KnownOutcomes known;
  if (!options.known.empty()) {
    auto read = read_known(options.known);
    if (!read) return read.error();
    known = std::move(*read);
  }
  const std::string ledger = options.ledger.empty() ? settings.storage.path : options.ledger;
  if (options.ledger.empty() && !fs::exists(ledger)) return known;
  auto reader = store::open_reader(ledger);
  if (!reader) return reader.error();
  const auto cases = read_cases(**reader);
  if (!cases) return cases.error();
  const auto outcomes = outcomes_of(*cases);
  known.list.insert(known.list.end(), outcomes.begin(), outcomes.end());
  return known;
}

void print_text(const WhatIfOptions& options, const WhatIf& result, const Played& now,
                const Played& then, bool same, const ReportStyle& style) {
  if (same) std::printf("The candidate holds the same rules as those in force.\n");
  std::printf("Played %s events from %s to %s (times in %s)", grouped(now.lane.records).c_str(),
              spoken(now.from, style).c_str(), spoken(now.reached, style).c_str(),
              style.zone.c_str());
  std::printf("%s.\n\n%s", options.from.empty() && options.to.empty() ? "" : ", counted as asked",
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

// The recording under both bundles, one after the other.
Result<std::pair<Played, Played>> play_both(const Recorded& recorded, const Loaded& now,
                                            const Loaded& then, const Scratch& scratch) {
  PlayOptions what = recorded.play;
  what.ledger = scratch.path() + "/now.db";
  what.doing = "rules in force ";
  auto first = play(what, now);
  if (!first) return first.error();
  what.ledger = scratch.path() + "/candidate.db";
  what.doing = "candidate      ";
  auto second = play(what, then);
  if (!second) return second.error();
  if (!first->whole || !second->whole) {
    return fail(Errc::kUnavailable, "stopped before the end; nothing can be compared");
  }
  return std::pair(std::move(*first), std::move(*second));
}

// Where no span was asked for: all that was played, by the broker's time or by the events' own.
Span all_of(Span span, const Played& now, const Played& then) {
  Span all{now.from, now.to, {}};
  for (const Played* played : {&now, &then}) {
    if (played->cases.empty()) continue;
    all.from = std::min(all.from, played->cases.front().about.opened_at);
    all.to = std::max(all.to, played->cases.back().about.opened_at);
  }
  if (!span.from.is_set()) span.from = all.from;
  if (!span.to.is_set()) span.to = all.to + Duration(1);
  return span;
}

Result<void> run(const WhatIfOptions& options) {
  const auto span = span_of(options);
  if (!span) return span.error();
  auto recorded = recorded_input(options.input, options.mapping);
  if (!recorded) return recorded.error();
  const std::string config = !options.config.empty()     ? options.config
                             : !recorded->config.empty() ? recorded->config
                                                         : "config/millwright.yaml";
  auto now = load_and_compile(config);
  if (!now) return now.error();
  auto then = load_and_compile(config, options.candidate);
  if (!then) return then.error();
  const bool same = same_bundle(*now, *then);
  if (same) then = now;  // not even the folder's name may differ
  const Configuration& configuration = now->configuration;
  const PlantModel& plant = *configuration.plant;
  if (recorded->play.csv) MW_TRY(check_mapping(recorded->play.mapping, plant, config));
  const auto known = known_outcomes(options, configuration.settings);
  if (!known) return known.error();
  const Scratch scratch;
  if (scratch.path().empty()) {
    return fail(Errc::kUnavailable, "no temporary folder could be made");
  }
  if (options.input.empty()) {
    recorded->play.input = scratch.path() + "/recording.jsonl";
    MW_TRY(record(configuration.settings, *span, recorded->play.input,
                  style_of(plant, span->from, span->to)));
  }
  const auto both = play_both(*recorded, *now, *then, scratch);
  if (!both) return both.error();
  const auto& [ours, theirs] = *both;
  const Span counted = all_of(*span, ours, theirs);
  const WhatIf result = compare(ours.cases, theirs.cases, counted.from, counted.to, *known);
  if (options.json) {
    print_json(result, ours, theirs, same);
  } else {
    print_text(options, result, ours, theirs, same, style_of(plant, ours.from, ours.to));
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
