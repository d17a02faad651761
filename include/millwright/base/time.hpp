#pragma once
// Instants and durations in nanoseconds of UTC (Unix time, no leap seconds), and the Clock port.
// Pure rooms never read a clock: an Instant is always handed in.

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "millwright/base/result.hpp"

namespace millwright {

// A span of time, nanoseconds, may be negative.
class Duration {
 public:
  constexpr Duration() = default;
  constexpr explicit Duration(std::int64_t ns) : ns_(ns) {}
  [[nodiscard]] constexpr std::int64_t ns() const noexcept { return ns_; }
  [[nodiscard]] constexpr std::int64_t ms() const noexcept { return ns_ / 1'000'000; }
  [[nodiscard]] constexpr double seconds() const noexcept { return double(ns_) / 1e9; }

  friend constexpr auto operator<=>(Duration, Duration) = default;
  friend constexpr Duration operator+(Duration a, Duration b) { return Duration(a.ns_ + b.ns_); }
  friend constexpr Duration operator-(Duration a, Duration b) { return Duration(a.ns_ - b.ns_); }
  friend constexpr Duration operator*(Duration a, std::int64_t k) { return Duration(a.ns_ * k); }

 private:
  std::int64_t ns_ = 0;
};

constexpr Duration milliseconds(std::int64_t n) {
  return Duration(n * 1'000'000);
}
constexpr Duration seconds(std::int64_t n) {
  return Duration(n * 1'000'000'000);
}
constexpr Duration minutes(std::int64_t n) {
  return seconds(n * 60);
}
constexpr Duration hours(std::int64_t n) {
  return minutes(n * 60);
}
constexpr Duration days(std::int64_t n) {
  return hours(n * 24);
}

// A point in time. The default is the Unix epoch; `is_set` tells it from a real reading.
class Instant {
 public:
  constexpr Instant() = default;
  constexpr explicit Instant(std::int64_t ns) : ns_(ns) {}
  [[nodiscard]] constexpr std::int64_t ns() const noexcept { return ns_; }
  [[nodiscard]] constexpr std::int64_t ms() const noexcept { return ns_ / 1'000'000; }
  [[nodiscard]] constexpr bool is_set() const noexcept { return ns_ != 0; }

  friend constexpr auto operator<=>(Instant, Instant) = default;
  friend constexpr Instant operator+(Instant t, Duration d) { return Instant(t.ns_ + d.ns()); }
  friend constexpr Instant operator-(Instant t, Duration d) { return Instant(t.ns_ - d.ns()); }
  friend constexpr Duration operator-(Instant a, Instant b) { return Duration(a.ns_ - b.ns_); }

 private:
  std::int64_t ns_ = 0;
};

// RFC 3339, at most nanoseconds, any offset, years 1678 to 2261 (what int64 nanoseconds hold).
// A leap second (:60) is read as the second after it.
[[nodiscard]] Result<Instant> parse_rfc3339(std::string_view text);

// RFC 3339 in UTC with millisecond precision, longer only where the instant needs it:
// 2026-03-02T06:10:00.000Z
[[nodiscard]] std::string format_rfc3339(Instant t);

// "90s", "10m", "1h30m", "250ms", "14d": integers with units, largest first.
[[nodiscard]] Result<Duration> parse_duration(std::string_view text);

// The one way to ask for the time; owned by daemon/ and passed in. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Instant now() const = 0;
};

// The system's wall clock.
class SystemClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override;
};

}  // namespace millwright
