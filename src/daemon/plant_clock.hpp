#pragma once
// PlantClock: the time of a plant that runs at its own speed. In the demo it is set forward while
// history is simulated, then runs at so many minutes a minute. Thread-safe.

#include <mutex>

#include "millwright/base/time.hpp"

namespace millwright::daemon {

class PlantClock final : public Clock {
 public:
  // Reads `wall`, which must outlive it.
  PlantClock(const Clock& wall, Instant start, double speed)
      : wall_(wall), plant_(start), set_at_(wall.now()), speed_(speed) {}

  [[nodiscard]] Instant now() const override {
    const std::scoped_lock lock(mutex_);
    return plant_ + Duration(std::int64_t(double((wall_.now() - set_at_).ns()) * speed_));
  }
  // Never backwards: an earlier time is ignored.
  void set_forward(Instant plant) {
    const Instant present = now();
    const std::scoped_lock lock(mutex_);
    if (plant <= present) return;
    plant_ = plant;
    set_at_ = wall_.now();
  }

 private:
  const Clock& wall_;
  mutable std::mutex mutex_;
  Instant plant_;
  Instant set_at_;
  const double speed_;
};

}  // namespace millwright::daemon
