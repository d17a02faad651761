// What only this store promises: its file, its locks, its fences against its own code.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "store/reader.hpp"
#include "store/writer.hpp"
#include "support/fault_vfs.hpp"
#include "support/store_fixture.hpp"

namespace millwright::store {
namespace {

using namespace millwright::testing;  // NOLINT(google-build-using-namespace)

Db& db_of(Store& store) {
  return dynamic_cast<LedgerStore&>(store).db();
}
Db& db_of(StoreReader& reader) {
  return dynamic_cast<LedgerReader&>(reader).db();
}

// What SQLite answers to a statement run on this connection; "" if it does it.
std::string answer(Db& db, const std::string& sql) {
  try {
    db.exec(sql.c_str());
    return "";
  } catch (const SqlError& error) {
    return error.message;
  }
}

TEST(Store, CommitIsSeenByReadersAndAfterAReopen) {
  TempDir dir;
  const Options options = options_in(dir);
  {
    auto store = open_or_fail(options);
    ASSERT_TRUE(store->adopt(kPart));
    for (int i = 0; i < 5; ++i) {
      const auto receipt = store->commit(one_decision(i));
      ASSERT_TRUE(receipt) << receipt.error().message;
      EXPECT_EQ(receipt->audit_size, i + 1);
    }
    auto reader = reader_or_fail(options);
    EXPECT_EQ(reader->counts()->decisions, 5);
    EXPECT_EQ(reader->counts()->dispositions.at("observed"), 5);
    EXPECT_EQ(reader->counts()->tasks_by_state.at("PROPOSED"), 5);
    EXPECT_EQ((*reader->task(TaskId("t3")))->title, "Bearing change t3");
    EXPECT_EQ((*reader->decision(DecisionId("d3")))->evidence.position.offset, Offset(3));
    EXPECT_FALSE(reader->task(TaskId("none"))->has_value());
    EXPECT_FALSE(reader->case_by_id(CaseId("none"))->has_value());
  }
  auto store = open_or_fail(options);
  const auto adopted = store->adopt(kPart);
  EXPECT_EQ(adopted->cursor, Offset(5));
  EXPECT_EQ(adopted->epoch, Epoch(2));
}

TEST(Store, DecisionsOfATaskComeNewestFirst) {
  TempDir dir;
  auto store = open_or_fail(options_in(dir));
  ASSERT_TRUE(store->adopt(kPart));
  Task task = make_task("t");
  task.opened_by = DecisionId("d0");
  for (int i = 0; i < 4; ++i) {
    CommitBatch batch = one_decision(i);
    task.evidence.emplace_back("d" + std::to_string(i));
    batch.changes[0].tasks = {task};
    batch.changes[0].decisions[0].series = {{Instant(i), 1.5F, 1, 2}};
    ASSERT_TRUE(store->commit(batch));
  }
  auto reader = reader_or_fail(options_in(dir));
  const auto decisions = reader->decisions_of(TaskId("t"), 3);
  ASSERT_EQ(decisions->size(), 3U);
  EXPECT_EQ((*decisions)[0].id, DecisionId("d3"));
  EXPECT_EQ((*decisions)[2].id, DecisionId("d1"));
  ASSERT_EQ((*decisions)[0].series.size(), 1U);
  EXPECT_EQ((*decisions)[0].series[0].at, Instant(3));
  EXPECT_EQ(reader->task(TaskId("t"))->value().evidence.size(), 4U);
}

TEST(Store, TheFileIsItsOwnersAlone) {
  TempDir dir;
  const Options options = options_in(dir);
  auto store = open_or_fail(options);
  for (const char* suffix : {"", "-wal", "-shm", ".lock"}) {
    struct stat info = {};
    ASSERT_EQ(::stat((options.path + suffix).c_str(), &info), 0) << suffix;
    EXPECT_EQ(info.st_mode & 0777, 0600U) << suffix;
  }
  EXPECT_EQ(db_of(*store).text("SELECT 'alive'"), "alive");
}

TEST(Store, WhatItCannotOpenItSaysWhy) {
  TempDir dir;
  Options options = options_in(dir);
  EXPECT_EQ(open_reader(options.path).error().code, Errc::kUnavailable);
  open_or_fail(options);
  Options other = options;
  other.origin = "paris/millwright/audit";
  other.key_path = dir.file("other.key");
  const auto wrong = open_store(other);
  ASSERT_FALSE(wrong);
  EXPECT_NE(wrong.error().message.find("is the ledger of lyon"), std::string::npos);
  {
    Db db(options.path, SQLITE_OPEN_READWRITE, "");
    db.exec("PRAGMA user_version = 99");
  }
  EXPECT_NE(open_store(options).error().message.find("newer Millwright"), std::string::npos);
  EXPECT_EQ(open_reader(options.path).error().code, Errc::kInvalid);
  options.path = dir.file("stranger.db");
  {
    Db db(options.path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, "");
    db.exec("CREATE TABLE t(x)");
  }
  EXPECT_NE(open_store(options).error().message.find("not a Millwright ledger"), std::string::npos);
  options.path = dir.file("no/such/folder/ledger.db");
  EXPECT_EQ(open_store(options).error().code, Errc::kUnavailable);
}

TEST(Store, ALedgerOfTheFirstSchemaGoesOn) {
  TempDir dir;
  const Options options = options_in(dir);
  {
    auto store = open_or_fail(options);
    ASSERT_TRUE(store->adopt(kPart));
    ASSERT_TRUE(store->commit(one_decision(0)));
  }
  {
    Db db(options.path, SQLITE_OPEN_READWRITE, "");
    for (const char* sql :
         {"ALTER TABLE batch DROP COLUMN audit", "ALTER TABLE round DROP COLUMN after",
          "DROP TABLE rule_bundle", "PRAGMA user_version = 1"}) {
      EXPECT_EQ(answer(db, sql), "");
    }
  }
  EXPECT_EQ(reader_or_fail(options)->counts()->decisions, 1);  // before a writer came
  auto store = open_or_fail(options);
  EXPECT_EQ(store->load_view()->bundles.size(), 0U);
  const auto adopted = store->adopt(kPart);
  ASSERT_EQ(adopted->batches.size(), 1U);
  EXPECT_EQ(adopted->batches[0].audit, -1);
  CommitBatch next = one_decision(1, 2);
  next.cursors[0].audit = 1;
  ASSERT_TRUE(store->commit(next));
  EXPECT_EQ(store->adopt(kPart)->batches[1].audit, 1);
}

TEST(Store, ItsOwnConnectionCannotRewriteTheAuditLog) {
  TempDir dir;
  auto store = open_or_fail(options_in(dir));
  ASSERT_TRUE(store->adopt(kPart));
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(store->commit(one_decision(i)));
  Db& db = db_of(*store);
  for (const char* sql :
       {"UPDATE audit SET record = '{}' WHERE seq = 1", "DELETE FROM audit WHERE seq = 2",
        "INSERT OR REPLACE INTO audit VALUES(1, 't', NULL, NULL, '{}', x'00')",
        "REPLACE INTO audit VALUES(2, 't', NULL, NULL, '{}', x'00')",
        "INSERT INTO audit VALUES(7, 't', NULL, NULL, '{}', x'00')",
        "INSERT INTO audit VALUES(NULL, 't', NULL, NULL, '{}', x'00')", "DROP TRIGGER audit_update",
        "DROP TABLE audit", "ALTER TABLE audit ADD COLUMN x",
        "CREATE TRIGGER x BEFORE INSERT ON audit BEGIN SELECT 1; END",
        "UPDATE audit_node SET hash = x'00'", "UPDATE audit_checkpoint SET note = ''",
        "ATTACH ':memory:' AS other", "PRAGMA writable_schema = 1", "PRAGMA journal_mode = DELETE",
        "PRAGMA wal_checkpoint", "UPDATE sqlite_schema SET sql = ''"}) {
    EXPECT_NE(answer(db, sql), "") << sql;
  }
  const auto key = ensure_key(options_in(dir).key_path, options_in(dir).origin);
  store.reset();
  EXPECT_EQ(verify_ledger(options_in(dir).path, "", {*key}, {}).verdict, Verdict::kOk);
}

// The trap of SQLite before 3.51.3: two connections that write or checkpoint at once can lose a
// commit. So one connection does both, and no reader can.
TEST(Store, OnlyTheWriterEverWritesOrCheckpoints) {
  FaultVfs watched("readers-only");
  TempDir dir;
  const Options options = options_in(dir);
  auto store = open_or_fail(options);
  ASSERT_TRUE(store->adopt(kPart));
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(store->commit(one_decision(i)));
  const std::string wal = slurp(options.path + "-wal");
  ASSERT_GT(wal.size(), 0U);
  watched.disarm();
  {
    auto reader = open_reader(options.path, watched.name());
    ASSERT_TRUE(reader) << reader.error().message;
    EXPECT_EQ((*reader)->counts()->decisions, 50);
    TaskQuery query;
    query.text = "bearing";
    EXPECT_EQ((*reader)->tasks(query)->items.size(), 50U);
    Db& db = db_of(**reader);
    for (const char* sql :
         {"DELETE FROM task", "INSERT INTO stock VALUES('a', 'b')", "CREATE TABLE t(x)",
          "PRAGMA user_version = 5", "PRAGMA query_only = 0", "PRAGMA wal_checkpoint(TRUNCATE)"}) {
      EXPECT_NE(answer(db, sql), "") << sql;
    }
    // The writer goes first; the last one to close is then the reader.
    db_of(*store).check(
        sqlite3_db_config(db_of(*store).handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr));
    store.reset();
  }
  EXPECT_EQ(watched.calls(), 0);
  EXPECT_EQ(slurp(options.path + "-wal"), wal);
  EXPECT_EQ(open_or_fail(options)->adopt(kPart)->cursor, Offset(50));
}

TEST(Store, TheWriterCarriesTheLogOverByItself) {
  TempDir dir;
  const Options options = options_in(dir);
  auto store = open_or_fail(options);
  ASSERT_TRUE(store->adopt(kPart));
  std::size_t largest = 0;
  for (int i = 0; i < 1'500; ++i) {
    ASSERT_TRUE(store->commit(one_decision(i)));
    if (i % 100 == 0) {
      largest = std::max(largest, std::size_t(std::filesystem::file_size(options.path + "-wal")));
    }
  }
  EXPECT_LT(largest, 2'000U * 4'120U);
  ASSERT_TRUE(store->tidy());
  EXPECT_EQ(std::filesystem::file_size(options.path + "-wal"), 0U);
  // A reader in the middle of something does not stop the writer.
  Db reading(options.path, SQLITE_OPEN_READONLY, "");
  reading.exec("BEGIN");
  EXPECT_EQ(reading.number("SELECT count(*) FROM decision"), 1'500);
  ASSERT_TRUE(store->commit(one_decision(1'500)));
  ASSERT_TRUE(store->tidy());
  EXPECT_EQ(reading.number("SELECT count(*) FROM decision"), 1'500);
}

CommitBatch round_batch(std::int64_t round, std::int64_t at) {
  CommitBatch batch;
  CheckpointSlice& s = batch.checkpoints.emplace_back();
  s.where = kPart;
  s.round = round;
  s.begun_at = Offset(at);
  s.partition_state = "P" + std::to_string(round);
  s.entities = {{"cold", Offset(at), "C" + std::to_string(round)},
                {"hot", Offset(at), "H" + std::to_string(round)}};
  if (round > 1) s.entities.erase(s.entities.begin());
  s.completes = true;
  return batch;
}

class DamagedRounds : public ::testing::Test {
 protected:
  void SetUp() override {
    auto store = open_or_fail(options_in(dir_));
    ASSERT_TRUE(store->adopt(kPart));
    for (int i = 0; i < 9; ++i) ASSERT_TRUE(store->commit(one_decision(i)));
    ASSERT_TRUE(store->commit(round_batch(1, 4)));
    ASSERT_TRUE(store->commit(round_batch(2, 7)));
  }
  Result<RestoredPartition> adopt_after(const char* damage) {
    {
      Db db(options_in(dir_).path, SQLITE_OPEN_READWRITE, "");
      db.exec(damage);
    }
    store_ = open_or_fail(options_in(dir_));
    return store_->adopt(kPart);
  }
  TempDir dir_;
  std::unique_ptr<Store> store_;
};

TEST_F(DamagedRounds, FallBackToTheRoundBeforeAndSaySo) {
  const auto adopted = adopt_after("UPDATE entity SET blob = x'4833' WHERE round = 2");
  ASSERT_TRUE(adopted) << adopted.error().message;
  EXPECT_EQ(adopted->reobserve_from, Offset(4));
  EXPECT_EQ(adopted->partition_state, "P1");
  ASSERT_EQ(adopted->entities.size(), 2U);
  EXPECT_EQ(adopted->entities[1].blob, "H1");
  EXPECT_EQ(adopted->batches.size(), 5U);
  EXPECT_EQ(adopted->decisions.size(), 5U);
  EXPECT_NE(adopted->warning.find("damaged"), std::string::npos);
  // The damage does not come back with the next round.
  ASSERT_TRUE(store_->commit(round_batch(3, 9)));
  const auto again = store_->adopt(kPart);
  EXPECT_EQ(again->warning, "");
  EXPECT_EQ(again->partition_state, "P3");
  EXPECT_EQ(again->entities[0].blob, "C1");
}

TEST_F(DamagedRounds, WithoutAWholeRoundAllKeptBatchesAreObservedAnew) {
  const auto adopted = adopt_after("UPDATE entity SET at = 5 WHERE entity = 'cold'");
  ASSERT_TRUE(adopted) << adopted.error().message;
  EXPECT_EQ(adopted->reobserve_from, Offset(0));
  EXPECT_TRUE(adopted->entities.empty());
  EXPECT_EQ(adopted->partition_state, "");
  EXPECT_EQ(adopted->batches.size(), 9U);
  EXPECT_NE(adopted->warning.find("no checkpoint is whole"), std::string::npos);
  ASSERT_TRUE(store_->commit(round_batch(1, 9)));
  EXPECT_EQ(store_->adopt(kPart)->warning, "");
}

TEST_F(DamagedRounds, DamagedPartitionStateCountsToo) {
  const auto adopted = adopt_after("UPDATE round SET state = x'00' WHERE complete = 1 AND id = 2");
  EXPECT_EQ(adopted->partition_state, "P1");
  EXPECT_NE(adopted->warning, "");
}

}  // namespace
}  // namespace millwright::store
