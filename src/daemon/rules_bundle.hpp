#pragma once
// The rules of a configuration as a bundle that runs: compiled, and with their problems where the
// other problems of the configuration are. Called by commands, on the main thread.

#include <vector>

#include "daemon/config/config.hpp"
#include "millwright/rules/rule_set.hpp"

namespace millwright::daemon {

// Compiled, and every rule tried with the tests of its own file (but for retired ones).
// All or nothing: with any problem the result is null, and `problems` has every one with its place,
// in the order of files and lines.
[[nodiscard]] rules::RuleSetPtr compile_rules(const std::vector<rules::RuleSpec>& specs,
                                              const std::string& version,
                                              std::vector<Problem>& problems);

// What a start brings into force, and a release asks for.
[[nodiscard]] std::vector<ReleasedRule> released(const rules::RuleSet& rules);

}  // namespace millwright::daemon
