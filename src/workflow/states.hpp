#pragma once
// The states of a task and the edges between them, as one table. Constant data, any thread.

#include <optional>
#include <span>

#include "millwright/domain/task.hpp"

namespace millwright::workflow {

enum class Trigger : std::uint8_t {
  kApproved,      // the last approval it needs
  kRejected,      // a person said no
  kExpired,       // nobody decided in time; silence is never consent
  kWithdrawn,     // its reason is gone
  kCancelled,     // the same, after the ERP was told
  kSent,          // an attempt to tell the ERP is about to begin
  kAcknowledged,  // the ERP has it, under its own number
  kRefused,       // the ERP will not have it, or nobody knows
  kStarted,       // people work on it
  kDone,          // technically complete
  kJudged,        // the outcome was compared with the prediction
};

struct Edge {
  TaskState from;
  Trigger trigger;
  TaskState to;
};

[[nodiscard]] std::span<const Edge> edges();

// Where the trigger leads from this state; nullopt: it leads nowhere, and nothing happens.
[[nodiscard]] std::optional<TaskState> next_state(TaskState from, Trigger trigger);

}  // namespace millwright::workflow
