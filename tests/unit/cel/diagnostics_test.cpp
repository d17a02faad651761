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
    {"count > 1 and asset.running", 11, "unexpected 'and'", "write &&"},
    {"count > 1 OR asset.running", 11, "unexpected 'OR'", "write ||"},
    {"not asset.running", 5, "unexpected 'asset'", "write ! in place of not"},
    {"vibration.z > 4,5", 16, "unexpected ','", "a number has a point: 4.5"},
    {"vibration.z > 4.0 mm", 19, "unexpected 'mm'", "units do not belong here: take it out"},
    {"asset.criticality <> 'A'", 20, "unexpected '>'", "unequal is written !="},
    {"asset.criticality in ('A', 'B')", 26, "a list stands in brackets", "write in ['A', 'B']"},
    {"asset.criticality == A", 22, "unknown name 'A'", "a text stands in quotes: 'A'"},
    {"vibration.z > '4'", 13, "'>' does not compare double with string",
     "a number stands without quotes"},
    {"3.0 < vibration.z < 5.0", 19, "'<' does not compare bool with double",
     "a range is two comparisons: 3.0 < x && x < 5.0"},
    {"at > '2026-03-02'", 4, "'>' does not compare timestamp with string",
     "write timestamp('2026-03-02T06:00:00Z')"},
    {"at - at > 5m", 11, "'5m' is no number",
     "units do not belong here: write 5, or duration('5m')"},
    {"at - at > 5", 9, "'>' does not compare duration with int",
     "a span of time is written duration('90m')"},
    {"at.hour > 3", 4, "a timestamp has no field 'hour'",
     "ask for a part of it: .getHours('Europe/Paris')"},
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
    {"math.gretest(vibration.z, 1.0) > 2.0", 6, "unknown function 'math.gretest'",
     "did you mean 'math.greatest'?"},
    {"math.greatest(vibration.z, 'a') > 2.0", 28, "greatest() takes numbers, not string", ""},
    {"math.round(2) > 1.0", 6, "there is no math.round(int)",
     "write 2.0; there is math.round(double)"},
    {"math.abs('x') > 1", 6, "there is no math.abs(string)",
     "there is math.abs(double), math.abs(int), math.abs(uint)"},
    {"greatest(1, 2) > 1", 1, "unknown function 'greatest'", "did you mean 'math.greatest'?"},
    {"max(vibration.z, 1.0) > 2.0", 1, "unknown function 'max'", "write math.greatest(a, b)"},
    {"asset.criticality.charat(0) == 'A'", 19, "unknown function 'charat'",
     "did you mean 'charAt'?"},
    {"asset.criticality.upper() == 'A'", 19, "unknown function 'upper'", "write text.upperAscii()"},
    {"tags.length() > 1", 6, "unknown function 'length'", "write list.size()"},
    {"asset.criticality.substring('0') == 'A'", 19, "there is no string.substring(string)",
     "there is string.substring(int), string.substring(int, int)"},
    {"[1, 2].join() == 'x'", 8, "there is no list(int, 2).join()",
     "there is list(string).join(), list(string).join(string)"},
    {"[[1]].sort().size() > 1", 7, "sort() takes elements that have an order, not list(int, 1)",
     "write sortBy(x, ...)"},
    {"tags.sortBy(t)", 6, "'sortBy' is not used so", "write list.sortBy(x, x.name)"},
    {"tags.sortBy(t, [t]).size() > 0", 16,
     "sortBy() takes a key that has an order, not list(string, 1)", ""},
    {"tags.all(i, i, true)", 13, "both variables have the same name", "choose another name"},
    {"tags.transformMapEntry(i, t, t).size() > 0", 30,
     "transformMapEntry() takes a map of entries, not string", "write {key: value}"},
    {"lists.rang(4).size() > 1", 7, "unknown function 'lists.rang'", "did you mean 'lists.range'?"},
    {"cel.bnd(x, 1, x > 0)", 5, "unknown function 'cel.bnd'", "did you mean 'cel.bind'?"},
    {"cel.bind(1, 2, true)", 10, "the first argument of bind is the name of its variable",
     "write cel.bind(x, ...)"},
    {"vibration.?z > 2.0", 14, "'>' does not compare optional_type(double) with double",
     "say what stands for a missing value: .orValue(...)"},
    {"vibration.?z.orValue(1) > 2.0", 14, "there is no optional_type(double).orValue(int)",
     "write 1.0; there is optional_type(A).orValue(A)"},
    {"vibration.?x.orValue(1.0) > 2.0", 1, "unknown name 'vibration.x'",
     "did you mean 'vibration.z'?"},
    {"[?1].size() > 0", 3, "an entry with ? takes an optional, not int", "write optional.of(...)"},
    {"count.optMap(x, x).hasValue()", 7, "this takes an optional, not int",
     "write optional.of(...)"},
    {"optional.of(1).optFlatMap(x, x).hasValue()", 30, "optFlatMap() gives an optional, not int",
     "write optMap(x, ...)"},
    {"'%d'.format(['a']) == ''", 14, "%d takes a number, not string", "%s takes any value"},
    {"'%d %d'.format([1]) == ''", 16, "the format has 2 clauses, but the list has 1 value", ""},
    {"'%5.2f'.format([1.0]) == ''", 1,
     "a format with an unknown clause; there are %s %d %f %e %x %X %o %b",
     "%.2f gives a number with two decimals"},
    {"ip('10.0.0.1') == '10.0.0.1'", 16, "'==' compares net.IP with string, which are never equal",
     "compare with ip('10.0.0.7')"},
    {"asset.criticality.matches('a' + asset.criticality)", 27,
     "the pattern of matches() must be written out as a text", ""},
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
  EXPECT_EQ(complaint("count", options).substr(0, 67),
            "line 1:1: this gives int, but must give bool; compare it: ... > 4.0");
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
