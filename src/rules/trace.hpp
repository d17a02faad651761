#pragma once
// Why a rule decided as it did, and the smallest change of one input that would have turned it.
// Slow beside a decision; asked for once one is made. Pure, any thread.

#include "millwright/domain/trace.hpp"
#include "rules/compiled_rule.hpp"

namespace millwright::rules {

// What the rule says of these inputs, without cooldown and budget: "" no decision, else task,
// priority and mode of each; nothing where it fails. Row outputs in `slots` are overwritten.
[[nodiscard]] std::optional<std::string> outcome_of(const CompiledRule& rule,
                                                    std::span<cel::Value> slots, cel::Arena& arena);

// `row`: of the rule's proposals, that decided. `slots` are left as they were. `host`: of the arena
// that it decided with, whom functions ask.
[[nodiscard]] Trace trace_of(const CompiledRule& rule, std::size_t row,
                             const Observation& observation, std::span<cel::Value> slots,
                             const void* host);

// The rows of the matching table put into their slots; false: one failed.
[[nodiscard]] bool fill_row(const TableRow& row, std::span<cel::Value> slots, cel::Arena& arena);
// What the matching rows give together, put into its slot; false: one failed.
[[nodiscard]] bool fill_result(const DecisionTable& table, const std::vector<std::size_t>& rows,
                               std::span<cel::Value> slots, cel::Arena& arena);

}  // namespace millwright::rules
