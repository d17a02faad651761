#include "e2e/replica.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "millwright/codec/records.hpp"

namespace millwright::e2e {
namespace {

std::vector<RawRecord>::const_iterator from(const std::vector<RawRecord>& log, Offset offset) {
  return std::lower_bound(log.begin(), log.end(), offset, [](const RawRecord& record, Offset at) {
    return record.position.offset < at;
  });
}

}  // namespace

Replica::Replica(const Brain& brain, const Log& inputs, const std::vector<Step>& log)
    : brain_(brain),
      inputs_(inputs),
      log_(log),
      decoder_(brain.configuration.settings.limits.event_bytes) {}

Replica::Part& Replica::part(const TopicPartition& where) {
  const auto known = parts_.find(where);
  if (known != parts_.end()) return known->second;
  pipeline::Setup setup{brain_.configuration.plant, brain_.rules};
  return parts_.emplace(where, Part{pipeline::Partition(where, std::move(setup)), Offset(), 0})
      .first->second;
}

std::vector<pipeline::Decoded> Replica::decode(const std::vector<RawRecord>& log,
                                               const CursorAdvance& a) {
  std::vector<pipeline::Decoded> decoded;
  for (auto it = from(log, a.first); it != log.end() && it->position.offset < a.next; ++it) {
    decoded.push_back(decoder_.decode(*it, Instant()));
  }
  return decoded;
}

void Replica::step(const BatchRow& batch) {
  const CursorAdvance& a = batch.advance;
  Part& at = part(a.where);
  ASSERT_EQ(a.first, at.cursor) << a.where.topic << "[" << a.where.partition << "] batch "
                                << batch.id << " does not begin where the one before it ended";
  at.cursor = cursors_[a.where] = a.next;
  ASSERT_EQ(a.audit, place_) << "records of the audit log stood when batch " << batch.id
                             << " was settled";
  const auto view = std::size_t(a.view.get());
  ASSERT_LT(view, views_.size()) << "batch " << batch.id
                                 << " was decided under a view that nothing had led to yet";
  const std::vector<RawRecord>& log = inputs_.at(a.where);
  std::vector<pipeline::Decoded> decoded = decode(log, a);
  if (!decoded.empty()) {
    if (raised_[view] > raised_[std::size_t(std::exchange(at.view, a.view.get()))]) {
      ++led_by_others_;
    }
  }
  pipeline::StepResult result = at.partition.step(std::move(decoded), a.next, views_[view],
                                                  a.plant_now, pipeline::Partition::Mode::kDecide);
  EXPECT_EQ(result.counts, a.counts) << a.where.topic << ", batch " << batch.id;
  DispositionCounts& counts = counts_[a.where];
  for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += result.counts[i];
  stepping_ = true;
  for (auto& outcome : result.outcomes) {
    if (auto* decision = std::get_if<Decision>(&outcome)) {
      decisions_.push_back(*decision);
      settle(std::move(*decision));
    } else {
      settle(std::move(std::get<Fact>(outcome)));
    }
  }
  stepping_ = false;
  for (Reject& reject : result.rejects) {
    reject.record = *from(log, reject.record.position.offset);
    rejects_.push_back(std::move(reject));
  }
}

void Replica::settle(const Intent& intent) {
  const workflow::Context context{*brain_.configuration.plant, brain_.configuration.policy};
  // What writes no record was settled no later than what wrote the next one.
  const Instant now =
      log_.empty() ? Instant() : log_[std::min(std::size_t(place_), log_.size() - 1)].at;
  const Result<Change> change = workflow::settle(view_, intent, now, context);
  if (!change) {
    ++refused_;
    return;
  }
  expect_records(*change);
  apply(*change, view_);
  note_view(*change, !stepping_ && !std::holds_alternative<ConfigLoaded>(intent));
  effects_.insert(effects_.end(), change->effects.begin(), change->effects.end());
}

// The log must have the same.
void Replica::expect_records(const Change& change) {
  for (const AuditRecord& record : change.audit) {
    ASSERT_LT(place_, std::int64_t(log_.size())) << record.type << " is not in the audit log";
    const Step& step = log_[std::size_t(place_++)];
    EXPECT_TRUE(step.type == record.type && step.actor == record.actor && step.task == record.task)
        << "audit record " << place_ - 1 << " is " << step.type << " of " << step.task.str()
        << " by " << step.actor << " and should be " << record.type << " of " << record.task.str()
        << " by " << record.actor;
  }
}

void Replica::note_view(const Change& change, bool by_others) {
  const std::int64_t number = view_.lane.number.get();
  if (number < std::int64_t(views_.size())) return;
  views_.push_back(view_.lane);
  raised_.push_back(raised_.back() + (by_others ? 1 : 0));
  const auto note = [&](const std::string& name, std::string json) {
    auto& history = view_changes_[name];
    if (!history.empty() && history.back().first == number) history.pop_back();
    history.emplace_back(number, std::move(json));
  };
  for (const auto& [id, state] : change.equipment) note("0 " + id.str(), codec::to_json(state));
  for (const auto& [id, state] : change.service) note("1 " + id.str(), codec::to_json(state));
  for (const auto& [id, work] : change.work) note("2 " + id.str(), codec::to_json(work));
  for (const auto& [id, supply] : change.supply) note("3 " + id.str(), codec::to_json(supply));
  for (const auto& [id, record] : change.suppliers) note("4 " + id.str(), codec::to_json(record));
}

}  // namespace millwright::e2e
