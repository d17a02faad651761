#include "millwright/workflow/outcomes.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace millwright::workflow {

bool rejected_as_false(const Task& task) {
  return task.state == TaskState::kRejected &&
         std::any_of(task.approvals.begin(), task.approvals.end(), [](const Approval& a) {
           return a.meaning == "rejection" && a.reason_code == "FALSE_ALARM";
         });
}

double RuleOutcomes::precision() const {
  if (judged() == 0) return std::numeric_limits<double>::quiet_NaN();
  return double(confirmed + other_cause) / double(judged());
}

double RuleOutcomes::precision_at_best() const {
  if (judged() == 0) return 1.0;
  constexpr double kZ = 1.959963984540054;
  const auto n = double(judged());
  const double p = precision();
  const double middle = p + kZ * kZ / (2.0 * n);
  const double spread = kZ * std::sqrt(p * (1.0 - p) / n + kZ * kZ / (4.0 * n * n));
  return std::min(1.0, (middle + spread) / (1.0 + kZ * kZ / n));
}

void Outcomes::add(const Task& task) {
  if (task.kind == TaskKind::kPartReservation || task.kind == TaskKind::kRuleRelease) return;
  RuleOutcomes& rule = by_rule_[task.rule.id.str()];
  rule.newest_version = std::max(rule.newest_version, task.rule.version);
  ++rule.raised;
  switch (task.state) {
    case TaskState::kProposed:
      break;
    case TaskState::kRejected:
      ++rule.rejected;
      rule.false_alarms += rejected_as_false(task) ? 1 : 0;
      break;
    case TaskState::kExpired:
      ++rule.expired;
      break;
    case TaskState::kWithdrawn:
      ++rule.withdrawn;
      break;
    default:
      ++rule.approved;
      break;
  }
  rule.confirmed += task.outcome == Outcome::kConfirmed ? 1 : 0;
  rule.other_cause += task.outcome == Outcome::kOtherCause ? 1 : 0;
  if (task.outcome != Outcome::kNotFound) return;
  ++rule.false_alarms;
  rule.cost_wasted += task.cost;
  for (const CraftHours& craft : task.crafts) rule.hours_wasted += craft.hours;
}

}  // namespace millwright::workflow
