#include "store/outbox.hpp"

#include <array>
#include <charconv>

#include "millwright/base/json.hpp"
#include "millwright/codec/records.hpp"

namespace millwright::store {
namespace {

constexpr std::array<std::string_view, 6> kStates = {"pending", "in_flight", "retry",
                                                     "done",    "unknown",   "parked"};

EffectState state_after(EffectOutcome outcome) {
  switch (outcome) {
    case EffectOutcome::kStarted:
      return EffectState::kInFlight;
    case EffectOutcome::kDelivered:
      return EffectState::kDone;
    case EffectOutcome::kRetryLater:
      return EffectState::kRetry;
    case EffectOutcome::kUnknown:
      return EffectState::kUnknown;
    case EffectOutcome::kRefused:
      return EffectState::kParked;
  }
  return EffectState::kUnknown;
}

std::int64_t minute_of(Instant at) {
  return at.ns() / minutes(1).ns() - (at.ns() % minutes(1).ns() < 0 ? 1 : 0);
}

}  // namespace

std::string_view state_text(EffectState state) {
  return kStates[std::size_t(state)];
}

EffectState effect_state(std::string_view text) {
  for (std::size_t i = 0; i < kStates.size(); ++i) {
    if (kStates[i] == text) return EffectState(i);
  }
  return EffectState::kUnknown;
}

std::optional<Position> parse_position(std::string_view text) {
  const std::size_t open = text.rfind('[');
  const std::size_t at = text.rfind("]@");
  if (open == text.npos || at == text.npos || open == 0 || at < open) return std::nullopt;
  Position out;
  out.where.topic = text.substr(0, open);
  std::int64_t offset = 0;
  const auto partition =
      std::from_chars(text.data() + open + 1, text.data() + at, out.where.partition);
  const auto position = std::from_chars(text.data() + at + 2, text.data() + text.size(), offset);
  if (partition.ec != std::errc() || partition.ptr != text.data() + at ||
      position.ec != std::errc() || position.ptr != text.data() + text.size()) {
    return std::nullopt;
  }
  out.offset = Offset(offset);
  return out;
}

Outbox::Outbox(Db& db)
    : add_(db,
           "INSERT INTO effect(id, kind, lane, state, open, audit, attempts, not_before, changed,"
           " external, detail, json) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, '', '', ?)"
           " ON CONFLICT(id) DO NOTHING"),
      find_(db, "SELECT seq, kind, state, attempts, open FROM effect WHERE id = ?"),
      report_(db,
              "UPDATE effect SET state = ?, open = ?, attempts = ?, not_before = ?, changed = ?,"
              " external = ?, detail = ? WHERE seq = ?"),
      delivered_(db,
                 "INSERT INTO delivered(topic, partition, position) VALUES(?, ?, ?) ON CONFLICT"
                 " DO UPDATE SET position = max(position, excluded.position)"),
      count_letters_(db,
                     "INSERT INTO dead_letter(minute, topic, partition, reason, first, last, count)"
                     " VALUES(?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
                     " first = min(first, excluded.first), last = max(last, excluded.last),"
                     " count = count + excluded.count"),
      minutes_(db,
               "SELECT minute, topic, partition, reason, first, last, count FROM dead_letter"
               " WHERE minute < ? ORDER BY minute, topic, partition, reason LIMIT ?"),
      close_minute_(db,
                    "DELETE FROM dead_letter WHERE minute = ? AND topic = ? AND partition = ?"
                    " AND reason = ?"),
      thin_(db,
            "DELETE FROM effect WHERE seq IN (SELECT seq FROM effect WHERE open = 0"
            " AND changed < ? LIMIT ?)") {}

void Outbox::add(const Effect& effect, AuditSeq audit, Instant at) {
  const bool open = effect.state != EffectState::kDone;
  add_.run(effect.id.str(), int(effect.kind), Blob{effect.key}, state_text(effect.state),
           open ? 1 : 0, audit.get(), effect.attempts, effect.not_before.ns(), at.ns(),
           codec::to_json(effect));
}

void Outbox::report(const EffectReport& report, Instant at) {
  std::int64_t seq = 0;
  std::int64_t attempts = 0;
  bool kafka = false;
  {
    Rows rows = find_.query(report.id.str());
    if (!rows.next()) return;
    // A late report of an earlier try does not bring back what is done.
    if (rows.number(4) == 0) return;
    seq = rows.number(0);
    kafka = rows.number(1) == std::int64_t(EffectKind::kKafka);
    const bool counted = effect_state(rows.bytes(2)) == EffectState::kInFlight &&
                         report.outcome != EffectOutcome::kStarted;
    attempts = rows.number(3) + (counted ? 0 : 1);
  }
  const EffectState state = state_after(report.outcome);
  const bool open = state != EffectState::kDone;
  report_.run(state_text(state), open ? 1 : 0, attempts, report.not_before.ns(), at.ns(),
              report.external_number, report.detail, seq);
  if (open || !kafka) return;
  if (const auto place = parse_position(report.external_number)) {
    delivered_.run(place->where.topic, place->where.partition, place->offset.get());
  }
}

void Outbox::count_dead_letters(const DeadLetterCount& letters, Instant at) {
  count_letters_.run(minute_of(at), letters.where.topic, letters.where.partition,
                     to_text(letters.reason), letters.first.get(), letters.last.get(),
                     letters.count);
}

std::vector<AuditRecord> Outbox::close_minutes(Instant now, std::size_t limit) {
  std::vector<AuditRecord> out;
  struct Key {
    std::int64_t minute;
    std::string topic;
    std::int64_t partition;
    std::string reason;
  };
  std::vector<Key> closed;
  {
    Rows rows = minutes_.query(minute_of(now), std::int64_t(limit));
    while (rows.next()) {
      Key key{rows.number(0), rows.text(1), rows.number(2), rows.text(3)};
      JsonWriter body;
      body.begin_object();
      body.field("count", rows.number(6));
      body.field("first", rows.number(4));
      body.field("last", rows.number(5));
      body.field("minute", Instant(key.minute * minutes(1).ns()));
      body.field("partition", key.partition);
      body.field("reason", key.reason);
      body.field("topic", key.topic);
      body.end_object();
      AuditRecord& record = out.emplace_back();
      record.type = "events.dead_lettered";
      record.at = now;
      record.actor = "ledger";
      record.body = std::move(body).text();
      closed.push_back(std::move(key));
    }
  }
  for (const Key& key : closed) {
    close_minute_.run(key.minute, key.topic, key.partition, key.reason);
  }
  return out;
}

void Outbox::thin(Instant before, std::size_t limit) {
  thin_.run(before.ns(), std::int64_t(limit));
}

}  // namespace millwright::store
