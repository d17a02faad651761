#include "simulation/tamper.hpp"

namespace millwright::simulation {
namespace {

using Cursors = std::map<TopicPartition, Offset>;

// As if nobody compared epochs and cursors; `at_most` epochs too old.
void pass_fence(LaneBatch& batch, std::int64_t at_most, support::MemoryDisk& disk,
                Cursors& cursors) {
  const auto& part = disk.parts[batch.cursor.where];
  if (part.epoch.get() - batch.cursor.epoch.get() > at_most) return;
  batch.cursor.epoch = part.epoch;
  const auto before = cursors.find(batch.cursor.where);
  if (before != cursors.end()) {
    batch.cursor.first = before->second;
  } else if (part.cursor) {
    batch.cursor.first = *part.cursor;
  }
  cursors[batch.cursor.where] = batch.cursor.next;
}

// True: the item is gone.
bool change(Mutant mutant, LedgerItem& item, support::MemoryDisk& disk, Cursors& cursors,
            Rng& rng) {
  if (auto* batch = std::get_if<LaneBatch>(&item)) {
    if (mutant == Mutant::kNoFence) pass_fence(*batch, 1'000'000, disk, cursors);
    if (mutant == Mutant::kFenceOffByOne) pass_fence(*batch, 1, disk, cursors);
    if (mutant == Mutant::kRandomId) {
      for (auto& outcome : batch->outcomes) {
        auto* decision = std::get_if<Decision>(&outcome);
        if (decision != nullptr) decision->id = DecisionId(std::to_string(rng.next()));
      }
    }
    if (mutant == Mutant::kBatchReplyLost && rng.chance(0.3)) {
      batch->reply = std::make_shared<LaneBox>(8);
    }
    return false;
  }
  auto* submission = std::get_if<Submission>(&item);
  if (submission == nullptr) return false;
  if (mutant == Mutant::kReplyLost && rng.chance(0.05)) {
    submission->reply = Reply<Result<CommandAnswer>>();
  }
  if (mutant == Mutant::kYesBeforeCommit && rng.chance(0.1)) {
    submission->reply.send(CommandAnswer{});  // and then it is forgotten
    return true;
  }
  return false;
}

}  // namespace

void tamper(Mutant mutant, LedgerQueue& queue, support::MemoryDisk& disk, Rng& rng) {
  Cursors cursors;
  for (LedgerItem& item : queue.pop_some(limits::kLedgerQueue, Duration())) {
    if (change(mutant, item, disk, cursors, rng)) continue;
    MW_CHECK(queue.try_push(item));
  }
}

}  // namespace millwright::simulation
