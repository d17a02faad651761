#include "rules/functions.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstring>

#include "millwright/base/check.hpp"

namespace millwright::rules {
namespace {

using cel::Context;
using cel::ErrorCode;
using cel::Kind;
using cel::Value;
using Arguments = std::span<const Value>;

constexpr int kDecimalsMax = 6;

Value in_arena(Context& context, const std::string& text) {
  char* out = context.arena().allocate_array<char>(text.size());
  if (out == nullptr) return Value::error(ErrorCode::kMemoryLimit);
  std::memcpy(out, text.data(), text.size());
  return Value::string({out, text.size()});
}

Value bad_decimals() {
  return Value::error(ErrorCode::kInvalidArgument, "decimals are 0 to 6");
}

bool decimals_of(const Value& value, int& out) {
  if (value.as_int() < 0 || value.as_int() > kDecimalsMax) return false;
  out = int(value.as_int());
  return true;
}

Value round_to(Context& /*context*/, Arguments args) {
  int decimals = 0;
  if (args.size() == 2 && !decimals_of(args[1], decimals)) return bad_decimals();
  if (decimals == 0) return Value::number(std::round(args[0].as_double()));
  // Through the decimal text: the result is the double nearest to what is shown.
  const std::string text = number_text(args[0].as_double(), decimals);
  double out = args[0].as_double();
  if (std::isfinite(out)) std::from_chars(text.data(), text.data() + text.size(), out);
  return Value::number(out);
}

Value absolute(Context& /*context*/, Arguments args) {
  return Value::number(std::fabs(args[0].as_double()));
}

template <bool kLess>
Value extreme(Context& /*context*/, Arguments args) {
  const double a = args[0].as_double();
  const double b = args[1].as_double();
  if (std::isnan(a) || std::isnan(b)) {
    return Value::error(ErrorCode::kInvalidArgument, "NaN has no order");
  }
  return Value::number((kLess ? a < b : a > b) ? a : b);
}

template <bool kLess>
Value extreme_int(Context& /*context*/, Arguments args) {
  const std::int64_t a = args[0].as_int();
  const std::int64_t b = args[1].as_int();
  return Value::integer((kLess ? a < b : a > b) ? a : b);
}

Value text_of(Context& context, Arguments args) {
  return in_arena(context, number_text(args[0].as_double()));
}

Value text_with(Context& context, Arguments args) {
  int decimals = 0;
  if (!decimals_of(args[1], decimals)) return bad_decimals();
  return in_arena(context, number_text(args[0].as_double(), decimals));
}

template <std::int64_t kUnit>
Value duration_as(Context& /*context*/, Arguments args) {
  return Value::number(double(args[0].as_duration().ns()) / double(kUnit));
}

constexpr std::int64_t kMinute = 60'000'000'000;

struct Row {
  const char* name;
  std::array<const char*, 2> params;
  const char* result;
  cel::FunctionBody body;
  const char* doc;
};

constexpr Row kRows[] = {
    {"round", {"double"}, "double", round_to, "the nearest whole number, as a double"},
    {"round", {"double", "int"}, "double", round_to, "rounded to so many decimals"},
    {"abs", {"double"}, "double", absolute, "without its sign"},
    {"min", {"double", "double"}, "double", extreme<true>, "the smaller of two"},
    {"max", {"double", "double"}, "double", extreme<false>, "the larger of two"},
    {"min", {"int", "int"}, "int", extreme_int<true>, "the smaller of two"},
    {"max", {"int", "int"}, "int", extreme_int<false>, "the larger of two"},
    {"text", {"double"}, "string", text_of, "the number as people read it: 3.24"},
    {"text", {"double", "int"}, "string", text_with, "the number with so many decimals"},
    {"minutes", {"duration"}, "double", duration_as<kMinute>, "a duration in minutes"},
    {"hours", {"duration"}, "double", duration_as<60 * kMinute>, "a duration in hours"},
    {"days", {"duration"}, "double", duration_as<24 * 60 * kMinute>, "a duration in days"},
};

std::vector<cel::FunctionSpec> build() {
  const auto type = [](const char* text) {
    auto parsed = cel::parse_type(text);
    MW_CHECK(parsed.has_value());
    return *parsed;
  };
  std::vector<cel::FunctionSpec> out;
  for (const Row& row : kRows) {
    cel::FunctionSpec spec;
    spec.name = row.name;
    for (const char* param : row.params) {
      if (param != nullptr) spec.params.push_back(type(param));
    }
    spec.result = type(row.result);
    spec.body = row.body;
    spec.doc = row.doc;
    out.push_back(std::move(spec));
  }
  return out;
}

}  // namespace

const std::vector<cel::FunctionSpec>& rule_functions() {
  static const std::vector<cel::FunctionSpec> kFunctions = build();
  return kFunctions;
}

std::string number_text(double number, int decimals) {
  if (std::isnan(number)) return "not a number";
  if (std::isinf(number)) return number > 0 ? "infinite" : "-infinite";
  std::array<char, 400> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number,
                                 std::chars_format::fixed, decimals);
  std::string text(buffer.data(), end.ptr);
  if (text[0] == '-' && text.find_first_not_of("-0.") == std::string::npos) text.erase(0, 1);
  return text;
}

std::string number_text(double number) {
  const double size = std::fabs(number);
  if (!std::isfinite(number)) return number_text(number, 0);
  if (size > 0.0 && (size < 0.001 || size >= 1e15)) {
    std::array<char, 32> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number,
                                   std::chars_format::general, 3);
    return {buffer.data(), end.ptr};
  }
  const int decimals = size < 1.0 ? 3 : (size < 100.0 ? 2 : (size < 10'000.0 ? 1 : 0));
  std::string text = number_text(number, decimals);
  if (text.find('.') == std::string::npos) return text;
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string value_text(const Value& value) {
  switch (value.kind()) {
    case Kind::kBool:
      return value.as_bool() ? "yes" : "no";
    case Kind::kInt:
      return std::to_string(value.as_int());
    case Kind::kUint:
      return std::to_string(value.as_uint());
    case Kind::kDouble:
      return number_text(value.as_double());
    case Kind::kString:
      return std::string(value.as_text());
    case Kind::kDuration: {
      const double minutes = double(value.as_duration().ns()) / double(kMinute);
      if (std::fabs(minutes) >= 60.0) return number_text(minutes / 60.0) + " h";
      return std::fabs(minutes) >= 1.0 ? number_text(minutes) + " min"
                                       : number_text(minutes * 60.0) + " s";
    }
    case Kind::kList: {
      std::string out;
      for (const Value& each : value.as_list()) {
        out += (out.empty() ? "" : ", ") + value_text(each);
      }
      return out;
    }
    case Kind::kTimestamp: {
      // 2026-03-02T06:10:00Z reads "2026-03-02 06:10 UTC".
      const std::string text = cel::to_text(Value::timestamp(value.timestamp_seconds(), 0));
      const std::size_t start = text.find('\'') + 1;
      return text.substr(start, 10) + " " + text.substr(start + 11, 5) + " UTC";
    }
    default:
      return cel::to_text(value);
  }
}

}  // namespace millwright::rules
