#pragma once
// Walk: everything that may happen to tasks, in an order drawn from a seed, through
// workflow::settle; and what must hold after each step. One thread.

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "millwright/base/rng.hpp"
#include "millwright/workflow/settle.hpp"

namespace millwright::simulation {

// Machines of every class, job plans of every price, parts that run short.
[[nodiscard]] PlantModel walk_plant();
inline constexpr const char* kWalkAssets[] = {"F-300", "F-301", "F-302", "F-303"};
inline constexpr const char* kWalkMaterials[] = {"BRG", "MOTOR", "GEAR"};

struct WalkReport {
  std::vector<std::string> problems;  // the first few; empty: everything held
  std::string hash;                   // of everything that changed, in order
  std::int64_t steps = 0;
  std::int64_t approved = 0;
  std::int64_t refused = 0;
  std::int64_t expired = 0;
  std::int64_t cases_closed = 0;
  std::int64_t orders = 0;     // asked of the ERP
  std::int64_t conflicts = 0;  // holds that gave way
  std::size_t edges_taken = 0;
};

// What must hold of one change, and of the view it led to. Remembers what was seen before.
class WalkCheck {
 public:
  WalkCheck(const PlantModel& plant, const workflow::Policy& policy, WalkReport& report)
      : plant_(plant), policy_(policy), report_(report) {}

  void change(const Intent& intent, const PlantView& before, const Change& change,
              const PlantView& after, Instant now);
  void refusal(const Intent& intent, const Error& error);
  // The whole view: dearer, so not at each step.
  void whole(const PlantView& view);

 private:
  void edges(const PlantView& before, const Change& change);
  void task(const Intent& intent, const Task* was, const Task& is, const PlantView& after,
            Instant now);
  void signature(const Intent& intent, const Task* was, const Task& is, Instant now);
  void approval(const Task& task);
  void audit(const Change& change, const PlantView& after);
  void effects(const PlantView& before, const Change& change, const PlantView& after);
  void holds(const PlantView& before, const Change& change, const PlantView& after);
  void lanes(const PlantView& view);
  void problem(const std::string& text);

  const PlantModel& plant_;
  const workflow::Policy& policy_;
  WalkReport& report_;
  std::set<std::string> effects_;
  std::set<TaskId> ordered_;
  std::set<std::pair<TaskState, TaskState>> taken_;
  std::string now_;  // what is being settled
};

// Bugs planted between settle and the check; each must be found.
enum class WalkMutant : std::uint8_t {
  kNone,
  kSkipsStates,
  kSignsForSomebodyElse,
  kRepeatsAnEffect,
  kForgetsTheCase,
  kHoldsTooMuch,
  kOrdersUnapproved,
  kLeavesNoRecord,
  kLeavesTheEndState,
  kKeepsHolds,
  kCount
};

void spoil(WalkMutant mutant, const PlantView& before, Change& change);

[[nodiscard]] WalkReport walk(std::uint64_t seed, std::int64_t steps,
                              WalkMutant mutant = WalkMutant::kNone);

}  // namespace millwright::simulation
