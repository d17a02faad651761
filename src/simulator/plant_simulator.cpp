#include "millwright/simulator/plant_simulator.hpp"

#include "simulator/faults.hpp"
#include "simulator/lines.hpp"
#include "simulator/machines.hpp"
#include "simulator/maintenance.hpp"
#include "simulator/outbox.hpp"

namespace millwright::simulator {

struct PlantSimulator::State {
  State(PlantModelPtr model, const SimulatorOptions& options)
      : plant(std::move(model)),
        next_minute(Instant(options.from.ns() / minutes(1).ns() * minutes(1).ns())),
        outbox(options.prefix, plant->site_id),
        lines(*plant, options.seed, options.from),
        machines(*plant, options.seed),
        faults(*plant, options),
        maintenance(*plant, options) {}

  const PlantModelPtr plant;
  Instant next_minute;
  Outbox outbox;
  Lines lines;
  Machines machines;
  FaultScript faults;
  Maintenance maintenance;
};

PlantSimulator::PlantSimulator(PlantModelPtr plant, SimulatorOptions options)
    : state_(std::make_unique<State>(std::move(plant), options)) {}
PlantSimulator::~PlantSimulator() = default;

std::vector<SimulatedRecord> PlantSimulator::advance(Instant to) {
  State& s = *state_;
  while (s.next_minute <= to) {
    s.faults.step(s.next_minute);
    s.maintenance.step(s.next_minute, s.lines, s.faults, s.outbox);
    s.lines.step(s.next_minute, s.outbox);
    s.machines.step(s.next_minute, s.lines, s.faults, s.outbox);
    s.next_minute = s.next_minute + minutes(1);
  }
  return s.outbox.take(to);
}

void PlantSimulator::accept(const ExternalOrder& order) {
  state_->maintenance.accept(order);
}

void PlantSimulator::accept(const ExternalReservation& reservation) {
  state_->maintenance.accept(reservation);
}

std::vector<PlantSimulator::Truth> PlantSimulator::truth() const {
  std::vector<Truth> out;
  for (const Fault& f : state_->faults.faults()) {
    out.push_back({f.asset, f.mode, f.point, f.from, f.repaired});
  }
  return out;
}

}  // namespace millwright::simulator
