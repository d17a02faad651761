// Recorded events through the same lane, ledger and rules, by the recording's own clock; nothing
// leaves.
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "daemon/app.hpp"
#include "daemon/mapping.hpp"
#include "daemon/plant_clock.hpp"
#include "daemon/replay_report.hpp"
#include "daemon/run.hpp"
#include "millwright/base/limits.hpp"
#include "millwright/base/log.hpp"
#include "millwright/daemon/commands.hpp"
#include "millwright/source/file_source.hpp"
#include "millwright/store/store.hpp"

namespace millwright::daemon {
namespace {

namespace fs = std::filesystem;

constexpr Duration kStep = limits::kTickEvery;  // of the recording, settled before the next one
constexpr Duration kSettleEvery = hours(1);
constexpr int kTurnsTogether = 16;
constexpr Duration kCheckpointEvery = hours(6);  // of the recording

// What would be sent is counted as sent, and goes nowhere.
class Nowhere final : public EffectRunner {
 public:
  Result<std::vector<EffectReport>> recover(const std::map<TopicPartition, Offset>&) override {
    return std::vector<EffectReport>();
  }
  std::vector<EffectReport> perform(const std::vector<Effect>& effects, Instant) override {
    std::vector<EffectReport> reports;
    for (const Effect& effect : effects) {
      EffectReport report;
      report.id = effect.id;
      report.detail = "A replay sends nothing.";
      reports.push_back(std::move(report));
    }
    return reports;
  }
  bool announces_attempts() const override { return false; }
  bool healthy() const override { return true; }
};

struct Input {
  Mapping mapping;  // of a CSV
  bool csv = false;
  std::string config;  // the millwright.yaml that counts
};

Result<Input> read_options(const ReplayOptions& options) {
  Input input;
  input.csv = !options.mapping.empty();
  if (input.csv) {
    auto mapping = load_mapping(options.mapping);
    if (!mapping) return mapping.error();
    input.mapping = std::move(*mapping);
  } else {
    std::string ending = fs::path(options.input).extension().string();
    std::transform(ending.begin(), ending.end(), ending.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
    if (ending == ".csv" || ending == ".tsv") {
      return fail(Errc::kInvalid,
                  options.input +
                      ": a table needs --mapping FILE, which says what its columns "
                      "mean; config/replay/ holds examples, docs/replay.md explains "
                      "them");
    }
  }
  input.config = !options.config.empty()         ? options.config
                 : !input.mapping.config.empty() ? input.mapping.config
                                                 : "config/millwright.yaml";
  return input;
}

Result<std::unique_ptr<source::FileSource>> open_input(const std::string& path, const Input& input,
                                                       const Clock& clock) {
  source::FileSourceConfig config;
  config.path = path;
  config.clock = &clock;
  return input.csv ? source::make_csv_source(config, input.mapping.csv)
                   : source::make_file_source(config);
}

// On a terminal: how far it is.
class Progress {
 public:
  explicit Progress(const source::FileSource& file)
      : file_(file), show_(isatty(STDERR_FILENO) != 0) {}
  ~Progress() {
    if (shown_ >= 0) std::fprintf(stderr, "\r\033[K");
  }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void show(Instant at, const ReportStyle& style) {
    const int percent = int(100 * file_.played() / std::max<std::size_t>(file_.size(), 1));
    if (!show_ || percent == shown_) return;
    shown_ = percent;
    std::fprintf(stderr, "\r%3d %%  %s\033[K", percent, spoken(at, style).c_str());
  }

 private:
  const source::FileSource& file_;
  const bool show_;
  int shown_ = -1;
};

// Plays minute by minute of the recording. What is found is settled at once, so that the next
// minute sees it; otherwise an hour of minutes, or so many, are made durable together.
class Player {
 public:
  Player(App& app, const source::FileSource& file, PlantClock& clock)
      : app_(app), file_(file), clock_(clock) {}

  // False: it was asked to end, or the ledger cannot write.
  bool play(const ReportStyle& style) {
    Progress progress(file_);
    while (const auto next = file_.next_at()) {
      progress.show(*next, style);
      const Instant end_of_step(next->ns() - next->ns() % kStep.ns() + kStep.ns());
      clock_.set(std::max(clock_.now(), end_of_step - Duration(1)));
      bool crowded = false;  // more than one turn can read
      do {
        app_.read();
        if (due() || crowded) settle();
        if (!app_.trouble().empty() || asked_to_end()) return false;
        crowded = true;
      } while (file_.next_at() && *file_.next_at() <= clock_.now());
    }
    clock_.set(clock_.now() + seconds(1));  // the lane tells its last counts
    app_.read();
    settle();
    return app_.trouble().empty();
  }

 private:
  // Something was found, or enough was read.
  bool due() {
    const auto lane = app_.lane_status().at(0);
    const std::int64_t found = lane->decisions + lane->counts[std::size_t(Disposition::kFact)] +
                               lane->counts[std::size_t(Disposition::kDeadLetter)];
    return std::exchange(found_, found) != found || ++turns_ >= kTurnsTogether ||
           clock_.now() - settled_ >= kSettleEvery;
  }
  void settle() {
    app_.settle();
    turns_ = 0;
    settled_ = clock_.now();
  }

  App& app_;
  const source::FileSource& file_;
  PlantClock& clock_;
  std::int64_t found_ = 0;
  int turns_ = 0;
  Instant settled_;
};

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

std::size_t terminal_width() {
  winsize size{};
  if (isatty(STDOUT_FILENO) == 0 || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_col;
}

Result<std::size_t> print_cases(const std::string& ledger, bool json, const ReportStyle& style) {
  auto reader = store::open_reader(ledger);
  if (!reader) return reader.error();
  const auto cases = read_cases(**reader);
  if (!cases) return cases.error();
  if (!json) std::printf("%s", case_table(*cases, style).c_str());
  for (const ReplayedCase& one : *cases) {
    if (json) std::printf("%s\n", case_json(one).c_str());
  }
  std::fflush(stdout);
  return cases->size();
}

App::Options parts_of(Loaded loaded, const std::string& ledger, const Clock& clock,
                      std::unique_ptr<EventSource> file) {
  App::Options parts;
  parts.paths = {ledger, ledger + ".checkpoints", ledger + ".key", ""};
  parts.rules = loaded.rules;
  parts.configuration = std::move(loaded.configuration);
  parts.configuration.settings.limits.checkpoint_every = kCheckpointEvery;
  parts.clock = &clock;
  parts.plant_time = [](Instant) { return std::nullopt; };
  parts.sources.push_back(std::move(file));
  parts.runners.emplace_back(EffectKind::kKafka, std::make_unique<Nowhere>());
  parts.threads = false;
  return parts;
}

int run_replay(const ReplayOptions& options, const Input& input, Loaded loaded,
               const std::string& ledger) {
  PlantClock clock{Instant()};
  auto opened = open_input(options.input, input, clock);
  if (!opened) return report(opened.error());
  const source::FileSource& file = **opened;
  const Instant from = *file.next_at();
  clock.set(from);
  ReportStyle style;
  style.zone = loaded.configuration.plant->calendar.time_zone;
  style.seconds = file.last_at() - from <= days(1);
  style.width = terminal_width();
  const Instant to = file.last_at();
  auto app = App::start(parts_of(std::move(loaded), ledger, clock, std::move(*opened)));
  if (!app) return report(app.error());
  const bool whole = Player(**app, file, clock).play(style);
  const std::string trouble = (*app)->trouble();
  (void)(*app)->stop();
  if (!trouble.empty()) return report(fail(Errc::kUnavailable, trouble));
  const auto lanes = (*app)->lane_status();
  const LaneStatus lane = *lanes.at(0);
  app->reset();
  const auto cases = print_cases(ledger, options.json, style);
  if (!cases) return report(cases.error());
  print_summary(lane, *cases, from, whole ? to : clock.now(), style);
  if (whole) return kOk;
  std::fprintf(stderr, "stopped before the end\n");
  return kFailed;
}

}  // namespace

int replay(const ReplayOptions& options) {
  take_signals();
  log::configure(log::Level::kWarn, log::Format::kAuto);
  const auto input = read_options(options);
  if (!input) return report(input.error());
  auto loaded = load_and_compile(input->config);
  if (!loaded) return report(loaded.error());
  if (input->csv) {
    const auto fits = check_mapping(input->mapping, *loaded->configuration.plant, input->config);
    if (!fits) return report(fits.error());
  }
  if (!options.ledger.empty()) {
    return run_replay(options, *input, std::move(*loaded), options.ledger);
  }
  std::string pattern = (fs::temp_directory_path() / "millwright-replay.XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) {
    return report(fail(Errc::kUnavailable, "no temporary folder could be made"));
  }
  const int code = run_replay(options, *input, std::move(*loaded), pattern + "/ledger.db");
  std::error_code ignored;
  fs::remove_all(pattern, ignored);
  return code;
}

}  // namespace millwright::daemon
