#include "e2e/said.hpp"

#include <gtest/gtest.h>

namespace millwright::e2e {

Said::Said(const std::vector<Acted>& acts, const LedgerRows& rows) : acts_(acts), log_(rows.steps) {
  for (const EffectRow& row : rows.effects) {
    if (row.kind != 1) continue;
    EffectReport& report = reports_[row.task];
    report.id = EffectId(row.id);
    report.kind = EffectKind::kErp;
    report.task = row.task;
    report.external_number = row.external;
    report.detail = row.detail;
  }
}

void Said::tell(Replica& replica, std::int64_t place) {
  while (replica.place() < place && !testing::Test::HasFatalFailure()) tell_next(replica);
}

EffectReport Said::report(const Step& step) const {
  EffectReport out = reports_.at(step.task);
  out.outcome = step.type == "task.dispatched" ? EffectOutcome::kStarted
                : out.external_number.empty()  ? EffectOutcome::kUnknown
                                               : EffectOutcome::kDelivered;
  return out;
}

void Said::tell_next(Replica& replica) {
  const Step& step = log_.at(std::size_t(replica.place()));
  if (step.type == "config.loaded") return replica.settle(ConfigLoaded{});
  const bool of_task = step.type.compare(0, 5, "task.") == 0;
  if (!of_task) return replica.pass();
  if (step.actor == "timer") return replica.settle(TimerDue{step.task, step.at});
  if (step.type == "task.dispatched" || step.type == "task.acknowledged" ||
      step.type == "task.sent_in_vain") {  // withdrawn while it was on the way
    return replica.settle(report(step));
  }
  ASSERT_LT(next_, acts_.size()) << step.type << " of " << step.task.str() << " by " << step.actor
                                 << " was nobody's act";
  const Command& command = acts_[next_].command;
  // Facts that had changed make of an approval a revision by the daemon.
  ASSERT_TRUE(step.task == command.task &&
              (step.actor == command.user.str() || step.actor == "daemon"))
      << "act " << next_ << " is " << command.user.str() << "'s on " << command.task.str()
      << ", the log has " << step.type << " of " << step.task.str() << " by " << step.actor;
  ++next_;
  replica.settle(command);
}

}  // namespace millwright::e2e
