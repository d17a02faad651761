#include "workflow/catalog.hpp"

#include "millwright/base/check.hpp"

namespace millwright::workflow {
namespace {

constexpr TaskType kTypes[] = {
    {TaskKind::kWorkOrder, "work orders", "work_order", true, false, "Repair", 4.0},
    {TaskKind::kPartReservation, "part reservations", "reservation", true, true, "", 0.0},
    {TaskKind::kInspection, "inspections", "work_order", false, true, "Inspect", 1.0},
    {TaskKind::kSensorCheck, "sensor checks", "work_order", false, true, "Check sensor", 1.0},
    {TaskKind::kMasterData, "master data requests", "", false, true, "", 0.0},
    {TaskKind::kRuleRelease, "rule releases", "", false, false, "", 0.0},
};

}  // namespace

const TaskType& task_type(TaskKind kind) {
  for (const TaskType& type : kTypes) {
    if (type.kind == kind) return type;
  }
  MW_CHECK(false);
  return kTypes[0];
}

}  // namespace millwright::workflow
