#include "daemon/history.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "millwright/source/recording.hpp"
#include "millwright/store/store.hpp"

namespace millwright::daemon {
namespace {

Result<Instant> time_of(const std::string& text, const char* option) {
  if (text.empty()) return Instant();
  const auto at = parse_rfc3339(text);
  if (at) return *at;
  return fail(Errc::kInvalid,
              std::string(option) + " is a time such as 2026-03-02T06:00:00Z, not " + text);
}

}  // namespace

Result<std::unique_ptr<History>> History::open(const HistoryOptions& options) {
  std::unique_ptr<History> history(new History(options));
  MW_TRY(history->open());
  return history;
}

Result<void> History::open() {
  MW_TRY(read_times());
  auto recorded = recorded_input(options_.input, options_.mapping);
  if (!recorded) return recorded.error();
  recorded_ = std::move(*recorded);
  config_ = !options_.config.empty()    ? options_.config
            : !recorded_.config.empty() ? recorded_.config
                                        : "config/millwright.yaml";
  auto now = load_and_compile(config_);
  if (!now) return now.error();
  now_ = std::move(*now);
  if (recorded_.play.csv) {
    MW_TRY(check_mapping(recorded_.play.mapping, *now_.configuration.plant, config_));
  }
  MW_TRY(learn());
  if (scratch_.path().empty()) {
    return fail(Errc::kUnavailable, "no temporary folder could be made");
  }
  return options_.input.empty() ? record() : Result<void>();
}

Result<void> History::read_times() {
  const auto from = time_of(options_.from, "--from");
  if (!from) return from.error();
  const auto to = time_of(options_.to, "--to");
  if (!to) return to.error();
  if (from->is_set() && to->is_set() && *to <= *from) {
    return fail(Errc::kInvalid, "--to is not after --from");
  }
  from_ = *from;
  to_ = *to;
  return {};
}

// What the topics hold, as a file to be played more than once.
Result<void> History::record() {
  const Settings& settings = now_.configuration.settings;
  recorded_.play.input = scratch_.path() + "/recording.jsonl";
  source::RecordingConfig config;
  config.bootstrap = settings.kafka.bootstrap;
  config.topics = settings.kafka.topics;
  config.properties = settings.kafka.security;
  if (from_.is_set()) config.from = from_ - hours(options_.warm_up_hours);
  config.to = to_;
  std::ofstream out(recorded_.play.input);
  std::int64_t records = 0;
  const auto spans = source::read_recording(config, [&](const RawRecord& record) -> Result<void> {
    out << source::to_line(record) << "\n";
    if (!out) return fail(Errc::kExhausted, "no room for the recording in " + scratch_.path());
    if (++records % 65'536 == 0 && asked_to_end()) {
      return fail(Errc::kUnavailable, "stopped while reading from Kafka");
    }
    return {};
  });
  if (!spans) return spans.error();
  const ReportStyle style = style_of(*now_.configuration.plant, Instant(), Instant());
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

// From the file that was named, and from what this plant's own ledger says of closed tasks.
Result<void> History::learn() {
  if (!options_.known.empty()) {
    auto read = read_known(options_.known);
    if (!read) return read.error();
    known_ = std::move(*read);
  }
  const std::string ledger =
      options_.ledger.empty() ? now_.configuration.settings.storage.path : options_.ledger;
  if (options_.ledger.empty() && !std::filesystem::exists(ledger)) return {};
  auto reader = store::open_reader(ledger);
  if (!reader) return reader.error();
  const auto cases = read_cases(**reader);
  if (!cases) return cases.error();
  const auto outcomes = outcomes_of(*cases);
  known_.list.insert(known_.list.end(), outcomes.begin(), outcomes.end());
  return {};
}

Result<Played> History::play(const Loaded& under, const std::string& doing) {
  PlayOptions what = recorded_.play;
  what.ledger = scratch_.path() + "/play-" + std::to_string(++plays_) + ".db";
  what.doing = doing;
  auto played = daemon::play(what, under);
  if (!played) return played.error();
  if (!played->whole) {
    return fail(Errc::kUnavailable, "stopped before the end; nothing can be compared");
  }
  return played;
}

WhatIf History::compare(const Played& now, const Played& then) const {
  // Where no span was asked for: all that was played, by the broker's time or by the events' own.
  Instant from = now.from;
  Instant to = now.to;
  for (const Played* played : {&now, &then}) {
    if (played->cases.empty()) continue;
    from = std::min(from, played->cases.front().about.opened_at);
    to = std::max(to, played->cases.back().about.opened_at);
  }
  return daemon::compare(now.cases, then.cases, from_.is_set() ? from_ : from,
                         to_.is_set() ? to_ : to + Duration(1), known_);
}

ReportStyle History::style(const Played& played) const {
  return style_of(*now_.configuration.plant, played.from, played.to);
}

}  // namespace millwright::daemon
