#pragma once
// passed: whether something that is done every `period` is due. Pure.

#include "millwright/base/time.hpp"

namespace millwright {

// A clock that was set back makes it due, too: nothing waits for the old time to come round.
[[nodiscard]] inline bool passed(Instant now, Instant last, Duration period) {
  return now < last || now - last >= period;
}

}  // namespace millwright
