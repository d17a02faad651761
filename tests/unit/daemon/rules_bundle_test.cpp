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
            "this gives double, but must give int");
}

}  // namespace
}  // namespace millwright::daemon
