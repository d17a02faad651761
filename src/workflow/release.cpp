// Rules change by approval: who asks, what is signed, and what a start may bring into force.
#include <algorithm>
#include <map>
#include <set>

#include "millwright/base/check.hpp"
#include "workflow/announce.hpp"
#include "workflow/approval.hpp"
#include "workflow/handlers.hpp"

namespace millwright::workflow {
namespace {

constexpr Role kDrafters[] = {Role::kMaintenanceSupervisor, Role::kPlanner,
                              Role::kQualityLead,           Role::kProcurement,
                              Role::kDataScientist,         Role::kIntegration};
constexpr std::size_t kNamed = 8;  // rules named in one sentence

// Of those that may be in force the one that was loaded last; null before the first start.
const RuleBundle* in_force(const PlantView& view) {
  const RuleBundle* newest = nullptr;
  view.bundles.for_each([&](const std::string&, const RuleBundle& bundle) {
    if (bundle.loaded.is_set() && (newest == nullptr || newest->loaded < bundle.loaded)) {
      newest = &bundle;
    }
    return true;
  });
  return newest;
}

struct Difference {
  std::string text;   // "bearing-vibration (version 1 to 2)"
  std::string owner;  // whose the rule was, and whose it is
  std::string new_owner;
};

std::string in_brackets(const RuleId& id, const ReleasedRule* was, const ReleasedRule* is) {
  const auto version = [](const ReleasedRule* rule) { return std::to_string(rule->ref.version); };
  if (was == nullptr) return id.str() + " (new, version " + version(is) + ")";
  if (is == nullptr) return id.str() + " (no longer)";
  if (was->ref.version == is->ref.version) {
    return id.str() + " (changed, still version " + version(is) + ")";
  }
  return id.str() + " (version " + version(was) + " to " + version(is) + ")";
}

// By rule.
std::vector<Difference> differences(const RuleBundle* from, const std::vector<ReleasedRule>& to) {
  std::map<RuleId, std::pair<const ReleasedRule*, const ReleasedRule*>> all;
  if (from != nullptr) {
    for (const ReleasedRule& rule : from->rules) all[rule.ref.id].first = &rule;
  }
  for (const ReleasedRule& rule : to) all[rule.ref.id].second = &rule;
  std::vector<Difference> out;
  for (const auto& [id, both] : all) {
    const auto& [was, is] = both;
    if (was != nullptr && is != nullptr && *was == *is) continue;
    const ReleasedRule& then = was == nullptr ? *is : *was;
    const ReleasedRule& now = is == nullptr ? *was : *is;
    out.push_back({in_brackets(id, was, is), then.owner, now.owner});
  }
  return out;
}

std::string listed(const std::vector<Difference>& all) {
  std::string out;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i == kNamed) return out + " and " + std::to_string(all.size() - kNamed) + " more";
    out += (i == 0 ? "" : ", ") + all[i].text;
  }
  return out;
}

std::vector<std::string> owners_of(const std::vector<Difference>& all) {
  std::set<std::string> owners;
  for (const Difference& each : all) owners.insert({each.owner, each.new_owner});
  return {owners.begin(), owners.end()};
}

bool asked_already(const PlantView& view, const std::string& bundle) {
  bool found = false;
  view.tasks.for_each([&](const TaskId&, const Task& task) {
    found = task.release && task.release->bundle == bundle && task.state == TaskState::kProposed;
    return !found;
  });
  return found;
}

std::string title_of(const std::vector<Difference>& changes) {
  if (changes.size() == 1) return "Release rule " + changes[0].text;
  return "Release " + std::to_string(changes.size()) + " changed rules";
}

Result<void> may_ask(const Draft& draft, const Command& command, const Release& release) {
  const bool drafter = std::any_of(std::begin(kDrafters), std::end(kDrafters), [&](Role role) {
    return std::find(command.roles.begin(), command.roles.end(), role) != command.roles.end();
  });
  if (!drafter) {
    return fail(Errc::kDenied, "Your role does not draft rules; " + in_words(kDrafters) + " does.");
  }
  if (command.comment.empty()) return fail(Errc::kInvalid, "Say why these rules are wanted.");
  if (release.rules.empty()) return fail(Errc::kInvalid, "A release needs a rule at least.");
  if (const RuleBundle* known = draft.view().bundles.find(release.bundle)) {
    return fail(Errc::kConflict, "These rules may be in force since " + format_rfc3339(known->at) +
                                     "; start with them. Nothing was done.");
  }
  if (asked_already(draft.view(), release.bundle)) {
    return fail(Errc::kConflict, "The release of these rules waits for approval already.");
  }
  return {};
}

}  // namespace

Result<void> ask_for_release(Draft& draft, const Command& command) {
  if (draft.task(command.task) != nullptr) return {};  // a repeated request
  MW_CHECK(command.release.has_value());
  MW_TRY(may_ask(draft, command, *command.release));
  const auto changes = differences(in_force(draft.view()), command.release->rules);
  Task task;
  task.id = command.task;
  task.kind = TaskKind::kRuleRelease;
  task.release = command.release;
  task.release->owners = owners_of(changes);
  task.priority = Priority::kP3;
  task.title = title_of(changes);
  task.symptom = listed(changes);
  task.rationale = command.comment;
  task.confidence = 1.0;
  task.opened_at = task.proposed_at = task.last_seen = draft.now();
  task.decide_by = draft.now() + draft.context().policy.decide_p4;
  task.approvals_needed = demand(task, draft.context().policy).needed;
  draft.audit("task.proposed", task, command.user.str(), command.comment);
  draft.publish(std::move(task), "proposed");
  return {};
}

void release(Draft& draft, const Task& task) {
  draft.change().bundles.push_back(
      {task.release->bundle, task.release->rules, "approved", task.id, draft.now(), Instant()});
}

Result<void> settle_rules(Draft& draft, const ConfigLoaded& config) {
  const PlantView& view = draft.view();
  RuleBundle bundle{
      bundle_hash(config.rules), config.rules, "installed", TaskId(), draft.now(), draft.now()};
  if (const RuleBundle* known = view.bundles.find(bundle.hash)) {
    bundle = *known;
    bundle.loaded = draft.now();
  } else if (const RuleBundle* last = in_force(view)) {
    if (draft.context().policy.rules_by_approval) {
      return fail(Errc::kDenied,
                  "These rules are not released: " + listed(differences(last, config.rules)) +
                      ". Start with the rules that are, and ask for the release of these: "
                      "millwright rules release --help. Where rules may change without approval, "
                      "set rules_by_approval: false in the workflow's policy.");
    }
    bundle.how = "unasked";
  }
  draft.change().bundles.push_back(bundle);
  if (bundle.task.empty()) return {};
  const Task* asked = draft.task(bundle.task);
  if (asked == nullptr || asked->state != TaskState::kApproved) return {};
  Task task = *asked;
  draft.move(task, Trigger::kDone, "daemon", "In force.");
  draft.move(task, Trigger::kJudged, "daemon", "Nothing is left to do.");
  return {};
}

}  // namespace millwright::workflow
