#include "pipeline/plant_calendar.hpp"

#include <algorithm>

namespace millwright::pipeline {
namespace {

constexpr std::int64_t kDay = 86'400;

std::int64_t floor_to(std::int64_t n, std::int64_t step) {
  return n / step - (n % step < 0 ? 1 : 0);
}

Instant at_second(std::int64_t n) {
  return Instant() + seconds(n);
}

}  // namespace

PlantCalendar::PlantCalendar(const PlantModel& plant) : plant_(plant) {
  for (const std::string& day : plant.calendar.holidays) {
    const auto at = parse_rfc3339(day + "T00:00:00Z");
    if (at) holidays_.push_back(floor_to(at->ns() / seconds(1).ns(), kDay));
  }
  std::sort(holidays_.begin(), holidays_.end());
  for (const PlannedStop& stop : plant.calendar.planned_stops) {
    longest_stop_ = std::max(longest_stop_, stop.to - stop.from);
  }
}

std::int64_t PlantCalendar::offset_at(Instant t) const {
  const auto& offsets = plant_.calendar.offsets;
  const auto after = std::upper_bound(offsets.begin(), offsets.end(), t,
                                      [](Instant at, const ZoneOffset& o) { return at < o.from; });
  if (after == offsets.begin()) return offsets.empty() ? 0 : offsets.front().seconds;
  return std::prev(after)->seconds;
}

Instant PlantCalendar::instant_of(std::int64_t local_seconds) const {
  // Clocks are moved at most once in two days.
  const std::int64_t before = offset_at(at_second(local_seconds - kDay));
  const std::int64_t after = offset_at(at_second(local_seconds + kDay));
  const Instant early = at_second(local_seconds - std::max(before, after));
  const Instant late = at_second(local_seconds - std::min(before, after));
  if (offset_at(early) == std::max(before, after)) return early;
  if (offset_at(late) == std::min(before, after)) return late;
  for (const ZoneOffset& each : plant_.calendar.offsets) {
    if (each.from > early) return each.from;  // they were moved forward over it
  }
  return late;
}

void PlantCalendar::work_out(Instant t) {
  const std::int64_t second = floor_to(t.ns(), seconds(1).ns());
  const std::int64_t today = floor_to(second + offset_at(t), kDay);
  now_ = PlantMoment{};
  now_.day_from = instant_of(today * kDay);
  now_.holiday = std::binary_search(holidays_.begin(), holidays_.end(), today);
  from_ = now_.day_from;
  to_ = instant_of((today + 1) * kDay);
  Instant ended;
  // A night shift began yesterday; of two at once the later one is on.
  for (const std::int64_t day : {today - 1, today}) {
    for (const Shift& shift : plant_.calendar.shifts) {
      const std::int64_t start = day * kDay + shift.start_minute * 60;
      const Instant from = instant_of(start);
      const Instant to = instant_of(start + shift.length_minutes * 60);
      if (from <= t && t < to && from >= now_.shift_from) {
        now_.shift = shift.id;
        now_.shift_from = from;
      }
      if (to <= t) ended = std::max(ended, to);
      for (const Instant edge : {from, to}) {
        if (edge <= t) from_ = std::max(from_, edge);
        if (edge > t) to_ = std::min(to_, edge);
      }
    }
  }
  if (now_.shift.empty()) now_.shift_from = ended.is_set() ? ended : now_.day_from;
}

PlantMoment PlantCalendar::at(Instant t, const Asset* asset) {
  if (t < from_ || t >= to_ || !to_.is_set()) work_out(t);
  PlantMoment out = now_;
  out.working = !out.holiday && (plant_.calendar.shifts.empty() || !out.shift.empty());
  if (!out.working || asset == nullptr) return out;
  const auto& stops = plant_.calendar.planned_stops;
  auto stop = std::upper_bound(stops.begin(), stops.end(), t,
                               [](Instant at, const PlannedStop& s) { return at < s.from; });
  while (stop != stops.begin() && (--stop)->from + longest_stop_ > t) {
    if (t < stop->to && plant_.stops(*asset, stop->node)) out.working = false;
  }
  return out;
}

}  // namespace millwright::pipeline
