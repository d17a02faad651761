#pragma once
// Asks one compiled rule with given inputs. Pure, any thread.

#include "millwright/rules/rule_test.hpp"
#include "rules/compiled_rule.hpp"

namespace millwright::rules {

// What is wrong with the inputs is appended to `problems`; nothing was asked then.
[[nodiscard]] Trial try_rule(const CompiledRule& rule, const std::vector<Given>& given,
                             const std::string& config_version, RuleProblems& problems);

// From the event until the work is to be done; NaN without a due date.
[[nodiscard]] double hours_between(const Decision& decision);

}  // namespace millwright::rules
