#pragma once
// Channel: all that the dispatcher remembers of one kind of effect. Owned by the dispatcher.

#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "millwright/engine/dispatcher.hpp"

namespace millwright {

struct Dispatcher::Channel {
  // Reports on their way to the ledger, or waiting for its answer.
  struct Sent {
    EffectReports reports;  // empty once it is in the queue
    Reply<Result<void>> reply;
    std::vector<Effect> announced;  // to be sent once these reports (kStarted) are durable
    std::vector<EffectId> ids;      // free again once these reports (outcomes) are durable
  };

  Runner runner;
  RunnerStatus status;
  Rng rng{1};

  Instant recover_at;  // not before
  std::int32_t recover_tries = 0;

  std::set<EffectId> busy;                  // announced, sent or reported, and not yet durable
  std::map<std::string, EffectId> blocked;  // key -> the undelivered effect the others wait for
  std::deque<Sent> unsent;                  // the ledger's queue was full
  std::deque<Sent> sent;                    // answers awaited
  std::vector<Effect> ready;                // announced durably

  // Circuit breaker
  int failures = 0;      // in a row
  Instant closed_until;  // while it is open: no attempt before this
};

}  // namespace millwright
