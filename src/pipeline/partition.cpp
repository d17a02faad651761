#include "millwright/pipeline/partition.hpp"

#include <algorithm>

#include "millwright/base/check.hpp"
#include "millwright/base/limits.hpp"
#include "millwright/codec/catalog.hpp"
#include "pipeline/partition_state.hpp"

namespace millwright::pipeline {
namespace {

Instant minute_before(Instant t) {
  const std::int64_t minute = limits::kTickEvery.ns();
  std::int64_t n = t.ns() / minute;
  if (t.ns() % minute < 0) --n;
  return Instant(n * minute);
}

Instant minute_after(Instant t) {
  const Instant before = minute_before(t);
  return before == t ? t : before + limits::kTickEvery;
}

}  // namespace

Partition::State::State(TopicPartition where_, Setup setup_)
    : where(std::move(where_)),
      setup(std::move(setup_)),
      plant(*setup.plant),
      uses(setup.rules.get()),
      entities(plant, setup.rules.get(), setup.entities_max),
      ticks_listened(setup.rules != nullptr && setup.rules->listens("tick")),
      calendar(*setup.plant),
      dated(setup.rules != nullptr && setup.rules->reads_calendar()) {}

Observation& Partition::State::begin(const Event* event, Instant at) {
  Observation& o = observation;
  o.event = event;
  o.disposition = Disposition::kObserved;
  o.at = at;
  o.asset = AssetId();
  o.signal = SignalId();
  o.entity.clear();
  o.source_id.clear();
  o.features.clear();
  o.contributions.clear();
  o.recent.clear();
  o.series.clear();
  o.moment = nullptr;
  o.model = ModelRef();
  o.rung = Rung::kLimits;
  return o;
}

// The views of one step are one view: looked up once for each entity.
void Partition::State::look_at_plant(Entity& entity, const Step& step) {
  if (entity.seen_in_step == step_number) return;
  entity.seen_in_step = step_number;
  entity.plant = PlantState();
  if (entity.plan == nullptr) return;
  const Asset& asset = *entity.plan->asset;
  if (!asset.gate.work_unit.empty()) {
    entity.plant.equipment = step.view.equipment.find(asset.gate.work_unit);
  }
  entity.plant.service = step.view.service.find(asset.id);
  note_repair(entity);
}

rules::Memory Partition::State::memory(const Entity& entity) const {
  static const rules::FiredMap kNothingFired;
  const auto fired = entity.fired.find(observation.entity);
  return {fired == entity.fired.end() ? kNothingFired : fired->second, &entity.watches,
          &entity.spent, &spent, setup.plant.get()};
}

void Partition::State::decide(Entity& entity, Step& step) {
  adopt(setup.rules->decide(observation, step.view, memory(entity)), entity, step);
}

void Partition::State::adopt(rules::Outcome outcome, Entity& entity, Step& step) {
  for (rules::RuleError& error : outcome.errors) {
    step.result.rule_errors.push_back(std::move(error));
  }
  for (Decision& decision : outcome.decisions) {
    if (decision.evidence.position.where.topic.empty()) {
      decision.evidence.position = {where, next};  // a tick: just before the next record
    }
    if (decision.series.empty() && entity.plan != nullptr) {
      for (std::size_t i = 0; i < entity.signals.size(); ++i) {
        if (entity.signals[i] == nullptr) continue;
        if (entity.plan->signals[i].signal->id != observation.signal) continue;
        decision.series = entity.signals[i]->series.points();
      }
    }
    for (Reading& each : decision.evidence.readings) {
      if (each.name.starts_with("event.")) each.unit = codec::printed_unit(each.unit);
    }
    rules::remember(decision, entity.fired[observation.entity]);
    setup.rules->spend(decision, entity.spent, spent);
    step.result.outcomes.emplace_back(std::move(decision));
  }
}

void Partition::State::tick(Instant at, Step& step) {
  for (const auto& [entity, index] : entities.due(at)) {
    if (next.get() < entity->ahead_until) {  // its restored state has this tick already
      entities.hold(*entity, index);
      continue;
    }
    look_at_plant(*entity, step);
    if (index == kWatches) {
      look_at_watches(*entity, at, step);
      continue;
    }
    Observation& o = begin(nullptr, at);
    date(*entity);
    const bool silent = observer.silence(*entity, index, at, o);
    o.source_id = "tick\n" + o.entity + "\n" + format_rfc3339(at);
    entities.mark_dirty(*entity);
    entities.watch(*entity, index);
    if (silent && step.deciding && ticks_listened) decide(*entity, step);
  }
}

// Ticks of the minutes that `candidate` crosses. Minutes in which nothing is due have no effect and
// are jumped over.
void Partition::State::pass_time(Instant candidate, Step& step) {
  entities.release_held(next.get());
  if (step.plant_now) candidate = std::min(candidate, *step.plant_now);
  if (!clock.is_set()) {
    clock = candidate;
    last_tick = minute_before(candidate);
    return;
  }
  if (candidate <= clock) return;
  clock = candidate;
  const Instant newest = minute_before(clock);
  Instant due;
  while (last_tick < newest && entities.any_due_before(newest, due)) {
    last_tick = std::max(last_tick + limits::kTickEvery, minute_after(due));
    tick(last_tick, step);
  }
  last_tick = std::max(last_tick, newest);
}

void Partition::State::report_conflict(const Event& event, Step& step) {
  if (!step.live) return;
  Reject reject;
  reject.record.position = event.position;
  reject.record.key = event.entity;
  reject.record.headers = {{"ce_id", event.key.id},
                           {"ce_source", event.key.source},
                           {"ce_type", std::string(event.type->name)}};
  reject.reason = RejectReason::kConflict;
  reject.detail = "event " + event.key.id + " of " + event.key.source +
                  " came before with another payload; the first one stands. The source must give "
                  "a changed event an id of its own";
  step.result.rejects.push_back(std::move(reject));
}

Disposition Partition::State::dispose(Event& event, Step& step) {
  MW_CHECK(event.type != nullptr);
  if (event.tombstone) return Disposition::kTombstone;
  pass_time(event.time, step);
  const SourceFamily family = event.type->family;
  Seen& seen = is_telemetry(family) ? telemetry : transactions;
  const std::int64_t offset = event.position.offset.get();
  switch (seen.check(event.key.source, event.key.id, event.payload_hash, offset, clock)) {
    case Seen::Verdict::kDuplicate:
      return Disposition::kDuplicate;
    case Seen::Verdict::kConflict:
      report_conflict(event, step);
      return Disposition::kConflict;
    case Seen::Verdict::kNew:
      break;
  }
  if (step.plant_now && event.time > *step.plant_now + kFutureBy) return Disposition::kFuture;
  const TypeUse& use = uses.of(*event.type);
  const bool late = event.time + lateness_budget(family) < clock;
  const std::uint64_t source = hash64(event.key.source);
  switch (use.use) {
    case Use::kFact:
      return fact(event, use, late, source, step);
    case Use::kIgnored:
      if (late) return Disposition::kLate;
      if (!use.listened) return Disposition::kIgnored;
      return reading(event, use, false, source, step);
    case Use::kMeasurement:
    case Use::kVibration:
    case Use::kSensorLifecycle:
      break;
  }
  const bool historical = use.flag(event, Slot::kHistorical);
  if (late && !historical) return Disposition::kLate;
  return reading(event, use, historical, source, step);
}

// A late fact is still the truth about the plant and goes to settle, which compares times; but
// nothing is raised by it. One older than ids are remembered cannot be told from a repetition.
Disposition Partition::State::fact(Event& event, const TypeUse& use, bool late,
                                   std::uint64_t source, Step& step) {
  const SourceFamily family = event.type->family;
  if (event.time + dedupe_horizon(family) < clock) return Disposition::kLate;
  const std::int64_t offset = event.position.offset.get();
  if (use.ordered) {
    key.assign(event.type->name).append("\n").append(use.text(event, Slot::kOrderedBy));
    Entity& entity = entities.fact(key, offset);
    if (offset >= entity.ahead_until) {
      if (entity.order.is_older(event.time, source, event.sequence, lateness_budget(family))) {
        return Disposition::kOutOfOrder;
      }
      entity.order.advance(event.time, source, event.sequence);
    }
  }
  if (use.listened && !late) (void)reading(event, use, false, source, step);
  if (step.live) step.result.outcomes.emplace_back(Fact{std::move(event)});
  return late ? Disposition::kLate : Disposition::kFact;
}

Disposition Partition::State::reading(const Event& event, const TypeUse& use, bool historical,
                                      std::uint64_t source, Step& step) {
  const std::string_view named = use.text(event, Slot::kAssetId);
  const std::string_view asset = named.empty() ? std::string_view(event.entity) : named;
  const std::int64_t offset = event.position.offset.get();
  Entity& entity = entities.asset(asset, offset);
  if (offset < entity.ahead_until) return Disposition::kObserved;
  look_at_plant(entity, step);
  Observation& o = begin(&event, event.time);
  if (entity.plan != nullptr) o.asset = entity.plan->asset->id;
  o.entity = entity.key;
  date(entity);
  Disposition what = Disposition::kObserved;
  switch (use.use) {
    case Use::kMeasurement:
      what = observer.measurement(entity, event, use, source, o);
      break;
    case Use::kVibration:
      what = observer.vibration(entity, event, use, source, o);
      break;
    case Use::kSensorLifecycle:
      what = observer.lifecycle(entity, event, use, o);
      break;
    case Use::kFact:
    case Use::kIgnored:
      observer.about_asset(entity, o);
      break;
  }
  if (what == Disposition::kOutOfOrder) return what;
  for (const std::size_t index : observer.observed()) entities.watch(entity, index);
  if (use.watched) show(entity, step);
  if (historical && what == Disposition::kObserved) return Disposition::kHistorical;
  o.disposition = what;
  if (!step.deciding || !use.listened) return what;
  o.source_id.append(event.key.source).append("\n").append(event.key.id);
  decide(entity, step);
  return what;
}

void Partition::State::take(Event& event, Step& step) {
  const Offset offset = event.position.offset;
  if (offset < next) return;  // stepped over before
  next = offset;
  const Disposition what = dispose(event, step);
  ++step.result.counts[std::size_t(what)];
  next = offset.next();
}

Partition::Partition(TopicPartition where, Setup setup)
    : state_(std::make_unique<State>(std::move(where), std::move(setup))) {}

Partition::Partition(const RestoredPartition& restored, TopicPartition where, Setup setup)
    : state_(std::make_unique<State>(std::move(where), std::move(setup))) {
  state_->restore(restored);
}

Partition::~Partition() = default;
Partition::Partition(Partition&&) noexcept = default;
Partition& Partition::operator=(Partition&&) noexcept = default;

StepResult Partition::step(std::vector<Decoded> records, Offset next, const LaneView& view,
                           std::optional<Instant> plant_now, Mode mode) {
  State& s = *state_;
  ++s.step_number;
  const bool live = mode == Mode::kDecide;
  State::Step step{view, plant_now, live, live && s.setup.rules != nullptr, {}};
  const bool silent = records.empty();
  for (Decoded& record : records) {
    if (auto* event = std::get_if<Event>(&record)) {
      s.take(*event, step);
      continue;
    }
    auto& reject = std::get<Reject>(record);
    if (reject.record.position.offset < s.next) continue;
    s.next = reject.record.position.offset.next();
    ++step.result.counts[std::size_t(Disposition::kDeadLetter)];
    if (live) step.result.rejects.push_back(std::move(reject));
  }
  // Nothing to read: time goes on by itself. Otherwise it goes with the records, so that a backlog
  // is not taken for silence.
  if (silent && plant_now) s.pass_time(*plant_now, step);
  s.next = std::max(s.next, next);
  s.stepped = s.stepped || !silent;
  return std::move(step.result);
}

void Partition::recall(const Decision& decision) {
  const std::string& asset = decision.asset.empty() ? decision.entity : decision.asset.str();
  rules::SpentMap ignored;
  if (state_->setup.rules) state_->setup.rules->spend(decision, ignored, state_->spent);
  Entity* entity = state_->entities.find_asset(asset);
  if (entity == nullptr) return;  // it has left since
  // Nor does one that left and came again remember what it had decided before.
  const std::int64_t at = decision.evidence.position.offset.get();
  const bool tick = decision.evidence.event.id.empty();
  if (at < entity->born || (tick && at == entity->born)) return;
  if (at < entity->ahead_until) return;  // its restored state has this one
  rules::remember(decision, entity->fired[decision.entity]);
  if (state_->setup.rules) state_->setup.rules->spend(decision, entity->spent, ignored);
  state_->entities.mark_dirty(*entity);
}

Offset Partition::next() const {
  return state_->next;
}
std::size_t Partition::entities() const {
  return state_->entities.size();
}
std::size_t Partition::memory_bytes() const {
  return sizeof(State) + state_->entities.bytes() + state_->telemetry.bytes() +
         state_->transactions.bytes();
}

}  // namespace millwright::pipeline
