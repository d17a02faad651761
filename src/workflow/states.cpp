#include "workflow/states.hpp"

namespace millwright::workflow {
namespace {

using S = TaskState;
using T = Trigger;

constexpr Edge kEdges[] = {
    {S::kProposed, T::kApproved, S::kApproved},
    {S::kProposed, T::kRejected, S::kRejected},
    {S::kProposed, T::kExpired, S::kExpired},
    {S::kProposed, T::kWithdrawn, S::kWithdrawn},
    {S::kApproved, T::kSent, S::kDispatched},
    {S::kApproved, T::kAcknowledged, S::kAcknowledged},
    {S::kApproved, T::kRefused, S::kFailed},
    {S::kApproved, T::kDone, S::kClosed},  // work that leaves no trace in the ERP
    {S::kDispatched, T::kAcknowledged, S::kAcknowledged},
    {S::kDispatched, T::kRefused, S::kFailed},
    // CMMS may speak before the ERP's answer has come back.
    {S::kDispatched, T::kStarted, S::kInProgress},
    {S::kDispatched, T::kDone, S::kClosed},
    {S::kFailed, T::kSent, S::kDispatched},
    {S::kFailed, T::kAcknowledged, S::kAcknowledged},
    {S::kFailed, T::kStarted, S::kInProgress},
    {S::kFailed, T::kDone, S::kClosed},
    {S::kAcknowledged, T::kStarted, S::kInProgress},
    {S::kAcknowledged, T::kDone, S::kClosed},
    {S::kInProgress, T::kDone, S::kClosed},
    {S::kApproved, T::kCancelled, S::kWithdrawn},
    {S::kDispatched, T::kCancelled, S::kWithdrawn},
    {S::kFailed, T::kCancelled, S::kWithdrawn},
    {S::kAcknowledged, T::kCancelled, S::kWithdrawn},
    {S::kInProgress, T::kCancelled, S::kWithdrawn},
    {S::kClosed, T::kJudged, S::kVerified},
};

}  // namespace

std::span<const Edge> edges() {
  return kEdges;
}

std::optional<TaskState> next_state(TaskState from, Trigger trigger) {
  for (const Edge& edge : kEdges) {
    if (edge.from == from && edge.trigger == trigger) return edge.to;
  }
  return std::nullopt;
}

}  // namespace millwright::workflow
