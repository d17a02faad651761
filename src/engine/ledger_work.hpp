#pragma once
// One transaction of the ledger in the making. Owned by the ledger thread.

#include <map>
#include <optional>
#include <vector>

#include "millwright/engine/ledger.hpp"

namespace millwright {

struct Ledger::Work {
  // A queue item and what its asker will hear once the transaction is durable.
  struct Asked {
    LedgerItem item;
    std::optional<Error> error;
    std::optional<CommandAnswer> answer;
  };

  Instant now;
  PlantView view;  // working copy; the committed one is untouched until the commit
  CommitBatch batch;
  std::int64_t audit_size = 0;
  std::map<TopicPartition, Fence> fences;
  std::map<TaskId, Task> tasks;  // changed, newest value
  std::vector<Asked> asked;
  std::int64_t opened = 0;
  std::int64_t decisions = 0;
  std::int64_t outbox = 0;  // effects added less effects done with
  bool adds_effects = false;
  std::optional<Error> refused;  // the newest intent that settle refused and nobody had asked for

  [[nodiscard]] bool empty() const {
    return batch.cursors.empty() && batch.changes.empty() && batch.dead_letters.empty() &&
           batch.checkpoints.empty();
  }
};

}  // namespace millwright
