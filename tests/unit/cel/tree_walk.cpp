#include "tree_walk.hpp"

#include <algorithm>
#include <cmath>

namespace millwright::cel {
namespace {

using Wide = __int128;

constexpr Wide kSecond = 1'000'000'000;
constexpr Wide kFirst = Wide(-62'135'596'800) * kSecond;
constexpr Wide kLast = Wide(253'402'300'800) * kSecond - 1;

Wide nanoseconds(const Value& time) {
  return Wide(time.timestamp_seconds()) * kSecond + time.timestamp_ns();
}

double as_double(const Value& v) {
  if (v.is(Kind::kInt)) return double(v.as_int());
  return v.is(Kind::kUint) ? double(v.as_uint()) : v.as_double();
}
Wide as_wide(const Value& v) {
  return v.is(Kind::kInt) ? Wide(v.as_int()) : Wide(v.as_uint());
}

template <class T>
int sign(const T& a, const T& b) {
  return a < b ? -1 : (b < a ? 1 : 0);
}

}  // namespace

int walk_order(const Value& a, const Value& b) {
  if (a.is_number() && b.is_number()) {
    if (!a.is(Kind::kDouble) && !b.is(Kind::kDouble)) return sign(as_wide(a), as_wide(b));
    if (std::isnan(as_double(a)) || std::isnan(as_double(b))) return 2;
    return sign(as_double(a), as_double(b));
  }
  if (a.kind() != b.kind()) return 2;
  switch (a.kind()) {
    case Kind::kBool:
      return sign(int(a.as_bool()), int(b.as_bool()));
    case Kind::kString:
    case Kind::kBytes:
      return sign(a.as_text(), b.as_text());
    case Kind::kDuration:
      return sign(a.as_duration().ns(), b.as_duration().ns());
    case Kind::kTimestamp:
      return sign(nanoseconds(a), nanoseconds(b));
    default:
      return 2;
  }
}

bool walk_equal(const Value& a, const Value& b) {
  if (a.is_number() && b.is_number()) return walk_order(a, b) == 0;
  if (a.kind() != b.kind()) return false;
  if (a.is(Kind::kNull)) return true;
  if (a.is(Kind::kType)) return a.as_text() == b.as_text();
  if (a.is(Kind::kList)) {
    const auto x = a.as_list();
    return std::equal(x.begin(), x.end(), b.as_list().begin(), b.as_list().end(), walk_equal);
  }
  if (a.is(Kind::kOptional)) {
    const Value* x = a.as_optional();
    const Value* y = b.as_optional();
    return x == nullptr || y == nullptr ? x == y : walk_equal(*x, *y);
  }
  if (!a.is(Kind::kMap)) return walk_order(a, b) == 0;
  if (a.as_map().size() != b.as_map().size()) return false;
  for (const MapEntry& x : a.as_map()) {
    const auto same = [&](const MapEntry& y) {
      return walk_equal(x.key, y.key) && walk_equal(x.value, y.value);
    };
    if (std::none_of(b.as_map().begin(), b.as_map().end(), same)) return false;
  }
  return true;
}

Value TreeWalk::evaluate(NodeId id) {
  const Node& node = ast_.at(id);
  switch (node.kind) {
    case NodeKind::kLiteral:
      return node.literal;
    case NodeKind::kIdent:
      return name(id);
    case NodeKind::kSelect:
      return select(id);
    case NodeKind::kHas:
      return has(id);
    case NodeKind::kIndex:
      return index(id);
    case NodeKind::kCall:
    case NodeKind::kMemberCall:
      return call(id);
    case NodeKind::kUnary: {
      const Value of = evaluate(ast_.child(id, 0));
      if (node.op == Op::kNot) return of.is(Kind::kBool) ? Value::boolean(!of.as_bool()) : wrong();
      if (of.is(Kind::kDouble)) return Value::number(-of.as_double());
      return arithmetic(Op::kSubtract, Value::integer(0), of);
    }
    case NodeKind::kBinary:
      return binary(id);
    case NodeKind::kAnd:
    case NodeKind::kOr:
      return logic(id);
    case NodeKind::kConditional: {
      const Value condition = evaluate(ast_.child(id, 0));
      if (!condition.is(Kind::kBool)) return wrong();
      return evaluate(ast_.child(id, condition.as_bool() ? 1 : 2));
    }
    case NodeKind::kList:
      return list(id);
    case NodeKind::kMap:
      return map(id);
    case NodeKind::kLoop:
      return loop(id);
    case NodeKind::kBind: {
      locals_.emplace_back(node.name, evaluate(ast_.child(id, 0)));
      const Value out = evaluate(ast_.child(id, 1));
      locals_.pop_back();
      return out;
    }
    case NodeKind::kEntry:
      break;
  }
  return wrong();
}

const Value* TreeWalk::local(std::string_view name) const {
  for (std::size_t i = locals_.size(); i-- > 0;) {
    if (locals_[i].first == name) return &locals_[i].second;
  }
  return nullptr;
}

std::string TreeWalk::path(NodeId id) const {
  const Node& node = ast_.at(id);
  if (node.kind == NodeKind::kIdent) {
    return local(node.name) != nullptr ? "" : std::string(node.name);
  }
  if ((node.kind != NodeKind::kSelect && node.kind != NodeKind::kHas) || node.optional) return "";
  const std::string before = path(ast_.child(id, 0));
  return before.empty() ? "" : before + "." + std::string(node.name);
}

Value TreeWalk::wrapped(const Value& value) {
  return value.is_error() ? value : Value::optional_of(lists_.emplace_back(1, value).data());
}

Value TreeWalk::name(NodeId id) {
  if (const Value* value = local(ast_.at(id).name)) return *value;
  const auto slot = schema_.slot(ast_.at(id).name);
  if (!slot || slots_[*slot].is(Kind::kAbsent)) return wrong();
  return slots_[*slot];
}

Value TreeWalk::select(NodeId id) {
  const std::string whole = path(id);
  const auto slot = whole.empty() ? std::nullopt : schema_.slot(whole);
  if (slot) return slots_[*slot].is(Kind::kAbsent) ? wrong() : slots_[*slot];
  const Value of = evaluate(ast_.child(id, 0));
  if (of.is_error()) return of;
  if (of.is(Kind::kOptional)) {
    if (of.as_optional() == nullptr) return of;
    const Value found = field(id, *of.as_optional());
    return found.is(Kind::kAbsent) ? Value::none() : wrapped(found);
  }
  const Value found = field(id, of);
  if (ast_.at(id).optional) return found.is(Kind::kAbsent) ? Value::none() : wrapped(found);
  return found.is(Kind::kAbsent) ? wrong() : found;
}

// kAbsent if it is not there.
Value TreeWalk::field(NodeId id, const Value& of) {
  if (!of.is(Kind::kMap)) return wrong();
  return item(of, Value::string(ast_.at(id).name));
}

Value TreeWalk::has(NodeId id) {
  const std::string whole = path(id);
  if (const auto slot = whole.empty() ? std::nullopt : schema_.slot(whole)) {
    return Value::boolean(!slots_[*slot].is(Kind::kAbsent));
  }
  Value of = evaluate(ast_.child(id, 0));
  if (of.is(Kind::kOptional)) {
    if (of.as_optional() == nullptr) return Value::boolean(false);
    of = *of.as_optional();
  }
  if (!of.is(Kind::kMap)) return wrong();
  return Value::boolean(!field(id, of).is(Kind::kAbsent));
}

// kAbsent if it is not there.
Value TreeWalk::item(const Value& of, const Value& key) {
  if (of.is(Kind::kMap)) {
    for (const MapEntry& entry : of.as_map()) {
      if (walk_equal(entry.key, key)) return entry.value;
    }
    return Value::absent();
  }
  if (!of.is(Kind::kList) || !key.is_number()) return wrong();
  const double at = as_double(key);
  if (at != std::floor(at) || at < 0 || at >= double(of.as_list().size())) return Value::absent();
  return of.as_list()[std::size_t(at)];
}

Value TreeWalk::index(NodeId id) {
  Value of = evaluate(ast_.child(id, 0));
  if (of.is_error()) return of;
  const Value key = evaluate(ast_.child(id, 1));
  if (key.is_error()) return key;
  const bool through = of.is(Kind::kOptional);
  if (through && of.as_optional() == nullptr) return of;
  if (through) of = *of.as_optional();
  const Value found = item(of, key);
  if (!through && !ast_.at(id).optional) return found.is(Kind::kAbsent) ? wrong() : found;
  return found.is(Kind::kAbsent) ? Value::none() : wrapped(found);
}

// One that decides wins over errors, wherever it stands.
Value TreeWalk::logic(NodeId id) {
  const bool stop = ast_.at(id).kind == NodeKind::kOr;
  bool all = true;
  for (const NodeId term : ast_.children(id)) {
    const Value value = evaluate(term);
    if (value.is(Kind::kBool) && value.as_bool() == stop) return value;
    all = all && value.is(Kind::kBool);
  }
  return all ? Value::boolean(!stop) : wrong();
}

Value TreeWalk::binary(NodeId id) {
  const Value a = evaluate(ast_.child(id, 0));
  const Value b = evaluate(ast_.child(id, 1));
  if (a.is_error() || b.is_error()) return wrong();
  const Op op = ast_.at(id).op;
  if (op == Op::kEqual || op == Op::kNotEqual) {
    return Value::boolean(walk_equal(a, b) == (op == Op::kEqual));
  }
  if (op == Op::kIn) {
    if (b.is(Kind::kMap)) return Value::boolean(!item(b, a).is(Kind::kAbsent));
    if (!b.is(Kind::kList)) return wrong();
    const auto items = b.as_list();
    return Value::boolean(std::any_of(items.begin(), items.end(),
                                      [&](const Value& each) { return walk_equal(a, each); }));
  }
  if (op >= Op::kLess && op <= Op::kGreaterEqual) {
    const int order = walk_order(a, b);
    if (order == 2) return wrong();
    if (op == Op::kLess) return Value::boolean(order < 0);
    if (op == Op::kLessEqual) return Value::boolean(order <= 0);
    return Value::boolean(op == Op::kGreater ? order > 0 : order >= 0);
  }
  return arithmetic(op, a, b);
}

Value TreeWalk::arithmetic(Op op, const Value& a, const Value& b) {
  const bool divides = op == Op::kDivide || op == Op::kModulo;
  if (a.kind() == b.kind() && (a.is(Kind::kInt) || a.is(Kind::kUint))) {
    const Wide x = as_wide(a);
    const Wide y = as_wide(b);
    if (divides && y == 0) return wrong();
    // The quotient is looked at even for the rest: the smallest int by -1 has none.
    Wide out = op == Op::kAdd ? x + y : (op == Op::kSubtract ? x - y : (divides ? x / y : x * y));
    const bool is_int = a.is(Kind::kInt);
    if (out < (is_int ? Wide(INT64_MIN) : 0)) return wrong();
    if (out > (is_int ? Wide(INT64_MAX) : Wide(UINT64_MAX))) return wrong();
    if (op == Op::kModulo) out = x % y;
    return is_int ? Value::integer(std::int64_t(out)) : Value::uinteger(std::uint64_t(out));
  }
  if (a.is(Kind::kDouble) && b.is(Kind::kDouble)) {
    const double x = a.as_double();
    const double y = b.as_double();
    if (op == Op::kAdd) return Value::number(x + y);
    if (op == Op::kSubtract) return Value::number(x - y);
    if (op == Op::kMultiply) return Value::number(x * y);
    return op == Op::kDivide ? Value::number(x / y) : wrong();
  }
  if (op == Op::kAdd && a.is(Kind::kString) && b.is(Kind::kString)) {
    return Value::string(texts_.emplace_back(std::string(a.as_text()) + std::string(b.as_text())));
  }
  if (op == Op::kAdd && a.is(Kind::kList) && b.is(Kind::kList)) {
    std::vector<Value>& out = lists_.emplace_back(a.as_list().begin(), a.as_list().end());
    out.insert(out.end(), b.as_list().begin(), b.as_list().end());
    return Value::list(out);
  }
  return times(op, a, b);
}

Value TreeWalk::times(Op op, const Value& a, const Value& b) {
  if (op != Op::kAdd && op != Op::kSubtract) return wrong();
  const auto is_time = [](const Value& v) { return v.is(Kind::kTimestamp); };
  const auto fits = [&](const Value& v) { return is_time(v) || v.is(Kind::kDuration); };
  if (!fits(a) || !fits(b)) return wrong();
  if (is_time(b) && (is_time(a) ? op == Op::kAdd : op == Op::kSubtract)) return wrong();
  const Wide x = is_time(a) ? nanoseconds(a) : Wide(a.as_duration().ns());
  const Wide y = is_time(b) ? nanoseconds(b) : Wide(b.as_duration().ns());
  const Wide out = op == Op::kAdd ? x + y : x - y;
  if (is_time(a) == is_time(b)) {
    if (out < INT64_MIN || out > INT64_MAX) return wrong();
    return Value::duration(Duration(std::int64_t(out)));
  }
  if (out < kFirst || out > kLast) return wrong();
  const Wide from = out - kFirst;
  return Value::timestamp(std::int64_t((from / kSecond) + kFirst / kSecond),
                          std::uint32_t(from % kSecond));
}

}  // namespace millwright::cel
