// Decision tables: how cells are written, hit policies, what is refused and with which witness.
#include <gtest/gtest.h>

#include "millwright/base/digest.hpp"
#include "millwright/rules/rule_set.hpp"
#include "rules/schema.hpp"
#include "rules/table/cell.hpp"

namespace millwright::rules {
namespace {

constexpr EventType kType{"iot.measurement.sampled", 1, SourceFamily::kIot, "assetId", "", {}};

SourceText at(std::string text, int line, int column = 9) {
  return {std::move(text), "plant.yaml", line, column};
}

// A rule whose table begins on line 21.
RuleSpec spec(HitPolicy hit, std::string rows) {
  RuleSpec s;
  s.id = "hot";
  s.owner = "maintenance";
  s.summary = "Too hot";
  s.events = {"iot.measurement.sampled"};
  s.condition = at("true", 10);
  s.place = at("", 7, 5);
  TableSpec table;
  table.hit = hit;
  table.place = at("", 20, 12);
  table.rows = at(std::move(rows), 21);
  table.task = at("inspection", 40);
  table.defaults.title_text = at("Inspect {{ asset.id }}", 41);
  table.defaults.symptom_text = at("{{ signal.value }}", 42);
  s.table = std::move(table);
  return s;
}

struct TableRule : testing::Test {
  Event event;
  Observation o;
  FiredMap fired;

  TableRule() {
    event.type = &kType;
    event.key = {"/gw", "42"};
    o.event = &event;
    o.at = Instant(1'800'000'000'000'000'000);
    o.entity = "F-201";
    o.source_id = "/gw\n42";
    o.features.set(Feature::kAssetId, "F-201");
    o.features.set(Feature::kAssetCriticality, "A");
    o.features.set(Feature::kSignalValue, 85.0);
  }
  Outcome decide(const RuleSpec& s) {
    auto set = RuleSet::compile({s}, "c");
    if (!set) ADD_FAILURE() << set.error().message;
    return set ? (*set)->decide(o, LaneView{}, fired) : Outcome{};
  }
  // "inspection P2 HOT; ..." or the errors.
  std::string said(const RuleSpec& s) {
    const Outcome out = decide(s);
    std::string all;
    for (const Decision& d : out.decisions) {
      all += (all.empty() ? "" : "; ") + std::string(to_text(d.task)) + " P" +
             std::to_string(int(d.priority)) + " " + d.mode.str();
    }
    for (const RuleError& error : out.errors) all += "error " + error.detail;
    return all;
  }
};

std::string problems_of(const RuleSpec& s) {
  const auto set = RuleSet::compile({s}, "c");
  return set ? "none" : set.error().message;
}

constexpr const char* kFirst = R"(
signal.value | asset.criticality || task       | mode | priority | due_hours
# a comment
-------------|-------------------||------------|------|----------|----------
>= 90        | A                 || work_order | HOT  | 1        | 4
(80..90)     | A, B              || inspection | HOT  | 2        | 24.5
otherwise                        || inspection | WARM | = asset.criticality == 'C' ? 4 : 3 | -
)";

TEST_F(TableRule, TheFirstRowThatMatchesIsTaken) {
  const RuleSpec s = spec(HitPolicy::kFirst, kFirst);
  EXPECT_EQ(said(s), "inspection P2 HOT");
  EXPECT_EQ(*decide(s).decisions[0].due, o.at + minutes(1470));
  EXPECT_EQ(decide(s).decisions[0].title, "Inspect F-201");
  EXPECT_EQ(decide(s).decisions[0].id.str(),
            derive_id({"decision/v1", "/gw\n42", "F-201", "hot", "1", "0"}));
  o.features.set(Feature::kSignalValue, 90.0);
  EXPECT_EQ(said(s), "work_order P1 HOT");
  o.features.set(Feature::kSignalValue, 80.0);
  EXPECT_EQ(said(s), "inspection P3 WARM");
  EXPECT_FALSE(decide(s).decisions[0].due);
}

TEST_F(TableRule, ItsHashIsOfItsCellsNotOfTheirLooks) {
  const auto hash = [&](const std::string& rows) {
    return decide(spec(HitPolicy::kFirst, rows)).decisions[0].evidence.rule.hash;
  };
  const std::string rows = "signal.value || priority\n> 80 || 2\n- || 3\n";
  EXPECT_EQ(hash(rows), hash("signal.value   || priority\n\n# hot\n> 80     || 2\n-  || 3"));
  EXPECT_NE(hash(rows), hash("signal.value || priority\n> 81 || 2\n- || 3\n"));
}

TEST_F(TableRule, AnAbsentInputIsAnErrorUnlessTheColumnSpeaksOfIt) {
  const std::string silent = "signal.score || priority\n> 0.5 || 2\n<= 0.5 || 3\n";
  EXPECT_EQ(said(spec(HitPolicy::kFirst, silent)),
            "error plant.yaml:7:5: rule 'hot': plant.yaml:22:9: row 1 cannot be answered: "
            "signal.score is not in this event; say 'absent' in a row, or ask has(signal.score) in "
            "the rule's 'if'\n  > 0.5 || 2");
  const std::string speaks = "signal.score || priority\n> 0.5 || 2\n<= 0.5 || 3\nabsent || 4\n";
  EXPECT_EQ(said(spec(HitPolicy::kFirst, speaks)), "inspection P4 hot");
  // Where another cell says no already, or no question is asked, it does not matter.
  const std::string other =
      "signal.score | signal.value || priority\n> 0.5 | < 0 || 1\n- | > 80 || 2\n- | - || 3\n";
  EXPECT_EQ(said(spec(HitPolicy::kFirst, other)), "inspection P2 hot");
}

TEST_F(TableRule, UniqueAndPriority) {
  const std::string rows =
      "signal.value | asset.criticality || task | priority\n"
      "> 80 | - || inspection | 2\n- | A || work_order | 3\n<= 80 | not in (A) || inspection | 4\n";
  EXPECT_EQ(problems_of(spec(HitPolicy::kUnique, rows)),
            "plant.yaml:23:9: rule 'hot': row 1 (line 22) and row 2 (line 23) both match at "
            "signal.value = 81, asset.criticality = A; with hit: unique only one may. Change their "
            "cells, or write hit: first\n  - | A || work_order | 3");
  RuleSpec s = spec(HitPolicy::kPriority, rows);
  s.table->order = {{at("task", 30), {at("work_order", 30), at("inspection", 30)}}};
  EXPECT_EQ(said(s), "work_order P3 hot");
  s.table->order = {{at("task", 30), {at("inspection", 30), at("work_order", 30)}}};
  EXPECT_EQ(said(s), "inspection P2 hot");
  s.table->order = {{at("task", 30), {at("inspection", 30)}}};
  EXPECT_EQ(problems_of(s),
            "plant.yaml:23:18: rule 'hot': 'work_order' is not in the order of 'task'");
  s.table->order.clear();
  EXPECT_NE(problems_of(s).find("hit: priority needs 'order'"), std::string::npos);
  s.table->rows.text += "> 90 | B || inspection | 1\n";
  s.table->order = {{at("task", 30), {at("work_order", 30), at("inspection", 30)}}};
  EXPECT_NE(problems_of(s).find("row 1 (line 22) and row 4 (line 25) both match at signal.value = "
                                "91, asset.criticality = B and are of the same importance"),
            std::string::npos)
      << problems_of(s);
}

TEST_F(TableRule, CollectGivesEachRowADecisionOfItsOwn) {
  const std::string rows =
      "signal.value | asset.criticality || mode | priority\n"
      "> 80 | - || HEAT | 2\n- | A || CLASS | 3\n> 85 | - || HEAT2 | 4\n";
  RuleSpec s = spec(HitPolicy::kCollect, rows);
  s.table->gaps_allowed = true;
  EXPECT_EQ(said(s), "inspection P2 HEAT; inspection P3 CLASS");
  const Outcome out = decide(s);
  EXPECT_NE(out.decisions[0].id, out.decisions[1].id);
  EXPECT_EQ(out.decisions[1].id.str(),
            derive_id({"decision/v1", "/gw\n42", "F-201", "hot", "1", "1"}));
  for (const Decision& each : out.decisions) remember(each, fired);
  EXPECT_EQ(said(s), "") << "each has a cooldown of its own";
  s.table->rows = at("signal.value || mode\n> 80 || HEAT\n> 85 || HEAT\n", 21);
  EXPECT_NE(problems_of(s).find("both match at signal.value = 86 with the same mode 'HEAT'"),
            std::string::npos)
      << problems_of(s);
  s.table->rows = at("signal.value || mode\n> 80 || = 'HE' + 'AT'\n> 81 || HEAT\n", 21);
  fired.clear();
  EXPECT_EQ(said(s),
            "inspection P3 HEATerror plant.yaml:7:5: rule 'hot': two rows ask for the mode HEAT at "
            "once; the first stands");
}

TEST_F(TableRule, CollectAddsUp) {
  RuleSpec s = spec(HitPolicy::kCollect,
                    "signal.value | asset.criticality || points\n> 80 | - || 3\n- | A || 4.5\n"
                    "> 90 | - || 10\notherwise || 0\n");
  s.table->aggregate = Aggregate::kSum;
  s.table->of = at("points", 25);
  s.table->defaults.when = at("row.points >= 5.0", 43);
  s.table->defaults.priority = at("row.points > 10.0 ? 1 : 2", 44);
  s.table->defaults.cause_text = at("{{ row.points }} points", 45);
  EXPECT_EQ(said(s), "inspection P2 hot");
  EXPECT_EQ(decide(s).decisions[0].cause, "7.5 points");
  const auto readings = decide(s).decisions[0].evidence.readings;
  EXPECT_EQ(readings.back().name, "row.points");
  o.features.set(Feature::kSignalValue, 91.0);
  EXPECT_EQ(said(s), "inspection P1 hot");
  s.table->aggregate = Aggregate::kMax;
  EXPECT_EQ(decide(s).decisions[0].cause, "10 points");
  s.table->aggregate = Aggregate::kMin;
  EXPECT_EQ(said(s), "");
  s.table->of = at("", 25);
  s.table->aggregate = Aggregate::kCount;
  EXPECT_NE(problems_of(s).find("'points' differs by row"), std::string::npos);
  s.table->rows = at("signal.value ||\n> 80 ||\n> 81 ||\notherwise ||\n", 21);
  s.table->defaults.when = at("row.count > 0", 43);
  s.table->defaults.priority = at("row.count", 44);
  s.table->defaults.cause_text = at("", 45);
  EXPECT_EQ(said(s), "inspection P2 hot");
  o.features.set(Feature::kSignalValue, 1.0);
  EXPECT_EQ(said(s), "");
}

TEST_F(TableRule, AnAggregateCanBeThePriorityItself) {
  RuleSpec s =
      spec(HitPolicy::kCollect, "signal.value || priority\n> 80 || 3\n> 84 || 2\n- || 4\n");
  s.table->aggregate = Aggregate::kMin;
  s.table->of = at("priority", 25);
  EXPECT_EQ(said(s), "inspection P2 hot");
  o.features.set(Feature::kSignalValue, 10.0);
  EXPECT_EQ(said(s), "inspection P4 hot");
}

TEST_F(TableRule, FreeOutputsAreForTheTexts) {
  RuleSpec s = spec(HitPolicy::kFirst,
                    "signal.value || crew       | people | urgent\n"
                    "> 80         || \"shift, A\" | 2      | true\n"
                    "-            || mechanics  | -      | = signal.value > 70.0\n");
  s.table->defaults.cause_text =
      at("{{ row.crew }}: {{ has(row.people) ? row.people : 0.0 }}, {{ row.urgent }}", 45);
  EXPECT_EQ(decide(s).decisions[0].cause, "shift, A: 2, yes");
  o.features.set(Feature::kSignalValue, 71.0);
  EXPECT_EQ(decide(s).decisions[0].cause, "mechanics: 0, yes");
}

TEST_F(TableRule, ExpressionsCanBeInputs) {
  RuleSpec s = spec(HitPolicy::kFirst,
                    "signal.value / signal.limit_warn | event.time.getHours('UTC') || priority\n"
                    "> 1.0 | [22..24], < 6 || 1\n- | - || 3\n");
  o.features.set(Feature::kSignalLimitWarn, 80.0);
  EXPECT_EQ(said(s), "inspection P3 hot");  // 08:00 UTC
  o.at = o.at - hours(4);
  EXPECT_EQ(said(s), "inspection P1 hot");
}

TEST_F(TableRule, ValuesSayWhatAnInputCanBe) {
  RuleSpec s = spec(HitPolicy::kUnique,
                    "signal.score | asset.criticality || priority\n"
                    "< 0.5 | - || 3\n>= 0.5 | A || 1\n>= 0.5 | B, C || 2\n");
  EXPECT_NE(problems_of(s).find("no row takes signal.score = 0.5, asset.criticality = any text but "
                                "A, B, C; add a row for it"),
            std::string::npos)
      << problems_of(s);
  s.table->values = {{at("signal.score", 30), at("[0..1]", 30)},
                     {at("asset.criticality", 31), at("A, B, C", 31)}};
  o.features.set(Feature::kSignalScore, 0.7);
  EXPECT_EQ(said(s), "inspection P1 hot");
  o.features.set(Feature::kSignalScore, 1.5);
  EXPECT_NE(said(s).find("signal.score is 1.5, which is none of its values"), std::string::npos);
  s.table->values.push_back({at("signal.z", 32), at("[0..1]", 32)});
  EXPECT_EQ(problems_of(s), "plant.yaml:32:9: rule 'hot': 'signal.z' is no input of this table");
}

TEST_F(TableRule, WhatIsNeverTakenIsRefused) {
  EXPECT_EQ(problems_of(spec(HitPolicy::kFirst,
                             "signal.value || priority\n> 80 || 1\n<= 90 || 2\n[80..85] || 3\n")),
            "plant.yaml:24:9: rule 'hot': row 3 (line 24) is never taken: rows 1, 2 together take "
            "all that it asks for, such as signal.value = 83\n  [80..85] || 3");
  EXPECT_NE(problems_of(spec(HitPolicy::kFirst,
                             "event.time.getHours('UTC') || priority\n(5..6) || 1\n- || 2\n"))
                .find("row 1 (line 22) is never taken: its cell of event.time.getHours('UTC')"),
            std::string::npos);
}

TEST_F(TableRule, ASearchWithoutEndIsRefused) {
  std::string rows =
      "signal.value | signal.z | signal.score | signal.baseline | signal.limit_bc | "
      "signal.limit_cd | signal.slope_per_day | signal.expected || priority\n";
  for (int i = 0; i < 64; ++i) {
    for (int column = 0; column < 8; ++column) {
      rows += (column > 0 ? " | " : "") +
              (i % 8 == column || (i / 8) == column
                   ? "[" + std::to_string(i) + ".." + std::to_string(i + 40) + "]"
                   : std::string("-"));
    }
    rows += " || 1\n";
  }
  const std::string problems = problems_of(spec(HitPolicy::kFirst, rows));
  EXPECT_TRUE(problems.find("no row takes") != std::string::npos ||
              problems.find("ways, so") != std::string::npos)
      << problems.substr(0, 500);
}

struct Wrong {
  const char* rows;
  const char* problem;
};

TEST_F(TableRule, MistakesAreSaidWithTheirPlace) {
  const Wrong kWrong[] = {
      {"signal.valu || priority\n> 1 || 1\n",
       "plant.yaml:21:9: rule 'hot': unknown name 'signal.valu'; did you mean 'signal.value'?"},
      {"event.time || priority\n> 1 || 1\n", "21:9: rule 'hot': 'event.time' is a time; a"},
      {"signal.value || priority\n>1.2.3 || 1\n", "22:10: rule 'hot': here a number is wanted"},
      {"signal.value || priority\n[3..1] || 1\n", "22:9: rule 'hot': this range is empty"},
      {"signal.value || priority\n]3..4] || 1\n", "a range does not begin with ]"},
      {"signal.value || priority\n[3..4 || 1\n", "22:14: rule 'hot': here the end of the range"},
      {"signal.value || priority\n[3,4] || 1\n", "here the .. of a range is missing"},
      {"signal.value || priority\n= 3 || 1\n", "a cell has no = or !; write the value alone"},
      {"signal.value || priority\nhigh || 1\n", "here a number is wanted"},
      {"signal.value || priority\n'3' || 1\n", "this column has numbers; take the quotes away"},
      {"asset.criticality || priority\n3 || 1\n", "this column has texts; write \"3\""},
      {"asset.criticality || priority\n> A || 1\n", "a comparison is for numbers"},
      {"signal.warm || priority\nyes || 1\n", "this column has true or false"},
      {"signal.value || priority\nnot absent || 1\n", "here a list in parentheses is missing"},
      {"signal.value || priority\nin (1, 2 || 1\n", "here a ) is missing"},
      {"signal.value || priority\n> 1 || 5\n", "22:16: rule 'hot': a priority is 1 to 4"},
      {"signal.value || priority\n> 1 || soon\n", "'priority' is a number; write one, or ="},
      {"signal.value || task\n> 1 || repair\n", "'repair' is no task; write work_order,"},
      {"signal.value || confidence\n> 1 || 1.1\n", "a confidence is 0.0 to 1.0"},
      {"signal.value || Crew\n> 1 || x\n", "'Crew' is no name of an output"},
      {"signal.value || crew | crew\n> 1 || x | y\n", "the output 'crew' is there twice"},
      {"signal.value || n\n> 1 || 1\n<= 1 || x\n",
       "the cells of 'n' are double, but this is string"},
      {"signal.value || priority\n> 1 || = signal.valu\n", "22:18: unknown name"},
      {"signal.value || priority\n> 1 | 2 || 1\n", "2 cells before the '||', the head has 1"},
      {"signal.value || priority\n> 1 || 1 | 2\n", "2 cells behind the '||', the head has 1"},
      {"signal.value || priority\n> 1 | 1\n", "this line has no '||'"},
      {"signal.value || priority\n> 1 || 1 || 2\n", "a line has one '||'"},
      {"signal.value || priority\n || 1\n", "an empty cell; write - for anything"},
      {"asset.criticality || priority\n'A || 1\n", "this quote has no end"},
      {"signal.value || priority\notherwise || 1\n> 1 || 2\n", "'otherwise' is the last row"},
      {"signal.value || priority\n", "a table has a head and rows"},
      {"event.time.getHours('UTC') || priority\n> 2.5 || 1\n", "this column has whole numbers"},
      {"signal.value + 1.0 || priority\nabsent || 1\n", "is worked out, and never absent"},
  };
  for (const Wrong& each : kWrong) {
    const std::string problems = problems_of(spec(HitPolicy::kFirst, each.rows));
    EXPECT_NE(problems.find(each.problem), std::string::npos) << each.rows << problems;
  }
  RuleSpec both = spec(HitPolicy::kFirst, kFirst);
  both.proposals.emplace_back();
  EXPECT_NE(problems_of(both).find("it has 'propose' and 'table'"), std::string::npos);
  RuleSpec bare = spec(HitPolicy::kFirst, kFirst);
  bare.table->defaults.title_text.text = "";
  EXPECT_NE(problems_of(bare).find("24:9: rule 'hot': this row has no title, and 'defaults'"),
            std::string::npos);
}

TEST(TableCell, TakesWhatItSays) {
  const auto number = [](const char* text, double x) {
    RuleProblems problems;
    const Cell cell = parse_cell({text, "", 1, 1}, AxisKind::kNumber, problems);
    EXPECT_TRUE(problems.empty()) << text;
    return cell.takes(x);
  };
  EXPECT_TRUE(number("> 95", 95.1));
  EXPECT_FALSE(number("> 95", 95.0));
  EXPECT_TRUE(number("<=-0.5", -0.5));
  EXPECT_TRUE(number("[80..95)", 80.0));
  EXPECT_FALSE(number("[80..95)", 95.0));
  EXPECT_TRUE(number("(80.5 .. 95.5]", 95.5));
  EXPECT_FALSE(number("(80.5..95.5]", 80.5));
  EXPECT_TRUE(number("1, 3, > 7", 3.0));
  EXPECT_TRUE(number("in (1, 3)", 1.0));
  EXPECT_FALSE(number("not in ([1..3], 5)", 2.0));
  EXPECT_TRUE(number("not (1)", 2.0));
  EXPECT_TRUE(number("-", 2.0));
  EXPECT_TRUE(number("present", 2.0));
  RuleProblems problems;
  const Cell text =
      parse_cell({R"(BRG-OUTER, "say \"x\" | y", absent)", "", 1, 1}, AxisKind::kText, problems);
  EXPECT_TRUE(problems.empty());
  EXPECT_TRUE(text.takes(std::string_view("say \"x\" | y")));
  EXPECT_TRUE(text.takes(std::string_view("BRG-OUTER")));
  EXPECT_FALSE(text.takes(std::string_view("BRG")));
  EXPECT_TRUE(text.absent);
}

}  // namespace
}  // namespace millwright::rules
