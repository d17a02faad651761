#pragma once
// Grid: the text of a decision table, split into lines and cells with their places. Pure.
//
//   signal.value | asset.criticality || task       | priority
//   > 7.1        | A, B              || work_order | 1
//   otherwise                        || inspection | 3

#include <vector>

#include "millwright/rules/rule_problem.hpp"
#include "millwright/rules/table_spec.hpp"

namespace millwright::rules {

struct GridLine {
  SourceText place;  // its text as it stands there
  bool otherwise = false;
  std::vector<SourceText> inputs;  // none of `otherwise`
  std::vector<SourceText> outputs;
};

struct Grid {
  GridLine head;
  std::vector<GridLine> rows;
};

// What is wrong is appended to `problems`; such lines are left out.
[[nodiscard]] Grid split_grid(const SourceText& source, RuleProblems& problems);

// Characters, not bytes: what a person counts as columns.
[[nodiscard]] int characters(std::string_view text);

}  // namespace millwright::rules
