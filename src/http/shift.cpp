#include "http/shift.hpp"

#include <date/tz.h>

#include <chrono>
#include <exception>

namespace millwright::http {
namespace {

using SysTime = std::chrono::time_point<std::chrono::system_clock, std::chrono::nanoseconds>;

Instant instant_of(const date::time_zone* zone, date::local_days day, int minute) {
  const auto local = date::local_seconds(day) + std::chrono::minutes(minute);
  const auto sys = zone->to_sys(local, date::choose::earliest);
  return Instant(std::chrono::nanoseconds(sys.time_since_epoch()).count());
}

}  // namespace

std::optional<ShiftNow> shift_at(const Calendar& calendar, Instant now) try {
  const date::time_zone* zone = date::locate_zone(calendar.time_zone);
  const auto local = zone->to_local(SysTime(std::chrono::nanoseconds(now.ns())));
  const auto today = date::floor<date::days>(local);
  // A night shift began yesterday.
  for (const auto day : {today, today - date::days(1)}) {
    for (const Shift& shift : calendar.shifts) {
      const Instant from = instant_of(zone, day, shift.start_minute);
      const Instant to = instant_of(zone, day, shift.start_minute + shift.length_minutes);
      if (from <= now && now < to) return ShiftNow{shift.id, from, to};
    }
  }
  return std::nullopt;
} catch (const std::exception&) {
  return std::nullopt;
}

}  // namespace millwright::http
