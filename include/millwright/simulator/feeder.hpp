#pragma once
// Feeder: produces simulated records to Kafka. Owned and called by one thread.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "millwright/base/result.hpp"
#include "millwright/simulator/plant_simulator.hpp"

namespace millwright::simulator {

class Feeder {
 public:
  static Result<std::unique_ptr<Feeder>> connect(const std::string& bootstrap);
  ~Feeder();
  Feeder(const Feeder&) = delete;
  Feeder& operator=(const Feeder&) = delete;

  // Hands the records to the client in order; waits while its queue is full, 10 s at most.
  [[nodiscard]] Result<void> send(const std::vector<SimulatedRecord>& records);
  // Waits until the broker has everything.
  [[nodiscard]] Result<void> flush(Duration at_most);
  // Records that the broker has confirmed.
  [[nodiscard]] std::int64_t delivered() const;

  struct State;

 private:
  explicit Feeder(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace millwright::simulator
