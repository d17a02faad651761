#include "cel/time.hpp"

#include <date/tz.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <exception>

#include "cel/operations.hpp"

namespace millwright::cel {
namespace {

namespace ch = std::chrono;

constexpr std::int64_t kDay = 86'400;
constexpr int kLastTableYear = 2037;
constexpr std::int64_t kNsPerSecond = 1'000'000'000;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Exactly `width` digits at `at`, which moves on; -1 otherwise.
int digits(std::string_view text, std::size_t& at, std::size_t width) {
  if (at + width > text.size()) return -1;
  int value = 0;
  for (std::size_t i = 0; i < width; ++i) {
    if (!is_digit(text[at + i])) return -1;
    value = value * 10 + (text[at + i] - '0');
  }
  at += width;
  return value;
}

bool accept(std::string_view text, std::size_t& at, std::string_view any_of) {
  if (at >= text.size() || any_of.find(text[at]) == std::string_view::npos) return false;
  ++at;
  return true;
}

// hh:mm east of UTC, in seconds.
std::optional<std::int32_t> offset(std::string_view text, std::size_t& at, bool negative) {
  const int hour = digits(text, at, 2);
  if (hour < 0 || hour > 23 || !accept(text, at, ":")) return std::nullopt;
  const int minute = digits(text, at, 2);
  if (minute < 0 || minute > 59) return std::nullopt;
  return (hour * 60 + minute) * (negative ? -60 : 60);
}

Value not_a_time() {
  return Value::error(ErrorCode::kInvalidArgument,
                      "not an RFC 3339 time like 2026-03-02T06:10:00Z");
}

Value not_a_duration() {
  return Value::error(ErrorCode::kInvalidArgument, "not a duration like 90s, 1h30m or 250ms");
}

struct Clock {
  int hour, minute, second;
  std::uint32_t ns;
};

bool parse_clock(std::string_view text, std::size_t& at, Clock& out) {
  out.hour = digits(text, at, 2);
  if (!accept(text, at, ":")) return false;
  out.minute = digits(text, at, 2);
  if (!accept(text, at, ":")) return false;
  out.second = digits(text, at, 2);
  if (out.hour < 0 || out.hour > 23 || out.minute < 0 || out.minute > 59 || out.second < 0 ||
      out.second > 59) {
    return false;
  }
  out.ns = 0;
  if (!accept(text, at, ".")) return true;
  std::uint32_t unit = 100'000'000;
  const std::size_t start = at;
  for (; at < text.size() && is_digit(text[at]); ++at, unit /= 10) {
    out.ns += std::uint32_t(text[at] - '0') * unit;
  }
  return at > start && at - start <= 9;
}

// One "12.5h" of a duration, as ns, added to `total`. Exact: whole and fraction apart.
bool add_part(std::string_view text, std::size_t& at, __int128& total) {
  __int128 whole = 0;
  __int128 fraction = 0;
  __int128 scale = 1;
  const std::size_t start = at;
  std::size_t seen = 0;
  for (; at < text.size() && is_digit(text[at]); ++at, ++seen) {
    if (at - start > 18) return false;
    whole = whole * 10 + (text[at] - '0');
  }
  if (accept(text, at, ".")) {
    for (; at < text.size() && is_digit(text[at]); ++at, ++seen) {
      if (scale >= 1'000'000'000'000'000) continue;  // finer than any unit shows
      fraction = fraction * 10 + (text[at] - '0');
      scale *= 10;
    }
  }
  if (seen == 0) return false;
  struct Unit {
    std::string_view name;
    std::int64_t ns;
  };
  static constexpr std::array kUnits{Unit{"ns", 1},
                                     Unit{"us", 1'000},
                                     Unit{"\u00b5s", 1'000},
                                     Unit{"\u03bcs", 1'000},
                                     Unit{"ms", 1'000'000},
                                     Unit{"s", kNsPerSecond},
                                     Unit{"m", kNsPerSecond * 60},
                                     Unit{"h", kNsPerSecond * 3'600}};
  for (const Unit& unit : kUnits) {
    if (text.substr(at, unit.name.size()) != unit.name) continue;
    at += unit.name.size();
    total += whole * unit.ns + fraction * unit.ns / scale;
    return true;
  }
  return false;
}

// The database's tables end with 2037; from then on the rules of then hold. They name weekdays of
// March to November, so a year whose 1 March is the same weekday switches on the same days, and
// there is one among the last eleven years of the tables.
date::sys_seconds in_table(date::sys_seconds point) {
  const auto day = date::floor<date::days>(point);
  const date::year_month_day date(day);
  if (int(date.year()) <= kLastTableYear) return point;
  const auto march = [](date::year year) { return date::weekday(date::sys_days(year / 3 / 1)); };
  date::year like{kLastTableYear};
  while (march(like) != march(date.year())) --like;
  const bool leap_day = date.month() == date::February && date.day() == date::day(29);
  const auto same = like / date.month() / (leap_day ? date::day(28) : date.day());
  return date::sys_days(same) + (point - day);
}

}  // namespace

Value parse_timestamp(std::string_view text) noexcept {
  std::size_t at = 0;
  const int year = digits(text, at, 4);
  if (year < 1 || !accept(text, at, "-")) return not_a_time();
  const int month = digits(text, at, 2);
  if (month < 1 || !accept(text, at, "-")) return not_a_time();
  const int day = digits(text, at, 2);
  if (day < 1 || !accept(text, at, "Tt")) return not_a_time();
  const ch::year_month_day date{ch::year(year), ch::month(unsigned(month)), ch::day(unsigned(day))};
  Clock clock{};
  if (!date.ok() || !parse_clock(text, at, clock)) return not_a_time();
  std::int64_t east = 0;
  if (!accept(text, at, "Zz")) {
    const bool negative = at < text.size() && text[at] == '-';
    if (!accept(text, at, "+-")) return not_a_time();
    const auto found = offset(text, at, negative);
    if (!found) return not_a_time();
    east = *found;
  }
  if (at != text.size()) return not_a_time();
  const std::int64_t days = ch::sys_days(date).time_since_epoch().count();
  const std::int64_t seconds =
      days * kDay + clock.hour * 3'600 + clock.minute * 60 + clock.second - east;
  if (seconds < kFirstSecond || seconds > kLastSecond) {
    return out_of_range("a timestamp outside the years 1 to 9999");
  }
  return Value::timestamp(seconds, clock.ns);
}

Value parse_cel_duration(std::string_view text) noexcept {
  std::size_t at = 0;
  const bool negative = !text.empty() && text[0] == '-';
  accept(text, at, "+-");
  if (text.substr(at) == "0") return Value::duration(Duration());
  if (at == text.size()) return not_a_duration();
  __int128 total = 0;
  while (at < text.size()) {
    if (!add_part(text, at, total)) return not_a_duration();
    if (total > __int128(INT64_MAX)) return out_of_range("a duration beyond 292 years");
  }
  return Value::duration(Duration(std::int64_t(negative ? -total : total)));
}

std::string timestamp_text(std::int64_t seconds, std::uint32_t ns) {
  const ch::sys_seconds point{ch::seconds(seconds)};
  const auto day = ch::floor<ch::days>(point);
  const ch::year_month_day date(day);
  const ch::hh_mm_ss clock(point - day);
  std::array<char, 64> out{};
  int n = std::snprintf(out.data(), out.size(), "%04d-%02u-%02uT%02d:%02d:%02d", int(date.year()),
                        unsigned(date.month()), unsigned(date.day()), int(clock.hours().count()),
                        int(clock.minutes().count()), int(clock.seconds().count()));
  std::string text(out.data(), std::size_t(n));
  if (ns != 0) {
    n = std::snprintf(out.data(), out.size(), ".%09u", ns);
    std::string fraction(out.data(), std::size_t(n));
    while (fraction.back() == '0') fraction.pop_back();
    text += fraction;
  }
  return text + "Z";
}

std::string duration_text(Duration d) {
  const bool negative = d.ns() < 0;
  const std::uint64_t ns = negative ? 0 - std::uint64_t(d.ns()) : std::uint64_t(d.ns());
  std::string text = (negative ? "-" : "") + std::to_string(ns / kNsPerSecond);
  if (const std::uint64_t rest = ns % kNsPerSecond; rest != 0) {
    std::string fraction = std::to_string(rest + kNsPerSecond);
    fraction[0] = '.';
    while (fraction.back() == '0') fraction.pop_back();
    text += fraction;
  }
  return text + "s";
}

std::optional<Zone> find_zone(std::string_view name) {
  if (name.empty() || name == "UTC" || name == "Z") return Zone{};
  std::size_t at = 0;
  const bool negative = name[0] == '-';
  const bool has_sign = accept(name, at, "+-");
  if (has_sign || is_digit(name[0])) {
    const auto east = offset(name, at, negative);
    if (!east || at != name.size()) return std::nullopt;
    return Zone{nullptr, *east};
  }
  try {
    return Zone{date::locate_zone(name), 0};
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

std::int64_t offset_at(const Zone& zone, std::int64_t seconds) {
  if (zone.named == nullptr) return zone.offset_s;
  const auto* named = static_cast<const date::time_zone*>(zone.named);
  try {
    const date::sys_seconds point{ch::seconds(seconds)};
    const date::sys_info info = named->get_info(point);
    // The last entry of the table, made in its last year: the zone would have switched again.
    const bool switches = info.begin >= date::sys_days(date::year(kLastTableYear) / 1 / 1) &&
                          info.begin < date::sys_days(date::year(kLastTableYear + 1) / 1 / 1) &&
                          info.end > date::sys_days(date::year(2'200) / 1 / 1);
    if (!switches) return info.offset.count();
    return named->get_info(date::sys_seconds(in_table(point))).offset.count();
  } catch (const std::exception&) {
    return 0;
  }
}

std::int64_t time_part(TimePart part, std::int64_t local_seconds, std::uint32_t ns) {
  const ch::sys_seconds point{ch::seconds(local_seconds)};
  const auto day = ch::floor<ch::days>(point);
  const ch::year_month_day date(day);
  const ch::hh_mm_ss clock(point - day);
  switch (part) {
    case TimePart::kFullYear:
      return int(date.year());
    case TimePart::kMonth:
      return std::int64_t(unsigned(date.month())) - 1;
    case TimePart::kDayOfYear:
      return (day - ch::sys_days(date.year() / ch::January / 1)).count();
    case TimePart::kDayOfMonth:
      return std::int64_t(unsigned(date.day())) - 1;
    case TimePart::kDate:
      return std::int64_t(unsigned(date.day()));
    case TimePart::kDayOfWeek:
      return std::int64_t(ch::weekday(day).c_encoding());
    case TimePart::kHours:
      return clock.hours().count();
    case TimePart::kMinutes:
      return clock.minutes().count();
    case TimePart::kSeconds:
      return clock.seconds().count();
    case TimePart::kMilliseconds:
      return ns / 1'000'000;
  }
  return 0;
}

}  // namespace millwright::cel
