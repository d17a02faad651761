#pragma once
// Replica: what a daemon must have made of its topics, worked out again from the records, batch by
// batch as the ledger recorded them: each under the plant view that it was decided under, which the
// replica makes itself by settling the same facts. Owned by one test; one thread, no I/O.

#include <map>
#include <string>
#include <vector>

#include "e2e/ledger_rows.hpp"
#include "e2e/site.hpp"
#include "e2e/topics.hpp"
#include "millwright/codec/decode.hpp"
#include "millwright/domain/intent.hpp"
#include "millwright/pipeline/partition.hpp"
#include "millwright/workflow/settle.hpp"

namespace millwright::e2e {

class Replica {
 public:
  // All are kept.
  Replica(const Brain& brain, const Log& inputs, const std::map<std::string, Instant>& decided_at);

  // The next batch of the ledger.
  void step(const BatchRow& batch);
  // What people and the ERP said after that.
  void act(const Command& command, Instant now);
  void report(const EffectReport& report, Instant now);

  [[nodiscard]] const PlantView& view() const { return view_; }
  [[nodiscard]] const std::vector<Decision>& decisions() const { return decisions_; }
  // In the order they were settled; dead letters are not among them.
  [[nodiscard]] const std::vector<Effect>& effects() const { return effects_; }
  [[nodiscard]] const std::vector<Reject>& rejects() const { return rejects_; }
  [[nodiscard]] const std::map<TopicPartition, DispositionCounts>& counts() const {
    return counts_;
  }
  [[nodiscard]] const std::map<TopicPartition, Offset>& cursors() const { return cursors_; }
  // As LedgerRows has them, whole.
  [[nodiscard]] const std::map<std::string, std::vector<std::pair<std::int64_t, std::string>>>&
  view_changes() const {
    return view_changes_;
  }
  [[nodiscard]] std::int64_t refused() const { return refused_; }

 private:
  void settle(const Intent& intent);
  void note_view(const Change& change);

  const Brain& brain_;
  const Log& inputs_;
  const std::map<std::string, Instant>& decided_at_;
  codec::Decoder decoder_;
  std::map<TopicPartition, pipeline::Partition> partitions_;
  std::map<TopicPartition, Offset> cursors_;
  std::map<TopicPartition, DispositionCounts> counts_;
  PlantView view_;
  std::vector<LaneView> views_{1};  // by number
  Instant now_;
  std::vector<Decision> decisions_;
  std::vector<Effect> effects_;
  std::vector<Reject> rejects_;
  std::map<std::string, std::vector<std::pair<std::int64_t, std::string>>> view_changes_;
  std::int64_t refused_ = 0;
};

}  // namespace millwright::e2e
