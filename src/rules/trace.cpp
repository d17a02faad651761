#include "rules/trace.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "rules/functions.hpp"
#include "rules/schema.hpp"

namespace millwright::rules {
namespace {

using cel::Kind;
using cel::Value;

constexpr std::size_t kReasons = 24;
constexpr std::size_t kCandidates = 256;  // tried for one decision
// A change of kind, such as another text, counts as far as a number that doubles.
constexpr double kOtherValue = 1.0;
constexpr double kAbsence = 2.0;
constexpr std::string_view kOtherText = "another";

// "signal.value = 7.2", for what is not written out in the rule itself.
std::string looked_at(const cel::Reason& reason) {
  std::string out;
  for (const cel::TraceEntry& each : reason.operands) {
    const std::string value = cel::to_text(each.value);
    if (value == each.source) continue;
    out += (out.empty() ? "" : ", ") + std::string(each.source) + " = " + value;
  }
  const bool asks_presence = reason.source.starts_with("has(");
  if (out.empty() && reason.operands.empty() && !asks_presence) {
    out = std::string(reason.source) + " = " + cel::to_text(reason.value);
  }
  return out;
}

void add_reasons(const std::optional<cel::Program>& program, std::span<const Value> slots,
                 cel::Arena& arena, std::vector<Reason>& out) {
  if (!program) return;
  std::vector<cel::Reason> reasons;
  (void)program->deciding(slots, arena, reasons);
  for (const cel::Reason& each : reasons) {
    if (out.size() >= kReasons) return;
    Reason reason{std::string(each.source), looked_at(each)};
    if (std::find(out.begin(), out.end(), reason) == out.end()) out.push_back(std::move(reason));
  }
}

// Names that tell which machine it is: another machine is no change of this one.
bool is_identity(std::string_view name) {
  constexpr std::string_view kNames[] = {"asset.id",     "asset.name",   "signal.name",
                                         "signal.point", "signal.unit",  "signal.kind",
                                         "event.type",   "event.source", "event.subject",
                                         "event.entity", "model.id",     "model.version"};
  return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

struct Candidate {
  std::uint32_t slot = 0;
  Value value;
  double distance = 0.0;
};

double number_of(const Value& value) {
  return value.is(Kind::kInt)    ? double(value.as_int())
         : value.is(Kind::kUint) ? double(value.as_uint())
                                 : value.as_double();
}

// The last of three digits; by its decimal text, which is the same on every machine.
double step_of(double number) {
  std::array<char, 32> text{};
  const double size = std::max(std::fabs(number), 1e-3);
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), size, std::chars_format::scientific, 2)
          .ptr;
  const std::string_view written(text.data(), std::size_t(end - text.data()));
  const std::size_t e = written.find('e');
  int exponent = 0;
  const std::size_t digits = e + (written[e + 1] == '+' ? 2 : 1);
  std::from_chars(written.data() + digits, end, exponent);
  const std::string step = "1e" + std::to_string(exponent - 2);
  double out = 0.0;
  std::from_chars(step.data(), step.data() + step.size(), out);
  return out;
}

class Search {
 public:
  Search(const CompiledRule& rule, std::span<Value> slots, const void* host)
      : rule_(rule), slots_(slots) {
    arena_.set_host(host);
  }

  // The nearest input with which the rule says something else, tried out.
  std::optional<Candidate> run(std::string& outcome) {
    const auto now = outcome_of(rule_, slots_, arena_);
    if (!now) return std::nullopt;
    collect();
    std::stable_sort(found_.begin(), found_.end(), [](const Candidate& a, const Candidate& b) {
      return a.distance < b.distance;
    });
    if (found_.size() > kCandidates) found_.resize(kCandidates);
    const std::vector<Value> before(slots_.begin(), slots_.end());
    std::optional<Candidate> out;
    for (const Candidate& each : found_) {
      arena_.reset();
      std::copy(before.begin(), before.end(), slots_.begin());
      slots_[each.slot] = each.value;
      const auto then = outcome_of(rule_, slots_, arena_);
      if (!then || *then == *now) continue;
      outcome = *then;
      out = each;
      break;
    }
    std::copy(before.begin(), before.end(), slots_.begin());
    return out;
  }

 private:
  void collect() {
    compare(rule_.condition);
    for (const CompiledProposal& each : rule_.proposals) {
      compare(each.when);
      compare(each.mode);
      compare(each.priority);
    }
    if (!rule_.table) return;
    for (std::size_t i = 0; i < rule_.table->axes.size(); ++i) {
      const Input& input = rule_.table->inputs[i];
      if (input.program) compare(input.program);
      if (!input.slot) continue;
      const Axis& axis = rule_.table->axes[i];
      for (const double cut : axis.cuts()) around(*input.slot, Value::number(cut));
      for (const std::string& name : axis.names()) other(*input.slot, Value::string(name));
      other(*input.slot, Value::string(kOtherText));
      other(*input.slot, Value::boolean(true));
      other(*input.slot, Value::boolean(false));
      absent(*input.slot);
    }
  }

  void compare(const std::optional<cel::Program>& program) {
    if (!program) return;
    for (const cel::Comparison& each : program->comparisons()) {
      if (each.relation == cel::Relation::kIn) {
        for (const Value& one : each.constant.as_list()) propose(each.slot, one);
      } else {
        propose(each.slot, each.constant);
      }
    }
    for (const std::uint32_t slot : program->slots_read()) absent(slot);
  }

  void propose(std::uint32_t slot, const Value& constant) {
    if (constant.is_number()) return around(slot, constant);
    if (constant.is(Kind::kString)) {
      other(slot, constant);
      other(slot, Value::string(kOtherText));
    } else if (constant.is(Kind::kBool)) {
      other(slot, Value::boolean(true));
      other(slot, Value::boolean(false));
    }
  }

  [[nodiscard]] bool ignored(std::uint32_t slot) const {
    const std::string& name = rule_.scope.name_of(slot);
    // The view as such is no input: what it answers shows in the reasons.
    return slot == rule_.scope.plant() || name.starts_with("row.") || is_identity(name);
  }

  // The constant itself, and a step to either side of it.
  void around(std::uint32_t slot, const Value& constant) {
    const cel::TypeKind type = rule_.scope.schema().variables()[slot].type.kind;
    const double at = number_of(constant);
    if (type == cel::TypeKind::kInt) {
      for (const double each : {at - 1.0, at, at + 1.0}) {
        add(slot, Value::integer(std::int64_t(each)), each);
      }
    } else if (type == cel::TypeKind::kDouble) {
      for (const double each : {at, at - step_of(at), at + step_of(at)}) {
        add(slot, Value::number(each), each);
      }
    }
  }

  void add(std::uint32_t slot, const Value& value, double number) {
    if (ignored(slot)) return;
    const Value& now = slots_[slot];
    if (now.is(Kind::kAbsent)) return push({slot, value, kAbsence});
    if (!now.is_number() || number_of(now) == number) return;
    const double size = std::max(std::fabs(number_of(now)), 1e-9);
    push({slot, value, std::fabs(number_of(now) - number) / size});
  }

  void other(std::uint32_t slot, const Value& value) {
    const cel::TypeKind type = rule_.scope.schema().variables()[slot].type.kind;
    const bool fits =
        value.is(Kind::kString) ? type == cel::TypeKind::kString : type == cel::TypeKind::kBool;
    if (!fits || ignored(slot)) return;
    const Value& now = slots_[slot];
    if (now.is(Kind::kAbsent)) return push({slot, value, kAbsence});
    if (!cel::equals(now, value)) push({slot, value, kOtherValue});
  }

  void absent(std::uint32_t slot) {
    if (slots_[slot].is(Kind::kAbsent) || ignored(slot)) return;
    push({slot, Value::absent(), kAbsence});
  }

  void push(const Candidate& candidate) {
    for (const Candidate& each : found_) {
      if (each.slot != candidate.slot || each.value.kind() != candidate.value.kind()) continue;
      if (each.value.is(Kind::kAbsent) || cel::equals(each.value, candidate.value)) return;
    }
    found_.push_back(candidate);
  }

  const CompiledRule& rule_;
  std::span<Value> slots_;
  cel::Arena arena_;
  std::vector<Candidate> found_;
};

// "7.2 mm/s", "absent".
std::string shown(std::uint32_t slot, const Value& value, const Observation& o) {
  if (value.is(Kind::kAbsent)) return "absent";
  std::string out = value.is(Kind::kString) && value.as_text() == kOtherText ? "anything else"
                                                                             : value_text(value);
  if (slot < kFeatureCount && value.is_number()) {
    const FeatureSpec& spec = feature_table()[slot];
    const std::string_view unit =
        spec.unit == "signal" ? o.features.text(Feature::kSignalUnit) : spec.unit;
    if (!unit.empty()) out += " " + std::string(unit);
  }
  return out;
}

Counterfactual counterfactual_of(const CompiledRule& rule, const Observation& o,
                                 std::span<Value> slots, const void* host) {
  Counterfactual out;
  const auto found = Search(rule, slots, host).run(out.outcome);
  if (!found) {
    out.text = "No single input was found that would have changed this by itself.";
    return out;
  }
  out.input = rule.scope.name_of(found->slot);
  out.was = shown(found->slot, slots[found->slot], o);
  out.would = shown(found->slot, found->value, o);
  const std::string label = "\"" + std::string(feature_label(out.input)) + "\"";
  if (found->value.is(Kind::kAbsent)) {
    out.text = "Without " + label + " (it was " + out.was + "), ";
  } else if (slots[found->slot].is(Kind::kAbsent)) {
    out.text = "With " + label + " at " + out.would + " (there was none), ";
  } else {
    out.text = "With " + label + " at " + out.would + " instead of " + out.was + ", ";
  }
  if (out.outcome.empty()) {
    out.outcome = "no decision";
    out.text += "this rule would have proposed nothing.";
  } else {
    out.text += "this rule would have said: " + out.outcome + ".";
  }
  return out;
}

}  // namespace

Trace trace_of(const CompiledRule& rule, std::size_t row, const Observation& observation,
               std::span<Value> slots, const void* host) {
  Trace out;
  cel::Arena arena;
  arena.set_host(host);
  add_reasons(rule.condition, slots, arena, out.reasons);
  if (rule.table) {
    const TableRow& matched = rule.table->rows[row];
    out.matched = matched.text;
    for (std::size_t i = 0; i < matched.cells.size(); ++i) {
      if (matched.cells[i] == "-") continue;
      const Axis& axis = rule.table->axes[i];
      const Input& input = rule.table->inputs[i];
      const Value value = input.slot ? slots[*input.slot] : input.program->evaluate(slots, arena);
      out.reasons.push_back(
          {axis.name() + ": " + matched.cells[i],
           axis.name() + (value.is(Kind::kAbsent) ? " absent" : " = " + value_text(value))});
    }
  }
  add_reasons(rule.proposals[row].when, slots, arena, out.reasons);
  out.counterfactual = counterfactual_of(rule, observation, slots, host);
  return out;
}

}  // namespace millwright::rules
