// Watches of rules: readings are shown to them, and time goes by for them.
#include "pipeline/partition_state.hpp"

namespace millwright::pipeline {
namespace {

using F = Feature;

// What stands of a signal while nothing new is said: its last reading and what it means.
void describe_standing(Entity& entity, std::size_t index, const GateResult& gate, Instant now,
                       Observation& out) {
  const SignalPlan& plan = entity.plan->signals[index];
  const SignalState& state = entity.signal(index);
  out.signal = plan.signal->id;
  describe_signal(plan, out);
  if (state.good_at.is_set()) out.features.set(F::kSignalValue, state.value);
  if (gate.gated) out.features.set(F::kSignalGateReason, gate.reason);
  const bool judged = !gate.gated && state.judged_at.is_set();
  describe_state(plan, state, state.value, judged, now, out);
}

}  // namespace

void Partition::State::date(const Entity& entity) {
  if (!dated) return;
  const Asset* asset = entity.plan == nullptr ? nullptr : entity.plan->asset;
  moment = calendar.at(observation.at, asset);
  observation.moment = &moment;
}

void Partition::State::show(Entity& entity, Step& step) {
  std::vector<rules::RuleError> errors;
  const Instant due = setup.rules->watch(observation, entity.watches, errors);
  if (step.live) {
    for (rules::RuleError& error : errors) step.result.rule_errors.push_back(std::move(error));
  }
  if (!due.is_set() || (entity.watch_due.is_set() && entity.watch_due <= due)) return;
  entity.watch_due = due;
  entities.watch(entity, kWatches);
}

void Partition::State::look_at_watches(Entity& entity, Instant at, Step& step) {
  GateResult gate;
  if (entity.plan != nullptr) {
    gate = judge_gate(*entity.plan->asset, entity.running, entity.plant, at, 0.0);
  }
  const auto changed =
      setup.rules->watch(rules::WatchTick{at, gate.gated, gate.open_since}, entity.watches);
  entity.watch_due = setup.rules->next_due(entity.watches);
  entities.mark_dirty(entity);
  entities.watch(entity, kWatches);
  if (!step.deciding) return;
  for (const rules::WatchDue& due : changed) {
    Observation& o = begin(nullptr, at);
    if (entity.plan != nullptr) o.asset = entity.plan->asset->id;
    o.entity = entity.key;
    date(entity);
    describe_asset(entity, o);
    o.features.set(F::kSignalGated, gate.gated);
    o.features.set(F::kAssetMaintenance, gate.maintenance);
    for (std::size_t i = 0; i < entity.signals.size(); ++i) {
      if (entity.signals[i] == nullptr) continue;
      if (entity.plan->signals[i].signal->id.str() != due.signal) continue;
      describe_standing(entity, i, gate, at, o);
    }
    o.recent = setup.rules->newest(entity.watches, due.signal);
    o.source_id = "tick\n" + o.entity + "\n" + format_rfc3339(at) + "\n" + due.signal;
    adopt(setup.rules->decide_due(due, o, step.view, memory(entity)), entity, step);
  }
}

}  // namespace millwright::pipeline
