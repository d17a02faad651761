#include "e2e/replica.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "millwright/codec/records.hpp"

namespace millwright::e2e {

Replica::Replica(const Brain& brain, const Log& inputs,
                 const std::map<std::string, Instant>& decided_at)
    : brain_(brain),
      inputs_(inputs),
      decided_at_(decided_at),
      decoder_(brain.configuration.settings.limits.event_bytes) {}

void Replica::step(const BatchRow& batch) {
  const CursorAdvance& a = batch.advance;
  Offset& cursor = cursors_[a.where];
  ASSERT_EQ(a.first, cursor) << a.where.topic << "[" << a.where.partition << "] batch " << batch.id
                             << " does not begin where the one before it ended";
  cursor = a.next;
  auto at = partitions_.find(a.where);
  if (at == partitions_.end()) {
    pipeline::Setup setup{brain_.configuration.plant, brain_.rules};
    at = partitions_.emplace(a.where, pipeline::Partition(a.where, std::move(setup))).first;
  }
  ASSERT_LT(std::size_t(a.view.get()), views_.size())
      << "batch " << batch.id << " was decided under a view that nothing had led to yet";
  std::vector<pipeline::Decoded> decoded;
  const std::vector<RawRecord>& log = inputs_.at(a.where);
  const auto first = std::lower_bound(
      log.begin(), log.end(), a.first,
      [](const RawRecord& record, Offset offset) { return record.position.offset < offset; });
  for (auto it = first; it != log.end() && it->position.offset < a.next; ++it) {
    decoded.push_back(decoder_.decode(*it, Instant()));
  }
  pipeline::StepResult result =
      at->second.step(std::move(decoded), a.next, views_[std::size_t(a.view.get())], a.plant_now,
                      pipeline::Partition::Mode::kDecide);
  EXPECT_EQ(result.counts, a.counts) << a.where.topic << ", batch " << batch.id;
  DispositionCounts& counts = counts_[a.where];
  for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += result.counts[i];
  for (auto& outcome : result.outcomes) {
    if (const auto* decision = std::get_if<Decision>(&outcome)) {
      const auto when = decided_at_.find(decision->id.str());
      if (when != decided_at_.end()) now_ = when->second;
      decisions_.push_back(*decision);
      settle(*decision);
    } else {
      settle(std::get<Fact>(outcome));
    }
  }
  for (Reject& reject : result.rejects) {
    const auto original = std::lower_bound(
        log.begin(), log.end(), reject.record.position.offset,
        [](const RawRecord& record, Offset offset) { return record.position.offset < offset; });
    reject.record = *original;
    rejects_.push_back(std::move(reject));
  }
}

void Replica::act(const Command& command, Instant now) {
  now_ = now;
  settle(command);
}

void Replica::report(const EffectReport& report, Instant now) {
  now_ = now;
  settle(report);
}

void Replica::settle(const Intent& intent) {
  const workflow::Context context{*brain_.configuration.plant, brain_.configuration.policy};
  const Result<Change> change = workflow::settle(view_, intent, now_, context);
  if (!change) {
    ++refused_;
    return;
  }
  apply(*change, view_);
  note_view(*change);
  effects_.insert(effects_.end(), change->effects.begin(), change->effects.end());
}

void Replica::note_view(const Change& change) {
  if (view_.lane.number.get() < std::int64_t(views_.size())) return;
  views_.push_back(view_.lane);
  const std::int64_t number = view_.lane.number.get();
  const auto note = [&](const std::string& name, std::string json) {
    auto& history = view_changes_[name];
    if (!history.empty() && history.back().first == number) history.pop_back();
    history.emplace_back(number, std::move(json));
  };
  for (const auto& [id, state] : change.equipment) note("0 " + id.str(), codec::to_json(state));
  for (const auto& [id, state] : change.service) note("1 " + id.str(), codec::to_json(state));
}

}  // namespace millwright::e2e
