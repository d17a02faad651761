#pragma once
// Seen: which events (source + id) came already, and with what payload, within the horizon of their
// kind. Kept in chunks that are never changed once full, so that a checkpoint writes each only
// once. Each entry knows its offset: while records are stepped over again after a restart, an entry
// from further on is not yet there. Owned by one partition.

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "millwright/base/bytes.hpp"

namespace millwright::pipeline {

class Seen {
 public:
  enum class Verdict : std::uint8_t { kNew, kDuplicate, kConflict };

  Seen(Duration horizon, Duration chunk_span, std::size_t entries_max)
      : horizon_(horizon), span_(chunk_span), max_(entries_max) {}

  // `now` never goes back. A new event is remembered.
  Verdict check(std::string_view source, std::string_view id, std::uint64_t payload,
                std::int64_t offset, Instant now);

  // A checkpoint round begins: chunks that were dead at the round before may be dropped.
  void begin_round(Instant now);
  // Chunks by number. Changed ones are to be written; dropped ones to be deleted.
  [[nodiscard]] std::vector<std::uint64_t> take_dropped();
  [[nodiscard]] std::vector<std::uint64_t> changed() const;
  [[nodiscard]] std::string save_chunk(std::uint64_t number);  // and it is no longer changed
  [[nodiscard]] bool load_chunk(std::string_view bytes);
  // Once all chunks are in.
  void finish_load();

  void save(ByteWriter& out) const;  // the rest: what the chunks do not hold
  void load(ByteReader& in);

  [[nodiscard]] std::size_t entries() const;
  [[nodiscard]] std::size_t bytes() const;

 private:
  struct Entry {
    std::uint64_t key = 0;
    std::uint32_t key_more = 0;
    std::uint32_t payload = 0;
    std::int64_t offset = 0;
  };
  struct Chunk {
    std::uint64_t number = 0;
    Instant from;                  // of plant time
    std::int64_t first_count = 0;  // how many entries came before it
    bool changed = true;
    std::vector<Entry> entries;
  };
  static constexpr std::size_t kChunkEntries = 16'384;
  static constexpr unsigned kPlaceBits = 14;
  static constexpr unsigned kTagBits = 16;

  [[nodiscard]] bool alive(const Chunk& chunk, Instant now, std::int64_t count) const;
  [[nodiscard]] Chunk* chunk_of(std::uint64_t slot);
  Entry* find(const Entry& wanted, Instant now);
  void insert(const Entry& entry, Instant now);
  void index(std::uint64_t number, std::size_t place, std::uint64_t key);
  void rebuild_index();
  void drop_dead(Instant now, std::int64_t count);

  Duration horizon_;
  Duration span_;
  std::size_t max_;
  std::deque<Chunk> chunks_;
  std::vector<std::uint64_t> slots_;  // 0 empty, else tag | chunk | place, plus one
  std::size_t slots_used_ = 0;
  std::uint64_t next_number_ = 0;
  std::int64_t count_ = 0;  // entries ever made
  std::vector<std::uint64_t> dropped_;
  bool rounds_ = false;
  Instant round_now_, round_before_;
  std::int64_t round_count_ = 0, round_before_count_ = 0;
};

}  // namespace millwright::pipeline
