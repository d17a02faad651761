#pragma once
// What a ledger says on disk, read beside the daemon that writes it: the recorded batches as they
// come, before they are thinned out, and everything else at the end. Owned by one test.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "millwright/base/time.hpp"
#include "millwright/domain/checkpoint.hpp"

namespace millwright::e2e {

struct BatchRow {
  std::int64_t id = 0;  // rises in the order in which batches were settled
  CursorAdvance advance;
};

// Keeps every batch that the ledger ever recorded, if it is called often enough; whether it was,
// shows in the batches, which must join.
class Witness {
 public:
  explicit Witness(std::string ledger) : ledger_(std::move(ledger)) {}

  void look();
  [[nodiscard]] const std::vector<BatchRow>& batches() const { return batches_; }
  // Records that were stepped over so far.
  [[nodiscard]] std::int64_t consumed() const;

 private:
  std::string ledger_;
  std::vector<BatchRow> batches_;
  std::map<TopicPartition, Offset> next_;
};

struct EffectRow {
  std::string id;
  int kind = 0;  // 0 Kafka, 1 ERP
  std::string state;
  std::string external;
  std::string detail;
  std::string json;
  TaskId task;  // "" none
};

// An audit record: when who did what, and to which task.
struct Step {
  std::string type;
  std::string actor;
  TaskId task;  // "" none
  Instant at;   // plant time
};

struct LedgerRows {
  std::map<TopicPartition, Offset> cursors;
  std::map<TopicPartition, DispositionCounts> counts;
  std::vector<std::string> decisions;  // JSON and packed series, in the order they were settled
  std::map<std::string, std::string> tasks;
  std::map<std::string, std::string> cases;
  std::map<std::string, std::string> held;  // parts, by task and material
  std::map<std::string, std::string> stock;
  // kind, id -> what it was, oldest first; numbers of the oldest may have been thinned out
  std::map<std::string, std::vector<std::pair<std::int64_t, std::string>>> view_changes;
  std::vector<EffectRow> effects;  // in the order they were settled
  std::vector<Step> steps;         // every audit record, by its place
};
[[nodiscard]] LedgerRows read_ledger(const std::string& path);

// Effects of a kind (0 Kafka, 1 ERP) that are not done; -1: the ledger cannot be read now.
[[nodiscard]] std::int64_t effects_open(const std::string& path, int kind);

}  // namespace millwright::e2e
