// What a person who mistyped a rule gets to read.
#include "support.hpp"

namespace millwright::cel {
namespace {

struct Mistake {
  const char* source;
  std::uint32_t column;
  const char* message;
  const char* suggestion;
};

constexpr Mistake kMistakes[] = {
    {"vibraton.z > 4.0", 1, "unknown name 'vibraton.z'", "did you mean 'vibration.z'?"},
    {"true && asset.critical == 'A'", 9, "unknown name 'asset.critical'",
     "did you mean 'asset.criticality'?"},
    {"z > 4.0", 1, "unknown name 'z'", "did you mean 'vibration.z'?"},
    {"vibration > 4.0", 1, "'vibration' alone has no value",
     "name one of its fields: vibration.z, vibration.rms"},
    {"vibration.z * 2 > 4.0", 13, "'*' does not mix double and int", "write 2.0"},
    {"2 + vibration.z > 4.0", 3, "'+' does not mix int and double", "write 2.0"},
    {"count + vibration.z > 4.0", 7, "'+' does not mix int and double",
     "convert with double(...) or int(...)"},
    {"vibration.z % 2.0 > 1.0", 13, "'%' takes whole numbers only", "convert with int(...)"},
    {"'x' + 1 == 'x1'", 5, "'+' does not take string and int", "convert with string(...)"},
    {"asset.criticality > 4", 19, "'>' does not compare string with int", ""},
    {"asset.criticality == 4", 19, "'==' compares string with int, which are never equal", ""},
    {"vibration.z != null", 13, "'!=' compares double with null_type, which are never equal",
     "ask with has(...) whether a field is there"},
    {"vibration.z = 4.0", 13, "unexpected '='", "write =="},
    {"asset.running & true", 15, "unexpected '&'", "write &&"},
    {"vibration.z > 4.0mm", 15, "'4.0mm' is no number", "units do not belong here: write 4.0"},
    {"asset.criticality in 'AB'", 19, "'in' looks into a list or a map, not string",
     "write text.contains(part)"},
    {"vibration.z in ['A']", 13, "'in' looks for double in list(string, 1), which never holds one",
     ""},
    {"asset.criticality.startswith('A')", 19, "unknown function 'startswith'",
     "did you mean 'startsWith'?"},
    {"startsWith(asset.criticality, 'A')", 1, "unknown function 'startsWith'",
     "write text.startsWith(...)"},
    {"size(vibration.z) > 2", 1, "there is no size(double)",
     "there is size(string), size(bytes), size(list(A)), size(map(A, B))"},
    {"tags.all(size(x) > 2)", 6, "'all' is not used so", "write list.all(x, x > 0.0)"},
    {"tags.all(1, true)", 10, "the first argument of all is the name of its variable",
     "write all(x, ...)"},
    {"has(count)", 5, "has() takes one field", "write has(signal.score)"},
    {"count ? true : false", 1, "the condition of ? : must be true or false, but this is int",
     "compare it: ... > 0"},
    {"asset.criticality && true", 1, "each side of '&&' must be true or false, but this is string",
     "compare it: ... == 'text'"},
    {"count > 1 ? 1 : 2.0", 11, "? : gives int or double, but must give one type", "write 1.0"},
    {"limits.a.b > 1.0", 10, "a double has no field 'b'", ""},
    {"count[0] > 1", 6, "an int has no elements to index", ""},
    {"tags['x'] == 'a'", 6, "a list is indexed by an int, not string", ""},
    {"{1.5: 'a'}[1.5] == 'a'", 2, "a map's key is a bool, int, uint or string, not double", ""},
    {"count.all(x, x > 1)", 7, "a macro runs over a list or the keys of a map, not over int", ""},
    {"(count + 2", 11, "')' is missing to close '(', before the expression ends", ""},
    {"[1, 2 == tags", 14, "']' is missing to end the list, before the expression ends", ""},
    {"count > 1)", 10, "')' closes nothing", ""},
    {"count count", 7, "unexpected 'count'", "an operator is missing before it"},
    {"count > ", 9, "the expression ends where a value should stand", ""},
    {"'abc", 1, "this text has no closing '", ""},
    {"'a\\qb' == 'x'", 3, "unknown escape; a backslash is written \\\\", ""},
    {"'\\ud800' == 'x'", 2, "this escape is no character", ""},
    {"for > 1", 1, "'for' is a reserved word", "choose another name"},
    {"99999999999999999999 > 1", 1, "this number does not fit into 64 bits",
     "write it as a double: 99999999999999999999.0"},
    {"asset.criticality.matches('a(')", 27, "bad pattern: missing ): a(", ""},
    {"asset.criticality.matches(asset.criticality)", 27,
     "the pattern of matches() must be written out as a text", ""},
    {"at.getHours('Pariss') > 5", 13, "there is no time zone 'Pariss'",
     "write an IANA name or an offset: 'Europe/Paris', '+01:00'"},
    {"'é' + foo == 'x'", 7, "unknown name 'foo'", ""},
    {"vibration.z > 4.0 € 2", 19, "unexpected character '€'",
     "names are of a-z, digits and _; texts stand in ''"},
};

TEST(Diagnostics, SayWhatWhereAndWhatToWrite) {
  for (const Mistake& mistake : kMistakes) {
    std::vector<Diagnostic> found;
    EXPECT_FALSE(compile(mistake.source, plant_schema(), {}, &found)) << mistake.source;
    ASSERT_FALSE(found.empty()) << mistake.source;
    EXPECT_EQ(found[0].line, 1u) << mistake.source;
    EXPECT_EQ(found[0].column, mistake.column) << mistake.source;
    EXPECT_EQ(found[0].message, mistake.message) << mistake.source;
    EXPECT_EQ(found[0].suggestion, mistake.suggestion) << mistake.source;
  }
}

TEST(Diagnostics, ShowFileLineAndCaret) {
  Options options;
  options.file = "rules.yaml";
  options.first_line = 12;
  options.first_column = 9;
  EXPECT_EQ(complaint("count > 1\n  && vibration.z * 2 > 1.0", options),
            "rules.yaml:13:18: '*' does not mix double and int; write 2.0\n"
            "    && vibration.z * 2 > 1.0\n"
            "                   ^");
  EXPECT_EQ(complaint("counts > 1", options),
            "rules.yaml:12:9: unknown name 'counts'; did you mean 'count'?\n"
            "  counts > 1\n"
            "  ^");
}

TEST(Diagnostics, SeveralMistakesAreToldAtOnce) {
  std::vector<Diagnostic> found;
  EXPECT_FALSE(compile("[1, , 2] == [3 4, )]", plant_schema(), {}, &found));
  ASSERT_GE(found.size(), 2u);
  EXPECT_EQ(found[0].column, 5u);
  EXPECT_EQ(found[1].column, 16u);
  EXPECT_FALSE(compile("a.b > 1 && count + 1.0 > 2.0 && c", plant_schema(), {}, &found));
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[2].message, "unknown name 'c'");
}

TEST(Diagnostics, LongLinesAreCutRoundTheCaret) {
  const std::string message = complaint(std::string(300, ' ') + "foo" + std::string(300, ' '));
  const std::size_t excerpt = message.find('\n') + 1;
  const std::size_t caret = message.rfind('^') - message.rfind('\n') - 1;
  EXPECT_EQ(message.substr(excerpt + caret, 3), "foo");
  EXPECT_LT(message.size(), 300u);
}

TEST(Diagnostics, WantedTypeIsNamed) {
  Options options;
  options.result = TypeKind::kBool;
  EXPECT_EQ(complaint("count", options).substr(0, 46),
            "line 1:1: this gives int, but must give bool\n ");
  options.result = TypeKind::kDouble;
  EXPECT_EQ(complaint("4", options).substr(0, 57),
            "line 1:1: this gives int, but must give double; write 4.0");
}

TEST(Diagnostics, RuntimeErrorsNameTheirPlace) {
  EXPECT_EQ(run("true && vibration.z > 4.0"),
            "line 1:9: no such field: 'vibration.z' is not in this event; ask first: "
            "has(vibration.z)\n  true && vibration.z > 4.0\n          ^");
  EXPECT_EQ(run("10 / count > 1", {{"count", Value::integer(0)}}),
            "line 1:4: division by zero\n  10 / count > 1\n     ^");
  EXPECT_EQ(run("limits.warm > 1.0", {{"limits", Value::map({})}}),
            "line 1:8: no such field: 'warm'\n  limits.warm > 1.0\n         ^");
  EXPECT_EQ(run("vibration.z > 4.0", {{"vibration.z", Value::string("high")}}),
            "line 1:1: wrong type of value: 'vibration.z': the value is not of its declared type\n"
            "  vibration.z > 4.0\n  ^");
  Options unchecked;
  unchecked.check = false;
  EXPECT_EQ(run("foo.bar", {}, unchecked), "line 1:1: unknown name: 'foo.bar'\n  foo.bar\n  ^");
}

TEST(Diagnostics, NotUtf8IsRefused) {
  EXPECT_EQ(complaint("'\xff' == 'x'").substr(0, 43),
            "line 1:1: the expression is not valid UTF-8");
}

}  // namespace
}  // namespace millwright::cel
