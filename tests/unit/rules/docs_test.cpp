// docs/rules.md: every example compiles, and its tables say what the code's tables say.
#include <gtest/gtest.h>

#include "document.hpp"
#include "load_rules.hpp"
#include "millwright/rules/rule_set.hpp"
#include "rules/functions.hpp"
#include "rules/schema.hpp"
#include "rules/text_template.hpp"

namespace millwright::rules {
namespace {

// Of the catalogue, what the page's rules read.
constexpr FieldSpec kStockFields[] = {{"materialId", FieldKind::kText, "", true},
                                      {"onHand", FieldKind::kQuantity, "", true},
                                      {"reserved", FieldKind::kQuantity, "", false}};
constexpr EventType kStock{"wms.stock.changed", 1,  SourceFamily::kWms,
                           "materialId",        "", kStockFields};

TEST(RulesDocument, ItsExamplesCompile) {
  const auto expressions = blocks(document(MILLWRIGHT_SOURCE_DIR, "rules.md"), "cel");
  EXPECT_GE(expressions.size(), 7u);
  for (const std::string& each : expressions) {
    RuleProblems problems;
    (void)compile_expression({each, "docs/rules.md", 1, 1}, cel::TypeKind::kDyn, rule_schema(),
                             problems);
    EXPECT_TRUE(problems.empty()) << to_text(problems.at(0));
  }
  const auto rules = blocks(document(MILLWRIGHT_SOURCE_DIR, "rules.md"), "yaml");
  ASSERT_GE(rules.size(), 5u);
  for (const std::string& each : rules) {
    const auto set =
        RuleSet::compile(specs_of(YAML::Load(each), "docs/rules.md"), "c", {&kStock, 1});
    EXPECT_TRUE(set.has_value()) << (set ? "" : set.error().message);
  }
}

TEST(RulesDocument, ItsTablesAreComplete) {
  const std::string text = document(MILLWRIGHT_SOURCE_DIR, "rules.md");
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
