#pragma once
// RuleProblem: something wrong with a rule's text, with its place, for a person. A value.

#include <string>
#include <vector>

namespace millwright::rules {

// Lines and columns count from 1; 0: of the bundle as a whole. The message may go on with the
// source line and a caret under the place.
struct RuleProblem {
  std::string file;
  int line = 0;
  int column = 0;
  std::string message;
  friend bool operator==(const RuleProblem&, const RuleProblem&) = default;
};
using RuleProblems = std::vector<RuleProblem>;

// file:line:column: message
[[nodiscard]] std::string to_text(const RuleProblem& problem);

}  // namespace millwright::rules
