// The commands for work on rules: check, test, eval, explain, diff. None needs a running daemon.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <optional>

#include "daemon/rules_bundle.hpp"
#include "daemon/rules_text.hpp"
#include "millwright/base/digest.hpp"
#include "millwright/codec/catalog.hpp"
#include "millwright/daemon/commands.hpp"

namespace millwright::daemon {
namespace {

namespace fs = std::filesystem;

// A folder of rules, or the rules that a millwright.yaml names.
std::vector<rules::RuleSpec> read_bundle(const std::string& path, std::vector<Problem>& problems) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) return load_rules(path, problems);
  auto loaded = load_configuration(path, &problems);
  if (!loaded && problems.empty()) problems.push_back({path, 0, 0, loaded.error().message});
  return loaded ? std::move(loaded->rules) : std::vector<rules::RuleSpec>();
}

int refuse(const std::vector<Problem>& problems, bool json) {
  if (json) {
    std::printf("%s\n", problems_json(problems).c_str());
  } else {
    for (const Problem& each : problems) std::fprintf(stderr, "%s\n", to_text(each).c_str());
  }
  return kBadConfig;
}

// Of what the rules say, not of their files' looks or names.
std::string version_of(const rules::RuleSet& set) {
  std::vector<std::string> all;
  for (const auto& each : set.rules()) {
    all.push_back(each.ref.id.str() + "@" + std::to_string(each.ref.version) + " " + each.ref.hash +
                  " " + std::string(rules::to_text(each.status)));
  }
  std::sort(all.begin(), all.end());
  std::string text;
  for (const std::string& each : all) text += each + "\n";
  return to_hex(sha256(text)).substr(0, 12);
}

struct Bundle {
  std::vector<rules::RuleSpec> specs;
  rules::RuleSetPtr set;
};

// Compiled, its tests not tried.
std::optional<Bundle> compile_bundle(const std::string& path, std::vector<Problem>& problems) {
  Bundle out;
  out.specs = read_bundle(path, problems);
  if (!problems.empty()) return std::nullopt;
  rules::RuleProblems found;
  auto set = rules::RuleSet::compile(out.specs, "", codec::event_types(), &found);
  for (rules::RuleProblem& each : found) {
    problems.push_back({each.file, each.line, each.column, each.message});
  }
  if (!set) return std::nullopt;
  out.set = std::move(*set);
  return out;
}

const rules::RuleSpec* find_rule(const Bundle& bundle, const RulesOptions& options) {
  for (const rules::RuleSpec& each : bundle.specs) {
    if (each.id == options.rule) return &each;
  }
  std::string known;
  for (const rules::RuleSpec& each : bundle.specs) known += (known.empty() ? "" : ", ") + each.id;
  std::fprintf(stderr, "error: %s has no rule '%s'; it has: %s\n", options.path.c_str(),
               options.rule.c_str(), known.c_str());
  return nullptr;
}

// name=value; a list: name=a,b,c where the input is one.
std::optional<std::vector<rules::Given>> read_given(const RulesOptions& options) {
  std::vector<rules::Given> out;
  for (const std::string& each : options.given) {
    const std::size_t equals = each.find('=');
    if (equals == std::string::npos || equals == 0) {
      std::fprintf(stderr, "error: --given wants name=value, not '%s'\n", each.c_str());
      return std::nullopt;
    }
    out.push_back({{each.substr(0, equals), "--given", 1, 1},
                   {{each.substr(equals + 1), "--given", 1, int(equals) + 2}}});
  }
  return out;
}

// Asks the rule and prints what came; the exit code.
int show_trial(const Bundle& bundle, const RulesOptions& options) {
  const auto given = read_given(options);
  if (!given) return kUsage;
  rules::RuleProblems problems;
  const auto trial = bundle.set->try_rule(RuleId(options.rule), *given, problems);
  if (!trial) {
    for (const rules::RuleProblem& each : problems) {
      std::fprintf(stderr, "error: %s\n", rules::to_text(each).c_str());
    }
    return kUsage;
  }
  std::printf("%s", options.json ? (trial_json(options.rule, *trial) + "\n").c_str()
                                 : trial_text(*trial).c_str());
  return trial->errors.empty() ? kOk : kFailed;
}

}  // namespace

int rules_check(const RulesOptions& options) {
  std::vector<Problem> problems;
  const auto specs = read_bundle(options.path, problems);
  rules::RuleSetPtr set;
  if (problems.empty()) set = compile_rules(specs, "", problems);
  if (!problems.empty()) return refuse(problems, options.json);
  if (options.json) {
    std::printf("[]\n");
    return kOk;
  }
  std::size_t tests = 0;
  std::size_t live = 0;
  for (const rules::RuleSpec& each : specs) {
    tests += each.tests.size();
    live += each.status == rules::RuleStatus::kReleased ? 1 : 0;
  }
  std::printf("%s is right: %zu rules, %zu of them released, %zu tests (version %s)\n",
              options.path.c_str(), specs.size(), live, tests, version_of(*set).c_str());
  return kOk;
}

int rules_test(const RulesOptions& options) {
  std::vector<Problem> problems;
  const auto bundle = compile_bundle(options.path, problems);
  if (!bundle) return refuse(problems, options.json);
  std::vector<rules::TestResult> results;
  for (const rules::RuleSpec& each : bundle->specs) {
    for (rules::TestResult& one : bundle->set->run_tests(each)) results.push_back(std::move(one));
  }
  std::size_t failed = 0;
  for (const rules::TestResult& each : results) failed += each.problems.empty() ? 0 : 1;
  if (options.json) {
    std::printf("%s\n", tests_json(results).c_str());
    return failed == 0 ? kOk : kFailed;
  }
  for (const rules::TestResult& each : results) {
    std::printf("%s %s: %s\n", each.problems.empty() ? "ok    " : "FAILED", each.rule.str().c_str(),
                each.name.c_str());
    for (const rules::RuleProblem& one : each.problems) {
      std::printf("%s\n", rules::to_text(one).c_str());
    }
  }
  std::printf("%zu passed, %zu failed\n", results.size() - failed, failed);
  return failed == 0 ? kOk : kFailed;
}

int rules_eval(const RulesOptions& options) {
  std::vector<Problem> problems;
  const auto bundle = compile_bundle(options.path, problems);
  if (!bundle) return refuse(problems, options.json);
  if (find_rule(*bundle, options) == nullptr) return kUsage;
  return show_trial(*bundle, options);
}

int rules_explain(const RulesOptions& options) {
  std::vector<Problem> problems;
  const auto bundle = compile_bundle(options.path, problems);
  if (!bundle) return refuse(problems, options.json);
  const rules::RuleSpec* rule = find_rule(*bundle, options);
  if (rule == nullptr) return kUsage;
  if (options.json && options.given.empty()) {
    std::printf("%s\n", rule_json(*rule, bundle->set->reads(RuleId(rule->id))).c_str());
    return kOk;
  }
  if (!options.json) {
    std::printf("%s", rule_in_words(*rule, bundle->set->reads(RuleId(rule->id))).c_str());
  }
  if (options.given.empty()) return kOk;
  if (!options.json) std::printf("\n");
  return show_trial(*bundle, options);
}

int rules_diff(const RulesOptions& options) {
  std::vector<Problem> problems;
  const auto before = read_bundle(options.path, problems);
  if (!problems.empty()) return refuse(problems, options.json);
  const auto after = read_bundle(options.other, problems);
  if (!problems.empty()) return refuse(problems, options.json);
  const auto changes = compare_rules(before, after);
  std::printf(
      "%s", options.json ? (changes_json(changes) + "\n").c_str() : changes_text(changes).c_str());
  return kOk;
}

}  // namespace millwright::daemon
