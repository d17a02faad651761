#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/daemon/config_files.hpp"

namespace millwright::daemon {
namespace {

using namespace test;

constexpr const char* kMain = "plant: plant\nrules: rules\nworkflow: workflow\n";
constexpr const char* kPolicy = "policy:\n  money_one: 2000\n";
constexpr const char* kPlant = R"(site: {id: s, name: Site}
nodes:
  - {id: s, name: Site, level: site}
  - {id: l, name: Line, level: production_line, parent: s}
calendar:
  time_zone: Europe/Paris
  shifts: [{id: early, start: "05:00", hours: 8}]
bearings:
  - {id: b1, balls: 8, ball_mm: 10, pitch_mm: 50}
materials:
  - {id: m1, name: Part}
crafts:
  - {id: MECH, name: Mechanic, rate_per_hour: 60}
assets:
  - id: F-1
    name: Fan
    class: fan
    node: l
    criticality: A
    points: [{point: DE, bearing: b1}]
    gate: {by: mes, work_unit: U}
    signals:
      - {point: DE, axis: H, kind: vibration_velocity, unit: mm/s}
      - {tag: temp, kind: bearing_temperature, unit: Cel, warn: 80, alarm: 90}
job_plans:
  - {class: fan, modes: [UNBALANCE], text: Balance, crafts: {MECH: 4}, kit: {m1: 1}, hours: 4}
)";

// One change to the good files, and what must be said of it: "file:line:column: message" parts.
struct Case {
  const char* file;
  const char* from;
  const char* to;
  const char* problem;
};

void PrintTo(const Case& c, std::ostream* out) {
  *out << c.file << ": " << c.to;
}

class Broken : public testing::TestWithParam<Case> {
 protected:
  void SetUp() override {
    files_ = {{"millwright.yaml", kMain},
              {"plant/plant.yaml", kPlant},
              {"rules/hot.yaml", kRule},
              {"workflow/policy.yaml", kPolicy}};
  }
  std::vector<std::string> problems() {
    for (const auto& [name, text] : files_) folder_.write(name, text);
    std::vector<Problem> found;
    const auto loaded = load_configuration((folder_ / "millwright.yaml").string(), {}, &found);
    EXPECT_EQ(bool(loaded), found.empty());
    std::vector<std::string> out;
    const std::string root = (folder_ / "").string();
    for (const Problem& p : found) {
      std::string text = to_text(p);
      for (std::size_t at; (at = text.find(root)) != std::string::npos;)
        text.erase(at, root.size());
      out.push_back(text);
    }
    return out;
  }

  Folder folder_;
  std::map<std::string, std::string> files_;
};

TEST_F(Broken, TheWholeIsGood) {
  EXPECT_THAT(problems(), testing::IsEmpty());
}

TEST_P(Broken, IsSaidWithItsPlace) {
  const Case& c = GetParam();
  std::string& text = files_.at(c.file);
  const std::size_t at = text.find(c.from);
  ASSERT_NE(at, std::string::npos);
  text.replace(at, std::string(c.from).size(), c.to);
  EXPECT_THAT(problems(), testing::ElementsAre(std::string(c.problem)));
}

const Case kScalars[] = {
    {"plant/plant.yaml", "name: Fan", "name: no",
     "plant/plant.yaml:16:11: 'name' is text, but 'no' would be read as true or false; write "
     "\"no\""},
    {"plant/plant.yaml", "id: F-1", "id: 010",
     "plant/plant.yaml:15:9: 'id' is text, but '010' would be read as a number; write \"010\""},
    {"plant/plant.yaml", "id: F-1", "id: 12e3",
     "plant/plant.yaml:15:9: 'id' is text, but '12e3' would be read as a number; write \"12e3\""},
    {"plant/plant.yaml", "start: \"05:00\"", "start: 05:00",
     "plant/plant.yaml:7:31: 'start' is text, but '05:00' would be read as a number; write "
     "\"05:00\""},
    {"plant/plant.yaml", "start: \"05:00\"", "start: \"5:00\"",
     "plant/plant.yaml:7:32: 'start': '5:00' is not a time of day like \"05:00\""},
    {"plant/plant.yaml", "hours: 8}", "hours: 08}",
     "plant/plant.yaml:7:47: 'hours': '08' would be octal for some readers; write 8"},
    {"plant/plant.yaml", "rate_per_hour: 60", "rate_per_hour: 1_000",
     "plant/plant.yaml:13:47: 'rate_per_hour': '1_000' has underscores; write 1000"},
    {"plant/plant.yaml", "rate_per_hour: 60", "rate_per_hour: 0x3C",
     "plant/plant.yaml:13:47: 'rate_per_hour': '0x3C' is not decimal; write 60"},
    {"plant/plant.yaml", "rate_per_hour: 60", "rate_per_hour: 1:30",
     "plant/plant.yaml:13:47: 'rate_per_hour': '1:30' would be a number to the base 60 for some "
     "readers; write it in decimal"},
    {"plant/plant.yaml", "rate_per_hour: 60", "rate_per_hour: 6e1",
     "plant/plant.yaml:13:47: 'rate_per_hour': '6e1' is not a number like 12 or -0.5"},
    {"plant/plant.yaml", "rate_per_hour: 60", "rate_per_hour: \"60\"",
     "plant/plant.yaml:13:48: 'rate_per_hour': \"60\" is text; take the quotes away"},
    {"plant/plant.yaml", "rate_per_hour: 60", "rate_per_hour: -1",
     "plant/plant.yaml:13:47: 'rate_per_hour' is -1; it must be at least 0 and at most 100000"},
    {"plant/plant.yaml", "rate_per_hour: 60", "rate_per_hour: .nan",
     "plant/plant.yaml:13:47: 'rate_per_hour': '.nan' is not a number like 12 or -0.5"},
    {"plant/plant.yaml", "name: Part", "name: Part, insurance_spare: yes",
     "plant/plant.yaml:11:43: 'insurance_spare': 'yes' is not strict; write true"},
    {"plant/plant.yaml", "balls: 8", "balls: 8.5",
     "plant/plant.yaml:9:21: 'balls': '8.5' is not a whole number"},
    {"plant/plant.yaml", "name: Fan",
     "name:", "plant/plant.yaml:16:5: 'name' has no value; write one or take the key out"},
    {"plant/plant.yaml", "name: Fan", "name: [Fan]",
     "plant/plant.yaml:16:11: 'name' must be a single value, not a list"},
    {"plant/plant.yaml", "name: Fan", "name: \"\"",
     "plant/plant.yaml:16:12: 'name' is empty; write name for people"},
    {"plant/plant.yaml", "criticality: A", "criticality: D",
     "plant/plant.yaml:19:18: 'D' is not one of: A, B, C"},
    {"workflow/policy.yaml", "money_one: 2000", "soft_hold: 3 days",
     "workflow/policy.yaml:2:14: 'soft_hold': '3 days' is not a duration like 90s, 10m, 1h30m, "
     "250ms or 14d"},
};
INSTANTIATE_TEST_SUITE_P(Scalars, Broken, testing::ValuesIn(kScalars));

const Case kStructure[] = {
    {"plant/plant.yaml", "criticality: A", "critcality: A\n    criticality: A",
     "plant/plant.yaml:19:5: 'critcality' is not a key of an asset; did you mean 'criticality'?"},
    {"plant/plant.yaml", "    criticality: A\n", "",
     "plant/plant.yaml:15:5: an asset needs the key 'criticality': A, B or C"},
    {"plant/plant.yaml", "name: Fan", "name: Fan\n    name: Fun",
     "plant/plant.yaml:17:5: key 'name' is there twice, first near line 16; keep one"},
    {"plant/plant.yaml", "name: Fan", "name: !!str Fan",
     "plant/plant.yaml:16:11: tag tag:yaml.org,2002:str is not supported; take it out"},
    {"plant/plant.yaml", "name: Fan", "<<: {name: Fan}",
     "plant/plant.yaml:16:5: merge keys (<<) are not supported; write the members out"},
    {"plant/plant.yaml", "crafts:\n", "---\ncrafts:\n",
     "plant/plant.yaml: holds more than one document (---); keep one in a file"},
    {"plant/plant.yaml", "points: [{", "points: [",
     "plant/plant.yaml:20:36: is not YAML: illegal flow end"},
    {"plant/plant.yaml", "[{id: early, start: \"05:00\", hours: 8}]", "[early]",
     "plant/plant.yaml:7:12: a shift must be a map of names and values, not a single value"},
    {"plant/plant.yaml", "    gate: {by: mes, work_unit: U}\n", "    gate: mes\n",
     "plant/plant.yaml:21:11: gate must be a map of names and values, not a single value"},
    {"millwright.yaml", "rules: rules\n", "",
     "millwright.yaml:1:1: millwright.yaml needs the key 'rules': the folder of the rules, "
     "relative to this file"},
    {"millwright.yaml", "rules: rules\n", "rules: rulez\n",
     "rulez: is not a folder that can be read: No such file or directory"},
    {"millwright.yaml", "plant: plant\n", "plant: plant\nmodels: {vibration: none}\n",
     "millwright.yaml:2:10: 'vibration' is not a kind of signal"},
    {"millwright.yaml", "plant: plant\n", "plant: plant\nhttp: {prot: 80}\n",
     "millwright.yaml:2:8: 'prot' is not a key of http; did you mean 'port'?"},
    {"millwright.yaml", "plant: plant\n", "plant: plant\nhttp: {port: 65536}\n",
     "millwright.yaml:2:14: 'port' is 65536; it must be at least 0 and at most 65535"},
};
INSTANTIATE_TEST_SUITE_P(Structure, Broken, testing::ValuesIn(kStructure));

const Case kReferences[] = {
    {"plant/plant.yaml", "node: l", "node: line",
     "plant/plant.yaml:18:11: node 'line' is not known"},
    {"plant/plant.yaml", "bearing: b1}", "bearing: b2}",
     "plant/plant.yaml:20:35: bearing 'b2' is not known; did you mean 'b1'?"},
    {"plant/plant.yaml", "parent: s}", "parent: t}",
     "plant/plant.yaml:4:57: node 't' is not known"},
    {"plant/plant.yaml", "site: {id: s", "site: {id: t",
     "plant/plant.yaml:1:12: no node 't' of level site; add it to `nodes`"},
    {"plant/plant.yaml",
     "calendar:", "  - {id: l x, name: X, level: work_cell, parent: l}\ncalendar:",
     "plant/plant.yaml:5:10: 'l x' has a space or one of + # / $; topics and paths are made from "
     "it"},
    {"plant/plant.yaml", "Europe/Paris", "Europe/Lyon",
     "plant/plant.yaml:6:14: time zone 'Europe/Lyon' is not known; write an IANA name like "
     "Europe/Paris"},
    {"plant/plant.yaml", "- {point: DE, axis", "- {point: NDE, axis",
     "plant/plant.yaml:23:17: measuring point 'NDE' is not among the points of F-1"},
    {"plant/plant.yaml", "point: DE, axis: H", "point: DE, axis: H, tag: t",
     "plant/plant.yaml:23:9: a signal has either a `tag`, or a `point` and an `axis`"},
    {"plant/plant.yaml", "unit: mm/s", "unit: in/s",
     "plant/plant.yaml:23:62: signals of kind vibration_velocity are kept in mm/s, not 'in/s'; "
     "give "
     "limits and resolution in it (events may come in other units)"},
    {"plant/plant.yaml", "unit: Cel", "unit: celsius",
     "plant/plant.yaml:24:54: unit 'celsius' is not known; write UCUM (mm/s, Cel, bar)"},
    {"plant/plant.yaml", "alarm: 90", "alarm: 70",
     "plant/plant.yaml:24:76: 'alarm' must be greater than 'warn'"},
    {"plant/plant.yaml", "alarm: 90", "alarm: 90, sister: temp-nde",
     "plant/plant.yaml:24:88: F-1 has no temperature with the tag 'temp-nde'"},
    {"plant/plant.yaml", "alarm: 90", "alarm: 90, sister: temp",
     "plant/plant.yaml:24:88: a signal cannot be compared with itself"},
    {"plant/plant.yaml", "by: mes, work_unit: U", "by: mes",
     "plant/plant.yaml:21:16: a gate by mes needs the key 'work_unit'"},
    {"plant/plant.yaml", "by: mes, work_unit: U",
     "by: own_current, current_tag: amps, running_current_a: 5",
     "plant/plant.yaml:21:42: F-1 has no signal of kind current with the tag 'amps'"},
    {"plant/plant.yaml", "- {id: m1, name: Part}",
     "- {id: m1, name: Part}\n  - {id: m1, name: Other}",
     "plant/plant.yaml:12:10: material 'm1' is there twice, first at plant/plant.yaml:11; keep "
     "one"},
    {"plant/plant.yaml", "{MECH: 4}", "{MECHANIC: 4}",
     "plant/plant.yaml:26:62: craft 'MECHANIC' is not known; add it to `crafts`"},
    {"plant/plant.yaml", "{m1: 1}", "{m2: 1}",
     "plant/plant.yaml:26:78: material 'm2' is not known; add it to `materials`"},
    {"plant/plant.yaml", "{class: fan,", "{class: fans,",
     "plant/plant.yaml:26:13: no asset is of class 'fans'; did you mean 'fan'?"},
    {"plant/plant.yaml", "{class: fan,", "{class: fan, asset: F-1,",
     "plant/plant.yaml:26:5: a job plan has either a `class` or an `asset`"},
    {"plant/plant.yaml", "modes: [UNBALANCE]", "modes: [UNBALANCE, UNBALANCE]",
     "plant/plant.yaml:26:25: job plan 'class fan, UNBALANCE' is there twice, first at "
     "plant/plant.yaml:26; keep one"},
    {"plant/plant.yaml", "text: Balance", "text: Balance the fan wheel and write it down..",
     "plant/plant.yaml:26:44: 'text' has 41 characters; at most 40 fit"},
    {"rules/hot.yaml", "event: iot.measurement.sampled", "event: iot.measurement.sample",
     "rules/hot.yaml:6:12: event type 'iot.measurement.sample' is not in the catalogue; did you "
     "mean 'iot.measurement.sampled'?"},
    {"rules/hot.yaml", "task: inspection", "task: look",
     "rules/hot.yaml:11:15: 'look' is not one of: work_order, part_reservation, inspection, "
     "sensor_check, master_data"},
    {"workflow/policy.yaml", "money_one: 2000", "money_one: 2000\n  money_two: 1000",
     "workflow/policy.yaml:3:14: 'money_two' must not be less than 'money_one'"},
};
INSTANTIATE_TEST_SUITE_P(References, Broken, testing::ValuesIn(kReferences));

TEST_F(Broken, AllProblemsOfAllFilesAtOnce) {
  files_["plant/plant.yaml"] =
      std::string(kPlant).replace(std::string(kPlant).find("node: l"), 7, "node: x");
  files_["rules/hot.yaml"] =
      std::string(kRule).replace(std::string(kRule).find("version: 2"), 10, "version: 0");
  files_["workflow/policy.yaml"] = "policy: {money: 1}\n";
  EXPECT_EQ(problems().size(), 3U);
}

TEST_F(Broken, AliasesAreExpandedWithinALimit) {
  std::string bomb = "a: &a [x, x, x, x, x, x, x, x, x, x]\n";
  for (char c = 'b'; c < 'h'; ++c) {
    bomb += std::string(1, c) + ": &" + c + " [";
    for (int i = 0; i < 10; ++i) bomb += (i == 0 ? "*" : ", *") + std::string(1, char(c - 1));
    bomb += "]\n";
  }
  files_["workflow/policy.yaml"] = bomb;
  EXPECT_THAT(problems(), testing::Contains(testing::HasSubstr("more than 200000 values, aliases "
                                                               "expanded")));
  files_["workflow/policy.yaml"] = "policy: " + std::string(40, '[') + std::string(40, ']');
  EXPECT_THAT(problems(), testing::Contains(testing::HasSubstr("nested deeper than 32")));
  files_["workflow/policy.yaml"] = "policy: {x: &a [*a]}";
  EXPECT_THAT(problems(), testing::SizeIs(testing::Ge(1U)));
  files_["workflow/policy.yaml"] = std::string((4 << 20) + 1, '#');
  EXPECT_THAT(problems(), testing::ElementsAre(testing::HasSubstr("is larger than 4194304 bytes")));
  files_["workflow/policy.yaml"] = "";
  EXPECT_THAT(problems(), testing::ElementsAre(testing::HasSubstr("policy.yaml:1:1: is empty")));
}

TEST_F(Broken, AliasesMayBeUsed) {
  files_["rules/hot.yaml"] =
      std::string(kRule).replace(std::string(kRule).find("rationale: Above its limit"), 26,
                                 "rationale: &r Above\n        cause: *r");
  EXPECT_THAT(problems(), testing::IsEmpty());
}

TEST_F(Broken, AMissingMainFileIsSaid) {
  std::vector<Problem> found;
  const auto loaded = load_configuration("/nowhere/millwright.yaml", {}, &found);
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().message,
            "/nowhere/millwright.yaml: cannot be read; check the name and the rights\n");
}

}  // namespace
}  // namespace millwright::daemon
