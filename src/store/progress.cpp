#include "store/progress.hpp"

#include <charconv>
#include <utility>

#include "millwright/base/digest.hpp"

namespace millwright::store {
namespace {

// Counts as text, "12,0,3": readable in any SQLite shell.
std::string counts_text(const DispositionCounts& counts) {
  std::string out;
  for (const std::int64_t n : counts) {
    if (!out.empty()) out += ',';
    out += std::to_string(n);
  }
  return out;
}

DispositionCounts counts_of(std::string_view text) {
  DispositionCounts out{};
  const char* at = text.data();
  const char* const end = at + text.size();
  for (std::int64_t& n : out) {
    at = std::from_chars(at, end, n).ptr;
    if (at == end) break;
    ++at;
  }
  return out;
}

// 16 bytes: damage, not forgery, is what it guards against.
std::string sum_of(std::string_view name, std::int64_t at, std::string_view blob) {
  const Digest d = sha256({std::to_string(name.size()), ":", name, std::to_string(at), ":", blob});
  return std::string(as_bytes(d).substr(0, 16));
}

constexpr std::string_view kPartitionState = "\n";  // no entity has this name

std::string name_of(const TopicPartition& where) {
  return where.topic + '[' + std::to_string(where.partition) + ']';
}

}  // namespace

Progress::Progress(Db& db)
    : find_part_(db, "SELECT id, epoch, next, counts FROM part WHERE topic = ? AND partition = ?"),
      add_part_(db,
                "INSERT INTO part(topic, partition, epoch, counts) VALUES(?, ?, 0, '')"
                " RETURNING id"),
      save_part_(db, "UPDATE part SET next = ?, counts = ? WHERE id = ?"),
      raise_epoch_(db, "UPDATE part SET epoch = epoch + 1 WHERE id = ? RETURNING epoch"),
      part_ids_(db, "SELECT topic, partition FROM part ORDER BY id"),
      newest_batch_(db, "SELECT id FROM batch WHERE part = ? ORDER BY next DESC, id DESC LIMIT 1"),
      add_batch_(db,
                 "INSERT INTO batch(part, epoch, first, next, view, plant_now, counts, audit)"
                 " VALUES(?, ?, ?, ?, ?, ?, ?, ?) RETURNING id"),
      batches_(db,
               "SELECT epoch, first, next, view, plant_now, counts, audit FROM batch"
               " WHERE part = ?1 AND next >= ?2 AND (next > ?2 OR (first = next AND id > ?3))"
               " ORDER BY id"),
      first_batch_(db, "SELECT first FROM batch WHERE part = ? ORDER BY next LIMIT 1"),
      thin_batches_(db,
                    "DELETE FROM batch WHERE id IN (SELECT id FROM batch WHERE part = ?1"
                    " AND next <= ?2 AND (next < ?2 OR id <= ?3) ORDER BY next LIMIT ?4)"),
      oldest_view_(db, "SELECT view FROM batch ORDER BY view LIMIT 1"),
      complete_rounds_(
          db,
          "SELECT id, begun_at, state, sum, after FROM round WHERE part = ? AND complete = 1"
          " ORDER BY id DESC LIMIT 2"),
      add_round_(db,
                 "INSERT INTO round(id, part, begun_at, state, sum, complete, after) VALUES("
                 "max((SELECT coalesce(max(id), 0) FROM round),"
                 " (SELECT coalesce(max(round), 0) FROM entity WHERE part = ?1)) + 1,"
                 " ?1, ?2, ?3, ?4, 0, ?5) RETURNING id"),
      complete_round_(db, "UPDATE round SET complete = 1 WHERE id = ?"),
      thin_rounds_(db, "DELETE FROM round WHERE part = ? AND id < ?"),
      drop_open_rounds_(db, "DELETE FROM round WHERE part = ? AND id > ?"),
      drop_open_entities_(db, "DELETE FROM entity WHERE part = ? AND round > ?"),
      put_entity_(db,
                  "INSERT INTO entity(part, entity, round, at, blob, sum) VALUES(?, ?, ?, ?, ?, ?)"
                  " ON CONFLICT DO UPDATE SET at = excluded.at, blob = excluded.blob,"
                  " sum = excluded.sum"),
      thin_entity_(db,
                   "DELETE FROM entity WHERE part = ?1 AND entity = ?2 AND round < (SELECT"
                   " max(round) FROM entity WHERE part = ?1 AND entity = ?2 AND round <= ?3)"),
      entities_(db,
                "SELECT entity, max(round), at, blob, sum FROM entity"
                " WHERE part = ? AND round <= ? GROUP BY entity"),
      dropped_(db,
               "SELECT entity, round FROM entity WHERE part = ? AND round <= ?"
               " AND length(blob) = 0 LIMIT ?"),
      drop_entity_(db, "DELETE FROM entity WHERE part = ? AND entity = ? AND round <= ?") {}

Progress::Part& Progress::part(const TopicPartition& where) {
  const auto known = parts_.find(where);
  if (known != parts_.end()) return known->second;
  Part part;
  {
    Rows rows = find_part_.query(where.topic, where.partition);
    if (rows.next()) {
      part.id = rows.number(0);
      part.epoch = Epoch(rows.number(1));
      part.next = rows.maybe(2);
      part.counts = counts_of(rows.bytes(3));
    }
  }
  if (part.id == 0) {
    Rows rows = add_part_.query(where.topic, where.partition);
    if (rows.next()) part.id = rows.number(0);
  }
  load_rounds(part);
  {
    Rows rows = newest_batch_.query(part.id);
    if (rows.next()) part.newest = rows.number(0);
  }
  return parts_.emplace(where, part).first->second;
}

std::int64_t Progress::part_id(const TopicPartition& where) {
  return part(where).id;
}

void Progress::forget() {
  parts_.clear();
}

void Progress::load_rounds(Part& part) {
  part.complete = 0;
  part.before = 0;
  Rows rows = complete_rounds_.query(part.id);
  if (rows.next()) part.complete = rows.number(0);
  if (part.complete != 0 && rows.next()) part.before = rows.number(0);
}

Result<void> Progress::advance(const CursorAdvance& a) {
  Part& p = part(a.where);
  if (a.epoch != p.epoch) {
    return fail(Errc::kStale, name_of(a.where) + ": batch of epoch " +
                                  std::to_string(a.epoch.get()) + ", the newest is " +
                                  std::to_string(p.epoch.get()));
  }
  if (a.next < a.first || (p.next.has_value() && a.first.get() != *p.next)) {
    return fail(Errc::kStale,
                name_of(a.where) + ": batch covers [" + std::to_string(a.first.get()) + ", " +
                    std::to_string(a.next.get()) + "), the cursor is at " +
                    (p.next.has_value() ? std::to_string(*p.next) : std::string("no place yet")));
  }
  p.next = a.next.get();
  for (std::size_t i = 0; i < p.counts.size(); ++i) p.counts[i] += a.counts[i];
  std::optional<std::int64_t> plant_now;
  if (a.plant_now.has_value()) plant_now = a.plant_now->ns();
  if (std::exchange(p.transaction, transaction_) != transaction_) p.newest_before = p.newest;
  const std::string counts = counts_text(a.counts);
  {
    Rows rows = add_batch_.query(p.id, a.epoch.get(), a.first.get(), a.next.get(), a.view.get(),
                                 plant_now, counts, a.audit);
    if (rows.next()) p.newest = rows.number(0);
  }
  save_part_.run(*p.next, counts_text(p.counts), p.id);
  return {};
}

void Progress::begin_round(Part& part, const CheckpointSlice& slice) {
  const std::string sum = sum_of(kPartitionState, slice.begun_at.get(), slice.partition_state);
  // Of the batches of this very transaction it is not known which of them the slice came with.
  const std::int64_t after = part.transaction == transaction_ ? part.newest_before : part.newest;
  Rows rows = add_round_.query(part.id, slice.begun_at.get(), Blob{slice.partition_state},
                               Blob{sum}, after);
  if (rows.next()) part.open_round = rows.number(0);
  part.lane_round = slice.round;
}

void Progress::put_entity(const Part& part, const EntityState& entity) {
  const std::string sum = sum_of(entity.entity, entity.at.get(), entity.blob);
  put_entity_.run(part.id, entity.entity, part.open_round, entity.at.get(), Blob{entity.blob},
                  Blob{sum});
  if (part.before != 0) thin_entity_.run(part.id, entity.entity, part.before);
}

Result<void> Progress::add_slice(const CheckpointSlice& slice) {
  Part& p = part(slice.where);
  if (p.open_round == 0 || p.lane_round != slice.round) begin_round(p, slice);
  for (const EntityState& entity : slice.entities) put_entity(p, entity);
  if (!slice.completes) return {};
  complete_round_.run(p.open_round);
  p.before = p.complete;
  p.complete = p.open_round;
  p.open_round = 0;
  p.lane_round = -1;
  // The round before the one before is no fall-back any more.
  if (p.before != 0) thin_rounds_.run(p.id, p.before);
  return {};
}

RestoredPartition Progress::adopt(const TopicPartition& where) {
  parts_.erase(where);
  Part& p = part(where);
  {
    Rows rows = raise_epoch_.query(p.id);
    if (rows.next()) p.epoch = Epoch(rows.number(0));
  }
  // A lane that starts anew goes on from the last complete round, not from half a one.
  drop_open_rounds_.run(p.id, p.complete);
  drop_open_entities_.run(p.id, p.complete);
  RestoredPartition out;
  out.epoch = p.epoch;
  if (p.next.has_value()) out.cursor = Offset(*p.next);
  const Round used = restore_state(p, out);
  if (used.id != p.complete) {
    // What is damaged must not come back under the next round.
    drop_open_rounds_.run(p.id, used.id);
    drop_open_entities_.run(p.id, used.id);
    load_rounds(p);
  }
  load_batches(where, p, used.after, out);
  return out;
}

bool Progress::restore_round(const Part& part, const Round& round, RestoredPartition& out) {
  if (sum_of(kPartitionState, round.begun_at, round.state) != round.sum) return false;
  out.entities.clear();
  out.partition_state = round.state;
  out.reobserve_from = Offset(round.begun_at);
  Rows rows = entities_.query(part.id, round.id);
  while (rows.next()) {
    EntityState entity{rows.text(0), Offset(rows.number(2)), rows.text(3)};
    if (sum_of(entity.entity, entity.at.get(), entity.blob) != rows.bytes(4)) return false;
    if (!entity.blob.empty()) out.entities.push_back(std::move(entity));
  }
  return true;
}

Progress::Round Progress::restore_state(const Part& part, RestoredPartition& out) {
  std::vector<Round> rounds;
  {
    Rows rows = complete_rounds_.query(part.id);
    while (rows.next()) {
      rounds.push_back(
          {rows.number(0), rows.number(1), rows.number(4), rows.text(2), rows.text(3)});
    }
  }
  for (const Round& round : rounds) {
    if (restore_round(part, round, out)) {
      if (round.id != part.complete) {
        out.warning = "the newest checkpoint is damaged; went back to the one at offset " +
                      std::to_string(round.begun_at);
      }
      return round;
    }
  }
  // Nothing to stand on: observe again all that the kept batches cover.
  out.entities.clear();
  out.partition_state.clear();
  out.reobserve_from = out.cursor.value_or(Offset());
  Rows rows = first_batch_.query(part.id);
  if (rows.next()) out.reobserve_from = Offset(rows.number(0));
  if (!rounds.empty()) {
    out.warning = "no checkpoint is whole; what was known of records before offset " +
                  std::to_string(out.reobserve_from.get()) + " is lost, warming up anew";
  }
  return {};
}

void Progress::load_batches(const TopicPartition& where, const Part& part, std::int64_t after,
                            RestoredPartition& out) {
  Rows rows = batches_.query(part.id, out.reobserve_from.get(), after);
  while (rows.next()) {
    CursorAdvance& a = out.batches.emplace_back();
    a.where = where;
    a.epoch = Epoch(rows.number(0));
    a.first = Offset(rows.number(1));
    a.next = Offset(rows.number(2));
    a.view = ViewNumber(rows.number(3));
    if (const auto now = rows.maybe(4)) a.plant_now = Instant(*now);
    a.counts = counts_of(rows.bytes(5));
    a.audit = rows.number(6);
  }
}

void Progress::drop_dead_entities(const Part& part, std::size_t limit) {
  std::vector<std::pair<std::string, std::int64_t>> dead;
  {
    Rows rows = dropped_.query(part.id, part.before, std::int64_t(limit));
    while (rows.next()) dead.emplace_back(rows.text(0), rows.number(1));
  }
  for (const auto& [entity, round] : dead) drop_entity_.run(part.id, entity, round);
}

void Progress::thin(std::size_t limit) {
  std::vector<TopicPartition> known;
  {
    Rows rows = part_ids_.query();
    while (rows.next()) known.push_back({rows.text(0), std::int32_t(rows.number(1))});
  }
  for (const TopicPartition& where : known) {
    const Part& p = part(where);
    if (p.before == 0) continue;
    Rows rows = complete_rounds_.query(p.id);
    std::int64_t oldest = 0;
    std::int64_t after = 0;
    while (rows.next()) {
      oldest = rows.number(1);
      after = rows.number(4);
    }
    thin_batches_.run(p.id, oldest, after, std::int64_t(limit));
    drop_dead_entities(p, limit);
  }
}

std::int64_t Progress::oldest_view(std::int64_t newest) {
  Rows rows = oldest_view_.query();
  return rows.next() ? rows.number(0) : newest;
}

}  // namespace millwright::store
