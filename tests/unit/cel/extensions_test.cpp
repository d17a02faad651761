// The extensions, beyond what the public vectors ask: the same value or error in all modes.
#include "support.hpp"

namespace millwright::cel {
namespace {

struct Row {
  const char* source;
  const char* result;  // as text, or a part of the error's message after "!"
};

constexpr Row kTexts[] = {
    {"'hello'.charAt(5)", "''"},
    {"'hello'.charAt(6)", "!out of range"},
    {"'hello'.charAt(-1)", "!out of range"},
    {"'hello mellow'.indexOf('')", "0"},
    {"'hello mellow'.indexOf('', 2)", "2"},
    {"'hello mellow'.indexOf('ello', 2)", "7"},
    {"'hello mellow'.indexOf('', 12)", "12"},
    {"'hello mellow'.indexOf('ello', -1)", "!out of range"},
    {"'hello mellow'.lastIndexOf('')", "12"},
    {"'hello mellow'.lastIndexOf('ello')", "7"},
    {"'hello mellow'.lastIndexOf('ello', 6)", "1"},
    {"'äöü'.lastIndexOf('ü')", "2"},
    {"'a'.lastIndexOf('abc')", "-1"},
    {"'hello hello'.replace('he', 'we', -1)", "'wello wello'"},
    {"'hello hello'.replace('he', 'we', 1)", "'wello hello'"},
    {"'hello hello'.replace('he', 'we', 0)", "'hello hello'"},
    {"'äb'.replace('', '-')", "'-ä-b-'"},
    {"'abc'.replace('', '-', 2)", "'-a-bc'"},
    {"''.replace('', '-')", "'-'"},
    {"'aaa'.replace('aa', 'b')", "'ba'"},
    {"'hello hello hello'.split(' ', 2)", "['hello', 'hello hello']"},
    {"'hello hello hello'.split(' ', -1)", "['hello', 'hello', 'hello']"},
    {"'äbc'.split('')", "['ä', 'b', 'c']"},
    {"'abc'.split('', 2)", "['a', 'bc']"},
    {"''.split('')", "[]"},
    {"''.split(',')", "['']"},
    {"',a,'.split(',')", "['', 'a', '']"},
    {"'tacocat'.substring(0, 4)", "'taco'"},
    {"'tacocat'.substring(7)", "''"},
    {"'tacocat'.substring(2, 1)", "!ends before it starts"},
    {"'tacocat'.substring(-1)", "!out of range"},
    {"' \\u00a0\\u3000x y\\u2028\\n'.trim()", "'x y'"},
    {"'\\u200bx\\u200b'.trim().size()", "3"},
    {"'   '.trim()", "''"},
    {"'John Smith'.reverse()", "'htimS nhoJ'"},
    {"'aé☺'.reverse()", "'☺éa'"},
    {"[].join()", "''"},
    {"[].join('/')", "''"},
    {"['a', 'b', 'c'].join(', ')", "'a, b, c'"},
    {"dyn([1, 2]).join()", "!only texts are joined"},
    {"strings.quote('a\\a\\b\"\\\\')", "'\"a\\\\a\\\\b\\\\\"\\\\\\\\\"'"},
    {"base64.decode('aGVsbG8')", "b'hello'"},
    {"base64.decode('aGVsbG8=')", "b'hello'"},
    {"base64.decode('aGVsb')", "!no base64"},
    {"base64.decode('a===')", "!no base64"},
    {"base64.encode(b'')", "''"},
};

constexpr Row kDoubles[] = {
    {"string(100000.0)", "'100000'"},
    {"string(0.0001)", "'0.0001'"},
    {"string(0.00001)", "'1e-05'"},
    {"string(-0.0)", "'-0'"},
    {"string(1.5e20)", "'150000000000000000000'"},
    {"string(1e21)", "'1e+21'"},
    {"string(6.02214e23)", "'6.02214e+23'"},
    {"string(1.7976931348623157e308)", "'1.7976931348623157e+308'"},
    {"string(5e-324)", "'5e-324'"},
    {"string(0.1 + 0.2)", "'0.30000000000000004'"},
    {"100000.0", "100000.0"},
};

constexpr Row kFormats[] = {
    {"'%s|%s|%s'.format([1.0, 0.1, -2])", "'1|0.1|-2'"},
    {"'%s'.format([1e21])", "'1000000000000000000000'"},
    {"'%s'.format([b'a\\xff\\xfeb'])",
     "'a\xEF\xBF\xBD"
     "b'"},
    {"'%s'.format([duration('1h45m47.5s')])", "'6347.5s'"},
    {"'%s'.format([[1, 'a', {'b': [null]}]])", "'[1, a, {b: [null]}]'"},
    {"'%s'.format([ip('::1')])", "'::1'"},
    {"'%d %d'.format([3.14, -5])", "'3.14 -5'"},
    {"'%.1f %.0f %f'.format([3.14, 2, 3u])", "'3.1 2 3.000000'"},
    {"'%.1e'.format([-3.14])", "'-3.1e+00'"},
    {"'%e'.format([1e100])", "'1.000000e+100'"},
    {"'%x %X %x'.format([-26, 255u, 'hi'])", "'-1a FF 6869'"},
    {"'%o %b %b %b'.format([-8, -5, true, 6u])", "'-10 -101 1 110'"},
    {"'%b'.format([-9223372036854775807 - 1]).size()", "65"},
    {"'100%%'.format([1])", "'100%'"},
    {"dyn('%').format([1])", "!within a clause"},
    {"dyn('%.f').format([1.0])", "!no digits"},
    {"dyn('%.2000f').format([1.0])", "!over 1000"},
    {"dyn('%q').format([1.0])", "!unknown clause"},
    {"'%d'.format([dyn('x')])", "!does not take such a value"},
    {"'%s'.format([dyn(optional.of(1))])", "!does not take such a value"},
};

constexpr Row kNumbers[] = {
    {"math.greatest(-42.0, -21.5, -100.0)", "-21.5"},
    {"math.greatest([1, 2.5, 2u])", "2.5"},
    {"math.least([3, 3.0])", "3"},
    {"math.greatest(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)", "10"},
    {"math.least(1, 0.0 / 0.0)", "!NaN has no order"},
    {"math.greatest(0.0 / 0.0, 1)", "!NaN has no order"},
    {"math.greatest(dyn([]))", "!no number to choose from"},
    {"math.greatest(dyn('x'))", "!only numbers"},
    {"math.round(-1.5)", "-2.0"},
    {"math.abs(-9223372036854775808)", "!out of range"},
    {"math.abs(-1.5)", "1.5"},
    {"math.sign(-0.0)", "0.0"},
    {"math.isNaN(math.sign(0.0 / 0.0))", "true"},
    {"math.sqrt(81)", "9.0"},
    {"math.sqrt(81u)", "9.0"},
    {"math.isNaN(math.sqrt(-15))", "true"},
    {"math.bitAnd(-3, -5)", "-7"},
    {"math.bitShiftLeft(-1, 2)", "-4"},
    {"math.bitShiftLeft(1, 63)", "-9223372036854775808"},
    {"math.bitShiftRight(-1, 63)", "1"},
    {"math.bitShiftRight(1u, 64)", "0u"},
    {"math.bitShiftLeft(1, -1)", "!less than nothing"},
};

constexpr Row kLists[] = {
    {"[1, 2, 3, 4].slice(1, 3)", "[2, 3]"},
    {"[1, 2, 3, 4].slice(4, 4)", "[]"},
    {"[1, 2].slice(1, 3)", "!out of range"},
    {"[1, 2].slice(2, 1)", "!out of range"},
    {"[1, 2].slice(-1, 1)", "!out of range"},
    {"dyn([1, [2, 3], [4]]).flatten()", "[1, 2, 3, 4]"},
    {"dyn([1, [2, [3, 4]]]).flatten()", "[1, 2, [3, 4]]"},
    {"[[1], [], [2, 3]].flatten()", "[1, 2, 3]"},
    {"dyn([1, [2, [3, [4]]]]).flatten(2)", "[1, 2, 3, [4]]"},
    {"dyn([1, [2]]).flatten(0)", "[1, [2]]"},
    {"[1].flatten(-1)", "!below 0"},
    {"lists.range(5)", "[0, 1, 2, 3, 4]"},
    {"lists.range(0)", "[]"},
    {"lists.range(-1)", "!less than nothing"},
    {"[5, 3, 1, 2].reverse()", "[2, 1, 3, 5]"},
    {"dyn([1, 'b', 2, 'b', 1.0]).distinct()", "[1, 'b', 2]"},
    {"[[1], [1], [2]].distinct()", "[[1], [2]]"},
    {"[3, 2, 1].sort()", "[1, 2, 3]"},
    {"['b', 'c', 'a'].sort()", "['a', 'b', 'c']"},
    {"[true, false].sort()", "[false, true]"},
    {"[duration('2s'), duration('1s')].sort()[0]", "duration('1s')"},
    {"[].sort()", "[]"},
    {"dyn([1, 'b']).sort()", "!one type"},
    {"dyn([[1, 2]]).sort()", "!no order"},
    {"[1.0, 0.0 / 0.0].sort()", "!NaN has no order"},
    {"['bb', 'a', 'cc'].sortBy(x, -x.size())", "['bb', 'cc', 'a']"},
    {"[{'n': 2}, {'n': 1}].sortBy(p, p.n).map(p, p.n)", "[1, 2]"},
    {"[1, 2].sortBy(x, 1 / (x - 1))", "!division by zero"},
    {"[1, 2, 3].first().value()", "1"},
    {"[1, 2, 3].last()", "optional.of(3)"},
    {"dyn([]).first().orValue('x')", "'x'"},
};

constexpr Row kOptionals[] = {
    {"optional.none().value()", "!has no value"},
    {"optional.of(1 / 0).hasValue()", "!division by zero"},
    {"optional.ofNonZeroValue('')", "optional.none()"},
    {"optional.ofNonZeroValue(0.0)", "optional.none()"},
    {"optional.ofNonZeroValue(duration('0s'))", "optional.none()"},
    {"optional.ofNonZeroValue(timestamp(0))", "optional.none()"},
    {"optional.ofNonZeroValue([0])", "optional.of([0])"},
    {"optional.of(1).orValue(1 / 0)", "1"},
    {"optional.none().orValue(1 / 0)", "!division by zero"},
    {"optional.of(1).or(dyn(2))", "optional.of(1)"},
    {"optional.none().or(dyn(2))", "!or() takes an optional"},
    {"dyn(2).orValue(3)", "!wrong type of value"},
    {"[1, 2][?1]", "optional.of(2)"},
    {"[1, 2][?5]", "optional.none()"},
    {"[1, 2][?dyn('x')]", "!wrong type of value"},
    {"optional.of([1])[0]", "optional.of(1)"},
    {"optional.of({'a': {'b': 1}}).a.b", "optional.of(1)"},
    {"optional.of({'a': dyn(1)}).?a.?b", "!only maps have fields"},
    {"{'a': 1}.?`a`", "optional.of(1)"},
    {"has({?'foo': optional.none()}.foo)", "false"},
    {"[?optional.none(), 1]", "[1]"},
    {"[?dyn(1)]", "!takes an optional"},
    {"{?'a': optional.of(1), 'b': 2}", "{'a': 1, 'b': 2}"},
    {"{?1: optional.none(), 1: 2}", "{1: 2}"},
    {"optional.none().optMap(x, x / 0)", "optional.none()"},
    {"optional.of(1).optFlatMap(x, optional.of(x + 1))", "optional.of(2)"},
    {"optional.of(1).optFlatMap(x, dyn(x))", "!gives an optional"},
    {"optional.unwrap([optional.of(1), optional.none(), optional.of(3)])", "[1, 3]"},
    {"[optional.of(1), optional.none()].unwrapOpt()", "[1]"},
    {"optional.of(optional.none()) == optional.of(optional.none())", "true"},
    {"optional.of(1) == optional.of(1.0)", "true"},
    {"type(optional.of(1))", "optional_type"},
    {"vibration.?z", "optional.none()"},
    {"vibration.?z.orValue(2.5)", "2.5"},
    {"count.?x", "!"},
};

constexpr Row kMacros[] = {
    {"cel.bind(x, 1 / 0, true)", "true"},
    {"cel.bind(x, 1 / 0, x > 1)", "!division by zero"},
    {"cel.bind(a, 'hello', cel.bind(b, 'world', a + b + b + a))", "'helloworldworldhello'"},
    {"[1, 2].map(x, cel.bind(y, x * x, y + y))", "[2, 8]"},
    {"cel.bind(p, 'a' + '.c', 'abc'.matches(p))", "true"},
    {"[1, 2, 3].all(i, v, i < v)", "true"},
    {"{'hello': 'world', 'taco': 'taco'}.all(k, v, k != v)", "false"},
    {"[1, 1, 2, 2, 3, 3].existsOne(i, v, i == 2 && v == 2)", "true"},
    {"{'i': 0, 'j': 1}.exists_one(k, v, v == 1)", "true"},
    {"[1, 2, 3].transformList(i, v, i % 2 == 0, i * v + v)", "[1, 9]"},
    {"{'a': 1}.transformList(k, v, k + string(v))", "['a1']"},
    {"[1, 2].transformMap(i, v, v * 10)", "{0: 10, 1: 20}"},
    {"{'greeting': 'hello'}.transformMapEntry(k, v, {v: k})", "{'hello': 'greeting'}"},
    {"[1, 2].transformMapEntry(i, v, {v: i, -v: i})", "{1: 0, -1: 0, 2: 1, -2: 1}"},
    {"['a', 'b'].transformMapEntry(i, v, i > 0, {v: i})", "{'b': 1}"},
    {"['a', 'a'].transformMapEntry(i, v, {v: i})", "!same key twice"},
    {"[1, 2].transformMapEntry(i, v, {v: i, double(v): i})", "!"},
    {"[1, 2].transformMapEntry(i, v, dyn(v))", "!an entry is a map"},
};

constexpr Row kNetwork[] = {
    {"string(ip('2001:DB8:0:0:0:0:0:1'))", "'2001:db8::1'"},
    {"string(ip('1:0:0:2:0:0:0:3'))", "'1:0:0:2::3'"},
    {"string(ip('1:0:2:3:4:5:6:7'))", "'1:0:2:3:4:5:6:7'"},
    {"string(ip('::'))", "'::'"},
    {"string(ip('1::'))", "'1::'"},
    {"string(ip('64:ff9b::192.0.2.33'))", "'64:ff9b::c000:221'"},
    {"isIP('::ffff:192.168.0.1')", "false"},
    {"isIP('1.2.3')", "false"},
    {"isIP('01.2.3.4')", "false"},
    {"isIP('1.2.3.256')", "false"},
    {"isIP('fe80::1%eth0')", "false"},
    {"isIP('1:2:3:4:5:6:7:8:9')", "false"},
    {"isIP('1::2::3')", "false"},
    {"isIP(':1')", "false"},
    {"isIP('1:')", "false"},
    {"isIP('')", "false"},
    {"ip.isCanonical('2001:db8::1')", "true"},
    {"ip.isCanonical('2001:DB8::1')", "false"},
    {"ip.isCanonical('x')", "!not an IP address"},
    {"ip('10.0.0.1').isGlobalUnicast()", "true"},
    {"ip('224.0.0.1').isGlobalUnicast()", "false"},
    {"ip('::1').isLoopback()", "true"},
    {"cidr('192.168.1.5/24').masked() == cidr('192.168.1.0/24')", "true"},
    {"cidr('2001:db8:ffff::/33').masked()", "cidr('2001:db8:8000::/33')"},
    {"cidr('192.168.1.5/24').ip()", "ip('192.168.1.5')"},
    {"cidr('192.168.1.0/24').prefixLength()", "24"},
    {"cidr('0.0.0.0/0').containsIP('9.9.9.9')", "true"},
    {"cidr('10.0.0.0/9').containsIP(ip('10.128.0.1'))", "false"},
    {"isCIDR('10.0.0.0/33')", "false"},
    {"isCIDR('10.0.0.0/08')", "false"},
    {"isCIDR('10.0.0.0')", "false"},
    {"type(cidr('10.0.0.0/8'))", "net.CIDR"},
    {"ip('10.0.0.1') == dyn('10.0.0.1')", "false"},
};

void check(std::span<const Row> rows) {
  for (const Row& row : rows) {
    for (const bool checked : {true, false}) {
      for (const bool fold : {true, false}) {
        Options options;
        options.check = checked;
        options.fold = fold;
        const auto program = compile(row.source, plant_schema(), options);
        std::string got = program ? "" : "!" + program.error().message;
        if (program) {
          Arena arena;
          const Value value = program->evaluate(slots_of({{"count", Value::integer(3)}}), arena);
          got = value.is_error() ? "!" + program->describe(value) : to_text(value);
        }
        if (row.result[0] != '!') {
          EXPECT_EQ(got, row.result) << row.source << (checked ? "" : ", unchecked");
        } else {
          EXPECT_EQ(got.substr(0, 1), "!") << row.source << " gives " << got;
          EXPECT_NE(got.find(row.result + 1), std::string::npos) << row.source << " gives " << got;
        }
      }
    }
  }
}

TEST(Extensions, Strings) {
  check(kTexts);
}
TEST(Extensions, DoublesAsText) {
  check(kDoubles);
}
TEST(Extensions, Format) {
  check(kFormats);
}
TEST(Extensions, Math) {
  check(kNumbers);
}
TEST(Extensions, Lists) {
  check(kLists);
}
TEST(Extensions, Optionals) {
  check(kOptionals);
}
TEST(Extensions, BindingsAndTwoVariables) {
  check(kMacros);
}
TEST(Extensions, Network) {
  check(kNetwork);
}

TEST(Extensions, AnOptionalSlotIsWhatTheEventCarries) {
  EXPECT_EQ(run("vibration.?z", {{"vibration.z", Value::number(4.5)}}), "optional.of(4.5)");
  EXPECT_EQ(
      run("vibration.?z.optMap(z, z * 2.0).orValue(0.0)", {{"vibration.z", Value::number(4.5)}}),
      "9.0");
  EXPECT_EQ(compiled("vibration.?z.orValue(0.0) > 1.0").slots_read().size(), 1u);
}

}  // namespace
}  // namespace millwright::cel
