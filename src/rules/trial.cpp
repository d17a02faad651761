// One rule, asked with inputs that a person wrote down.
#include <algorithm>
#include <charconv>
#include <deque>

#include "rules/compiled_rule.hpp"
#include "rules/plant_functions.hpp"
#include "rules/table/cell.hpp"
#include "rules/trial.hpp"

namespace millwright::rules {
namespace {

using cel::TypeKind;
using cel::Value;

constexpr std::string_view kSomeTime = "2026-01-05T08:00:00Z";  // a Monday

// What every event has, for inputs that nobody gave.
struct Usual {
  Feature feature;
  std::string_view text;
};
constexpr Usual kUsual[] = {{Feature::kAssetId, "X-1"},
                            {Feature::kAssetName, "Machine X-1"},
                            {Feature::kSignalName, "Signal"},
                            {Feature::kSignalUnit, "units"}};

std::string noun(TypeKind kind) {
  switch (kind) {
    case TypeKind::kDouble:
      return "a number like 4.5";
    case TypeKind::kInt:
    case TypeKind::kUint:
      return "a whole number";
    case TypeKind::kBool:
      return "true or false";
    case TypeKind::kTimestamp:
      return "a time like 2026-03-02T06:10:00Z";
    case TypeKind::kDuration:
      return "a duration like 90m";
    default:
      return "a text";
  }
}

// Inputs as values; owns what they borrow.
class Inputs {
 public:
  Inputs(const CompiledRule& rule, const std::vector<Given>& given, RuleProblems& problems)
      : rule_(rule), problems_(problems), slots_(rule.scope.width(), Value::absent()) {
    usual();
    for (const Given& each : given) take(each);
    // The set's texts stay where they are from now on.
    for (std::size_t slot = 0; slot < kFeatureCount; ++slot) {
      slots_[slot] = slot_value(observation, slot);
    }
  }

  Observation observation;
  [[nodiscard]] std::span<Value> slots() { return slots_; }
  [[nodiscard]] const PlantAnswers& plant() const { return plant_; }

 private:
  void usual() {
    for (const Usual& each : kUsual) observation.features.set(each.feature, each.text);
    observation.at = parse_rfc3339(kSomeTime).value();
    observation.entity = "X-1";
    observation.asset = AssetId("X-1");
    observation.source_id = "trial\n1";
    for (std::size_t slot = 0; slot < kSlotCount; ++slot) {
      slots_[slot] = slot_value(observation, slot);
    }
    slots_[rule_.scope.plant()] = Value::integer(0);
    set("event.type", Value::string(rule_.events.empty() ? "tick" : rule_.events[0]));
    for (const CompiledWatch& watch : rule_.watches) slots_[watch.slot] = watch.nothing();
    if (rule_.events.empty() || rule_.events[0] == "tick") return;
    set("event.source", Value::string("/trial"));
  }

  void set(std::string_view name, const Value& value) {
    slots_[*rule_.scope.schema().slot(name)] = value;
  }

  [[nodiscard]] bool listens(const std::string& type) const {
    const auto& events = rule_.events;
    return type == "tick" || std::find(events.begin(), events.end(), type) != events.end();
  }

  void complain(const SourceText& at, std::string message) {
    problems_.push_back({at.file, at.line, at.column, std::move(message)});
  }

  // plant.available, for whatever is asked; plant.available.BRG-6312, for that alone.
  void take_answer(const Given& given) {
    constexpr std::string_view kPrefix = "plant.";
    std::string_view name = given.name.text;
    name.remove_prefix(std::min(kPrefix.size(), name.size()));
    std::string known;
    for (const cel::FunctionSpec& each : plant_functions()) {
      known += (known.empty() ? "" : ", ") + std::string(kPrefix) + each.name;
      if (!name.starts_with(each.name)) continue;
      const std::string_view of = name.substr(each.name.size());
      if (!of.empty() && of[0] != '.') continue;
      if (given.values.size() != 1) {
        return complain(given.name,
                        "'" + given.name.text + "' is " + noun(each.result.kind) + ", no list");
      }
      const auto value = read(given.values[0], each.result.kind);
      if (value) plant_[each.name].insert_or_assign(std::string(of.substr(!of.empty())), *value);
      return;
    }
    complain(given.name, "'" + given.name.text + "' is nothing that the plant is asked; that is " +
                             known + ", or " + kPrefix.data() + "available.BRG-6312 for one alone");
  }

  void take(const Given& given) {
    if (given.name.text == "plant" || given.name.text.starts_with("plant.")) {
      return take_answer(given);
    }
    const auto& schema = rule_.scope.schema();
    const auto slot = schema.slot(given.name.text);
    if (!slot || given.name.text.starts_with("row.")) {
      // The compiler knows the nearest names.
      const std::size_t before = problems_.size();
      (void)compile_expression(given.name, TypeKind::kDyn, schema, problems_);
      if (problems_.size() == before) {
        complain(given.name, "'" + given.name.text + "' is no input of this rule");
      }
      return;
    }
    const cel::Type& type = schema.variables()[*slot].type;
    const bool list = type.kind == TypeKind::kList;
    if (given.values.size() != 1 && !list) {
      return complain(given.name, "'" + given.name.text + "' is " + noun(type.kind) + ", no list");
    }
    if (given.values.size() == 1 && given.values[0].text == "absent") return forget(*slot);
    if (list) return take_list(given, *slot, type);
    if (given.name.text == "event.type" && !listens(given.values[0].text)) {
      const bool own = schema.slot("event.data.type").has_value();
      return complain(given.values[0],
                      "'" + given.values[0].text + "' is no event type that this rule listens to" +
                          (own ? "; the event's own field is event.data.type" : ""));
    }
    if (const auto value = read(given.values[0], type.kind)) put(*slot, *value);
  }

  void take_list(const Given& given, std::uint32_t slot, const cel::Type& type) {
    const TypeKind kind = type.params.empty() ? TypeKind::kDyn : type.params[0].kind;
    std::vector<Value>& items = lists_.emplace_back();
    for (const SourceText& each : given.values) {
      if (const auto value = read(each, kind)) items.push_back(*value);
    }
    put(slot, Value::list(items));
  }

  void forget(std::uint32_t slot) {
    slots_[slot] = Value::absent();
    if (slot >= kFeatureCount) return;
    // A feature set has no way to forget one: all but this are set anew.
    FeatureSet rest;
    for (const FeatureSpec& spec : feature_table()) {
      if (std::uint32_t(spec.id) == slot || !observation.features.has(spec.id)) continue;
      if (spec.type == FeatureType::kText) {
        rest.set(spec.id, observation.features.text(spec.id));
      } else {
        rest.set(spec.id, observation.features.number(spec.id, 0.0));
      }
    }
    observation.features = rest;
  }

  void put(std::uint32_t slot, const Value& value) {
    if (slot < kFeatureCount && !slots_[slot].is(cel::Kind::kAbsent)) forget(slot);
    slots_[slot] = value;
    if (slot < kFeatureCount) {
      const FeatureSpec& spec = feature_table()[slot];
      if (value.is(cel::Kind::kBool)) observation.features.set(spec.id, value.as_bool());
      if (value.is(cel::Kind::kDouble)) observation.features.set(spec.id, value.as_double());
      if (value.is(cel::Kind::kString)) observation.features.set(spec.id, value.as_text());
      return;
    }
    switch (slot < kSlotCount ? Extra(slot - kFeatureCount) : Extra::kCount) {
      case Extra::kEventTime:
        observation.at =
            Instant(value.timestamp_seconds() * 1'000'000'000 + std::int64_t(value.timestamp_ns()));
        return;
      case Extra::kEventEntity:
        observation.entity = value.as_text();
        return;
      case Extra::kModelId:
        observation.model.id = ModelId(std::string(value.as_text()));
        return;
      case Extra::kModelVersion:
        observation.model.version = value.as_text();
        return;
      default:
        return;
    }
  }

  std::optional<Value> read(const SourceText& source, TypeKind kind) {
    const std::string& text = source.text;
    double number = 0.0;
    switch (kind) {
      case TypeKind::kDouble:
        if (read_plain_number(text, number)) return Value::number(number);
        break;
      case TypeKind::kInt:
      case TypeKind::kUint: {
        std::int64_t whole = 0;
        const auto end = text.data() + text.size();
        if (std::from_chars(text.data(), end, whole).ptr == end && !text.empty()) {
          return kind == TypeKind::kInt ? Value::integer(whole)
                                        : Value::uinteger(std::uint64_t(whole));
        }
        break;
      }
      case TypeKind::kBool:
        if (text == "true" || text == "false") return Value::boolean(text == "true");
        break;
      case TypeKind::kTimestamp:
        if (const auto time = parse_rfc3339(text)) return Value::timestamp(*time);
        break;
      case TypeKind::kDuration:
        if (const auto span = parse_duration(text)) return Value::duration(*span);
        break;
      case TypeKind::kString:
        return Value::string(texts_.emplace_back(text));
      case TypeKind::kDyn:
        if (read_plain_number(text, number)) return Value::number(number);
        return Value::string(texts_.emplace_back(text));
      default:
        complain(source, "a value of this kind cannot be given");
        return std::nullopt;
    }
    complain(source, "'" + text + "' is not " + noun(kind));
    return std::nullopt;
  }

  const CompiledRule& rule_;
  RuleProblems& problems_;
  std::vector<Value> slots_;
  PlantAnswers plant_;
  std::deque<std::string> texts_;
  std::deque<std::vector<Value>> lists_;
};

}  // namespace

Trial try_rule(const CompiledRule& rule, const std::vector<Given>& given,
               const std::string& config_version, RuleProblems& problems) {
  Trial out;
  const std::size_t before = problems.size();
  Inputs inputs(rule, given, problems);
  if (problems.size() != before) return out;
  if (inputs.observation.features.flag(Feature::kSignalGated) && !rule.on_gated) {
    out.why_not =
        "signal.gated is true, and the rule does not ask for readings that are not judged";
    return out;
  }
  const LaneView view;
  const PlantHost host{view, nullptr, &inputs.plant()};
  cel::Arena arena;
  arena.set_host(&host);
  const FiredMap fired;
  Verdict verdict = judge(
      rule,
      Case{inputs.observation, view, config_version, inputs.slots(), Memory{fired}, {}, arena});
  out.decisions = std::move(verdict.decisions);
  out.errors = std::move(verdict.errors);
  out.why_not = std::move(verdict.why_not);
  return out;
}

std::vector<std::string> RuleSet::reads(const RuleId& id) const {
  std::vector<std::string> out;
  for (const CompiledRule& rule : impl_->rules) {
    if (rule.ref.id != id) continue;
    for (const std::uint32_t slot : rule.slots_read()) out.push_back(rule.scope.name_of(slot));
  }
  return out;
}

std::optional<Trial> RuleSet::try_rule(const RuleId& id, const std::vector<Given>& given,
                                       RuleProblems& problems) const {
  for (const CompiledRule& rule : impl_->rules) {
    if (rule.ref.id != id) continue;
    const std::size_t before = problems.size();
    Trial out = rules::try_rule(rule, given, impl_->config_version, problems);
    if (problems.size() != before) return std::nullopt;
    return out;
  }
  problems.push_back({{}, 0, 0, "there is no rule '" + id.str() + "'"});
  return std::nullopt;
}

}  // namespace millwright::rules
