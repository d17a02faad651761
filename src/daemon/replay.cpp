// Recorded events through the same lane, ledger and rules; nothing leaves.
#include <cstdio>
#include <filesystem>

#include "daemon/app.hpp"
#include "daemon/mapping.hpp"
#include "daemon/run.hpp"
#include "millwright/base/json.hpp"
#include "millwright/base/log.hpp"
#include "millwright/daemon/commands.hpp"
#include "millwright/source/file_source.hpp"
#include "millwright/store/store.hpp"

namespace millwright::daemon {
namespace {

namespace fs = std::filesystem;

Result<std::unique_ptr<source::FileSource>> open_input(const ReplayOptions& options) {
  source::FileSourceConfig config;
  config.path = options.input;
  if (options.mapping.empty()) return source::make_file_source(config);
  auto mapping = load_mapping(options.mapping);
  if (!mapping) return mapping.error();
  return source::make_csv_source(config, *mapping);
}

void print_task(const Task& task, bool json_lines) {
  if (json_lines) {
    JsonWriter json;
    json.begin_object();
    json.field("task", task.id.str());
    json.field("case", task.case_id.str());
    json.field("kind", to_text(task.kind));
    json.field("asset", task.asset.str());
    json.field("signal", task.signal.str());
    json.field("failureMode", task.mode.str());
    json.field("priority", int(task.priority));
    json.field("from", task.opened_at);
    json.field("to", task.last_seen);
    json.field("evidence", task.evidence_count);
    json.field("title", task.title);
    json.field("symptom", task.symptom);
    json.end_object();
    std::printf("%s\n", json.text().c_str());
    return;
  }
  std::printf("%s  %s  P%d  %-16s %s (%s), seen %ld times\n",
              format_rfc3339(task.opened_at).c_str(), format_rfc3339(task.last_seen).c_str(),
              int(task.priority), std::string(to_text(task.kind)).c_str(), task.title.c_str(),
              task.symptom.c_str(), long(task.evidence_count));
}

Result<std::size_t> print_cases(const std::string& ledger, bool json_lines) {
  auto reader = store::open_reader(ledger);
  if (!reader) return reader.error();
  std::vector<Task> all;
  TaskQuery query;
  query.limit = 200;
  do {
    auto page = (*reader)->tasks(query);
    if (!page) return page.error();
    for (Task& task : page->items) all.push_back(std::move(task));
    query.cursor = page->next;
  } while (!query.cursor.empty());
  std::sort(all.begin(), all.end(), [](const Task& a, const Task& b) {
    return a.opened_at != b.opened_at ? a.opened_at < b.opened_at : a.id < b.id;
  });
  for (const Task& task : all) print_task(task, json_lines);
  return all.size();
}

int run_replay(const ReplayOptions& options, Loaded loaded, const std::string& ledger) {
  auto input = open_input(options);
  if (!input) return report(input.error());
  source::FileSource* const file = input->get();
  const SystemClock clock;
  App::Options parts;
  parts.paths = {ledger, ledger + ".checkpoints", ledger + ".key", ""};
  parts.rules = loaded.rules;
  parts.configuration = std::move(loaded.configuration);
  // Nobody is asked, so nothing may run out while the recording plays.
  parts.configuration.policy.decide_p1 = parts.configuration.policy.decide_p2 =
      parts.configuration.policy.decide_p3 = parts.configuration.policy.decide_p4 = days(365);
  parts.clock = &clock;
  parts.plant_time = [](Instant) { return std::nullopt; };
  parts.sources.push_back(std::move(*input));
  auto app = App::start(std::move(parts));
  if (!app) return report(app.error());
  const std::size_t events = file->size();
  (void)wait_for_end([&] {
    const auto lanes = (*app)->lane_status();
    const bool taken =
        !lanes.empty() && lanes[0] != nullptr && lanes[0]->records >= std::int64_t(events);
    return !taken && !(*app)->broken();
  });
  const bool broken = (*app)->broken();
  const auto lanes = (*app)->lane_status();
  (void)(*app)->stop();
  if (broken) return report(fail(Errc::kUnavailable, "the ledger has stopped"));
  const auto cases = print_cases(ledger, options.json);
  if (!cases) return report(cases.error());
  std::fprintf(stderr, "%zu events, %zu tasks\n", events, *cases);
  if (lanes[0] == nullptr) return kOk;
  for (std::size_t i = 0; i < std::size_t(Disposition::kCount); ++i) {
    if (lanes[0]->counts[i] == 0) continue;
    std::fprintf(stderr, "  %-12s %ld\n", std::string(to_text(Disposition(i))).c_str(),
                 long(lanes[0]->counts[i]));
  }
  return kOk;
}

}  // namespace

int replay(const ReplayOptions& options) {
  take_signals();
  log::configure(log::Level::kWarn, log::Format::kAuto);
  auto loaded = load_and_compile(options.config);
  if (!loaded) return report(loaded.error());
  if (!options.ledger.empty()) return run_replay(options, std::move(*loaded), options.ledger);
  std::string pattern = (fs::temp_directory_path() / "millwright-replay.XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) {
    return report(fail(Errc::kUnavailable, "no temporary folder could be made"));
  }
  const int code = run_replay(options, std::move(*loaded), pattern + "/ledger.db");
  std::error_code ignored;
  fs::remove_all(pattern, ignored);
  return code;
}

}  // namespace millwright::daemon
