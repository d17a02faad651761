#pragma once
// The functions that compiled nodes run: one for each form that the generator may choose. Pure.

#include "cel/code.hpp"
#include "cel/operations.hpp"

namespace millwright::cel {

// Leaves (eval_basic.cpp).
Value eval_constant(const Code& code, Frame& frame);
Value eval_slot(const Code& code, Frame& frame);
Value eval_local(const Code& code, Frame& frame);
// The value of what `a` gives is bound while `b` runs; an error only counts where it is used.
Value eval_bind(const Code& code, Frame& frame);
Value eval_unknown_name(const Code& code, Frame& frame);
Value eval_has_slot(const Code& code, Frame& frame);

// Logic.
Value eval_and(const Code& code, Frame& frame);
Value eval_and2(const Code& code, Frame& frame);
Value eval_or(const Code& code, Frame& frame);
Value eval_or2(const Code& code, Frame& frame);
Value eval_not(const Code& code, Frame& frame);
Value eval_conditional(const Code& code, Frame& frame);
Value eval_result_kind(const Code& code, Frame& frame);
Value eval_traced(const Code& code, Frame& frame);

// Containers (eval_containers.cpp).
Value eval_list(const Code& code, Frame& frame);
Value eval_map(const Code& code, Frame& frame);
Value eval_index(const Code& code, Frame& frame);
Value eval_select(const Code& code, Frame& frame);
Value eval_has_key(const Code& code, Frame& frame);
// .? and [? : an optional; through an optional, `.` and `[` are the same.
Value eval_opt_select(const Code& code, Frame& frame);
Value eval_opt_index(const Code& code, Frame& frame);
Value opt_field(Value container, const Code& code, Frame& frame);
Value opt_item(Value container, const Value& key, const Code& code, Frame& frame);
Value eval_opt_slot(const Code& code, Frame& frame);
// What ?x adds to a list or map: its value, or kAbsent for nothing.
Value eval_entry(const Code& code, Frame& frame);
// optional.or and orValue: the right side is evaluated only where it is needed.
Value eval_or_optional(const Code& code, Frame& frame);
Value eval_or_value(const Code& code, Frame& frame);
Value eval_in(const Code& code, Frame& frame);
Value eval_in_texts(const Code& code, Frame& frame);  // constant: list of sorted strings
[[nodiscard]] Eval loop_evaluator(LoopKind kind);

// Calls (eval_calls.cpp).
Value eval_call(const Code& code, Frame& frame);
Value eval_unknown_function(const Code& code, Frame& frame);
Value eval_matches(const Code& code, Frame& frame);
// A timestamp's part in a zone that is known beforehand; `slot` says which part.
Value eval_time_part(const Code& code, Frame& frame);

// Operators (eval_operators.cpp): general forms, and those for operands that are doubles.
struct OperatorForm {
  Eval general;        // a op b
  Eval doubles;        // both double
  Eval slot_constant;  // double slot op double constant
  Eval texts;          // string slot op string constant; null but for == and !=
};
[[nodiscard]] const OperatorForm& operator_form(Op op);
Value eval_negate(const Code& code, Frame& frame);

// What is in the slot, or why it has no value; blamed on `node`.
[[nodiscard]] inline Value read_slot(const Code& code, Frame& frame, NodeId node) {
  const Value& value = frame.slots[code.slot];
  if (value.is(Kind::kAbsent)) return Value::error(ErrorCode::kNoSuchField).at_node(node);
  if (value.is_error()) return value.at_node(node);
  if (code.kind != Kind::kAbsent && value.kind() != code.kind) {
    return no_overload("the value is not of its declared type").at_node(node);
  }
  return value;
}

}  // namespace millwright::cel
