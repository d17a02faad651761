#pragma once
// JSON of what the ledger keeps, there and back without loss: doubles bit for bit, absent optionals
// stay absent, bytes that are no UTF-8 survive. Pure functions, any thread.

#include <string>
#include <string_view>
#include <vector>

#include "millwright/base/result.hpp"
#include "millwright/domain/ids.hpp"
#include "millwright/domain/intent.hpp"
#include "millwright/domain/observation.hpp"
#include "millwright/domain/task.hpp"
#include "millwright/domain/view.hpp"

namespace millwright::codec {

[[nodiscard]] std::string to_json(const Task& task);
[[nodiscard]] std::string to_json(const Case& c);
[[nodiscard]] std::string to_json(const Reservation& reservation);
[[nodiscard]] std::string to_json(const RuleBundle& bundle);
[[nodiscard]] std::string to_json(const Effect& effect);
[[nodiscard]] std::string to_json(const EquipmentState& state);
[[nodiscard]] std::string to_json(const ServiceState& state);
[[nodiscard]] std::string to_json(const Stock& stock);
[[nodiscard]] std::string to_json(const OpenWork& work);
[[nodiscard]] std::string to_json(const SupplierRecord& record);
[[nodiscard]] std::string to_json(const Supply& supply);
[[nodiscard]] std::string to_json(const Decision& decision);
// Without the signal's history, for those who keep pack_series() of it beside.
[[nodiscard]] std::string to_json_without_series(const Decision& decision);

// kInvalid names the member that is missing or of the wrong kind.
[[nodiscard]] Result<Task> task_from_json(std::string_view json);
[[nodiscard]] Result<Case> case_from_json(std::string_view json);
[[nodiscard]] Result<Reservation> reservation_from_json(std::string_view json);
[[nodiscard]] Result<Effect> effect_from_json(std::string_view json);
[[nodiscard]] Result<EquipmentState> equipment_from_json(std::string_view json);
[[nodiscard]] Result<ServiceState> service_from_json(std::string_view json);
[[nodiscard]] Result<RuleBundle> bundle_from_json(std::string_view json);
[[nodiscard]] Result<Stock> stock_from_json(std::string_view json);
[[nodiscard]] Result<OpenWork> work_from_json(std::string_view json);
[[nodiscard]] Result<SupplierRecord> supplier_from_json(std::string_view json);
[[nodiscard]] Result<Supply> supply_from_json(std::string_view json);
[[nodiscard]] Result<Decision> decision_from_json(std::string_view json);

// A signal's history as bytes: regular steps cost 13 a point.
[[nodiscard]] std::string pack_series(const std::vector<SeriesPoint>& series);
[[nodiscard]] Result<std::vector<SeriesPoint>> unpack_series(std::string_view bytes);

// The envelope of an audit record as canonical_record() wrote it.
struct AuditEnvelope {
  AuditSeq seq;
  std::string type;
  Instant at;
  std::string actor;
  TaskId task;
  CaseId case_id;
};
[[nodiscard]] Result<AuditEnvelope> audit_envelope(std::string_view record);

}  // namespace millwright::codec
