#pragma once
// Rules and their answers in words and as JSON, for the rules commands. Pure.

#include <string>
#include <utility>
#include <vector>

#include "daemon/config/config.hpp"
#include "millwright/rules/rule_set.hpp"

namespace millwright::daemon {

// What a rule says, piece by piece: ("if", "signal.value > 80"), ("table row 2", "> 90 || 1").
[[nodiscard]] std::vector<std::pair<std::string, std::string>> rule_fields(
    const rules::RuleSpec& spec);

// What it listens to, reads, remembers and asks for, in lines.
[[nodiscard]] std::string rule_in_words(const rules::RuleSpec& spec,
                                        const std::vector<std::string>& reads);

[[nodiscard]] std::string rule_json(const rules::RuleSpec& spec,
                                    const std::vector<std::string>& reads);

[[nodiscard]] std::string trial_text(const rules::Trial& trial);
[[nodiscard]] std::string trial_json(const std::string& rule, const rules::Trial& trial);
[[nodiscard]] std::string tests_json(const std::vector<rules::TestResult>& tests);
[[nodiscard]] std::string problems_json(const std::vector<Problem>& problems);

struct RuleChange {
  std::string rule;
  int version_before = 0;  // 0: it was not there
  int version_after = 0;   // 0: it is gone
  struct Field {
    std::string name;
    std::string before;
    std::string after;
  };
  std::vector<Field> fields;
  [[nodiscard]] bool raised() const { return version_after > version_before; }
};
// Rule by rule, in the order of their ids; those that say the same are left out.
[[nodiscard]] std::vector<RuleChange> compare_rules(const std::vector<rules::RuleSpec>& before,
                                                    const std::vector<rules::RuleSpec>& after);
[[nodiscard]] std::string changes_text(const std::vector<RuleChange>& changes);
[[nodiscard]] std::string changes_json(const std::vector<RuleChange>& changes);

}  // namespace millwright::daemon
