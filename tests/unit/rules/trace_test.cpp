// What decided, and the smallest change that would have turned it, each tried out again.
#include <gtest/gtest.h>

#include "millwright/rules/rule_set.hpp"

namespace millwright::rules {
namespace {

SourceText at(std::string text) {
  return {std::move(text), "hot.yaml", 10, 9};
}
Given given(std::string name, std::string value) {
  return {at(std::move(name)), {at(std::move(value))}};
}

RuleSpec spec(std::string condition) {
  RuleSpec s;
  s.id = "hot";
  s.owner = "maintenance";
  s.summary = "Too hot";
  s.events = {"iot.measurement.sampled"};
  s.condition = at(std::move(condition));
  Proposal p;
  p.mode = at("'HOT'");
  p.priority = at("signal.value > 95.0 ? 1 : 2");
  p.title_text = at("Inspect");
  p.symptom_text = at("Hot");
  s.proposals = {p};
  return s;
}

Trace trace(const RuleSpec& s, const std::vector<Given>& inputs) {
  const auto set = RuleSet::compile({s}, "c").value();
  RuleProblems problems;
  const auto trial = set->try_rule(RuleId("hot"), inputs, problems);
  if (!trial || trial->decisions.empty()) {
    ADD_FAILURE() << (problems.empty() ? "no decision" : to_text(problems[0]));
    return {};
  }
  return trial->decisions[0].evidence.trace;
}

TEST(RuleTrace, NamesThePartsThatDecided) {
  const Trace t =
      trace(spec("signal.value > 80.0 && (asset.criticality == 'A' || has(signal.score))"),
            {given("signal.value", "85"), given("asset.criticality", "A")});
  ASSERT_EQ(t.reasons.size(), 2u);
  EXPECT_EQ(t.reasons[0], (Reason{"signal.value > 80.0", "signal.value = 85.0"}));
  EXPECT_EQ(t.reasons[1].source, "asset.criticality == 'A'");
  EXPECT_EQ(t.matched, "");
}

TEST(RuleTrace, TheNearestChangeIsFoundAndTriedOut) {
  const RuleSpec s = spec("signal.value > 80.0 && asset.criticality == 'A'");
  Counterfactual c =
      trace(s, {given("signal.value", "85"), given("asset.criticality", "A")}).counterfactual;
  EXPECT_EQ(c.input, "signal.value");
  EXPECT_EQ(c.was, "85 units");
  EXPECT_EQ(c.would, "80 units");
  EXPECT_EQ(c.outcome, "no decision");
  EXPECT_EQ(
      c.text,
      "With \"Reading\" at 80 units instead of 85 units, this rule would have proposed nothing.");
  // Nearer than the condition's own limit: that of the priority.
  c = trace(s, {given("signal.value", "94.5"), given("asset.criticality", "A")}).counterfactual;
  EXPECT_EQ(c.would, "95.1 units");
  EXPECT_EQ(c.outcome, "inspection P1, mode HOT");
  // Far beyond every limit another class is the smaller change.
  c = trace(s, {given("signal.value", "-1"), given("asset.criticality", "A"),
                given("signal.value", "100000")})
          .counterfactual;
  EXPECT_EQ(c.input, "signal.value") << "a number that falls by nearly all of itself";
}

TEST(RuleTrace, OrAndAbsenceCountToo) {
  const Counterfactual either = trace(spec("asset.criticality == 'A' || signal.warm"),
                                      {given("signal.value", "1"), given("asset.criticality", "A"),
                                       given("signal.warm", "false")})
                                    .counterfactual;
  EXPECT_EQ(either.input, "asset.criticality") << "the other side of the || is false already";
  EXPECT_EQ(either.would, "anything else");
  RuleSpec s = spec("has(signal.score)");
  s.proposals[0].priority.text = "2";
  const Counterfactual absent = trace(s, {given("signal.score", "0.4")}).counterfactual;
  EXPECT_EQ(absent.input, "signal.score");
  EXPECT_EQ(absent.would, "absent");
}

TEST(RuleTrace, NothingFoundIsSaid) {
  RuleSpec s = spec("asset.id == 'X-1'");
  s.proposals[0].priority.text = "2";
  const Counterfactual c = trace(s, {}).counterfactual;
  EXPECT_EQ(c.input, "");
  EXPECT_EQ(c.text, "No single input was found that would have changed this by itself.");
}

TEST(RuleTrace, OfATableShowsItsRowAndMovesBetweenRows) {
  RuleSpec s = spec("true");
  s.proposals.clear();
  s.table = TableSpec();
  s.table->hit = HitPolicy::kFirst;
  s.table->rows =
      at("signal.value | asset.criticality || task | priority\n> 90 | A || work_order | 1\n"
         "(80..90] | - || inspection | 2\notherwise || inspection | 4\n");
  s.table->defaults.title_text = at("t");
  s.table->defaults.symptom_text = at("s");
  const Trace t = trace(s, {given("signal.value", "91"), given("asset.criticality", "A")});
  EXPECT_EQ(t.matched, "> 90 | A || work_order | 1");
  ASSERT_GE(t.reasons.size(), 2u);
  EXPECT_EQ(t.reasons[t.reasons.size() - 2], (Reason{"signal.value: > 90", "signal.value = 91"}));
  EXPECT_EQ(t.counterfactual.would, "90 units");
  EXPECT_EQ(t.counterfactual.outcome, "inspection P2, mode hot");
}

// Whatever is said to turn a decision does turn it.
TEST(RuleTrace, IsTrueForManyInputs) {
  const RuleSpec s = spec("signal.value > 80.0 && (signal.z > 3.5 || signal.warm)");
  const auto set = RuleSet::compile({s}, "c").value();
  RuleProblems problems;
  for (int value = 70; value < 120; ++value) {
    for (const char* z : {"1", "3.4", "4"}) {
      std::vector<Given> inputs{given("signal.value", std::to_string(value)), given("signal.z", z),
                                given("signal.warm", "true")};
      const auto trial = set->try_rule(RuleId("hot"), inputs, problems);
      ASSERT_TRUE(trial.has_value());
      if (trial->decisions.empty()) continue;
      const Decision& d = trial->decisions[0];
      const Counterfactual& c = d.evidence.trace.counterfactual;
      ASSERT_NE(c.input, "");
      inputs.push_back(given(c.input, c.would.substr(0, c.would.find(' '))));
      if (c.input == "signal.warm") inputs.back().values[0].text = "false";
      const auto again = set->try_rule(RuleId("hot"), inputs, problems);
      ASSERT_TRUE(again.has_value()) << to_text(problems.at(0));
      const bool same = !again->decisions.empty() && again->decisions[0].priority == d.priority;
      EXPECT_FALSE(same) << value << " " << z << ": " << c.text;
    }
  }
}

}  // namespace
}  // namespace millwright::rules
