// A rule tried with given inputs, and the tests of its own file.
#include <gtest/gtest.h>

#include "millwright/rules/rule_set.hpp"

namespace millwright::rules {
namespace {

SourceText at(std::string text, int line = 1) {
  return {std::move(text), "hot.yaml", line, 9};
}

Given given(std::string name, std::string value) {
  return {at(std::move(name), 30), {at(std::move(value), 30)}};
}

RuleSpec spec() {
  RuleSpec s;
  s.id = "hot";
  s.owner = "maintenance";
  s.summary = "Too hot";
  s.events = {"iot.measurement.sampled"};
  s.condition = at("signal.value > 80.0 && asset.criticality == 'A'", 10);
  Proposal p;
  p.mode = at("'HOT'");
  p.priority = at("has(model.id) ? 1 : 2");
  p.confidence = at("0.9");
  p.due_hours = at("1.5");
  p.title_text = at("Inspect {{ asset.id }} at {{ event.time.getHours('UTC') }}");
  p.symptom_text = at("{{ signal.value }} {{ signal.unit }}");
  p.when = at("signal.value > 90.0");
  s.proposals = {p, p};
  s.proposals[1].when.text = "";
  s.proposals[1].task = TaskKind::kSensorCheck;
  return s;
}

const std::vector<Given> kHot{given("signal.value", "95.5"), given("asset.criticality", "A")};

RuleTest test(std::vector<Given> inputs, Expectation expect) {
  RuleTest out;
  out.given = std::move(inputs);
  out.expect = std::move(expect);
  out.place = at("", 40);
  return out;
}

// The problems of one test, or "passes".
std::string outcome(const RuleTest& one) {
  RuleSpec s = spec();
  s.tests = {one};
  const auto set = RuleSet::compile({s}, "c").value();
  const auto results = set->run_tests(s);
  EXPECT_EQ(results.size(), 1u);
  return results[0].problems.empty() ? "passes" : to_text(results[0].problems[0]);
}

TEST(Trial, InputsAreTypedByWhatTheyAre) {
  const auto set = RuleSet::compile({spec()}, "c").value();
  RuleProblems problems;
  auto inputs = kHot;
  inputs.push_back(given("event.time", "2026-03-02T06:10:00Z"));
  inputs.push_back(given("asset.id", "F-201"));
  inputs.push_back(given("model.id", "robust"));
  const auto trial = set->try_rule(RuleId("hot"), inputs, problems);
  ASSERT_TRUE(trial.has_value()) << to_text(problems.at(0));
  ASSERT_EQ(trial->decisions.size(), 1u);
  const Decision& d = trial->decisions[0];
  EXPECT_EQ(d.title, "Inspect F-201 at 6");
  EXPECT_EQ(d.symptom, "95.5 units");
  EXPECT_EQ(int(d.priority), 1);
  EXPECT_EQ(d.evidence.row, 1);
  EXPECT_EQ(d.evidence.readings.at(0).text, "95.5");
}

TEST(Trial, WhatIsNotAnInputIsRefusedWithTheNearest) {
  const auto set = RuleSet::compile({spec()}, "c").value();
  const auto refused = [&](const std::string& name, const std::string& value) {
    RuleProblems problems;
    EXPECT_FALSE(set->try_rule(RuleId("hot"), {given(name, value)}, problems).has_value());
    return problems.empty() ? "" : to_text(problems[0]);
  };
  EXPECT_EQ(refused("signal.valu", "1").substr(0, 69),
            "hot.yaml:30:9: unknown name 'signal.valu'; did you mean 'signal.value");
  EXPECT_EQ(refused("signal.value", "hot"), "hot.yaml:30:9: 'hot' is not a number like 4.5");
  EXPECT_EQ(refused("signal.warm", "yes"), "hot.yaml:30:9: 'yes' is not true or false");
  EXPECT_NE(refused("event.time", "today").find("is not a time like 2026-03-02"),
            std::string::npos);
  EXPECT_EQ(refused("event.type", "PM01"),
            "hot.yaml:30:9: 'PM01' is no event type that this rule listens to");
  RuleProblems problems;
  EXPECT_FALSE(set->try_rule(RuleId("cold"), {}, problems).has_value());
  EXPECT_EQ(to_text(problems.at(0)), "there is no rule 'cold'");
}

TEST(Trial, SaysWhyThereIsNoDecision) {
  const auto set = RuleSet::compile({spec()}, "c").value();
  RuleProblems problems;
  auto inputs = kHot;
  inputs[0] = given("signal.value", "60");
  EXPECT_EQ(set->try_rule(RuleId("hot"), inputs, problems)->why_not, "the condition does not hold");
  inputs[0] = given("signal.value", "absent");
  EXPECT_NE(set->try_rule(RuleId("hot"), inputs, problems)->errors.at(0).find("no such field"),
            std::string::npos);
  inputs = kHot;
  inputs.push_back(given("signal.gated", "true"));
  EXPECT_NE(set->try_rule(RuleId("hot"), inputs, problems)->why_not.find("signal.gated"),
            std::string::npos);
}

TEST(RuleTests, PassWhereAllIsAsExpected) {
  Expectation expect;
  expect.task = at("inspection");
  expect.mode = at("HOT");
  expect.priority = at("2");
  expect.confidence = at("0.9");
  expect.due_hours = at("1.5");
  expect.row = at("1");
  expect.decisions = at("1");
  expect.title = at("X-1");
  expect.symptom = at("95.5");
  expect.rationale = at("hot");
  EXPECT_EQ(outcome(test(kHot, expect)), "passes");
  Expectation none;
  none.none = true;
  EXPECT_EQ(outcome(test({given("signal.value", "60")}, none)), "passes");
  Expectation error;
  error.error = at("signal.value");
  EXPECT_EQ(outcome(test({given("asset.criticality", "A")}, error)), "passes");
}

TEST(RuleTests, SayWhatWasExpectedAndWhatCame) {
  Expectation expect;
  expect.priority = at("1");
  EXPECT_EQ(outcome(test(kHot, expect)),
            "hot.yaml:40:9: rule 'hot', test 1: priority 1 was expected\n"
            "  came: inspection P2, mode HOT, confidence 0.9, due in 1.5 h");
  expect = {};
  expect.row = at("2");
  EXPECT_NE(outcome(test(kHot, expect)).find("row 2 was expected"), std::string::npos);
  expect = {};
  expect.title = at("Repair");
  EXPECT_NE(outcome(test(kHot, expect)).find("a title with 'Repair' was expected, but it reads"),
            std::string::npos);
  expect = {};
  expect.none = true;
  EXPECT_NE(outcome(test(kHot, expect)).find("no decision was expected"), std::string::npos);
  expect = {};
  expect.mode = at("HOT");
  EXPECT_NE(outcome(test({given("signal.value", "60")}, expect))
                .find("a decision was expected\n  came: no decision: the condition does not hold"),
            std::string::npos);
  EXPECT_NE(outcome(test({}, expect)).find("no error was expected\n  came: an error: "),
            std::string::npos);
  expect.error = at("division");
  EXPECT_NE(outcome(test({}, expect)).find("an error with 'division' was expected"),
            std::string::npos);
}

}  // namespace
}  // namespace millwright::rules
