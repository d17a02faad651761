#include "daemon/rules_bundle.hpp"

#include <algorithm>
#include <tuple>

#include "millwright/codec/catalog.hpp"

namespace millwright::daemon {

rules::RuleSetPtr compile_rules(const std::vector<rules::RuleSpec>& specs,
                                const std::string& version, std::vector<Problem>& problems) {
  rules::RuleProblems found;
  auto compiled = rules::RuleSet::compile(specs, version, codec::event_types(), &found);
  if (compiled) {
    for (const rules::RuleSpec& spec : specs) {
      if (spec.status == rules::RuleStatus::kRetired) continue;
      for (rules::TestResult& test : (*compiled)->run_tests(spec)) {
        found.insert(found.end(), test.problems.begin(), test.problems.end());
      }
    }
    if (found.empty()) return std::move(*compiled);
  }
  for (rules::RuleProblem& each : found) {
    problems.push_back({std::move(each.file), each.line, each.column, std::move(each.message)});
  }
  std::stable_sort(problems.begin(), problems.end(), [](const Problem& a, const Problem& b) {
    return std::tie(a.file, a.line, a.column) < std::tie(b.file, b.line, b.column);
  });
  return nullptr;
}

std::vector<ReleasedRule> released(const rules::RuleSet& rules) {
  std::vector<ReleasedRule> out;
  for (const rules::RuleSet::Summary& rule : rules.rules()) {
    if (rule.status == rules::RuleStatus::kReleased) out.push_back({rule.ref, rule.owner});
  }
  return out;
}

}  // namespace millwright::daemon
