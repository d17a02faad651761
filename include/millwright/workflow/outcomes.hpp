#pragma once
// The nuisance ledger: what became of the tasks that each rule had asked for. Pure; a value.

#include <map>
#include <string>

#include "millwright/base/time.hpp"
#include "millwright/domain/task.hpp"

namespace millwright::workflow {

struct RuleOutcomes {
  int newest_version = 0;
  std::int64_t raised = 0;
  std::int64_t approved = 0;  // among them those at work and done
  std::int64_t rejected = 0;
  std::int64_t expired = 0;  // nobody decided
  std::int64_t withdrawn = 0;
  std::int64_t confirmed = 0;     // the cause was found
  std::int64_t other_cause = 0;   // something else was
  std::int64_t false_alarms = 0;  // nothing was found, or it was rejected as FALSE_ALARM
  double cost_wasted = 0.0;       // committed for false alarms, site's currency
  double hours_wasted = 0.0;      // labour for false alarms that were worked on, hours

  // Of those somebody judged: (confirmed + other cause) / (these + false alarms), 0..1. A fault
  // with another cause was worth the look.
  [[nodiscard]] std::int64_t judged() const { return confirmed + other_cause + false_alarms; }
  [[nodiscard]] double precision() const;  // NaN where nothing was judged
  // Upper end of the 95 % interval (Wilson, J. Am. Stat. Assoc. 22, 1927): below a wanted precision
  // the rule is worse than that with little doubt. 1 where nothing was judged.
  [[nodiscard]] double precision_at_best() const;
};

class Outcomes {
 public:
  // Part reservations come with a work order, releases from people: neither is counted.
  void add(const Task& task);
  [[nodiscard]] const std::map<std::string, RuleOutcomes>& by_rule() const { return by_rule_; }

 private:
  std::map<std::string, RuleOutcomes> by_rule_;
};

// Rejected because nothing was wrong.
[[nodiscard]] bool rejected_as_false(const Task& task);

}  // namespace millwright::workflow
