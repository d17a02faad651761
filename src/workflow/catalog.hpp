#pragma once
// The kinds of task as rows: what each asks of people, and what follows on approval. Constant data,
// any thread. A new kind is one row here and its name in domain/text.cpp.

#include <string_view>

#include "millwright/domain/task.hpp"

namespace millwright::workflow {

struct TaskType {
  TaskKind kind;
  std::string_view name;     // for a person, in the plural: "work orders"
  std::string_view erp;      // the ERP's operation on approval; "" : nothing leaves for the ERP
  bool commits_money;        // labour and parts count against the approval limits
  bool always_one_approver;  // never more, whatever the class of the asset
  std::string_view order;    // description where no job plan has one, up to 40 characters
  double hours;              // labour where no job plan says so
};

[[nodiscard]] const TaskType& task_type(TaskKind kind);

}  // namespace millwright::workflow
