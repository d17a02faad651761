// The language beyond the public vectors: white space, comments, names, folding, mixed numbers.
#include "support.hpp"

#include <cmath>

namespace millwright::cel {
namespace {

TEST(Language, WhiteSpaceAndComments) {
  EXPECT_EQ(run(" \t\n\r\f1 // one\n + // plus\n\n2// two"), "3");
  EXPECT_EQ(run("'// no comment' // a comment"), "'// no comment'");
  EXPECT_EQ(run("[ 1 , 2 , ] . size ( )"), "2");
  EXPECT_EQ(run("{ 'a' : 1 , }\n[\n'a'\n]"), "1");
}

TEST(Language, NumbersOfAllTypesCompare) {
  const Inputs in{{"vibration.z", Value::number(4.5)}, {"count", Value::integer(4)}};
  EXPECT_EQ(run("vibration.z > 4", in), "true");
  EXPECT_EQ(run("4 < vibration.z", in), "true");
  EXPECT_EQ(run("count < 4.5 && count == 4.0 && count >= 4u", in), "true");
  EXPECT_EQ(run("count == 4 && vibration.z != 4", in), "true");
  EXPECT_EQ(run("count in [1.0, 4.0]", in), "true");
}

TEST(Language, NaNHasNoOrderAndEqualsNothing) {
  const Inputs in{{"vibration.z", Value::number(std::nan(""))}};
  for (const bool check : {true, false}) {
    Options options;
    options.check = check;
    EXPECT_EQ(run("vibration.z == vibration.z", in, options), "false");
    EXPECT_EQ(run("vibration.z != 4.0", in, options), "true");
    EXPECT_NE(run("vibration.z < 4.0", in, options).find("NaN has no order"), std::string::npos);
    EXPECT_NE(run("vibration.z >= vibration.z", in, options).find("NaN has no order"),
              std::string::npos);
    EXPECT_EQ(run("vibration.z < 4.0 || true", in, options), "true");
  }
}

TEST(Language, AbsentFieldsAreErrorsUnlessAskedFor) {
  EXPECT_EQ(run("has(vibration.z)"), "false");
  EXPECT_EQ(run("has(vibration.z) && vibration.z > 4.0"), "false");
  EXPECT_EQ(run("has(vibration.z)", {{"vibration.z", Value::number(0.0)}}), "true");
  EXPECT_EQ(run("vibration.z > 4.0 || asset.running", {{"asset.running", Value::boolean(true)}}),
            "true");
  EXPECT_EQ(run("has(limits.warm) ? limits.warm : 9.0", {{"limits", Value::map({})}}), "9.0");
}

TEST(Language, FoldingKeepsErrorsForTheirPlace) {
  const Inputs in{{"count", Value::integer(1)}};
  EXPECT_EQ(run("count == 1 || 1 / 0 > 0", in), "true");
  EXPECT_EQ(run("1 / 0 > 0 || count == 1", in), "true");
  EXPECT_EQ(run("count == 1 ? 5 : 1 / 0", in), "5");
  EXPECT_EQ(run("count == 2 || 1 / 0 > 0", in),
            "line 1:17: division by zero\n  count == 2 || 1 / 0 > 0\n                  ^");
  EXPECT_EQ(compiled("1 + 2 * 3 == 7 && ['a', 'b'].exists(x, x == 'b')").disassemble(),
            "0 = constant true\n");
}

TEST(Language, SpecialFormsAreChosen) {
  EXPECT_EQ(compiled("vibration.z > 4 && asset.criticality == 'A'").disassemble(),
            "0   > vibration.z 4.0\n1   == asset.criticality 'A'\n2 = && #0 #1\n");
  const std::string in = compiled("asset.criticality in ['D', 'A', 'C', 'B']").disassemble();
  EXPECT_NE(in.find("in sorted texts"), std::string::npos) << in;
  EXPECT_EQ(
      run("asset.criticality in ['D', 'A', 'C', 'B']", {{"asset.criticality", Value::string("C")}}),
      "true");
  EXPECT_EQ(
      run("asset.criticality in ['D', 'A', 'C', 'B']", {{"asset.criticality", Value::string("E")}}),
      "false");
}

TEST(Language, QuotedFieldsAndReservedWords) {
  EXPECT_EQ(run("{'content-type': 1}.`content-type`"), "1");
  EXPECT_EQ(run("{'if': 1, 'in_use': 2}.if"), "1");
  EXPECT_NE(complaint("{'in': 1}.in").find("missing after '.'"), std::string::npos);
}

TEST(Language, LocalsShadowAndEnd) {
  const Inputs in{{"count", Value::integer(9)}};
  EXPECT_EQ(run("[1, 2].map(count, count * 2)[1] + count", in), "13");
  EXPECT_EQ(run("[1, 2].map(x, [10, 20].map(y, x + y))"), "[[11, 21], [12, 22]]");
  EXPECT_EQ(run("[3, 1, 2].map(x, x > 1, x * 10)"), "[30, 20]");
  EXPECT_NE(complaint("[1].all(x, x > 0) && x > 0").find("unknown name 'x'"), std::string::npos);
  EXPECT_EQ(run("{'a': 1, 'b': 2}.exists(k, k == 'b')"), "true");
}

TEST(Language, TimeAndZones) {
  const auto at = parse_rfc3339("2026-03-29T00:30:00Z").value();
  const Inputs in{{"at", Value::timestamp(at)}};
  EXPECT_EQ(run("at.getHours('Europe/Paris')", in), "1");
  EXPECT_EQ(run("(at + duration('1h')).getHours('Europe/Paris')", in), "3");  // summer time began
  EXPECT_EQ(run("at.getHours('+05:30')", in), "6");
  EXPECT_EQ(run("at.getHours('-01:00')", in), "23");
  EXPECT_EQ(run("at.getDayOfWeek()", in), "0");
  EXPECT_EQ(run("string(at)", in), "'2026-03-29T00:30:00Z'");
  EXPECT_EQ(run("string(duration('1h1.5s'))"), "'3601.5s'");
  EXPECT_EQ(run("duration('-1h').getMinutes()"), "-60");
  EXPECT_EQ(run("at - duration('90m') < at", in), "true");
}

TEST(Language, UncheckedGivesTheSame) {
  Options unchecked;
  unchecked.check = false;
  const Inputs in{{"vibration.z", Value::number(4.5)},
                  {"asset.criticality", Value::string("A")},
                  {"count", Value::integer(3)}};
  for (const char* source :
       {"vibration.z > 4 && asset.criticality == 'A'", "vibration.z * 2.0 - 1.0", "count % 2 == 1",
        "asset.criticality + 'B'", "-count", "size(asset.criticality)", "tags.size()",
        "vibration.z / 0.0", "count / 0"}) {
    EXPECT_EQ(run(source, in), run(source, in, unchecked)) << source;
  }
}

TEST(Language, TraceTellsInnerBeforeOuter) {
  const Program program = compiled("vibration.z > 4.0 && (count == 2 || asset.running)");
  Arena arena;
  std::vector<TraceEntry> trace;
  const auto slots = slots_of({{"vibration.z", Value::number(5.0)}, {"count", Value::integer(2)}});
  EXPECT_TRUE(program.evaluate_traced(slots, arena, trace).is_true());
  std::string told;
  for (const TraceEntry& each : trace) {
    told += std::string(each.source) + " -> " + to_text(each.value) + "\n";
  }
  EXPECT_EQ(told,
            "vibration.z -> 5.0\n"
            "vibration.z > 4.0 -> true\n"
            "count -> 2\n"
            "count == 2 -> true\n"
            "(count == 2 || asset.running) -> true\n"
            "vibration.z > 4.0 && (count == 2 || asset.running) -> true\n");
}

TEST(Language, SlotsReadAreThoseThatMayBeRead) {
  const Program program = compiled("has(vibration.z) && tags.exists(t, t == asset.criticality)");
  const auto slots = program.slots_read();
  ASSERT_EQ(slots.size(), 3u);
  EXPECT_EQ(plant_schema().variables()[slots[0]].path, "vibration.z");
  EXPECT_EQ(plant_schema().variables()[slots[1]].path, "asset.criticality");
  EXPECT_EQ(plant_schema().variables()[slots[2]].path, "tags");
}

TEST(Language, FunctionsOfTheEmbedder) {
  Schema schema;
  schema.add("x", TypeKind::kDouble);
  FunctionSpec twice;
  twice.name = "math.twice";
  twice.params = {TypeKind::kDouble};
  twice.result = TypeKind::kDouble;
  twice.body = [](Context&, std::span<const Value> args) {
    return Value::number(2.0 * args[0].as_double());
  };
  schema.add_function(twice);
  Arena arena;
  const std::vector<Value> slots{Value::number(1.5)};
  EXPECT_EQ(to_text(compile("math.twice(x) + 1.0", schema)->evaluate(slots, arena)), "4.0");
  const auto wrong = compile("math.twice(1)", schema);
  ASSERT_FALSE(wrong);
  EXPECT_NE(wrong.error().message.find("there is math.twice(double)"), std::string::npos);
}

TEST(Language, EveryStandardFunctionIsDescribedAndCallable) {
  for (const FunctionSpec& spec : standard_functions()) {
    EXPECT_FALSE(spec.doc.empty()) << spec.name;
    EXPECT_NE(spec.body, nullptr) << spec.name;
    EXPECT_EQ(spec.params.empty(), spec.name == "optional.none") << spec.name;
    for (const FunctionSpec& other : standard_functions()) {
      const bool same = &spec != &other && spec.name == other.name && spec.member == other.member &&
                        spec.params == other.params;
      EXPECT_FALSE(same) << spec.name << " stands twice with the same parameters";
    }
  }
}

TEST(Types, AsTextAndBack) {
  for (const char* text :
       {"dyn", "int", "list(string)", "map(string, list(double, 16), 8)", "A", "type(int)",
        "timestamp", "optional_type(list(int))", "net.IP", "net.CIDR"}) {
    const auto type = parse_type(text);
    ASSERT_TRUE(type) << text;
    EXPECT_EQ(to_text(*type), text);
  }
  for (const char* text : {"", "lists", "list(", "list(int", "map(int)", "int)", "list(int, x)"}) {
    EXPECT_FALSE(parse_type(text)) << text;
  }
}

}  // namespace
}  // namespace millwright::cel
