#pragma once
// Which shift it is. Pure but for the time zone database.

#include <optional>
#include <string>

#include "millwright/domain/plant.hpp"

namespace millwright::http {

struct ShiftNow {
  std::string id;
  Instant from;
  Instant to;
};
// Nothing between shifts, without shifts, or when the time zone is not known here.
[[nodiscard]] std::optional<ShiftNow> shift_at(const Calendar& calendar, Instant now);

}  // namespace millwright::http
