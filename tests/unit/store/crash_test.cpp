// A writer that is killed at any moment leaves a prefix of its commits behind, whole, with every
// acknowledged one in it.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "millwright/base/rng.hpp"
#include "support/store_fixture.hpp"

namespace millwright::store {
namespace {

using namespace millwright::testing;  // NOLINT(google-build-using-namespace)

constexpr int kKills = 60;

// Commits as fast as it can and tells the pipe how far it is; never returns.
[[noreturn]] void child(const Options& options, int pipe) {
  auto store = open_store(options);
  auto anchor = make_file_anchor(options.anchors_path);
  if (!store || !anchor) ::_exit(1);
  const auto adopted = (*store)->adopt(kPart);
  if (!adopted) ::_exit(2);
  std::int64_t next = adopted->cursor.value_or(Offset(0)).get();
  Rng rng(std::uint64_t(next) + 1);
  for (;;) {
    CommitBatch batch;
    const std::int64_t n = 1 + std::int64_t(rng.below(20));
    for (std::int64_t i = 0; i < n; ++i) {
      CommitBatch one = one_decision(next + i, adopted->epoch.get());
      batch.at = one.at;
      batch.cursors.push_back(one.cursors[0]);
      batch.changes.push_back(std::move(one.changes[0]));
    }
    if (rng.chance(0.2)) {
      CheckpointSlice s;
      s.where = kPart;
      s.round = next;
      s.begun_at = Offset(next + n);
      s.partition_state = std::to_string(next + n);
      s.entities = {{"sum", Offset(next + n), std::to_string(next + n)}};
      s.completes = true;
      batch.checkpoints.push_back(std::move(s));
    }
    if (!(*store)->commit(batch)) ::_exit(3);
    next += n;
    if (::write(pipe, &next, sizeof next) != sizeof next) ::_exit(4);
    if (rng.chance(0.1)) {
      const auto note = (*store)->checkpoint(batch.at);
      if (!note || !(*anchor)->publish(*note)) ::_exit(5);
    }
    if (rng.chance(0.05) && !(*store)->tidy()) ::_exit(6);
  }
}

void expect_whole(const Options& options, std::int64_t acknowledged) {
  auto store = open_or_fail(options);  // tree and anchors fit, or it does not open
  ASSERT_NE(store, nullptr);
  const auto adopted = store->adopt(kPart);
  ASSERT_TRUE(adopted) << adopted.error().message;
  const std::int64_t cursor = adopted->cursor.value_or(Offset(0)).get();
  EXPECT_GE(cursor, acknowledged);
  EXPECT_LE(cursor, acknowledged + 20);
  auto reader = reader_or_fail(options);
  const auto counts = *reader->counts();
  EXPECT_EQ(counts.decisions, cursor);
  EXPECT_EQ(counts.audit_size, cursor);
  EXPECT_EQ(counts.effects_pending, cursor);
  if (cursor > 0) {
    EXPECT_EQ(counts.tasks_by_state.at("PROPOSED"), cursor);
    EXPECT_EQ(counts.dispositions.at("observed"), cursor);
    EXPECT_TRUE(reader->task(TaskId("t" + std::to_string(cursor - 1)))->has_value());
  }
  EXPECT_EQ(adopted->warning, "");
  if (!adopted->entities.empty()) {
    EXPECT_EQ(adopted->entities[0].blob, adopted->partition_state);
    EXPECT_EQ(adopted->entities[0].blob, std::to_string(adopted->reobserve_from.get()));
  }
  // The batches reach from where observing begins anew to the cursor, without a hole.
  Offset at = adopted->reobserve_from;
  for (const CursorAdvance& batch : adopted->batches) {
    EXPECT_EQ(batch.first, at);
    at = batch.next;
  }
  EXPECT_EQ(at.get(), cursor);
  EXPECT_EQ(std::int64_t(adopted->decisions.size()), cursor - adopted->reobserve_from.get());
}

TEST(StoreCrash, KilledAnywhereItLeavesAWholePrefix) {
  TempDir dir;
  const Options options = options_in(dir);
  const auto key = ensure_key(options.key_path, options.origin);
  ASSERT_TRUE(key);
  Rng rng(1'954);
  std::int64_t acknowledged = 0;
  int productive = 0;
  for (int kill = 0; kill < kKills; ++kill) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t pid = ::fork();
    ASSERT_GE(pid, 0);
    if (pid == 0) child(options, ends[1]);
    ::close(ends[1]);
    ::usleep(useconds_t(rng.below(kill % 3 == 0 ? 6'000 : 40'000)));
    ::kill(pid, SIGKILL);
    int status = 0;
    ::waitpid(pid, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the child ended by itself: " << WEXITSTATUS(status);
    const std::int64_t before = acknowledged;
    std::int64_t next = 0;
    while (::read(ends[0], &next, sizeof next) == sizeof next) acknowledged = next;
    ::close(ends[0]);
    productive += acknowledged > before ? 1 : 0;
    expect_whole(options, acknowledged);
    if (HasFailure()) return;
  }
  EXPECT_GT(productive, kKills / 3);
  // A first kill may come before anything was anchored.
  ASSERT_TRUE(make_file_anchor(options.anchors_path));
  const VerifyReport report = verify_ledger(options.path, options.anchors_path, {*key}, {});
  EXPECT_EQ(report.verdict, Verdict::kOk) << to_text(report);
  EXPECT_GE(report.records, acknowledged);
}

TEST(StoreCrash, ASecondProcessIsRefused) {
  TempDir dir;
  const Options options = options_in(dir);
  auto store = open_or_fail(options);
  const auto second = open_store(options);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::kUnavailable);
  EXPECT_NE(second.error().message.find(std::to_string(::getpid())), std::string::npos)
      << second.error().message;
  store.reset();
  EXPECT_TRUE(open_store(options));
}

}  // namespace
}  // namespace millwright::store
