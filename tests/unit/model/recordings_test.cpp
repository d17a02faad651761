// The bound model on public recordings of real machines, with one configuration for all of them.
// The recordings are not part of this checkout: MILLWRIGHT_DATA names the folder that holds nab/
// and skab/; without it the tests are skipped.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "millwright/model/model.hpp"

namespace millwright::model {
namespace {

namespace fs = std::filesystem;

fs::path data_folder() {
  const char* named = std::getenv("MILLWRIGHT_DATA");
  return named == nullptr ? fs::path() : fs::path(named);
}

Instant time_of(std::string text) {
  text = text.substr(0, 19);
  text[10] = 'T';
  return parse_rfc3339(text + "Z").value();
}

struct Alarm {
  Instant from;
  Instant to;
};

// Three anomalous readings in a row open an alarm; alarms less than `merge` apart are one.
class Alarms {
 public:
  explicit Alarms(Duration merge) : merge_(merge) {}
  void see(Instant at, bool anomalous) {
    in_row_ = anomalous ? in_row_ + 1 : 0;
    if (in_row_ < 3) return;
    if (list.empty() || at - list.back().to > merge_) list.push_back({at, at});
    list.back().to = at;
  }
  std::vector<Alarm> list;

 private:
  Duration merge_;
  int in_row_ = 0;
};

TEST(Recordings, MachineTemperatureFailuresAreCaughtWithFewFalseAlarms) {
  const fs::path file =
      data_folder() / "nab/data/realKnownCause/machine_temperature_system_failure.csv";
  if (!fs::exists(file)) GTEST_SKIP() << "no recording; set MILLWRIGHT_DATA";
  // The labelled windows, as published beside the recording.
  const std::vector<Alarm> windows = {
      {time_of("2013-12-10 06:25:00"), time_of("2013-12-12 05:35:00")},
      {time_of("2013-12-15 17:50:00"), time_of("2013-12-17 17:00:00")},
      {time_of("2014-01-27 14:20:00"), time_of("2014-01-29 13:30:00")},
      {time_of("2014-02-07 14:55:00"), time_of("2014-02-09 14:05:00")}};
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  const Model& model = *find_model("robust-band");
  auto state = model.fresh();
  Alarms alarms(hours(12));
  Instant first;
  Instant last;
  while (std::getline(in, line)) {
    const auto comma = line.find(',');
    const Instant at = time_of(line.substr(0, comma));
    const double value = std::stod(line.substr(comma + 1));
    if (!first.is_set()) first = at;
    last = at;
    alarms.see(at, model.score(*state, {at, {&value, 1}, 0.0}).anomalous);
  }
  std::size_t caught = 0;
  for (const Alarm& w : windows) {
    caught += std::any_of(alarms.list.begin(), alarms.list.end(),
                          [&](const Alarm& a) { return a.from <= w.to && w.from <= a.to; });
  }
  std::size_t unfounded = 0;
  for (const Alarm& a : alarms.list) {
    const bool in_window = std::any_of(windows.begin(), windows.end(), [&](const Alarm& w) {
      return a.from <= w.to && w.from <= a.to;
    });
    unfounded += in_window ? 0 : 1;
    if (!in_window) std::cout << "unlabelled alarm from " << format_rfc3339(a.from) << "\n";
  }
  const double weeks = (last - first).seconds() / (7 * 86'400.0);
  std::cout << "caught " << caught << " of " << windows.size() << ", " << unfounded
            << " unlabelled alarms in " << weeks << " weeks\n";
  EXPECT_GE(caught, 4U);
  EXPECT_LE(double(unfounded) / weeks, 1.25);
}

struct Rig {
  std::size_t files = 0;
  std::size_t caught = 0;
  std::size_t unfounded = 0;
  double normal_hours = 0.0;
};

void run_rig(const fs::path& file, Rig& rig) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  const Model& model = *find_model("robust-band");
  std::vector<std::unique_ptr<State>> states;
  for (int i = 0; i < 8; ++i) states.push_back(model.fresh());
  Alarms normal(minutes(5));
  Alarms faulty(minutes(5));
  std::vector<int> in_row(8, 0);
  std::size_t row = 0;
  while (std::getline(in, line)) {
    std::vector<std::string> cells;
    std::stringstream cell(line);
    for (std::string c; std::getline(cell, c, ';');) cells.push_back(c);
    const Instant at = time_of(cells[0]);
    bool any = false;
    for (std::size_t i = 0; i < 8; ++i) {
      const double value = std::stod(cells[i + 1]);
      const bool hit = model.score(*states[i], {at, {&value, 1}, 0.0}).anomalous;
      in_row[i] = hit ? in_row[i] + 1 : 0;
      any = any || in_row[i] >= 3;
    }
    if (++row <= 400) continue;  // the published protocol: the first 400 rows are for learning
    const bool labelled = cells.size() > 9 && std::stod(cells[9]) > 0.5;
    if (!labelled) rig.normal_hours += 1.0 / 3600.0;
    Alarms& side = labelled ? faulty : normal;
    for (int k = 0; any && k < 3; ++k) side.see(at, true);
    if (!any) side.see(at, false);
  }
  ++rig.files;
  rig.caught += faulty.list.empty() ? 0 : 1;
  rig.unfounded += normal.list.size();
}

TEST(Recordings, FaultsOfThePumpAndValveRigAreCaught) {
  const fs::path folder = data_folder() / "skab/data";
  if (!fs::exists(folder)) GTEST_SKIP() << "no recordings; set MILLWRIGHT_DATA";
  Rig rig;
  for (const char* part : {"valve1", "valve2", "other"}) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder / part)) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    for (const auto& file : files) run_rig(file, rig);
  }
  std::cout << "caught " << rig.caught << " of " << rig.files << ", " << rig.unfounded
            << " alarms in " << rig.normal_hours << " h without a label, 8 signals\n";
  EXPECT_GE(double(rig.caught), 0.8 * double(rig.files));
}

}  // namespace
}  // namespace millwright::model
