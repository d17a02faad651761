#include "millwright/base/time.hpp"

#include <array>
#include <chrono>
#include <cstdio>

namespace millwright {
namespace {

namespace ch = std::chrono;

// Reads exactly `width` digits at `pos` and moves on; -1 if they are not digits.
int digits(std::string_view text, std::size_t& pos, std::size_t width) {
  if (pos + width > text.size()) return -1;
  int value = 0;
  for (std::size_t i = 0; i < width; ++i) {
    const char c = text[pos + i];
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  pos += width;
  return value;
}

bool expect(std::string_view text, std::size_t& pos, std::string_view any_of) {
  if (pos >= text.size()) return false;
  for (const char c : any_of) {
    if (c != text[pos]) continue;
    ++pos;
    return true;
  }
  return false;
}

// Fraction of a second in ns, or -1; more than nine digits are refused.
std::int64_t fraction(std::string_view text, std::size_t& pos) {
  std::int64_t ns = 0;
  std::int64_t unit = 100'000'000;
  const std::size_t start = pos;
  while (pos < text.size() && text[pos] >= '0' && text[pos] <= '9') {
    if (unit == 0) return -1;
    ns += (text[pos++] - '0') * unit;
    unit /= 10;
  }
  return pos == start ? -1 : ns;
}

// Offset east of UTC in seconds.
bool zone(std::string_view text, std::size_t& pos, std::int64_t& offset) {
  if (expect(text, pos, "Zz")) {
    offset = 0;
    return true;
  }
  const std::size_t at = pos;
  if (!expect(text, pos, "+-")) return false;
  const int h = digits(text, pos, 2);
  if (h < 0 || h > 23 || !expect(text, pos, ":")) return false;
  const int m = digits(text, pos, 2);
  if (m < 0 || m > 59) return false;
  offset = (h * 60 + m) * 60 * (text[at] == '-' ? -1 : 1);
  return true;
}

Error bad_time(std::string_view text) {
  return fail(Errc::kInvalid, "'" + std::string(text.substr(0, 40)) +
                                  "' is not an RFC 3339 time like 2026-03-02T06:10:00Z");
}

}  // namespace

Result<Instant> parse_rfc3339(std::string_view text) {
  std::size_t pos = 0;
  const int year = digits(text, pos, 4);
  if (year < 1678 || year > 2261 || !expect(text, pos, "-")) return bad_time(text);
  const int month = digits(text, pos, 2);
  if (!expect(text, pos, "-")) return bad_time(text);
  const int day = digits(text, pos, 2);
  if (!expect(text, pos, "Tt ")) return bad_time(text);
  const int hour = digits(text, pos, 2);
  if (!expect(text, pos, ":")) return bad_time(text);
  const int minute = digits(text, pos, 2);
  if (!expect(text, pos, ":")) return bad_time(text);
  const int second = digits(text, pos, 2);
  const ch::year_month_day date{ch::year(year), ch::month(unsigned(month)), ch::day(unsigned(day))};
  if (month < 1 || day < 1 || !date.ok() || hour < 0 || hour > 23 || minute < 0 || minute > 59 ||
      second < 0 || second > 60) {
    return bad_time(text);
  }
  std::int64_t ns = 0;
  if (expect(text, pos, ".") && (ns = fraction(text, pos)) < 0) return bad_time(text);
  std::int64_t offset = 0;
  if (!zone(text, pos, offset) || pos != text.size()) return bad_time(text);
  const std::int64_t day_number = ch::sys_days(date).time_since_epoch().count();
  const std::int64_t second_number =
      day_number * 86'400 + hour * 3'600 + minute * 60 + second - offset;
  return Instant(second_number * 1'000'000'000 + ns);
}

std::string format_rfc3339(Instant t) {
  const ch::sys_time<ch::nanoseconds> point{ch::nanoseconds(t.ns())};
  const auto day = ch::floor<ch::days>(point);
  const ch::year_month_day date(day);
  const ch::hh_mm_ss time(point - day);
  std::array<char, 48> out{};
  const long ns = long(time.subseconds().count());
  const int precision = ns % 1'000'000 == 0 ? 3 : (ns % 1'000 == 0 ? 6 : 9);
  const long shown = precision == 3 ? ns / 1'000'000 : (precision == 6 ? ns / 1'000 : ns);
  const int n = std::snprintf(out.data(), out.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%0*ldZ",
                              int(date.year()), unsigned(date.month()), unsigned(date.day()),
                              int(time.hours().count()), int(time.minutes().count()),
                              int(time.seconds().count()), precision, shown);
  return std::string(out.data(), std::size_t(n));
}

Result<Duration> parse_duration(std::string_view text) {
  struct Unit {
    std::string_view name;
    Duration one;
  };
  static constexpr std::array kUnits{Unit{"d", days(1)}, Unit{"h", hours(1)},
                                     Unit{"ms", milliseconds(1)}, Unit{"m", minutes(1)},
                                     Unit{"s", seconds(1)}};
  const auto bad = [&] {
    return fail(Errc::kInvalid, "'" + std::string(text.substr(0, 40)) +
                                    "' is not a duration like 90s, 10m, 1h30m, 250ms or 14d");
  };
  Duration total;
  Duration smaller_than(INT64_MAX);
  std::size_t pos = 0;
  while (pos < text.size()) {
    std::int64_t n = 0;
    const std::size_t start = pos;
    while (pos < text.size() && text[pos] >= '0' && text[pos] <= '9' && pos - start < 9) {
      n = n * 10 + (text[pos++] - '0');
    }
    if (pos == start) return bad();
    const Unit* found = nullptr;
    for (const Unit& unit : kUnits) {
      if (text.substr(pos, unit.name.size()) == unit.name &&
          (found == nullptr || unit.name.size() > found->name.size())) {
        found = &unit;
      }
    }
    if (found == nullptr || found->one >= smaller_than) return bad();
    if (n > INT64_MAX / 4 / found->one.ns()) return bad();
    smaller_than = found->one;
    pos += found->name.size();
    total = total + found->one * n;
  }
  if (text.empty()) return bad();
  return total;
}

Instant SystemClock::now() const {
  return Instant(
      ch::duration_cast<ch::nanoseconds>(ch::system_clock::now().time_since_epoch()).count());
}

}  // namespace millwright
