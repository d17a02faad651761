#pragma once
// What the world and the log are told about a task: JSON bodies. Pure functions.

#include <string>
#include <string_view>

#include "millwright/domain/intent.hpp"
#include "millwright/domain/task.hpp"
#include "millwright/workflow/settle.hpp"

namespace millwright::workflow {

// Data of orch.task.*
[[nodiscard]] std::string task_json(const Task& task);
// Body of an audit record about the task; keys in alphabetical order.
[[nodiscard]] std::string audit_body(const Task& task, std::string_view detail);
// Data of orch.decision.made, and the body of its audit record: everything the decision stood on.
[[nodiscard]] std::string decision_json(const Decision& decision);
// What the ERP is asked for: a maintenance order or a reservation.
[[nodiscard]] std::string order_json(const Task& task, const Context& context);
[[nodiscard]] std::string reservation_json(const Task& task);
// An object of texts; keys sorted.
[[nodiscard]] std::string fields_json(std::vector<std::pair<std::string, std::string>> fields);

}  // namespace millwright::workflow
