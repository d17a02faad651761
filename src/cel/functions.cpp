// The core functions of the language: one row each. Those of the extensions are in ext_*.cpp.
#include <re2/re2.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <type_traits>

#include "cel/conversions.hpp"
#include "cel/function_rows.hpp"
#include "cel/operations.hpp"
#include "cel/text.hpp"
#include "cel/time.hpp"
#include "millwright/base/check.hpp"

namespace millwright::cel {
namespace {

Value size_of(Context& context, Arguments args) {
  const Value& value = args[0];
  switch (value.kind()) {
    case Kind::kString:
      if (!spend_text(context, value.as_text().size())) return step_limit();
      return Value::integer(std::int64_t(utf8_length(value.as_text())));
    case Kind::kBytes:
      return Value::integer(std::int64_t(value.as_text().size()));
    case Kind::kList:
      return Value::integer(std::int64_t(value.as_list().size()));
    case Kind::kMap:
      return Value::integer(std::int64_t(value.as_map().size()));
    default:
      return no_overload();
  }
}

Value contains(Context& context, Arguments args) {
  if (!spend_text(context, args[0].as_text().size())) return step_limit();
  return Value::boolean(args[0].as_text().find(args[1].as_text()) != std::string_view::npos);
}

Value starts_with(Context& /*context*/, Arguments args) {
  return Value::boolean(args[0].as_text().substr(0, args[1].as_text().size()) == args[1].as_text());
}

Value ends_with(Context& /*context*/, Arguments args) {
  const std::string_view text = args[0].as_text();
  const std::string_view end = args[1].as_text();
  return Value::boolean(text.size() >= end.size() && text.substr(text.size() - end.size()) == end);
}

// Only for patterns that are not written out, which the checker refuses: compiling one costs too
// much to be done for each event.
Value matches_unknown(Context& /*context*/, Arguments /*args*/) {
  return Value::error(ErrorCode::kInvalidArgument, "the pattern must be written out as a text");
}

Value identity(Context& /*context*/, Arguments args) {
  return args[0];
}

Value type_of(Context& /*context*/, Arguments args) {
  return Value::type(type_name(args[0].kind()));
}

template <TimePart kPart>
Value timestamp_part(Context& /*context*/, Arguments args) {
  Zone zone;
  if (args.size() == 2) {
    const auto found = find_zone(args[1].as_text());
    if (!found) return Value::error(ErrorCode::kInvalidArgument, "there is no such time zone");
    zone = *found;
  }
  const std::int64_t seconds = args[0].timestamp_seconds();
  return Value::integer(
      time_part(kPart, seconds + offset_at(zone, seconds), args[0].timestamp_ns()));
}

template <std::int64_t kUnit>
Value duration_in(Context& /*context*/, Arguments args) {
  return Value::integer(args[0].as_duration().ns() / kUnit);
}

// The milliseconds beyond the whole seconds, as CEL has it.
Value duration_milliseconds(Context& /*context*/, Arguments args) {
  return Value::integer(args[0].as_duration().ns() % 1'000'000'000 / 1'000'000);
}

constexpr std::int64_t kSecond = 1'000'000'000;

constexpr FunctionRow kRows[] = {
    {"size", false, {"string"}, "int", size_of, "characters in a text"},
    {"size", false, {"bytes"}, "int", size_of, "bytes"},
    {"size", false, {"list(A)"}, "int", size_of, "elements in a list"},
    {"size", false, {"map(A, B)"}, "int", size_of, "entries in a map"},
    {"size", true, {"string"}, "int", size_of, "characters in a text"},
    {"size", true, {"bytes"}, "int", size_of, "bytes"},
    {"size", true, {"list(A)"}, "int", size_of, "elements in a list"},
    {"size", true, {"map(A, B)"}, "int", size_of, "entries in a map"},
    {"contains", true, {"string", "string"}, "bool", contains, "whether the text has that part"},
    {"startsWith", true, {"string", "string"}, "bool", starts_with, "whether it starts so"},
    {"endsWith", true, {"string", "string"}, "bool", ends_with, "whether it ends so"},
    {"matches",
     true,
     {"string", "string"},
     "bool",
     matches_unknown,
     "whether an RE2 pattern is found in the text"},
    {"matches",
     false,
     {"string", "string"},
     "bool",
     matches_unknown,
     "whether an RE2 pattern is found in the text"},
    {"type", false, {"A"}, "type(A)", type_of, "the type of a value"},
    {"dyn", false, {"A"}, "dyn", identity, "the value, its type left to run time"},
    {"bool", false, {"bool"}, "bool", identity, "itself"},
    {"bool", false, {"string"}, "bool", bool_from_text, "true, t, 1; false, f, 0"},
    {"int", false, {"int"}, "int", identity, "itself"},
    {"int", false, {"uint"}, "int", int_from_uint, "the same whole number"},
    {"int", false, {"double"}, "int", int_from_double, "the number cut towards 0"},
    {"int", false, {"string"}, "int", int_from_text, "the text read as a whole number"},
    {"int", false, {"timestamp"}, "int", int_from_timestamp, "seconds since 1970"},
    {"uint", false, {"uint"}, "uint", identity, "itself"},
    {"uint", false, {"int"}, "uint", uint_from_int, "the same whole number"},
    {"uint", false, {"double"}, "uint", uint_from_double, "the number cut towards 0"},
    {"uint", false, {"string"}, "uint", uint_from_text, "the text read as a whole number"},
    {"double", false, {"double"}, "double", identity, "itself"},
    {"double", false, {"int"}, "double", double_from_int, "the nearest double"},
    {"double", false, {"uint"}, "double", double_from_uint, "the nearest double"},
    {"double", false, {"string"}, "double", double_from_text, "the text read as a number"},
    {"string", false, {"string"}, "string", identity, "itself"},
    {"string", false, {"bool"}, "string", string_from_any, "true or false"},
    {"string", false, {"int"}, "string", string_from_any, "its digits"},
    {"string", false, {"uint"}, "string", string_from_any, "its digits"},
    {"string", false, {"double"}, "string", string_from_any, "the shortest text that reads back"},
    {"string", false, {"bytes"}, "string", string_from_bytes, "the bytes read as UTF-8"},
    {"string", false, {"timestamp"}, "string", string_from_any, "RFC 3339, UTC"},
    {"string", false, {"duration"}, "string", string_from_any, "seconds: 90s"},
    {"bytes", false, {"bytes"}, "bytes", identity, "itself"},
    {"bytes", false, {"string"}, "bytes", bytes_from_string, "the text's UTF-8"},
    {"timestamp", false, {"timestamp"}, "timestamp", identity, "itself"},
    {"timestamp", false, {"string"}, "timestamp", timestamp_from_text, "RFC 3339"},
    {"timestamp", false, {"int"}, "timestamp", timestamp_from_int, "seconds since 1970"},
    {"duration", false, {"duration"}, "duration", identity, "itself"},
    {"duration", false, {"string"}, "duration", duration_from_text, "90s, 1h30m, 250ms"},
    {"getFullYear", true, {"timestamp"}, "int", timestamp_part<TimePart::kFullYear>, "year"},
    {"getFullYear",
     true,
     {"timestamp", "string"},
     "int",
     timestamp_part<TimePart::kFullYear>,
     "year in a time zone"},
    {"getMonth", true, {"timestamp"}, "int", timestamp_part<TimePart::kMonth>, "month, from 0"},
    {"getMonth",
     true,
     {"timestamp", "string"},
     "int",
     timestamp_part<TimePart::kMonth>,
     "month in a time zone, from 0"},
    {"getDayOfYear",
     true,
     {"timestamp"},
     "int",
     timestamp_part<TimePart::kDayOfYear>,
     "day of the year, from 0"},
    {"getDayOfYear",
     true,
     {"timestamp", "string"},
     "int",
     timestamp_part<TimePart::kDayOfYear>,
     "day of the year in a time zone, from 0"},
    {"getDayOfMonth",
     true,
     {"timestamp"},
     "int",
     timestamp_part<TimePart::kDayOfMonth>,
     "day of the month, from 0"},
    {"getDayOfMonth",
     true,
     {"timestamp", "string"},
     "int",
     timestamp_part<TimePart::kDayOfMonth>,
     "day of the month in a time zone, from 0"},
    {"getDate",
     true,
     {"timestamp"},
     "int",
     timestamp_part<TimePart::kDate>,
     "day of the month, from 1"},
    {"getDate",
     true,
     {"timestamp", "string"},
     "int",
     timestamp_part<TimePart::kDate>,
     "day of the month in a time zone, from 1"},
    {"getDayOfWeek",
     true,
     {"timestamp"},
     "int",
     timestamp_part<TimePart::kDayOfWeek>,
     "day of the week, Sunday 0"},
    {"getDayOfWeek",
     true,
     {"timestamp", "string"},
     "int",
     timestamp_part<TimePart::kDayOfWeek>,
     "day of the week in a time zone, Sunday 0"},
    {"getHours", true, {"timestamp"}, "int", timestamp_part<TimePart::kHours>, "hour"},
    {"getHours",
     true,
     {"timestamp", "string"},
     "int",
     timestamp_part<TimePart::kHours>,
     "hour in a time zone"},
    {"getHours", true, {"duration"}, "int", duration_in<3'600 * kSecond>, "whole hours"},
    {"getMinutes", true, {"timestamp"}, "int", timestamp_part<TimePart::kMinutes>, "minute"},
    {"getMinutes",
     true,
     {"timestamp", "string"},
     "int",
     timestamp_part<TimePart::kMinutes>,
     "minute in a time zone"},
    {"getMinutes", true, {"duration"}, "int", duration_in<60 * kSecond>, "whole minutes"},
    {"getSeconds", true, {"timestamp"}, "int", timestamp_part<TimePart::kSeconds>, "second"},
    {"getSeconds",
     true,
     {"timestamp", "string"},
     "int",
     timestamp_part<TimePart::kSeconds>,
     "second in a time zone"},
    {"getSeconds", true, {"duration"}, "int", duration_in<kSecond>, "whole seconds"},
    {"getMilliseconds",
     true,
     {"timestamp"},
     "int",
     timestamp_part<TimePart::kMilliseconds>,
     "milliseconds of the second"},
    {"getMilliseconds",
     true,
     {"timestamp", "string"},
     "int",
     timestamp_part<TimePart::kMilliseconds>,
     "milliseconds of the second"},
    {"getMilliseconds",
     true,
     {"duration"},
     "int",
     duration_milliseconds,
     "milliseconds beyond the whole seconds"},
};

void add(std::vector<FunctionSpec>& out, std::span<const FunctionRow> rows) {
  const auto type = [](const char* text) {
    auto parsed = parse_type(text);
    MW_CHECK(parsed.has_value());
    return *parsed;
  };
  for (const FunctionRow& row : rows) {
    FunctionSpec spec;
    spec.name = row.name;
    spec.member = row.member;
    for (const char* param : row.params) {
      if (param != nullptr) spec.params.push_back(type(param));
    }
    spec.result = type(row.result);
    spec.body = row.body;
    spec.doc = row.doc;
    spec.variadic = row.variadic;
    out.push_back(std::move(spec));
  }
}

std::vector<FunctionSpec> build() {
  std::vector<FunctionSpec> out;
  add(out, kRows);
  add(out, string_rows());
  add(out, format_rows());
  add(out, math_rows());
  add(out, list_rows());
  add(out, optional_rows());
  add(out, network_rows());
  return out;
}

}  // namespace

const std::vector<FunctionSpec>& standard_functions() {
  static const std::vector<FunctionSpec> kFunctions = build();
  return kFunctions;
}

std::span<const FunctionSpec* const> standard_named(std::string_view name) {
  static const std::vector<const FunctionSpec*> kByName = [] {
    std::vector<const FunctionSpec*> out;
    for (const FunctionSpec& spec : standard_functions()) out.push_back(&spec);
    std::sort(out.begin(), out.end(), [](const FunctionSpec* a, const FunctionSpec* b) {
      return a->name != b->name ? a->name < b->name : a < b;
    });
    return out;
  }();
  const auto less = [](const auto& a, const auto& b) {
    constexpr bool kSpecFirst = std::is_same_v<std::decay_t<decltype(a)>, const FunctionSpec*>;
    if constexpr (kSpecFirst) {
      return std::string_view(a->name) < b;
    } else {
      return a < std::string_view(b->name);
    }
  };
  const auto [first, last] = std::equal_range(kByName.begin(), kByName.end(), name, less);
  return {first, last};
}

}  // namespace millwright::cel
