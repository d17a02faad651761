#pragma once
// One simulated life of the daemon, drawn from a seed: what may go wrong, and what must hold at the
// end. Same seed, same report. One thread.

#include <cstdint>
#include <string>
#include <vector>

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
  kMarkBeforeAck,
  kNoScan,
  kNoSearchBeforeRetry,
  kRandomId,
  kSentBeforeAnchored,
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
};

// With a folder the ledger is a real SQLite file in it, with a twin in memory that must agree.
[[nodiscard]] Report run(std::uint64_t seed, Mutant mutant = Mutant::kNone,
                         const std::string& sqlite_folder = "");

// What the check needs to know of a run that has come to rest.
struct Remains {
  support::MemoryBroker& broker;
  support::MemoryDisk& disk;
  support::OutsideWorld& world;
  pipeline::Setup setup;
  Gating gating;
  bool people_reject;  // then which task carries what evidence depends on when they did
};
void check(const Remains& remains, Report& report);

}  // namespace millwright::simulation
