// Rules as their authors wrote them, into compiled ones.
#include <algorithm>
#include <iterator>
#include <set>

#include "millwright/base/digest.hpp"
#include "millwright/base/limits.hpp"
#include "rules/compiled_rule.hpp"
#include "rules/schema.hpp"

namespace millwright::rules {
namespace {

std::string place_of(const SourceText& source) {
  return (source.file.empty() ? std::string("line ") : source.file + ":") +
         std::to_string(source.line) + ":" + std::to_string(source.column);
}

class RuleCompiler {
 public:
  RuleCompiler(const RuleSpec& spec, std::span<const EventType> catalogue,
               std::vector<std::string>& errors)
      : spec_(spec), errors_(errors), scope_(spec.events, catalogue) {}

  CompiledRule run() {
    std::vector<CompiledWatch> watches = compile_watches(spec_, scope_, errors_);
    scope_.add_plant();
    CompiledRule out{RuleScope({}, {})};
    out.watches = std::move(watches);
    out.budget = spec_.budget;
    out.ref = RuleRef{RuleId(spec_.id), spec_.version, hash()};
    out.owner = spec_.owner;
    out.summary = spec_.summary;
    out.on_gated = spec_.on_gated;
    out.repeat_after = spec_.repeat_after;
    out.place = place_of(spec_.place);
    check_frame();
    check_budget(spec_, errors_);
    out.condition = expression(spec_.condition, cel::TypeKind::kBool);
    for (std::size_t i = 0; i < spec_.proposals.size(); ++i) {
      out.proposals.push_back(proposal(spec_.proposals[i], out));
      if (spec_.proposals[i].when.text.empty() && i + 1 < spec_.proposals.size()) {
        complain(spec_.place,
                 "proposal " + std::to_string(i + 1) +
                     " always matches, so those after it never do; give it a 'when' or "
                     "put it last");
      }
    }
    scope_.close();
    out.scope = std::move(scope_);
    return out;
  }

 private:
  void complain(const SourceText& at, const std::string& message) {
    errors_.push_back(place_of(at) + ": rule '" + spec_.id + "': " + message);
  }

  void check_frame() {
    constexpr std::size_t kProposals = 32;
    if (spec_.id.empty()) complain(spec_.place, "a rule needs an id");
    if (spec_.version < 1) complain(spec_.place, "versions count from 1");
    if (spec_.events.empty()) {
      complain(spec_.place, "it listens to no event; write event: [iot.vibration.features]");
    }
    if (spec_.condition.text.empty()) {
      complain(spec_.place, "it has no condition; write if: true if it always holds");
    }
    if (spec_.proposals.empty()) complain(spec_.place, "it proposes nothing");
    if (spec_.proposals.size() > kProposals) complain(spec_.place, "more than 32 proposals");
    if (spec_.repeat_after < Duration()) complain(spec_.place, "repeat_after is negative");
  }

  std::optional<cel::Program> expression(const SourceText& source, cel::TypeKind result) {
    if (source.text.empty()) return std::nullopt;
    auto program = compile_expression(source, result, scope_.schema());
    if (program) return *program;
    errors_.push_back(program.error().message);
    return std::nullopt;
  }

  TextTemplate text(const SourceText& source) {
    auto made = TextTemplate::compile(source, scope_.schema());
    if (made) return std::move(*made);
    errors_.push_back(made.error().message);
    return {};
  }

  CompiledProposal proposal(const Proposal& from, const CompiledRule& rule) {
    CompiledProposal out;
    out.task = from.task;
    if (from.task == TaskKind::kPartReservation) {
      complain(spec_.place, "part reservations are added to a work order, not proposed by rules");
    }
    if (from.title_text.text.empty()) complain(spec_.place, "a proposal needs a title");
    out.when = expression(from.when, cel::TypeKind::kBool);
    out.mode = expression(from.mode, cel::TypeKind::kString);
    out.priority = expression(from.priority, cel::TypeKind::kInt);
    out.confidence = expression(from.confidence, cel::TypeKind::kDouble);
    out.due_hours = expression(from.due_hours, cel::TypeKind::kDouble);
    out.title = text(from.title_text);
    out.symptom = text(from.symptom_text);
    out.cause = text(from.cause_text);
    out.rationale = text(from.rationale_text);
    std::set<std::uint32_t> slots;
    const std::optional<cel::Program>* const programs[] = {
        &rule.condition, &out.when, &out.mode, &out.priority, &out.confidence, &out.due_hours};
    for (const auto* program : programs) {
      if (*program) slots.insert((*program)->slots_read().begin(), (*program)->slots_read().end());
    }
    for (const TextTemplate* each : {&out.title, &out.symptom, &out.cause, &out.rationale}) {
      each->slots_read(slots);
    }
    out.readings.assign(slots.begin(), slots.end());
    return out;
  }

  // Over everything that changes what the rule does or says, but not where it stands in its file.
  [[nodiscard]] std::string hash() const {
    std::string canonical = "rule/v1";
    const auto add = [&](std::string_view part) {
      canonical += "\n" + std::to_string(part.size()) + ":";
      canonical += part;
    };
    add(spec_.id);
    add(std::to_string(spec_.version));
    add(spec_.owner);
    add(spec_.summary);
    for (const std::string& event : spec_.events) add(event);
    add(spec_.on_gated ? "gated" : "");
    add(spec_.condition.text);
    add(std::to_string(spec_.repeat_after.ns()));
    for (const WatchSpec& watch : spec_.watches) add("watch" + rules::canonical(watch));
    if (const Budget& b = spec_.budget; b.decisions > 0) {
      add("budget" + std::to_string(b.decisions) + " " + std::to_string(int(b.per)) + " " +
          std::to_string(b.duration.ns()) + " " + std::to_string(int(b.of)));
    }
    for (const Proposal& p : spec_.proposals) {
      add(to_text(p.task));
      for (const SourceText* each :
           {&p.when, &p.mode, &p.priority, &p.confidence, &p.due_hours, &p.title_text,
            &p.symptom_text, &p.cause_text, &p.rationale_text}) {
        add(each->text);
      }
    }
    return to_hex(sha256(canonical));
  }

  const RuleSpec& spec_;
  std::vector<std::string>& errors_;
  RuleScope scope_;
};

}  // namespace

CompiledRule compile_rule(const RuleSpec& spec, std::span<const EventType> catalogue,
                          std::vector<std::string>& errors) {
  return RuleCompiler(spec, catalogue, errors).run();
}

std::vector<std::uint32_t> CompiledRule::slots_read() const {
  std::set<std::uint32_t> all;
  for (const CompiledProposal& each : proposals) {
    all.insert(each.readings.begin(), each.readings.end());
  }
  return {all.begin(), all.end()};
}

void RuleSet::Impl::listen(const std::string& type, std::size_t index) {
  Listeners& listeners = by_type[type];
  if (!listeners.rules.empty() && listeners.rules.back().rule == index) return;
  const CompiledRule& rule = rules[index];
  const std::vector<std::uint32_t> read = rule.slots_read();
  listeners.rules.push_back({index, rule.scope.fields_of(type, read)});
  listeners.width = std::max(listeners.width, rule.scope.width());
  std::vector<std::uint32_t> all;
  std::set_union(listeners.slots.begin(), listeners.slots.end(), read.begin(),
                 std::lower_bound(read.begin(), read.end(), kSlotCount), std::back_inserter(all));
  listeners.slots = std::move(all);
  if (!rule.watches.empty()) listen_for_watches(listeners, type, index);
}

RuleSet::RuleSet(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
RuleSet::~RuleSet() = default;

Result<std::shared_ptr<const RuleSet>> RuleSet::compile(std::vector<RuleSpec> specs,
                                                        const std::string& config_version,
                                                        std::span<const EventType> catalogue) {
  if (specs.size() > limits::kRules) {
    return fail(Errc::kExhausted,
                "more than " + std::to_string(limits::kRules) + " rules; split the bundle");
  }
  auto impl = std::make_unique<Impl>();
  impl->config_version = config_version;
  std::vector<std::string> errors;
  std::map<std::string, std::string> places;
  for (const RuleSpec& spec : specs) {
    const auto [first, fresh] = places.emplace(spec.id, place_of(spec.place));
    if (!fresh) {
      errors.push_back(place_of(spec.place) + ": rule '" + spec.id + "' is already at " +
                       first->second + "; ids are unique");
    }
    impl->rules.push_back(compile_rule(spec, catalogue, errors));
    impl->summaries.push_back(Summary{impl->rules.back().ref, spec.owner, spec.summary});
    for (const std::string& type : spec.events) impl->listen(type, impl->rules.size() - 1);
  }
  impl->index(errors);
  if (!errors.empty()) {
    std::string message;
    for (const std::string& each : errors) message += (message.empty() ? "" : "\n") + each;
    return fail(Errc::kInvalid, message);
  }
  return std::shared_ptr<const RuleSet>(new RuleSet(std::move(impl)));
}

bool RuleSet::listens(std::string_view event_type) const {
  return impl_->by_type.find(event_type) != impl_->by_type.end();
}

const std::vector<RuleSet::Summary>& RuleSet::rules() const {
  return impl_->summaries;
}

}  // namespace millwright::rules
