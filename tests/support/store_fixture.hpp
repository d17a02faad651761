#pragma once
// A ledger in a folder of its own, and ready-made rows for it. Test thread only.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>

#include "millwright/store/store.hpp"

namespace millwright::testing {

class TempDir {
 public:
  TempDir() {
    // In memory where there is such a place: thousands of syncs else set the pace of the tests.
    const std::filesystem::path memory = "/dev/shm";
    const auto parent =
        std::filesystem::exists(memory) ? memory : std::filesystem::temp_directory_path();
    std::string name = (parent / "millwright-XXXXXX").string();
    if (::mkdtemp(name.data()) != nullptr) path_ = name;
  }
  ~TempDir() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  [[nodiscard]] std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

inline std::string slurp(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

inline void spill(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

inline store::Options options_in(const TempDir& dir) {
  return {dir.file("ledger.db"), "lyon/millwright/audit", dir.file("audit.key"),
          dir.file("anchors"), ""};
}

inline std::unique_ptr<Store> open_or_fail(const store::Options& options) {
  auto store = store::open_store(options);
  EXPECT_TRUE(store) << store.error().message;
  return store ? *std::move(store) : nullptr;
}

inline std::unique_ptr<StoreReader> reader_or_fail(const store::Options& options) {
  auto reader = store::open_reader(options.path, options.vfs);
  EXPECT_TRUE(reader) << reader.error().message;
  return reader ? *std::move(reader) : nullptr;
}

inline const TopicPartition kPart{"plant.iot", 3};

inline Task make_task(const std::string& id, Priority priority = Priority::kP3) {
  Task t;
  t.id = TaskId(id);
  t.case_id = CaseId("case-" + id);
  t.kind = TaskKind::kWorkOrder;
  t.priority = priority;
  t.asset = AssetId("F-201");
  t.title = "Bearing change " + id;
  t.mode = FailureMode("BRG-OUTER");
  t.proposed_at = Instant(1'000);
  t.changed_at = Instant(2'000);
  return t;
}

inline Decision make_decision(const std::string& id, std::int64_t offset) {
  Decision d;
  d.id = DecisionId(id);
  d.entity = "F-201";
  d.asset = AssetId("F-201");
  d.mode = FailureMode("BRG-OUTER");
  d.evidence.position = {kPart, Offset(offset)};
  d.evidence.rule = {RuleId("bearing"), 1, "hash"};
  return d;
}

inline AuditRecord make_record(const std::string& type, const std::string& task = "") {
  AuditRecord r;
  r.type = type;
  r.at = Instant(1'772'400'000'000'000'000);
  r.actor = "rule:bearing@1";
  r.task = TaskId(task);
  r.body = R"({"n":1})";
  return r;
}

inline Effect make_effect(const std::string& id, const std::string& key,
                          EffectKind kind = EffectKind::kKafka) {
  Effect e;
  e.id = EffectId(id);
  e.kind = kind;
  e.target = "orch.task";
  e.key = key;
  e.body = "{}";
  return e;
}

inline CursorAdvance advance(std::int64_t first, std::int64_t next, std::int64_t epoch = 1) {
  CursorAdvance a;
  a.where = kPart;
  a.epoch = Epoch(epoch);
  a.first = Offset(first);
  a.next = Offset(next);
  a.counts[0] = next - first;
  return a;
}

// One record at `offset`, decided, with its task, audit record and effect.
inline CommitBatch one_decision(std::int64_t offset, std::int64_t epoch = 1) {
  const std::string n = std::to_string(offset);
  CommitBatch batch;
  batch.at = Instant(1'772'400'000'000'000'000 + offset);
  batch.cursors.push_back(advance(offset, offset + 1, epoch));
  Change& change = batch.changes.emplace_back();
  change.decisions.push_back(make_decision("d" + n, offset));
  change.tasks.push_back(make_task("t" + n));
  change.tasks.back().opened_by = DecisionId("d" + n);
  change.audit.push_back(make_record("decision.made", "t" + n));
  change.effects.push_back(make_effect("e" + n, "k" + n));
  return batch;
}

}  // namespace millwright::testing
