#pragma once
// Intent: whatever may change plant state; Change: what it changes. settle (workflow/) turns the
// one into the other, and nothing else does.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "millwright/base/time.hpp"
#include "millwright/domain/event.hpp"
#include "millwright/domain/ids.hpp"
#include "millwright/domain/observation.hpp"
#include "millwright/domain/task.hpp"
#include "millwright/domain/view.hpp"

namespace millwright {

// An event that changes plant state: stock, machine state, work order status, ...
struct Fact {
  Event event;
};

enum class Act : std::uint8_t { kApprove, kReject, kAskForRelease };

// A person's act, from REST. Who it is was proven by http/; what they may is settle's question.
struct Command {
  Act act = Act::kApprove;
  TaskId task;
  Revision seen;  // the revision that was on the screen
  UserId user;
  std::string user_name;
  std::vector<Role> roles;
  bool service_account = false;  // may never approve
  std::string reason_code;
  std::string comment;
  std::string meaning;
  std::string idempotency_key;     // "" none
  std::optional<Release> release;  // kAskForRelease: `task` gets it, `comment` says why
};

struct TimerDue {
  TaskId task;
  Instant at;  // what it was set for
};

// A configuration was loaded; itself an audited decision.
struct ConfigLoaded {
  std::string version;
  std::string summary;
  std::vector<ReleasedRule> rules = {};  // of status released
};

// Dead letters of one partition, in aggregate: the bytes are in the dead-letter topic.
struct DeadLetterCount {
  TopicPartition where;
  RejectReason reason = RejectReason::kNotJson;
  Offset first;
  Offset last;
  std::int64_t count = 0;
};

// Something security or operation wants on record: log-in refused, clock stepped, kill switch.
struct Notice {
  std::string type;  // auth.refused, ledger.started, ...
  std::vector<std::pair<std::string, std::string>> fields;
};

using Intent = std::variant<Decision, Fact, Command, EffectReport, TimerDue, ConfigLoaded,
                            DeadLetterCount, Notice>;

// One entry of the audit log before it has its place: canonical JSON is made from it by codec/.
struct AuditRecord {
  std::string type;   // decision.made, task.approved, effect.delivered, ...
  Instant at;         // plant time
  std::string actor;  // user id, "rule:<id>@<version>", "erp", "timer"
  TaskId task;
  CaseId case_id;
  DecisionId decision;
  std::string body;  // JSON object, canonical
};

// What one intent does. Upserts carry the whole new value.
struct Change {
  std::vector<std::pair<WorkUnitId, EquipmentState>> equipment;
  std::vector<std::pair<AssetId, ServiceState>> service;
  std::vector<std::pair<AssetId, OpenWork>> work;     // follows from tasks and cases
  std::vector<std::pair<MaterialId, Supply>> supply;  // follows from stock and reservations
  std::vector<std::pair<SupplierId, SupplierRecord>> suppliers;
  std::vector<std::pair<MaterialId, Stock>> stock;
  std::vector<Case> cases;
  std::vector<Task> tasks;
  std::vector<Reservation> reservations;
  std::vector<RuleBundle> bundles;
  std::vector<Decision> decisions;  // to be stored, whether or not they changed a task
  std::vector<AuditRecord> audit;
  std::vector<Effect> effects;        // `audit` is filled in by the ledger
  std::vector<EffectReport> reports;  // new state of effects sent before

  [[nodiscard]] bool empty() const {
    return !seen_by_lanes() && stock.empty() && cases.empty() && tasks.empty() &&
           reservations.empty() && bundles.empty() && decisions.empty() && audit.empty() &&
           effects.empty() && reports.empty();
  }
  // Whether it changes what lanes read: the view gets a new number.
  [[nodiscard]] bool seen_by_lanes() const {
    return !equipment.empty() || !service.empty() || !work.empty() || !supply.empty() ||
           !suppliers.empty();
  }
};

// The view after the change; the lane's number rises if what lanes read has changed.
void apply(const Change& change, PlantView& view);

}  // namespace millwright
