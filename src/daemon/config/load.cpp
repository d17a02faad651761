#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "daemon/config/config.hpp"
#include "daemon/config/tables.hpp"
#include "millwright/base/digest.hpp"

extern char** environ;

namespace millwright::daemon {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kFilesMax = 1'000;
constexpr std::size_t kProblemsShown = 20;

// Reads files and remembers what it read, for the version.
class Loader {
 public:
  explicit Loader(std::vector<Problem>& problems) : problems_(problems) {}

  // The file checked against its table. False: it could not be read at all, or is not YAML.
  bool read(const std::string& path, const Section& section, File& out) {
    std::error_code ignored;
    const auto size = fs::file_size(path, ignored);
    std::ifstream in(path, std::ios::binary);
    if (!in || ignored || !fs::is_regular_file(path, ignored)) {
      problems_.push_back({path, 0, 0, "cannot be read; check the name and the rights"});
      return false;
    }
    std::string text;
    if (size <= yaml_limits::kFileBytes) {
      std::ostringstream all;
      all << in.rdbuf();
      text = std::move(all).str();
    } else {
      text.assign(yaml_limits::kFileBytes + 1, ' ');  // parse_yaml refuses it by its length
    }
    out.name = path;
    const std::size_t before = problems_.size();
    out.root = parse_yaml(path, text, problems_);
    read_.push_back({path, to_hex(sha256(text))});
    if (problems_.size() != before) return false;
    Checker(out.name, problems_).check(section, out.root);
    return true;
  }

  // All *.yaml of a folder, in order of their names; none if one of them could not be read, since
  // what it holds would then be missed everywhere else.
  std::vector<File> read_folder(const fs::path& folder, const Section& section) {
    std::vector<File> out;
    std::vector<std::string> paths;
    std::error_code error;
    for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
      const fs::path& path = at->path();
      if (path.extension() == ".yaml" || path.extension() == ".yml") paths.push_back(path.string());
    }
    if (error || paths.empty() || paths.size() > kFilesMax) {
      problems_.push_back({folder.string(), 0, 0,
                           error           ? "is not a folder that can be read: " + error.message()
                           : paths.empty() ? "holds no .yaml file"
                                           : "holds more than 1000 files; put several into one"});
      return out;
    }
    std::sort(paths.begin(), paths.end());
    bool all = true;
    out.reserve(paths.size());
    for (const std::string& path : paths) {
      File file;
      all = read(path, section, file) && all;
      out.push_back(std::move(file));
    }
    if (!all) out.clear();
    return out;
  }

  // Of names and contents: names as they lie below the main file's folder.
  std::string version(const fs::path& base, const Environment& environment) const {
    std::string all;
    for (const auto& [path, hash] : read_) {
      all += fs::path(path).lexically_relative(base).generic_string() + "\n" + hash + "\n";
    }
    for (const auto& [name, value] : environment) {
      if (names_setting(name)) all += name + "\n" + to_hex(sha256(value)) + "\n";
    }
    return to_hex(sha256(all)).substr(0, 16);
  }

  [[nodiscard]] std::vector<std::string> files() const {
    std::vector<std::string> out;
    for (const auto& entry : read_) out.push_back(entry.first);
    return out;
  }

 private:
  std::vector<Problem>& problems_;
  std::vector<std::pair<std::string, std::string>> read_;  // path, hash
};

Error as_error(std::vector<Problem>& problems) {
  // A problem found by two checks is told once.
  std::vector<Problem> once;
  for (Problem& p : problems) {
    if (std::find(once.begin(), once.end(), p) == once.end()) once.push_back(std::move(p));
  }
  std::stable_sort(once.begin(), once.end(), [](const Problem& a, const Problem& b) {
    return std::tie(a.file, a.line, a.column) < std::tie(b.file, b.line, b.column);
  });
  problems = std::move(once);
  std::string message;
  for (std::size_t i = 0; i < problems.size() && i < kProblemsShown; ++i) {
    message += to_text(problems[i]) + "\n";
  }
  if (problems.size() > kProblemsShown) {
    message += "and " + std::to_string(problems.size() - kProblemsShown) + " more\n";
  }
  return fail(Errc::kInvalid, message);
}

// Paths in settings are relative to the file that names them.
void anchor_paths(const fs::path& base, Settings& settings) {
  for (std::string* path : {&settings.storage.path, &settings.storage.anchor,
                            &settings.http.users_file, &settings.erp.token_file}) {
    if (!path->empty() && fs::path(*path).is_relative()) *path = (base / *path).string();
  }
}

void check_models(const File& file, std::vector<Problem>& problems) {
  Reader(file.name, file.root).each_member("models", [&](const Member& m) {
    const auto names = signal_kind_names();
    if (std::find(names.begin(), names.end(), m.name) != names.end()) return;
    problems.push_back({file.name, m.line, m.column,
                        "'" + m.name + "' is not a kind of signal" +
                            nearest_hint(m.name, {names.begin(), names.end()})});
  });
}

}  // namespace

std::string to_text(const Problem& problem) {
  std::string out = problem.file;
  if (problem.line > 0) {
    out += ":" + std::to_string(problem.line) + ":" + std::to_string(problem.column);
  }
  return out + ": " + problem.message;
}

Result<Configuration> load_configuration(const std::string& millwright_yaml,
                                         const Environment& environment,
                                         std::vector<Problem>* problems) {
  std::vector<Problem> own;
  std::vector<Problem>& found = problems == nullptr ? own : *problems;
  found.clear();
  const fs::path base = fs::path(millwright_yaml).parent_path();
  Loader loader(found);
  File main;
  Configuration out;
  if (loader.read(millwright_yaml, settings_file(), main)) {
    apply_environment(environment, main.root, found);
    const Reader root(main.name, main.root);
    check_models(main, found);
    out.settings = read_settings(root);
    anchor_paths(base, out.settings);
    const auto folder = [&](std::string_view key, const Section& section) {
      const std::string name = root.text(key);
      return name.empty() ? std::vector<File>() : loader.read_folder(base / name, section);
    };
    auto plant = std::make_shared<PlantModel>(
        read_plant(folder("plant", plant_file()), out.settings, found));
    out.rules = read_rules(folder("rules", rules_file()), found);
    out.policy = read_policy(folder("workflow", policy_file()), found);
    out.version = loader.version(base, environment);
    out.policy.reserve_through_order = out.settings.erp.reserve_through_order;
    out.policy.task_topic = out.settings.kafka.task_topic;
    out.policy.decision_topic = out.settings.kafka.decision_topic;
    out.policy.version = plant->version = out.version;
    out.plant = std::move(plant);
    out.files = loader.files();
  }
  if (!found.empty()) return as_error(found);
  return out;
}

Environment process_environment() {
  Environment environment;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    environment.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return environment;
}

Result<Configuration> load_configuration(const std::string& millwright_yaml,
                                         std::vector<Problem>* problems) {
  return load_configuration(millwright_yaml, process_environment(), problems);
}

std::vector<rules::RuleSpec> load_rules(const std::string& folder, std::vector<Problem>& problems) {
  return read_rules(Loader(problems).read_folder(folder, rules_file()), problems);
}

std::map<std::string, std::string> configuration_schemas() {
  return {{"mapping.v1.json", json_schema(mapping_file(), "Millwright mapping files")},
          {"millwright.v1.json", json_schema(settings_file(), "millwright.yaml")},
          {"plant.v1.json", json_schema(plant_file(), "Millwright plant files")},
          {"rules.v1.json", json_schema(rules_file(), "Millwright rules files")},
          {"workflow.v1.json", json_schema(policy_file(), "Millwright workflow files")}};
}

}  // namespace millwright::daemon
