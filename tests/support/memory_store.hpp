#pragma once
// MemoryStore: Store and StoreReader over a MemoryDisk, with failures on demand. Thrown away at a
// simulated crash; the disk stays. One thread.

#include <algorithm>
#include <functional>
#include <memory>

#include "support/memory_disk.hpp"

namespace millwright::support {

// What the next commit does.
enum class CommitFault : std::uint8_t {
  kNone,
  kFull,         // refused, nothing written
  kFailsBefore,  // the process cannot know: it was not written
  kFailsAfter,   // the process cannot know: it was written
};

// Bugs planted on purpose, which a simulation must find.
struct StoreMutants {
  bool cursor_without_state = false;  // adoption forgets the checkpoint, and starts at the cursor
  bool lagging_cursor = false;        // the cursor saved is one record too low
  bool half_applied_commit = false;   // a failing commit leaves cursors behind, without changes
  bool dead_letter_lost = false;      // one in three is not kept
  bool slice_missing = false;         // a checkpoint keeps only some of its entities
  bool commit_lies = false;           // one in fifty is only said to be written
};

class MemoryStore final : public Store, public StoreReader {
 public:
  MemoryStore(MemoryDisk& disk, std::function<CommitFault()> fault = {}, StoreMutants mutants = {})
      : disk_(disk), fault_(std::move(fault)), mutants_(mutants) {}

  Result<CommitReceipt> commit(const CommitBatch& batch) override {
    for (const CursorAdvance& cursor : batch.cursors) {
      if (cursor.epoch != disk_.parts[cursor.where].epoch) return fail(Errc::kStale, "epoch");
    }
    const CommitFault fault = fault_ ? fault_() : CommitFault::kNone;
    if (fault == CommitFault::kFull) return fail(Errc::kExhausted, "disk full");
    if (fault == CommitFault::kFailsBefore) {
      if (mutants_.half_applied_commit) save_cursors(batch);
      return fail(Errc::kUnavailable, "write failed");
    }
    if (mutants_.commit_lies && ++asked_ % 50 == 0 && batch.view_after == disk_.view.lane.number) {
      return CommitReceipt{std::int64_t(disk_.audit.size())};
    }
    for (auto& [where, part] : disk_.parts) part.committed = part.history.size();
    save_cursors(batch);
    const ViewNumber before = disk_.view.lane.number;
    for (const Change& change : batch.changes) {
      const bool letters = change.audit.empty() && !change.effects.empty();
      if (mutants_.dead_letter_lost && letters && ++asked_ % 3 == 0) continue;
      disk_.apply_change(change);
    }
    MW_CHECK(mutants_.commit_lies || disk_.view.lane.number == batch.view_after);
    if (before < batch.view_after) disk_.lane_views.push_back(disk_.view.lane);
    for (const DeadLetterCount& c : batch.dead_letters) disk_.dead_letters[c.where] += c.count;
    for (CheckpointSlice slice : batch.checkpoints) {
      if (mutants_.slice_missing) slice.entities.resize(slice.entities.size() / 2);
      disk_.apply_slice(slice);
    }
    ++disk_.commits;
    if (fault == CommitFault::kFailsAfter) return fail(Errc::kUnavailable, "write failed");
    return CommitReceipt{std::int64_t(disk_.audit.size())};
  }

  Result<RestoredPartition> adopt(const TopicPartition& where) override {
    if (full_) return fail(Errc::kExhausted, "disk full");
    MemoryDisk::Part& part = disk_.parts[where];
    part.epoch = part.epoch.next();
    part.open.reset();
    RestoredPartition restored;
    restored.cursor = part.cursor;
    restored.epoch = part.epoch;
    if (!part.cursor) return restored;
    const bool forget = mutants_.cursor_without_state;
    if (part.saved && !forget) {
      restored.reobserve_from = part.saved->begun_at;
      restored.partition_state = part.saved->partition_state;
      for (const auto& [name, entity] : part.saved->entities) restored.entities.push_back(entity);
    } else {
      restored.reobserve_from = forget ? *part.cursor : part.history.front().first;
    }
    restored.batches =
        part.batches_from(restored.reobserve_from, part.saved && !forget ? part.saved->after : 0);
    for (const Decision& decision : disk_.decisions) {
      const Position& at = decision.evidence.position;
      if (at.where == where && at.offset >= restored.reobserve_from) {
        restored.decisions.emplace_back(decision, at.offset);
      }
    }
    return restored;
  }

  Result<PlantView> load_view() override { return disk_.view; }

  Result<std::vector<LaneView>> lane_views(std::vector<ViewNumber> numbers) override {
    return disk_.views_of(numbers);
  }

  Result<std::string> checkpoint(Instant) override {
    if (full_) return fail(Errc::kExhausted, "disk full");
    disk_.checkpointed = std::int64_t(disk_.audit.size());
    return "test/millwright/audit\n" + std::to_string(disk_.checkpointed) + "\nroot\n";
  }
  Result<CommitReceipt> close_dead_letter_minutes(Instant) override {
    return CommitReceipt{std::int64_t(disk_.audit.size())};
  }
  Result<void> tidy() override { return {}; }

  // ---- StoreReader: what the engine asks ----
  Result<std::vector<Effect>> due_effects(EffectKind kind, std::int64_t anchored, Instant now,
                                          std::size_t limit) override {
    std::vector<Effect> due;
    for (const Effect& effect : disk_.effects) {
      if (due.size() == limit) break;
      if (effect.kind != kind || effect.audit.get() >= anchored) continue;
      const bool waits = effect.state == EffectState::kPending ||
                         effect.state == EffectState::kInFlight ||
                         (effect.state == EffectState::kRetry && effect.not_before <= now);
      if (waits) due.push_back(effect);
    }
    return due;
  }
  Result<std::map<TopicPartition, Offset>> delivered_up_to() override {
    return disk_.delivered_up_to;
  }
  Result<std::optional<Task>> task(const TaskId& id) override {
    const Task* found = disk_.view.tasks.find(id);
    return found == nullptr ? std::nullopt : std::optional<Task>(*found);
  }
  Result<std::optional<Case>> case_by_id(const CaseId& id) override {
    const Case* found = disk_.view.cases.find(id);
    return found == nullptr ? std::nullopt : std::optional<Case>(*found);
  }
  Result<std::optional<Decision>> decision(const DecisionId& id) override {
    for (const Decision& d : disk_.decisions) {
      if (d.id == id) return std::optional<Decision>(d);
    }
    return std::optional<Decision>();
  }
  Result<StoreCounts> counts() override {
    StoreCounts counts;
    counts.decisions = std::int64_t(disk_.decisions.size());
    counts.audit_size = std::int64_t(disk_.audit.size());
    counts.anchored_size = disk_.checkpointed;
    for (const Effect& e : disk_.effects) {
      counts.effects_pending += e.state == EffectState::kDone ? 0 : 1;
    }
    return counts;
  }
  // Queries of the REST side are the real store's own tests.
  Result<Page<Task>> tasks(const TaskQuery&) override { return Page<Task>{}; }
  Result<std::vector<Decision>> decisions_of(const TaskId&, std::size_t) override {
    return std::vector<Decision>{};
  }
  Result<Page<AuditEntry>> audit(const AuditQuery&) override { return Page<AuditEntry>{}; }
  Result<std::string> last_checkpoint() override { return std::string(); }

  void set_full(bool full) { full_ = full; }  // for checkpoints and adoptions
 private:
  void save_cursors(const CommitBatch& batch) {
    for (CursorAdvance cursor : batch.cursors) {
      if (mutants_.lagging_cursor && cursor.first < cursor.next) {
        cursor.next = Offset(cursor.next.get() - 1);
      }
      disk_.apply_cursor(cursor);
    }
  }

  bool full_ = false;
  MemoryDisk& disk_;
  std::function<CommitFault()> fault_;
  StoreMutants mutants_;
  std::int64_t asked_ = 0;  // of the mutants
};

// An anchor that only remembers the newest size; outlives a crash.
class MemoryAnchor final : public Anchor {
 public:
  Result<void> publish(const std::string& note) override {
    if (fails_) return fail(Errc::kUnavailable, "the anchor's disk is gone");
    const std::size_t line = note.find('\n');
    size_ = std::stoll(note.substr(line + 1));
    return {};
  }
  [[nodiscard]] std::int64_t size() const { return size_; }
  void set_failing(bool fails) { fails_ = fails; }

 private:
  std::int64_t size_ = 0;
  bool fails_ = false;
};

}  // namespace millwright::support
