// Recorded events through the same lane, ledger and rules, by the recording's own clock; nothing
// leaves.
#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "daemon/player.hpp"
#include "millwright/base/log.hpp"
#include "millwright/daemon/commands.hpp"

namespace millwright::daemon {
namespace {

const char* gloss(Disposition what) {
  switch (what) {
    case Disposition::kObserved:
    case Disposition::kFact:
    case Disposition::kHistorical:
    case Disposition::kTombstone:
    case Disposition::kCount:
      return "";
    case Disposition::kDuplicate:
      return "came before; counted once";
    case Disposition::kConflict:
      return "same signal and time as one before, another value; the first stands";
    case Disposition::kLate:
      return "too old when they came; not judged";
    case Disposition::kFuture:
      return "dated ahead of the clock; not judged";
    case Disposition::kOutOfOrder:
      return "older than one already applied; not judged";
    case Disposition::kUnmapped:
      return "of an asset or tag that the plant does not have";
    case Disposition::kIgnored:
      return "of a type that no rule listens to";
    case Disposition::kDeadLetter:
      return "could not be decoded";
  }
  return "";
}

void print_summary(const LaneStatus& lane, std::size_t cases, Instant from, Instant to,
                   const ReportStyle& style) {
  std::fprintf(stderr, "\n%s event%s from %s to %s (%s, times in %s): %zu case%s\n",
               grouped(lane.records).c_str(), lane.records == 1 ? "" : "s",
               spoken(from, style).c_str(), spoken(to, style).c_str(), spoken(to - from).c_str(),
               style.zone.c_str(), cases, cases == 1 ? "" : "s");
  for (std::size_t i = 0; i < std::size_t(Disposition::kCount); ++i) {
    if (lane.counts[i] == 0) continue;
    std::fprintf(stderr, "  %-12s %10s  %s\n", std::string(to_text(Disposition(i))).c_str(),
                 grouped(lane.counts[i]).c_str(), gloss(Disposition(i)));
  }
  for (const auto& [rule, error] : lane.rule_error_text) {
    std::fprintf(stderr, "  rule %s failed: %s\n", rule.c_str(), error.c_str());
  }
}

int run_replay(const ReplayOptions& options, const PlayOptions& what, Loaded loaded) {
  const PlantModelPtr plant = loaded.configuration.plant;
  const auto played = play(what, std::move(loaded));
  if (!played) return report(played.error());
  const ReportStyle style = style_of(*plant, played->from, played->to);
  if (!options.json) std::printf("%s", case_table(played->cases, style).c_str());
  for (const ReplayedCase& one : played->cases) {
    if (options.json) std::printf("%s\n", case_json(one).c_str());
  }
  std::fflush(stdout);
  print_summary(played->lane, played->cases.size(), played->from, played->reached, style);
  if (played->whole) return kOk;
  std::fprintf(stderr, "stopped before the end\n");
  return kFailed;
}

}  // namespace

Result<Recorded> recorded_input(const std::string& path, const std::string& mapping_file) {
  Recorded out;
  out.play.input = path;
  out.play.csv = !mapping_file.empty();
  if (out.play.csv) {
    auto mapping = load_mapping(mapping_file);
    if (!mapping) return mapping.error();
    out.play.mapping = std::move(*mapping);
    out.config = out.play.mapping.config;
    return out;
  }
  std::string ending = std::filesystem::path(path).extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
  if (ending != ".csv" && ending != ".tsv") return out;
  return fail(Errc::kInvalid,
              path +
                  ": a table needs --mapping FILE, which says what its columns mean; "
                  "config/replay/ holds examples, docs/replay.md explains them");
}

int replay(const ReplayOptions& options) {
  take_signals();
  log::configure(log::Level::kWarn, log::Format::kAuto);
  auto recorded = recorded_input(options.input, options.mapping);
  if (!recorded) return report(recorded.error());
  const std::string config = !options.config.empty()     ? options.config
                             : !recorded->config.empty() ? recorded->config
                                                         : "config/millwright.yaml";
  auto loaded = load_and_compile(config);
  if (!loaded) return report(loaded.error());
  if (recorded->play.csv) {
    const auto fits = check_mapping(recorded->play.mapping, *loaded->configuration.plant, config);
    if (!fits) return report(fits.error());
  }
  const Scratch scratch;
  if (scratch.path().empty()) {
    return report(fail(Errc::kUnavailable, "no temporary folder could be made"));
  }
  recorded->play.keep = !options.ledger.empty();
  recorded->play.ledger = options.ledger.empty() ? scratch.path() + "/ledger.db" : options.ledger;
  return run_replay(options, recorded->play, std::move(*loaded));
}

}  // namespace millwright::daemon
