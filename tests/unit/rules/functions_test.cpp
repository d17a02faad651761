// The rule functions: the table is walked, and each row has an example here and in docs/rules.md.
#include "rules/functions.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

#include "rules/schema.hpp"
#include "rules/text_template.hpp"

namespace millwright::rules {
namespace {

std::string signature(const cel::FunctionSpec& spec) {
  std::string out = spec.name + "(";
  for (std::size_t i = 0; i < spec.params.size(); ++i) {
    out += (i > 0 ? ", " : "") + cel::to_text(spec.params[i]);
  }
  return out + ")";
}

std::string evaluate(const std::string& source) {
  RuleProblems problems;
  const auto program =
      compile_expression({source, "", 1, 1}, cel::TypeKind::kDyn, rule_schema(), problems);
  if (!program) return to_text(problems.at(0));
  const std::vector<cel::Value> slots(kSlotCount, cel::Value::absent());
  cel::Arena arena;
  const cel::Value value = program->evaluate(slots, arena);
  return value.is_error() ? program->describe(value) : cel::to_text(value);
}

// Signature -> example and its result.
const std::map<std::string, std::pair<std::string, std::string>> kExamples{
    {"round(double)", {"round(2.5)", "3.0"}},
    {"round(double, int)", {"round(3.14159, 2)", "3.14"}},
    {"abs(double)", {"abs(-4.2)", "4.2"}},
    {"min(double, double)", {"min(52.0, 168.0)", "52.0"}},
    {"max(double, double)", {"max(0.5, 0.7)", "0.7"}},
    {"min(int, int)", {"min(2, 3)", "2"}},
    {"max(int, int)", {"max(2, 3)", "3"}},
    {"text(double)", {"text(3.2412)", "'3.24'"}},
    {"text(double, int)", {"text(3.2412, 1)", "'3.2'"}},
    {"minutes(duration)", {"minutes(duration('90s'))", "1.5"}},
    {"hours(duration)", {"hours(duration('90m'))", "1.5"}},
    {"days(duration)", {"days(duration('36h'))", "1.5"}},
};

TEST(RuleFunctions, EveryRowIsDescribedAndDoesAsItsExample) {
  EXPECT_EQ(rule_functions().size(), kExamples.size());
  for (const cel::FunctionSpec& spec : rule_functions()) {
    EXPECT_FALSE(spec.doc.empty()) << spec.name;
    const auto example = kExamples.find(signature(spec));
    ASSERT_NE(example, kExamples.end()) << signature(spec);
    EXPECT_EQ(evaluate(example->second.first), example->second.second) << example->second.first;
  }
}

TEST(RuleFunctions, SayWhatTheyCannotDo) {
  EXPECT_NE(evaluate("round(1.0, 7)").find("decimals are 0 to 6"), std::string::npos);
  EXPECT_NE(evaluate("text(1.0, -1)").find("decimals are 0 to 6"), std::string::npos);
  EXPECT_NE(evaluate("min(0.0 / 0.0, 1.0)").find("NaN has no order"), std::string::npos);
  EXPECT_NE(evaluate("min(1, 2.0)").find("write 1.0"), std::string::npos)
      << evaluate("min(1, 2.0)");
}

TEST(Values, AreShownAsPeopleReadThem) {
  using cel::Value;
  EXPECT_EQ(value_text(Value::boolean(true)), "yes");
  EXPECT_EQ(value_text(Value::integer(-3)), "-3");
  EXPECT_EQ(value_text(Value::duration(minutes(90))), "1.5 h");
  EXPECT_EQ(value_text(Value::duration(seconds(30))), "30 s");
  EXPECT_EQ(value_text(Value::timestamp(parse_rfc3339("2026-03-02T06:10:00Z").value())),
            "2026-03-02 06:10 UTC");
  const std::vector<Value> items{Value::number(1.25), Value::string("A")};
  EXPECT_EQ(value_text(Value::list(items)), "1.25, A");
}

}  // namespace
}  // namespace millwright::rules
