#pragma once
// settle: the only place where a task changes state. Machine decisions, people's clicks, timers and
// ERP answers all come through here. Pure; called by the ledger thread inside its turn, and by http
// to preview what an act would do.

#include <string>
#include <vector>

#include "millwright/base/result.hpp"
#include "millwright/domain/intent.hpp"
#include "millwright/domain/plant.hpp"
#include "millwright/domain/task.hpp"
#include "millwright/domain/view.hpp"

namespace millwright::workflow {

// The plant's rules for people: configured, versioned (config/workflow/*.yaml).
struct Policy {
  std::string version;
  double inspect_below = 0.7;  // confidence; below it, only a look
  double money_one = 2'000;    // up to this one approver, site's currency
  double money_two = 20'000;   // up to this two; beyond it the plant manager and one more
  Duration soft_hold = hours(72);
  Duration recurring_within = hours(24);
  Duration decide_p1 = minutes(30);
  Duration decide_p2 = hours(4);
  Duration decide_p3 = days(1);
  Duration decide_p4 = days(3);
  // Rules that are not those of the last start need an approved release; else they may just change.
  bool rules_by_approval = true;
  // Some ERPs reserve parts through the order's components: then no reservation is sent beside it.
  bool reserve_through_order = false;
  std::string task_topic = "orch.tasks";  // where tasks and decisions are announced
  std::string decision_topic = "orch.decisions";
};

struct Context {
  const PlantModel& plant;
  const Policy& policy;
};

// Errors: kNotFound no such task; kConflict already decided; kStale another revision; kDenied the
// user may not (message says who may); kInvalid a reason is missing. An approval that finds other
// facts (stock, money) than were signed revises the task instead: its revision is not `seen` then.
// ConfigLoaded is refused with kDenied where its rules are not released.
[[nodiscard]] Result<Change> settle(const PlantView& view, const Intent& intent, Instant now,
                                    const Context& context);

// What has fallen due by `now`: proposals nobody decided, soft holds that end, follow-ups. At most
// `limit`, in the order of the tasks' ids; each is settled as an intent of its own.
[[nodiscard]] std::vector<TimerDue> timers_due(const PlantView& view, Instant now,
                                               std::size_t limit);

// What the user may do with the task now, and if not, why, for a person.
struct Permission {
  bool approve = false;
  bool reject = false;
  std::string why_not_approve;
  std::string why_not_reject;
};
[[nodiscard]] Permission permission(const Task& task, const UserId& user,
                                    const std::vector<Role>& roles, bool service_account,
                                    const Context& context);

// Roles that may give one of the approvals a task needs.
[[nodiscard]] std::vector<Role> approver_roles(const Task& task, const Context& context);

}  // namespace millwright::workflow
