#include "daemon/player.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "daemon/plant_clock.hpp"
#include "millwright/base/limits.hpp"
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

Result<std::unique_ptr<source::FileSource>> open_input(const PlayOptions& options,
                                                       const Clock& clock) {
  source::FileSourceConfig config;
  config.path = options.input;
  config.clock = &clock;
  return options.csv ? source::make_csv_source(config, options.mapping.csv)
                     : source::make_file_source(config);
}

// On a terminal: how far it is.
class Progress {
 public:
  Progress(const source::FileSource& file, const std::string& doing)
      : file_(file), doing_(doing), show_(isatty(STDERR_FILENO) != 0) {}
  ~Progress() {
    if (shown_ >= 0) std::fprintf(stderr, "\r\033[K");
  }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void show(Instant at, const ReportStyle& style) {
    const int percent = int(100 * file_.played() / std::max<std::size_t>(file_.size(), 1));
    if (!show_ || percent == shown_) return;
    shown_ = percent;
    std::fprintf(stderr, "\r%s%3d %%  %s\033[K", doing_.c_str(), percent,
                 spoken(at, style).c_str());
  }

 private:
  const source::FileSource& file_;
  const std::string& doing_;
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
  bool play(const ReportStyle& style, const std::string& doing) {
    Progress progress(file_, doing);
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

// The root stands in the third line of a signed checkpoint (C2SP tlog-checkpoint).
Result<std::string> root_of(StoreReader& reader) {
  const auto note = reader.last_checkpoint();
  if (!note) return note.error();
  std::size_t begin = 0;
  for (int line = 0; line < 2; ++line) begin = note->find('\n', begin) + 1;
  return note->substr(begin, note->find('\n', begin) - begin);
}

Result<void> read_ledger(const std::string& path, Played& out) {
  auto reader = store::open_reader(path);
  if (!reader) return reader.error();
  auto cases = read_cases(**reader);
  if (!cases) return cases.error();
  out.cases = std::move(*cases);
  auto root = root_of(**reader);
  if (!root) return root.error();
  out.root = std::move(*root);
  return {};
}

std::size_t terminal_width() {
  winsize size{};
  if (isatty(STDOUT_FILENO) == 0 || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_col;
}

}  // namespace

ReportStyle style_of(const PlantModel& plant, Instant from, Instant to) {
  ReportStyle style;
  style.zone = plant.calendar.time_zone;
  style.seconds = to - from <= days(1);
  style.width = terminal_width();
  return style;
}

Result<Played> play(const PlayOptions& options, Loaded loaded) {
  PlantClock clock{Instant()};
  auto opened = open_input(options, clock);
  if (!opened) return opened.error();
  const source::FileSource& file = **opened;
  Played out;
  out.from = *file.next_at();
  out.to = file.last_at();
  clock.set(out.from);
  const ReportStyle style = style_of(*loaded.configuration.plant, out.from, out.to);
  App::Options parts = parts_of(std::move(loaded), options.ledger, clock, std::move(*opened));
  parts.durable = options.keep;
  auto app = App::start(std::move(parts));
  if (!app) return app.error();
  out.whole = Player(**app, file, clock).play(style, options.doing);
  const std::string trouble = (*app)->trouble();
  (void)(*app)->stop();
  if (!trouble.empty()) return fail(Errc::kUnavailable, trouble);
  out.reached = out.whole ? out.to : clock.now();
  out.lane = *(*app)->lane_status().at(0);
  app->reset();
  MW_TRY(read_ledger(options.ledger, out));
  return out;
}

Scratch::Scratch() {
  std::string pattern = (fs::temp_directory_path() / "millwright-replay.XXXXXX").string();
  if (mkdtemp(pattern.data()) != nullptr) path_ = pattern;
}

Scratch::~Scratch() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove_all(path_, ignored);
}

}  // namespace millwright::daemon
