#pragma once
// LedgerReader: one read-only connection. Owned by one thread.

#include <chrono>
#include <memory>
#include <string>

#include "millwright/engine/ports.hpp"
#include "store/db.hpp"
#include "store/task_list.hpp"

namespace millwright::store {

class LedgerReader final : public StoreReader {
 public:
  explicit LedgerReader(std::unique_ptr<Db> db);

  [[nodiscard]] Result<Page<Task>> tasks(const TaskQuery& query) override;
  [[nodiscard]] Result<std::optional<Task>> task(const TaskId& id) override;
  [[nodiscard]] Result<std::optional<Case>> case_by_id(const CaseId& id) override;
  [[nodiscard]] Result<std::optional<Decision>> decision(const DecisionId& id) override;
  [[nodiscard]] Result<std::vector<Decision>> decisions_of(const TaskId& task,
                                                           std::size_t limit) override;
  [[nodiscard]] Result<Page<AuditEntry>> audit(const AuditQuery& query) override;
  [[nodiscard]] Result<std::string> last_checkpoint() override;
  [[nodiscard]] Result<std::vector<Effect>> due_effects(EffectKind kind, std::int64_t anchored,
                                                        Instant now, std::size_t limit) override;
  [[nodiscard]] Result<std::map<TopicPartition, Offset>> delivered_up_to() override;
  [[nodiscard]] Result<StoreCounts> counts() override;

  // For tests that try what a reader must not be able to do.
  [[nodiscard]] Db& db() { return *db_; }

 private:
  // Runs `work` on one snapshot, within the time a statement may take.
  template <class Work>
  auto read(Work work);
  static int on_progress(void* self);
  Rows audit_rows(const AuditQuery& query, std::int64_t after, std::int64_t limit);

  std::unique_ptr<Db> db_;
  std::chrono::steady_clock::time_point deadline_;
  TaskList tasks_;
  Statement task_;
  Statement case_;
  Statement decision_;
  Statement audit_all_;
  Statement audit_task_;
  Statement audit_case_;
  Statement audit_type_;
  Statement checkpoint_;
  Statement due_;
  Statement delivered_;
};

}  // namespace millwright::store
