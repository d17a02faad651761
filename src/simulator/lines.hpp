#pragma once
// Lines: production orders come from the ERP and run on the lines; MES tells states, operations and
// counts. Owned by the simulator's thread.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "millwright/base/rng.hpp"
#include "millwright/domain/plant.hpp"
#include "simulator/outbox.hpp"

namespace millwright::simulator {

class Lines {
 public:
  Lines(const PlantModel& plant, std::uint64_t seed, Instant from);

  void step(Instant minute, Outbox& out);

  // Whether the asset's line makes something now, and at what share of its speed (0..1). Assets of
  // no line (utilities) follow the share of lines that run.
  [[nodiscard]] double load(const Asset& asset) const;
  // People work on the machine: it stands, and MES says so.
  void set_maintenance(const Asset& asset, bool on) { maintained_[asset.id] = on; }
  [[nodiscard]] bool in_maintenance(const AssetId& id) const;

 private:
  enum class Phase { kRunning, kChangeover, kStopped, kPlannedStop };
  struct Line {
    std::string node;
    std::vector<const Asset*> assets;
    Phase phase = Phase::kChangeover;
    Instant phase_ends;
    std::string order;
    std::string material;
    double quantity = 0.0, good = 0.0, scrap = 0.0;
    double speed = 0.8;  // share of full speed
    Rng rng{0};
  };
  struct Told {
    std::string state, mode;
  };

  void next_phase(Line& line, Instant minute, Outbox& out);
  void start_order(Line& line, Instant minute, Outbox& out);
  void finish_order(Line& line, Instant minute, Outbox& out);
  void produce(Line& line, Instant minute, Outbox& out);
  void tell_states(Line& line, Instant minute, Outbox& out);
  [[nodiscard]] bool planned_stop(const Line& line, Instant at) const;

  const PlantModel& plant_;
  std::vector<Line> lines_;
  std::map<AssetId, bool> maintained_;
  std::map<std::string, Told> told_;  // by work unit
  std::int64_t next_order_ = 1'000'400;
};

}  // namespace millwright::simulator
