#pragma once
// NoReader: stands where the ledger cannot be opened for reading, and says so; health and metrics
// still answer. Owned by one handler thread.

#include "millwright/engine/ports.hpp"

namespace millwright::http {

class NoReader final : public StoreReader {
 public:
  Result<Page<Task>> tasks(const TaskQuery& /*query*/) override { return closed(); }
  Result<std::optional<Task>> task(const TaskId& /*id*/) override { return closed(); }
  Result<std::optional<Case>> case_by_id(const CaseId& /*id*/) override { return closed(); }
  Result<std::optional<Decision>> decision(const DecisionId& /*id*/) override { return closed(); }
  Result<std::vector<Decision>> decisions_of(const TaskId& /*task*/,
                                             std::size_t /*limit*/) override {
    return closed();
  }
  Result<Page<AuditEntry>> audit(const AuditQuery& /*query*/) override { return closed(); }
  Result<std::string> last_checkpoint() override { return closed(); }
  Result<std::vector<Effect>> due_effects(EffectKind /*kind*/, std::int64_t /*anchored*/,
                                          Instant /*now*/, std::size_t /*limit*/) override {
    return closed();
  }
  Result<std::map<TopicPartition, Offset>> delivered_up_to() override { return closed(); }
  Result<StoreCounts> counts() override { return closed(); }

 private:
  static Error closed() { return fail(Errc::kUnavailable, "the ledger cannot be opened"); }
};

}  // namespace millwright::http
