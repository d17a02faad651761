// compile_rules: what is wrong with rules comes with file, line and column, as all else does.
#include "daemon/rules_bundle.hpp"

#include <gtest/gtest.h>

#include "unit/daemon/config_files.hpp"

namespace millwright::daemon {
namespace {

using namespace test;

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}

struct Rules : testing::Test {
  Folder folder;
  std::vector<Problem> problems;

  // The rules of one file, read and compiled.
  rules::RuleSetPtr compiled(const std::string& text) {
    problems.clear();
    folder.write("hot.yaml", text);
    const auto specs = load_rules((folder / "").string(), problems);
    if (!problems.empty()) return nullptr;
    return compile_rules(specs, "v", problems);
  }
};

TEST_F(Rules, CompileAsAWhole) {
  const auto set = compiled(kRule);
  ASSERT_NE(set, nullptr);
  EXPECT_EQ(set->rules().size(), 1U);
  EXPECT_TRUE(problems.empty());
}

TEST_F(Rules, AnExpressionsProblemHasItsPlaceInTheFile) {
  EXPECT_EQ(compiled(replaced(replaced(kRule, "90.0", "90 * 2.0"), "priority: 2", "priority: 2.0")),
            nullptr);
  ASSERT_EQ(problems.size(), 2U);
  EXPECT_EQ(problems[0].file, (folder / "hot.yaml").string());
  EXPECT_EQ(problems[0].line, 8);  // a folded text begins there
  EXPECT_TRUE(problems[0].message.find("\n  ") != std::string::npos) << problems[0].message;
  EXPECT_EQ(problems[0].message.back(), '^');
  EXPECT_EQ(problems[1].line, 13);
  EXPECT_EQ(problems[1].column, 19);
  EXPECT_EQ(problems[1].message.substr(0, problems[1].message.find('\n')),
            "this gives double, but must give int; write a whole number, 2");
}

constexpr const char* kTable = R"(rules:
  - id: hot
    version: 2
    owner: maintenance
    summary: A bearing is hot
    event: iot.measurement.sampled
    if: has(signal.value)
    table:
      hit: first
      values: {asset.criticality: "A, B, C"}
      rows: |

        signal.value | asset.criticality || task       | priority
        > 90         | A                 || work_order | 1
        [80..90)     | A, B              || inspection | 2
        otherwise                        || inspection | 3
      defaults:
        title: Look at {{ asset.id }}
        symptom: "{{ signal.value }} Cel"
)";

TEST_F(Rules, ATableIsReadFromItsBlock) {
  const auto set = compiled(kTable);
  ASSERT_NE(set, nullptr) << to_text(problems.at(0));
  EXPECT_EQ(compiled(replaced(kTable, "[80..90)", "[80..90 ")), nullptr);
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems[0].line, 15);
  EXPECT_EQ(problems[0].column, 16);
  EXPECT_EQ(compiled(replaced(kTable, "A, B  ", "A, E  ")), nullptr);
  EXPECT_EQ(problems.at(0).message,
            "rule 'hot': 'E' is none of the values of asset.criticality: A, B, C");
  EXPECT_EQ(compiled(replaced(kTable,
                              "        otherwise                        || inspection | 3\n", "")),
            nullptr);
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems[0].line, 9);
  EXPECT_EQ(problems[0].message.substr(0, 49), "rule 'hot': no row takes signal.value = 79; add a");
}

TEST_F(Rules, ABundleWhoseTestsFailIsRefused) {
  const std::string tests = R"(    status: shadow
    tests:
      - given: {signal.value: 95, asset.criticality: A}
        expect: {task: work_order, priority: 1, row: 1}
      - name: in between
        given: {signal.value: 85, asset.criticality: B}
        expect: {priority: 2, title: X-1}
      - given: {signal.value: absent, asset.criticality: C}
        expect: none
)";
  const auto set = compiled(kTable + tests);
  ASSERT_NE(set, nullptr) << to_text(problems.at(0));
  EXPECT_EQ(set->rules()[0].status, rules::RuleStatus::kShadow);
  EXPECT_EQ(compiled(kTable + replaced(tests, "priority: 2", "priority: 3")), nullptr);
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems[0].line, 24);
  EXPECT_EQ(problems[0].message.substr(0, 57),
            "rule 'hot', in between: priority 3 was expected\n  came: i");
  EXPECT_EQ(compiled(kTable + replaced(tests, "expect: none", "expect: nothing")), nullptr);
  EXPECT_EQ(problems.at(0).message, "'nothing' is not one of: none");
  EXPECT_EQ(compiled(kTable + replaced(tests, "priority: 2", "priorty: 2")), nullptr);
  EXPECT_EQ(problems.at(0).message,
            "'priorty' is not a key of an expectation; did you mean 'priority'?");
  EXPECT_EQ(compiled(kTable + replaced(tests, "{signal.value: 85", "{signal.valu: 85")), nullptr);
  EXPECT_EQ(problems.at(0).line, 25);
  EXPECT_EQ(problems.at(0).column, 17);
}

TEST_F(Rules, ATestGivesThePlantsAnswersByName) {
  const std::string rule = replaced(kTable, "has(signal.value)",
                                    "has(signal.value) && plant.available('BRG-6312') >= 1.0");
  const std::string tests = R"(    tests:
      - given:
          signal.value: 95
          asset.criticality: A
          plant.available: {SEAL: 0, BRG-6312: 2}
        expect: {task: work_order}
      - given: {signal.value: 95, asset.criticality: A, plant.available: {SEAL: 9}}
        expect: none
)";
  ASSERT_NE(compiled(rule + tests), nullptr) << to_text(problems.at(0));
  EXPECT_EQ(compiled(rule + replaced(tests, "BRG-6312: 2", "BRG-6312: two")), nullptr);
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems[0].line, 24);
  EXPECT_EQ(problems[0].column, 48);
  EXPECT_EQ(problems[0].message, "'two' is not a number like 4.5");
  EXPECT_EQ(compiled(rule + replaced(tests, "plant.available: {SEAL: 0", "plant.stock: {SEAL: 0")),
            nullptr);
  ASSERT_FALSE(problems.empty());
  EXPECT_EQ(problems[0].line, 24);
  EXPECT_NE(problems[0].message.find("'plant.stock.SEAL' is nothing that the plant is asked"),
            std::string::npos)
      << problems[0].message;
  EXPECT_EQ(compiled(rule + replaced(tests, "{SEAL: 0,", "{SEAL: [0],")), nullptr);
  EXPECT_EQ(problems.at(0).line, 24);
}

TEST_F(Rules, ExamplesOfTheDocumentPassTheirOwnTests) {
  const std::string text = read_file(fs::path(MILLWRIGHT_SOURCE_DIR) / "docs" / "rules.md");
  const std::string open = "```yaml\nrules:\n";
  std::string all = "rules:\n";
  for (std::size_t at = text.find(open); at != std::string::npos; at = text.find(open, at)) {
    at += open.size();
    all += text.substr(at, text.find("```", at) - at);
  }
  const auto set = compiled(all);
  ASSERT_NE(set, nullptr) << to_text(problems.at(0));
  EXPECT_GE(set->rules().size(), 5U);
}

TEST_F(Rules, KeysOfATableAreChecked) {
  EXPECT_EQ(compiled(replaced(kTable, "hit: first", "hit: best")), nullptr);
  ASSERT_FALSE(problems.empty());
  EXPECT_EQ(problems[0].message, "'best' is not one of: unique, first, priority, collect");
  EXPECT_EQ(compiled(replaced(kTable, "hit: first", "hit: priority\n      order: {task: A}")),
            nullptr);
  EXPECT_EQ(problems.at(0).message, "'task' must be a list, not a single value");
  EXPECT_EQ(
      compiled(replaced(kTable, "hit: first", "hit: priority\n      order: {priority: [1, 3]}")),
      nullptr);
  EXPECT_EQ(problems.at(0).message, "rule 'hot': '2' is not in the order of 'priority'");
  EXPECT_EQ(problems.at(0).line, 16);
}

}  // namespace
}  // namespace millwright::daemon
