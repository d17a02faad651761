// Leaves and logic.
#include "cel/evaluators.hpp"

namespace millwright::cel {
namespace {

// What an operand that decides nothing leaves behind: nothing, or its error.
Value undecided(const Value& value, const Code& operand) {
  if (value.is_error() || value.is(Kind::kUnknown)) return value;
  return no_overload("this is neither true nor false").at_node(operand.node);
}

template <bool kStop>
Value logic(const Code& code, Frame& frame) {
  Value held = Value::boolean(!kStop);
  for (std::uint32_t i = 0; i < code.count; ++i) {
    const Code& operand = *code.kids[i];
    const Value value = operand.eval(operand, frame);
    if (value.is(Kind::kBool)) {
      if (value.as_bool() == kStop) return value;
    } else if (is_overrun(value)) {
      return value;
    } else if (held.is(Kind::kBool)) {
      held = undecided(value, operand);
    }
  }
  return held;
}

template <bool kStop>
Value logic2(const Code& code, Frame& frame) {
  const Value left = code.a->eval(*code.a, frame);
  if (left.is(Kind::kBool)) {
    if (left.as_bool() == kStop) return left;
    const Value right = code.b->eval(*code.b, frame);
    return right.is(Kind::kBool) ? right : undecided(right, *code.b);
  }
  if (is_overrun(left)) return left;
  const Value right = code.b->eval(*code.b, frame);
  if (is_overrun(right)) return right;
  if (right.is(Kind::kBool) && right.as_bool() == kStop) return right;
  return undecided(left, *code.a);
}

}  // namespace

Value eval_constant(const Code& code, Frame& /*frame*/) {
  return code.constant;
}

Value eval_slot(const Code& code, Frame& frame) {
  return read_slot(code, frame, code.node);
}

Value eval_local(const Code& code, Frame& frame) {
  return frame.locals[code.slot].at_node(code.node);
}

Value eval_unknown_name(const Code& code, Frame& /*frame*/) {
  return Value::error(ErrorCode::kNoSuchVariable).at_node(code.node);
}

Value eval_has_slot(const Code& code, Frame& frame) {
  const Value& value = frame.slots[code.slot];
  if (value.is_error()) return value.at_node(code.node);
  return Value::boolean(!value.is(Kind::kAbsent));
}

Value eval_and(const Code& code, Frame& frame) {
  return logic<false>(code, frame);
}
Value eval_or(const Code& code, Frame& frame) {
  return logic<true>(code, frame);
}
Value eval_and2(const Code& code, Frame& frame) {
  return logic2<false>(code, frame);
}
Value eval_or2(const Code& code, Frame& frame) {
  return logic2<true>(code, frame);
}

Value eval_not(const Code& code, Frame& frame) {
  const Value value = code.a->eval(*code.a, frame);
  if (value.is(Kind::kBool)) return Value::boolean(!value.as_bool());
  return undecided(value, *code.a);
}

Value eval_conditional(const Code& code, Frame& frame) {
  const Value condition = code.a->eval(*code.a, frame);
  if (!condition.is(Kind::kBool)) return undecided(condition, *code.a);
  const Code& branch = condition.as_bool() ? *code.b : *code.c;
  return branch.eval(branch, frame);
}

Value eval_result_kind(const Code& code, Frame& frame) {
  const Value value = code.a->eval(*code.a, frame);
  if (value.is_error() || value.is(Kind::kUnknown) || value.kind() == code.kind) return value;
  return no_overload("the expression gives a value of another type than asked for")
      .at_node(code.node);
}

Value eval_traced(const Code& code, Frame& frame) {
  const Value value = code.a->eval(*code.a, frame);
  if (!frame.by_node.empty()) frame.by_node[code.node] = value;
  if (frame.trace != nullptr && frame.trace->size() < Program::kTraceEntries) {
    frame.trace->push_back(TraceEntry{code.constant.as_text(), value});
  }
  return value;
}

}  // namespace millwright::cel
