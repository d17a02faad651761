#pragma once
// What workers say to the ledger, through one bounded queue, and what it answers. Values; the
// answers go into boxes that the askers own, so the ledger never waits for anybody.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "millwright/base/queue.hpp"
#include "millwright/base/reply.hpp"
#include "millwright/base/result.hpp"
#include "millwright/domain/checkpoint.hpp"
#include "millwright/domain/intent.hpp"
#include "millwright/domain/view.hpp"

namespace millwright {

// ---- Lane -> ledger -> lane -----------------------------------------------------------------

// A batch is durable, or was refused.
struct BatchDone {
  TopicPartition where;
  Epoch epoch;
  Offset next;                 // of the batch's cursor
  std::optional<Error> error;  // kStale: adopt anew; kUnavailable: the ledger has stopped
};
struct Adopted {
  TopicPartition where;
  Result<RestoredPartition> restored;
  std::vector<LaneView> views;  // from the first recorded batch on, ascending
};
using LaneReply = std::variant<BatchDone, Adopted>;
using LaneBox = BoundedQueue<LaneReply>;

// One step of one partition.
struct LaneBatch {
  CursorAdvance cursor;
  std::vector<std::variant<Decision, Fact>> outcomes;
  std::vector<DeadLetterCount> dead_letters;
  std::vector<Effect> effects;  // the dead letters themselves, for their topic
  std::optional<CheckpointSlice> checkpoint;
  std::shared_ptr<LaneBox> reply;
};
struct AdoptRequest {
  TopicPartition where;
  std::shared_ptr<LaneBox> reply;
};

// ---- HTTP -> ledger -------------------------------------------------------------------------

struct CommandAnswer {
  Task task;                  // as it stands now
  AuditSeq audit;             // the act's own record, or the newest one for a repeated request
  bool committed_now = true;  // false: a repeated request, nothing was done
};
struct Submission {
  Command command;
  Reply<Result<CommandAnswer>> reply;  // sent once the act is durable
};

// ---- Dispatcher -> ledger -------------------------------------------------------------------

struct EffectReports {
  std::vector<EffectReport> reports;
  Reply<Result<void>> reply;  // sent once they are durable
};

using LedgerItem =
    std::variant<LaneBatch, AdoptRequest, Submission, EffectReports, Notice, ConfigLoaded>;
using LedgerQueue = BoundedQueue<LedgerItem>;

}  // namespace millwright
