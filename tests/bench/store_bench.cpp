// How much of SQLite's own speed the ledger keeps: decisions committed with their tasks, audit
// records, tree and cursor, beside plain inserts of the same rows' bytes into one table, in the
// same run and on the same disk; then how fast the result verifies and how large it is.
//
//   bench_store [FOLDER] [DECISIONS] [DECISIONS PER COMMIT]
#include <sqlite3.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "millwright/base/check.hpp"
#include "millwright/base/digest.hpp"
#include "millwright/codec/encode.hpp"
#include "millwright/codec/records.hpp"
#include "millwright/store/store.hpp"

namespace millwright {
namespace {

using Clock = std::chrono::steady_clock;
double since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

const TopicPartition kWhere{"plant.iot", 0};
constexpr std::int64_t kStart = 1'772'400'000'000'000'000;

Decision make_decision(std::int64_t n) {
  Decision d;
  d.id = DecisionId(derive_id({"decision/v1", std::to_string(n)}));
  d.at = Instant(kStart + n * 1'000'000);
  d.asset = AssetId("F-" + std::to_string(n % 24));
  d.signal = SignalId(d.asset.str() + "/DE-H");
  d.entity = d.asset.str();
  d.mode = FailureMode("BRG-OUTER");
  d.task = TaskKind::kWorkOrder;
  d.title = "Approve bearing change, " + d.asset.str();
  d.symptom = "Vibration velocity 7.3 mm/s in zone C, rising";
  d.cause = "Outer race of the drive end bearing";
  d.evidence.event = {"/iot/gateway-7", "evt-" + std::to_string(n)};
  d.evidence.position = {kWhere, Offset(n)};
  for (int i = 0; i < 5; ++i) {
    d.evidence.events.push_back({"/iot/gateway-7", "evt-" + std::to_string(n - i)});
  }
  for (const char* name : {"signal.value", "signal.z", "signal.expected", "signal.limit_bc",
                           "signal.slope_per_day", "signal.hours_to_cd", "cause.score"}) {
    d.evidence.readings.push_back({name, "7.28", "mm/s", 7.28 + double(n % 100) / 97, 7.1});
  }
  d.evidence.contributions = {{"Envelope peak at 75.7 Hz", 0.92, "outer race (BPFO)"},
                              {"Zone C", 0.4, "7.3 of 7.1 mm/s"}};
  d.evidence.rule = {RuleId("bearing-wear"), 3, "9f8e7d6c5b4a39281706f5e4d3c2b1a0"};
  d.evidence.model = {ModelId("ewma-spread"), "1.2"};
  d.evidence.config_version = "0c1d2e3f40516273";
  d.evidence.confidence = 0.93;
  d.evidence.rationale =
      "Vibration is above the limit of zone C and the spectrum shows the outer "
      "race frequency of the installed bearing.";
  for (int i = 0; i < 120; ++i) {
    d.series.push_back({Instant(kStart + (n + i) * 60'000'000'000), 5.0F + float(i) / 90, 4, 6});
  }
  return d;
}

Task make_task(std::int64_t n, const Decision& d) {
  Task t;
  t.id = TaskId(derive_id({"task/v1", std::to_string(n)}));
  t.case_id = CaseId(derive_id({"case/v1", std::to_string(n)}));
  t.kind = TaskKind::kWorkOrder;
  t.asset = d.asset;
  t.asset_path = "acme/lyon/utilities/cooling";
  t.mode = d.mode;
  t.title = d.title;
  t.symptom = d.symptom;
  t.cause = d.cause;
  t.confidence = 0.93;
  t.rationale = d.evidence.rationale;
  t.rule = d.evidence.rule;
  t.model = d.evidence.model;
  t.crafts = {{CraftId("mechanic"), 4}};
  t.parts = {{MaterialId("6312-C3"), "Deep groove ball bearing", 2, "C62", 3, 0, 0, 0, 81.5}};
  t.proposed_at = Instant(kStart);
  t.decide_by = Instant(kStart + hours(8).ns());
  t.opened_by = d.id;
  return t;
}

// What lanes hear of a new task: open work of its asset, and what is left of its part.
void tell_lanes(std::int64_t n, const Task& task, Change& change, std::vector<std::string>& rows) {
  change.work.emplace_back(task.asset,
                           OpenWork{std::int32_t(n % 7), 1, task.mode, Instant(kStart + n)});
  change.supply.emplace_back(task.parts[0].material, Supply{double(n % 5)});
  rows.push_back(codec::to_json(change.work[0].second));
  rows.push_back(codec::to_json(change.supply[0].second));
}

// Each decision is evidence for one of some open tasks; one in sixteen opens a new one, with its
// effect and a new view for lanes.
struct Load {
  std::vector<CommitBatch> batches;
  std::vector<std::vector<std::string>> rows;  // the same as bytes, by batch
};

Load make_load(std::int64_t decisions, std::int64_t per_commit) {
  Load load;
  std::vector<Task> open;
  std::int64_t view = 0;
  for (std::int64_t n = 0; n < decisions; n += per_commit) {
    CommitBatch& batch = load.batches.emplace_back();
    std::vector<std::string>& rows = load.rows.emplace_back();
    batch.at = Instant(kStart + n);
    CursorAdvance& a = batch.cursors.emplace_back();
    a.where = kWhere;
    a.epoch = Epoch(1);
    a.first = Offset(n);
    a.next = Offset(n + per_commit);
    for (std::int64_t i = n; i < n + per_commit; ++i) {
      Change& change = batch.changes.emplace_back();
      const Decision d = make_decision(i);
      change.decisions.push_back(d);
      rows.push_back(codec::to_json_without_series(d) + codec::pack_series(d.series));
      const bool opens = i % 16 == 0;
      if (opens) open.push_back(make_task(i, d));
      Task& task = open[opens ? open.size() - 1 : std::size_t(i) % open.size()];
      task.evidence.push_back(d.id);
      if (task.evidence.size() > 50) task.evidence.erase(task.evidence.begin());
      ++task.evidence_count;
      task.changed_at = Instant(kStart + i);
      change.tasks.push_back(task);
      rows.push_back(codec::to_json(task));
      AuditRecord record{"decision.made",
                         Instant(kStart + i),
                         "rule:bearing-wear@3",
                         task.id,
                         task.case_id,
                         d.id,
                         R"({"asset":"F-1","confidence":0.93,"event":"/iot/gateway-7 evt-1",)"
                         R"("mode":"BRG-OUTER","offset":1,"rule":"bearing-wear","version":3})"};
      rows.push_back(codec::canonical_record(AuditSeq(i), record));
      change.audit.push_back(std::move(record));
      if (!opens) continue;
      Effect effect;
      effect.id = EffectId(derive_id({"effect/v1", std::to_string(i)}));
      effect.target = "orch.task";
      effect.key = task.id.str();
      effect.body = codec::to_json(task);
      rows.push_back(codec::to_json(effect));
      change.effects.push_back(std::move(effect));
      tell_lanes(i, task, change, rows);
      ++view;
    }
    batch.view_after = ViewNumber(view);
  }
  return load;
}

double run_store(const store::Options& options, const Load& load) {
  auto opened = store::open_store(options);
  MW_CHECK(opened.has_value());
  Store& store = **opened;
  MW_CHECK(store.adopt(kWhere).has_value());
  const auto begin = Clock::now();
  for (const CommitBatch& batch : load.batches) MW_CHECK(store.commit(batch).has_value());
  const double took = since(begin);
  MW_CHECK(store.checkpoint(Instant(kStart)).has_value());
  return took;
}

double run_plain(const std::string& path, const Load& load) {
  sqlite3* db = nullptr;
  MW_CHECK(sqlite3_open(path.c_str(), &db) == SQLITE_OK);
  const auto exec = [&](const char* sql) {
    MW_CHECK(sqlite3_exec(db, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
  };
  exec(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -16000;"
      "CREATE TABLE rows(id INTEGER PRIMARY KEY, bytes BLOB NOT NULL)");
  sqlite3_stmt* insert = nullptr;
  sqlite3_prepare_v2(db, "INSERT INTO rows(bytes) VALUES(?)", -1, &insert, nullptr);
  const auto begin = Clock::now();
  for (const auto& rows : load.rows) {
    exec("BEGIN IMMEDIATE");
    for (const std::string& row : rows) {
      sqlite3_bind_blob(insert, 1, row.data(), int(row.size()), SQLITE_STATIC);
      MW_CHECK(sqlite3_step(insert) == SQLITE_DONE);
      sqlite3_reset(insert);
    }
    exec("COMMIT");
  }
  const double took = since(begin);
  sqlite3_finalize(insert);
  sqlite3_close(db);
  return took;
}

void run(const std::string& parent, std::int64_t decisions, std::int64_t per_commit) {
  const std::string folder = parent + "/millwright-store-bench";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  const Load load = make_load(decisions, per_commit);
  std::size_t bytes = 0;
  for (const auto& rows : load.rows) {
    for (const std::string& row : rows) bytes += row.size();
  }
  const auto count = double(decisions);
  const store::Options options{folder + "/ledger.db", "bench/millwright/audit", folder + "/key", "",
                               ""};
  // Twice each, in turns; the better one counts.
  double store_s = 1e9;
  double plain_s = 1e9;
  for (int round = 0; round < 2; ++round) {
    for (const char* file : {"/plain.db", "/ledger.db", "/ledger.db-wal", "/ledger.db-shm"}) {
      std::filesystem::remove(folder + file);
    }
    plain_s = std::min(plain_s, run_plain(folder + "/plain.db", load));
    store_s = std::min(store_s, run_store(options, load));
  }
  const auto key = store::ensure_key(options.key_path, options.origin);
  const auto begin = Clock::now();
  const store::VerifyReport report = store::verify_ledger(options.path, "", {*key}, {});
  const double verify_s = since(begin);
  MW_CHECK(report.verdict == store::Verdict::kOk && report.records == decisions);
  std::printf("%6lld a commit: ledger %8.0f decisions/s, plain inserts %8.0f, ratio %.2f;",
              static_cast<long long>(per_commit), count / store_s, count / plain_s,
              plain_s / store_s);
  std::printf(" verify %.0f records/s; %.0f bytes a decision on disk, %.0f in its rows\n",
              count / verify_s, double(std::filesystem::file_size(options.path)) / count,
              double(bytes) / count);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace millwright

int main(int argc, char** argv) {
  const std::string folder = argc > 1 ? argv[1] : ".";
  const std::int64_t decisions = argc > 2 ? std::atoll(argv[2]) : 25'600;
  if (argc > 3) {
    millwright::run(folder, decisions, std::atoll(argv[3]));
    return 0;
  }
  for (const std::int64_t per_commit : {1, 16, 256}) {
    millwright::run(folder, per_commit == 1 ? decisions / 8 : decisions, per_commit);
  }
  return 0;
}
