// Watches of a whole rule set: which of them an observation reaches, and what time alone changes.
#include <algorithm>
#include <iterator>
#include <set>

#include "rules/compiled_rule.hpp"
#include "rules/watch/memory.hpp"

namespace millwright::rules {
namespace {

using cel::Kind;
using cel::Value;

constexpr Duration kLookAgainMax = hours(1);

void earlier(Instant& first, Instant other) {
  if (other.is_set() && (!first.is_set() || other < first)) first = other;
}

std::vector<const cel::Program*> programs(const CompiledWatch& watch) {
  std::vector<const cel::Program*> out;
  if (watch.where) out.push_back(&*watch.where);
  if (watch.of) out.push_back(&*watch.of);
  if (watch.without) out.push_back(&*watch.without);
  for (const cel::Program& each : watch.sequence) out.push_back(&each);
  return out;
}

// Shows one observation to the watches of one rule.
class Watcher {
 public:
  Watcher(const CompiledRule& rule, const Observation& o, std::span<const Value> slots,
          cel::Arena& arena, std::vector<RuleError>& errors)
      : rule_(rule), o_(o), slots_(slots), arena_(arena), errors_(errors) {}

  void show(const CompiledWatch& watch, WatchCell& cell) {
    if (!fits(watch.plan, cell)) cell = fresh(watch.plan, watch.key);
    WatchInput input;
    input.at = o_.at;
    if (read(watch, input)) {
      step(watch.plan, cell, input);
    } else {
      advance(watch.plan, cell, o_.at);
    }
  }

 private:
  // False: nothing for this watch to learn.
  bool read(const CompiledWatch& watch, WatchInput& input) {
    bool seen = true;
    if (watch.where && (!truth(*watch.where, seen) || !seen)) return false;
    switch (watch.plan.kind) {
      case WatchKind::kHeld:
      case WatchKind::kTimes:
      case WatchKind::kAbsent:
        return !watch.of ? (input.holds = true) : truth(*watch.of, input.holds);
      case WatchKind::kSequence: {
        for (std::size_t i = 0; i < watch.sequence.size(); ++i) {
          bool met = false;
          if (truth(watch.sequence[i], met) && met) input.met |= 1U << i;
        }
        if (watch.without) (void)truth(*watch.without, input.without);
        return true;
      }
      default:
        break;
    }
    const Value value = watch.of->evaluate(slots_, arena_);
    if (!usable(*watch.of, value) || !value.is(Kind::kDouble)) return false;
    input.x = value.as_double();
    return input.x - input.x == 0.0;  // a finite number
  }

  bool truth(const cel::Program& program, bool& out) {
    const Value value = program.evaluate(slots_, arena_);
    if (!usable(program, value)) return false;
    out = value.is_true();
    return true;
  }

  // An observation without a field that the expression reads is not meant for it. Any other error
  // is the rule's.
  bool usable(const cel::Program& program, const Value& value) {
    if (!value.is_error()) return true;
    if (value.error_code() == cel::ErrorCode::kNoSuchField) {
      for (const std::uint32_t slot : program.slots_read()) {
        if (slots_[slot].is(Kind::kAbsent)) return false;
      }
    }
    errors_.push_back(RuleError{rule_.ref.id, program.describe(value)});
    return false;
  }

  const CompiledRule& rule_;
  const Observation& o_;
  std::span<const Value> slots_;
  cel::Arena& arena_;
  std::vector<RuleError>& errors_;
};

}  // namespace

void RuleSet::Impl::begin_subject(const Listeners& listening, std::string_view signal,
                                  bool by_signal, WatchMemory& memory) const {
  std::vector<WatchCell> cells;
  if (const WatchSubject* known = memory.impl().find(signal); known != nullptr) return;
  for (const WatchListener& each : listening.watching) {
    for (const CompiledWatch& watch : rules[each.rule].watches) {
      if (watch.by_signal == by_signal) cells.push_back(fresh(watch.plan, watch.key));
    }
  }
  if (!cells.empty()) memory.impl().subject(signal).begin(std::move(cells));
}

void RuleSet::Impl::listen_for_watches(Listeners& listeners, const std::string& type,
                                       std::size_t index) {
  std::set<std::uint32_t> read;
  for (const CompiledWatch& watch : rules[index].watches) {
    for (const cel::Program* each : programs(watch)) {
      read.insert(each->slots_read().begin(), each->slots_read().end());
    }
  }
  const std::vector<std::uint32_t> slots(read.begin(), read.end());
  listeners.watching.push_back({index, rules[index].scope.fields_of(type, slots)});
  read.insert(listeners.watch_slots.begin(), listeners.watch_slots.end());
  listeners.watch_slots.assign(read.begin(), read.lower_bound(kSlotCount));
}

void RuleSet::Impl::index(RuleProblems& problems) {
  for (std::size_t r = 0; r < rules.size(); ++r) {
    const CompiledRule& rule = rules[r];
    for (std::size_t w = 0; w < rule.watches.size(); ++w) {
      if (watch_by_key.try_emplace(rule.watches[w].key, r, w).second) continue;
      problems.push_back({{},
                          0,
                          0,
                          rule.place + ": watch '" + rule.watches[w].name +
                              "' cannot be told from another one; rename it"});
    }
    if (rule.budget.decisions > 0) {
      budgets.emplace(rule.ref.id.str(), r);
      calendar = calendar || rule.budget.per != Budget::Per::kDuration;
    }
    const auto first = std::uint32_t(kFeatureCount + std::size_t(Extra::kCalendarShift));
    for (const std::uint32_t slot : rule.slots_read()) {
      calendar = calendar || (slot >= first && slot < kSlotCount);
    }
  }
  for (const auto& each : by_type) {
    for (const std::uint32_t slot : each.second.watch_slots) {
      calendar = calendar || slot >= kFeatureCount + std::size_t(Extra::kCalendarShift);
    }
  }
}

Instant RuleSet::watch(const Observation& observation, WatchMemory& memory,
                       std::vector<RuleError>& errors) const {
  Instant due;
  const auto listeners = impl_->by_type.find(event_type(observation));
  if (listeners == impl_->by_type.end() || observation.event == nullptr) return due;
  const Impl::Listeners& listening = listeners->second;
  if (listening.watching.empty()) return due;
  std::vector<Value> slots(listening.width);
  for (const std::uint32_t slot : listening.watch_slots) {
    slots[slot] = slot_value(observation, slot);
  }
  cel::Arena arena;
  const bool gated = observation.features.flag(Feature::kSignalGated);
  impl_->begin_subject(listening, observation.signal.str(), true, memory);
  impl_->begin_subject(listening, "", false, memory);
  for (const Impl::WatchListener& each : listening.watching) {
    const CompiledRule& rule = impl_->rules[each.rule];
    if (gated && !rule.on_gated) continue;
    fill_fields(each.fields, observation.event, slots, arena);
    Watcher watcher(rule, observation, slots, arena, errors);
    for (const CompiledWatch& watch : rule.watches) {
      WatchSubject& subject = memory.impl().subject(
          watch.by_signal ? std::string_view(observation.signal.str()) : std::string_view());
      subject.newest = observation.event->key;
      WatchCell& cell = subject.cell(watch.plan, watch.key);
      watcher.show(watch, cell);
      earlier(due, rules::next_due(watch.plan, cell));
    }
    arena.reset();
  }
  return due;
}

std::vector<WatchDue> RuleSet::watch(const WatchTick& tick, WatchMemory& memory) const {
  std::vector<WatchDue> out;
  if (memory.empty()) return out;
  for (WatchSubject& subject : memory.impl().subjects) {
    std::set<std::size_t> changed;
    for (WatchCell& cell : subject.cells) {
      const auto found = impl_->watch_by_key.find(cell.key);
      if (found == impl_->watch_by_key.end()) continue;
      const CompiledRule& rule = impl_->rules[found->second.first];
      const WatchPlan& plan = rule.watches[found->second.second].plan;
      Instant due = rules::next_due(plan, cell);
      if (!due.is_set() || due > tick.at) continue;
      if (tick.gated && !rule.on_gated) {  // looked at again once the machine is at work
        const Duration waited((tick.at - due).ns() / 4);
        cell.look_again = tick.at + std::clamp(waited, minutes(1), kLookAgainMax);
        continue;
      }
      if (auto* absent = std::get_if<AbsentCell>(&cell.state);
          absent != nullptr && !rule.on_gated) {
        // A machine that stood had nothing to say.
        absent->floor = std::max(absent->floor, tick.open_since);
        cell.look_again = Instant();
        due = rules::next_due(plan, cell);
        if (!due.is_set() || due > tick.at) continue;
      }
      const Value before = value(plan, cell, cell.seen);
      advance(plan, cell, tick.at);
      cell.look_again = Instant();
      const Value after = value(plan, cell, tick.at);
      const bool same =
          before.kind() == after.kind() && (before.is(Kind::kAbsent) || cel::equals(before, after));
      if (!same) changed.insert(found->second.first);
    }
    if (!changed.empty()) out.push_back({subject.signal, {changed.begin(), changed.end()}});
  }
  return out;
}

Instant RuleSet::next_due(const WatchMemory& memory) const {
  Instant first;
  if (memory.empty()) return first;
  for (const WatchSubject& subject : memory.look()->subjects) {
    for (const WatchCell& cell : subject.cells) {
      const auto found = impl_->watch_by_key.find(cell.key);
      if (found == impl_->watch_by_key.end()) continue;
      const CompiledRule& rule = impl_->rules[found->second.first];
      earlier(first, rules::next_due(rule.watches[found->second.second].plan, cell));
    }
  }
  return first;
}

std::vector<EventKey> RuleSet::newest(const WatchMemory& memory, std::string_view signal) const {
  const WatchSubject* subject = memory.empty() ? nullptr : memory.look()->find(signal);
  if (subject == nullptr || subject->newest.id.empty()) return {};
  return {subject->newest};
}

void RuleSet::forget_unknown(WatchMemory& memory) const {
  if (memory.empty()) return;
  for (WatchSubject& subject : memory.impl().subjects) {
    std::erase_if(subject.cells, [&](const WatchCell& cell) {
      const auto found = impl_->watch_by_key.find(cell.key);
      if (found == impl_->watch_by_key.end()) return true;
      return !fits(impl_->rules[found->second.first].watches[found->second.second].plan, cell);
    });
  }
  std::erase_if(memory.impl().subjects, [](const WatchSubject& s) { return s.cells.empty(); });
  if (memory.impl().subjects.empty()) memory.clear();
}

bool RuleSet::watches(std::string_view event_type) const {
  const auto listeners = impl_->by_type.find(event_type);
  return listeners != impl_->by_type.end() && !listeners->second.watching.empty();
}

void fill_watches(const CompiledRule& rule, const Observation& observation,
                  const WatchMemory* memory, std::span<Value> slots) {
  for (const CompiledWatch& watch : rule.watches) {
    slots[watch.slot] = watch.nothing();
    if (memory == nullptr || memory->empty()) continue;
    const WatchSubject* subject = memory->look()->find(
        watch.by_signal ? std::string_view(observation.signal.str()) : std::string_view());
    const WatchCell* cell = subject == nullptr ? nullptr : subject->find(watch.key);
    // A sequence is complete with the event that completes it, not with a tick.
    if (watch.plan.kind == WatchKind::kSequence && observation.event == nullptr) continue;
    if (cell != nullptr && fits(watch.plan, *cell)) {
      slots[watch.slot] = value(watch.plan, *cell, observation.at);
    }
  }
}

}  // namespace millwright::rules
