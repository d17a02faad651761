#pragma once
// CompiledWatch: a watch of one rule, ready to be stepped. Immutable after compiling; any thread.

#include <optional>
#include <string>
#include <vector>

#include "millwright/cel/program.hpp"
#include "millwright/rules/rule_problem.hpp"
#include "millwright/rules/rule_spec.hpp"
#include "rules/scope.hpp"
#include "rules/watch/watch.hpp"

namespace millwright::rules {

struct CompiledWatch {
  std::string name;
  WatchPlan plan;
  std::uint64_t key = 0;  // of the declaration and the stream of readings that it sees
  bool by_signal = true;
  std::optional<cel::Program> where;  // none: it sees every reading
  std::optional<cel::Program> of;     // none: every reading that it sees
  std::optional<cel::Program> without;
  std::vector<cel::Program> sequence;
  std::uint32_t slot = 0;  // watch.<name>

  // What it gives where nothing was seen yet.
  [[nodiscard]] cel::Value nothing() const;
};

// "CEL type of watch.<name>": what rules read.
[[nodiscard]] cel::TypeKind type_of(const WatchPlan& plan);

// One watch, but for its slot; nullopt, and what is wrong in `problems`, if it cannot be.
[[nodiscard]] std::optional<CompiledWatch> compile_watch(const RuleSpec& rule,
                                                         const WatchSpec& spec,
                                                         const cel::Schema& schema,
                                                         RuleProblems& problems);

// The watches of a rule, in the order of the file; appends what is wrong to `problems`. Their
// expressions read what `scope` has before the watches are added to it.
[[nodiscard]] std::vector<CompiledWatch> compile_watches(const RuleSpec& spec, RuleScope& scope,
                                                         RuleProblems& problems);

// All of a declaration but where it stands: the same text, the same watch.
[[nodiscard]] std::string canonical(const WatchSpec& watch);

}  // namespace millwright::rules
