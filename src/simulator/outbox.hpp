#pragma once
// Outbox: collects what the parts of the simulated plant say within one minute, as structured
// CloudEvents with running ids. Owned by the simulator's thread.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "millwright/base/json.hpp"
#include "millwright/simulator/plant_simulator.hpp"

namespace millwright::simulator {

// Starts the event's envelope and its `data` object; finish() closes both and files the record.
class Outbox {
 public:
  Outbox(std::string prefix, std::string site)
      : prefix_(std::move(prefix)), site_(std::move(site)) {}

  struct Draft {
    SimulatedRecord record;
    JsonWriter json;
  };
  // `type` without prefix and version: iot.measurement.sampled
  [[nodiscard]] Draft begin(std::string_view type, std::string_view key, Instant at,
                            std::string_view correlation = {});
  void finish(Draft draft);

  static void quantity(JsonWriter& json, std::string_view name, double value,
                       std::string_view unit);

  // Records with an event time up to `to`, in its order; later ones stay.
  [[nodiscard]] std::vector<SimulatedRecord> take(Instant to);

 private:
  std::string prefix_;
  std::string site_;
  std::map<std::string, std::int64_t, std::less<>> running_;  // ids, by source
  std::vector<SimulatedRecord> waiting_;
};

}  // namespace millwright::simulator
