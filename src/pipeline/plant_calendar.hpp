#pragma once
// PlantCalendar: shift, holiday and planned stops of the plant at an instant, by its local time.
// Owned by one partition; borrows the plant model.

#include <string>
#include <vector>

#include "millwright/domain/observation.hpp"
#include "millwright/domain/plant.hpp"

namespace millwright::pipeline {

class PlantCalendar {
 public:
  explicit PlantCalendar(const PlantModel& plant);
  // `asset`: null where it is not known; then only stops of the whole plant would count, and none
  // do.
  [[nodiscard]] PlantMoment at(Instant t, const Asset* asset);

 private:
  [[nodiscard]] std::int64_t offset_at(Instant t) const;  // seconds
  // The first instant at which clocks show this; where they skip it, when they skip.
  [[nodiscard]] Instant instant_of(std::int64_t local_seconds) const;
  void work_out(Instant t);

  const PlantModel& plant_;
  std::vector<std::int64_t> holidays_;  // days since 1970, ascending
  Duration longest_stop_;
  // What holds from `from_` to `to_`; most readings fall into the same span as the one before.
  Instant from_;
  Instant to_;
  PlantMoment now_;
};

}  // namespace millwright::pipeline
