// Every write and every sync fails once, and power is cut anywhere: nothing that was acknowledged
// is lost, nothing is there by half, and a store that cannot know what is on disk does no more.
#include <gtest/gtest.h>

#include "support/fault_vfs.hpp"
#include "support/store_fixture.hpp"

namespace millwright::store {
namespace {

using namespace millwright::testing;  // NOLINT(google-build-using-namespace)
using Fault = FaultVfs::Fault;

// Records in the ledger, when all that tells of them agrees.
std::int64_t records_in(const Options& options) {
  auto store = open_or_fail(options);  // checks the tree
  if (store == nullptr) return -1;
  auto adopted = store->adopt(kPart);
  EXPECT_TRUE(adopted) << adopted.error().message;
  auto reader = reader_or_fail(options);
  const auto counts = reader->counts();
  EXPECT_TRUE(counts) << counts.error().message;
  const std::int64_t cursor = adopted->cursor.value_or(Offset(0)).get();
  EXPECT_EQ(counts->decisions, cursor);
  EXPECT_EQ(counts->audit_size, cursor);
  EXPECT_EQ(counts->effects_pending, cursor);
  EXPECT_EQ(store->load_view()->tasks.size(), std::size_t(cursor));
  return cursor;
}

struct Outcome {
  std::int64_t tried = 0;
  std::int64_t acknowledged = 0;
  std::optional<Errc> first_error;
};

// Commits, checkpoints and tidies; after the first error only commits, which tell whether the store
// goes on.
Outcome work(Store& store, std::int64_t from, std::int64_t epoch) {
  Outcome out;
  out.acknowledged = from;
  out.tried = from;
  const auto note_error = [&](const Error& e) {
    if (!out.first_error) out.first_error = e.code;
  };
  for (std::int64_t i = from; i < from + 6; ++i) {
    out.tried = i + 1;
    const auto receipt = store.commit(one_decision(i, epoch));
    if (!receipt) {
      note_error(receipt.error());
      break;
    }
    out.acknowledged = i + 1;
    if (i % 2 == 1) {
      if (const auto note = store.checkpoint(Instant(i)); !note) note_error(note.error());
    }
    if (i == from + 3) {
      if (const auto done = store.tidy(); !done) note_error(done.error());
    }
  }
  return out;
}

TEST(StoreFaults, AfterAnyInputOutputErrorTheStoreDoesNoMoreAndDiskIsConsistent) {
  FaultVfs vfs("fault-io");
  for (const Fault fault : {Fault::kIo, Fault::kIoForGood}) {
    bool fired = true;
    std::int64_t n = 1;
    for (; fired; n += fault == Fault::kIo ? 1 : 3) {
      ASSERT_LT(n, 2'000);
      TempDir dir;
      Options options = options_in(dir);
      options.vfs = vfs.name();
      Outcome outcome;
      {
        auto store = open_or_fail(options);
        ASSERT_TRUE(store->adopt(kPart));
        ASSERT_TRUE(store->commit(one_decision(0)));
        vfs.arm(n, fault);
        outcome = work(*store, 1, 1);
        fired = vfs.fired();
        if (fired) {
          ASSERT_TRUE(outcome.first_error.has_value()) << n;
          EXPECT_EQ(*outcome.first_error, Errc::kUnavailable);
          const auto again = store->commit(one_decision(outcome.acknowledged));
          ASSERT_FALSE(again) << n;
          EXPECT_EQ(again.error().code, Errc::kUnavailable);
          EXPECT_FALSE(store->checkpoint(Instant(9)));
          EXPECT_FALSE(store->adopt(kPart));
        }
      }
      vfs.disarm();
      const std::int64_t records = records_in(options);
      EXPECT_GE(records, outcome.acknowledged) << n;
      EXPECT_LE(records, outcome.tried) << n;
      if (HasFailure()) return;
    }
    EXPECT_GT(n, 30);
  }
}

TEST(StoreFaults, AFullDiskIsRefusedAndWorkGoesOnWhenThereIsSpace) {
  FaultVfs vfs("fault-full");
  bool fired = true;
  std::int64_t n = 1;
  std::int64_t refused = 0;
  for (; fired; n += n < 40 ? 1 : 3) {
    ASSERT_LT(n, 2'000);
    TempDir dir;
    Options options = options_in(dir);
    options.vfs = vfs.name();
    {
      auto store = open_or_fail(options);
      ASSERT_TRUE(store->adopt(kPart));
      vfs.arm(n, Fault::kFullForGood);
      const Outcome outcome = work(*store, 0, 1);
      fired = vfs.fired();
      if (outcome.first_error) {
        ++refused;
        EXPECT_EQ(*outcome.first_error, Errc::kExhausted) << n;
      }
      vfs.disarm();
      for (std::int64_t i = outcome.acknowledged; i < 6; ++i) {
        const auto receipt = store->commit(one_decision(i));
        ASSERT_TRUE(receipt) << n << ": " << receipt.error().message;
      }
    }
    EXPECT_EQ(records_in(options), 6) << n;
    if (HasFailure()) return;
  }
  EXPECT_GT(refused, 10);
}

TEST(StoreFaults, OpeningFailsCleanlyAtEveryCall) {
  FaultVfs vfs("fault-open");
  bool fired = true;
  std::int64_t n = 1;
  for (; fired; ++n) {
    ASSERT_LT(n, 2'000);
    TempDir dir;
    Options options = options_in(dir);
    options.vfs = vfs.name();
    vfs.arm(n, Fault::kIo);
    {
      const auto store = open_store(options);
      fired = vfs.fired();
      // Some calls may fail without harm: they are tried again, or only tidy up.
      if (!store) {
        EXPECT_TRUE(fired);
        EXPECT_EQ(store.error().code, Errc::kUnavailable);
      }
    }
    vfs.disarm();
    EXPECT_EQ(records_in(options), 0) << n;
    if (HasFailure()) return;
  }
  EXPECT_GT(n, 5);
}

TEST(StoreFaults, APowerCutLosesNothingAcknowledged) {
  Rng rng(20'261);
  for (int seed = 0; seed < 60; ++seed) {
    FaultVfs vfs("fault-power");
    TempDir dir;
    Options options = options_in(dir);
    options.vfs = vfs.name();
    records_in(options);  // the file itself exists
    for (int cut = 0; cut < 3; ++cut) {
      Outcome outcome;
      {
        auto store = open_or_fail(options);
        const auto adopted = store->adopt(kPart);
        ASSERT_TRUE(adopted) << adopted.error().message;
        vfs.arm(std::int64_t(rng.below(90)) + 1, Fault::kIoForGood);
        outcome = work(*store, adopted->cursor.value_or(Offset(0)).get(), adopted->epoch.get());
        vfs.cut_power();
      }
      vfs.settle(rng);
      vfs.disarm();
      const std::int64_t records = records_in(options);
      EXPECT_GE(records, outcome.acknowledged) << "seed " << seed;
      EXPECT_LE(records, outcome.tried) << "seed " << seed;
      if (HasFailure()) return;
    }
  }
}

}  // namespace
}  // namespace millwright::store
