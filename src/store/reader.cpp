#include "store/reader.hpp"

#include <algorithm>

#include "millwright/base/limits.hpp"
#include "millwright/codec/records.hpp"
#include "millwright/store/store.hpp"
#include "store/note.hpp"
#include "store/outbox.hpp"
#include "store/schema.hpp"

namespace millwright::store {
namespace {

constexpr std::chrono::seconds kReadTime(5);
constexpr int kStepsBetweenLooks = 10'000;

Result<Decision> decision_of(const Rows& rows) {
  auto decision = codec::decision_from_json(rows.bytes(0));
  if (!decision) return decision;
  auto series = codec::unpack_series(rows.bytes(1));
  if (!series) return std::move(series).error();
  decision->series = *std::move(series);
  return decision;
}

void add_counts(std::string_view text, std::map<std::string, std::int64_t>& out) {
  for (std::size_t i = 0; i < std::size_t(Disposition::kCount) && !text.empty(); ++i) {
    const std::string_view number = text.substr(0, text.find(','));
    out[std::string(to_text(Disposition(i)))] += std::stoll("0" + std::string(number));
    text.remove_prefix(std::min(number.size() + 1, text.size()));
  }
}

}  // namespace

LedgerReader::LedgerReader(std::unique_ptr<Db> db)
    : db_(std::move(db)),
      tasks_(*db_),
      task_(*db_, "SELECT json FROM task WHERE id = ?"),
      case_(*db_, "SELECT json FROM work_case WHERE id = ?"),
      decision_(*db_, "SELECT json, series, seq FROM decision WHERE id = ?"),
      audit_all_(*db_, "SELECT seq, record, leaf FROM audit WHERE seq > ? ORDER BY seq LIMIT ?"),
      audit_task_(*db_,
                  "SELECT seq, record, leaf, type, case_id FROM audit WHERE task = ? AND seq > ?"
                  " AND (type = ?3 OR ?3 = '') AND (case_id = ?4 OR ?4 = '')"
                  " ORDER BY seq LIMIT ?5"),
      audit_case_(*db_,
                  "SELECT seq, record, leaf, type FROM audit WHERE case_id = ? AND seq > ?"
                  " AND (type = ?3 OR ?3 = '') ORDER BY seq LIMIT ?4"),
      audit_type_(*db_,
                  "SELECT seq, record, leaf FROM audit WHERE type = ? AND seq > ?"
                  " ORDER BY seq LIMIT ?"),
      checkpoint_(*db_, "SELECT note FROM audit_checkpoint ORDER BY size DESC LIMIT 1"),
      // An effect waits for earlier ones of its lane that wait themselves; towards the ERP also for
      // those that need a person.
      due_(*db_,
           "SELECT json, state, attempts, audit, not_before FROM effect AS e"
           " WHERE kind = ?1 AND open = 1 AND state IN ('pending', 'in_flight', 'retry')"
           " AND audit < ?2 AND not_before <= ?3 AND (lane = x'' OR NOT EXISTS("
           "SELECT 1 FROM effect AS f WHERE f.open = 1 AND f.kind = ?1 AND f.lane = e.lane"
           " AND f.seq < e.seq AND (f.not_before > ?3 OR (?1 = 1 AND f.state IN"
           " ('unknown', 'parked')))))"
           " ORDER BY seq LIMIT ?4"),
      delivered_(*db_, "SELECT topic, partition, position FROM delivered") {
  static_assert(int(EffectKind::kErp) == 1);
  sqlite3_progress_handler(db_->handle(), kStepsBetweenLooks, on_progress, this);
}

int LedgerReader::on_progress(void* self) {
  return std::chrono::steady_clock::now() > static_cast<LedgerReader*>(self)->deadline_ ? 1 : 0;
}

template <class Work>
auto LedgerReader::read(Work work) {
  using Answer = decltype(work());
  deadline_ = std::chrono::steady_clock::now() + kReadTime;
  try {
    const Transaction snapshot(*db_, Transaction::Kind::kRead);
    return work();
  } catch (const SqlError& error) {
    return Answer(to_error(error, db_->path()));
  }
}

Result<Page<Task>> LedgerReader::tasks(const TaskQuery& query) {
  return read([&] { return tasks_.page(query); });
}

Result<std::optional<Task>> LedgerReader::task(const TaskId& id) {
  return read([&]() -> Result<std::optional<Task>> {
    Rows rows = task_.query(id.str());
    if (!rows.next()) return std::optional<Task>();
    auto task = codec::task_from_json(rows.bytes(0));
    if (!task) return std::move(task).error();
    return std::optional<Task>(*std::move(task));
  });
}

Result<std::optional<Case>> LedgerReader::case_by_id(const CaseId& id) {
  return read([&]() -> Result<std::optional<Case>> {
    Rows rows = case_.query(id.str());
    if (!rows.next()) return std::optional<Case>();
    auto c = codec::case_from_json(rows.bytes(0));
    if (!c) return std::move(c).error();
    return std::optional<Case>(*std::move(c));
  });
}

Result<std::optional<Decision>> LedgerReader::decision(const DecisionId& id) {
  return read([&]() -> Result<std::optional<Decision>> {
    Rows rows = decision_.query(id.str());
    if (!rows.next()) return std::optional<Decision>();
    auto decision = decision_of(rows);
    if (!decision) return std::move(decision).error();
    return std::optional<Decision>(*std::move(decision));
  });
}

Result<std::vector<Decision>> LedgerReader::decisions_of(const TaskId& id, std::size_t limit) {
  return read([&]() -> Result<std::vector<Decision>> {
    std::vector<DecisionId> ids;
    {
      Rows rows = task_.query(id.str());
      if (!rows.next()) return std::vector<Decision>();
      auto task = codec::task_from_json(rows.bytes(0));
      if (!task) return std::move(task).error();
      ids = std::move(task->evidence);
      ids.push_back(task->opened_by);
    }
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    std::vector<std::pair<std::int64_t, Decision>> found;
    for (const DecisionId& one : ids) {
      Rows rows = decision_.query(one.str());
      if (!rows.next()) continue;
      auto decision = decision_of(rows);
      if (!decision) return std::move(decision).error();
      found.emplace_back(rows.number(2), *std::move(decision));
    }
    std::sort(found.begin(), found.end(),
              [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<Decision> out;
    for (auto& [seq, decision] : found) {
      if (out.size() < limit) out.push_back(std::move(decision));
    }
    return out;
  });
}

Rows LedgerReader::audit_rows(const AuditQuery& query, std::int64_t after, std::int64_t limit) {
  if (!query.task.empty()) {
    return audit_task_.query(query.task.str(), after, query.type, query.case_id.str(), limit);
  }
  if (!query.case_id.empty()) {
    return audit_case_.query(query.case_id.str(), after, query.type, limit);
  }
  if (!query.type.empty()) return audit_type_.query(query.type, after, limit);
  return audit_all_.query(after, limit);
}

Result<Page<AuditEntry>> LedgerReader::audit(const AuditQuery& query) {
  return read([&]() -> Result<Page<AuditEntry>> {
    const std::size_t limit = std::clamp<std::size_t>(query.limit, 1, limits::kHttpPage);
    Page<AuditEntry> page;
    Rows rows =
        audit_rows(query, query.after.value_or(AuditSeq(-1)).get(), std::int64_t(limit) + 1);
    while (rows.next()) {
      if (page.items.size() == limit) {
        page.next = std::to_string(page.items.back().seq.get());
        break;
      }
      auto envelope = codec::audit_envelope(rows.bytes(1));
      if (!envelope) return std::move(envelope).error();
      const std::string_view leaf = rows.bytes(2);
      page.items.push_back(
          {AuditSeq(rows.number(0)), std::move(envelope->type), envelope->at,
           std::move(envelope->actor), rows.text(1),
           to_hex({reinterpret_cast<const std::uint8_t*>(leaf.data()), leaf.size()})});
    }
    return page;
  });
}

Result<std::string> LedgerReader::last_checkpoint() {
  return read([&]() -> Result<std::string> {
    Rows rows = checkpoint_.query();
    return rows.next() ? rows.text(0) : std::string();
  });
}

Result<std::vector<Effect>> LedgerReader::due_effects(EffectKind kind, std::int64_t anchored,
                                                      Instant now, std::size_t limit) {
  return read([&]() -> Result<std::vector<Effect>> {
    std::vector<Effect> out;
    Rows rows = due_.query(int(kind), anchored, now.ns(), std::int64_t(limit));
    while (rows.next()) {
      auto effect = codec::effect_from_json(rows.bytes(0));
      if (!effect) return std::move(effect).error();
      effect->state = effect_state(rows.bytes(1));
      effect->attempts = std::int32_t(rows.number(2));
      effect->audit = AuditSeq(rows.number(3));
      effect->not_before = Instant(rows.number(4));
      out.push_back(*std::move(effect));
    }
    return out;
  });
}

Result<std::map<TopicPartition, Offset>> LedgerReader::delivered_up_to() {
  return read([&]() -> Result<std::map<TopicPartition, Offset>> {
    std::map<TopicPartition, Offset> out;
    Rows rows = delivered_.query();
    while (rows.next()) {
      out[{rows.text(0), std::int32_t(rows.number(1))}] = Offset(rows.number(2));
    }
    return out;
  });
}

Result<StoreCounts> LedgerReader::counts() {
  return read([&]() -> Result<StoreCounts> {
    StoreCounts out;
    Statement parts(*db_, "SELECT counts FROM part");
    Rows part = parts.query();
    while (part.next()) add_counts(part.bytes(0), out.dispositions);
    Statement states(*db_, "SELECT state, count(*) FROM task GROUP BY state");
    Rows state = states.query();
    while (state.next()) out.tasks_by_state[state.text(0)] = state.number(1);
    out.decisions = db_->number("SELECT coalesce(max(seq), 0) FROM decision");
    out.shadow_decisions = db_->number("SELECT count(*) FROM audit WHERE type = 'decision.shadow'");
    out.audit_size = db_->number("SELECT size FROM head");
    out.anchored_size = db_->number("SELECT coalesce(max(size), 0) FROM audit_checkpoint");
    out.effects_pending = db_->number(
        "SELECT count(*) FROM effect WHERE open = 1 AND state IN ('pending','in_flight','retry')");
    out.effects_parked = db_->number(
        "SELECT count(*) FROM effect WHERE open = 1 AND state IN ('unknown', 'parked')");
    return out;
  });
}

Result<std::unique_ptr<StoreReader>> open_reader(const std::string& path, const std::string& vfs) {
  try {
    auto db = std::make_unique<Db>(path, SQLITE_OPEN_READONLY, vfs);
    configure_reader(*db);
    MW_TRY(check_schema(*db));
    lock_down_reader(*db);
    return std::unique_ptr<StoreReader>(std::make_unique<LedgerReader>(std::move(db)));
  } catch (const SqlError& error) {
    return to_error(error, path);
  }
}

}  // namespace millwright::store
