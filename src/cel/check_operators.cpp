// The checker's operators.
#include <algorithm>
#include <array>
#include <cmath>

#include "cel/checker_state.hpp"

namespace millwright::cel {
namespace {

// Which kinds an arithmetic operator takes beside equal ones, which give their own kind.
struct ArithmeticRow {
  Op op;
  TypeKind a, b, result;
};
constexpr std::array kArithmetic{
    ArithmeticRow{Op::kAdd, TypeKind::kInt, TypeKind::kInt, TypeKind::kInt},
    ArithmeticRow{Op::kAdd, TypeKind::kUint, TypeKind::kUint, TypeKind::kUint},
    ArithmeticRow{Op::kAdd, TypeKind::kDouble, TypeKind::kDouble, TypeKind::kDouble},
    ArithmeticRow{Op::kAdd, TypeKind::kString, TypeKind::kString, TypeKind::kString},
    ArithmeticRow{Op::kAdd, TypeKind::kBytes, TypeKind::kBytes, TypeKind::kBytes},
    ArithmeticRow{Op::kAdd, TypeKind::kTimestamp, TypeKind::kDuration, TypeKind::kTimestamp},
    ArithmeticRow{Op::kAdd, TypeKind::kDuration, TypeKind::kTimestamp, TypeKind::kTimestamp},
    ArithmeticRow{Op::kAdd, TypeKind::kDuration, TypeKind::kDuration, TypeKind::kDuration},
    ArithmeticRow{Op::kSubtract, TypeKind::kInt, TypeKind::kInt, TypeKind::kInt},
    ArithmeticRow{Op::kSubtract, TypeKind::kUint, TypeKind::kUint, TypeKind::kUint},
    ArithmeticRow{Op::kSubtract, TypeKind::kDouble, TypeKind::kDouble, TypeKind::kDouble},
    ArithmeticRow{Op::kSubtract, TypeKind::kTimestamp, TypeKind::kTimestamp, TypeKind::kDuration},
    ArithmeticRow{Op::kSubtract, TypeKind::kTimestamp, TypeKind::kDuration, TypeKind::kTimestamp},
    ArithmeticRow{Op::kSubtract, TypeKind::kDuration, TypeKind::kDuration, TypeKind::kDuration},
    ArithmeticRow{Op::kMultiply, TypeKind::kInt, TypeKind::kInt, TypeKind::kInt},
    ArithmeticRow{Op::kMultiply, TypeKind::kUint, TypeKind::kUint, TypeKind::kUint},
    ArithmeticRow{Op::kMultiply, TypeKind::kDouble, TypeKind::kDouble, TypeKind::kDouble},
    ArithmeticRow{Op::kDivide, TypeKind::kInt, TypeKind::kInt, TypeKind::kInt},
    ArithmeticRow{Op::kDivide, TypeKind::kUint, TypeKind::kUint, TypeKind::kUint},
    ArithmeticRow{Op::kDivide, TypeKind::kDouble, TypeKind::kDouble, TypeKind::kDouble},
    ArithmeticRow{Op::kModulo, TypeKind::kInt, TypeKind::kInt, TypeKind::kInt},
    ArithmeticRow{Op::kModulo, TypeKind::kUint, TypeKind::kUint, TypeKind::kUint},
};

}  // namespace

// What to write where one side is only perhaps there.
std::string Checker::optional_fix(const Type& a, const Type& b) {
  const bool one = (a.kind == TypeKind::kOptional) != (b.kind == TypeKind::kOptional);
  return one ? "say what stands for a missing value: .orValue(...)" : "";
}

// What to write where two sides have no order between them.
std::string Checker::order_fix(NodeId id, const Type& a, const Type& b) const {
  const auto either = [&](TypeKind kind) { return a.kind == kind || b.kind == kind; };
  const auto text_of = [&](std::uint32_t child) {
    const Node& node = ast_.at(ast_.child(id, child));
    return node.kind == NodeKind::kLiteral && node.literal.is(Kind::kString);
  };
  if (either(TypeKind::kTimestamp) && either(TypeKind::kString)) {
    return "write timestamp('2026-03-02T06:00:00Z')";
  }
  if (either(TypeKind::kDuration) && (either(TypeKind::kString) || is_number(a) || is_number(b))) {
    return "a span of time is written duration('90m')";
  }
  if (is_number(a) ? text_of(1) : is_number(b) && text_of(0)) {
    return "a number stands without quotes";
  }
  const Node& left = ast_.at(ast_.child(id, 0));
  if (a.kind == TypeKind::kBool && is_number(b) && left.kind == NodeKind::kBinary) {
    return "a range is two comparisons: 3.0 < x && x < 5.0";
  }
  return optional_fix(a, b);
}

std::string Checker::literal_fix(NodeId id) const {
  const Node& node = ast_.at(id);
  const bool number = node.kind == NodeKind::kLiteral && node.literal.is(Kind::kInt);
  return number ? "write " + std::to_string(node.literal.as_int()) + ".0" : "";
}

void Checker::want_bool(NodeId id, const std::string& whose) {
  const Type type = types_.resolve(visit(id));
  if (is_open(type) || type.kind == TypeKind::kBool) return;
  std::string fix;
  if (type.kind == TypeKind::kString) fix = "compare it: ... == 'text'";
  if (is_number(type)) fix = "compare it: ... > 0";
  complain(ast_.at(id).begin, whose + " must be true or false, but this is " + shown(type), fix);
}

Type Checker::logic(NodeId id) {
  const std::string whose =
      ast_.at(id).kind == NodeKind::kAnd ? "each side of '&&'" : "each side of '||'";
  for (const NodeId term : ast_.children(id)) want_bool(term, whose);
  return TypeKind::kBool;
}

Type Checker::unary(NodeId id) {
  const NodeId operand = ast_.child(id, 0);
  if (ast_.at(id).op == Op::kNot) {
    want_bool(operand, "what '!' turns round");
    return TypeKind::kBool;
  }
  const Type type = types_.resolve(visit(operand));
  if (is_open(type) || type.kind == TypeKind::kInt || type.kind == TypeKind::kDouble) return type;
  return complain(ast_.at(id).mark, "'-' takes an int or a double, not " + shown(type));
}

Type Checker::binary(NodeId id) {
  const Type a = types_.resolve(visit(ast_.child(id, 0)));
  const Type b = types_.resolve(visit(ast_.child(id, 1)));
  switch (ast_.at(id).op) {
    case Op::kIn:
      return membership(id, a, b);
    case Op::kEqual:
    case Op::kNotEqual:
    case Op::kLess:
    case Op::kLessEqual:
    case Op::kGreater:
    case Op::kGreaterEqual:
      return relation(id, a, b);
    default:
      return arithmetic(id, a, b);
  }
}

Type Checker::arithmetic(NodeId id, const Type& a, const Type& b) {
  const Op op = ast_.at(id).op;
  if (op == Op::kAdd && a.kind == TypeKind::kList && b.kind == TypeKind::kList) {
    Type out = types_.join(a, b);
    if (out.kind != TypeKind::kList) out = Type::list(TypeKind::kDyn);
    out.max_size = a.max_size > 0 && b.max_size > 0 ? a.max_size + b.max_size : 0;
    return out;
  }
  std::vector<TypeKind> results;
  for (const ArithmeticRow& row : kArithmetic) {
    if (row.op != op) continue;
    const bool fits = (is_open(a) || a.kind == row.a) && (is_open(b) || b.kind == row.b);
    if (fits && std::find(results.begin(), results.end(), row.result) == results.end()) {
      results.push_back(row.result);
    }
  }
  const bool lists = op == Op::kAdd && (is_open(a) || a.kind == TypeKind::kList) &&
                     (is_open(b) || b.kind == TypeKind::kList);
  if (results.size() == 1 && !lists) return results[0];
  if (!results.empty() || lists) return TypeKind::kDyn;
  const std::string sign(op_text(op));
  std::string fix = optional_fix(a, b);
  if (is_number(a) && is_number(b)) {
    if (op == Op::kModulo && (a.kind == TypeKind::kDouble || b.kind == TypeKind::kDouble)) {
      return complain(ast_.at(id).mark, "'%' takes whole numbers only", "convert with int(...)");
    }
    if (a.kind == TypeKind::kDouble) fix = literal_fix(ast_.child(id, 1));
    if (b.kind == TypeKind::kDouble) fix = literal_fix(ast_.child(id, 0));
    if (fix.empty()) fix = "convert with double(...) or int(...)";
    return complain(ast_.at(id).mark,
                    "'" + sign + "' does not mix " + shown(a) + " and " + shown(b), fix);
  }
  if (op == Op::kAdd && (a.kind == TypeKind::kString || b.kind == TypeKind::kString)) {
    fix = "convert with string(...)";
  }
  return complain(ast_.at(id).mark, "'" + sign + "' does not take " + shown(a) + " and " + shown(b),
                  fix);
}

bool Checker::may_equal(const Type& a, const Type& b) {
  if (is_number(a) && is_number(b)) return true;
  Inference::Saved saved = types_.save();
  if (types_.accept(a, b)) return true;
  types_.restore(saved);
  if (types_.accept(b, a)) return true;
  types_.restore(std::move(saved));
  // What holds different numbers may be equal too: [1] == [1.0].
  const bool holds =
      a.kind == TypeKind::kList || a.kind == TypeKind::kMap || a.kind == TypeKind::kOptional;
  if (a.kind != b.kind || !holds) return false;
  for (std::size_t i = 0; i < a.params.size(); ++i) {
    if (!may_equal(types_.resolve(a.params[i]), types_.resolve(b.params[i]))) return false;
  }
  return true;
}

Type Checker::relation(NodeId id, const Type& a, const Type& b) {
  const Node& node = ast_.at(id);
  const std::string sign(op_text(node.op));
  if (node.op == Op::kEqual || node.op == Op::kNotEqual) {
    if (!may_equal(a, b)) {
      const auto either = [&](TypeKind kind) { return a.kind == kind || b.kind == kind; };
      std::string fix = optional_fix(a, b);
      if (either(TypeKind::kNull)) fix = "ask with has(...) whether a field is there";
      if (either(TypeKind::kIp)) fix = "compare with ip('10.0.0.7')";
      if (either(TypeKind::kCidr)) fix = "compare with cidr('10.0.0.0/8')";
      complain(
          node.mark,
          "'" + sign + "' compares " + shown(a) + " with " + shown(b) + ", which are never equal",
          fix);
    }
    return TypeKind::kBool;
  }
  const bool both_numbers = is_number(a) && is_number(b);
  const bool fits = (is_open(a) || has_order(a)) && (is_open(b) || has_order(b)) &&
                    (is_open(a) || is_open(b) || both_numbers || a.kind == b.kind);
  if (!fits) {
    complain(node.mark, "'" + sign + "' does not compare " + shown(a) + " with " + shown(b),
             order_fix(id, a, b));
  }
  return TypeKind::kBool;
}

Type Checker::membership(NodeId id, const Type& item, const Type& container) {
  const bool known = container.kind == TypeKind::kList || container.kind == TypeKind::kMap;
  if (known && !may_equal(types_.resolve(container.params[0]), item)) {
    complain(ast_.at(id).mark, "'in' looks for " + shown(item) + " in " + shown(container) +
                                   ", which never holds one");
  } else if (!known && !is_open(container)) {
    complain(ast_.at(id).mark, "'in' looks into a list or a map, not " + shown(container),
             container.kind == TypeKind::kString ? "write text.contains(part)" : "");
  }
  return TypeKind::kBool;
}

// Where the result is to be a whole number, and has a point.
std::string Checker::whole_fix() const {
  const Node& root = ast_.at(ast_.root);
  if (root.kind != NodeKind::kLiteral) return "convert with int(...)";
  const double number = root.literal.as_double();
  if (!(std::abs(number) < 0x1p53)) return "write a whole number";
  return "write a whole number, " + std::to_string(std::int64_t(number));
}

void Checker::check_result() {
  const Type got = types_.resolve(info_[ast_.root].type);
  if (is_open(options_.result) || is_open(got)) return;
  if (types_.accept(options_.result, got)) return;
  std::string fix = options_.result.kind == TypeKind::kDouble ? literal_fix(ast_.root) : "";
  if (fix.empty() && options_.result.kind == TypeKind::kDouble && is_number(got)) {
    fix = "convert with double(...)";
  }
  if (options_.result.kind == TypeKind::kInt && got.kind == TypeKind::kDouble) fix = whole_fix();
  if (options_.result.kind == TypeKind::kBool && is_number(got)) fix = "compare it: ... > 4.0";
  if (options_.result.kind == TypeKind::kBool && got.kind == TypeKind::kString) {
    fix = "compare it: ... == 'text'";
  }
  complain(ast_.at(ast_.root).begin,
           "this gives " + shown(got) + ", but must give " + to_text(options_.result), fix);
}

}  // namespace millwright::cel
