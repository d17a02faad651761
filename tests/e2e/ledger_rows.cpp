#include "e2e/ledger_rows.hpp"

#include <gtest/gtest.h>

#include <charconv>
#include <filesystem>

#include "millwright/codec/records.hpp"
#include "store/db.hpp"
#include "store/schema.hpp"

namespace millwright::e2e {
namespace {

using store::Db;
using store::Rows;
using store::SqlError;
using store::Statement;

// A reader that leaves the write-ahead log alone, as every reader of a ledger must.
template <class Read>
bool with_ledger(const std::string& path, Read read) {
  if (!std::filesystem::exists(path)) return false;
  try {
    Db db(path, SQLITE_OPEN_READONLY, "");
    store::configure_reader(db);
    if (!store::check_schema(db)) return false;
    store::Transaction transaction(db, store::Transaction::Kind::kRead);
    read(db);
    return true;
  } catch (const SqlError& error) {
    if (error.primary() == SQLITE_BUSY) return false;
    ADD_FAILURE() << path << ": " << error.message;
    return false;
  }
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

std::map<std::string, std::string> table(Db& db, const char* sql) {
  std::map<std::string, std::string> out;
  Statement statement(db, sql);
  Rows rows = statement.query();
  while (rows.next()) out[rows.text(0)] = rows.text(1);
  return out;
}

void read_decisions(Db& db, LedgerRows& out) {
  Statement decisions(db, "SELECT json, series FROM decision ORDER BY seq");
  Rows rows = decisions.query();
  while (rows.next()) out.decisions.push_back(rows.text(0) + "\n" + rows.text(1));
}

void read_steps(Db& db, LedgerRows& out) {
  Statement steps(db,
                  "SELECT type, json_extract(record, '$.actor'), coalesce(task, ''),"
                  " json_extract(record, '$.at') FROM audit ORDER BY seq");
  Rows rows = steps.query();
  while (rows.next()) {
    const auto at = parse_rfc3339(rows.text(3));
    EXPECT_TRUE(at) << rows.text(3);
    out.steps.push_back({rows.text(0), rows.text(1), TaskId(rows.text(2)), at ? *at : Instant()});
  }
}

void read_effects(Db& db, LedgerRows& out) {
  Statement effects(db, "SELECT id, kind, state, external, detail, json FROM effect ORDER BY seq");
  Rows rows = effects.query();
  while (rows.next()) {
    EffectRow row{rows.text(0), int(rows.number(1)), rows.text(2), rows.text(3),
                  rows.text(4), rows.text(5),        TaskId()};
    const auto effect = codec::effect_from_json(row.json);
    EXPECT_TRUE(effect) << row.json;
    if (effect) row.task = effect->task;
    out.effects.push_back(std::move(row));
  }
}

void read_parts(Db& db, LedgerRows& out) {
  Statement parts(db, "SELECT topic, partition, next, counts FROM part");
  Rows rows = parts.query();
  while (rows.next()) {
    const TopicPartition where{rows.text(0), std::int32_t(rows.number(1))};
    out.cursors[where] = Offset(rows.number(2));
    out.counts[where] = counts_of(rows.bytes(3));
  }
}

}  // namespace

void Witness::look() {
  const std::int64_t last = batches_.empty() ? 0 : batches_.back().id;
  with_ledger(ledger_, [&](Db& db) {
    Statement batches(
        db,
        "SELECT b.id, p.topic, p.partition, b.epoch, b.first, b.next, b.view,"
        " b.plant_now, b.counts, b.audit FROM batch AS b JOIN part AS p ON p.id = b.part"
        " WHERE b.id > ? ORDER BY b.id");
    Rows rows = batches.query(last);
    while (rows.next()) {
      BatchRow row;
      row.id = rows.number(0);
      CursorAdvance& a = row.advance;
      a.where = {rows.text(1), std::int32_t(rows.number(2))};
      a.epoch = Epoch(rows.number(3));
      a.first = Offset(rows.number(4));
      a.next = Offset(rows.number(5));
      a.view = ViewNumber(rows.number(6));
      if (const auto now = rows.maybe(7)) a.plant_now = Instant(*now);
      a.counts = counts_of(rows.bytes(8));
      a.audit = rows.number(9);
      next_[a.where] = a.next;
      batches_.push_back(std::move(row));
    }
  });
}

std::int64_t Witness::consumed() const {
  std::int64_t sum = 0;
  for (const auto& [where, next] : next_) sum += next.get();
  return sum;
}

LedgerRows read_ledger(const std::string& path) {
  LedgerRows out;
  const bool read = with_ledger(path, [&](Db& db) {
    read_parts(db, out);
    read_decisions(db, out);
    read_effects(db, out);
    out.tasks = table(db, "SELECT id, json FROM task");
    out.cases = table(db, "SELECT id, json FROM work_case");
    out.held = table(db, "SELECT task || ' ' || material, json FROM reservation WHERE held = 1");
    out.stock = table(db, "SELECT material, json FROM stock");
    Statement views(db, "SELECT kind || ' ' || id, number, json FROM view_change ORDER BY number");
    Rows changes = views.query();
    while (changes.next()) {
      out.view_changes[changes.text(0)].emplace_back(changes.number(1), changes.text(2));
    }
    read_steps(db, out);
  });
  EXPECT_TRUE(read) << path;
  return out;
}

std::int64_t effects_open(const std::string& path, int kind) {
  std::int64_t out = -1;
  with_ledger(path, [&](Db& db) {
    Statement open(db, "SELECT count(*) FROM effect WHERE kind = ? AND open = 1");
    Rows rows = open.query(kind);
    if (rows.next()) out = rows.number(0);
  });
  return out;
}

}  // namespace millwright::e2e
