#pragma once
// The accounts of a trial: what its ledger and its output topics hold against what was produced,
// against the replica, and against another trial. Functions full of expectations.

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "e2e/ledger_rows.hpp"
#include "e2e/mixed_load.hpp"
#include "e2e/replica.hpp"
#include "e2e/topics.hpp"

namespace millwright::e2e {

// Every record that was produced has become exactly one thing.
void expect_every_record(const LedgerRows& rows, const Log& inputs, const MixedLoad& load);
// Each bad record, and nothing else, lies in its dead-letter topic once, with its own bytes.
void expect_dead_letters(const Log& outputs, const Log& inputs, const MixedLoad& load,
                         const std::string& suffix);
// Every effect of the ledger was delivered, and lies once in its topic where the ledger says,
// in order for each key.
void expect_delivered_once(const LedgerRows& rows, const Log& outputs);
// Decisions, plant state, tasks and effects are those of the replica.
void expect_as_replica(const LedgerRows& rows, const Replica& replica);
// The ERP has each order once, and the ledger its number.
void expect_orders_once(const LedgerRows& rows, const std::vector<std::string>& documents);

// What two runs over the same records share.
struct Agreement {
  std::size_t free = 0;        // decisions that no changing plant state can reach; all agree
  std::size_t bound = 0;       // the others, of the first run
  std::size_t bound_same = 0;  // of them, also taken by the second run
};
[[nodiscard]] Agreement expect_same_but_for_plant_state(const LedgerRows& a, const LedgerRows& b,
                                                        const Brain& brain);

// Effects that a restarted process found sent, and did not send again.
[[nodiscard]] std::int64_t duplicates_avoided(const LedgerRows& rows);

}  // namespace millwright::e2e
