// The lane's work on records: adopting, re-observing and stepping.
#include <algorithm>

#include "engine/owned.hpp"
#include "engine/periods.hpp"
#include "millwright/base/digest.hpp"
#include "millwright/base/log.hpp"

namespace millwright {
namespace {

constexpr Duration kRetryAdoption = seconds(1);
constexpr std::size_t kRuleTexts = 100;
constexpr std::size_t kErrorHeaderBytes = 1'000;

std::string number(std::int64_t n) {
  return std::to_string(n);
}

// The dead letter itself: the record's own bytes, and beside them where they came from and why.
Effect dead_letter(const RawRecord& record, const Reject& reject, std::string topic) {
  const Position& at = record.position;
  Effect effect;
  effect.id = EffectId(derive_id({"effect/v1", "dead_letter", at.where.topic,
                                  number(at.where.partition), number(at.offset.get())}));
  effect.kind = EffectKind::kKafka;
  effect.target = std::move(topic);
  effect.key = record.key;
  effect.body = record.value;
  effect.headers = record.headers;
  effect.headers.emplace_back("x-orig-topic", at.where.topic);
  effect.headers.emplace_back("x-orig-partition", number(at.where.partition));
  effect.headers.emplace_back("x-orig-offset", number(at.offset.get()));
  effect.headers.emplace_back("x-orig-timestamp", number(record.broker_time.ms()));
  effect.headers.emplace_back("x-error-class", std::string(to_text(reject.reason)));
  effect.headers.emplace_back("x-error", reject.detail.substr(0, kErrorHeaderBytes));
  effect.headers.emplace_back("x-attempts", "1");
  return effect;
}

void count_dead_letter(const TopicPartition& where, RejectReason reason, Offset first, Offset last,
                       std::int64_t count, std::vector<DeadLetterCount>& counts) {
  for (DeadLetterCount& c : counts) {
    if (c.reason != reason) continue;
    c.first = std::min(c.first, first);
    c.last = std::max(c.last, last);
    c.count += count;
    return;
  }
  counts.push_back(DeadLetterCount{where, reason, first, last, count});
}

const LaneView* view_of(const std::vector<LaneView>& views, ViewNumber number) {
  const auto after =
      std::upper_bound(views.begin(), views.end(), number,
                       [](ViewNumber n, const LaneView& view) { return n < view.number; });
  return after == views.begin() ? nullptr : &*std::prev(after);
}

}  // namespace

void Lane::on_adopted(Adopted adopted, Instant now) {
  // Only the newest of several requests counts: it has the highest epoch.
  if (--adoptions_[adopted.where] > 0) return;
  adoptions_.erase(adopted.where);
  const auto found = owned_.find(adopted.where);
  if (found == owned_.end() || found->second->phase != PartitionPhase::kAdopting) return;
  Owned& owned = *found->second;
  if (!adopted.restored) {
    const Error& error = adopted.restored.error();
    if (error.code != Errc::kExhausted) return halt(owned, error.message);
    owned.retry_at = now + kRetryAdoption;  // a full disk passes
    owned.detail = error.message;
    return;
  }
  RestoredPartition& restored = *adopted.restored;
  if (!restored.warning.empty()) {
    log::warn("partition restored with losses", {{"topic", owned.where.topic},
                                                 {"partition", number(owned.where.partition)},
                                                 {"what", restored.warning}});
  }
  owned.detail = restored.warning;
  owned.epoch = restored.epoch;
  if (restored.cursor) {
    owned.partition.emplace(restored, owned.where, setup_.partition);
    owned.cursor = owned.durable = *restored.cursor;
    owned.next = owned.read_to = restored.reobserve_from;
    owned.views = std::move(adopted.views);
    owned.batches.assign(restored.batches.begin(), restored.batches.end());
    for (auto& decision : restored.decisions) owned.decisions.push_back(std::move(decision));
    owned.phase = PartitionPhase::kReobserving;
  } else {
    owned.partition.emplace(owned.where, setup_.partition);
  }
  owned.last_slice = now;
  begin_reading(owned, now);
}

void Lane::begin_reading(Owned& owned, Instant now) {
  const bool seen_before = owned.phase == PartitionPhase::kReobserving;
  const Result<Offset> start = setup_.source.start(
      owned.where, seen_before ? std::optional<Offset>(owned.next) : std::nullopt);
  if (!start) {
    if (start.error().code != Errc::kUnavailable) return halt(owned, start.error().message);
    owned.phase = PartitionPhase::kAdopting;
    owned.retry_at = now + kRetryAdoption;
    owned.detail = start.error().message;
    return;
  }
  if (!seen_before) {
    owned.next = owned.durable = *start;
    owned.phase = PartitionPhase::kRunning;
    // Where reading began is durable before anything is read: it is never worked out twice.
    step(owned, {}, owned.next, now);
    return;
  }
  if (*start > owned.cursor) {
    return halt(owned, "records from offset " + number(owned.cursor.get()) + " to " +
                           number(start->get()) +
                           " were deleted before they were read: restore them, or start this "
                           "partition anew at the topic's beginning");
  }
  if (*start > owned.next) {
    owned.detail = "the topic no longer holds all records its state was made from";
    log::warn(owned.detail, {{"topic", owned.where.topic}, {"from", number(start->get())}});
  }
  owned.read_to = std::max(owned.read_to, *start);
  reobserve_ready(owned, now);
}

void Lane::on_records(std::vector<RawRecord> records, Instant now) {
  std::map<TopicPartition, std::vector<RawRecord>> parts;
  std::vector<RawRecord>* run = nullptr;  // records come in runs of one partition
  for (RawRecord& record : records) {
    const TopicPartition& where = record.position.where;
    if (run == nullptr || run->back().position.where != where) run = &parts[where];
    run->push_back(std::move(record));
  }
  for (auto& [where, part] : parts) {
    const auto found = owned_.find(where);
    if (found == owned_.end()) continue;
    Owned& owned = *found->second;
    const bool reobserving = owned.phase == PartitionPhase::kReobserving;
    if (!reobserving && owned.phase != PartitionPhase::kRunning) continue;
    // A source may hand out again what it handed out before.
    Offset from = reobserving ? owned.read_to : owned.next;
    std::erase_if(part, [&](const RawRecord& record) {
      if (record.position.offset < from) return true;
      from = record.position.offset.next();
      return false;
    });
    if (part.empty()) continue;
    if (reobserving) {
      owned.read_to = from;
      for (RawRecord& record : part) owned.gathered.push_back(std::move(record));
      reobserve_ready(owned, now);
    } else {
      step(owned, std::move(part), from, now);
    }
  }
}

void Lane::on_undecodable(const Undecodable& range, Instant now) {
  const auto found = owned_.find(range.where);
  if (found == owned_.end()) return;
  Owned& owned = *found->second;
  if (owned.phase == PartitionPhase::kReobserving) {
    owned.read_to = std::max(owned.read_to, range.next);
    reobserve_ready(owned, now);  // the range may go on past the cursor: that part is new
  }
  if (owned.phase != PartitionPhase::kRunning || range.next <= owned.next) return;
  log::error("records that cannot be read were skipped", {{"topic", range.where.topic},
                                                          {"first", range.first.get()},
                                                          {"next", range.next.get()},
                                                          {"why", range.detail}});
  owned.unreadable_from = std::max(range.first, owned.next);
  step(owned, {}, range.next, now);
}

// Repeats recorded batches, each exactly as it was: same records, same view, same plant time.
void Lane::reobserve_ready(Owned& owned, Instant now) {
  while (!owned.batches.empty() && owned.batches.front().next <= owned.read_to) {
    const CursorAdvance batch = owned.batches.front();
    owned.batches.pop_front();
    std::vector<RawRecord> records;
    while (!owned.gathered.empty() && owned.gathered.front().position.offset < batch.next) {
      records.push_back(std::move(owned.gathered.front()));
      owned.gathered.pop_front();
    }
    const LaneView* view = view_of(owned.views, batch.view);
    if (view == nullptr) {
      return halt(owned, "view " + number(batch.view.get()) +
                             " of the plant, under which a recorded batch was decided, is missing");
    }
    (void)owned.partition->step(decode(records, now), batch.next, *view, batch.plant_now,
                                pipeline::Partition::Mode::kReobserve);
    owned.next = batch.next;
    if (batch.plant_now) owned.plant_now = batch.plant_now;
    while (!owned.decisions.empty() && owned.decisions.front().second < batch.next) {
      owned.partition->recall(owned.decisions.front().first);
      owned.decisions.pop_front();
    }
  }
  if (owned.batches.empty()) finish_reobserving(owned, now);
}

void Lane::finish_reobserving(Owned& owned, Instant now) {
  for (const auto& [decision, offset] : owned.decisions) owned.partition->recall(decision);
  owned.decisions.clear();
  owned.views.clear();
  if (owned.next < owned.cursor) {
    // The span is older than what the ledger keeps of it: state begins with a gap there.
    owned.detail = "state begins with a gap before offset " + number(owned.cursor.get());
    log::warn(owned.detail, {{"topic", owned.where.topic}});
    (void)owned.partition->step({}, owned.cursor, *setup_.board.lane(), std::nullopt,
                                pipeline::Partition::Mode::kReobserve);
  }
  owned.next = owned.cursor;
  owned.phase = PartitionPhase::kRunning;
  std::vector<RawRecord> rest;
  for (RawRecord& record : owned.gathered) {
    if (record.position.offset >= owned.next) rest.push_back(std::move(record));
  }
  owned.gathered.clear();
  if (rest.empty()) return;
  const Offset next = rest.back().position.offset.next();
  step(owned, std::move(rest), next, now);
}

std::vector<pipeline::Decoded> Lane::decode(const std::vector<RawRecord>& records, Instant now) {
  std::vector<pipeline::Decoded> decoded;
  decoded.reserve(records.size());
  for (const RawRecord& record : records) decoded.push_back(setup_.decode(record, now));
  return decoded;
}

void Lane::step(Owned& owned, std::vector<RawRecord> records, Offset next, Instant now,
                std::optional<Instant> tick) {
  const LaneViewPtr view = setup_.board.lane();
  LaneBatch batch;
  batch.cursor.where = owned.where;
  batch.cursor.epoch = owned.epoch;
  batch.cursor.first = owned.next;
  batch.cursor.next = next;
  batch.cursor.view = view->number;
  // A step without records is no silence, unless it says so: more may lie there unread.
  batch.cursor.plant_now = records.empty() ? tick : setup_.plant_clock(now);
  batch.reply = box_;
  std::vector<pipeline::Decoded> decoded = decode(records, now);
  for (const pipeline::Decoded& one : decoded) {
    const auto* event = std::get_if<Event>(&one);
    if (event != nullptr) state_.newest_event = std::max(state_.newest_event, event->time);
  }
  pipeline::StepResult result = owned.partition->step(
      std::move(decoded), next, *view, batch.cursor.plant_now, pipeline::Partition::Mode::kDecide);
  batch.outcomes = std::move(result.outcomes);
  batch.cursor.counts = result.counts;
  add_dead_letters(owned, records, std::move(result.rejects), batch);
  owned.next = next;
  if (batch.cursor.plant_now) owned.plant_now = batch.cursor.plant_now;
  owned.stepped_this_turn = true;
  add_slice(owned, now, batch);

  state_.records += std::int64_t(records.size());
  for (const RawRecord& record : records) state_.bytes += std::int64_t(record.value.size());
  for (const auto& outcome : batch.outcomes) state_.decisions += outcome.index() == 0 ? 1 : 0;
  for (std::size_t i = 0; i < state_.counts.size(); ++i) {
    state_.counts[i] += batch.cursor.counts[i];
  }
  for (rules::RuleError& error : result.rule_errors) {
    ++state_.rule_errors;
    if (state_.rule_error_text.size() >= kRuleTexts) continue;
    state_.rule_error_text[error.rule.str()] = std::move(error.detail);
  }
  ++owned.under_way;
  push(std::move(batch));
}

void Lane::add_dead_letters(Owned& owned, const std::vector<RawRecord>& records,
                            std::vector<Reject> rejects, LaneBatch& batch) {
  if (owned.unreadable_from) {
    const Offset first = *std::exchange(owned.unreadable_from, std::nullopt);
    const std::int64_t count = batch.cursor.next.get() - first.get();
    batch.cursor.counts[std::size_t(Disposition::kDeadLetter)] += count;
    count_dead_letter(owned.where, RejectReason::kUndecodable, first,
                      Offset(batch.cursor.next.get() - 1), count, batch.dead_letters);
  }
  for (const Reject& reject : rejects) {
    const Offset at = reject.record.position.offset;
    // A conflict is found after decoding, where the bytes are gone: they are still here.
    const auto original =
        std::lower_bound(records.begin(), records.end(), at,
                         [](const RawRecord& r, Offset o) { return r.position.offset < o; });
    const bool found = original != records.end() && original->position.offset == at;
    const RawRecord& record = found ? *original : reject.record;
    const std::string& topic = owned.where.topic;
    batch.effects.push_back(
        dead_letter(record, reject,
                    setup_.dead_letter_topic ? setup_.dead_letter_topic(topic) : topic + ".dlq"));
    count_dead_letter(owned.where, reject.reason, at, at, 1, batch.dead_letters);
  }
}

// The state after this very step goes with it, so that state and cursor cannot disagree.
void Lane::add_slice(Owned& owned, Instant now, LaneBatch& batch) {
  const bool leaving = owned.phase == PartitionPhase::kDeparting;
  const bool due =
      owned.round_open || leaving || passed(now, owned.last_slice, setup_.checkpoint_every);
  if (!owned.slice && due) {
    owned.slice = owned.partition->next_slice(limits::kCheckpointSliceBytes);
    if (!owned.slice) owned.last_slice = now;
  }
  if (!owned.slice) {
    owned.last_round_done = leaving;
    return;
  }
  owned.round_open = !owned.slice->completes;
  if (owned.slice->completes) {
    owned.last_slice = now;
    owned.last_round_done = leaving;
  }
  batch.checkpoint = std::move(*std::exchange(owned.slice, std::nullopt));
}

}  // namespace millwright
