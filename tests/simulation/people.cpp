#include "simulation/people.hpp"

namespace millwright::simulation {

void People::read_answers() {
  for (Asked& asked : std::exchange(asked_, {})) {
    const auto answer = asked.reply.take();
    if (!answer) {
      asked_.push_back(std::move(asked));
      continue;
    }
    if (!*answer) continue;
    // Other facts were found than were seen: it was proposed anew, and nothing was signed.
    const Task& task = (*answer)->task;
    if (task.state == TaskState::kProposed && task.revision != asked.what.revision) continue;
    promises_.push_back(std::move(asked.what));
  }
}

void People::turn(Process& process) {
  read_answers();
  if (!rng_.chance(eager_)) return;
  std::vector<Task> open;
  process.board().plant()->tasks.for_each([&](const TaskId&, const Task& task) {
    if (task.state == TaskState::kProposed) open.push_back(task);
    return true;
  });
  if (open.empty() || asked_.size() > 8) return;
  const Task& task = open[rng_.below(open.size())];
  const bool chief = rng_.chance(0.4);
  Command command;
  command.act = reject_ && rng_.chance(0.3) ? Act::kReject : Act::kApprove;
  command.task = task.id;
  command.seen = task.revision;
  command.user = UserId(chief ? "chief" : "super");
  command.user_name = chief ? "C. Hief" : "S. Uper";
  command.roles = {chief ? Role::kPlantManager : Role::kMaintenanceSupervisor};
  command.meaning = "approval";
  if (command.act == Act::kReject) {
    command.reason_code = "FALSE_ALARM";
    command.meaning = "rejection";
  }
  command.service_account = rng_.chance(0.02);
  command.idempotency_key = "k" + std::to_string(rng_.next());
  ask(process, command);
  if (rng_.chance(0.3)) ask(process, command);  // a double click
}

void People::ask(Process& process, const Command& command) {
  Submission submission;
  submission.command = command;
  asked_.push_back({{command.task, command.user, command.seen, command.idempotency_key,
                     command.act == Act::kReject},
                    submission.reply});
  LedgerItem item(std::move(submission));
  if (!process.queue().try_push(item)) asked_.pop_back();
}

}  // namespace millwright::simulation
