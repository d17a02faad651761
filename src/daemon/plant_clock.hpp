#pragma once
// PlantClock: the time of a plant that is simulated. It goes forward as the plant's events are fed,
// never ahead of them. Thread-safe.

#include <atomic>
#include <optional>

#include "millwright/base/time.hpp"

namespace millwright::daemon {

class PlantClock final : public Clock {
 public:
  explicit PlantClock(Instant start) : now_(start.ns()) {}

  [[nodiscard]] Instant now() const override { return Instant(now_.load()); }
  // Called by one thread; `plant` is not before now().
  void set(Instant plant) { now_ = plant.ns(); }

  // While history is fed, plant time is the newest event's: nullopt.
  void go_live() { live_ = true; }
  [[nodiscard]] std::optional<Instant> plant_time(Instant now) const {
    return live_ ? std::optional<Instant>(now) : std::nullopt;
  }

 private:
  std::atomic<std::int64_t> now_;
  std::atomic<bool> live_{false};
};

}  // namespace millwright::daemon
