#pragma once
// Strict scalars: the text of a YAML scalar -> a value, and why not. What YAML 1.1 readers would
// quietly turn into something else (no, 010, 1_000, 0x1F, 1:30) is an error that says how to write
// it. Pure functions.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "millwright/base/result.hpp"
#include "millwright/base/time.hpp"

namespace millwright::daemon {

// What another YAML reader would take plain text for; nullopt: for text.
[[nodiscard]] std::optional<std::string_view> misread_as(std::string_view plain);

[[nodiscard]] Result<double> strict_number(std::string_view plain);
[[nodiscard]] Result<std::int64_t> strict_integer(std::string_view plain);
[[nodiscard]] Result<bool> strict_bool(std::string_view plain);
// 256MB, 1GB, 64KB, 100B: powers of 1 024.
[[nodiscard]] Result<std::size_t> strict_bytes(std::string_view text);
// "2026-12-25"
[[nodiscard]] bool is_date(std::string_view text);
// "05:00" -> minutes after midnight.
[[nodiscard]] std::optional<int> time_of_day(std::string_view text);
// "2027-08-02T06:00"
[[nodiscard]] bool is_local_time(std::string_view text);

}  // namespace millwright::daemon
