#pragma once
// What a partition's progress looks like on disk: cursors, checkpoint slices, and what a lane gets
// back when it adopts a partition. Plain values, owned by whoever holds them; any thread.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "millwright/base/time.hpp"
#include "millwright/domain/ids.hpp"
#include "millwright/domain/intent.hpp"
#include "millwright/domain/observation.hpp"

namespace millwright {

using DispositionCounts = std::array<std::int64_t, std::size_t(Disposition::kCount)>;

// Records [first, next) of one partition were stepped over under this view and plant time.
// first == next: nothing was read. With a plant time the partition was silent and time went on;
// without one only a checkpoint came along, and time stood.
struct CursorAdvance {
  TopicPartition where;
  Epoch epoch;
  Offset first;
  Offset next;
  ViewNumber view;
  std::optional<Instant> plant_now;  // unset: plant time is the newest event's
  DispositionCounts counts{};
  // Audit records that stood when what came of it was settled: its own begin there, and whatever
  // raised the view before it lies below. -1: not known, of a ledger from before this was kept.
  std::int64_t audit = -1;
};

// State of one entity of a partition, as of offset `at`: all records before `at` are in it.
struct EntityState {
  std::string entity;
  Offset at;
  std::string blob;  // "" : the entity was dropped
};

// One bounded slice of a checkpoint round. A round begun at offset X writes every entity changed
// since the round before; an entity written later carries its own, larger `at`. Once complete,
// re-observation starts at X and skips, for each entity, records before its `at`.
struct CheckpointSlice {
  TopicPartition where;
  std::int64_t round = 0;
  Offset begun_at;              // X
  std::string partition_state;  // whole-partition state as of X; in the first slice only
  std::vector<EntityState> entities;
  bool completes = false;
};

struct RestoredPartition {
  std::optional<Offset> cursor;  // next record to decide on; nullopt: never seen
  Epoch epoch;                   // the newest used so far
  Offset reobserve_from;         // X of the round in use; the cursor if there is none
  std::string partition_state;
  std::vector<EntityState> entities;
  std::vector<CursorAdvance> batches;  // that cover [reobserve_from, cursor), in order
  std::vector<std::pair<Decision, Offset>> decisions;  // taken in that span (ids, entity, rule, at)
  std::string warning;  // what was damaged and how far it fell back; "" none
};

}  // namespace millwright
