#pragma once
// RuleSet: compiled rules; turns an Observation into Decisions with their evidence. Immutable after
// compiling and shared by all lanes. Pure: what it remembers (cooldowns) is handed in.

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "millwright/base/result.hpp"
#include "millwright/domain/observation.hpp"
#include "millwright/domain/view.hpp"
#include "millwright/rules/rule_problem.hpp"
#include "millwright/rules/rule_spec.hpp"
#include "millwright/rules/watch_memory.hpp"

namespace millwright::rules {

// What fired last for one entity, by rule and failure mode; part of the entity's state, and
// restored from the ledger's own recorded decisions.
struct Fired {
  Instant at;
  std::string outcome;  // task kind and priority: a change of it is worth a new decision
};
using FiredMap = std::map<std::string, Fired, std::less<>>;  // key: rule id "\n" failure mode

// Files the outcome of a decision under its key; used when stepping and when restoring alike.
void remember(const Decision& decision, FiredMap& fired);

// A rule that failed on an observation: counted and shown, never retried, never "false".
struct RuleError {
  RuleId rule;
  std::string detail;  // file:line:column, the expression, what was wrong
};

// What a decision may depend on beside the observation and the view; borrowed for the call.
struct Memory {
  const FiredMap& fired;
  const WatchMemory* watches = nullptr;
  const SpentMap* spent_by_asset = nullptr;
  const SpentMap* spent_by_rule = nullptr;
  const PlantModel* plant = nullptr;  // master data that expressions may ask for
};

struct Outcome {
  std::vector<Decision> decisions;  // cooldowns already applied; ids derived
  std::vector<RuleError> errors;
  std::size_t evaluated = 0;
};

// Passed where there are no problems.
struct TestResult {
  RuleId rule;
  std::string name;
  SourceText place;
  RuleProblems problems;
};

class RuleSet {
 public:
  // All rules or none; the message lists every problem with its place, and `problems`, where given,
  // holds them one by one. `catalogue`: the event types whose fields rules may read; it outlives
  // the rules.
  static Result<std::shared_ptr<const RuleSet>> compile(std::vector<RuleSpec> specs,
                                                        const std::string& config_version,
                                                        std::span<const EventType> catalogue = {},
                                                        RuleProblems* problems = nullptr);
  ~RuleSet();
  RuleSet(const RuleSet&) = delete;
  RuleSet& operator=(const RuleSet&) = delete;

  // Whether any rule listens to events of this type ("tick" for silence).
  [[nodiscard]] bool listens(std::string_view event_type) const;

  [[nodiscard]] Outcome decide(const Observation& observation, const LaneView& view,
                               const FiredMap& fired) const;
  [[nodiscard]] Outcome decide(const Observation& observation, const LaneView& view,
                               const Memory& memory) const;

  // Watches. `watch` shows them an observation, before it is decided on and also when it is not;
  // it gives the earliest instant at which time alone may change one (unset: none).
  Instant watch(const Observation& observation, WatchMemory& memory,
                std::vector<RuleError>& errors) const;
  // Time came to tick.at: what of the entity's watches changed by that alone.
  std::vector<WatchDue> watch(const WatchTick& tick, WatchMemory& memory) const;
  // The earliest instant at which time alone may change one; unset: none.
  [[nodiscard]] Instant next_due(const WatchMemory& memory) const;
  // The last event that the watches of this signal ("": of the entity itself) saw; or none.
  [[nodiscard]] std::vector<EventKey> newest(const WatchMemory& memory,
                                             std::string_view signal) const;
  // Leaves out what no rule has declared (any more).
  void forget_unknown(WatchMemory& memory) const;
  // Asks only these rules, on a tick that one of their watches has brought about.
  [[nodiscard]] Outcome decide_due(const WatchDue& due, const Observation& observation,
                                   const LaneView& view, const Memory& memory) const;
  // Whether any rule that listens to the type has watches.
  [[nodiscard]] bool watches(std::string_view event_type) const;

  // Files a decision under its rule's budget, if it has one.
  void spend(const Decision& decision, SpentMap& by_asset, SpentMap& by_rule) const;
  // Whether any rule reads the plant's calendar, or has a budget for a shift or a day.
  [[nodiscard]] bool reads_calendar() const;

  // Asks one rule with given inputs; nothing, and what is wrong in `problems`, if an input is not
  // known or not of its kind.
  [[nodiscard]] std::optional<Trial> try_rule(const RuleId& id, const std::vector<Given>& given,
                                              RuleProblems& problems) const;
  // The tests of that rule's own file.
  [[nodiscard]] std::vector<TestResult> run_tests(const RuleSpec& spec) const;

  // The names of what the rule reads; of none if there is no such rule.
  [[nodiscard]] std::vector<std::string> reads(const RuleId& id) const;

  struct Summary {
    RuleRef ref;
    std::string owner;
    std::string summary;
    RuleStatus status = RuleStatus::kReleased;
  };
  [[nodiscard]] const std::vector<Summary>& rules() const;

 private:
  struct Impl;
  explicit RuleSet(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

using RuleSetPtr = std::shared_ptr<const RuleSet>;

}  // namespace millwright::rules
