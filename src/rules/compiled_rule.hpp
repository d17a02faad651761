#pragma once
// CompiledRule: one rule, ready to be asked. Immutable after compiling; shared by all lanes.

#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "millwright/cel/program.hpp"
#include "millwright/rules/rule_set.hpp"
#include "rules/scope.hpp"
#include "rules/table/table.hpp"
#include "rules/text_template.hpp"
#include "rules/watch/compiled_watch.hpp"

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
  std::vector<CompiledWatch> watches;
  Budget budget;
  std::string place;  // file:line:column
  bool reads_contributions = false;
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
  const std::string& config_version;
  std::span<cel::Value> slots;
  const Memory& memory;
  std::span<const FieldSlot> fields;  // those of `slots` that are the event's own
  cel::Arena& arena;
};
// Puts the values of the rule's watches into their slots.
void fill_watches(const CompiledRule& rule, const Observation& observation,
                  const WatchMemory* memory, std::span<cel::Value> slots);
void check_budget(const RuleSpec& spec, RuleProblems& problems);
// Whether the rule's budget has nothing left.
[[nodiscard]] bool spent(const CompiledRule& rule, const Observation& observation,
                         const Memory& memory);
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
  struct WatchListener {
    std::size_t rule = 0;
    std::vector<FieldSlot> fields;  // that its watches read
  };
  struct Listeners {
    std::vector<Listener> rules;
    std::vector<WatchListener> watching;
    std::vector<std::uint32_t> watch_slots;  // that watches read, of those that all rules have
    std::vector<std::uint32_t> slots;        // of those that all rules have
    std::size_t width = kSlotCount;          // slots of the widest rule
  };
  std::map<std::string, Listeners, std::less<>> by_type;

  std::unordered_map<std::uint64_t, std::pair<std::size_t, std::size_t>> watch_by_key;
  std::unordered_map<std::string, std::size_t> budgets;  // rule id -> its place
  bool calendar = false;

  void listen(const std::string& type, std::size_t index);
  // A subject that is met for the first time gets all its cells.
  void begin_subject(const Listeners& listening, std::string_view signal, bool by_signal,
                     WatchMemory& memory) const;
  void listen_for_watches(Listeners& listeners, const std::string& type, std::size_t index);
  // Puts in place what is looked up by its key; appends what is wrong to `problems`.
  void index(RuleProblems& problems);
  // Asks one rule; `slots` hold what all rules have.
  void ask(std::size_t rule, std::span<const FieldSlot> fields, const Observation& observation,
           const LaneView& view, const Memory& memory, std::span<cel::Value> slots,
           cel::Arena& arena, Outcome& out) const;
};

}  // namespace millwright::rules
