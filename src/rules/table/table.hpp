#pragma once
// DecisionTable: the questions of a compiled table: which of its rows match. Immutable after
// compiling; shared by all lanes. What the rows ask for are the proposals of the rule.

#include <optional>
#include <string>
#include <vector>

#include "millwright/cel/program.hpp"
#include "rules/table/cover.hpp"

namespace millwright::rules {

// Where an input's value comes from.
struct Input {
  std::optional<std::uint32_t> slot;    // a plain name
  std::optional<cel::Program> program;  // anything else
};

// A row's value for `row.<name>`.
struct RowOutput {
  std::uint32_t slot = 0;
  std::optional<cel::Program> program;  // none: absent
};

struct TableRow {
  std::string text;   // as it stands in the file
  std::string place;  // file:line:column
  std::vector<RowOutput> outputs;
  std::vector<std::string> cells;  // as written; none of `otherwise`
};

struct DecisionTable {
  HitPolicy hit = HitPolicy::kUnique;
  Aggregate aggregate = Aggregate::kList;
  std::vector<Input> inputs;
  std::vector<Axis> axes;
  std::vector<TableRow> rows;            // proposals of the same number belong to them
  std::optional<std::size_t> otherwise;  // of `rows`, the last
  std::vector<std::size_t> best;         // kPriority: rows, the most important first
  std::optional<std::uint32_t> result;   // the slot of the aggregate
  std::optional<std::size_t> of;         // the output it is over, by its place in a row

  [[nodiscard]] std::size_t questions() const { return otherwise ? rows.size() - 1 : rows.size(); }
};

// Which rows match, and why it cannot be said.
struct Picked {
  std::vector<std::size_t> rows;
  std::string error;
};
[[nodiscard]] Picked pick(const DecisionTable& table, std::span<const cel::Value> slots,
                          cel::Arena& arena);

}  // namespace millwright::rules
