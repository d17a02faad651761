#pragma once
// Timestamps, durations and time zones as CEL spells them. Pure but for the zone database, which is
// read once and then only looked at; any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "millwright/base/time.hpp"
#include "millwright/cel/value.hpp"

namespace millwright::cel {

// RFC 3339, years 1 to 9999; an error value if the text is none.
[[nodiscard]] Value parse_timestamp(std::string_view text) noexcept;
// "1h30m", "-1.5s", "250ms"; units h m s ms us ns.
[[nodiscard]] Value parse_cel_duration(std::string_view text) noexcept;

[[nodiscard]] std::string timestamp_text(std::int64_t seconds, std::uint32_t ns);
[[nodiscard]] std::string duration_text(Duration d);

// A zone of the database, or a fixed offset. Small, copied freely.
struct Zone {
  const void* named = nullptr;  // the database's own entry, which lives for ever
  std::int32_t offset_s = 0;
};
// IANA names, "UTC", "+05:30", "-03:00", "02:00"; nothing if there is no such zone.
[[nodiscard]] std::optional<Zone> find_zone(std::string_view name);
// Seconds east of UTC at that time.
[[nodiscard]] std::int64_t offset_at(const Zone& zone, std::int64_t seconds);

enum class TimePart : std::uint8_t {
  kFullYear,
  kMonth,       // 0 to 11
  kDayOfYear,   // from 0
  kDayOfMonth,  // from 0
  kDate,        // from 1
  kDayOfWeek,   // Sunday is 0
  kHours,
  kMinutes,
  kSeconds,
  kMilliseconds,
};
[[nodiscard]] std::int64_t time_part(TimePart part, std::int64_t local_seconds, std::uint32_t ns);

}  // namespace millwright::cel
