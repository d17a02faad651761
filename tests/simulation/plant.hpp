#pragma once
// The plant, the rules and the load of the simulation. Values made from a seed; one thread.

#include <cstdint>

#include "millwright/base/rng.hpp"
#include "millwright/domain/plant.hpp"
#include "millwright/pipeline/partition.hpp"
#include "support/memory_broker.hpp"

namespace millwright::simulation {

inline constexpr Instant kStart{1'772'432'000'000'000'000};  // 2026-03-02T06:13:20Z
inline constexpr int kAssets = 6;

// Whether decisions may depend on what other topics say at the moment of the step.
enum class Gating : std::uint8_t { kNone, kMes };

[[nodiscard]] PlantModelPtr make_plant(Gating gating);
[[nodiscard]] rules::RuleSetPtr make_rules();

// Appends records to the logs, little by little: readings of machines that wear, machine states,
// sensors that fall silent, stock, repairs, duplicates, reused ids, rubbish and unreadable batches.
class Producer {
 public:
  Producer(support::MemoryBroker& broker, int partitions, Gating gating, Rng rng);
  // Appends a few records; event time is `now` and a little before. `turn` is the simulation's.
  void turn(Instant now, int turn);
  [[nodiscard]] std::int64_t appended() const { return appended_; }
  // In which turn a record came to the log.
  [[nodiscard]] int turn_of(const TopicPartition& where, Offset offset) const {
    const auto turns = turns_.find(where);
    if (turns == turns_.end() || std::size_t(offset.get()) >= turns->second.size()) return 1 << 30;
    return turns->second[std::size_t(offset.get())];
  }

 private:
  void reading(int asset, Instant now);
  void fact(Instant now);
  void rubbish(std::int32_t partition);
  void append(std::int32_t partition, const std::string& key, const std::string& json);

  support::MemoryBroker& broker_;
  const int partitions_;
  const Gating gating_;
  Rng rng_;
  struct Wear {
    double level = 1.2;
    double growth = 0.0;
    int silent_until = 0;  // turn; its sensor says nothing before
  };
  std::vector<Wear> wear_;
  std::map<std::int32_t, std::string> last_;  // by partition, for duplicates
  std::int64_t ids_ = 0;
  std::int64_t appended_ = 0;
  int turn_ = 0;
  std::map<TopicPartition, std::vector<int>> turns_;
};

}  // namespace millwright::simulation
