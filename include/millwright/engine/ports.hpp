#pragma once
// Everything the engine asks of the outside world, as interfaces. Adapters (source/, store/,
// effect/) implement them and meet nowhere else; each has an in-memory twin in tests/support, and
// one contract suite runs on both.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "millwright/base/result.hpp"
#include "millwright/base/time.hpp"
#include "millwright/domain/checkpoint.hpp"
#include "millwright/domain/event.hpp"
#include "millwright/domain/ids.hpp"
#include "millwright/domain/intent.hpp"
#include "millwright/domain/observation.hpp"
#include "millwright/domain/task.hpp"
#include "millwright/domain/view.hpp"
#include "millwright/engine/queries.hpp"

namespace millwright {

// ---- In: where events come from -------------------------------------------------------------

struct Records {
  std::vector<RawRecord> records;  // any partitions, each in offset order
};
struct Assigned {
  TopicPartition where;  // the lane loads state and cursor, then calls start()
};
struct Revoked {
  TopicPartition where;  // the lane drains, then calls release()
};
struct Lost {
  TopicPartition where;  // gone already: drop, do not commit
};
// Offsets that the broker cannot hand out in readable form; the source has moved past them.
struct Undecodable {
  TopicPartition where;
  Offset first;
  Offset next;
  std::string detail;
};
// Our cursor points to nothing (retention, topic made anew). Latched: the partition stands still.
struct Halted {
  TopicPartition where;
  std::string detail;  // what to do, for a person
};
using SourceEvent = std::variant<Records, Assigned, Revoked, Lost, Undecodable, Halted>;

// Owned and called by one lane thread.
class EventSource {
 public:
  virtual ~EventSource() = default;
  // At most `limit` records; waits at most `wait`. Empty Records when nothing came.
  [[nodiscard]] virtual SourceEvent poll(std::size_t limit, Duration wait) = 0;
  // Reads `where` from `from`, or from the configured start when there is no cursor yet.
  // Returns the offset it really starts at.
  [[nodiscard]] virtual Result<Offset> start(const TopicPartition& where,
                                             std::optional<Offset> from) = 0;
  virtual void release(const TopicPartition& where) = 0;
  // A paused source still polls (or a group evicts it), and returns no records.
  virtual void set_paused(bool paused) = 0;
  // Tells lag tools how far we are; never read back as truth.
  virtual void courtesy_commit(const TopicPartition& where, Offset next) = 0;
  // Records not yet read, by partition, as far as known; and whether the broker answers.
  [[nodiscard]] virtual std::map<TopicPartition, std::int64_t> lag() const = 0;
  [[nodiscard]] virtual bool connected() const = 0;
};

// ---- Store: the ledger on disk ---------------------------------------------------------------

// All of it becomes durable, or none.
struct CommitBatch {
  std::vector<CursorAdvance> cursors;
  std::vector<Change> changes;  // in the order they were settled
  std::vector<DeadLetterCount> dead_letters;
  std::vector<CheckpointSlice> checkpoints;
  ViewNumber view_after;  // number of the lane view once `changes` are applied
  Instant at;             // plant time of the commit
};

struct CommitReceipt {
  std::int64_t audit_size = 0;  // records in the log after the commit
};

// The one writer. Called only by the ledger thread.
class Store {
 public:
  virtual ~Store() = default;
  // kStale: an epoch or a cursor does not fit (nothing was written; the lane must adopt anew).
  // kUnavailable: the disk failed; the state on disk is unknown and the process must restart.
  [[nodiscard]] virtual Result<CommitReceipt> commit(const CommitBatch& batch) = 0;
  // Raises the partition's epoch durably and returns everything a lane needs to go on.
  [[nodiscard]] virtual Result<RestoredPartition> adopt(const TopicPartition& where) = 0;
  [[nodiscard]] virtual Result<PlantView> load_view() = 0;
  // The lane views of these numbers, ascending, each once: what was between them is not built.
  [[nodiscard]] virtual Result<std::vector<LaneView>> lane_views(
      std::vector<ViewNumber> numbers) = 0;
  // Signs and stores a checkpoint over every committed record; the note's text (C2SP).
  [[nodiscard]] virtual Result<std::string> checkpoint(Instant now) = 0;
  // Dead-letter minutes that ended before `now` and have no audit record yet are turned into some.
  [[nodiscard]] virtual Result<CommitReceipt> close_dead_letter_minutes(Instant now) = 0;
  // Checkpoints the write-ahead log and throws out what no restart needs any more. Bounded.
  [[nodiscard]] virtual Result<void> tidy() = 0;
};

// Read-only access; one object a thread.
class StoreReader {
 public:
  virtual ~StoreReader() = default;
  [[nodiscard]] virtual Result<Page<Task>> tasks(const TaskQuery& query) = 0;
  [[nodiscard]] virtual Result<std::optional<Task>> task(const TaskId& id) = 0;
  [[nodiscard]] virtual Result<std::optional<Case>> case_by_id(const CaseId& id) = 0;
  [[nodiscard]] virtual Result<std::optional<Decision>> decision(const DecisionId& id) = 0;
  // Newest first.
  [[nodiscard]] virtual Result<std::vector<Decision>> decisions_of(const TaskId& task,
                                                                   std::size_t limit) = 0;
  [[nodiscard]] virtual Result<Page<AuditEntry>> audit(const AuditQuery& query) = 0;
  [[nodiscard]] virtual Result<std::string> last_checkpoint() = 0;
  // Effects due at `now` whose audit record lies before `anchored`, in order of creation.
  [[nodiscard]] virtual Result<std::vector<Effect>> due_effects(EffectKind kind,
                                                                std::int64_t anchored, Instant now,
                                                                std::size_t limit) = 0;
  // The newest place of our own records in an output partition that is marked as delivered.
  [[nodiscard]] virtual Result<std::map<TopicPartition, Offset>> delivered_up_to() = 0;
  [[nodiscard]] virtual Result<StoreCounts> counts() = 0;
};

// Where signed checkpoints go outside the database. Called only by the ledger thread.
class Anchor {
 public:
  virtual ~Anchor() = default;
  // Durable when it returns without error.
  [[nodiscard]] virtual Result<void> publish(const std::string& note) = 0;
};

// ---- Out: effects ----------------------------------------------------------------------------

// Owned and called by the dispatcher thread. One runner for each EffectKind.
class EffectRunner {
 public:
  virtual ~EffectRunner() = default;
  // Before anything is sent after a start: finds what an earlier process had sent without having
  // marked it (fence-then-scan). Reports for effects found delivered.
  [[nodiscard]] virtual Result<std::vector<EffectReport>> recover(
      const std::map<TopicPartition, Offset>& delivered_up_to) = 0;
  // Sends in order; a report for each effect. Never throws, never blocks past its time-outs.
  [[nodiscard]] virtual std::vector<EffectReport> perform(const std::vector<Effect>& effects,
                                                          Instant now) = 0;
  // True where an attempt must be durable as started before its first byte (HTTP).
  [[nodiscard]] virtual bool announces_attempts() const = 0;
  [[nodiscard]] virtual bool healthy() const = 0;
  // The process is to end: from now on nothing new is sent, and a call under way returns within two
  // seconds, unless its outcome could not be found out later. From any thread.
  virtual void give_up() noexcept {}
};

}  // namespace millwright
