// Optional values: `.?`, `[?`, entries, or, orValue.
#include "cel/evaluators.hpp"

namespace millwright::cel {
namespace {

Value run(const Code& code, Frame& frame) {
  return code.eval(code, frame);
}

bool stops(const Value& value) {
  return value.is_error() || value.is(Kind::kUnknown);
}

// Takes the value out of an optional; false if it has none.
bool unwrapped(Value& value) {
  if (!value.is(Kind::kOptional)) return true;
  if (value.as_optional() == nullptr) return false;
  value = *value.as_optional();
  return true;
}

// A key or index that is not there is no error here.
Value as_optional(const Value& found, const Code& code, Frame& frame) {
  if (!found.is_error()) return wrapped(found, frame.context).at_node(code.node);
  const ErrorCode why = found.error_code();
  if (why == ErrorCode::kNoSuchField || why == ErrorCode::kOutOfRange) return Value::none();
  return found.at_node(code.node);
}

}  // namespace

Value opt_field(Value container, const Code& code, Frame& frame) {
  if (!unwrapped(container)) return Value::none();
  if (!container.is(Kind::kMap)) return no_overload("only maps have fields").at_node(code.node);
  const Value* found = find(container.as_map(), code.constant);
  return found == nullptr ? Value::none() : as_optional(*found, code, frame);
}

Value opt_item(Value container, const Value& key, const Code& code, Frame& frame) {
  if (!unwrapped(container)) return Value::none();
  return as_optional(index_into(container, key), code, frame);
}

Value eval_opt_select(const Code& code, Frame& frame) {
  const Value container = run(*code.a, frame);
  return stops(container) ? container : opt_field(container, code, frame);
}

Value eval_opt_index(const Code& code, Frame& frame) {
  const Value container = run(*code.a, frame);
  if (stops(container)) return container;
  const Value key = run(*code.b, frame);
  return stops(key) ? key : opt_item(container, key, code, frame);
}

Value eval_opt_slot(const Code& code, Frame& frame) {
  return as_optional(read_slot(code, frame, Value::kNoNode), code, frame);
}

Value eval_entry(const Code& code, Frame& frame) {
  const Value value = run(*code.a, frame);
  if (stops(value)) return value;
  if (!value.is(Kind::kOptional)) {
    return no_overload("an entry with ? takes an optional").at_node(code.node);
  }
  return value.as_optional() == nullptr ? Value::absent() : *value.as_optional();
}

Value eval_or_optional(const Code& code, Frame& frame) {
  const Value left = run(*code.a, frame);
  if (stops(left)) return left;
  if (!left.is(Kind::kOptional)) return no_overload().at_node(code.node);
  if (left.as_optional() != nullptr) return left;
  const Value right = run(*code.b, frame);
  if (stops(right) || right.is(Kind::kOptional)) return right;
  return no_overload("or() takes an optional").at_node(code.node);
}

Value eval_or_value(const Code& code, Frame& frame) {
  const Value left = run(*code.a, frame);
  if (stops(left)) return left;
  if (!left.is(Kind::kOptional)) return no_overload().at_node(code.node);
  return left.as_optional() != nullptr ? *left.as_optional() : run(*code.b, frame);
}

}  // namespace millwright::cel
