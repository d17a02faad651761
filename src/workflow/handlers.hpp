#pragma once
// One function for each kind of intent; all write into the Draft. Pure. Called by settle only.

#include "millwright/base/result.hpp"
#include "workflow/change.hpp"

namespace millwright::workflow {

void settle_decision(Draft& draft, const Decision& decision);
void settle_fact(Draft& draft, const Event& event);
[[nodiscard]] Result<void> settle_command(Draft& draft, const Command& command);
[[nodiscard]] Result<void> ask_for_release(Draft& draft, const Command& command);
// The approved bundle may be in force from the next start on.
void release(Draft& draft, const Task& task);
// What a start brings into force: the first bundle of a ledger, or one that may be.
[[nodiscard]] Result<void> settle_rules(Draft& draft, const ConfigLoaded& config);
void settle_report(Draft& draft, const EffectReport& report);
void settle_timer(Draft& draft, const TimerDue& timer);

// Labour, parts and money of the task, from the job plan and from stock as it is now. True if what
// approval would commit has changed.
bool plan_work(Draft& draft, Task& task);

// How long a proposal of this priority waits for a person.
[[nodiscard]] Duration decide_within(Priority priority, const Policy& policy);

}  // namespace millwright::workflow
