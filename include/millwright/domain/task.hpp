#pragma once
// Task, Case, Reservation, Effect: what the ledger keeps and people see. Values.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "millwright/base/time.hpp"
#include "millwright/domain/ids.hpp"
#include "millwright/domain/observation.hpp"
#include "millwright/domain/plant.hpp"
#include "millwright/domain/release.hpp"

namespace millwright {

enum class TaskState : std::uint8_t {
  kProposed,
  kApproved,
  kRejected,
  kExpired,
  kWithdrawn,
  kDispatched,
  kAcknowledged,
  kFailed,
  kInProgress,
  kClosed,
  kVerified
};
[[nodiscard]] std::string_view to_text(TaskState state);
// No act and no report changes a task in these.
[[nodiscard]] bool is_final(TaskState state);

// What closed work showed: was the decision right?
enum class Outcome : std::uint8_t { kUnknown, kConfirmed, kNotFound, kOtherCause };
[[nodiscard]] std::string_view to_text(Outcome outcome);

enum class Role : std::uint8_t {
  kOperator,
  kTechnician,
  kMaintenanceSupervisor,
  kPlanner,
  kQualityLead,
  kProcurement,
  kPlantManager,
  kDataScientist,
  kAdmin,
  kAuditor,
  kIntegration
};
[[nodiscard]] std::string_view to_text(Role role);

struct PartLine {
  MaterialId material;
  std::string name;
  double quantity = 0.0;
  std::string unit;
  double on_hand = 0.0;   // at the last check
  double reserved = 0.0;  // by others
  double blocked = 0.0;
  double short_by = 0.0;  // > 0: cannot be covered
  double unit_cost = 0.0;
  friend bool operator==(const PartLine&, const PartLine&) = default;
};

struct Approval {
  UserId user;
  std::string name;  // printed name at signing
  Role role = Role::kMaintenanceSupervisor;
  Instant at;           // plant time
  Revision revision;    // that was seen and signed
  std::string meaning;  // approval, rejection
  std::string reason_code;
  std::string comment;
  std::string idempotency_key;  // a repeated request is known by it
};

struct Task {
  TaskId id;
  CaseId case_id;
  TaskKind kind = TaskKind::kInspection;
  TaskState state = TaskState::kProposed;
  Revision revision{1};      // raised by a change of cause, priority, due date, parts or money only
  std::int32_t changes = 0;  // announced so far; names the announcements
  Priority priority = Priority::kP3;
  AssetId asset;
  std::string asset_path;
  Criticality criticality = Criticality::kC;
  FailureMode mode;
  std::string title;
  std::string symptom;
  std::string cause;
  std::string point;
  SignalId signal;
  double confidence = 0.0;
  Rung rung = Rung::kLimits;
  std::string rationale;
  RuleRef rule;
  ModelRef model;

  // What approval would order
  std::string order_text;  // up to 40 characters
  std::string equipment_number;
  std::string work_center;
  std::vector<CraftHours> crafts;
  std::vector<PartLine> parts;
  double duration_h = 0.0;
  std::string permit;
  double cost = 0.0;                   // committed by approval, site's currency
  double avoided_cost = 0.0;           // of the unplanned stop; 0 not known
  std::optional<Instant> due;          // work done before
  std::optional<Instant> window_from;  // planned stop it fits in

  // Life
  Instant opened_at;                 // event time of the opening decision
  Instant proposed_at;               // plant time
  Instant changed_at;                // plant time
  std::optional<Instant> decide_by;  // plant time; escalation and expiry hang on it
  DecisionId opened_by;
  std::vector<DecisionId> evidence;  // newest kept, at most limits::kEvidencePerTask
  std::int64_t evidence_count = 0;
  Instant last_seen;  // event time of the newest evidence
  int approvals_needed = 1;
  std::vector<Approval> approvals;  // and the rejection, if any
  std::string external_number;      // the ERP's
  std::string failure;              // why dispatch failed, for a person
  Outcome outcome = Outcome::kUnknown;
  std::string outcome_detail;

  std::optional<Release> release;  // of kind rule_release alone
};

enum class CaseState : std::uint8_t { kOpen, kClosed };

// What belongs together: one asset, one failure mode, one opening decision.
struct Case {
  CaseId id;
  AssetId asset;
  std::string entity;
  FailureMode mode;
  CaseState state = CaseState::kOpen;
  DecisionId opened_by;
  Instant opened_at;                 // event time
  std::optional<Instant> closed_at;  // event time
  bool recurring = false;            // opened within 24 h of the last one's close
  std::vector<TaskId> tasks;
};

enum class ReservationState : std::uint8_t { kSoft, kHard, kReleased, kConsumed };

struct Reservation {
  TaskId task;
  MaterialId material;
  double quantity = 0.0;
  ReservationState state = ReservationState::kSoft;
  Instant until;  // plant time: a soft hold ends by itself
};

// Something to be sent outward, once.
enum class EffectKind : std::uint8_t { kKafka, kErp };

enum class EffectState : std::uint8_t { kPending, kInFlight, kRetry, kDone, kUnknown, kParked };

struct Effect {
  EffectId id;  // H(task or decision, what, ordinal)
  EffectKind kind = EffectKind::kKafka;
  std::string target;  // topic, or the ERP's operation: work_order, reservation
  std::string key;     // record key, or the lane whose order matters
  std::string type;    // CloudEvents type, for Kafka
  std::string body;    // JSON data, or a dead letter's original bytes
  std::vector<std::pair<std::string, std::string>> headers;  // Kafka, beside the CloudEvents ones
  TaskId task;                                               // "" : none
  AuditSeq audit;  // leaves only once a checkpoint covers this
  EffectState state = EffectState::kPending;
  std::int32_t attempts = 0;
  Instant not_before;  // plant time of the next try
};

enum class EffectOutcome : std::uint8_t {
  kStarted,  // an attempt is about to begin; durable before the first byte
  kDelivered,
  kRetryLater,
  kUnknown,  // it may have happened and cannot be looked up: a person decides
  kRefused,  // will not succeed by itself; parked
};

struct EffectReport {
  EffectId id;
  EffectOutcome outcome = EffectOutcome::kDelivered;
  std::string external_number;  // ERP's answer, or topic[partition]@offset
  std::string detail;           // for a person
  Instant not_before = {};      // kRetryLater
  EffectKind kind = EffectKind::kKafka;
  TaskId task = {};  // of the effect; "" none
};

}  // namespace millwright
