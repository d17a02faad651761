#include "e2e/site.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "millwright/codec/catalog.hpp"
#include "millwright/http/users.hpp"
#include "support/http.hpp"

namespace millwright::e2e {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> kUsual = {"erp.events", "mes.events",      "iot.telemetry",
                                         "wms.events", "cmms.events",     "plm.events",
                                         "qms.events", "supplier.events", "energy.events"};

void replace_all(std::string& text, const std::string& what, const std::string& with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
}

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream out;
  out << in.rdbuf();
  return out.str();
}

void write_file(const fs::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

// A rule on trial that asks the plant for everything: what it found is recorded with each decision,
// so that a view that is built again must be the one that was seen.
constexpr const char* kAskingRule = R"(rules:
  - id: asks-the-plant
    version: 1
    status: shadow
    owner: maintenance
    summary: Asks the plant for everything
    event: [iot.measurement.sampled]
    if: plant.open_tasks(asset.id) > 0 || plant.available('BRG-6312-C3') < 2.0
    repeat_after: 30m
    propose:
      - task: inspection
        mode: "'OPEN-WORK'"
        priority: "4"
        confidence: "0.5"
        title: "{{ asset.id }}"
        symptom: >-
          {{ plant.open_tasks(asset.id) }} {{ plant.open_cases(asset.id) }}
          {{ plant.newest_case(asset.id) }} {{ plant.order(asset.id) }}
          {{ plant.available('BRG-6312-C3') }} {{ plant.available('GREASE-LGMT3') }}
        rationale: "{{ plant.repaired(asset.id) ? string(plant.last_repair(asset.id)) : 'never' }}"
)";

// Short, and no other run has it: topics, transactional id and CloudEvents source hang on it.
std::string unused_id() {
  const auto ticks = std::chrono::system_clock::now().time_since_epoch().count();
  return "e2e" + std::to_string(::getpid()) + "x" + std::to_string(ticks % 1'000'000'007);
}

}  // namespace

Site::Site() : id_(unused_id()) {
  std::string pattern = (fs::temp_directory_path() / "millwright-e2e.XXXXXX").string();
  EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
  folder_ = pattern;
  for (const char* part : {"plant", "rules", "workflow"}) {
    fs::copy(fs::path(MILLWRIGHT_SOURCE_DIR) / "config" / part, fs::path(folder_) / part);
  }
  for (const auto& file : fs::directory_iterator(fs::path(folder_) / "plant")) {
    std::string text = read_file(file.path());
    replace_all(text, "id: lyon", "id: " + id_);
    replace_all(text, "parent: lyon", "parent: " + id_);
    write_file(file.path(), text);
  }
  write_file(fs::path(folder_) / "rules" / "asks-the-plant.yaml", kAskingRule);
  for (const std::string& usual : kUsual) inputs_.push_back(input(usual));
  const std::vector<std::vector<Role>> roles = {{Role::kMaintenanceSupervisor, Role::kPlanner},
                                                {Role::kPlantManager, Role::kPlanner}};
  for (std::size_t i = 0; i < kPeople.size(); ++i) {
    http::NewUser user;
    user.id = UserId(kPeople[i]);
    user.name = kPeople[i];
    user.roles = roles[i];
    user.password = kPassword;
    EXPECT_TRUE(http::add_user(folder_ + "/users.json", user));
  }
}

Site::~Site() {
  if (::testing::Test::HasFailure()) {
    std::fprintf(stderr, "what the daemons left is kept in %s\n", folder_.c_str());
    return;
  }
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

std::string Site::input(const std::string& usual) const {
  return id_ + "." + usual;
}

Daemon Site::add_daemon(const std::string& name, const Choice& choice) const {
  Daemon d;
  d.name = name;
  d.config = folder_ + "/" + name + ".yaml";
  d.ledger = folder_ + "/" + name + "/ledger.db";
  d.log = folder_ + "/" + name + ".log";
  d.task_topic = id_ + ".tasks." + name;
  d.decision_topic = id_ + ".decisions." + name;
  d.dead_letter_suffix = ".dlq." + name;
  d.port = support::free_port();
  fs::create_directories(folder_ + "/" + name);
  std::string topics;
  for (const std::string& topic : inputs_) topics += (topics.empty() ? "" : ", ") + topic;
  std::string text = "plant: plant\nrules: rules\nworkflow: workflow\nplant_clock: events\n";
  text += "lanes: " + std::to_string(choice.lanes) + "\n";
  text += "kafka:\n  bootstrap: " + choice.bootstrap + "\n  topics: [" + topics + "]\n";
  text += "  dead_letter_suffix: " + d.dead_letter_suffix + "\n";
  text += "  task_topic: " + d.task_topic + "\n  decision_topic: " + d.decision_topic + "\n";
  text += "storage:\n  path: " + name + "/ledger.db\n  anchor: " + name + "/anchors\n";
  text += "http:\n  port: " + std::to_string(d.port) + "\n";
  text += "limits:\n  checkpoint_every: 2s\n";
  if (!choice.erp_url.empty()) text += "erp:\n  url: " + choice.erp_url + "\n  class: B\n";
  write_file(d.config, text);
  return d;
}

std::vector<std::string> Site::outputs(const Daemon& daemon) const {
  std::vector<std::string> out = {daemon.task_topic, daemon.decision_topic};
  for (const std::string& topic : inputs_) out.push_back(topic + daemon.dead_letter_suffix);
  return out;
}

Brain load_brain(const Daemon& daemon) {
  std::vector<daemon::Problem> problems;
  auto loaded = daemon::load_configuration(daemon.config, {}, &problems);
  for (const auto& problem : problems) ADD_FAILURE() << daemon::to_text(problem);
  Brain out;
  if (!loaded) return out;
  out.configuration = *std::move(loaded);
  auto rules = rules::RuleSet::compile(out.configuration.rules, out.configuration.version,
                                       codec::event_types());
  EXPECT_TRUE(rules);
  if (rules) out.rules = *rules;
  return out;
}

}  // namespace millwright::e2e
