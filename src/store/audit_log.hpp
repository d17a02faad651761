#pragma once
// The append-only audit log within the writer's transactions: records, their Merkle tree, signed
// checkpoints. Owned by the store; called by its thread.

#include <functional>
#include <string>

#include "millwright/domain/intent.hpp"
#include "store/db.hpp"
#include "store/merkle.hpp"
#include "store/note.hpp"

namespace millwright::store {

// The one row of `head`: copied at the start of a transaction, written and taken over at its end.
struct Head {
  Frontier tree;
  std::int64_t view = 0;
  std::int64_t view_floor = 0;
  std::int64_t at = 0;
};

class AuditLog {
 public:
  explicit AuditLog(Db& db);

  [[nodiscard]] Head load_head();
  void save_head(const Head& head);
  // Puts the record at the end of the log; its place.
  AuditSeq append(const AuditRecord& record, Head& head);

  // The tree as it was at an earlier size, from stored subtree roots and leaves.
  [[nodiscard]] Frontier tree_at(std::int64_t size);
  // Records in the table, by its last one.
  [[nodiscard]] std::int64_t rows();

  [[nodiscard]] std::string last_checkpoint();
  [[nodiscard]] std::int64_t last_checkpoint_size();
  void add_checkpoint(std::int64_t size, Instant at, const std::string& note);
  // Thins out old checkpoints; at most `limit` a call.
  void thin_checkpoints(std::size_t limit);

 private:
  Statement head_;
  Statement save_head_;
  Statement insert_;
  Statement insert_node_;
  Statement rows_;
  Statement node_;
  Statement leaves_;
  Statement last_checkpoint_;
  Statement kept_checkpoint_;
  Statement insert_checkpoint_;
  Statement thin_;
};

}  // namespace millwright::store
