#pragma once
// Whether something is due: what is done every `period`, and what waits until an instant. Pure.

#include "millwright/base/time.hpp"

namespace millwright {

// A clock that was set back makes it due, too: nothing waits for the old time to come round.
[[nodiscard]] inline bool passed(Instant now, Instant last, Duration period) {
  return now < last || now - last >= period;
}

// Whether the wait until `at` is over. `longest` is as long as it can have been meant to be: a
// clock that was set back does not make it longer.
[[nodiscard]] inline bool reached(Instant now, Instant at, Duration longest) {
  return now >= at || at - now > longest;
}

}  // namespace millwright
