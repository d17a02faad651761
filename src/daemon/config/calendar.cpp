#include <date/date.h>
#include <date/tz.h>

#include "daemon/config/tables.hpp"

namespace millwright::daemon {
namespace {

date::year_month_day to_day(std::string_view text) {
  const auto number = [&](std::size_t at, std::size_t length) {
    int value = 0;
    for (const char c : text.substr(at, length)) value = value * 10 + (c - '0');
    return value;
  };
  return date::year(number(0, 4)) / number(5, 2) / number(8, 2);
}

}  // namespace

bool known_time_zone(const std::string& zone) {
  try {
    return date::locate_zone(zone) != nullptr;
  } catch (const std::exception&) {
    return false;
  }
}

std::vector<ZoneOffset> zone_offsets(const std::string& zone) try {
  constexpr std::size_t kMost = 1'000;
  std::vector<ZoneOffset> out;
  const date::time_zone* found = date::locate_zone(zone);
  const date::sys_seconds end = date::sys_days(date::year(2100) / 1 / 1);
  for (date::sys_seconds at = date::sys_days(date::year(1990) / 1 / 1);
       at < end && out.size() < kMost;) {
    const date::sys_info info = found->get_info(at);
    if (out.empty() || out.back().seconds != info.offset.count()) {
      out.push_back({Instant() + seconds(at.time_since_epoch().count()), info.offset.count()});
    }
    if (info.end <= at) break;
    at = info.end;
  }
  return out;
} catch (const std::exception&) {
  return {};
}

Instant local_instant(const std::string& zone, std::string_view date, int minute) {
  try {
    const auto local = date::local_days(to_day(date)) + std::chrono::minutes(minute);
    const auto utc = date::locate_zone(zone)->to_sys(local, date::choose::earliest);
    return Instant(
        std::chrono::duration_cast<std::chrono::nanoseconds>(utc.time_since_epoch()).count());
  } catch (const std::exception&) {
    return {};
  }
}

std::vector<std::string> weekly_dates(std::string_view first, std::string_view last, int weekday) {
  constexpr std::size_t kMost = 2'000;
  std::vector<std::string> out;
  const date::sys_days end(to_day(last));
  for (date::sys_days day(to_day(first)); day <= end && out.size() < kMost; day += date::days(1)) {
    if (int(date::weekday(day).iso_encoding()) - 1 != weekday) continue;
    out.push_back(date::format("%F", day));
    day += date::days(6);
  }
  return out;
}

}  // namespace millwright::daemon
