#pragma once
// PlantSimulator: a plant that lives. Machines wear, orders come and go, stock falls, repairs are
// carried out, and every system of the plant (ERP, MES, CMMS, WMS, IoT) tells the same story in
// CloudEvents. Seeded: the same seed and calls give the same records. Owned by one thread; no I/O.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "millwright/base/time.hpp"
#include "millwright/domain/ids.hpp"
#include "millwright/domain/plant.hpp"

namespace millwright::simulator {

struct SimulatorOptions {
  std::uint64_t seed = 1;
  Instant from;                         // the first minute that is simulated
  Instant live_from;                    // the scripted faults are placed around this instant
  std::string prefix = "com.acme";      // of the event types
  Duration repair_lead = minutes(10);   // from the order to the start of the work
  std::size_t pending_orders_max = 64;  // beyond it new orders wait in the ERP
};

// One event, ready to be produced.
struct SimulatedRecord {
  Instant at;         // event time
  std::string topic;  // by source: erp.events, iot.telemetry, ...
  std::string key;
  std::string value;  // structured CloudEvent
};

// What the ERP got and the plant's people now carry out.
struct OrderedPart {
  MaterialId material;
  double quantity = 0.0;
};
struct ExternalOrder {
  std::string number;        // the ERP's
  std::string external_ref;  // our task
  std::string correlation;   // our case; orders and reservations of one case belong together
  std::string asset;         // equipment number or asset id
  double duration_h = 1.0;
};
struct ExternalReservation {
  std::string number;
  std::string correlation;
  std::vector<OrderedPart> parts;
};

class PlantSimulator {
 public:
  PlantSimulator(PlantModelPtr plant, SimulatorOptions options);
  ~PlantSimulator();
  PlantSimulator(const PlantSimulator&) = delete;
  PlantSimulator& operator=(const PlantSimulator&) = delete;

  // Everything that happens up to `to`, in order of event time.
  [[nodiscard]] std::vector<SimulatedRecord> advance(Instant to);

  void accept(const ExternalOrder& order);
  void accept(const ExternalReservation& reservation);

  // A scripted fault, for people who want to know what is really wrong.
  struct Truth {
    AssetId asset;
    std::string mode;  // BRG-OUTER, ..., FALSE-ALARM
    std::string point;
    Instant from;
    bool repaired = false;
  };
  [[nodiscard]] std::vector<Truth> truth() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace millwright::simulator
