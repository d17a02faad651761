#pragma once
// Bugs that are planted between the workers: what stands in the ledger's queue is changed before
// the ledger sees it. One thread.

#include "millwright/base/rng.hpp"
#include "simulation/process.hpp"
#include "simulation/run.hpp"

namespace millwright::simulation {

void tamper(Mutant mutant, LedgerQueue& queue, support::MemoryDisk& disk, Rng& rng);

}  // namespace millwright::simulation
