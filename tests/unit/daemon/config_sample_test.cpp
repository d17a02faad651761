#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "daemon/app.hpp"
#include "unit/daemon/config_files.hpp"

namespace millwright::daemon {
namespace {

using namespace test;

const fs::path kSource(MILLWRIGHT_SOURCE_DIR);

std::string all_problems(const std::vector<Problem>& problems) {
  std::string out;
  for (const Problem& p : problems) out += to_text(p) + "\n";
  return out;
}

class Sample : public testing::Test {
 protected:
  void SetUp() override {
    fs::copy(kSource / "config", folder_ / "", fs::copy_options::recursive);
    if (!fs::exists(folder_ / "rules") || fs::is_empty(folder_ / "rules")) {
      folder_.write("rules/hot.yaml", kRule);
    }
  }
  Result<Configuration> load(const Environment& environment = {}) {
    auto result =
        load_configuration((folder_ / "millwright.yaml").string(), environment, &problems_);
    return result;
  }

  Folder folder_;
  std::vector<Problem> problems_;
};

TEST_F(Sample, Loads) {
  const auto loaded = load();
  ASSERT_TRUE(loaded) << all_problems(problems_);
  const PlantModel& plant = *loaded->plant;
  EXPECT_EQ(plant.site_id, "lyon");
  EXPECT_EQ(plant.currency, "EUR");
  EXPECT_EQ(plant.assets.size(), 24U);
  EXPECT_EQ(plant.signals.size(), 95U);
  EXPECT_EQ(plant.version, loaded->version);
  EXPECT_EQ(loaded->policy.version, loaded->version);
  EXPECT_GE(loaded->rules.size(), 1U);
  EXPECT_EQ(loaded->policy.money_two, 20'000);
  EXPECT_EQ(loaded->policy.decide_p2, hours(4));

  const Asset& fan = plant.assets.at(AssetId("F-201"));
  EXPECT_EQ(fan.path, "acme/lyon/utilities/cooling");
  EXPECT_EQ(fan.standard, VibrationStandard::kIso20816Group2);
  EXPECT_EQ(fan.support, Support::kRigid);
  EXPECT_EQ(fan.power_kw, 55);
  EXPECT_EQ(fan.gate.by, GateBy::kOwnSpeed);
  EXPECT_EQ(fan.gate.baseline_rpm, 1482);
  EXPECT_EQ(fan.gate.settle, minutes(10));
  ASSERT_EQ(fan.points.size(), 2U);
  ASSERT_TRUE(fan.points[0].bearing);
  EXPECT_EQ(fan.points[0].bearing->designation, "6312-C3");
  EXPECT_EQ(fan.points[0].bearing->pitch_diameter_mm, 96.0);
  EXPECT_EQ(plant.assets.at(AssetId("CH-401")).standard, VibrationStandard::kUnknown);
  EXPECT_EQ(plant.assets.at(AssetId("FL-120")).gate.work_unit, WorkUnitId("L2-FILLER"));
}

TEST_F(Sample, SignalsHaveUnitsNamesAndModels) {
  const auto loaded = load();
  ASSERT_TRUE(loaded) << all_problems(problems_);
  const auto& signals = loaded->plant->signals;
  const Signal& vibration = signals.at(SignalId("F-201/DE-H"));
  EXPECT_EQ(vibration.name, "Vibration, drive end, horizontal");
  EXPECT_EQ(vibration.report_every, minutes(10));
  EXPECT_EQ(vibration.model, ModelId("robust-band"));
  EXPECT_TRUE(vibration.score_starts_case);
  const Signal& heat = signals.at(SignalId("F-201/bearing-temp-de"));
  EXPECT_EQ(heat.kind, SignalKind::kBearingTemperature);
  EXPECT_EQ(heat.warn, 80.0);
  EXPECT_EQ(heat.sister_tag, "bearing-temp-nde");
  EXPECT_EQ(heat.name, "Bearing temperature, drive end");
  EXPECT_EQ(signals.at(SignalId("F-201/speed")).model, ModelId(""));
  EXPECT_FALSE(signals.at(SignalId("F-201/motor-current")).score_starts_case);
}

TEST_F(Sample, JobPlansFitTheMachines) {
  const auto loaded = load();
  ASSERT_TRUE(loaded) << all_problems(problems_);
  const PlantModel& plant = *loaded->plant;
  const JobPlan* plan =
      plant.job_plan(plant.assets.at(AssetId("F-201")), FailureMode("BRG-OUTER"), "DE");
  ASSERT_NE(plan, nullptr);
  EXPECT_EQ(plan->crafts,
            (std::vector<CraftHours>{{CraftId("MECH"), 8.5}, {CraftId("ELEC"), 2.0}}));
  EXPECT_EQ(plan->kit, (std::vector<KitLine>{{MaterialId("BRG-6312-C3"), 1.0},
                                             {MaterialId("SEAL-40-P"), 1.0}}));
  EXPECT_EQ(plan->permit, "LOTO");
  for (const auto& [id, asset] : plant.assets) {
    if (asset.points.empty() || asset.standard == VibrationStandard::kUnknown) continue;
    for (const char* mode : {"BRG-OUTER", "BRG-INNER", "BRG-BALL", "BRG-CAGE", "UNBALANCE",
                             "MISALIGNMENT", "LOOSENESS", "LUBRICATION"}) {
      EXPECT_NE(plant.job_plan(asset, FailureMode(mode), "DE"), nullptr) << id.str() << " " << mode;
    }
  }
}

TEST_F(Sample, WeeklyStopsFollowTheClockOfTheSite) {
  const auto loaded = load();
  ASSERT_TRUE(loaded) << all_problems(problems_);
  const PlantModel& plant = *loaded->plant;
  const Asset& filler = plant.assets.at(AssetId("FL-110"));
  const auto next = [&](const char* from) {
    return format_rfc3339(*plant.next_planned_stop(filler, *parse_rfc3339(from)));
  };
  // Saturday, 06:00 in Lyon: 05:00Z in winter, 04:00Z in summer.
  EXPECT_EQ(next("2026-03-23T00:00:00Z"), "2026-03-28T05:00:00.000Z");
  EXPECT_EQ(next("2026-03-29T00:00:00Z"), "2026-04-04T04:00:00.000Z");
  // The area's stop holds for its lines.
  EXPECT_EQ(next("2027-08-01T00:00:00Z"), "2027-08-02T04:00:00.000Z");
}

TEST_F(Sample, DefaultsAreTheDocumentedOnes) {
  const auto sample = load();
  ASSERT_TRUE(sample) << all_problems(problems_);
  folder_.write("millwright.yaml", "plant: plant\nrules: rules\nworkflow: workflow\n");
  const auto bare = load();
  ASSERT_TRUE(bare) << all_problems(problems_);
  EXPECT_NE(bare->version, sample->version);
  const Settings& a = bare->settings;
  EXPECT_EQ(a.kafka.bootstrap, "127.0.0.1:9092");
  EXPECT_EQ(a.kafka.topics.size(), 9U);
  EXPECT_EQ(a.kafka.group, "");
  EXPECT_EQ(a.http.host, "127.0.0.1");
  EXPECT_EQ(a.http.port, 8080);
  EXPECT_EQ(a.storage.reserve_bytes, std::size_t(256) << 20);
  EXPECT_EQ(a.erp.type, ErpSettings::Class::kB);
  EXPECT_EQ(a.limits.event_bytes, limits::kEventBytes);
  EXPECT_EQ(a.models.at("voltage"), "");

  // Every default that is commented out in the sample is what the loader takes without it.
  const std::string text = read_file(kSource / "config" / "millwright.yaml");
  const std::size_t begin = text.find("\nplant:");
  ASSERT_NE(begin, std::string::npos);
  std::string uncommented;
  std::istringstream lines(text.substr(begin));
  for (std::string line; std::getline(lines, line);) {
    const std::size_t hash = line.find('#');
    const bool commented = hash != std::string::npos && line.find_first_not_of(' ') == hash;
    const std::string body = commented ? line.substr(hash + 2) : "";
    const bool prose = commented && body[0] >= 'A' && body[0] <= 'Z';
    uncommented += (commented && !prose ? line.substr(0, hash) + body : line) + "\n";
  }
  for (const char* off : {"group: millwright", "security:", "  security.protocol: ssl",
                          "  ssl.ca.location", "url: http", "token_file:"}) {
    const std::size_t at = uncommented.find(off);
    ASSERT_NE(at, std::string::npos) << off;
    uncommented.insert(uncommented.rfind('\n', at) + 1, "#");
  }
  folder_.write("millwright.yaml", uncommented);
  const auto spelled = load();
  ASSERT_TRUE(spelled) << all_problems(problems_) << uncommented;
  const Settings& b = spelled->settings;
  EXPECT_EQ(a.kafka.topics, b.kafka.topics);
  EXPECT_EQ(a.kafka.start, b.kafka.start);
  EXPECT_EQ(a.kafka.dead_letter_suffix, b.kafka.dead_letter_suffix);
  EXPECT_EQ(a.storage.anchor, b.storage.anchor);
  EXPECT_EQ(a.storage.reserve_bytes, b.storage.reserve_bytes);
  EXPECT_EQ(a.http.session_idle, b.http.session_idle);
  EXPECT_EQ(a.http.session_absolute, b.http.session_absolute);
  EXPECT_EQ(a.http.users_file, b.http.users_file);
  EXPECT_EQ(a.erp.type, b.erp.type);
  EXPECT_EQ(a.erp.connect, b.erp.connect);
  EXPECT_EQ(a.erp.total, b.erp.total);
  EXPECT_EQ(a.lanes, b.lanes);
  EXPECT_EQ(a.log_level, b.log_level);
  EXPECT_EQ(a.log_format, b.log_format);
  EXPECT_EQ(a.limits.checkpoint_every, b.limits.checkpoint_every);
  EXPECT_EQ(a.limits.ledger_queue, b.limits.ledger_queue);
  EXPECT_EQ(a.models, b.models);
}

TEST_F(Sample, TheEnvironmentOverridesSettings) {
  const auto plain = load();
  ASSERT_TRUE(plain) << all_problems(problems_);
  const auto loaded = load({{"MILLWRIGHT_HTTP__PORT", "9090"},
                            {"MILLWRIGHT_KAFKA__BOOTSTRAP", "broker:9092"},
                            {"MILLWRIGHT_KAFKA__TOPICS", "a.events,b.events"},
                            {"MILLWRIGHT_ERP__RESERVE_THROUGH_ORDER", "true"},
                            {"MILLWRIGHT_STORAGE__PATH", "/var/lib/x.db"},
                            {"MILLWRIGHT_LANES", "2"},
                            {"MILLWRIGHT_DEMO_SEED", "7"},
                            {"PATH", "/bin"}});
  ASSERT_TRUE(loaded) << all_problems(problems_);
  EXPECT_EQ(loaded->settings.http.port, 9090);
  EXPECT_EQ(loaded->settings.kafka.bootstrap, "broker:9092");
  EXPECT_THAT(loaded->settings.kafka.topics, testing::ElementsAre("a.events", "b.events"));
  EXPECT_TRUE(loaded->settings.erp.reserve_through_order);
  EXPECT_EQ(loaded->settings.storage.path, "/var/lib/x.db");
  EXPECT_EQ(loaded->settings.lanes, 2);
  EXPECT_NE(loaded->version, plain->version);
  // What names no setting of ours changes nothing, the version neither.
  const auto other = load({{"MILLWRIGHT_DEMO_SEED", "7"}, {"MILLWRIGHT_KAFKA_BOOTSTRAP", "b:1"}});
  ASSERT_TRUE(other) << all_problems(problems_);
  EXPECT_EQ(other->version, plain->version);

  EXPECT_FALSE(load({{"MILLWRIGHT_HTTP__PORT", "eighty"}, {"MILLWRIGHT_HTTP__PROT", "1"}}));
  EXPECT_EQ(all_problems(problems_),
            "environment: MILLWRIGHT_HTTP__PORT: 'port': 'eighty' is not a number like 12 or -0.5\n"
            "environment: MILLWRIGHT_HTTP__PROT names no setting of millwright.yaml\n");
}

TEST_F(Sample, RuleTextsKnowTheirPlace) {
  fs::remove_all(folder_ / "rules");
  folder_.write("rules/hot.yaml", kRule);
  const auto loaded = load();
  ASSERT_TRUE(loaded) << all_problems(problems_);
  ASSERT_EQ(loaded->rules.size(), 1U);
  const rules::RuleSpec& rule = loaded->rules[0];
  EXPECT_EQ(rule.version, 2);
  EXPECT_THAT(rule.events, testing::ElementsAre("iot.measurement.sampled"));
  EXPECT_EQ(rule.condition.text, "has(signal.value) && signal.value > 90.0");
  EXPECT_TRUE(rule.condition.file.ends_with("rules/hot.yaml"));
  EXPECT_EQ(rule.condition.line, 8);
  EXPECT_EQ(rule.condition.column, 7);
  ASSERT_EQ(rule.proposals.size(), 1U);
  EXPECT_EQ(rule.proposals[0].mode.text, "'TEMP-HIGH'");
  EXPECT_EQ(rule.proposals[0].mode.line, 12);
  EXPECT_EQ(rule.proposals[0].mode.column, 16);
  EXPECT_EQ(rule.proposals[0].priority.text, "2");
  EXPECT_EQ(rule.proposals[0].when.text, "");
}

TEST_F(Sample, WatchesAndBudgetsAreReadWithTheirPlaces) {
  fs::remove_all(folder_ / "rules");
  std::string text = kRule;
  const std::size_t at = text.find("    propose:");
  ASSERT_NE(at, std::string::npos);
  text.insert(at,
              "    watch:\n"
              "      hot: { of: signal.value > 90.0, for: 5m }\n"
              "      level:\n"
              "        of: signal.value\n"
              "        steps: [70.0, 80.5]\n"
              "      swap: { sequence: [\"true\", \"false\"], within: 1h }\n"
              "    budget: { decisions: 3, per: shift, of: rule }\n");
  folder_.write("rules/hot.yaml", text);
  const auto loaded = load();
  ASSERT_TRUE(loaded) << all_problems(problems_);
  const rules::RuleSpec& rule = loaded->rules.at(0);
  ASSERT_EQ(rule.watches.size(), 3U);
  EXPECT_EQ(rule.watches[0].name, "hot");
  EXPECT_EQ(rule.watches[0].held_for, minutes(5));
  EXPECT_EQ(rule.watches[0].of.text, "signal.value > 90.0");
  EXPECT_EQ(rule.watches[1].steps, (std::vector<double>{70.0, 80.5}));
  EXPECT_EQ(rule.watches[1].keys.at("steps"), std::pair(rule.watches[1].place.line + 2, 9));
  EXPECT_EQ(rule.watches[2].sequence.at(1).text, "false");
  EXPECT_EQ(rule.budget.decisions, 3);
  EXPECT_EQ(rule.budget.per, rules::Budget::Per::kShift);
  EXPECT_EQ(rule.budget.of, rules::Budget::Of::kRule);
  const auto refused = [&](const std::string& from, const std::string& to) {
    std::string wrong = text;
    wrong.replace(wrong.find(from), from.size(), to);
    folder_.write("rules/hot.yaml", wrong);
    EXPECT_FALSE(load());
    return all_problems(problems_);
  };
  EXPECT_THAT(refused("for: 5m", "fro: 5m"),
              testing::HasSubstr("'fro' is not a key of a watch; did you mean 'for'?"));
  EXPECT_THAT(refused("80.5]", "8_0]"), testing::HasSubstr("has underscores; write 80"));
  EXPECT_THAT(refused("per: shift", "per: shft"),
              testing::HasSubstr("'shft' is not shift, day or a span of time like 8h"));
}

// A path that is named in the file lies beside the file, from wherever the daemon is started.
TEST_F(Sample, FilesLieBesideTheConfigurationAlsoWhenItsOwnPathIsRelative) {
  const fs::path here = fs::current_path();
  const fs::path up = fs::path(folder_ / "").parent_path();
  fs::current_path(up.parent_path());
  const std::string name = up.filename().string();
  const auto loaded = load_configuration(name + "/millwright.yaml",
                                         {{"MILLWRIGHT_STORAGE__ANCHOR", "/elsewhere/anchors"},
                                          {"MILLWRIGHT_HTTP__NAMES", "a,b:8443"},
                                          {"MILLWRIGHT_HTTP__TLS_PROXY", "true"}},
                                         &problems_);
  fs::current_path(here);
  ASSERT_TRUE(loaded) << all_problems(problems_);
  const Paths paths = paths_of(*loaded);
  EXPECT_EQ(paths.ledger, name + "/millwright.db");
  EXPECT_EQ(paths.key, name + "/millwright.db.key");
  EXPECT_EQ(paths.users, name + "/users.json");
  EXPECT_EQ(paths.anchors, "/elsewhere/anchors");
  EXPECT_TRUE(loaded->settings.http.tls_proxy);
  EXPECT_EQ(loaded->settings.http.names, (std::vector<std::string>{"a", "b:8443"}));
}

TEST_F(Sample, SchemasAreThoseOfTheTables) {
  const bool update = std::getenv("MILLWRIGHT_UPDATE") != nullptr;
  for (const auto& [name, text] : configuration_schemas()) {
    const fs::path path = kSource / "config" / "schema" / name;
    if (update) write_file(path, text);
    EXPECT_EQ(read_file(path), text)
        << name << " differs; run unit_daemon with MILLWRIGHT_UPDATE=1 and look at the change";
  }
}

}  // namespace
}  // namespace millwright::daemon
