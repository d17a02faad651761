// What rules may ask the plant: each function has an example here and its row in docs/rules.md.
#include "rules/plant_functions.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

#include "millwright/rules/rule_set.hpp"

namespace millwright::rules {
namespace {

constexpr Instant kNow{1'800'000'000'000'000'000};

struct Asking : testing::Test {
  LaneView view;
  PlantModel plant;
  Observation o;
  WatchMemory watches;

  Asking() {
    Asset asset;
    asset.id = AssetId("P-1");
    asset.gate.work_unit = WorkUnitId("WU-1");
    plant.assets[asset.id] = asset;
    plant.materials[MaterialId("SEAL")] = Material{};
    view.number = ViewNumber(12);
    view.supply.set(MaterialId("BRG"), Supply{2.5});
    view.work.set(AssetId("P-1"), OpenWork{3, 2, FailureMode("BRG-OUTER"), kNow});
    view.equipment.set(WorkUnitId("WU-1"), EquipmentState{"Executing", "", kNow, "", "4711"});
    view.service.set(AssetId("P-1"), ServiceState{kNow - hours(3), "7", false, Instant()});
    view.suppliers.set(SupplierId("S-1"), SupplierRecord{9, 0b1'0000'0101, 0.6, kNow});
    o.at = kNow;
    o.source_id = "tick";
    o.features.set(Feature::kAssetId, "P-1");
  }
  RuleSpec rule(const std::string& condition) {
    RuleSpec spec;
    spec.id = "r";
    spec.events = {"tick"};
    spec.condition = {condition, "r.yaml", 3, 5};
    Proposal p;
    p.title_text = {"ask", "r.yaml", 5, 5};
    spec.proposals = {p};
    return spec;
  }
  std::string ask(const std::string& condition, bool with_plant = true) {
    const auto set = RuleSet::compile({rule(condition)}, "c");
    if (!set) return set.error().message;
    const FiredMap fired;
    const Memory memory{fired, &watches, nullptr, nullptr, with_plant ? &plant : nullptr};
    const Outcome out = (*set)->decide(o, view, memory);
    if (!out.errors.empty()) return out.errors[0].detail;
    return out.decisions.empty() ? "no" : "yes";
  }
};

TEST_F(Asking, EveryFunctionDoesAsItsExample) {
  const std::map<std::string, std::string> examples{
      {"available", "plant.available('BRG') == 2.5 && plant.available('SEAL') == 0.0"},
      {"open_tasks", "plant.open_tasks(asset.id) == 3 && plant.open_tasks('X') == 0"},
      {"open_cases", "plant.open_cases(asset.id) == 2 && plant.open_cases('X') == 0"},
      {"newest_case", "plant.newest_case('P-1') == 'BRG-OUTER' && plant.newest_case('X') == ''"},
      {"order", "plant.order(asset.id) == '4711' && plant.order('X') == ''"},
      {"repaired", "plant.repaired('P-1') && !plant.repaired('X')"},
      {"promises", "plant.promises('S-1') == 9 && plant.promises('X') == 0"},
      {"moved_promises", "plant.moved_promises('S-1') == 3 && plant.moved_promises('X') == 0"},
      {"supplier_risk", "plant.supplier_risk('S-1') == 0.6 && plant.supplier_risk('X') == 0.0"},
      {"last_repair", "event.time - plant.last_repair('P-1') == duration('3h')"},
  };
  std::ifstream file(std::string(MILLWRIGHT_SOURCE_DIR) + "/docs/rules.md");
  std::ostringstream docs;
  docs << file.rdbuf();
  EXPECT_EQ(plant_functions().size(), examples.size());
  for (const cel::FunctionSpec& each : plant_functions()) {
    ASSERT_EQ(examples.count(each.name), 1U) << each.name;
    EXPECT_EQ(ask(examples.at(each.name)), "yes") << each.name;
    EXPECT_NE(docs.str().find("| `plant." + each.name + "(string)` | " + cel::to_text(each.result) +
                              " | " + each.doc + " |"),
              std::string::npos)
        << each.name;
  }
}

// The trace asks the same view, and does not take the view itself for an input.
TEST_F(Asking, WhyItDecidedShowsWhatThePlantAnswered) {
  const auto set = RuleSet::compile(
      {rule("plant.available('BRG') >= 1.0 && event.time < timestamp('2028-01-01T00:00:00Z')")},
      "c");
  ASSERT_TRUE(set) << set.error().message;
  const FiredMap fired;
  const Outcome out = (*set)->decide(o, view, Memory{fired, &watches, nullptr, nullptr, &plant});
  ASSERT_EQ(out.decisions.size(), 1U);
  const Evidence& e = out.decisions[0].evidence;
  ASSERT_FALSE(e.trace.reasons.empty());
  EXPECT_EQ(e.trace.reasons[0].source, "plant.available('BRG') >= 1.0");
  EXPECT_EQ(e.trace.reasons[0].values, "plant.available('BRG') = 2.5");
  EXPECT_NE(e.trace.counterfactual.input, "plant");
  EXPECT_EQ(e.view, ViewNumber(12));
}

TEST_F(Asking, ATrialGivesThePlantsAnswers) {
  const auto set =
      RuleSet::compile({rule("plant.available('BRG') >= 1.0 && plant.open_tasks(asset.id) == 0"
                             " && (!plant.repaired('X') || event.time > plant.last_repair('X'))"
                             " && plant.order('X') in ['', '4711']")},
                       "c");
  ASSERT_TRUE(set) << set.error().message;
  RuleProblems problems;
  const auto tried = [&](const std::vector<std::vector<std::string>>& inputs) -> std::string {
    std::vector<Given> given;
    for (const auto& each : inputs) {
      given.push_back({{each[0], "r.yaml", 9, 3}, {}});
      for (std::size_t i = 1; i < each.size(); ++i) {
        given.back().values.push_back({each[i], "r.yaml", 9, 20});
      }
    }
    problems.clear();
    const auto trial = (*set)->try_rule(RuleId("r"), given, problems);
    if (!trial) return to_text(problems.at(0));
    if (!trial->errors.empty()) return trial->errors[0];
    return trial->decisions.empty() ? "no" : "yes";
  };
  EXPECT_EQ(tried({}), "no");
  EXPECT_EQ(tried({{"plant.available", "2"}}), "yes");
  EXPECT_EQ(tried({{"plant.available.BRG", "1"}}), "yes");
  EXPECT_EQ(tried({{"plant.available.SEAL", "1"}}), "no");
  EXPECT_EQ(tried({{"plant.available", "0"}, {"plant.available.BRG", "1"}}), "yes");
  EXPECT_EQ(tried({{"plant.available", "2"}, {"plant.open_tasks.X-1", "1"}}), "no");
  EXPECT_EQ(tried({{"plant.available", "2"}, {"plant.last_repair", "2026-01-01T00:00:00Z"}}),
            "yes");
  EXPECT_EQ(tried({{"plant.available", "2"}, {"plant.last_repair", "2027-01-01T00:00:00Z"}}), "no");
  EXPECT_EQ(tried({{"plant.available", "2"}, {"plant.order", "4712"}}), "no");
  EXPECT_NE(tried({{"plant.available", "2"}, {"plant.repaired", "true"}}).find("no repair of it"),
            std::string::npos);
  const std::map<std::string, std::vector<std::string>> wrong{
      {"r.yaml:9:3: 'plant.availabl' is nothing that the plant is asked; that is plant.available, ",
       {"plant.availabl", "2"}},
      {"r.yaml:9:3: 'plant' is nothing that the plant is asked", {"plant", "2"}},
      {"r.yaml:9:20: 'two' is not a number like 4.5", {"plant.available.BRG", "two"}},
      {"r.yaml:9:20: '1.5' is not a whole number", {"plant.open_tasks", "1.5"}},
      {"r.yaml:9:3: 'plant.order' is a text, no list", {"plant.order", "a", "b"}},
  };
  for (const auto& [message, input] : wrong) {
    EXPECT_EQ(tried({input}).substr(0, message.size()), message);
  }
}

TEST_F(Asking, WhatMadeTheScoreIsAList) {
  const std::string asks = "model.contributions.exists(c, c.contains('75.7 Hz'))";
  EXPECT_NE(ask(asks).find("model.contributions"), std::string::npos);  // nothing made one
  o.contributions = {{"Envelope peak at 75.7 Hz", 1.9, ""}, {"Kurtosis", 0.9, ""}};
  EXPECT_EQ(ask(asks), "yes");
  EXPECT_EQ(ask("model.contributions == ['Envelope peak at 75.7 Hz', 'Kurtosis']"), "yes");
  EXPECT_EQ(ask("has(model.contributions) && model.contributions[0] == 'Kurtosis'"), "no");
}

TEST_F(Asking, SaysWhatItCannotAnswer) {
  EXPECT_NE(ask("plant.available('BRGG') > 1.0").find("no such material"), std::string::npos);
  EXPECT_NE(ask("plant.last_repair('X') < event.time").find("ask first: plant.repaired"),
            std::string::npos);
  EXPECT_NE(ask("plant.order(asset.id) == ''", false).find("no plant to ask"), std::string::npos);
  EXPECT_NE(ask("plant.availabl('BRG') > 1.0").find("r.yaml:3:"), std::string::npos);
  // Not in a watch, whose state must not hang on what other topics say.
  RuleSpec spec = rule("watch.a");
  WatchSpec watch;
  watch.name = "a";
  watch.place = {"a", "r.yaml", 7, 3};
  watch.keys = {{"of", {7, 9}}, {"for", {7, 30}}};
  watch.of = {"plant.open_tasks('X') > 1", "r.yaml", 7, 13};
  watch.held_for = minutes(5);
  spec.watches = {watch};
  const auto set = RuleSet::compile({spec}, "c");
  ASSERT_FALSE(set.has_value());
  EXPECT_NE(set.error().message.find("r.yaml:7:13: unknown name 'plant"), std::string::npos)
      << set.error().message;
}

}  // namespace
}  // namespace millwright::rules
