#pragma once
// Lane: reads the partitions it is given, steps over their records and hands the ledger what comes
// of it, batch by batch. Owned and called by one lane thread; starts no thread.

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "millwright/base/limits.hpp"
#include "millwright/base/published.hpp"
#include "millwright/engine/board.hpp"
#include "millwright/engine/mail.hpp"
#include "millwright/engine/ports.hpp"
#include "millwright/pipeline/partition.hpp"

namespace millwright {

enum class PartitionPhase : std::uint8_t {
  kAdopting,     // waiting for state and cursor
  kReobserving,  // bringing state up to the cursor, deciding nothing
  kRunning,
  kDeparting,  // revoked: what is under way becomes durable first
  kHalted      // a person must look
};
[[nodiscard]] std::string_view to_text(PartitionPhase phase);

// For health and metrics.
struct PartitionStatus {
  TopicPartition where;
  PartitionPhase phase = PartitionPhase::kAdopting;
  Epoch epoch;
  Offset next;            // to be stepped over
  Offset durable;         // cursor as committed
  std::int64_t lag = -1;  // -1 not known
  std::size_t entities = 0;
  std::size_t memory_bytes = 0;
  std::string detail;  // why halted, what was damaged
};
struct LaneStatus {
  std::vector<PartitionStatus> partitions;
  DispositionCounts counts{};  // records since the start, by what became of them
  std::int64_t records = 0;
  std::int64_t bytes = 0;
  std::int64_t decisions = 0;
  std::int64_t rule_errors = 0;
  std::map<std::string, std::string> rule_error_text;  // newest by rule, at most 100 rules
  std::int64_t readopted = 0;
  bool connected = false;
  bool paused = false;   // the ledger or the outbox is full
  Instant newest_event;  // event time of the newest record stepped over
  std::string problem;   // "" none
};

class Lane {
 public:
  using Decode = std::function<pipeline::Decoded(const RawRecord&, Instant ingested)>;

  struct Setup {
    std::string name;
    EventSource& source;
    LedgerQueue& ledger;
    const Board& board;
    pipeline::Setup partition;
    Decode decode;
    // Plant time for `now`; nullopt: plant time is the newest event time (recordings).
    std::function<std::optional<Instant>(Instant now)> plant_clock;
    std::function<std::string(const std::string& topic)> dead_letter_topic;  // unset: topic + .dlq
    Duration poll_wait = limits::kPollWait;
    Duration checkpoint_every = limits::kCheckpointEvery;
  };

  explicit Lane(Setup setup);
  ~Lane();
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;

  // One bounded unit of work.
  void turn(Instant now) noexcept;

  // Lets every partition depart: what is under way becomes durable, state is checkpointed.
  void begin_shutdown(Instant now);
  // Nothing is owned and nothing is under way any more.
  [[nodiscard]] bool drained() const;

  [[nodiscard]] std::shared_ptr<const LaneStatus> status() const { return status_.read(); }

 private:
  struct Owned;
  using Item = std::variant<LaneBatch, AdoptRequest>;

  void read_replies(Instant now);
  void on_done(const BatchDone& done, Instant now);
  void on_adopted(Adopted adopted, Instant now);
  bool flush_pending();
  void push(Item item);
  void request_adoption(Owned& owned);
  void on_assigned(const TopicPartition& where);
  void on_revoked(const TopicPartition& where, Instant now);
  void on_records(std::vector<RawRecord> records, Instant now);
  void on_undecodable(const Undecodable& range, Instant now);
  void begin_reading(Owned& owned, Instant now);
  void reobserve_ready(Owned& owned, Instant now);
  void finish_reobserving(Owned& owned, Instant now);
  // `tick`: nothing was there to read, and it is this late in the plant.
  void step(Owned& owned, std::vector<RawRecord> records, Offset next, Instant now,
            std::optional<Instant> tick = std::nullopt);
  void add_dead_letters(Owned& owned, const std::vector<RawRecord>& records,
                        std::vector<Reject> rejects, LaneBatch& batch);
  void add_slice(Owned& owned, Instant now, LaneBatch& batch);
  [[nodiscard]] bool at_the_end(const TopicPartition& where, Instant now) const;
  void send_beats(Instant now);
  void depart(Owned& owned, Instant now);
  void finish_departures(Instant now);
  void readopt(Owned& owned);
  void halt(Owned& owned, std::string detail);
  void publish_status(Instant now, bool paused);
  [[nodiscard]] std::vector<pipeline::Decoded> decode(const std::vector<RawRecord>& records,
                                                      Instant now);

  Setup setup_;
  std::shared_ptr<LaneBox> box_;
  std::map<TopicPartition, std::unique_ptr<Owned>> owned_;
  std::map<TopicPartition, int> adoptions_;  // asked for and not yet answered
  std::deque<Item> pending_;                 // the ledger's queue was full
  std::size_t unanswered_ = 0;               // of what was sent and what is pending
  LaneStatus state_;
  Published<LaneStatus> status_;
  Instant last_status_;
  Instant connected_since_;
  bool ledger_down_ = false;
  bool shutting_down_ = false;
};

}  // namespace millwright
