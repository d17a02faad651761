#pragma once
// Partition::State: what one partition holds. Private to the partition's own files.

#include "millwright/pipeline/partition.hpp"
#include "pipeline/entities.hpp"
#include "pipeline/event_use.hpp"
#include "pipeline/observer.hpp"
#include "pipeline/plant_calendar.hpp"
#include "pipeline/seen.hpp"

namespace millwright::pipeline {

// Ids remembered at most, for each of telemetry and transactions; the oldest leave first.
inline constexpr std::size_t kSeenMax = 1'500'000;
// How far ahead of its source's plant clock an event may be.
inline constexpr Duration kFutureBy = minutes(5);
// Silence makes a checkpoint due once it has moved plant time so far.
inline constexpr Duration kSilentCheckpoint = minutes(10);

struct Partition::State {
  State(TopicPartition where_, Setup setup_);

  // Of one step.
  struct Step {
    const LaneView& view;
    std::optional<Instant> plant_now;
    bool live = false;      // outcomes are wanted, not only state
    bool deciding = false;  // and there are rules
    StepResult result;
  };

  void take(Event& event, Step& step);
  Disposition dispose(Event& event, Step& step);
  Disposition fact(Event& event, const TypeUse& use, bool late, std::uint64_t source, Step& step);
  Disposition reading(const Event& event, const TypeUse& use, bool historical, std::uint64_t source,
                      Step& step);
  void pass_time(Instant candidate, Step& step);
  void tick(Instant at, Step& step);
  void decide(Entity& entity, Step& step);
  void adopt(rules::Outcome outcome, Entity& entity, Step& step);
  // What the observation depends on beside the event: the plant's calendar.
  void date(const Entity& entity);
  // Shows the observation to the watches of rules; in re-observation too.
  void show(Entity& entity, Step& step);
  // Time alone may have changed some of the entity's watches.
  void look_at_watches(Entity& entity, Instant at, Step& step);
  [[nodiscard]] rules::Memory memory(const Entity& entity) const;
  void look_at_plant(Entity& entity, const Step& step);
  Observation& begin(const Event* event, Instant at);
  void report_conflict(const Event& event, Step& step);

  struct Round {
    bool open = false;
    bool first = false;
    Offset begun;
    std::string partition_state;
    std::vector<std::string> names;
    std::size_t at = 0;
  };
  void begin_round();
  [[nodiscard]] std::string save_whole() const;
  [[nodiscard]] bool load_whole(std::string_view bytes);
  void restore(const RestoredPartition& restored);
  std::string blob_of(const std::string& name);

  TopicPartition where;
  Setup setup;
  PlantIndex plant;
  TypeUses uses;
  Entities entities;
  Observer observer;
  Seen telemetry{dedupe_horizon(SourceFamily::kIot), minutes(1), kSeenMax};
  Seen transactions{dedupe_horizon(SourceFamily::kErp), hours(1), kSeenMax};
  Observation observation;  // reused
  bool ticks_listened = false;
  PlantCalendar calendar;
  bool dated = false;     // a rule reads the calendar
  PlantMoment moment;     // of the observation
  rules::SpentMap spent;  // budgets of rules over all assets of the partition

  Offset next;
  Instant clock;      // plant time as far as this partition was read; never goes back
  Instant last_tick;  // a whole minute
  std::uint64_t step_number = 0;
  std::string key;  // reused

  std::int64_t rounds = 0;
  Round round;
  bool stepped = false;  // since the last round began
  Instant round_clock;
};

}  // namespace millwright::pipeline
