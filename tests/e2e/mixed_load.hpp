#pragma once
// A seeded load with everything a plant's topics hold: good events of every source, events sent
// twice, ids used again with another payload, and bytes that are no events. Says how many of each,
// so that a reconciliation can ask for every one.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "millwright/domain/plant.hpp"
#include "millwright/simulator/plant_simulator.hpp"

namespace millwright::e2e {

struct MixedLoad {
  std::vector<simulator::SimulatedRecord> records;  // in the order they are to be produced
  std::int64_t duplicates = 0;
  std::map<std::string, std::int64_t> dead_letters;  // by reason, as domain's to_text spells it
  Instant ends;                                      // event time of the last record

  [[nodiscard]] std::int64_t dead() const;
};

// About `count` records, at least that many.
[[nodiscard]] MixedLoad make_mixed_load(const PlantModelPtr& plant, std::uint64_t seed,
                                        std::size_t count, Instant from);

}  // namespace millwright::e2e
