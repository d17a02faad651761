#pragma once
// Partition: all state of one Kafka partition and the pure step over it. A value owned by one lane
// thread; no clock, no chance, no I/O. The same records under the same views and plant times give
// the same decisions, bit for bit, however they are split into steps.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "millwright/base/limits.hpp"
#include "millwright/domain/checkpoint.hpp"
#include "millwright/domain/event.hpp"
#include "millwright/domain/intent.hpp"
#include "millwright/domain/plant.hpp"
#include "millwright/domain/view.hpp"
#include "millwright/rules/rule_set.hpp"

namespace millwright::pipeline {

// What every partition of a lane shares; immutable.
struct Setup {
  PlantModelPtr plant;
  rules::RuleSetPtr rules;
  std::size_t entities_max = limits::kEntitiesPerPartition;
};

using Decoded = std::variant<Event, Reject>;

struct StepResult {
  std::vector<std::variant<Decision, Fact>> outcomes;  // in the order of their records
  std::vector<Reject> rejects;                         // handed in, and conflicts found here
  std::vector<rules::RuleError> rule_errors;
  DispositionCounts counts{};  // every record under exactly one
};

class Partition {
 public:
  Partition(TopicPartition where, Setup setup);
  // Rebuilds state from a checkpoint. The caller then steps over [reobserve_from, cursor) with
  // Mode::kReobserve, batch by batch as recorded.
  Partition(const RestoredPartition& restored, TopicPartition where, Setup setup);
  ~Partition();
  Partition(Partition&&) noexcept;
  Partition& operator=(Partition&&) noexcept;

  enum class Mode { kDecide, kReobserve };

  // Steps over the records of one batch in offset order, up to `next`. plant_now: see
  // CursorAdvance. Ticks fall due inside: at each minute of plant time that is crossed.
  // kReobserve brings state to where it was and returns nothing but counts.
  [[nodiscard]] StepResult step(std::vector<Decoded> records, Offset next, const LaneView& view,
                                std::optional<Instant> plant_now, Mode mode);

  // Re-observation: a decision the ledger recorded for a record of the step just made.
  void recall(const Decision& decision);

  // The next bounded slice of a checkpoint; starts a round if none is open. nullopt: nothing has
  // changed since the last complete round.
  [[nodiscard]] std::optional<CheckpointSlice> next_slice(std::size_t bytes_max);

  [[nodiscard]] Offset next() const;  // the next record to step over
  [[nodiscard]] std::size_t entities() const;
  [[nodiscard]] std::size_t memory_bytes() const;  // estimate

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace millwright::pipeline
