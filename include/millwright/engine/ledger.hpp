#pragma once
// Ledger: the single writer. Drains its queue, settles every intent against the plant's state and
// commits all of it as one transaction. Owned and called by the ledger thread; starts no thread.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "millwright/base/limits.hpp"
#include "millwright/base/published.hpp"
#include "millwright/engine/board.hpp"
#include "millwright/engine/mail.hpp"
#include "millwright/engine/ports.hpp"
#include "millwright/workflow/settle.hpp"

namespace millwright {

// For health and metrics.
struct LedgerStatus {
  bool open = false;
  bool stopped = false;  // for good: the process must restart
  std::string problem;   // "" none; what is wrong and what to do
  std::string anchor_problem;
  std::int64_t audit_size = 0;
  std::int64_t anchored_size = 0;
  std::int64_t outbox = 0;
  std::int64_t commits = 0;
  std::int64_t items = 0;    // queue items committed
  std::int64_t refused = 0;  // stale batches
  std::int64_t decisions = 0;
  std::int64_t tasks_opened = 0;
  std::size_t queue = 0;
  std::size_t open_tasks = 0;
  Instant last_commit;
};

class Ledger {
 public:
  struct Setup {
    Store& store;
    Anchor& anchor;
    LedgerQueue& inbox;
    Board& board;
    PlantModelPtr plant;
    workflow::Policy policy;
    ConfigLoaded config;               // recorded when the ledger opens
    std::int64_t effects_pending = 0;  // StoreCounts of the same database
    // Called after each commit with the tasks it changed, their newest value each.
    std::function<void(const std::vector<Task>&)> on_tasks;
    Duration idle_wait = milliseconds(5);  // how long an empty queue is waited on
  };

  explicit Ledger(Setup setup);
  ~Ledger();
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;

  // Loads the plant's state, records the start and anchors it. Call once, before turn().
  [[nodiscard]] Result<void> open(Instant now);

  // One bounded unit of work: at most limits::kCommitItems items in one transaction.
  void turn(Instant now) noexcept;

  // A last checkpoint over everything; at shutdown, after the last turn.
  void close(Instant now) noexcept;

  // A transaction waits for room on the disk and is tried at each turn; pause between turns.
  [[nodiscard]] bool waits_for_space() const { return held_ != nullptr; }
  [[nodiscard]] std::shared_ptr<const LedgerStatus> status() const { return status_.read(); }

 private:
  struct Work;  // one transaction in the making
  struct Fence {
    Epoch epoch;
    std::optional<Offset> cursor;
  };

  void gather(LedgerItem& item, Work& work);
  void gather_batch(LaneBatch& batch, Work& work);
  void gather_command(const Submission& submission, Work& work);
  void settle_into(const Intent& intent, Work& work);
  void add_change(Change change, Work& work);
  void add_timers(Work& work, Instant now);
  // True: done with, one way or another. False: the disk is full, `held_` is tried again.
  bool commit(std::unique_ptr<Work> work);
  void on_committed(Work& work, const CommitReceipt& receipt);
  void on_stale(Work& work);
  void answer(Work& work, const std::optional<Error>& error);
  void adopt(const AdoptRequest& request);
  void anchor(Instant now, bool force);
  void anchor_failed(const Error& error);
  void look_after_time(Instant now, bool idle);
  void prune(Instant now);
  void stop(const Error& error);
  void refuse_all();
  void publish_status(Instant now);
  [[nodiscard]] std::optional<Error> fence(const CursorAdvance& cursor, const Work& work) const;

  Setup setup_;
  PlantView view_;  // as committed
  std::map<TopicPartition, Fence> fences_;
  std::unique_ptr<Work> held_;       // the disk is full: tried again
  std::vector<LedgerItem> waiting_;  // taken from the queue behind it
  LedgerStatus state_;
  Published<LedgerStatus> status_;
  Instant last_anchor_;
  Instant last_timers_;
  Instant last_minute_;
  Instant last_tidy_;
  Instant last_status_;
  Instant last_dead_letter_;
  bool shown_red_ = false;
  bool effects_wait_ = false;       // some lie behind the anchor
  bool dead_letters_open_ = false;  // of a minute not yet closed
};

}  // namespace millwright
