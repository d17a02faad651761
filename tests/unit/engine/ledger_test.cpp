#include <gtest/gtest.h>

#include "unit/engine/support.hpp"

namespace millwright::engine_test {
namespace {

Submission approve(const Task& task, const std::string& user, const std::string& key = "") {
  Submission s;
  s.command.task = task.id;
  s.command.seen = task.revision;
  s.command.user = UserId(user);
  s.command.roles = {Role::kMaintenanceSupervisor};
  s.command.meaning = "approval";
  s.command.idempotency_key = key;
  return s;
}

Task only_task(const LedgerWorld& world) {
  Task found;
  world.disk.view.tasks.for_each([&](const TaskId&, const Task& task) {
    found = task;
    return true;
  });
  return found;
}

void propose(LedgerWorld& world, Epoch epoch) {
  LaneBatch batch = world.batch(epoch, 0, 5);
  batch.outcomes.emplace_back(decision("d1"));
  world.push(std::move(batch));
  world.turn();
  (void)world.replies();
}

TEST(Ledger, CommitsABatchWholeAndTellsTheLane) {
  LedgerWorld world;
  ASSERT_TRUE(world.open());
  const Adopted adopted = world.adopt();
  ASSERT_TRUE(adopted.restored);
  EXPECT_EQ(adopted.restored->epoch.get(), 1);
  LaneBatch batch = world.batch(Epoch(1), 0, 5);
  batch.outcomes.emplace_back(decision("d1"));
  world.push(std::move(batch));
  world.turn();
  const auto replies = world.replies();
  ASSERT_EQ(replies.size(), 1U);
  const auto& done = std::get<BatchDone>(replies.front());
  EXPECT_FALSE(done.error);
  EXPECT_EQ(done.next.get(), 5);
  EXPECT_EQ(world.disk.parts[kWhere].cursor->get(), 5);
  EXPECT_EQ(world.disk.decisions.size(), 1U);
  EXPECT_EQ(world.board.plant()->tasks.size(), 1U);
  ASSERT_FALSE(world.changed.empty());
  EXPECT_EQ(world.changed.front().state, TaskState::kProposed);
  EXPECT_EQ(world.ledger.status()->stopped, false);
}

TEST(Ledger, RefusesOlderEpochsAndCursorsThatDoNotContinue) {
  LedgerWorld world;
  ASSERT_TRUE(world.open());
  // Never adopted
  world.push(world.batch(Epoch(1), 0, 5));
  world.turn();
  EXPECT_EQ(std::get<BatchDone>(world.replies().front()).error->code, Errc::kStale);
  (void)world.adopt();
  (void)world.adopt();  // epoch 2
  world.push(world.batch(Epoch(1), 0, 5));
  world.push(world.batch(Epoch(2), 0, 5));
  world.push(world.batch(Epoch(2), 6, 7));
  world.push(world.batch(Epoch(2), 5, 9));
  world.turn();
  const auto replies = world.replies();
  ASSERT_EQ(replies.size(), 4U);
  EXPECT_EQ(std::get<BatchDone>(replies[0]).error->code, Errc::kStale);
  EXPECT_FALSE(std::get<BatchDone>(replies[1]).error);
  EXPECT_EQ(std::get<BatchDone>(replies[2]).error->code, Errc::kStale);
  EXPECT_FALSE(std::get<BatchDone>(replies[3]).error);
  EXPECT_EQ(world.disk.parts[kWhere].cursor->get(), 9);
}

// What raised the view between two batches lies between their places in the audit log.
TEST(Ledger, ABatchKnowsItsPlaceAmongTheAuditRecords) {
  LedgerWorld world;
  ASSERT_TRUE(world.open());
  (void)world.adopt();
  propose(world, Epoch(1));
  world.push(approve(only_task(world), "super"));
  LaneBatch second = world.batch(Epoch(1), 5, 7);
  second.outcomes.emplace_back(decision("d2"));
  world.push(std::move(second));
  world.push(world.batch(Epoch(1), 7, 8));
  world.turn();
  const std::vector<CursorAdvance>& batches = world.disk.parts[kWhere].history;
  const std::vector<AuditRecord>& log = world.disk.audit;
  ASSERT_EQ(batches.size(), 3U);
  EXPECT_EQ(log.at(std::size_t(batches[0].audit)).decision, DecisionId("d1"));
  EXPECT_EQ(log.at(std::size_t(batches[1].audit) - 1).type, "task.approved");
  EXPECT_EQ(log.at(std::size_t(batches[1].audit)).decision, DecisionId("d2"));
  EXPECT_EQ(batches[2].audit, std::int64_t(log.size()));
}

TEST(Ledger, AFullDiskAtACheckpointHoldsEffectsBackAndPasses) {
  LedgerWorld world;
  ASSERT_TRUE(world.open());
  (void)world.adopt();
  propose(world, Epoch(1));
  world.turn();
  world.store.set_full(true);
  for (int i = 0; i < 3; ++i) {
    world.now = world.now + seconds(2);
    world.turn();
  }
  EXPECT_FALSE(world.ledger.status()->stopped);
  EXPECT_FALSE(world.ledger.status()->anchor_problem.empty());
  const std::int64_t before = world.ledger.status()->anchored_size;
  EXPECT_LT(before, world.ledger.status()->audit_size);
  world.store.set_full(false);
  world.now = world.now + seconds(2);
  world.turn();
  EXPECT_TRUE(world.ledger.status()->anchor_problem.empty());
  EXPECT_EQ(world.ledger.status()->anchored_size, world.ledger.status()->audit_size);
}

TEST(Ledger, AnswersAPersonOnlyOnceTheActIsDurable) {
  LedgerWorld world;
  ASSERT_TRUE(world.open());
  (void)world.adopt();
  propose(world, Epoch(1));
  const Task task = only_task(world);
  Submission first = approve(task, "super", "key-1");
  Submission again = approve(task, "super", "key-1");
  Submission late = approve(task, "other");
  world.faults = {support::CommitFault::kFull};
  world.push(first);
  world.turn();
  EXPECT_FALSE(first.reply.take());  // the disk is full: held, not answered, not lost
  EXPECT_FALSE(world.ledger.status()->problem.empty());
  world.turn();
  const auto answer = first.reply.take();
  ASSERT_TRUE(answer && *answer);
  EXPECT_EQ((*answer)->task.state, TaskState::kApproved);
  EXPECT_TRUE((*answer)->committed_now);
  EXPECT_TRUE(world.ledger.status()->problem.empty());
  world.push(again);
  world.push(late);
  world.turn();
  const auto repeated = again.reply.take();
  ASSERT_TRUE(repeated && *repeated);
  EXPECT_FALSE((*repeated)->committed_now);
  const auto conflict = late.reply.take();
  ASSERT_TRUE(conflict);
  ASSERT_FALSE(*conflict);
  EXPECT_EQ(conflict->error().code, Errc::kConflict);
}

TEST(Ledger, RecordsThatSomebodyWithoutTheRightTried) {
  LedgerWorld world;
  ASSERT_TRUE(world.open());
  (void)world.adopt();
  propose(world, Epoch(1));
  Submission submission = approve(only_task(world), "oper");
  submission.command.roles = {Role::kOperator};
  world.push(submission);
  world.turn();
  const auto answer = submission.reply.take();
  ASSERT_TRUE(answer);
  ASSERT_FALSE(*answer);
  EXPECT_EQ(answer->error().code, Errc::kDenied);
  EXPECT_EQ(world.disk.audit.back().type, "command.refused");
  EXPECT_EQ(world.disk.audit.back().actor, "oper");
}

TEST(Ledger, StopsForGoodWhenACommitsFateIsUnknown) {
  LedgerWorld world;
  ASSERT_TRUE(world.open());
  (void)world.adopt();
  world.faults = {support::CommitFault::kFailsAfter};
  LaneBatch batch = world.batch(Epoch(1), 0, 5);
  batch.outcomes.emplace_back(decision("d1"));
  world.push(std::move(batch));
  world.turn();
  EXPECT_EQ(std::get<BatchDone>(world.replies().front()).error->code, Errc::kUnavailable);
  EXPECT_TRUE(world.ledger.status()->stopped);
  const std::int64_t commits = world.disk.commits;
  Submission submission = approve(only_task(world), "super");
  world.push(submission);
  world.push(world.batch(Epoch(1), 5, 6));
  world.push(AdoptRequest{kWhere, world.box});
  world.turn();
  EXPECT_EQ(submission.reply.take()->error().code, Errc::kUnavailable);
  EXPECT_EQ(world.replies().size(), 2U);
  EXPECT_EQ(world.disk.commits, commits);
}

TEST(Ledger, EffectsHangOnTheirLastAuditRecordAndTheAnchor) {
  LedgerWorld world;
  ASSERT_TRUE(world.open());
  const std::int64_t at_start = world.board.anchored();
  EXPECT_EQ(at_start, std::int64_t(world.disk.audit.size()));
  (void)world.adopt();
  world.anchor.set_failing(true);
  world.now = world.now + seconds(5);
  propose(world, Epoch(1));
  ASSERT_FALSE(world.disk.effects.empty());
  for (const Effect& effect : world.disk.effects) {
    EXPECT_GE(effect.audit.get(), at_start);
    EXPECT_LT(effect.audit.get(), std::int64_t(world.disk.audit.size()));
  }
  EXPECT_EQ(world.board.anchored(), at_start);
  EXPECT_FALSE(world.ledger.status()->anchor_problem.empty());
  world.anchor.set_failing(false);
  world.now = world.now + seconds(2);
  world.turn();
  EXPECT_EQ(world.board.anchored(), std::int64_t(world.disk.audit.size()));
  EXPECT_TRUE(world.ledger.status()->anchor_problem.empty());
  EXPECT_EQ(world.board.outbox(), std::int64_t(world.disk.effects.size()));
}

TEST(Ledger, GoesOnWhereItWasAfterARestart) {
  LedgerWorld world;
  ASSERT_TRUE(world.open());
  (void)world.adopt();
  propose(world, Epoch(1));
  Ledger second(Ledger::Setup{world.store,
                              world.anchor,
                              world.queue,
                              world.board,
                              small_plant(),
                              workflow::Policy{},
                              ConfigLoaded{"test", "test"},
                              0,
                              {},
                              Duration()});
  ASSERT_TRUE(second.open(kNow + minutes(1)));
  EXPECT_EQ(world.board.plant()->tasks.size(), 1U);
  world.push(world.batch(Epoch(1), 5, 6));
  second.turn(kNow + minutes(1));
  // Not adopted in this life: the lane must ask for state and epoch first.
  EXPECT_EQ(std::get<BatchDone>(world.replies().front()).error->code, Errc::kStale);
}

TEST(Ledger, ProposalsThatNobodyDecidesExpire) {
  LedgerWorld world;
  ASSERT_TRUE(world.open());
  (void)world.adopt();
  propose(world, Epoch(1));
  world.now = world.now + hours(5);  // P2 waits four hours
  world.turn();
  world.turn();
  EXPECT_EQ(only_task(world).state, TaskState::kExpired);
  // A day later it leaves the view, and is still in the store.
  world.now = world.now + days(2);
  world.turn();
  world.turn();
  world.push(Notice{"test.notice", {}});
  world.turn();
  EXPECT_EQ(world.board.plant()->tasks.size(), 0U);
}

}  // namespace
}  // namespace millwright::engine_test
