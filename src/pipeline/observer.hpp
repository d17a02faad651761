#pragma once
// Observer: what one reading means to the entity it belongs to. It changes the entity's state and
// fills the observation that rules see. Owned by one partition; holds no state of its own.

#include "pipeline/event_use.hpp"
#include "pipeline/state.hpp"

namespace millwright::pipeline {

// A signal is silent once this many of its intervals have passed without a reading.
inline constexpr std::int64_t kStaleIntervals = 2;

class Observer {
 public:
  // Each returns what became of the event: kObserved, kOutOfOrder or kUnmapped. The entity's
  // `plant` is valid. `source` is the hash of the event's source.
  Disposition measurement(Entity& entity, const Event& event, const TypeUse& use,
                          std::uint64_t source, Observation& out);
  Disposition vibration(Entity& entity, const Event& event, const TypeUse& use,
                        std::uint64_t source, Observation& out);
  Disposition lifecycle(Entity& entity, const Event& event, const TypeUse& use, Observation& out);
  // Any other event that names an asset: what is known of the asset.
  void about_asset(const Entity& entity, Observation& out);
  // The signal was due at `now`. False: it is not silent for long enough, counted from when its
  // machine began to run.
  [[nodiscard]] bool silence(Entity& entity, std::size_t index, Instant now, Observation& out);
  // Places of the signals that the last event was about.
  [[nodiscard]] const std::vector<std::size_t>& observed() const { return observed_; }

 private:
  struct Reading {
    const Event* event = nullptr;
    std::size_t index = 0;
    Instant at;
    double value = 0.0;
    std::string_view quality;
    double rpm = 0.0;
    std::uint64_t source = 0;
    bool judged = false;
    bool bad = false;           // the source itself says not to use it
    bool out_of_range = false;  // no sensor of this kind can mean it
    bool spike = false;
    bool quarantined = false;
    bool raised = false;  // over a limit now
    GateResult gate;
  };
  void read(Entity& entity, Reading& reading, Observation& out);
  void look_at_sensor(const SignalPlan& plan, SignalState& state, Reading& reading);
  void judge(const SignalPlan& plan, SignalState& state, Reading& reading, Observation& out);
  void judge_limits(const SignalPlan& plan, SignalState& state, Reading& reading, Observation& out);
  void judge_heat(Entity& entity, Reading& reading, Observation& out);
  void judge_spectrum(Entity& entity, const TypeUse& use, Reading& reading, Observation& out);
  void collect_peaks(const Event& event, const TypeUse& use);
  void keep_evidence(SignalState& state, const Reading& reading, Observation& out);
  static void adopt_cause(Cause cause, Observation& out);

  Spectrum spectrum_;  // both reused, so that a reading allocates nothing
  std::vector<std::size_t> observed_;
};

// Takes note of a repair that the plant view shows.
void note_repair(Entity& entity);

// Features of asset and signal that do not depend on the reading's value.
void describe_asset(const Entity& entity, Observation& out);
void describe_signal(const SignalPlan& plan, Observation& out);
void describe_state(const SignalPlan& plan, const SignalState& state, double value, bool judged,
                    Instant at, Observation& out);

}  // namespace millwright::pipeline
