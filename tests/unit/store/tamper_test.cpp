// Whoever edits the file behind the store's back is found out: by the record, by the stretch
// between two checkpoints, or by what was anchored outside.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include "millwright/base/rng.hpp"
#include "store/merkle.hpp"
#include "store/note.hpp"
#include "support/store_fixture.hpp"

namespace millwright::store {
namespace {

using namespace millwright::testing;  // NOLINT(google-build-using-namespace)

constexpr std::int64_t kRecords = 40;
constexpr std::string_view kDropTriggers =
    "DROP TRIGGER audit_insert; DROP TRIGGER audit_update; DROP TRIGGER audit_delete;";

// Any SQL, as somebody with write access to the file could run it.
void attack(const std::string& path, const std::string& sql) {
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &db), SQLITE_OK);
  const std::string all = std::string(kDropTriggers) + sql;
  EXPECT_EQ(sqlite3_exec(db, all.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
      << sqlite3_errmsg(db);
  sqlite3_close(db);
}

class Tamper : public ::testing::Test {
 protected:
  void SetUp() override {
    options_ = options_in(dir_);
    key_ = *ensure_key(options_.key_path, options_.origin);
    auto store = open_or_fail(options_);
    auto anchor = make_file_anchor(options_.anchors_path);
    ASSERT_TRUE(anchor);
    ASSERT_TRUE(store->adopt(kPart));
    for (std::int64_t i = 0; i < kRecords; ++i) {
      ASSERT_TRUE(store->commit(one_decision(i)));
      if (i % 10 != 9) continue;
      ASSERT_TRUE((*anchor)->publish(*store->checkpoint(Instant(i))));
    }
    store.reset();
    clean_ = slurp(options_.path);
    anchors_ = slurp(options_.anchors_path);
  }
  VerifyReport verify() { return verify_ledger(options_.path, options_.anchors_path, {key_}, {}); }
  VerifyReport after(const std::string& sql) {
    spill(options_.path, clean_);
    attack(options_.path, sql);
    return verify();
  }
  // Makes everything in the database fit its records again, but for the signatures.
  void rehash() {
    sqlite3* db = nullptr;
    sqlite3_open(options_.path.c_str(), &db);
    Frontier tree;
    sqlite3_stmt* read = nullptr;
    sqlite3_stmt* write = nullptr;
    sqlite3_prepare_v2(db, "SELECT seq, record FROM audit ORDER BY seq", -1, &read, nullptr);
    sqlite3_prepare_v2(db, "UPDATE audit SET leaf = ? WHERE seq = ?", -1, &write, nullptr);
    while (sqlite3_step(read) == SQLITE_ROW) {
      const Digest leaf = leaf_hash(reinterpret_cast<const char*>(sqlite3_column_text(read, 1)));
      tree.append(leaf);
      sqlite3_bind_blob(write, 1, leaf.data(), int(leaf.size()), SQLITE_STATIC);
      sqlite3_bind_int64(write, 2, sqlite3_column_int64(read, 0));
      sqlite3_step(write);
      sqlite3_reset(write);
    }
    sqlite3_finalize(read);
    sqlite3_finalize(write);
    sqlite3_prepare_v2(db, "UPDATE head SET size = ?, frontier = ?", -1, &write, nullptr);
    const std::string bytes = tree.bytes();
    sqlite3_bind_int64(write, 1, std::int64_t(tree.size()));
    sqlite3_bind_blob(write, 2, bytes.data(), int(bytes.size()), SQLITE_STATIC);
    sqlite3_step(write);
    sqlite3_finalize(write);
    sqlite3_close(db);
  }

  TempDir dir_;
  Options options_;
  std::string key_;
  std::string clean_;
  std::string anchors_;
};

TEST_F(Tamper, AnUntouchedLedgerIsOk) {
  std::int64_t done = 0;
  const VerifyReport report = verify_ledger(options_.path, options_.anchors_path, {key_},
                                            [&](std::int64_t n, std::int64_t) { done = n; });
  EXPECT_EQ(report.verdict, Verdict::kOk) << to_text(report);
  EXPECT_EQ(report.records, kRecords);
  EXPECT_EQ(report.proven, kRecords);
  EXPECT_EQ(report.anchors, 4);
  EXPECT_EQ(done, kRecords);
  EXPECT_FALSE(report.bad.has_value());
}

TEST_F(Tamper, TheFirstChangedRecordIsNamed) {
  const std::string change = "UPDATE audit SET record = replace(record, 'decision', 'Decision')";
  EXPECT_EQ(after(change + " WHERE seq IN (13, 30)").bad, AuditSeq(13));
  EXPECT_EQ(verify().verdict, Verdict::kAltered);
  EXPECT_EQ(after("DELETE FROM audit WHERE seq = 7").bad, AuditSeq(7));
  EXPECT_EQ(verify().verdict, Verdict::kAltered);
  EXPECT_EQ(after("UPDATE audit SET task = 'other' WHERE seq = 21").bad, AuditSeq(21));
  EXPECT_EQ(after("UPDATE audit SET type = 'other' WHERE seq = 22").bad, AuditSeq(22));
  // Two records change places.
  EXPECT_EQ(after("UPDATE audit SET seq = -1 WHERE seq = 5; UPDATE audit SET seq = 5 WHERE seq = 6;"
                  "UPDATE audit SET seq = 6 WHERE seq = -1")
                .bad,
            AuditSeq(5));
  // One is put in between.
  EXPECT_EQ(after("UPDATE audit SET seq = -seq - 2 WHERE seq >= 9;"
                  "UPDATE audit SET seq = -seq - 1 WHERE seq < 0;"
                  "INSERT INTO audit SELECT 9, type, task, case_id, record, leaf FROM audit"
                  " WHERE seq = 3; UPDATE head SET size = size + 1")
                .bad,
            AuditSeq(9));
}

TEST_F(Tamper, ARehashedAlterationLiesBetweenTwoCheckpoints) {
  after("UPDATE audit SET record = replace(record, '\"n\":1', '\"n\":2') WHERE seq = 13");
  rehash();
  const VerifyReport report = verify();
  EXPECT_EQ(report.verdict, Verdict::kAltered);
  EXPECT_EQ(report.bad, AuditSeq(10));
  EXPECT_EQ(report.proven, 10);
  EXPECT_NE(to_text(report).find("among records 10 to 19"), std::string::npos) << to_text(report);
  const auto store = open_store(options_);
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, Errc::kConflict) << store.error().message;
}

TEST_F(Tamper, ACutTailIsTruncationEvenWhenAllInTheDatabaseFits) {
  after("DELETE FROM audit WHERE seq >= 35");
  EXPECT_EQ(verify().verdict, Verdict::kTruncated) << to_text(verify());
  after("DELETE FROM audit WHERE seq >= 35; DELETE FROM audit_checkpoint WHERE size > 35");
  rehash();
  EXPECT_EQ(verify().verdict, Verdict::kTruncated) << to_text(verify());
  const auto store = open_store(options_);
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, Errc::kConflict);
  EXPECT_NE(store.error().message.find("40 were anchored"), std::string::npos)
      << store.error().message;
  // Without anchors nobody could tell.
  EXPECT_EQ(verify_ledger(options_.path, "", {key_}, {}).verdict, Verdict::kOk);
}

TEST_F(Tamper, AnOlderCopyAndAMissingLedgerAreRefused) {
  {
    auto store = open_or_fail(options_);
    ASSERT_TRUE(store->adopt(kPart));
    ASSERT_TRUE(store->commit(one_decision(kRecords, 2)));
    auto anchor = make_file_anchor(options_.anchors_path);
    ASSERT_TRUE((*anchor)->publish(*store->checkpoint(Instant(1))));
  }
  spill(options_.path, clean_);
  EXPECT_EQ(open_store(options_).error().code, Errc::kConflict);
  EXPECT_EQ(verify().verdict, Verdict::kTruncated);
  std::filesystem::remove(options_.path);
  EXPECT_EQ(open_store(options_).error().code, Errc::kConflict);
}

TEST_F(Tamper, AReplacedKeyIsUnknown) {
  TempDir other;
  const std::string stranger = *ensure_key(other.file("key"), options_.origin);
  EXPECT_EQ(verify_ledger(options_.path, options_.anchors_path, {stranger}, {}).verdict,
            Verdict::kUnknownKey);
  // The whole log made anew under another key: our anchors still know better.
  after(
      "UPDATE audit SET record = replace(record, '\"n\":1', '\"n\":2');"
      "DELETE FROM audit_checkpoint");
  rehash();
  EXPECT_EQ(verify().verdict, Verdict::kAltered);
  options_.key_path = other.file("key");
  EXPECT_EQ(open_store(options_).error().code, Errc::kConflict);
}

TEST_F(Tamper, WhatCannotBeReadIsNotOk) {
  EXPECT_EQ(verify_ledger(dir_.file("none"), "", {key_}, {}).verdict, Verdict::kIo);
  EXPECT_EQ(verify_ledger(options_.path, dir_.file("none"), {key_}, {}).verdict, Verdict::kIo);
  EXPECT_EQ(verify_ledger(options_.path, "", {"no key"}, {}).verdict, Verdict::kIo);
  spill(options_.path, "this is no database, but long enough to look at as if it were one ......");
  EXPECT_EQ(verify().verdict, Verdict::kIo);
}

TEST_F(Tamper, FlippedBitInTheWriteAheadLogIsCaughtByTheAnchor) {
  spill(options_.path, clean_);
  std::string wal;
  std::string database;
  std::string anchored;
  {
    auto store = open_or_fail(options_);
    auto anchor = make_file_anchor(options_.anchors_path);
    const auto adopted = store->adopt(kPart);
    for (std::int64_t i = 0; i < 20; ++i) {
      ASSERT_TRUE(store->commit(one_decision(kRecords + i, adopted->epoch.get())));
    }
    ASSERT_TRUE((*anchor)->publish(*store->checkpoint(Instant(1))));
    wal = slurp(options_.path + "-wal");
    database = slurp(options_.path);
  }
  ASSERT_GT(wal.size(), 100'000U);
  int lost = 0;
  for (std::size_t at = 5'000; at < wal.size(); at += wal.size() / 12) {
    spill(options_.path, database);
    std::string damaged = wal;
    damaged[at] = char(damaged[at] ^ 4);
    spill(options_.path + "-wal", damaged);
    std::filesystem::remove(options_.path + "-shm");
    const auto store = open_store(options_);
    if (!store) {
      EXPECT_EQ(store.error().code, Errc::kConflict) << store.error().message;
      ++lost;
    }
    std::filesystem::remove(options_.path + "-wal");
    std::filesystem::remove(options_.path + "-shm");
  }
  EXPECT_GE(lost, 10);
}

TEST_F(Tamper, RandomEditsAreAllFound) {
  Rng rng(42);
  for (int i = 0; i < 300; ++i) {
    const std::string a = std::to_string(rng.below(kRecords));
    const std::string b = std::to_string((std::stoull(a) + 1 + rng.below(kRecords - 1)) % kRecords);
    const std::vector<std::string> edits = {
        "UPDATE audit SET record = substr(record, 1, length(record) - 2) || '9}' WHERE seq = " + a,
        "DELETE FROM audit WHERE seq = " + a,
        "DELETE FROM audit WHERE seq >= " + a,
        "UPDATE audit SET (record, leaf) = (SELECT record, leaf FROM audit WHERE seq = " + b +
            ") WHERE seq = " + a,
        "UPDATE audit SET seq = 1000 WHERE seq = " + a,
        "UPDATE audit SET leaf = zeroblob(32) WHERE seq = " + a,
        "UPDATE audit SET case_id = 'x' WHERE seq = " + a,
        "UPDATE head SET frontier = zeroblob(length(frontier))",
        "INSERT INTO audit SELECT seq + 1000, type, task, case_id, record, leaf FROM audit"
        " WHERE seq = " +
            a,
    };
    const std::string& edit = edits[rng.below(edits.size())];
    spill(options_.path, clean_);
    attack(options_.path, edit);
    if (rng.chance(0.5) && edit.find("frontier") == edit.npos &&
        edit.find("leaf = z") == edit.npos) {
      rehash();
    }
    const VerifyReport report = verify();
    EXPECT_TRUE(report.verdict == Verdict::kAltered || report.verdict == Verdict::kTruncated)
        << edit << "\n"
        << to_text(report);
  }
}

}  // namespace
}  // namespace millwright::store
