#include "store/writer.hpp"

#include <algorithm>

#include "millwright/base/log.hpp"
#include "millwright/codec/encode.hpp"

namespace millwright::store {
namespace {

// Pages of write-ahead log before they are carried over into the database.
constexpr int kWalPages = 1'000;
// Rows that one call of tidy() throws out of each table at most.
constexpr std::size_t kTidyRows = 2'000;
// What was sent stays visible for so long.
constexpr Duration kKeepDone = days(7);
constexpr std::size_t kMinutesAtOnce = 1'000;

}  // namespace

LedgerStore::LedgerStore(Fd lock, std::unique_ptr<Db> db, Signer signer)
    : lock_(std::move(lock)),
      db_(std::move(db)),
      signer_(std::move(signer)),
      audit_(*db_),
      progress_(*db_),
      plant_(*db_),
      outbox_(*db_),
      head_(audit_.load_head()) {
  sqlite3_wal_hook(db_->handle(), on_wal, this);
}

int LedgerStore::on_wal(void* self, sqlite3*, const char*, int pages) {
  static_cast<LedgerStore*>(self)->wal_pages_ = pages;
  return SQLITE_OK;
}

Error LedgerStore::broken(const SqlError& error) {
  Error out = to_error(error, db_->path());
  broken_ = out.message;
  // Not even on closing: what did not become durable once may only seem to on the second try.
  sqlite3_db_config(db_->handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  log::error("the ledger's disk failed; nothing more is written until the process restarts",
             {{"error", out.message}, {"code", error.code}});
  return fail(Errc::kUnavailable, out.message);
}

template <class Work>
auto LedgerStore::write(Work work) {
  using Answer = decltype(work(head_));
  if (!broken_.empty()) return Answer(fail(Errc::kUnavailable, broken_));
  bool committing = false;
  try {
    Head head = head_;
    Transaction transaction(*db_, Transaction::Kind::kWrite);
    Answer answer = work(head);
    if (!answer) {
      progress_.forget();
      return answer;
    }
    audit_.save_head(head);
    committing = true;
    transaction.commit();
    head_ = std::move(head);
    committing = false;
    if (wal_pages_ < wal_pages_tried_) wal_pages_tried_ = 0;
    if (wal_pages_ - wal_pages_tried_ >= kWalPages) checkpoint_wal(SQLITE_CHECKPOINT_PASSIVE);
    return answer;
  } catch (const SqlError& error) {
    progress_.forget();
    // A full disk, a lock or a refused row leave the file as it was before the transaction; after
    // anything else, and after a COMMIT that may have happened, only a fresh start can tell.
    const int code = error.primary();
    const bool clean = code == SQLITE_FULL || code == SQLITE_CONSTRAINT || code == SQLITE_BUSY;
    if (!clean || (committing && code != SQLITE_FULL) || db_->in_transaction()) {
      return Answer(broken(error));
    }
    return Answer(to_error(error, db_->path()));
  }
}

template <class Work>
auto LedgerStore::read(Work work) {
  using Answer = decltype(work());
  if (!broken_.empty()) return Answer(fail(Errc::kUnavailable, broken_));
  try {
    return work();
  } catch (const SqlError& error) {
    return Answer(broken(error));
  }
}

void LedgerStore::checkpoint_wal(int mode) {
  int left = 0;
  int moved = 0;
  const int code = sqlite3_wal_checkpoint_v2(db_->handle(), nullptr, mode, &left, &moved);
  wal_pages_tried_ = wal_pages_;
  // Readers at work, or no space: the log grows on and is tried again later.
  if (code == SQLITE_OK || (code & 0xff) == SQLITE_BUSY || (code & 0xff) == SQLITE_FULL) return;
  throw SqlError{code, sqlite3_errmsg(db_->handle())};
}

Result<CommitReceipt> LedgerStore::commit(const CommitBatch& batch) {
  return write([&](Head& head) -> Result<CommitReceipt> {
    MW_TRY(put_batch(batch, head));
    return CommitReceipt{std::int64_t(head.tree.size())};
  });
}

Result<void> LedgerStore::put_batch(const CommitBatch& batch, Head& head) {
  progress_.begin();
  for (const CursorAdvance& advance : batch.cursors) MW_TRY(progress_.advance(advance));
  std::vector<AuditSeq> last_of;  // last audit record of each change; -1: it has none
  last_of.reserve(batch.changes.size());
  for (const Change& change : batch.changes) {
    const std::uint64_t before = head.tree.size();
    put_change(change, head, batch.at);
    const std::uint64_t after = head.tree.size();
    last_of.emplace_back(after == before ? -1 : std::int64_t(after) - 1);
  }
  if (head.view != batch.view_after.get()) {
    return fail(Errc::kInvalid, "the batch says that it leads to view " +
                                    std::to_string(batch.view_after.get()) + ", its changes to " +
                                    std::to_string(head.view));
  }
  put_effects(batch, last_of, AuditSeq(std::int64_t(head.tree.size()) - 1));
  for (const DeadLetterCount& letters : batch.dead_letters) {
    outbox_.count_dead_letters(letters, batch.at);
  }
  for (const CheckpointSlice& slice : batch.checkpoints) MW_TRY(progress_.add_slice(slice));
  head.at = std::max(head.at, batch.at.ns());
  return {};
}

void LedgerStore::put_change(const Change& change, Head& head, Instant at) {
  // The same count as apply() makes: one number for a change that lanes can see.
  if (change.seen_by_lanes()) ++head.view;
  for (const auto& [id, state] : change.equipment) plant_.put_equipment(id, state, head.view);
  for (const auto& [id, state] : change.service) plant_.put_service(id, state, head.view);
  for (const auto& [id, work] : change.work) plant_.put_work(id, work, head.view);
  for (const auto& [id, record] : change.suppliers) plant_.put_supplier(id, record, head.view);
  for (const auto& [id, supply] : change.supply) plant_.put_supply(id, supply, head.view);
  for (const auto& [id, stock] : change.stock) plant_.put_stock(id, stock);
  for (const RuleBundle& bundle : change.bundles) plant_.put_bundle(bundle);
  for (const Case& c : change.cases) plant_.put_case(c, at);
  for (const Task& task : change.tasks) plant_.put_task(task, at);
  for (const Reservation& r : change.reservations) plant_.put_reservation(r);
  for (const Decision& decision : change.decisions) {
    const TopicPartition& where = decision.evidence.position.where;
    std::optional<std::int64_t> part;
    if (!where.topic.empty()) part = progress_.part_id(where);
    plant_.put_decision(decision, part);
  }
  for (const AuditRecord& record : change.audit) audit_.append(record, head);
  for (const EffectReport& report : change.reports) outbox_.report(report, at);
}

void LedgerStore::put_effects(const CommitBatch& batch, const std::vector<AuditSeq>& last_of,
                              AuditSeq last) {
  for (std::size_t i = 0; i < batch.changes.size(); ++i) {
    for (const Effect& effect : batch.changes[i].effects) {
      outbox_.add(effect, last_of[i].get() < 0 ? last : last_of[i], batch.at);
    }
  }
}

Result<RestoredPartition> LedgerStore::adopt(const TopicPartition& where) {
  return write([&](Head&) -> Result<RestoredPartition> {
    RestoredPartition out = progress_.adopt(where);
    auto decisions = plant_.decisions_from(progress_.part_id(where), out.reobserve_from);
    if (!decisions) return std::move(decisions).error();
    out.decisions = *std::move(decisions);
    return out;
  });
}

Result<PlantView> LedgerStore::load_view() {
  return read([&] { return plant_.load_view(head_.view, Instant(head_.at)); });
}

Result<std::vector<LaneView>> LedgerStore::lane_views(std::vector<ViewNumber> numbers) {
  for (ViewNumber& number : numbers) {
    number = ViewNumber(std::clamp(number.get(), head_.view_floor, head_.view));
  }
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  return read([&] { return plant_.lane_views(numbers); });
}

Result<std::string> LedgerStore::checkpoint(Instant now) {
  return write([&](Head& head) -> Result<std::string> {
    const auto size = std::int64_t(head.tree.size());
    if (audit_.last_checkpoint_size() == size) return audit_.last_checkpoint();
    const std::string note =
        signer_.sign(checkpoint_text({signer_.name(), size, head.tree.root()}));
    audit_.add_checkpoint(size, now, note);
    return note;
  });
}

Result<CommitReceipt> LedgerStore::close_dead_letter_minutes(Instant now) {
  return write([&](Head& head) -> Result<CommitReceipt> {
    for (const AuditRecord& record : outbox_.close_minutes(now, kMinutesAtOnce)) {
      audit_.append(record, head);
    }
    return CommitReceipt{std::int64_t(head.tree.size())};
  });
}

Result<void> LedgerStore::tidy() {
  MW_TRY(write([&](Head& head) -> Result<void> {
    progress_.thin(kTidyRows);
    head.view_floor = std::max(head.view_floor, progress_.oldest_view(head.view));
    plant_.thin_views(head.view_floor, kTidyRows);
    outbox_.thin(Instant(head.at) - kKeepDone, kTidyRows);
    audit_.thin_checkpoints(kTidyRows);
    return {};
  }));
  return read([&]() -> Result<void> {
    // Does not wait for readers: what they still need stays for the next time.
    sqlite3_busy_timeout(db_->handle(), 0);
    checkpoint_wal(SQLITE_CHECKPOINT_TRUNCATE);
    sqlite3_busy_timeout(db_->handle(), 5'000);
    return {};
  });
}

Result<void> LedgerStore::check_tree() {
  return read([&]() -> Result<void> {
    const auto size = std::int64_t(head_.tree.size());
    const std::int64_t rows = audit_.rows();
    if (rows == size && audit_.tree_at(size).root() == head_.tree.root()) return {};
    return fail(Errc::kConflict,
                db_->path() + ": the audit log has " + std::to_string(rows) +
                    " records, and its tree over " + std::to_string(size) +
                    " does not fit them: it was altered. Keep a copy, run `millwright audit "
                    "verify`, restore a backup");
  });
}

Result<void> LedgerStore::check_anchor(const Checkpoint& anchored) {
  return read([&]() -> Result<void> {
    const auto size = std::int64_t(head_.tree.size());
    if (anchored.size > size) {
      return fail(Errc::kConflict,
                  db_->path() + ": the ledger has " + std::to_string(size) +
                      " audit records, but " + std::to_string(anchored.size) +
                      " were anchored: it was truncated, or an older copy was put in its place. "
                      "Keep a copy, run `millwright audit verify`, restore a newer backup");
    }
    const Frontier then = audit_.tree_at(anchored.size);
    if (std::int64_t(then.size()) == anchored.size && then.root() == anchored.root) return {};
    return fail(Errc::kConflict, db_->path() + ": its first " + std::to_string(anchored.size) +
                                     " audit records are not those that were anchored: it was "
                                     "altered. Keep a copy, run `millwright audit verify`, "
                                     "restore a backup");
  });
}

}  // namespace millwright::store
