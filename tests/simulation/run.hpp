#pragma once
// One simulated life of the daemon, drawn from a seed: what may go wrong, and what must hold at the
// end. Same seed, same report. One thread.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "simulation/people.hpp"
#include "simulation/plant.hpp"
#include "support/memory_effects.hpp"

namespace millwright::simulation {

// Bugs planted on purpose; each must be found.
enum class Mutant : std::uint8_t {
  kNone,
  kCursorWithoutState,
  kLaggingCursor,
  kHalfAppliedCommit,
  kNoFence,
  kFenceOffByOne,
  kMarkBeforeAck,
  kNoScan,
  kNoSearchBeforeRetry,
  kRandomId,
  kSentBeforeAnchored,
  kDeadLetterLost,
  kSliceMissing,
  kCommitLies,
  kReplyLost,
  kBatchReplyLost,
  kYesBeforeCommit,
  kTickOverBacklog,
  kCount
};
[[nodiscard]] const char* to_text(Mutant mutant);

struct Report {
  std::vector<std::string> problems;  // empty: everything held
  std::string hash;                   // of all that is durable at the end
  std::int64_t records = 0;
  std::int64_t decisions = 0;
  std::int64_t tasks = 0;
  std::int64_t effects = 0;
  std::int64_t crashes = 0;
  std::int64_t rebalances = 0;
  std::int64_t outages = 0;      // of the broker
  std::int64_t ticks = 0;        // at the end of a partition that fell silent
  std::int64_t silences = 0;     // decisions about them
  std::int64_t promises = 0;     // what people were told was done
  std::int64_t expired = 0;      // proposals nobody decided
  std::int64_t redelivered = 0;  // attempts at effects beyond the first
};

// With a folder the ledger is a real SQLite file in it, with a twin in memory that must agree.
[[nodiscard]] Report run(std::uint64_t seed, Mutant mutant = Mutant::kNone,
                         const std::string& sqlite_folder = "");

// A lane's turn, by the plant time it had; several may have had the same.
struct Moment {
  int turn = 0;
  bool may_tick = false;  // the broker has been there for five seconds
};
using Moments = std::multimap<Instant, Moment>;

// What the check needs to know of a run that has come to rest.
struct Remains {
  support::MemoryBroker& broker;
  support::MemoryDisk& disk;
  support::OutsideWorld& world;
  pipeline::Setup setup;
  workflow::Policy policy;
  Gating gating;
  bool people_shape_tasks;  // then which task carries what evidence depends on when they did
  const std::vector<People::Promise>& promises;
  const Moments& moments;
  const Producer& producer;
  Instant now;
};
void check(const Remains& remains, Report& report);

}  // namespace millwright::simulation
