#pragma once
// CompiledRule: one rule, ready to be asked. Immutable after compiling; shared by all lanes.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "millwright/cel/program.hpp"
#include "millwright/rules/rule_set.hpp"
#include "rules/scope.hpp"
#include "rules/table/table.hpp"
#include "rules/text_template.hpp"

namespace millwright::rules {

struct CompiledProposal {
  TaskKind task = TaskKind::kInspection;
  std::optional<cel::Program> when;
  std::optional<cel::Program> mode;
  std::optional<cel::Program> priority;
  std::optional<cel::Program> confidence;
  std::optional<cel::Program> due_hours;
  TextTemplate title;
  TextTemplate symptom;
  TextTemplate cause;
  TextTemplate rationale;
  std::vector<std::uint32_t> readings;  // slots that this row or the condition reads, ascending
};

struct CompiledRule {
  RuleRef ref;
  std::string owner;
  std::string summary;
  std::vector<std::string> events;
  RuleStatus status = RuleStatus::kReleased;
  bool on_gated = false;
  Duration repeat_after;
  std::optional<cel::Program> condition;
  std::vector<CompiledProposal> proposals;  // of a table: one for each row
  std::optional<DecisionTable> table;
  std::string place;  // file:line:column
  RuleScope scope;

  explicit CompiledRule(RuleScope scope_) : scope(std::move(scope_)) {}
  // All slots that it reads, ascending.
  [[nodiscard]] std::vector<std::uint32_t> slots_read() const;
};

// Compiles one rule; appends what is wrong to `problems`.
[[nodiscard]] CompiledRule compile_rule(const RuleSpec& spec, std::span<const EventType> catalogue,
                                        RuleProblems& problems);

// What one rule asks for on one observation.
struct Verdict {
  std::vector<Decision> decisions;  // several only of a table that collects
  std::vector<std::string> errors;
  std::string why_not;  // where a row of a table, or none, was the reason
};
struct Case {
  const Observation& observation;
  const LaneView& view;
  const FiredMap& fired;
  const std::string& config_version;
  std::span<cel::Value> slots;
  std::span<const FieldSlot> fields;  // those of `slots` that are the event's own
  cel::Arena& arena;
};
// Puts the event's own fields into their slots.
void fill_fields(std::span<const FieldSlot> fields, const Event* event, std::span<cel::Value> slots,
                 cel::Arena& arena);
[[nodiscard]] Verdict judge(const CompiledRule& rule, const Case& in);

struct RuleSet::Impl {
  std::string config_version;
  std::vector<CompiledRule> rules;
  std::vector<Summary> summaries;
  // Event type -> the rules that listen to it, in their order; and every slot that they read.
  struct Listener {
    std::size_t rule = 0;
    std::vector<FieldSlot> fields;  // of this type's events, that the rule reads
  };
  struct Listeners {
    std::vector<Listener> rules;
    std::vector<std::uint32_t> slots;  // of those that all rules have
    std::size_t width = kSlotCount;    // slots of the widest rule
  };
  std::map<std::string, Listeners, std::less<>> by_type;

  void listen(const std::string& type, std::size_t index);
};

}  // namespace millwright::rules
