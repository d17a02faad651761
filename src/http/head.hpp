#pragma once
// check_head: a strict look at the raw bytes of a request's header before any parser sees them.
// Whatever two HTTP implementations could read differently is refused here, so that no request can
// hide in another. Pure; called by the I/O thread as bytes arrive.

#include <cstddef>
#include <string_view>

namespace millwright::http {

struct HeadCheck {
  enum class State { kMore, kBad, kComplete };
  State state = State::kMore;
  int status = 400;            // kBad
  std::string_view why;        // kBad: for a person
  std::size_t bytes = 0;       // kComplete: up to and with the empty line
  std::size_t body_bytes = 0;  // kComplete: Content-Length
  bool expects_continue = false;
};

[[nodiscard]] HeadCheck check_head(std::string_view bytes);

}  // namespace millwright::http
