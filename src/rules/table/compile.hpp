#pragma once
// Compiles a decision table: its questions into a DecisionTable, its answers into proposals that
// the rule compiles like any others. Used while a rule is compiled.

#include <vector>

#include "rules/scope.hpp"
#include "rules/table/table.hpp"

namespace millwright::rules {

struct TableParts {
  DecisionTable table;
  std::vector<Proposal> proposals;  // one for each row
};

// Adds the slots of row.<name> to the scope. What is wrong is appended to `problems`; the result is
// then of no use.
[[nodiscard]] TableParts compile_table(const TableSpec& spec, RuleScope& scope,
                                       RuleProblems& problems);

// Gaps, overlaps, rows that are never taken, rows that contradict each other. `answers` tells by
// row what it gives, `ranks` (kPriority only) how important that is, 0 most.
void check_table(const DecisionTable& table, const TableSpec& spec,
                 const std::vector<std::string>& answers, const std::vector<std::size_t>& ranks,
                 const std::vector<SourceText>& places, RuleProblems& problems);

}  // namespace millwright::rules
