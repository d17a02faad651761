#include "millwright/engine/lane.hpp"

#include "engine/owned.hpp"
#include "engine/periods.hpp"
#include "millwright/base/log.hpp"

namespace millwright {
namespace {

constexpr std::size_t kUnderWay = 32;     // batches a lane has under way before it pauses
constexpr std::size_t kPartitions = 900;  // of one lane
// An answer for each batch under way, one more batch and one adoption for each partition.
constexpr std::size_t kBox = 2'048;
static_assert(kBox >= kUnderWay + 2 * kPartitions);
constexpr Duration kLeaveWithin = seconds(5);
constexpr Duration kStatusEvery = milliseconds(200);
constexpr Duration kMemoryEvery = seconds(5);
// After a lost connection the source knows its backlog again within this.
constexpr Duration kReconnected = seconds(5);

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

}  // namespace

std::string_view to_text(PartitionPhase phase) {
  switch (phase) {
    case PartitionPhase::kAdopting:
      return "adopting";
    case PartitionPhase::kReobserving:
      return "reobserving";
    case PartitionPhase::kRunning:
      return "running";
    case PartitionPhase::kDeparting:
      return "departing";
    case PartitionPhase::kHalted:
      return "halted";
  }
  return "unknown";
}

Lane::Lane(Setup setup) : setup_(std::move(setup)), box_(std::make_shared<LaneBox>(kBox)) {
  status_.publish(std::make_shared<LaneStatus>(state_));
}

Lane::~Lane() = default;

void Lane::turn(Instant now) noexcept {
  read_replies(now);
  finish_departures(now);  // revoked partitions whose last batch is durable
  // A full ledger or disk, or too much that is not yet durable or not yet delivered: nothing new is
  // read.
  const bool ready = flush_pending() && !ledger_down_ && unanswered_ < kUnderWay &&
                     setup_.board.intake() &&
                     setup_.board.outbox() < std::int64_t(limits::kOutboxRows);
  if (!setup_.source.connected()) connected_since_ = now;
  setup_.source.set_paused(!ready);  // a paused lane still polls, or the group evicts it
  SourceEvent event =
      setup_.source.poll(limits::kPollRecords, ready ? setup_.poll_wait : Duration());
  std::visit(Overloaded{
                 [&](Records& r) {
                   MW_CHECK(ready || r.records.empty());
                   on_records(std::move(r.records), now);
                 },
                 [&](const Assigned& a) { on_assigned(a.where); },
                 [&](const Revoked& r) { on_revoked(r.where, now); },
                 [&](const Lost& l) { owned_.erase(l.where); },
                 [&](const Undecodable& u) { on_undecodable(u, now); },
                 [&](const Halted& h) {
                   const auto found = owned_.find(h.where);
                   if (found != owned_.end()) halt(*found->second, h.detail);
                 },
             },
             event);
  if (ready) send_beats(now);
  (void)flush_pending();
  publish_status(now, !ready);
}

void Lane::begin_shutdown(Instant now) {
  shutting_down_ = true;
  for (auto& [where, owned] : owned_) depart(*owned, now);
}

bool Lane::drained() const {
  return owned_.empty() && pending_.empty() && unanswered_ == 0;
}

void Lane::read_replies(Instant now) {
  for (LaneReply& reply : box_->pop_some(kBox, Duration())) {
    --unanswered_;
    if (const auto* done = std::get_if<BatchDone>(&reply)) {
      on_done(*done, now);
    } else {
      on_adopted(std::move(std::get<Adopted>(reply)), now);
    }
  }
  for (auto& [where, owned] : owned_) {
    if (owned->retry_at && reached(now, *owned->retry_at, kLeaveWithin)) {
      owned->retry_at.reset();
      request_adoption(*owned);
    }
  }
}

void Lane::on_done(const BatchDone& done, Instant now) {
  if (done.error && done.error->code == Errc::kUnavailable) {
    ledger_down_ = true;
    state_.problem = done.error->message;
    return;
  }
  const auto found = owned_.find(done.where);
  if (found == owned_.end()) return;  // lost in the meantime
  Owned& owned = *found->second;
  if (owned.epoch != done.epoch) return;  // of an earlier adoption
  if (!done.error) {
    --owned.under_way;
    owned.durable = done.next;
    setup_.source.courtesy_commit(done.where, done.next);
    return;
  }
  log::warn("batch refused", {{"partition", std::int64_t(done.where.partition)},
                              {"topic", done.where.topic},
                              {"error", done.error->message}});
  ++state_.readopted;
  if (owned.phase == PartitionPhase::kDeparting) {
    owned.partition.reset();  // somebody else has it already
    owned.under_way = 0;
    owned.last_round_done = true;
    owned.leave_by = now;
  } else {
    readopt(owned);
  }
}

bool Lane::flush_pending() {
  while (!pending_.empty()) {
    bool taken = false;
    if (auto* batch = std::get_if<LaneBatch>(&pending_.front())) {
      LedgerItem item(std::move(*batch));
      taken = setup_.ledger.try_push(item);
      if (!taken) *batch = std::move(std::get<LaneBatch>(item));
    } else {
      LedgerItem item(std::get<AdoptRequest>(pending_.front()));
      taken = setup_.ledger.try_push(item);
    }
    if (!taken) return false;
    pending_.pop_front();
  }
  return true;
}

void Lane::push(Item item) {
  ++unanswered_;
  MW_CHECK(unanswered_ <= kBox);
  pending_.push_back(std::move(item));
}

void Lane::request_adoption(Owned& owned) {
  owned.phase = PartitionPhase::kAdopting;
  ++adoptions_[owned.where];
  push(AdoptRequest{owned.where, box_});
}

void Lane::on_assigned(const TopicPartition& where) {
  if (shutting_down_) return setup_.source.release(where);
  auto owned = std::make_unique<Owned>(where);
  if (owned_.size() >= kPartitions) {
    halt(*owned, "this lane has " + std::to_string(kPartitions) +
                     " partitions already: configure more lanes");
  } else {
    request_adoption(*owned);
  }
  owned_[where] = std::move(owned);
}

void Lane::on_revoked(const TopicPartition& where, Instant now) {
  const auto found = owned_.find(where);
  if (found == owned_.end()) return setup_.source.release(where);
  depart(*found->second, now);
}

void Lane::depart(Owned& owned, Instant now) {
  // Without state of its own there is nothing to save: it leaves at the next turn.
  if (owned.phase != PartitionPhase::kRunning) owned.last_round_done = true;
  owned.phase = PartitionPhase::kDeparting;
  owned.retry_at.reset();
  owned.leave_by = now + kLeaveWithin;
}

void Lane::finish_departures(Instant now) {
  for (auto it = owned_.begin(); it != owned_.end();) {
    Owned& owned = *it->second;
    const bool leaving = owned.phase == PartitionPhase::kDeparting;
    const bool over = leaving && reached(now, owned.leave_by, kLeaveWithin);
    if (leaving && !over && owned.under_way == 0 && !owned.last_round_done) {
      step(owned, {}, owned.next, now);  // the next slice of its last checkpoint
      ++it;
    } else if (over || (leaving && owned.under_way == 0)) {
      setup_.source.release(owned.where);
      it = owned_.erase(it);
    } else {
      ++it;
    }
  }
}

void Lane::readopt(Owned& owned) {
  std::deque<Item> kept;
  for (Item& item : pending_) {
    const auto* batch = std::get_if<LaneBatch>(&item);
    if (batch != nullptr && batch->cursor.where == owned.where) {
      --unanswered_;  // never sent: nobody will answer
    } else {
      kept.push_back(std::move(item));
    }
  }
  pending_ = std::move(kept);
  const TopicPartition where = owned.where;
  owned = Owned(where);
  request_adoption(owned);
}

void Lane::halt(Owned& owned, std::string detail) {
  log::error("partition halted", {{"topic", owned.where.topic},
                                  {"partition", std::int64_t(owned.where.partition)},
                                  {"why", detail}});
  owned.phase = PartitionPhase::kHalted;
  owned.partition.reset();
  owned.retry_at.reset();
  owned.detail = std::move(detail);
}

// Nothing more is to be read there, as far as the source knows: neither a backlog nor a broker that
// is away may be taken for silent sensors.
bool Lane::at_the_end(const TopicPartition& where, Instant now) const {
  if (!setup_.source.connected() || !passed(now, connected_since_, kReconnected)) return false;
  const auto lag = setup_.source.lag();
  const auto known = lag.find(where);
  return known != lag.end() && known->second == 0;
}

// Time goes on while a partition is silent, and so does its checkpoint.
void Lane::send_beats(Instant now) {
  const std::optional<Instant> plant_now = setup_.plant_clock(now);
  const auto minute = [](const std::optional<Instant>& t) {
    return t ? t->ns() / limits::kTickEvery.ns() : std::int64_t(-1);
  };
  for (auto& [where, owned] : owned_) {
    if (std::exchange(owned->stepped_this_turn, false)) continue;
    if (owned->phase != PartitionPhase::kRunning || unanswered_ >= kUnderWay) continue;
    const bool tick =
        plant_now && minute(plant_now) != minute(owned->plant_now) && at_the_end(where, now);
    if (!tick) {
      if (!owned->round_open && !passed(now, owned->last_slice, setup_.checkpoint_every)) continue;
      owned->slice = owned->partition->next_slice(limits::kCheckpointSliceBytes);
      if (!owned->slice) {  // nothing has changed: nothing to write
        owned->last_slice = now;
        owned->round_open = false;
        continue;
      }
    }
    step(*owned, {}, owned->next, now, tick ? plant_now : std::nullopt);
    owned->stepped_this_turn = false;
  }
}

void Lane::publish_status(Instant now, bool paused) {
  if (!passed(now, last_status_, kStatusEvery) && paused == state_.paused && !ledger_down_) return;
  last_status_ = now;
  state_.paused = paused;
  state_.connected = setup_.source.connected();
  const std::map<TopicPartition, std::int64_t> lag = setup_.source.lag();
  state_.partitions.clear();
  for (const auto& [where, owned] : owned_) {
    PartitionStatus status;
    status.where = where;
    status.phase = owned->phase;
    status.epoch = owned->epoch;
    status.next = owned->next;
    status.durable = owned->durable;
    const auto known = lag.find(where);
    status.lag = known == lag.end() ? -1 : known->second;
    if (owned->partition) {
      status.entities = owned->partition->entities();
      if (passed(now, owned->memory_at, kMemoryEvery)) {
        owned->memory_at = now;
        owned->memory_bytes = owned->partition->memory_bytes();
      }
      status.memory_bytes = owned->memory_bytes;
    }
    status.detail = owned->detail;
    state_.partitions.push_back(std::move(status));
  }
  status_.publish(std::make_shared<LaneStatus>(state_));
}

}  // namespace millwright
