#include "pipeline/seen.hpp"

#include <algorithm>
#include <utility>

#include "pipeline/hash.hpp"

namespace millwright::pipeline {
namespace {

constexpr std::size_t kFirstSlots = 1'024;

}  // namespace

// Alive until the horizon has passed for its last possible entry, or newer ones fill the room.
bool Seen::alive(const Chunk& chunk, Instant now, std::int64_t count) const {
  return chunk.from + span_ + horizon_ > now && chunk.first_count + std::int64_t(max_) > count;
}

Seen::Chunk* Seen::chunk_of(std::uint64_t slot) {
  const std::uint64_t number = (slot << kTagBits) >> (kTagBits + kPlaceBits);
  if (chunks_.empty() || number < chunks_.front().number) return nullptr;
  // Numbers are dense but for chunks that were never stored; then the search is short.
  std::size_t at = std::min<std::size_t>(number - chunks_.front().number, chunks_.size() - 1);
  while (at > 0 && chunks_[at].number > number) --at;
  return chunks_[at].number == number ? &chunks_[at] : nullptr;
}

Seen::Entry* Seen::find(const Entry& wanted, Instant now) {
  if (slots_.empty()) return nullptr;
  const std::size_t mask = slots_.size() - 1;
  const std::uint64_t tag = wanted.key >> (64 - kTagBits);
  for (std::size_t at = wanted.key & mask; slots_[at] != 0; at = (at + 1) & mask) {
    const std::uint64_t slot = slots_[at] - 1;
    if (slot >> (64 - kTagBits) != tag) continue;
    Chunk* chunk = chunk_of(slot);
    const std::size_t place = slot & ((1U << kPlaceBits) - 1);
    if (chunk == nullptr || place >= chunk->entries.size()) continue;
    Entry& entry = chunk->entries[place];
    if (entry.key != wanted.key || entry.key_more != wanted.key_more) continue;
    if (alive(*chunk, now, count_)) return &entry;
  }
  return nullptr;
}

void Seen::index(std::uint64_t number, std::size_t place, std::uint64_t key) {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = key & mask;
  while (slots_[at] != 0) at = (at + 1) & mask;
  const std::uint64_t tag = key >> (64 - kTagBits);
  slots_[at] = ((tag << (64 - kTagBits)) | (number << kPlaceBits) | place) + 1;
  ++slots_used_;
}

void Seen::rebuild_index() {
  std::size_t live = 0;
  for (const Chunk& chunk : chunks_) live += chunk.entries.size();
  std::size_t size = kFirstSlots;
  while (size < 2 * live + kFirstSlots) size *= 2;
  std::vector<std::uint64_t>(size, 0).swap(slots_);
  slots_used_ = 0;
  for (const Chunk& chunk : chunks_) {
    for (std::size_t i = 0; i < chunk.entries.size(); ++i) {
      index(chunk.number, i, chunk.entries[i].key);
    }
  }
}

void Seen::insert(const Entry& entry, Instant now) {
  const bool fresh = chunks_.empty() || chunks_.back().entries.size() >= kChunkEntries ||
                     now >= chunks_.back().from + span_;
  if (fresh) {
    if (!rounds_) drop_dead(now, count_);
    chunks_.push_back({next_number_++, now, count_, true, {}});
  }
  Chunk& chunk = chunks_.back();
  chunk.entries.push_back(entry);
  chunk.changed = true;
  ++count_;
  if (4 * (slots_used_ + 1) > 3 * slots_.size()) {
    rebuild_index();
  } else {
    index(chunk.number, chunk.entries.size() - 1, entry.key);
  }
}

Seen::Verdict Seen::check(std::string_view source, std::string_view id, std::uint64_t payload,
                          std::int64_t offset, Instant now) {
  Entry entry;
  entry.key = hash64(id, hash64(source, 3));
  entry.key_more = std::uint32_t(hash64(id, hash64(source, 4)));
  entry.payload = std::uint32_t(payload ^ (payload >> 32));
  entry.offset = offset;
  if (const Entry* known = find(entry, now)) {
    if (known->offset < offset) {
      return known->payload == entry.payload ? Verdict::kDuplicate : Verdict::kConflict;
    }
    ++count_;  // this very record, in a chunk that was stored later than where we stand
    return Verdict::kNew;
  }
  insert(entry, now);
  return Verdict::kNew;
}

void Seen::drop_dead(Instant now, std::int64_t count) {
  bool any = false;
  while (!chunks_.empty() && !alive(chunks_.front(), now, count)) {
    dropped_.push_back(chunks_.front().number);
    chunks_.pop_front();
    any = true;
  }
  if (any) rebuild_index();
}

void Seen::begin_round(Instant now) {
  if (rounds_) drop_dead(round_before_, round_before_count_);
  rounds_ = true;
  round_before_ = std::exchange(round_now_, now);
  round_before_count_ = std::exchange(round_count_, count_);
}

std::vector<std::uint64_t> Seen::take_dropped() {
  return std::exchange(dropped_, {});
}

std::vector<std::uint64_t> Seen::changed() const {
  std::vector<std::uint64_t> numbers;
  for (const Chunk& chunk : chunks_) {
    if (chunk.changed) numbers.push_back(chunk.number);
  }
  return numbers;
}

std::string Seen::save_chunk(std::uint64_t number) {
  ByteWriter out;
  for (Chunk& chunk : chunks_) {
    if (chunk.number != number) continue;
    chunk.changed = false;
    out.put(chunk.number);
    out.put(chunk.from);
    out.put(chunk.first_count);
    out.put(std::uint32_t(chunk.entries.size()));
    for (const Entry& e : chunk.entries) {
      out.put(e.key);
      out.put(e.key_more);
      out.put(e.payload);
      out.put(e.offset);
    }
  }
  return std::move(out).bytes();
}

bool Seen::load_chunk(std::string_view bytes) {
  ByteReader in(bytes);
  Chunk chunk;
  in.get(chunk.number);
  in.get(chunk.from);
  in.get(chunk.first_count);
  chunk.changed = false;
  chunk.entries.resize(in.count(24));
  for (Entry& e : chunk.entries) {
    in.get(e.key);
    in.get(e.key_more);
    in.get(e.payload);
    in.get(e.offset);
  }
  if (!in.done() || chunk.entries.size() > kChunkEntries) return false;
  chunks_.push_back(std::move(chunk));
  return true;
}

void Seen::finish_load() {
  std::sort(chunks_.begin(), chunks_.end(),
            [](const Chunk& a, const Chunk& b) { return a.number < b.number; });
  if (!chunks_.empty()) next_number_ = std::max(next_number_, chunks_.back().number + 1);
  rebuild_index();
}

void Seen::save(ByteWriter& out) const {
  out.put(next_number_);
  out.put(count_);
  out.put(round_now_);
  out.put(round_before_);
  out.put(round_count_);
  out.put(round_before_count_);
}

void Seen::load(ByteReader& in) {
  in.get(next_number_);
  in.get(count_);
  in.get(round_now_);
  in.get(round_before_);
  in.get(round_count_);
  in.get(round_before_count_);
  rounds_ = true;
}

std::size_t Seen::entries() const {
  std::size_t sum = 0;
  for (const Chunk& chunk : chunks_) sum += chunk.entries.size();
  return sum;
}

std::size_t Seen::bytes() const {
  std::size_t sum = slots_.capacity() * sizeof(slots_[0]);
  for (const Chunk& chunk : chunks_)
    sum += sizeof(chunk) + chunk.entries.capacity() * sizeof(Entry);
  return sum;
}

}  // namespace millwright::pipeline
