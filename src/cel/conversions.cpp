#include "cel/conversions.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <cstring>

#include "cel/operations.hpp"
#include "cel/text.hpp"
#include "cel/time.hpp"

namespace millwright::cel {
namespace {

using Arguments = std::span<const Value>;
constexpr const char* kRange = "the number is out of range";

Value not_a_number() {
  return Value::error(ErrorCode::kInvalidArgument, "the text is no number");
}

template <class T>
bool whole_number(std::string_view text, T& out) {
  if (!text.empty() && text[0] == '+') text.remove_prefix(1);
  const auto end = std::from_chars(text.data(), text.data() + text.size(), out);
  return !text.empty() && end.ec == std::errc() && end.ptr == text.data() + text.size();
}

Value copied(Context& context, std::string_view text) {
  return concatenated(Kind::kString, text, {}, context);
}

}  // namespace

Value bool_from_text(Context& /*context*/, Arguments args) {
  for (const std::string_view yes : {"true", "TRUE", "True", "t", "1"}) {
    if (args[0].as_text() == yes) return Value::boolean(true);
  }
  for (const std::string_view no : {"false", "FALSE", "False", "f", "0"}) {
    if (args[0].as_text() == no) return Value::boolean(false);
  }
  return Value::error(ErrorCode::kInvalidArgument, "the text is neither true nor false");
}

Value int_from_uint(Context& /*context*/, Arguments args) {
  const std::uint64_t u = args[0].as_uint();
  return u > std::uint64_t(INT64_MAX) ? out_of_range(kRange) : Value::integer(std::int64_t(u));
}

Value int_from_double(Context& /*context*/, Arguments args) {
  const double d = args[0].as_double();
  // At or beyond 2^63 either way; NaN fails both.
  if (!(d > -9223372036854775808.0 && d < 9223372036854775808.0)) return out_of_range(kRange);
  return Value::integer(std::int64_t(d));
}

Value int_from_text(Context& /*context*/, Arguments args) {
  std::int64_t out = 0;
  return whole_number(args[0].as_text(), out) ? Value::integer(out) : not_a_number();
}

Value int_from_timestamp(Context& /*context*/, Arguments args) {
  return Value::integer(args[0].timestamp_seconds());
}

Value uint_from_int(Context& /*context*/, Arguments args) {
  const std::int64_t i = args[0].as_int();
  return i < 0 ? out_of_range(kRange) : Value::uinteger(std::uint64_t(i));
}

Value uint_from_double(Context& /*context*/, Arguments args) {
  const double d = args[0].as_double();
  if (!(d >= 0.0 && d < 18446744073709551616.0)) return out_of_range(kRange);
  return Value::uinteger(std::uint64_t(d));
}

Value uint_from_text(Context& /*context*/, Arguments args) {
  std::uint64_t out = 0;
  return whole_number(args[0].as_text(), out) ? Value::uinteger(out) : not_a_number();
}

Value double_from_int(Context& /*context*/, Arguments args) {
  return Value::number(double(args[0].as_int()));
}

Value double_from_uint(Context& /*context*/, Arguments args) {
  return Value::number(double(args[0].as_uint()));
}

Value double_from_text(Context& /*context*/, Arguments args) {
  std::string_view text = args[0].as_text();
  if (!text.empty() && text[0] == '+') text.remove_prefix(1);
  double out = 0.0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), out);
  if (text.empty() || end.ptr != text.data() + text.size()) return not_a_number();
  if (end.ec == std::errc::result_out_of_range) return out_of_range(kRange);
  return end.ec == std::errc() ? Value::number(out) : not_a_number();
}

Value string_from_any(Context& context, Arguments args) {
  const Value& value = args[0];
  switch (value.kind()) {
    case Kind::kBool:
      return Value::string(value.as_bool() ? "true" : "false");
    case Kind::kInt:
    case Kind::kUint: {
      std::array<char, 24> buffer{};
      char* const end = buffer.data() + buffer.size();
      const auto written = value.is(Kind::kInt)
                               ? std::to_chars(buffer.data(), end, value.as_int())
                               : std::to_chars(buffer.data(), end, value.as_uint());
      return copied(context, {buffer.data(), std::size_t(written.ptr - buffer.data())});
    }
    case Kind::kDouble:
      return copied(context, double_text(value.as_double(), false));
    case Kind::kTimestamp:
      return copied(context, timestamp_text(value.timestamp_seconds(), value.timestamp_ns()));
    case Kind::kDuration:
      return copied(context, duration_text(value.as_duration()));
    default:
      return no_overload();
  }
}

Value string_from_bytes(Context& context, Arguments args) {
  if (!spend_text(context, args[0].as_text().size())) return step_limit();
  if (valid_utf8(args[0].as_text())) return Value::string(args[0].as_text());
  return Value::error(ErrorCode::kInvalidArgument, "the bytes are no UTF-8");
}

Value bytes_from_string(Context& /*context*/, Arguments args) {
  return Value::bytes(args[0].as_text());
}

Value timestamp_from_text(Context& /*context*/, Arguments args) {
  return parse_timestamp(args[0].as_text());
}

Value timestamp_from_int(Context& /*context*/, Arguments args) {
  const std::int64_t seconds = args[0].as_int();
  if (seconds < kFirstSecond || seconds > kLastSecond) {
    return out_of_range("a timestamp outside the years 1 to 9999");
  }
  return Value::timestamp(seconds, 0);
}

Value duration_from_text(Context& /*context*/, Arguments args) {
  return parse_cel_duration(args[0].as_text());
}

}  // namespace millwright::cel
