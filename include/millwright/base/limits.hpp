#pragma once
// Every bound of the program in one place, with its default; those marked (config) can be set in
// millwright.yaml. Bounds that depend on each other are checked below.

#include <cstddef>

#include "millwright/base/time.hpp"

namespace millwright::limits {

// Events
inline constexpr std::size_t kEventBytes = 1 << 20;   // one event, inflated (config)
inline constexpr std::size_t kReadAhead = 128 << 20;  // a lane's Kafka client (config)
inline constexpr std::size_t kJsonDepth = 32;         // nesting of an event's JSON
inline constexpr std::size_t kTextBytes = 8 << 10;    // one text field of an event
inline constexpr std::size_t kListItems = 1'000;      // one list field of an event
inline constexpr std::size_t kIdBytes = 256;          // source, id, key, asset id, ...

// Lanes
inline constexpr std::size_t kPollRecords = 1'024;             // records a poll returns at most
inline constexpr Duration kPollWait = milliseconds(20);        // how long an empty poll waits
inline constexpr std::size_t kBatchRecords = 1'024;            // records in one batch to the ledger
inline constexpr Duration kCheckpointEvery = seconds(5);       // (config)
inline constexpr std::size_t kCheckpointSliceBytes = 1 << 20;  // state written in one commit

inline constexpr Duration kTickEvery = minutes(1);  // plant time between looks for silence
inline constexpr std::size_t kSeriesPoints = 120;   // history kept for one signal
inline constexpr std::size_t kEntitiesPerPartition = 200'000;  // idle ones leave first

// Rules
inline constexpr std::size_t kRules = 10'000;  // in one configuration

// Watches of rules
inline constexpr std::size_t kWatchesPerRule = 16;
inline constexpr std::size_t kWatchReadings = 512;       // in one window, unless it says `keep`
inline constexpr std::size_t kWatchReadingsMax = 4'096;  // that it may ask for
inline constexpr std::size_t kWatchSequence = 8;         // parts of a sequence
inline constexpr std::size_t kWatchSteps = 8;            // of a ladder
inline constexpr std::size_t kBudgetDecisions = 100;     // a budget may allow
static_assert(kWatchReadings <= kWatchReadingsMax);

// Ledger
inline constexpr std::size_t kLedgerQueue = 64;       // batches and intents waiting (config)
inline constexpr std::size_t kCommitItems = 32;       // queue items in one transaction
inline constexpr std::size_t kAnchorEntries = 256;    // audit records between checkpoints
inline constexpr Duration kAnchorEvery = seconds(1);  // longest time between checkpoints
inline constexpr Duration kEffectAnchorEvery = milliseconds(50);  // when effects wait for one

// Effects
inline constexpr std::size_t kEffectBatch = 256;     // Kafka effects in one transaction
inline constexpr std::size_t kOutboxRows = 100'000;  // undelivered effects before lanes pause
inline constexpr Duration kErpConnect = seconds(3);
inline constexpr Duration kErpTotal = seconds(20);
inline constexpr std::size_t kErpAnswerBytes = 64 << 10;
inline constexpr Duration kRetryFirst = seconds(1);
inline constexpr Duration kRetryLongest = minutes(5);
inline constexpr Duration kRetryGiveUp = hours(72);

// Tasks
inline constexpr std::size_t kEvidencePerTask = 50;    // decisions listed on a task, newest kept
inline constexpr std::size_t kCommentBytes = 2'000;    // what a person writes to a decision
inline constexpr std::size_t kReleaseText = 64 << 10;  // changes, and report, of a rule release

// Decision tables
inline constexpr std::size_t kTableRows = 256;
inline constexpr std::size_t kTableColumns = 16;       // inputs; and as many outputs
inline constexpr std::size_t kTableCellBytes = 2'000;  // one cell
inline constexpr std::size_t kTableStates = 100'000;   // of the search for what no row takes

// HTTP
inline constexpr std::size_t kHttpHeaderBytes = 16 << 10;
inline constexpr std::size_t kHttpBodyBytes = 1 << 20;
inline constexpr std::size_t kHttpConnections = 512;
inline constexpr std::size_t kHttpPage = 200;      // rows in one page
inline constexpr std::size_t kSseBacklog = 1'024;  // events a slow browser may lag behind

static_assert(kBatchRecords >= kPollRecords);
static_assert(kCommitItems <= kLedgerQueue);

}  // namespace millwright::limits
