#include "store/audit_log.hpp"

#include <algorithm>

#include "millwright/codec/encode.hpp"

namespace millwright::store {
namespace {

// One checkpoint in each stretch of so many records is kept for good: they bound where an
// alteration is looked for. Of the rest, the newest are enough.
constexpr std::int64_t kKeepEvery = 4'096;
constexpr std::int64_t kKeepNewest = 1'024;

Digest digest_of(std::string_view bytes) {
  Digest out{};
  std::copy_n(reinterpret_cast<const std::uint8_t*>(bytes.data()),
              std::min(out.size(), bytes.size()), out.begin());
  return out;
}

std::optional<std::string> unless_empty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

}  // namespace

AuditLog::AuditLog(Db& db)
    : head_(db, "SELECT size, frontier, view, view_floor, at FROM head"),
      save_head_(db, "UPDATE head SET size = ?, frontier = ?, view = ?, view_floor = ?, at = ?"),
      insert_(db,
              "INSERT INTO audit(seq, type, task, case_id, record, leaf) VALUES(?, ?, ?, ?, ?, ?)"),
      insert_node_(db, "INSERT INTO audit_node(level, place, hash) VALUES(?, ?, ?)"),
      rows_(db, "SELECT coalesce(max(seq), -1) + 1 FROM audit"),
      node_(db,
            "SELECT hash FROM audit_node WHERE level = ? AND place >= ? AND place < ?"
            " ORDER BY place"),
      leaves_(db, "SELECT leaf FROM audit WHERE seq >= ? AND seq < ? ORDER BY seq"),
      last_checkpoint_(db, "SELECT note, size FROM audit_checkpoint ORDER BY size DESC LIMIT 1"),
      kept_checkpoint_(
          db, "SELECT coalesce(max(size), -1) FROM audit_checkpoint WHERE size >= ? AND kept = 1"),
      insert_checkpoint_(db,
                         "INSERT INTO audit_checkpoint(size, at, note, kept) VALUES(?, ?, ?, ?)"),
      thin_(db,
            "DELETE FROM audit_checkpoint WHERE size IN (SELECT size FROM audit_checkpoint"
            " WHERE kept = 0 AND size < (SELECT size FROM audit_checkpoint ORDER BY size DESC"
            " LIMIT 1 OFFSET ?1) LIMIT ?2)") {}

Head AuditLog::load_head() {
  Rows rows = head_.query();
  if (!rows.next()) throw SqlError{SQLITE_CORRUPT, "the ledger has no head row"};
  Head head;
  head.tree = Frontier(std::uint64_t(rows.number(0)), rows.bytes(1));
  if (!head.tree.valid()) throw SqlError{SQLITE_CORRUPT, "the ledger's head row is damaged"};
  head.view = rows.number(2);
  head.view_floor = rows.number(3);
  head.at = rows.number(4);
  return head;
}

void AuditLog::save_head(const Head& head) {
  const std::string frontier = head.tree.bytes();
  save_head_.run(std::int64_t(head.tree.size()), Blob{frontier}, head.view, head.view_floor,
                 head.at);
}

AuditSeq AuditLog::append(const AuditRecord& record, Head& head) {
  const AuditSeq seq(std::int64_t(head.tree.size()));
  const std::string text = codec::canonical_record(seq, record);
  const Digest leaf = leaf_hash(text);
  insert_.run(seq.get(), record.type, unless_empty(record.task.str()),
              unless_empty(record.case_id.str()), text, Blob{as_bytes(leaf)});
  head.tree.append(leaf, 0, [&](int level, std::uint64_t place, const Digest& hash) {
    insert_node_.run(level, std::int64_t(place), Blob{as_bytes(hash)});
  });
  return seq;
}

Frontier AuditLog::tree_at(std::int64_t size) {
  Frontier tree;
  const auto ignore = [](int, std::uint64_t, const Digest&) {};
  for (int level = 7 * kTileLevels; level >= kTileLevels; level -= kTileLevels) {
    const std::int64_t from = std::int64_t(tree.size()) >> level;
    const std::int64_t to = size >> level;
    if (from == to) continue;
    Rows rows = node_.query(level, from, to);
    while (rows.next()) tree.append(digest_of(rows.bytes(0)), level, ignore);
    if (std::int64_t(tree.size()) != to << level) return {};  // a node is missing
  }
  Rows rows = leaves_.query(std::int64_t(tree.size()), size);
  while (rows.next()) tree.append(digest_of(rows.bytes(0)));
  return tree;
}

std::int64_t AuditLog::rows() {
  Rows rows = rows_.query();
  return rows.next() ? rows.number(0) : 0;
}

std::string AuditLog::last_checkpoint() {
  Rows rows = last_checkpoint_.query();
  return rows.next() ? rows.text(0) : std::string();
}

std::int64_t AuditLog::last_checkpoint_size() {
  Rows rows = last_checkpoint_.query();
  return rows.next() ? rows.number(1) : -1;
}

void AuditLog::add_checkpoint(std::int64_t size, Instant at, const std::string& note) {
  Rows kept = kept_checkpoint_.query(size / kKeepEvery * kKeepEvery);
  const bool keep = kept.next() && kept.number(0) < 0;
  insert_checkpoint_.run(size, at.ns(), note, keep ? 1 : 0);
}

void AuditLog::thin_checkpoints(std::size_t limit) {
  thin_.run(kKeepNewest, std::int64_t(limit));
}

}  // namespace millwright::store
