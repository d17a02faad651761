#pragma once
// Small pieces for tests of the workers. One thread.

#include "millwright/engine/ledger.hpp"
#include "support/memory_effects.hpp"

namespace millwright::engine_test {

inline constexpr Instant kNow{1'772'432'000'000'000'000};
inline const TopicPartition kWhere{"plant.events", 0};

inline PlantModelPtr small_plant() {
  auto plant = std::make_shared<PlantModel>();
  plant->version = "test";
  Asset asset;
  asset.id = AssetId("P-101");
  asset.asset_class = "pump";
  asset.criticality = Criticality::kC;
  plant->assets[asset.id] = asset;
  return plant;
}

inline Decision decision(const std::string& id, TaskKind kind = TaskKind::kWorkOrder) {
  Decision d;
  d.id = DecisionId(id);
  d.at = kNow;
  d.asset = AssetId("P-101");
  d.entity = "P-101";
  d.mode = FailureMode("BRG-OUTER");
  d.task = kind;
  d.priority = Priority::kP2;
  d.title = "Approve bearing change, P-101";
  d.evidence.confidence = 0.9;
  d.evidence.position = {kWhere, Offset(0)};
  return d;
}

// A ledger over containers, and the lane side of its mail.
struct LedgerWorld {
  support::MemoryDisk disk;
  support::MemoryAnchor anchor;
  std::vector<support::CommitFault> faults;  // of the next commits, first one first
  support::MemoryStore store{disk, [this] {
                               if (faults.empty()) return support::CommitFault::kNone;
                               const support::CommitFault first = faults.front();
                               faults.erase(faults.begin());
                               return first;
                             }};
  LedgerQueue queue{limits::kLedgerQueue};
  Board board;
  std::vector<Task> changed;
  std::shared_ptr<LaneBox> box = std::make_shared<LaneBox>(64);
  Ledger ledger{Ledger::Setup{store, anchor, queue, board, small_plant(), workflow::Policy{},
                              ConfigLoaded{"test", "test"}, 0,
                              [this](const std::vector<Task>& tasks) {
                                changed.insert(changed.end(), tasks.begin(), tasks.end());
                              },
                              Duration()}};
  Instant now = kNow;

  bool open() { return bool(ledger.open(now)); }
  void turn() {
    now = now + milliseconds(1);
    ledger.turn(now);
  }
  void push(LedgerItem item) { MW_CHECK(queue.try_push(item)); }
  std::vector<LaneReply> replies() { return box->pop_some(64, Duration()); }

  Adopted adopt() {
    push(AdoptRequest{kWhere, box});
    turn();
    std::vector<LaneReply> got = replies();
    MW_CHECK(got.size() == 1);
    return std::move(std::get<Adopted>(got.front()));
  }
  LaneBatch batch(Epoch epoch, std::int64_t first, std::int64_t next) const {
    LaneBatch b;
    b.cursor.where = kWhere;
    b.cursor.epoch = epoch;
    b.cursor.first = Offset(first);
    b.cursor.next = Offset(next);
    b.reply = box;
    return b;
  }
};

}  // namespace millwright::engine_test
