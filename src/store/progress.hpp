#pragma once
// How far each partition has come: cursors with their epoch fence, the batches behind them, and
// checkpoint rounds of partition state. Owned by the store; called by its thread, inside its
// transactions.

#include <map>
#include <optional>
#include <string>

#include "millwright/domain/checkpoint.hpp"
#include "store/db.hpp"

namespace millwright::store {

class Progress {
 public:
  explicit Progress(Db& db);

  // A transaction begins.
  void begin() { ++transaction_; }
  // kStale if the epoch is not the newest, or the advance does not begin at the cursor.
  [[nodiscard]] Result<void> advance(const CursorAdvance& advance);
  [[nodiscard]] Result<void> add_slice(const CheckpointSlice& slice);
  // To be called when a transaction did not commit: what was remembered of it is forgotten.
  void forget();

  // Raises the epoch, throws out the round that was not completed, and loads the rest. The caller
  // adds the decisions.
  [[nodiscard]] RestoredPartition adopt(const TopicPartition& where);
  [[nodiscard]] std::int64_t part_id(const TopicPartition& where);  // made if need be

  // Throws out what neither of the two newest complete rounds needs; at most about `limit` rows of
  // each kind.
  void thin(std::size_t limit);
  // Number of the oldest view that a kept batch was stepped under; `newest` if there is none.
  [[nodiscard]] std::int64_t oldest_view(std::int64_t newest);

 private:
  struct Part {
    std::int64_t id = 0;
    Epoch epoch;
    std::optional<std::int64_t> next;
    DispositionCounts counts{};
    std::int64_t open_round = 0;   // our own number; 0: none
    std::int64_t lane_round = -1;  // the lane's number of it
    // Our numbers of the newest complete round and of the one before; 0: none.
    std::int64_t complete = 0;
    std::int64_t before = 0;
    // Its newest batch, now and before the transaction that added to it last.
    std::int64_t newest = 0;
    std::int64_t newest_before = 0;
    std::int64_t transaction = 0;
  };
  struct Round {
    std::int64_t id = 0;
    std::int64_t begun_at = 0;
    std::int64_t after = 0;
    std::string state;
    std::string sum;
  };

  Part& part(const TopicPartition& where);
  void load_rounds(Part& part);
  void begin_round(Part& part, const CheckpointSlice& slice);
  void put_entity(const Part& part, const EntityState& entity);
  // False: something of this round is damaged.
  bool restore_round(const Part& part, const Round& round, RestoredPartition& out);
  // The round it stands on; number 0: none.
  Round restore_state(const Part& part, RestoredPartition& out);
  // From the offset to observe again from, but for silent ones up to `after`.
  void load_batches(const TopicPartition& where, const Part& part, std::int64_t after,
                    RestoredPartition& out);
  void drop_dead_entities(const Part& part, std::size_t limit);

  std::map<TopicPartition, Part> parts_;
  std::int64_t transaction_ = 0;
  Statement find_part_;
  Statement add_part_;
  Statement save_part_;
  Statement raise_epoch_;
  Statement part_ids_;
  Statement newest_batch_;
  Statement add_batch_;
  Statement batches_;
  Statement first_batch_;
  Statement thin_batches_;
  Statement oldest_view_;
  Statement complete_rounds_;
  Statement add_round_;
  Statement complete_round_;
  Statement thin_rounds_;
  Statement drop_open_rounds_;
  Statement drop_open_entities_;
  Statement put_entity_;
  Statement thin_entity_;
  Statement entities_;
  Statement dropped_;
  Statement drop_entity_;
};

}  // namespace millwright::store
