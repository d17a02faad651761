#include "cel/operations.hpp"

#include <cstring>

namespace millwright::cel {
namespace {

constexpr const char* kOverflow = "the result does not fit into 64 bits";
constexpr const char* kTimeRange = "a timestamp outside the years 1 to 9999";
constexpr const char* kDurationRange = "a duration beyond 292 years";
constexpr std::int64_t kNsPerSecond = 1'000'000'000;

Value int_arithmetic(Op op, std::int64_t a, std::int64_t b) noexcept {
  std::int64_t r = 0;
  bool over = false;
  switch (op) {
    case Op::kAdd:
      over = __builtin_add_overflow(a, b, &r);
      break;
    case Op::kSubtract:
      over = __builtin_sub_overflow(a, b, &r);
      break;
    case Op::kMultiply:
      over = __builtin_mul_overflow(a, b, &r);
      break;
    case Op::kDivide:
    case Op::kModulo:
      if (b == 0) return Value::error(ErrorCode::kDivideByZero);
      if (a == INT64_MIN && b == -1) {
        over = true;
      } else {
        r = op == Op::kDivide ? a / b : a % b;
      }
      break;
    default:
      return no_overload();
  }
  return over ? out_of_range(kOverflow) : Value::integer(r);
}

Value uint_arithmetic(Op op, std::uint64_t a, std::uint64_t b) noexcept {
  std::uint64_t r = 0;
  bool over = false;
  switch (op) {
    case Op::kAdd:
      over = __builtin_add_overflow(a, b, &r);
      break;
    case Op::kSubtract:
      over = __builtin_sub_overflow(a, b, &r);
      break;
    case Op::kMultiply:
      over = __builtin_mul_overflow(a, b, &r);
      break;
    case Op::kDivide:
    case Op::kModulo:
      if (b == 0) return Value::error(ErrorCode::kDivideByZero);
      r = op == Op::kDivide ? a / b : a % b;
      break;
    default:
      return no_overload();
  }
  return over ? out_of_range(kOverflow) : Value::uinteger(r);
}

Value double_arithmetic(Op op, double a, double b) noexcept {
  switch (op) {
    case Op::kAdd:
      return Value::number(a + b);
    case Op::kSubtract:
      return Value::number(a - b);
    case Op::kMultiply:
      return Value::number(a * b);
    case Op::kDivide:
      return Value::number(a / b);
    default:
      return no_overload();
  }
}

Value shifted(const Value& t, std::int64_t ns, bool back) noexcept {
  const __int128 total = __int128(t.timestamp_seconds()) * kNsPerSecond + t.timestamp_ns() +
                         (back ? -__int128(ns) : __int128(ns));
  __int128 seconds = total / kNsPerSecond;
  __int128 rest = total % kNsPerSecond;
  if (rest < 0) {
    rest += kNsPerSecond;
    seconds -= 1;
  }
  if (seconds < kFirstSecond || seconds > kLastSecond) return out_of_range(kTimeRange);
  return Value::timestamp(std::int64_t(seconds), std::uint32_t(rest));
}

Value time_arithmetic(Op op, const Value& a, const Value& b) noexcept {
  const bool add = op == Op::kAdd;
  if (!add && op != Op::kSubtract) return no_overload();
  if (a.is(Kind::kDuration) && b.is(Kind::kDuration)) {
    const Value sum = int_arithmetic(op, a.as_duration().ns(), b.as_duration().ns());
    return sum.is_error() ? out_of_range(kDurationRange) : Value::duration(Duration(sum.as_int()));
  }
  if (a.is(Kind::kTimestamp) && b.is(Kind::kDuration))
    return shifted(a, b.as_duration().ns(), !add);
  if (add && a.is(Kind::kDuration) && b.is(Kind::kTimestamp)) {
    return shifted(b, a.as_duration().ns(), false);
  }
  if (!add && a.is(Kind::kTimestamp) && b.is(Kind::kTimestamp)) {
    const __int128 ns = __int128(a.timestamp_seconds() - b.timestamp_seconds()) * kNsPerSecond +
                        (std::int64_t(a.timestamp_ns()) - std::int64_t(b.timestamp_ns()));
    if (ns > INT64_MAX || ns < INT64_MIN) return out_of_range(kDurationRange);
    return Value::duration(Duration(std::int64_t(ns)));
  }
  return no_overload();
}

Value joined_lists(const Value& a, const Value& b, Context& context) {
  const auto x = a.as_list();
  const auto y = b.as_list();
  if (x.empty()) return b;
  if (y.empty()) return a;
  if (!context.spend((x.size() + y.size()) / 4)) return step_limit();
  auto* items = context.arena().allocate_array<Value>(x.size() + y.size());
  if (items == nullptr) return memory_limit();
  std::memcpy(static_cast<void*>(items), x.data(), x.size_bytes());
  std::memcpy(static_cast<void*>(items + x.size()), y.data(), y.size_bytes());
  return Value::list({items, x.size() + y.size()});
}

// A list index: int, uint, or a double that is a whole number.
Value list_item(const Value& list, const Value& key) {
  std::int64_t i = -1;
  if (key.is(Kind::kInt)) {
    i = key.as_int();
  } else if (key.is(Kind::kUint)) {
    i = key.as_uint() > std::uint64_t(INT64_MAX) ? INT64_MAX : std::int64_t(key.as_uint());
  } else if (key.is(Kind::kDouble)) {
    const double d = key.as_double();
    if (!(d >= 0.0 && d < 4294967296.0) || double(std::int64_t(d)) != d) {
      return out_of_range("a list index that is no whole number within the list");
    }
    i = std::int64_t(d);
  } else {
    return no_overload("a list is indexed by an int");
  }
  const auto items = list.as_list();
  if (i < 0 || std::uint64_t(i) >= items.size()) return out_of_range("a list index past its end");
  return items[std::size_t(i)];
}

}  // namespace

Value concatenated(Kind kind, std::string_view a, std::string_view b, Context& context) {
  const std::size_t size = a.size() + b.size();
  if (!spend_text(context, size)) return step_limit();
  char* out = context.arena().allocate_array<char>(size);
  if (out == nullptr) return memory_limit();
  if (!a.empty()) std::memcpy(out, a.data(), a.size());
  if (!b.empty()) std::memcpy(out + a.size(), b.data(), b.size());
  return kind == Kind::kString ? Value::string({out, size}) : Value::bytes({out, size});
}

Value arithmetic(Op op, const Value& a, const Value& b, Context& context) {
  if (a.kind() == b.kind()) {
    switch (a.kind()) {
      case Kind::kInt:
        return int_arithmetic(op, a.as_int(), b.as_int());
      case Kind::kUint:
        return uint_arithmetic(op, a.as_uint(), b.as_uint());
      case Kind::kDouble:
        return double_arithmetic(op, a.as_double(), b.as_double());
      case Kind::kString:
      case Kind::kBytes:
        return op == Op::kAdd ? concatenated(a.kind(), a.as_text(), b.as_text(), context)
                              : no_overload();
      case Kind::kList:
        return op == Op::kAdd ? joined_lists(a, b, context) : no_overload();
      default:
        break;
    }
  }
  return time_arithmetic(op, a, b);
}

Value negate(const Value& a) noexcept {
  if (a.is(Kind::kDouble)) return Value::number(-a.as_double());
  if (!a.is(Kind::kInt)) return no_overload();
  return a.as_int() == INT64_MIN ? out_of_range(kOverflow) : Value::integer(-a.as_int());
}

Value equality(Op op, const Value& a, const Value& b, Context& context) {
  const bool deep = (a.is(Kind::kList) || a.is(Kind::kMap)) && a.kind() == b.kind();
  std::uint64_t budget = UINT64_MAX;
  if (deep) {
    // Shared parts are compared again and again: the count bounds that, then pays for it.
    constexpr std::uint64_t kMost = 1 << 16;
    budget = kMost;
    const bool same = equals_within(a, b, budget);
    const std::uint64_t used = kMost - budget;
    if (budget == 0 || !context.spend(std::size_t(used))) return step_limit();
    return Value::boolean(same == (op == Op::kEqual));
  }
  if (a.is(Kind::kString) && b.is(Kind::kString) && a.as_text().size() == b.as_text().size() &&
      !spend_text(context, a.as_text().size())) {
    return step_limit();
  }
  return Value::boolean(equals_within(a, b, budget) == (op == Op::kEqual));
}

Value ordering(Op op, const Value& a, const Value& b) noexcept {
  if (!comparable(a, b)) return no_overload();
  const std::partial_ordering order = compare(a, b);
  if (order == std::partial_ordering::unordered) {
    return Value::error(ErrorCode::kInvalidArgument, "NaN has no order");
  }
  switch (op) {
    case Op::kLess:
      return Value::boolean(order < 0);
    case Op::kLessEqual:
      return Value::boolean(order <= 0);
    case Op::kGreater:
      return Value::boolean(order > 0);
    default:
      return Value::boolean(order >= 0);
  }
}

Value contained(const Value& item, const Value& container, Context& context) {
  if (container.is(Kind::kMap)) {
    if (!context.spend(container.as_map().size() / 16)) return step_limit();
    return Value::boolean(find(container.as_map(), item) != nullptr);
  }
  if (!container.is(Kind::kList)) return no_overload("'in' looks into a list or a map");
  for (const Value& each : container.as_list()) {
    const Value same = equality(Op::kEqual, item, each, context);
    if (!same.is_false()) return same;
  }
  if (!context.spend(container.as_list().size() / 16)) return step_limit();
  return Value::boolean(false);
}

Value index_into(const Value& container, const Value& key) {
  if (container.is(Kind::kList)) return list_item(container, key);
  if (!container.is(Kind::kMap)) return no_overload("only lists and maps are indexed");
  if (!key.is_number() && !key.is(Kind::kString) && !key.is(Kind::kBool)) {
    return Value::error(ErrorCode::kBadKey);
  }
  const Value* found = find(container.as_map(), key);
  return found != nullptr ? *found : Value::error(ErrorCode::kNoSuchField);
}

}  // namespace millwright::cel
