// What decided a result, and the comparisons that an input could turn.
#include "support.hpp"

namespace millwright::cel {
namespace {

// "source = value (operand = value, ...)" for each reason, one a line.
std::string reasons_of(std::string_view source, const Inputs& inputs) {
  const Program program = compiled(source);
  const auto slots = slots_of(inputs);
  std::vector<Reason> reasons;
  Arena arena;
  const Value value = program.deciding(slots, arena, reasons);
  Arena again;
  const Value plain = program.evaluate(slots, again);
  EXPECT_EQ(to_text(value), to_text(plain)) << source;
  std::string out;
  for (const Reason& reason : reasons) {
    out += (out.empty() ? "" : "\n") + std::string(reason.source) + " = " + to_text(reason.value);
    std::string operands;
    for (const TraceEntry& each : reason.operands) {
      operands +=
          (operands.empty() ? "" : ", ") + std::string(each.source) + " = " + to_text(each.value);
    }
    if (!operands.empty()) out += " (" + operands + ")";
  }
  return out;
}

const Inputs kInputs{{"vibration.z", Value::number(4.5)},
                     {"asset.criticality", Value::string("A")},
                     {"asset.running", Value::boolean(true)},
                     {"count", Value::integer(3)}};

TEST(Deciding, AllThatLetAnAndPassOrTheOneThatDidNot) {
  EXPECT_EQ(reasons_of("vibration.z > 4.0 && asset.criticality == 'A'", kInputs),
            "vibration.z > 4.0 = true (vibration.z = 4.5, 4.0 = 4.0)\n"
            "asset.criticality == 'A' = true (asset.criticality = 'A', 'A' = 'A')");
  EXPECT_EQ(reasons_of("vibration.z > 4.0 && count > 5 && asset.running", kInputs),
            "count > 5 = false (count = 3, 5 = 5)");
  EXPECT_EQ(reasons_of("count > 5 && vibration.z > 9.0", kInputs),
            "count > 5 = false (count = 3, 5 = 5)");
}

TEST(Deciding, TheOneThatMadeAnOrTrueOrAllThatDidNot) {
  EXPECT_EQ(reasons_of("count > 5 && asset.running || vibration.z > 4.0", kInputs),
            "vibration.z > 4.0 = true (vibration.z = 4.5, 4.0 = 4.0)");
  EXPECT_EQ(reasons_of("asset.running && count == 3 || vibration.z > 4.0", kInputs),
            "asset.running = true\ncount == 3 = true (count = 3, 3 = 3)");
  EXPECT_EQ(reasons_of("count > 5 || !asset.running", kInputs),
            "count > 5 = false (count = 3, 5 = 5)\nasset.running = true");
}

TEST(Deciding, BranchesCallsLoopsAndErrors) {
  EXPECT_EQ(reasons_of("asset.running ? count > 2 : count > 100", kInputs),
            "asset.running = true\ncount > 2 = true (count = 3, 2 = 2)");
  EXPECT_EQ(reasons_of("asset.criticality.startsWith('A')", kInputs),
            "asset.criticality.startsWith('A') = true (asset.criticality = 'A', 'A' = 'A')");
  EXPECT_EQ(reasons_of("math.abs(vibration.z) > 4.0", kInputs),
            "math.abs(vibration.z) > 4.0 = true (math.abs(vibration.z) = 4.5, 4.0 = 4.0)");
  EXPECT_EQ(reasons_of("[1, 2].exists(x, x == 2) && has(vibration.z)", kInputs),
            "[1, 2].exists(x, x == 2) = true ([1, 2] = [1, 2])\nhas(vibration.z) = true");
  EXPECT_EQ(reasons_of("cel.bind(v, vibration.z * 2.0, v > 8.0)", kInputs),
            "v > 8.0 = true (v = 9.0, 8.0 = 8.0)");
  EXPECT_EQ(reasons_of("asset.running && 10 / (count - 3) > 1", kInputs),
            "10 / (count - 3) > 1 = error (10 / (count - 3) = error, 1 = 1)");
  EXPECT_EQ(reasons_of("vibration.rms > 1.0 || count == 3", kInputs),
            "count == 3 = true (count = 3, 3 = 3)");
  EXPECT_EQ(reasons_of("count > 1 ? 'high' : 'low'", kInputs),
            "count > 1 = true (count = 3, 1 = 1)\n'high' = 'high'");
}

std::string comparisons_of(std::string_view source, const Options& options = {}) {
  static constexpr const char* kSigns[] = {"==", "!=", "<", "<=", ">", ">=", "in"};
  const Program program = compiled(source, options);
  std::string out;
  for (const Comparison& each : program.comparisons()) {
    out += (out.empty() ? "" : "; ") + plant_schema().variables()[each.slot].path + " " +
           kSigns[std::size_t(each.relation)] + " " + to_text(each.constant);
  }
  return out;
}

TEST(Comparisons, AreThoseOfOneInputWithAConstant) {
  EXPECT_EQ(comparisons_of("vibration.z > 4 && asset.criticality == 'A'"),
            "vibration.z > 4.0; asset.criticality == 'A'");
  EXPECT_EQ(comparisons_of("4.0 < vibration.z || 3 >= count"), "vibration.z > 4.0; count <= 3");
  EXPECT_EQ(comparisons_of("asset.running && !asset.running"),
            "asset.running == true; asset.running == true");
  EXPECT_EQ(comparisons_of("asset.criticality in ['A', 'B']"), "asset.criticality in ['A', 'B']");
  EXPECT_EQ(comparisons_of("count != -(1 + 2) * 2"), "count != -6");
  EXPECT_EQ(comparisons_of("at > timestamp('2026-03-02T06:10:00Z')"),
            "at > timestamp('2026-03-02T06:10:00Z')");
  EXPECT_EQ(comparisons_of("count > 2 ? asset.running : vibration.z < 1.0"),
            "count > 2; asset.running == true; vibration.z < 1.0");
  EXPECT_EQ(comparisons_of("tags.exists(t, t == asset.criticality || count == 2)"), "count == 2");
  EXPECT_EQ(comparisons_of("vibration.z > vibration.rms || count + 1 > 2 || has(vibration.z)"), "");
  EXPECT_EQ(comparisons_of("'x' in tags || count == 1 / 0"), "");
  Options unchecked;
  unchecked.check = false;
  unchecked.fold = false;
  EXPECT_EQ(comparisons_of("vibration.z > 4 + 1", unchecked), "vibration.z > 5.0");
}

}  // namespace
}  // namespace millwright::cel
