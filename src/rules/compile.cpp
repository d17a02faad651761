// Rules as their authors wrote them, into compiled ones.
#include <algorithm>
#include <iterator>
#include <set>
#include <tuple>

#include "millwright/base/digest.hpp"
#include "millwright/base/limits.hpp"
#include "rules/compiled_rule.hpp"
#include "rules/schema.hpp"
#include "rules/table/compile.hpp"
#include "rules/table/grid.hpp"

namespace millwright::rules {
namespace {

std::string place_text(const std::string& file, int line, int column) {
  std::string out = file.empty() ? "line" : file;
  if (line > 0) {
    out += (file.empty() ? " " : ":") + std::to_string(line) + ":" + std::to_string(column);
  }
  return out;
}

std::string place_of(const SourceText& source) {
  return place_text(source.file, source.line, source.column);
}

class RuleCompiler {
 public:
  RuleCompiler(const RuleSpec& spec, std::span<const EventType> catalogue, RuleProblems& problems)
      : spec_(spec), problems_(problems), scope_(spec.events, catalogue) {}

  CompiledRule run() {
    std::vector<CompiledWatch> watches = compile_watches(spec_, scope_, problems_);
    scope_.add_plant_and_contributions();
    CompiledRule out{RuleScope({}, {})};
    out.watches = std::move(watches);
    out.budget = spec_.budget;
    out.ref = RuleRef{RuleId(spec_.id), spec_.version, hash()};
    out.owner = spec_.owner;
    out.summary = spec_.summary;
    out.events = spec_.events;
    out.status = spec_.status;
    out.on_gated = spec_.on_gated;
    out.repeat_after = spec_.repeat_after;
    out.place = place_of(spec_.place);
    check_frame();
    check_budget(spec_, problems_);
    out.condition = expression(spec_.condition, cel::TypeKind::kBool);
    if (spec_.table) table(out);
    for (std::size_t i = 0; i < spec_.proposals.size(); ++i) {
      out.proposals.push_back(proposal(spec_.proposals[i], out));
      if (spec_.proposals[i].when.text.empty() && i + 1 < spec_.proposals.size()) {
        complain(spec_.place,
                 "proposal " + std::to_string(i + 1) +
                     " always matches, so those after it never do; give it a 'when' or "
                     "put it last");
      }
    }
    out.scope = std::move(scope_);
    return out;
  }

 private:
  void complain(const SourceText& at, const std::string& message) {
    problems_.push_back({at.file, at.line, at.column, "rule '" + spec_.id + "': " + message});
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
    if (spec_.proposals.empty() && !spec_.table) complain(spec_.place, "it proposes nothing");
    if (!spec_.proposals.empty() && spec_.table) {
      complain(spec_.table->place, "it has 'propose' and 'table'; one of them is enough");
    }
    if (spec_.proposals.size() > kProposals) complain(spec_.place, "more than 32 proposals");
    if (spec_.repeat_after < Duration()) complain(spec_.place, "repeat_after is negative");
  }

  std::optional<cel::Program> expression(const SourceText& source, cel::TypeKind result) {
    if (source.text.empty()) return std::nullopt;
    if (!spec_.table) return compile_expression(source, result, scope_.schema(), problems_);
    // What all rows of a table share is compiled, and complained of, once.
    const auto [found, fresh] = shared_.try_emplace({source.line, source.column, source.text});
    if (fresh) {
      found->second = compile_expression(source, result, scope_.schema(), problems_);
    }
    return found->second;
  }

  TextTemplate text(const SourceText& source) {
    if (!spec_.table) return TextTemplate::compile(source, scope_.schema(), problems_);
    const auto [found, fresh] = texts_.try_emplace({source.line, source.column, source.text});
    if (fresh) found->second = TextTemplate::compile(source, scope_.schema(), problems_);
    return found->second;
  }

  void table(CompiledRule& out) {
    const std::size_t before = problems_.size();
    TableParts parts = compile_table(*spec_.table, scope_, problems_);
    for (std::size_t i = before; i < problems_.size(); ++i) {
      problems_[i].message = "rule '" + spec_.id + "': " + problems_[i].message;
    }
    std::set<std::uint32_t> asked;
    for (const Input& input : parts.table.inputs) {
      if (input.slot) asked.insert(*input.slot);
      if (!input.program) continue;
      asked.insert(input.program->slots_read().begin(), input.program->slots_read().end());
    }
    for (const Proposal& each : parts.proposals) {
      CompiledProposal made = proposal(each, out);
      asked.insert(made.readings.begin(), made.readings.end());
      out.proposals.push_back(std::move(made));
    }
    for (const TableRow& row : parts.table.rows) {
      for (const RowOutput& output : row.outputs) {
        if (!output.program) continue;
        asked.insert(output.program->slots_read().begin(), output.program->slots_read().end());
      }
    }
    // Any row may be the one that decided, and all of them were asked.
    for (CompiledProposal& each : out.proposals) each.readings.assign(asked.begin(), asked.end());
    out.table = std::move(parts.table);
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

  // Over everything that changes what the rule does or says, but not where it stands in its file,
  // nor in its life: what was tried as a shadow is what is released.
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
    if (spec_.table) add_table(*spec_.table, add);
    return to_hex(sha256(canonical));
  }

  // How cells are lined up does not count: their texts do.
  template <class Add>
  static void add_table(const TableSpec& table, const Add& add) {
    add("table");
    add(std::to_string(int(table.hit)));
    add(std::to_string(int(table.aggregate)));
    add(table.of.text);
    add(table.gaps_allowed ? "gaps" : "");
    RuleProblems ignored;
    const Grid grid = split_grid(table.rows, ignored);
    const auto add_line = [&](const GridLine& line) {
      add(line.otherwise ? "otherwise" : "");
      for (const SourceText& cell : line.inputs) add(cell.text);
      add("||");
      for (const SourceText& cell : line.outputs) add(cell.text);
    };
    add_line(grid.head);
    for (const GridLine& line : grid.rows) add_line(line);
    for (const auto& [name, values] : table.values) {
      add(name.text);
      add(values.text);
    }
    for (const auto& [name, values] : table.order) {
      add(name.text);
      for (const SourceText& value : values) add(value.text);
    }
    const Proposal& p = table.defaults;
    for (const SourceText* each :
         {&table.task, &p.when, &p.mode, &p.priority, &p.confidence, &p.due_hours, &p.title_text,
          &p.symptom_text, &p.cause_text, &p.rationale_text}) {
      add(each->text);
    }
  }

  const RuleSpec& spec_;
  RuleProblems& problems_;
  RuleScope scope_;
  using Place = std::tuple<int, int, std::string>;
  std::map<Place, std::optional<cel::Program>> shared_;
  std::map<Place, TextTemplate> texts_;
};

}  // namespace

std::string to_text(const RuleProblem& problem) {
  if (problem.file.empty() && problem.line == 0) return problem.message;
  return place_text(problem.file, problem.line, problem.column) + ": " + problem.message;
}

std::string_view to_text(RuleStatus status) {
  switch (status) {
    case RuleStatus::kDraft:
      return "draft";
    case RuleStatus::kShadow:
      return "shadow";
    case RuleStatus::kReleased:
      return "released";
    case RuleStatus::kRetired:
      return "retired";
  }
  return "unknown";
}

CompiledRule compile_rule(const RuleSpec& spec, std::span<const EventType> catalogue,
                          RuleProblems& problems) {
  return RuleCompiler(spec, catalogue, problems).run();
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
  CompiledRule& rule = rules[index];
  const std::vector<std::uint32_t> read = rule.slots_read();
  rule.reads_contributions =
      std::binary_search(read.begin(), read.end(), rule.scope.contributions());
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
                                                        std::span<const EventType> catalogue,
                                                        RuleProblems* problems) {
  RuleProblems own;
  RuleProblems& found = problems == nullptr ? own : *problems;
  found.clear();
  if (specs.size() > limits::kRules) {
    found.push_back(
        {{}, 0, 0, "more than " + std::to_string(limits::kRules) + " rules; split the bundle"});
    return fail(Errc::kExhausted, found[0].message);
  }
  auto impl = std::make_unique<Impl>();
  impl->config_version = config_version;
  std::map<std::string, std::string> places;
  for (const RuleSpec& spec : specs) {
    const auto [first, fresh] = places.emplace(spec.id, place_of(spec.place));
    if (!fresh) {
      found.push_back(
          {spec.place.file, spec.place.line, spec.place.column,
           "rule '" + spec.id + "' is already at " + first->second + "; ids are unique"});
    }
    impl->rules.push_back(compile_rule(spec, catalogue, found));
    impl->summaries.push_back(
        Summary{impl->rules.back().ref, spec.owner, spec.summary, spec.status});
    if (spec.status == RuleStatus::kDraft || spec.status == RuleStatus::kRetired) continue;
    for (const std::string& type : spec.events) impl->listen(type, impl->rules.size() - 1);
  }
  impl->index(found);
  if (!found.empty()) {
    std::string message;
    for (const RuleProblem& each : found) message += (message.empty() ? "" : "\n") + to_text(each);
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
