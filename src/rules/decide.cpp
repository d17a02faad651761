// From an observation to decisions, with the evidence that each stands on.
#include <algorithm>
#include <cmath>

#include "millwright/base/digest.hpp"
#include "rules/compiled_rule.hpp"
#include "rules/functions.hpp"
#include "rules/plant_functions.hpp"
#include "rules/schema.hpp"
#include "rules/trace.hpp"

namespace millwright::rules {
namespace {

using cel::Kind;
using cel::Value;

constexpr double kSureEnough = 0.7;         // below, nothing but a look is proposed
constexpr double kDueHoursMax = 24 * 3650;  // ten years
constexpr std::size_t kTitleBytes = 200;
constexpr std::size_t kTextBytes = 2'000;
constexpr std::size_t kReadingBytes = 200;

std::string outcome_of(TaskKind task, Priority priority) {
  return std::string(to_text(task)) + " P" + std::to_string(int(priority));
}

// A rule's trial does not silence it once it is released.
std::string cooldown_key(const RuleId& rule, const FailureMode& mode, bool shadow) {
  return (shadow ? "\n" : "") + rule.str() + "\n" + mode.str();
}

std::string cut(std::string text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  std::size_t end = bytes - 3;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "...";
}

// What the value of this feature is compared with, as far as the observation says.
std::optional<double> limit_of(Feature feature, const FeatureSet& f) {
  const auto known = [&](Feature limit) -> std::optional<double> {
    if (!f.has(limit)) return std::nullopt;
    return f.number(limit, 0.0);
  };
  if (feature != Feature::kSignalValue) return std::nullopt;
  if (f.text(Feature::kSignalZoneConfirmed) == "D") return known(Feature::kSignalLimitCd);
  if (f.text(Feature::kSignalZoneConfirmed) == "C") return known(Feature::kSignalLimitBc);
  if (f.flag(Feature::kSignalAlarmConfirmed)) return known(Feature::kSignalAlarmLimit);
  if (f.flag(Feature::kSignalLimitConfirmed)) return known(Feature::kSignalLimitAlarm);
  if (f.flag(Feature::kSignalWarnConfirmed)) return known(Feature::kSignalLimitWarn);
  if (f.number(Feature::kSignalAnomalousInRow, 0.0) > 0.0) {
    const double low = f.number(Feature::kSignalExpectedLow, -HUGE_VAL);
    return f.number(Feature::kSignalValue, 0.0) < low ? known(Feature::kSignalExpectedLow)
                                                      : known(Feature::kSignalExpectedHigh);
  }
  return std::nullopt;
}

Reading feature_reading(std::size_t slot, const Observation& o) {
  const FeatureSpec& spec = feature_table()[slot];
  Reading reading;
  reading.name = spec.name;
  reading.text = value_text(slot_value(o, slot));
  reading.unit = spec.unit == "signal" ? o.features.text(Feature::kSignalUnit) : spec.unit;
  if (spec.type == FeatureType::kNumber) reading.value = o.features.number(spec.id, 0.0);
  reading.limit = limit_of(spec.id, o.features);
  return reading;
}

// What only this rule reads: a field of the event, or one of its watches.
Reading own_reading(std::uint32_t slot, const CompiledRule& rule, const Case& in) {
  const Value& value = in.slots[slot];
  Reading reading;
  reading.name = rule.scope.name_of(slot);
  reading.text = cut(value_text(value), kReadingBytes);
  if (value.is(Kind::kDouble)) reading.value = value.as_double();
  if (value.is(Kind::kInt)) reading.value = double(value.as_int());
  for (const FieldSlot& field : in.fields) {
    if (field.slot != slot || field.place < 0) continue;
    const auto& held = in.observation.event->fields[std::size_t(field.place)].value;
    if (const auto* quantity = std::get_if<Quantity>(&held)) reading.unit = quantity->unit;
  }
  return reading;
}

std::vector<Reading> snapshot(const std::vector<std::uint32_t>& slots, const CompiledRule& rule,
                              const Case& in) {
  std::vector<Reading> out;
  for (const std::uint32_t slot : slots) {
    if (in.slots[slot].is(Kind::kAbsent) || in.slots[slot].is_error()) continue;
    if (slot < kFeatureCount) {
      out.push_back(feature_reading(slot, in.observation));
    } else if (slot >= kSlotCount && slot != rule.scope.plant()) {
      out.push_back(own_reading(slot, rule, in));
    }
  }
  return out;
}

std::vector<EventKey> cited(const Observation& o) {
  std::vector<EventKey> out = o.recent;
  if (o.event != nullptr && std::find(out.begin(), out.end(), o.event->key) == out.end()) {
    out.push_back(o.event->key);
  }
  return out;
}

class Judge {
 public:
  Judge(const CompiledRule& rule, const Case& in) : rule_(rule), in_(in) {}

  Verdict run() {
    if (!holds(rule_.condition)) {
      why_not("the condition does not hold");
    } else if (rule_.table) {
      ask(*rule_.table);
    } else {
      first_that_holds();
    }
    return std::move(out_);
  }

 private:
  void why_not(const char* reason) {
    if (out_.errors.empty()) out_.why_not = reason;
  }

  void first_that_holds() {
    for (std::size_t i = 0; i < rule_.proposals.size(); ++i) {
      if (holds(rule_.proposals[i].when)) return propose(rule_.proposals[i], i, 0);
      if (!out_.errors.empty()) return;
    }
    why_not("the 'when' of no proposal holds");
  }

  // False also on an error, which is then in out_.errors: nobody may take it for a "no".
  bool holds(const std::optional<cel::Program>& program) {
    if (!program) return true;
    const Value value = program->evaluate(in_.slots, in_.arena);
    if (value.is_error()) out_.errors.push_back(program->describe(value));
    return value.is_true();
  }

  // The program's value, or the fallback where there is no program; nothing on an error.
  std::optional<Value> ask(const std::optional<cel::Program>& program, Value fallback) {
    if (!program) return fallback;
    const Value value = program->evaluate(in_.slots, in_.arena);
    if (!value.is_error()) return value;
    out_.errors.push_back(program->describe(value));
    return std::nullopt;
  }

  void wrong(const cel::Program& program, const std::string& what, const Value& got) {
    out_.errors.push_back(rule_.place + ": rule '" + rule_.ref.id.str() + "': " + what + ", not " +
                          cel::to_text(got) + "\n  " + std::string(program.source()));
  }

  void ask(const DecisionTable& table) {
    Picked picked = pick(table, in_.slots, in_.arena);
    if (!picked.error.empty()) return failed(std::move(picked.error));
    if (picked.rows.empty()) return why_not("no row of the table matches");
    if (table.aggregate != Aggregate::kList) {
      if (count(table, picked.rows)) take(picked.rows.front(), 0);
      return;
    }
    const bool several = table.hit == HitPolicy::kCollect;
    for (const std::size_t row : picked.rows) {
      for (const RowOutput& output : table.rows[row].outputs) {
        const auto value = ask(output.program, Value::absent());
        if (!value) return;
        in_.slots[output.slot] = *value;
      }
      take(row, several ? row : 0);
    }
  }

  // What the matching rows give together.
  bool count(const DecisionTable& table, const std::vector<std::size_t>& rows) {
    if (fill_result(table, rows, in_.slots, in_.arena)) return true;
    for (const std::size_t row : rows) (void)ask(table.rows[row].outputs[*table.of].program, {});
    return false;
  }

  void take(std::size_t row, std::size_t ordinal) {
    const CompiledProposal& proposal = rule_.proposals[row];
    if (holds(proposal.when)) return propose(proposal, row, ordinal);
    why_not("the 'when' of the defaults does not hold");
  }

  void failed(std::string error) {
    out_.errors.push_back(rule_.place + ": rule '" + rule_.ref.id.str() + "': " + std::move(error));
  }

  // Two decisions of one event for one case would take turns with each other for ever.
  [[nodiscard]] bool decided_already(const FailureMode& mode) const {
    return std::any_of(out_.decisions.begin(), out_.decisions.end(),
                       [&](const Decision& d) { return d.mode == mode; });
  }

  void propose(const CompiledProposal& proposal, std::size_t row, std::size_t ordinal) {
    const auto mode = ask(proposal.mode, Value::string(rule_.ref.id.str()));
    const auto priority = ask(proposal.priority, Value::integer(3));
    const auto confidence = ask(proposal.confidence, Value::number(1.0));
    if (!mode || !priority || !confidence) return;
    if (mode->as_text().empty())
      return wrong(*proposal.mode, "a failure mode is no empty text", *mode);
    if (priority->as_int() < 1 || priority->as_int() > 4) {
      return wrong(*proposal.priority, "a priority is 1 to 4", *priority);
    }
    if (!(confidence->as_double() >= 0.0 && confidence->as_double() <= 1.0)) {
      return wrong(*proposal.confidence, "a confidence is 0.0 to 1.0", *confidence);
    }
    const FailureMode named{mode->as_text()};
    if (decided_already(named)) {
      return failed("two rows ask for the mode " + named.str() + " at once; the first stands");
    }
    const auto level = Priority(std::uint8_t(priority->as_int()));
    if (cooling(named, outcome_of(proposal.task, level))) return why_not("it is cooling down");
    if (spent(rule_, in_.observation, in_.memory)) return why_not("its budget is spent");
    Decision decision;
    decision.mode = named;
    decision.priority = level;
    decision.task = proposal.task;
    decision.evidence.confidence = confidence->as_double();
    decision.evidence.row = int(row) + 1;
    fill(decision, proposal, ordinal);
    decision.evidence.trace = trace_of(rule_, row, in_.observation, in_.slots, in_.arena.host());
    out_.decisions.push_back(std::move(decision));
  }

  [[nodiscard]] bool cooling(const FailureMode& mode, const std::string& outcome) const {
    const bool shadow = rule_.status == RuleStatus::kShadow;
    const auto last = in_.memory.fired.find(cooldown_key(rule_.ref.id, mode, shadow));
    return last != in_.memory.fired.end() && last->second.outcome == outcome &&
           in_.observation.at - last->second.at < rule_.repeat_after;
  }

  std::optional<Instant> due(const CompiledProposal& proposal) {
    if (!proposal.due_hours) return std::nullopt;
    const auto value = ask(proposal.due_hours, Value::number(0.0));
    if (!value) return std::nullopt;
    const double due_hours = value->as_double();
    if (!(due_hours >= 0.0 && due_hours <= kDueHoursMax)) {
      wrong(*proposal.due_hours, "due_hours is 0.0 to 87600.0", *value);
      return std::nullopt;
    }
    constexpr double kNsPerHour = 3.6e12;
    return in_.observation.at + Duration(std::int64_t(due_hours * kNsPerHour));
  }

  void fill(Decision& d, const CompiledProposal& proposal, std::size_t ordinal) {
    const Observation& o = in_.observation;
    d.id = DecisionId(derive_id({"decision/v1", o.source_id, o.entity, rule_.ref.id.str(),
                                 std::to_string(rule_.ref.version), std::to_string(ordinal)}));
    d.at = o.at;
    d.shadow = rule_.status == RuleStatus::kShadow;
    d.asset = o.asset;
    d.signal = o.signal;
    d.entity = o.entity;
    d.title = text(proposal.title, kTitleBytes);
    d.symptom = text(proposal.symptom, kTextBytes);
    d.cause = text(proposal.cause, kTextBytes);
    d.point = o.features.text(Feature::kSignalPoint);
    d.due = due(proposal);
    d.series = o.series;
    Evidence& e = d.evidence;
    if (o.event != nullptr) {
      e.event = o.event->key;
      e.position = o.event->position;
    }
    e.events = cited(o);
    e.readings = snapshot(proposal.readings, rule_, in_);
    e.contributions = o.contributions;
    e.rule = rule_.ref;
    e.model = o.model;
    e.config_version = in_.config_version;
    e.view = in_.view.number;
    const bool unsure = d.task == TaskKind::kInspection && e.confidence < kSureEnough;
    e.rung = unsure ? Rung::kInspection : o.rung;
    e.rationale = proposal.rationale.empty() ? rule_.summary : text(proposal.rationale, kTextBytes);
  }

  std::string text(const TextTemplate& from, std::size_t bytes) {
    return cut(from.render(in_.slots, in_.arena, out_.errors), bytes);
  }

  const CompiledRule& rule_;
  const Case& in_;
  Verdict out_;
};

}  // namespace

void fill_fields(std::span<const FieldSlot> fields, const Event* event, std::span<Value> slots,
                 cel::Arena& arena) {
  for (const FieldSlot& field : fields) {
    const bool carried =
        event != nullptr && field.place >= 0 && std::size_t(field.place) < event->fields.size();
    slots[field.slot] =
        carried ? field_value(event->fields[std::size_t(field.place)], arena) : Value::absent();
  }
}

Verdict judge(const CompiledRule& rule, const Case& in) {
  return Judge(rule, in).run();
}

void remember(const Decision& decision, FiredMap& fired) {
  fired.insert_or_assign(cooldown_key(decision.evidence.rule.id, decision.mode, decision.shadow),
                         Fired{decision.at, outcome_of(decision.task, decision.priority)});
}

// Names of what made the score or the cause, the largest share first; absent where nothing did.
Value contributions_value(const std::vector<Contribution>& list, cel::Arena& arena) {
  if (list.empty()) return Value::absent();
  auto* items = arena.allocate_array<Value>(list.size());
  if (items == nullptr) return Value::error(cel::ErrorCode::kMemoryLimit);
  for (std::size_t i = 0; i < list.size(); ++i) items[i] = Value::string(list[i].name);
  return Value::list({items, list.size()});
}

void RuleSet::Impl::ask(std::size_t index, std::span<const FieldSlot> fields,
                        const Observation& observation, const LaneView& view, const Memory& memory,
                        std::span<Value> slots, cel::Arena& arena, Outcome& out) const {
  const CompiledRule& rule = rules[index];
  if (observation.features.flag(Feature::kSignalGated) && !rule.on_gated) return;
  ++out.evaluated;
  fill_fields(fields, observation.event, slots, arena);
  fill_watches(rule, observation, memory.watches, slots);
  slots[rule.scope.plant()] = Value::integer(view.number.get());
  if (rule.reads_contributions) {
    slots[rule.scope.contributions()] = contributions_value(observation.contributions, arena);
  }
  const PlantHost host{view, memory.plant};
  arena.set_host(&host);
  Verdict verdict =
      judge(rule, Case{observation, view, config_version, slots, memory, fields, arena});
  for (std::string& each : verdict.errors) {
    out.errors.push_back(RuleError{rule.ref.id, std::move(each)});
  }
  for (Decision& each : verdict.decisions) out.decisions.push_back(std::move(each));
  arena.set_host(nullptr);
  arena.reset();
}

Outcome RuleSet::decide(const Observation& observation, const LaneView& view,
                        const FiredMap& fired) const {
  return decide(observation, view, Memory{fired});
}

Outcome RuleSet::decide(const Observation& observation, const LaneView& view,
                        const Memory& memory) const {
  Outcome out;
  const auto listeners = impl_->by_type.find(event_type(observation));
  if (listeners == impl_->by_type.end()) return out;
  std::vector<Value> slots(listeners->second.width);
  for (const std::uint32_t slot : listeners->second.slots) {
    slots[slot] = slot_value(observation, slot);
  }
  cel::Arena arena;
  for (const Impl::Listener& each : listeners->second.rules) {
    impl_->ask(each.rule, each.fields, observation, view, memory, slots, arena, out);
  }
  return out;
}

Outcome RuleSet::decide_due(const WatchDue& due, const Observation& observation,
                            const LaneView& view, const Memory& memory) const {
  Outcome out;
  std::vector<Value> slots;
  cel::Arena arena;
  for (const std::size_t index : due.rules) {
    const CompiledRule& rule = impl_->rules[index];
    const std::vector<std::uint32_t> read = rule.slots_read();
    slots.assign(std::max(slots.size(), rule.scope.width()), Value::absent());
    for (const std::uint32_t slot : read) {
      if (slot < kSlotCount) slots[slot] = slot_value(observation, slot);
    }
    impl_->ask(index, {}, observation, view, memory, slots, arena, out);
  }
  return out;
}

}  // namespace millwright::rules
