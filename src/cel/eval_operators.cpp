// Arithmetic and comparison. The quick forms look at the kinds and leave all else to
// operations.cpp.
#include "cel/evaluators.hpp"

namespace millwright::cel {
namespace {

constexpr bool is_arithmetic(Op op) {
  return op == Op::kAdd || op == Op::kSubtract || op == Op::kMultiply || op == Op::kDivide ||
         op == Op::kModulo;
}

template <Op kOp>
Value apply(const Value& a, const Value& b, Frame& frame) {
  if constexpr (is_arithmetic(kOp)) {
    return arithmetic(kOp, a, b, frame.context);
  } else if constexpr (kOp == Op::kEqual || kOp == Op::kNotEqual) {
    return equality(kOp, a, b, frame.context);
  } else {
    return ordering(kOp, a, b);
  }
}

template <Op kOp>
Value finish(const Value& a, const Value& b, const Code& code, Frame& frame) {
  if (a.is_error() || a.is(Kind::kUnknown)) return a;
  if (b.is_error() || b.is(Kind::kUnknown)) return b;
  return apply<kOp>(a, b, frame).at_node(code.node);
}

template <Op kOp>
Value general(const Code& code, Frame& frame) {
  const Value a = code.a->eval(*code.a, frame);
  const Value b = code.b->eval(*code.b, frame);
  return finish<kOp>(a, b, code, frame);
}

// Whether the quick path may answer: NaN has no order.
template <Op kOp>
bool plain(double a, double b) {
  return kOp == Op::kEqual || kOp == Op::kNotEqual || is_arithmetic(kOp) || (a == a && b == b);
}

template <Op kOp>
Value on_doubles(double a, double b) {
  if constexpr (kOp == Op::kAdd) return Value::number(a + b);
  if constexpr (kOp == Op::kSubtract) return Value::number(a - b);
  if constexpr (kOp == Op::kMultiply) return Value::number(a * b);
  if constexpr (kOp == Op::kDivide) return Value::number(a / b);
  if constexpr (kOp == Op::kEqual) return Value::boolean(a == b);
  if constexpr (kOp == Op::kNotEqual) return Value::boolean(a != b);
  if constexpr (kOp == Op::kLess) return Value::boolean(a < b);
  if constexpr (kOp == Op::kLessEqual) return Value::boolean(a <= b);
  if constexpr (kOp == Op::kGreater) return Value::boolean(a > b);
  if constexpr (kOp == Op::kGreaterEqual) return Value::boolean(a >= b);
  return no_overload();
}

template <Op kOp>
Value doubles(const Code& code, Frame& frame) {
  const Value a = code.a->eval(*code.a, frame);
  const Value b = code.b->eval(*code.b, frame);
  if (a.is(Kind::kDouble) && b.is(Kind::kDouble) && plain<kOp>(a.as_double(), b.as_double())) {
    return on_doubles<kOp>(a.as_double(), b.as_double());
  }
  return finish<kOp>(a, b, code, frame);
}

template <Op kOp>
Value slot_constant(const Code& code, Frame& frame) {
  const Value& a = frame.slots[code.slot];
  const double b = code.constant.as_double();
  if (a.is(Kind::kDouble) && plain<kOp>(a.as_double(), b)) [[likely]] {
    return on_doubles<kOp>(a.as_double(), b);
  }
  return finish<kOp>(read_slot(code, frame, code.operand), code.constant, code, frame);
}

template <Op kOp>
Value texts(const Code& code, Frame& frame) {
  const Value& a = frame.slots[code.slot];
  if (a.is(Kind::kString)) [[likely]] {
    return Value::boolean((a.as_text() == code.constant.as_text()) == (kOp == Op::kEqual));
  }
  return finish<kOp>(read_slot(code, frame, code.operand), code.constant, code, frame);
}

template <Op kOp>
constexpr OperatorForm form() {
  constexpr bool kTexts = kOp == Op::kEqual || kOp == Op::kNotEqual;
  return {general<kOp>, doubles<kOp>, slot_constant<kOp>, kTexts ? &texts<kOp> : nullptr};
}

constexpr OperatorForm kForms[] = {
    form<Op::kAdd>(),       form<Op::kSubtract>(), form<Op::kMultiply>(),     form<Op::kDivide>(),
    form<Op::kModulo>(),    form<Op::kEqual>(),    form<Op::kNotEqual>(),     form<Op::kLess>(),
    form<Op::kLessEqual>(), form<Op::kGreater>(),  form<Op::kGreaterEqual>(),
};
static_assert(std::size_t(Op::kGreaterEqual) + 1 == std::size(kForms));

}  // namespace

const OperatorForm& operator_form(Op op) {
  return kForms[std::size_t(op)];
}

Value eval_negate(const Code& code, Frame& frame) {
  const Value value = code.a->eval(*code.a, frame);
  if (value.is_error() || value.is(Kind::kUnknown)) return value;
  return negate(value).at_node(code.node);
}

}  // namespace millwright::cel
