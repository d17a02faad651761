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

  // Asks one rule with given inputs; nothing, and what is wrong in `problems`, if an input is not
  // known or not of its kind.
  [[nodiscard]] std::optional<Trial> try_rule(const RuleId& id, const std::vector<Given>& given,
                                              RuleProblems& problems) const;
  // The tests of that rule's own file.
  [[nodiscard]] std::vector<TestResult> run_tests(const RuleSpec& spec) const;

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
