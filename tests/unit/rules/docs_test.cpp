// docs/rules.md: every example compiles, and its tables say what the code's tables say.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "load_rules.hpp"
#include "millwright/rules/rule_set.hpp"
#include "rules/functions.hpp"
#include "rules/schema.hpp"
#include "rules/text_template.hpp"

namespace millwright::rules {
namespace {

std::string document() {
  std::ifstream file(std::string(MILLWRIGHT_SOURCE_DIR) + "/docs/rules.md");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// The contents of all fenced blocks of that language.
std::vector<std::string> blocks(const std::string& text, const std::string& language) {
  std::vector<std::string> out;
  const std::string open = "```" + language + "\n";
  for (std::size_t at = text.find(open); at != std::string::npos; at = text.find(open, at)) {
    at += open.size();
    out.push_back(text.substr(at, text.find("```", at) - at));
  }
  return out;
}

TEST(RulesDocument, ItsExamplesCompile) {
  const auto expressions = blocks(document(), "cel");
  EXPECT_GE(expressions.size(), 7u);
  for (const std::string& each : expressions) {
    RuleProblems problems;
    (void)compile_expression({each, "docs/rules.md", 1, 1}, cel::TypeKind::kDyn, rule_schema(),
                             problems);
    EXPECT_TRUE(problems.empty()) << to_text(problems.at(0));
  }
  const auto rules = blocks(document(), "yaml");
  ASSERT_GE(rules.size(), 5u);
  for (const std::string& each : rules) {
    const auto set = RuleSet::compile(specs_of(YAML::Load(each), "docs/rules.md"), "c");
    EXPECT_TRUE(set.has_value()) << (set ? "" : set.error().message);
  }
}

TEST(RulesDocument, ItsTablesAreComplete) {
  const std::string text = document();
  const auto expect = [&](const std::string& start, std::string_view doc) {
    const std::size_t at = text.find(start);
    ASSERT_NE(at, std::string::npos) << start;
    const std::string row = text.substr(at, text.find('\n', at) - at);
    EXPECT_NE(row.find(doc), std::string::npos) << row << "\nlacks: " << doc;
  };
  for (const FeatureSpec& each : feature_table())
    expect("| `" + std::string(each.name) + "` |", each.doc);
  for (const ExtraSpec& each : extra_table())
    expect("| `" + std::string(each.name) + "` |", each.doc);
  for (const cel::FunctionSpec& each : rule_functions()) {
    std::string params;
    for (const cel::Type& param : each.params) {
      params += (params.empty() ? "" : ", ") + cel::to_text(param);
    }
    expect("| `" + each.name + "(" + params + ")` |", each.doc);
  }
}

}  // namespace
}  // namespace millwright::rules
