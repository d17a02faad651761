#pragma once
// MemoryDisk: what a ledger's database holds, as plain containers that outlive a simulated crash.
// Everything ever committed is kept, so that a test can look for what was doubled. One thread.

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "millwright/engine/ports.hpp"

namespace millwright::support {

struct MemoryDisk {
  struct Round {
    std::int64_t number = 0;
    Offset begun_at;
    std::string partition_state;
    std::map<std::string, EntityState> entities;
    std::size_t after = 0;  // batches whose silence is in it
  };
  struct Part {
    std::optional<Offset> cursor;
    Epoch epoch;
    std::vector<CursorAdvance> history;  // every batch, in commit order
    std::size_t committed = 0;           // of them, before the commit at hand
    std::optional<Round> saved;          // newest complete checkpoint
    std::optional<Round> open;

    // From that record on; silent ones only behind the first `after` batches.
    [[nodiscard]] std::vector<CursorAdvance> batches_from(Offset from, std::size_t after) const {
      std::vector<CursorAdvance> out;
      for (std::size_t i = 0; i < history.size(); ++i) {
        const CursorAdvance& batch = history[i];
        const bool known = batch.first == batch.next && i < after;
        if (batch.first >= from && !known) out.push_back(batch);
      }
      return out;
    }
  };

  std::map<TopicPartition, Part> parts;
  PlantView view;
  std::vector<LaneView> lane_views{LaneView{}};
  std::vector<Decision> decisions;  // raw: a doubled one is here twice
  std::vector<AuditRecord> audit;
  std::vector<Effect> effects;  // in order of creation, raw as well
  std::map<EffectId, std::size_t> effect_at;
  std::map<TopicPartition, Offset> delivered_up_to;
  std::map<TopicPartition, std::int64_t> dead_letters;
  std::int64_t checkpointed = 0;  // audit records covered by the newest signed checkpoint
  std::int64_t commits = 0;

  [[nodiscard]] std::vector<LaneView> views_of(const std::vector<ViewNumber>& numbers) const {
    std::vector<LaneView> out;
    for (const LaneView& one : lane_views) {
      const bool asked = std::find(numbers.begin(), numbers.end(), one.number) != numbers.end();
      if (asked) out.push_back(one);
    }
    return out;
  }

  void apply_cursor(const CursorAdvance& cursor) {
    Part& part = parts[cursor.where];
    part.cursor = cursor.next;
    part.history.push_back(cursor);
  }

  void apply_change(const Change& change) {
    apply(change, view);
    decisions.insert(decisions.end(), change.decisions.begin(), change.decisions.end());
    audit.insert(audit.end(), change.audit.begin(), change.audit.end());
    for (const Effect& effect : change.effects) {
      effect_at.emplace(effect.id, effects.size());
      effects.push_back(effect);
    }
    for (const EffectReport& report : change.reports) apply_report(report);
  }

  void apply_report(const EffectReport& report) {
    const auto found = effect_at.find(report.id);
    if (found == effect_at.end()) return;
    Effect& effect = effects[found->second];
    switch (report.outcome) {
      case EffectOutcome::kStarted:
        effect.state = EffectState::kInFlight;
        ++effect.attempts;
        break;
      case EffectOutcome::kDelivered:
        effect.state = EffectState::kDone;
        if (effect.kind == EffectKind::kKafka) mark_place(report.external_number);
        break;
      case EffectOutcome::kRetryLater:
        effect.state = EffectState::kRetry;
        effect.not_before = report.not_before;
        break;
      case EffectOutcome::kUnknown:
        effect.state = EffectState::kUnknown;
        break;
      case EffectOutcome::kRefused:
        effect.state = EffectState::kParked;
        break;
    }
  }

  void apply_slice(const CheckpointSlice& slice) {
    Part& part = parts[slice.where];
    if (!part.open || part.open->number != slice.round) {
      part.open = Round{slice.round, slice.begun_at, slice.partition_state, {}, part.committed};
    }
    for (const EntityState& entity : slice.entities) part.open->entities[entity.entity] = entity;
    if (!slice.completes) return;
    Round next = std::move(*part.open);
    part.open.reset();
    if (part.saved) {
      for (auto& [name, entity] : part.saved->entities) next.entities.emplace(name, entity);
    }
    std::erase_if(next.entities, [](const auto& e) { return e.second.blob.empty(); });
    part.saved = std::move(next);
  }

 private:
  // "topic[partition]@offset"
  void mark_place(const std::string& place) {
    const std::size_t bracket = place.find('[');
    const std::size_t at = place.find("]@");
    if (bracket == std::string::npos || at == std::string::npos) return;
    const TopicPartition where{place.substr(0, bracket),
                               std::stoi(place.substr(bracket + 1, at - bracket - 1))};
    const Offset offset(std::stoll(place.substr(at + 2)));
    Offset& newest = delivered_up_to.try_emplace(where, offset).first->second;
    newest = std::max(newest, offset);
  }
};

}  // namespace millwright::support
