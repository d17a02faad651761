#pragma once
// Release: rules that somebody wants in force, and RuleBundle: rules that may be. Values.

#include <string>
#include <vector>

#include "millwright/base/time.hpp"
#include "millwright/domain/ids.hpp"
#include "millwright/domain/observation.hpp"

namespace millwright {

struct ReleasedRule {
  RuleRef ref;
  std::string owner;  // maintenance, quality, ...
  friend bool operator==(const ReleasedRule&, const ReleasedRule&) = default;
};

// Rules that are in force together, all of status released.
struct RuleBundle {
  std::string hash;  // bundle_hash() of `rules`
  std::vector<ReleasedRule> rules;
  std::string how;  // installed, approved, or unasked: the policy wants no approval
  TaskId task;      // that asked for it; "" none
  Instant at;       // plant time
  Instant loaded;   // plant time of the newest start with them; unset: never
  friend bool operator==(const RuleBundle&, const RuleBundle&) = default;
};
// Hex; the order of the rules does not matter.
[[nodiscard]] std::string bundle_hash(std::vector<ReleasedRule> rules);

// What a task of kind rule_release asks for, and what speaks for it.
struct Release {
  std::string bundle;  // hash
  std::vector<ReleasedRule> rules;
  std::vector<std::string> owners;  // of the rules that change; settle finds them
  std::string changes;              // for a person, lines
  std::string report;               // of the what-if, for a person, lines
  UserId asked_by;
  std::string asked_by_name;
  friend bool operator==(const Release&, const Release&) = default;
};

}  // namespace millwright
