#pragma once
// LedgerStore: the one connection that writes. Owned by the ledger thread.

#include <memory>
#include <string>

#include "millwright/engine/ports.hpp"
#include "store/audit_log.hpp"
#include "store/db.hpp"
#include "store/files.hpp"
#include "store/note.hpp"
#include "store/outbox.hpp"
#include "store/plant_rows.hpp"
#include "store/progress.hpp"

namespace millwright::store {

class LedgerStore final : public Store {
 public:
  // `db` is configured, migrated and locked down.
  LedgerStore(Fd lock, std::unique_ptr<Db> db, Signer signer);

  // Whether the tables agree with the tree's head, and the tree with a checkpoint that was
  // anchored.
  [[nodiscard]] Result<void> check_tree();
  [[nodiscard]] Result<void> check_anchor(const Checkpoint& anchored);

  [[nodiscard]] Result<CommitReceipt> commit(const CommitBatch& batch) override;
  [[nodiscard]] Result<RestoredPartition> adopt(const TopicPartition& where) override;
  [[nodiscard]] Result<PlantView> load_view() override;
  [[nodiscard]] Result<std::vector<LaneView>> lane_views(std::vector<ViewNumber> numbers) override;
  [[nodiscard]] Result<std::string> checkpoint(Instant now) override;
  [[nodiscard]] Result<CommitReceipt> close_dead_letter_minutes(Instant now) override;
  [[nodiscard]] Result<void> tidy() override;

  // For tests that look behind the store's back.
  [[nodiscard]] Db& db() { return *db_; }

 private:
  // Runs `work(transaction, head)` between BEGIN and COMMIT and takes the head over. Everything
  // that can go wrong on the way ends here.
  template <class Work>
  auto write(Work work);
  template <class Work>
  auto read(Work work);
  Error broken(const SqlError& error);

  Result<void> put_batch(const CommitBatch& batch, Head& head);
  void put_change(const Change& change, Head& head, Instant at);
  void put_effects(const CommitBatch& batch, const std::vector<AuditSeq>& last_of, AuditSeq last);
  void checkpoint_wal(int mode);
  static int on_wal(void* self, sqlite3*, const char*, int pages);

  Fd lock_;
  std::unique_ptr<Db> db_;
  Signer signer_;
  AuditLog audit_;
  Progress progress_;
  PlantRows plant_;
  Outbox outbox_;
  Head head_;
  int wal_pages_ = 0;
  int wal_pages_tried_ = 0;  // at the last checkpoint
  std::string broken_;       // not empty: the disk failed, nothing more is done
};

}  // namespace millwright::store
