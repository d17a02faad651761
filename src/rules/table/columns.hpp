#pragma once
// The columns of a decision table: what its head says, and how cells of outputs are read. Used
// while a table is compiled.

#include <optional>
#include <string>
#include <vector>

#include "rules/table/grid.hpp"
#include "rules/table/table.hpp"

namespace millwright::rules {

struct InputColumn {
  Input input;
  AxisKind kind = AxisKind::kNumber;
};
[[nodiscard]] std::optional<InputColumn> read_input(const SourceText& head,
                                                    const cel::Schema& schema,
                                                    RuleProblems& problems);

enum class OutputKey : std::uint8_t {
  kTask,
  kMode,
  kPriority,
  kConfidence,
  kDueHours,
  kTitle,
  kSymptom,
  kCause,
  kRationale,
  kFree,  // any other name: row.<name> of the texts
};

struct OutputColumn {
  SourceText head;
  std::string name;
  OutputKey key = OutputKey::kFree;
  std::size_t index = 0;                             // among the outputs
  cel::TypeKind type = cel::TypeKind::kDyn;          // of its values
  bool counted = false;                              // what an aggregate is over
  std::optional<std::uint32_t> slot = std::nullopt;  // of row.<name>
};
[[nodiscard]] std::vector<OutputColumn> read_outputs(const Grid& grid, const cel::Schema& schema,
                                                     RuleProblems& problems);

// A cell's value as CEL: 'VIBRATION' for VIBRATION, what follows of "= cause.mode".
[[nodiscard]] SourceText output_expression(const OutputColumn& column, const SourceText& cell);
// Puts the cell into the proposal; "-" leaves what is there.
void set_output(const OutputColumn& column, const SourceText& cell, Proposal& proposal);
[[nodiscard]] bool read_task(const SourceText& name, TaskKind& task);

}  // namespace millwright::rules
