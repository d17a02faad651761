#pragma once
// Owned: one partition that a lane has been given, from adoption to departure. Owned by the lane.

#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "millwright/engine/lane.hpp"

namespace millwright {

struct Lane::Owned {
  explicit Owned(TopicPartition at) : where(std::move(at)) {}

  TopicPartition where;
  PartitionPhase phase = PartitionPhase::kAdopting;
  Epoch epoch{-1};  // -1: not adopted yet
  std::optional<pipeline::Partition> partition;
  Offset next;                // the next record to step over
  Offset durable;             // cursor as committed
  std::size_t under_way = 0;  // batches of this epoch that are not yet durable
  std::string detail;
  std::size_t memory_bytes = 0;  // when it was last counted, which takes a walk over all entities
  Instant memory_at;
  std::optional<Instant> retry_at;  // adoption failed in a way that may pass

  // Re-observation: what is left of it, in order
  Offset cursor;  // where it ends
  std::deque<CursorAdvance> batches;
  std::deque<std::pair<Decision, Offset>> decisions;
  std::vector<LaneView> views;
  std::deque<RawRecord> gathered;  // read, and not yet stepped over
  Offset read_to;                  // everything below was read

  // Beats
  std::optional<Instant> plant_now;  // of the newest batch
  Instant last_slice;                // when the last checkpoint round was complete
  bool round_open = false;
  std::optional<CheckpointSlice> slice;  // taken, for the next batch
  bool stepped_this_turn = false;
  std::optional<Offset> unreadable_from;  // of a range that the next step accounts for

  // Departure
  Instant leave_by;
  bool last_round_done = false;
};

}  // namespace millwright
