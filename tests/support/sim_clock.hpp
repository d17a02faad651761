#pragma once
// SimClock: time that moves only when told to, forwards or backwards. One thread.

#include "millwright/base/time.hpp"

namespace millwright::support {

class SimClock final : public Clock {
 public:
  explicit SimClock(Instant start) : now_(start) {}
  [[nodiscard]] Instant now() const override { return now_; }
  void advance(Duration by) { now_ = now_ + by; }

 private:
  Instant now_;
};

}  // namespace millwright::support
