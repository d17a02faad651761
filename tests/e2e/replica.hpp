#pragma once
// Replica: what a daemon must have made of its topics, worked out again from the records, batch by
// batch as the ledger recorded them: each under the plant view that it was decided under, which the
// replica makes itself by settling the same intents in the same order. Owned by one test; one
// thread, no I/O.

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
  // All are kept. `log` is the whole audit log: when things were settled, and in which order.
  Replica(const Brain& brain, const Log& inputs, const std::vector<Step>& log);

  // The next batch of the ledger; all that was settled before it must have been told.
  void step(const BatchRow& batch);
  // What comes between batches: people, the ERP, the clock. Its records are the next of the log.
  void settle(const Intent& intent);
  // The next record of the log is of nothing that plant state hangs on.
  void pass() { ++place_; }
  // Records of the log that were repeated so far.
  [[nodiscard]] std::int64_t place() const { return place_; }

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
  // Batches with records, decided under a view that people, the ERP or the clock had raised since
  // the partition's last one.
  [[nodiscard]] std::int64_t led_by_others() const { return led_by_others_; }

 private:
  struct Part {
    pipeline::Partition partition;
    Offset cursor;
    std::int64_t view = 0;  // of its last batch with records
  };

  Part& part(const TopicPartition& where);
  std::vector<pipeline::Decoded> decode(const std::vector<RawRecord>& log, const CursorAdvance& a);
  void expect_records(const Change& change);
  void note_view(const Change& change, bool by_others);

  const Brain& brain_;
  const Log& inputs_;
  const std::vector<Step>& log_;
  codec::Decoder decoder_;
  std::map<TopicPartition, Part> parts_;
  std::map<TopicPartition, Offset> cursors_;
  std::map<TopicPartition, DispositionCounts> counts_;
  PlantView view_;
  std::vector<LaneView> views_{1};       // by number
  std::vector<std::int64_t> raised_{0};  // by number: how many of them others had raised
  std::int64_t place_ = 0;
  bool stepping_ = false;
  std::vector<Decision> decisions_;
  std::vector<Effect> effects_;
  std::vector<Reject> rejects_;
  std::map<std::string, std::vector<std::pair<std::int64_t, std::string>>> view_changes_;
  std::int64_t refused_ = 0;
  std::int64_t led_by_others_ = 0;
};

}  // namespace millwright::e2e
