// Budgets: at most so many decisions of a rule in a shift, a day or a span of time.
#include <algorithm>

#include "millwright/base/limits.hpp"
#include "rules/compiled_rule.hpp"

namespace millwright::rules {
namespace {

// Decisions before this no longer count.
Instant counted_from(const Budget& budget, const Observation& o) {
  const PlantMoment* moment = o.moment;
  switch (budget.per) {
    case Budget::Per::kShift:
      return moment == nullptr ? o.at - hours(8) : moment->shift_from;
    case Budget::Per::kDay:
      return moment == nullptr ? o.at - hours(24) : moment->day_from;
    case Budget::Per::kDuration:
      break;
  }
  return o.at - budget.duration + Duration(1);
}

// What a rule decided while on trial is not missing once it is released.
std::string account_of(const RuleId& rule, bool shadow) {
  return (shadow ? "\n" : "") + rule.str();
}

}  // namespace

bool spent(const CompiledRule& rule, const Observation& observation, const Memory& memory) {
  const Budget& budget = rule.budget;
  if (budget.decisions <= 0) return false;
  const SpentMap* map =
      budget.of == Budget::Of::kAsset ? memory.spent_by_asset : memory.spent_by_rule;
  if (map == nullptr) return false;
  const auto found = map->find(account_of(rule.ref.id, rule.status == RuleStatus::kShadow));
  if (found == map->end()) return false;
  const Instant from = counted_from(budget, observation);
  const auto counted = std::count_if(found->second.begin(), found->second.end(),
                                     [&](const Spending& each) { return each.at >= from; });
  return counted >= budget.decisions;
}

void RuleSet::spend(const Decision& decision, SpentMap& by_asset, SpentMap& by_rule) const {
  if (impl_->budgets.empty()) return;
  const auto found = impl_->budgets.find(decision.evidence.rule.id.str());
  if (found == impl_->budgets.end()) return;
  const Budget& budget = impl_->rules[found->second].budget;
  SpentMap& map = budget.of == Budget::Of::kAsset ? by_asset : by_rule;
  std::vector<Spending>& times = map[account_of(decision.evidence.rule.id, decision.shadow)];
  // In order, and each once, so that the same decisions leave the same state.
  Spending one{decision.at, decision.id.str()};
  const auto place = std::lower_bound(times.begin(), times.end(), one);
  if (place != times.end() && *place == one) return;
  times.insert(place, std::move(one));
  if (times.size() > std::size_t(budget.decisions)) times.erase(times.begin());
}

bool RuleSet::reads_calendar() const {
  return impl_->calendar;
}

void check_budget(const RuleSpec& spec, RuleProblems& problems) {
  const Budget& budget = spec.budget;
  const auto complain = [&](const std::string& message) {
    problems.push_back({budget.place.file, budget.place.line, budget.place.column,
                        "rule '" + spec.id + "': " + message});
  };
  if (budget.decisions < 0 || budget.decisions > std::int64_t(limits::kBudgetDecisions)) {
    complain("a budget allows 1 to " + std::to_string(limits::kBudgetDecisions) + " decisions");
  }
  if (budget.decisions > 0 && budget.per == Budget::Per::kDuration &&
      budget.duration <= Duration()) {
    complain("a budget needs a time: per: shift, per: day, or a span such as per: 8h");
  }
}

}  // namespace millwright::rules
