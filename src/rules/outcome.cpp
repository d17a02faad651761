// A rule asked for its answer alone: no texts, no cooldown, no evidence.
#include "rules/trace.hpp"

namespace millwright::rules {
namespace {

using cel::Value;

class Answer {
 public:
  Answer(const CompiledRule& rule, std::span<Value> slots, cel::Arena& arena)
      : rule_(rule), slots_(slots), arena_(arena) {}

  std::optional<std::string> run() {
    if (holds(rule_.condition)) {
      if (rule_.table) {
        ask(*rule_.table);
      } else {
        first_that_holds();
      }
    }
    if (failed_) return std::nullopt;
    return out_;
  }

 private:
  Value value_of(const std::optional<cel::Program>& program, Value fallback) {
    if (!program) return fallback;
    const Value value = program->evaluate(slots_, arena_);
    failed_ = failed_ || value.is_error();
    return value;
  }
  bool holds(const std::optional<cel::Program>& program) {
    return value_of(program, Value::boolean(true)).is_true();
  }

  void first_that_holds() {
    for (const CompiledProposal& each : rule_.proposals) {
      const bool taken = holds(each.when);
      if (failed_) return;
      if (taken) return say(each);
    }
  }

  void ask(const DecisionTable& table) {
    const Picked picked = pick(table, slots_, arena_);
    failed_ = failed_ || !picked.error.empty();
    if (failed_ || picked.rows.empty()) return;
    if (table.aggregate != Aggregate::kList) {
      failed_ = !fill_result(table, picked.rows, slots_, arena_);
      if (!failed_) take(picked.rows.front());
      return;
    }
    for (const std::size_t row : picked.rows) {
      failed_ = failed_ || !fill_row(table.rows[row], slots_, arena_);
      if (!failed_) take(row);
    }
  }

  void take(std::size_t row) {
    if (holds(rule_.proposals[row].when)) say(rule_.proposals[row]);
  }

  void say(const CompiledProposal& proposal) {
    const Value mode = value_of(proposal.mode, Value::string(rule_.ref.id.str()));
    const Value priority = value_of(proposal.priority, Value::integer(3));
    if (failed_) return;
    failed_ = mode.as_text().empty() || priority.as_int() < 1 || priority.as_int() > 4;
    out_ += (out_.empty() ? "" : "; ") + std::string(to_text(proposal.task)) + " P" +
            std::to_string(priority.as_int()) + ", mode " + std::string(mode.as_text());
  }

  const CompiledRule& rule_;
  std::span<Value> slots_;
  cel::Arena& arena_;
  std::string out_;
  bool failed_ = false;
};

}  // namespace

std::optional<std::string> outcome_of(const CompiledRule& rule, std::span<Value> slots,
                                      cel::Arena& arena) {
  return Answer(rule, slots, arena).run();
}

bool fill_row(const TableRow& row, std::span<Value> slots, cel::Arena& arena) {
  for (const RowOutput& output : row.outputs) {
    slots[output.slot] = output.program ? output.program->evaluate(slots, arena) : Value::absent();
    if (slots[output.slot].is_error()) return false;
  }
  return true;
}

bool fill_result(const DecisionTable& table, const std::vector<std::size_t>& rows,
                 std::span<Value> slots, cel::Arena& arena) {
  if (table.aggregate == Aggregate::kCount) {
    const bool none = table.otherwise == rows.front();
    slots[*table.result] = Value::integer(none ? 0 : std::int64_t(rows.size()));
    return true;
  }
  std::optional<double> all;
  for (const std::size_t row : rows) {
    const auto& program = table.rows[row].outputs[*table.of].program;
    if (!program) continue;
    const Value value = program->evaluate(slots, arena);
    if (value.is_error()) return false;
    const double one = value.as_double();
    if (!all) {
      all = one;
    } else if (table.aggregate == Aggregate::kSum) {
      all = *all + one;
    } else {
      all = table.aggregate == Aggregate::kMin ? std::min(*all, one) : std::max(*all, one);
    }
  }
  slots[*table.result] = all ? Value::number(*all) : Value::absent();
  return true;
}

}  // namespace millwright::rules
