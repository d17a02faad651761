#include "daemon/config/scalar.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "millwright/base/json.hpp"

namespace millwright::daemon {
namespace {

bool digit(char c) {
  return c >= '0' && c <= '9';
}

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), digit);
}

std::string_view unsigned_part(std::string_view text) {
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
  return text;
}

bool is_yaml11_bool(std::string_view text) {
  constexpr std::array<std::string_view, 8> kWords{"yes",  "no",    "on", "off",
                                                   "true", "false", "y",  "n"};
  std::string lower(text);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
  return std::find(kWords.begin(), kWords.end(), lower) != kWords.end();
}

// Digits with underscores, and at most one point.
bool is_grouped(std::string_view text) {
  return text.find('_') != std::string_view::npos && digit(text.front()) &&
         text.find_first_not_of("0123456789_.") == std::string_view::npos;
}

bool is_radix(std::string_view text) {
  return text.size() > 2 && text[0] == '0' &&
         (text[1] == 'x' || text[1] == 'o' || text[1] == 'b') &&
         text.find_first_not_of("0123456789abcdefABCDEF_", 2) == std::string_view::npos;
}

std::size_t digits_at(std::string_view text, std::size_t at) {
  std::size_t n = 0;
  while (at + n < text.size() && digit(text[at + n])) ++n;
  return n;
}

// 1:30, 190:20:30.15: groups below 60 behind the first, perhaps a fraction.
bool is_sexagesimal(std::string_view text) {
  std::size_t at = digits_at(text, 0);
  if (at == 0 || at == text.size() || text[at] != ':') return false;
  while (at < text.size() && text[at] == ':') {
    const std::size_t n = digits_at(text, at + 1);
    if (n == 0 || n > 2 || (n == 2 && text[at + 1] > '5')) return false;
    at += 1 + n;
  }
  if (at < text.size() && text[at] == '.') at += 1 + digits_at(text, at + 1);
  return at == text.size();
}

// Digits with a point or an exponent: what some reader takes for a float.
bool is_floating(std::string_view text) {
  const std::size_t whole = digits_at(text, 0);
  std::size_t at = whole;
  std::size_t part = 0;
  if (at < text.size() && text[at] == '.') {
    part = digits_at(text, at + 1);
    at += 1 + part;
  }
  if (whole + part == 0) return false;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
    const std::size_t exponent = digits_at(text, at);
    if (exponent == 0) return false;
    at += exponent;
  }
  return at == text.size();
}

std::string in_decimal(std::string_view radix) {
  std::string digits;
  for (const char c : radix.substr(2)) {
    if (c != '_') digits += c;
  }
  const int base = radix[1] == 'x' ? 16 : (radix[1] == 'o' ? 8 : 2);
  std::uint64_t value = 0;
  const auto end = digits.data() + digits.size();
  const auto read = std::from_chars(digits.data(), end, value, base);
  return read.ec == std::errc() && read.ptr == end ? std::to_string(value) : "it in decimal";
}

Error bad_number(std::string_view plain) {
  const std::string shown = "'" + std::string(plain.substr(0, 40)) + "'";
  const std::string_view digits = unsigned_part(plain);
  const std::string sign = plain.starts_with('-') ? "-" : "";
  if (is_radix(digits)) {
    return fail(Errc::kInvalid, shown + " is not decimal; write " + sign + in_decimal(digits));
  }
  if (is_sexagesimal(digits)) {
    return fail(Errc::kInvalid, shown +
                                    " would be a number to the base 60 for some readers; write"
                                    " it in decimal");
  }
  if (!digits.empty() && is_grouped(digits)) {
    std::string plain_digits;
    for (const char c : digits) {
      if (c != '_') plain_digits += c;
    }
    return fail(Errc::kInvalid, shown + " has underscores; write " + sign + plain_digits);
  }
  if (all_digits(digits) && digits.size() > 1 && digits[0] == '0') {
    const std::size_t first = std::min(digits.find_first_not_of('0'), digits.size() - 1);
    return fail(Errc::kInvalid, shown + " would be octal for some readers; write " + sign +
                                    std::string(digits.substr(first)));
  }
  return fail(Errc::kInvalid, shown + " is not a number like 12 or -0.5");
}

// JSON's numbers without exponents, which YAML readers do not agree on.
bool is_number(std::string_view plain) {
  if (plain.starts_with('-')) plain.remove_prefix(1);
  const std::size_t point = plain.find('.');
  const std::string_view whole = plain.substr(0, point);
  if (!all_digits(whole) || (whole.size() > 1 && whole[0] == '0')) return false;
  return point == std::string_view::npos || all_digits(plain.substr(point + 1));
}

}  // namespace

std::optional<std::string_view> misread_as(std::string_view plain) {
  if (is_yaml11_bool(plain)) return "true or false";
  if (is_date(plain) || (plain.size() > 10 && is_date(plain.substr(0, 10)) &&
                         (plain[10] == 'T' || plain[10] == ' '))) {
    return "a date";
  }
  const std::string_view digits = unsigned_part(plain);
  if (digits.empty()) return std::nullopt;
  if (all_digits(digits) || is_radix(digits) || is_sexagesimal(digits) || is_grouped(digits) ||
      is_floating(digits) || digits == ".inf" || digits == ".nan") {
    return "a number";
  }
  return std::nullopt;
}

Result<double> strict_number(std::string_view plain) {
  double value = 0.0;
  if (!is_number(plain)) return bad_number(plain);
  const auto read = std::from_chars(plain.data(), plain.data() + plain.size(), value);
  if (read.ec != std::errc()) return bad_number(plain);
  return value;
}

Result<std::int64_t> strict_integer(std::string_view plain) {
  std::int64_t value = 0;
  if (!is_number(plain)) return bad_number(plain);
  const auto end = plain.data() + plain.size();
  const auto read = std::from_chars(plain.data(), end, value);
  if (read.ec != std::errc() || read.ptr != end) {
    return fail(Errc::kInvalid, "'" + std::string(plain.substr(0, 40)) + "' is not a whole number");
  }
  return value;
}

Result<bool> strict_bool(std::string_view plain) {
  if (plain == "true") return true;
  if (plain == "false") return false;
  const std::string shown = "'" + std::string(plain.substr(0, 40)) + "'";
  if (is_yaml11_bool(plain)) {
    const bool yes = plain[0] == 'y' || plain[0] == 'Y' || plain[0] == 't' || plain[0] == 'T' ||
                     ((plain[0] == 'o' || plain[0] == 'O') && plain.size() == 2);
    return fail(Errc::kInvalid, shown + " is not strict; write " + (yes ? "true" : "false"));
  }
  return fail(Errc::kInvalid, shown + " is not true or false");
}

Result<std::size_t> strict_bytes(std::string_view text) {
  struct Unit {
    std::string_view name;
    std::size_t bytes;
  };
  static constexpr std::array kUnits{Unit{"KB", 1 << 10}, Unit{"MB", 1 << 20}, Unit{"GB", 1 << 30},
                                     Unit{"B", 1}};
  for (const Unit& unit : kUnits) {
    if (!text.ends_with(unit.name)) continue;
    const std::string_view digits = text.substr(0, text.size() - unit.name.size());
    if (!all_digits(digits) || digits.size() > 9 || digits[0] == '0') break;
    std::size_t value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value * unit.bytes;
  }
  return fail(Errc::kInvalid,
              "'" + std::string(text.substr(0, 40)) + "' is not a size like 64KB, 256MB or 1GB");
}

bool is_date(std::string_view text) {
  return text.size() == 10 && bool(parse_rfc3339(std::string(text) + "T00:00:00Z"));
}

std::optional<int> time_of_day(std::string_view text) {
  if (text.size() != 5 || text[2] != ':' || !all_digits(text.substr(0, 2)) ||
      !all_digits(text.substr(3))) {
    return std::nullopt;
  }
  const int hour = (text[0] - '0') * 10 + (text[1] - '0');
  const int minute = (text[3] - '0') * 10 + (text[4] - '0');
  if (hour > 23 || minute > 59) return std::nullopt;
  return hour * 60 + minute;
}

bool is_local_time(std::string_view text) {
  return text.size() == 16 && text[10] == 'T' && is_date(text.substr(0, 10)) &&
         time_of_day(text.substr(11)).has_value();
}

}  // namespace millwright::daemon
