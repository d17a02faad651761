// The task list: right pages in the right order, at a cost that does not grow with the table.
#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <set>

#include "millwright/base/rng.hpp"
#include "store/plant_rows.hpp"
#include "store/reader.hpp"
#include "store/writer.hpp"
#include "support/store_fixture.hpp"

namespace millwright::store {
namespace {

using namespace millwright::testing;  // NOLINT(google-build-using-namespace)

Task random_task(Rng& rng, int i) {
  Task t = make_task("t" + std::to_string(100'000 + i));
  t.state = TaskState(rng.below(11));
  t.kind = TaskKind(rng.below(5));
  t.priority = Priority(1 + rng.below(4));
  t.asset = AssetId("M-" + std::to_string(rng.below(40)));
  t.case_id = CaseId("c" + std::to_string(rng.below(500)));
  t.proposed_at = Instant(std::int64_t(rng.below(1'000)));
  t.changed_at = Instant(std::int64_t(rng.below(1'000)));
  if (rng.chance(0.5)) t.decide_by = Instant(std::int64_t(rng.below(2'000)) - 1'000);
  t.title = rng.chance(0.1) ? "Change belt" : "Change bearing";
  return t;
}

class TaskPages : public ::testing::Test {
 protected:
  void fill(int n) {
    Rng rng(5);
    store_ = open_or_fail(options_in(dir_));
    for (int i = 0; i < n;) {
      CommitBatch batch;
      batch.at = Instant(1);
      Change& change = batch.changes.emplace_back();
      for (int k = 0; k < 500 && i < n; ++k, ++i) {
        change.tasks.push_back(random_task(rng, i));
        tasks_.push_back(change.tasks.back());
      }
      ASSERT_TRUE(store_->commit(batch));
    }
    reader_ = reader_or_fail(options_in(dir_));
  }
  // All pages of a query, checked against the definition of filter and order.
  std::vector<std::string> all(TaskQuery query, std::size_t pages_max = 1'000) {
    std::vector<std::string> ids;
    for (std::size_t page = 0; page < pages_max; ++page) {
      const auto got = reader_->tasks(query);
      EXPECT_TRUE(got) << got.error().message;
      if (!got) return ids;
      EXPECT_LE(got->items.size(), query.limit);
      for (const Task& t : got->items) ids.push_back(t.id.str());
      if (got->next.empty()) return ids;
      EXPECT_EQ(got->items.size(), query.limit);
      query.cursor = got->next;
    }
    return ids;
  }
  std::vector<std::string> expected(const TaskQuery& q, const std::string& word = "") {
    std::map<std::string, std::string> sorted;
    for (const Task& t : tasks_) {
      const bool state = q.states.empty() ||
                         std::find(q.states.begin(), q.states.end(), t.state) != q.states.end();
      const bool fits =
          state && (!q.kind || *q.kind == t.kind) && (!q.priority || *q.priority == t.priority) &&
          (q.asset.empty() || q.asset == t.asset) &&
          (q.case_id.empty() || q.case_id == t.case_id) && t.title.find(word) != t.title.npos;
      if (fits) sorted[q.by_change ? change_key(t) : urgency_key(t)] = t.id.str();
    }
    std::vector<std::string> out;
    for (const auto& [key, id] : sorted) out.push_back(id);
    return out;
  }

  TempDir dir_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<StoreReader> reader_;
  std::vector<Task> tasks_;
};

TEST_F(TaskPages, EveryFilterInBothOrders) {
  fill(1'500);
  for (const bool by_change : {false, true}) {
    for (int filter = 0; filter < 64; ++filter) {
      TaskQuery q;
      q.by_change = by_change;
      q.limit = 37;
      if ((filter & 1) != 0) q.states = {TaskState::kProposed, TaskState::kClosed};
      if ((filter & 2) != 0) q.kind = TaskKind::kInspection;
      if ((filter & 4) != 0) q.priority = Priority::kP2;
      if ((filter & 8) != 0) q.asset = AssetId("M-7");
      if ((filter & 16) != 0) q.case_id = CaseId("c7");
      if ((filter & 32) != 0) q.text = "BEL";
      EXPECT_EQ(all(q), expected(q, q.text.empty() ? "" : "belt")) << filter << by_change;
    }
  }
}

TEST_F(TaskPages, UrgencyIsPriorityThenDecideByThenAge) {
  Task a = make_task("a", Priority::kP1);
  Task b = make_task("b", Priority::kP2);
  b.decide_by = Instant(-5);
  Task c = make_task("c", Priority::kP2);
  c.decide_by = Instant(10);
  Task d = make_task("d", Priority::kP2);
  Task e = d;
  e.id = TaskId("e");
  e.proposed_at = d.proposed_at + seconds(1);
  std::vector<std::string> keys;
  for (const Task* t : {&a, &b, &c, &d, &e}) keys.push_back(urgency_key(*t));
  EXPECT_TRUE(std::is_sorted(keys.begin(), keys.end()));
}

TEST_F(TaskPages, WordsFollowTheTask) {
  fill(0);
  CommitBatch batch;
  batch.changes.resize(1);
  Task t = make_task("t1");
  t.title = "Wälzlager F-201 \"quoted\"";
  t.cause = "outer race";
  t.parts = {{MaterialId("6312-C3"), "Deep groove", 1, "C62", 0, 0, 0, 0, 0}};
  batch.changes[0].tasks = {t};
  ASSERT_TRUE(store_->commit(batch));
  const auto finds = [&](const std::string& text) {
    TaskQuery q;
    q.text = text;
    const auto page = reader_->tasks(q);
    EXPECT_TRUE(page) << page.error().message;
    return page && !page->items.empty();
  };
  for (const char* text : {"walzlager", "WÄLZ", "f-201", "201", "outer ra", "6312-c3", "groove",
                           "quoted\"", "race outer"}) {
    EXPECT_TRUE(finds(text)) << text;
  }
  for (const char* text : {"inner", "F-202", "\"", "OR", "outer NOT race", "*", "words:x"}) {
    EXPECT_FALSE(finds(text)) << text;
  }
  t.title = "Belt";
  batch.changes[0].tasks = {t};
  ASSERT_TRUE(store_->commit(batch));
  EXPECT_TRUE(finds("belt"));
  EXPECT_FALSE(finds("quoted"));
}

TEST_F(TaskPages, ACursorOfAnotherOrderIsRefused) {
  fill(60);
  TaskQuery q;
  q.limit = 10;
  q.cursor = reader_->tasks(q)->next;
  q.by_change = true;
  EXPECT_EQ(reader_->tasks(q).error().code, Errc::kInvalid);
}

// No statement that either side keeps ready walks a whole table, except where the whole table is
// what it is asked for.
TEST_F(TaskPages, StatementsUseIndexes) {
  fill(10);
  // The last one is walked by its key, from the newest on, for one row or a bounded number.
  const std::set<std::string> wholes = {"head",      "stock",       "rule_bundle",     "part",
                                        "delivered", "view_change", "audit_checkpoint"};
  int seen = 0;
  for (Db* db :
       {&dynamic_cast<LedgerStore&>(*store_).db(), &dynamic_cast<LedgerReader&>(*reader_).db()}) {
    std::vector<std::string> statements;
    for (auto* s = sqlite3_next_stmt(db->handle(), nullptr); s != nullptr;
         s = sqlite3_next_stmt(db->handle(), s)) {
      const std::string sql = sqlite3_sql(s);
      if (sql.find("'main'") == sql.npos) statements.push_back(sql);  // not full-text search's own
    }
    for (const std::string& sql : statements) {
      ++seen;
      Statement plan(*db, ("EXPLAIN QUERY PLAN " + sql).c_str());
      Rows rows = plan.query();
      while (rows.next()) {
        const std::string step = rows.text(3);
        if (step.substr(0, 5) != "SCAN " || step.find("VIRTUAL TABLE INDEX") != step.npos) continue;
        const std::string table = step.substr(5, step.find(' ', 5) - 5);
        const bool ordered_walk = step.find("USING") != step.npos && sql.find("LIMIT") != sql.npos;
        EXPECT_TRUE(wholes.contains(table) || ordered_walk) << step << "\n" << sql;
      }
    }
  }
  EXPECT_GT(seen, 70);
}

TEST_F(TaskPages, APageCostsTheSameInAHundredfoldTable) {
  const auto cost = [&] {
    double best = 1e9;
    for (int i = 0; i < 15; ++i) {
      TaskQuery q;
      q.states = {TaskState::kProposed, TaskState::kApproved};
      const auto begin = std::chrono::steady_clock::now();
      EXPECT_TRUE(reader_->tasks(q));
      const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
      best = std::min(best, took.count());
    }
    return best;
  };
  fill(1'000);
  const double small = cost();
  reader_.reset();
  store_.reset();
  std::filesystem::remove(options_in(dir_).path);
  fill(20'000);
  EXPECT_LT(cost(), small * 4 + 0.002);
}

}  // namespace
}  // namespace millwright::store
