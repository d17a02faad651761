#pragma once
// Machines: the physics of every asset, simple but causal. Load follows the line, heat follows the
// load, wear raises vibration and heat; sensors report what they see. Owned by the simulator's
// thread.

#include <map>
#include <vector>

#include "millwright/base/rng.hpp"
#include "millwright/domain/plant.hpp"
#include "simulator/faults.hpp"
#include "simulator/lines.hpp"
#include "simulator/outbox.hpp"

namespace millwright::simulator {

class Machines {
 public:
  Machines(const PlantModel& plant, std::uint64_t seed);

  // One minute of plant time: states move on, and readings that are due are told.
  void step(Instant minute, const Lines& lines, const FaultScript& faults, Outbox& out);

 private:
  struct Machine {
    const Asset* asset = nullptr;
    std::vector<const Signal*> measured;   // iot.measurement.sampled
    std::vector<const Signal*> vibration;  // iot.vibration.features
    double base = 1.0;                     // velocity of the sound machine, mm/s r.m.s.
    double limit_bc = 2.8;
    double load = 0.0;   // 0..1
    double heat = 22.0;  // of the bearings, Cel
    double rpm = 0.0;
    bool running = false;
    Rng rng{0};
    std::map<SignalId, double> stuck;  // last value of a sensor that does not move
  };

  void move(Machine& m, Instant minute, const Lines& lines, const FaultScript& faults);
  void tell_measurement(Machine& m, const Signal& signal, Instant at, const FaultScript& faults,
                        Outbox& out);
  void tell_vibration(Machine& m, const Signal& signal, Instant at, const FaultScript& faults,
                      Outbox& out);
  double measured_value(Machine& m, const Signal& signal, Instant at, const FaultScript& faults);

  std::vector<Machine> machines_;
};

// Outside air at this instant, Cel.
[[nodiscard]] double ambient(Instant at);

}  // namespace millwright::simulator
