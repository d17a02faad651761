#pragma once
// RuleSet: compiled rules; turns an Observation into Decisions with their evidence. Immutable after
// compiling and shared by all lanes. Pure: what it remembers (cooldowns) is handed in.

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "millwright/base/result.hpp"
#include "millwright/domain/observation.hpp"
#include "millwright/domain/view.hpp"
#include "millwright/rules/rule_problem.hpp"
#include "millwright/rules/rule_spec.hpp"

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

struct Outcome {
  std::vector<Decision> decisions;  // cooldowns already applied; ids derived
  std::vector<RuleError> errors;
  std::size_t evaluated = 0;
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

  struct Summary {
    RuleRef ref;
    std::string owner;
    std::string summary;
  };
  [[nodiscard]] const std::vector<Summary>& rules() const;

 private:
  struct Impl;
  explicit RuleSet(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

using RuleSetPtr = std::shared_ptr<const RuleSet>;

}  // namespace millwright::rules
