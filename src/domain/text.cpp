// Names of the closed sets, as files, REST and the audit log spell them.
#include "millwright/domain/event.hpp"
#include "millwright/domain/observation.hpp"
#include "millwright/domain/task.hpp"

namespace millwright {

std::string_view to_text(RejectReason reason) {
  switch (reason) {
    case RejectReason::kNotACloudEvent:
      return "not_a_cloudevent";
    case RejectReason::kNotJson:
      return "not_json";
    case RejectReason::kUnknownType:
      return "unknown_type";
    case RejectReason::kMissingField:
      return "missing_field";
    case RejectReason::kWrongField:
      return "wrong_field";
    case RejectReason::kNoUnit:
      return "no_unit";
    case RejectReason::kTooLarge:
      return "too_large";
    case RejectReason::kConflict:
      return "conflict";
    case RejectReason::kUndecodable:
      return "undecodable";
  }
  return "unknown";
}

std::string_view to_text(Disposition disposition) {
  switch (disposition) {
    case Disposition::kObserved:
      return "observed";
    case Disposition::kFact:
      return "fact";
    case Disposition::kDuplicate:
      return "duplicate";
    case Disposition::kConflict:
      return "conflict";
    case Disposition::kLate:
      return "late";
    case Disposition::kHistorical:
      return "historical";
    case Disposition::kFuture:
      return "future";
    case Disposition::kOutOfOrder:
      return "out_of_order";
    case Disposition::kUnmapped:
      return "unmapped";
    case Disposition::kIgnored:
      return "ignored";
    case Disposition::kTombstone:
      return "tombstone";
    case Disposition::kDeadLetter:
      return "dead_letter";
    case Disposition::kCount:
      break;
  }
  return "unknown";
}

std::string_view to_text(Rung rung) {
  switch (rung) {
    case Rung::kModel:
      return "model";
    case Rung::kSimpleModel:
      return "simple_model";
    case Rung::kLimits:
      return "limits";
    case Rung::kInspection:
      return "inspection";
  }
  return "unknown";
}

std::string_view to_text(TaskKind kind) {
  switch (kind) {
    case TaskKind::kWorkOrder:
      return "work_order";
    case TaskKind::kPartReservation:
      return "part_reservation";
    case TaskKind::kInspection:
      return "inspection";
    case TaskKind::kSensorCheck:
      return "sensor_check";
    case TaskKind::kMasterData:
      return "master_data";
    case TaskKind::kRuleRelease:
      return "rule_release";
  }
  return "unknown";
}

std::string_view to_text(TaskState state) {
  switch (state) {
    case TaskState::kProposed:
      return "PROPOSED";
    case TaskState::kApproved:
      return "APPROVED";
    case TaskState::kRejected:
      return "REJECTED";
    case TaskState::kExpired:
      return "EXPIRED";
    case TaskState::kWithdrawn:
      return "WITHDRAWN";
    case TaskState::kDispatched:
      return "DISPATCHED";
    case TaskState::kAcknowledged:
      return "ACKNOWLEDGED";
    case TaskState::kFailed:
      return "FAILED";
    case TaskState::kInProgress:
      return "IN_PROGRESS";
    case TaskState::kClosed:
      return "CLOSED";
    case TaskState::kVerified:
      return "VERIFIED";
  }
  return "unknown";
}

bool is_final(TaskState state) {
  return state == TaskState::kRejected || state == TaskState::kExpired ||
         state == TaskState::kWithdrawn || state == TaskState::kVerified;
}

std::string_view to_text(Outcome outcome) {
  switch (outcome) {
    case Outcome::kUnknown:
      return "unknown";
    case Outcome::kConfirmed:
      return "confirmed";
    case Outcome::kNotFound:
      return "not_found";
    case Outcome::kOtherCause:
      return "other_cause";
  }
  return "unknown";
}

std::string_view to_text(Role role) {
  switch (role) {
    case Role::kOperator:
      return "operator";
    case Role::kTechnician:
      return "technician";
    case Role::kMaintenanceSupervisor:
      return "maintenance_supervisor";
    case Role::kPlanner:
      return "planner";
    case Role::kQualityLead:
      return "quality_lead";
    case Role::kProcurement:
      return "procurement";
    case Role::kPlantManager:
      return "plant_manager";
    case Role::kDataScientist:
      return "data_scientist";
    case Role::kAdmin:
      return "admin";
    case Role::kAuditor:
      return "auditor";
    case Role::kIntegration:
      return "integration";
  }
  return "unknown";
}

}  // namespace millwright
