#pragma once
// What is really wrong with the simulated machines: a script of faults around the start of the
// demo, then now and then a new one drawn from the seed. Owned by the simulator's thread.

#include <string>
#include <vector>

#include "millwright/base/rng.hpp"
#include "millwright/base/time.hpp"
#include "millwright/simulator/plant_simulator.hpp"

namespace millwright::simulator {

struct Fault {
  AssetId asset;
  std::string mode;   // BRG-OUTER, UNBALANCE, MISALIGNMENT, LOOSENESS, LUBRICATION, SENSOR-STUCK,
                      // FALSE-ALARM
  std::string point;  // measuring point or tag; "" any
  Instant from;
  Duration ramp;       // until severity reaches `reach`
  double reach = 0.7;  // severity at the end of the ramp; 0.64 brings vibration to B/C
  Duration lasts;      // 0: until it is repaired
  bool repaired = false;

  // 0 none; 1: vibration is about 1.4 times the B/C limit.
  [[nodiscard]] double severity(Instant now) const;
};

class FaultScript {
 public:
  FaultScript(const PlantModel& plant, const SimulatorOptions& options);

  // Adds a fault now and then once the script is done.
  void step(Instant now);
  // Of all faults with this mode at this asset and point ("" any); the greatest.
  [[nodiscard]] double severity(const AssetId& asset, std::string_view mode, std::string_view point,
                                Instant now) const;
  // The machine was repaired: its faults are gone. The mode that was found, "" none.
  std::string repair(const AssetId& asset, Instant now);
  [[nodiscard]] const std::vector<Fault>& faults() const { return faults_; }

 private:
  void add(std::string_view asset, std::string_view mode, std::string_view point, Instant from,
           Duration ramp, double reach, Duration lasts = Duration());

  const PlantModel& plant_;
  Rng rng_;
  Instant next_fault_;
  std::vector<Fault> faults_;
};

}  // namespace millwright::simulator
