// The math extension.
#include <bit>
#include <cmath>
#include <limits>

#include "cel/function_rows.hpp"
#include "cel/operations.hpp"

namespace millwright::cel {
namespace {

// The first of equal numbers; `kSign` 1: the greatest, -1: the least.
template <int kSign>
Value extreme(Context& context, Arguments args) {
  const bool list = args.size() == 1 && args[0].is(Kind::kList);
  const Arguments numbers = list ? args[0].as_list() : args;
  if (numbers.empty()) {
    return Value::error(ErrorCode::kInvalidArgument, "there is no number to choose from");
  }
  if (!context.spend(numbers.size() / 16)) return step_limit();
  const Value* best = nullptr;
  for (const Value& each : numbers) {
    if (!each.is_number()) return no_overload("only numbers have a greatest and a least");
    if (best == nullptr) {
      best = &each;
      if (numbers.size() > 1 && compare(each, each) != 0) best = nullptr;
    } else if (const auto order = compare(each, *best); order == std::partial_ordering::unordered) {
      best = nullptr;
    } else if (kSign > 0 ? order > 0 : order < 0) {
      best = &each;
    }
    if (best == nullptr) return Value::error(ErrorCode::kInvalidArgument, "NaN has no order");
  }
  return *best;
}

template <double (*kFunction)(double)>
Value on_double(Context& /*context*/, Arguments args) {
  return Value::number(kFunction(args[0].as_double()));
}

double ceiling(double d) {
  return std::ceil(d);
}
double floored(double d) {
  return std::floor(d);
}
double rounded(double d) {
  return std::round(d);
}
double truncated(double d) {
  return std::trunc(d);
}

Value absolute(Context& /*context*/, Arguments args) {
  const Value& value = args[0];
  if (value.is(Kind::kDouble)) return Value::number(std::fabs(value.as_double()));
  if (value.is(Kind::kUint)) return value;
  return value.as_int() < 0 ? negate(value) : value;
}

Value sign(Context& /*context*/, Arguments args) {
  const Value& value = args[0];
  if (value.is(Kind::kUint)) return Value::uinteger(value.as_uint() > 0 ? 1 : 0);
  if (value.is(Kind::kInt)) {
    return Value::integer(value.as_int() > 0 ? 1 : (value.as_int() < 0 ? -1 : 0));
  }
  const double d = value.as_double();
  if (std::isnan(d)) return value;
  return Value::number(d > 0.0 ? 1.0 : (d < 0.0 ? -1.0 : 0.0));
}

Value is_nan(Context& /*context*/, Arguments args) {
  return Value::boolean(std::isnan(args[0].as_double()));
}
Value is_infinite(Context& /*context*/, Arguments args) {
  return Value::boolean(std::isinf(args[0].as_double()));
}
Value is_finite(Context& /*context*/, Arguments args) {
  return Value::boolean(std::isfinite(args[0].as_double()));
}

Value square_root(Context& /*context*/, Arguments args) {
  const Value& value = args[0];
  if (value.is(Kind::kInt)) return Value::number(std::sqrt(double(value.as_int())));
  if (value.is(Kind::kUint)) return Value::number(std::sqrt(double(value.as_uint())));
  return Value::number(std::sqrt(value.as_double()));
}

std::uint64_t bits(const Value& value) {
  return value.is(Kind::kInt) ? std::bit_cast<std::uint64_t>(value.as_int()) : value.as_uint();
}
Value like(const Value& kind, std::uint64_t u) {
  return kind.is(Kind::kInt) ? Value::integer(std::bit_cast<std::int64_t>(u)) : Value::uinteger(u);
}

enum class Bit { kAnd, kOr, kXor };

template <Bit kBit>
Value bitwise(Context& /*context*/, Arguments args) {
  const std::uint64_t a = bits(args[0]);
  const std::uint64_t b = bits(args[1]);
  return like(args[0], kBit == Bit::kAnd ? a & b : (kBit == Bit::kOr ? a | b : a ^ b));
}

Value bitwise_not(Context& /*context*/, Arguments args) {
  return like(args[0], ~bits(args[0]));
}

// Zeros come in from either side; 64 places or more leave nothing.
template <bool kLeft>
Value shift(Context& /*context*/, Arguments args) {
  const std::int64_t places = args[1].as_int();
  if (places < 0) return Value::error(ErrorCode::kInvalidArgument, "a shift by less than nothing");
  if (places >= 64) return like(args[0], 0);
  return like(args[0], kLeft ? bits(args[0]) << places : bits(args[0]) >> places);
}

constexpr FunctionRow kRows[] = {
    {"math.greatest",
     false,
     {"dyn"},
     "dyn",
     extreme<1>,
     "the greatest of numbers, or of a list",
     true},
    {"math.least", false, {"dyn"}, "dyn", extreme<-1>, "the least of numbers, or of a list", true},
    {"math.ceil", false, {"double"}, "double", on_double<ceiling>, "the whole number above"},
    {"math.floor", false, {"double"}, "double", on_double<floored>, "the whole number below"},
    {"math.round",
     false,
     {"double"},
     "double",
     on_double<rounded>,
     "the nearest whole number, halves away from 0"},
    {"math.trunc",
     false,
     {"double"},
     "double",
     on_double<truncated>,
     "without what is after the point"},
    {"math.abs", false, {"double"}, "double", absolute, "without its sign"},
    {"math.abs", false, {"int"}, "int", absolute, "without its sign"},
    {"math.abs", false, {"uint"}, "uint", absolute, "itself"},
    {"math.sign", false, {"double"}, "double", sign, "-1.0, 0.0 or 1.0"},
    {"math.sign", false, {"int"}, "int", sign, "-1, 0 or 1"},
    {"math.sign", false, {"uint"}, "uint", sign, "0u or 1u"},
    {"math.isNaN", false, {"double"}, "bool", is_nan, "whether it is no number"},
    {"math.isInf", false, {"double"}, "bool", is_infinite, "whether it is infinite"},
    {"math.isFinite",
     false,
     {"double"},
     "bool",
     is_finite,
     "whether it is neither NaN nor infinite"},
    {"math.sqrt", false, {"double"}, "double", square_root, "the square root; NaN below 0"},
    {"math.sqrt", false, {"int"}, "double", square_root, "the square root; NaN below 0"},
    {"math.sqrt", false, {"uint"}, "double", square_root, "the square root"},
    {"math.bitAnd", false, {"int", "int"}, "int", bitwise<Bit::kAnd>, "bits that both have"},
    {"math.bitAnd", false, {"uint", "uint"}, "uint", bitwise<Bit::kAnd>, "bits that both have"},
    {"math.bitOr", false, {"int", "int"}, "int", bitwise<Bit::kOr>, "bits that either has"},
    {"math.bitOr", false, {"uint", "uint"}, "uint", bitwise<Bit::kOr>, "bits that either has"},
    {"math.bitXor", false, {"int", "int"}, "int", bitwise<Bit::kXor>, "bits that one of them has"},
    {"math.bitXor",
     false,
     {"uint", "uint"},
     "uint",
     bitwise<Bit::kXor>,
     "bits that one of them has"},
    {"math.bitNot", false, {"int"}, "int", bitwise_not, "every bit turned round"},
    {"math.bitNot", false, {"uint"}, "uint", bitwise_not, "every bit turned round"},
    {"math.bitShiftLeft",
     false,
     {"int", "int"},
     "int",
     shift<true>,
     "bits moved up, zeros from below"},
    {"math.bitShiftLeft",
     false,
     {"uint", "int"},
     "uint",
     shift<true>,
     "bits moved up, zeros from below"},
    {"math.bitShiftRight",
     false,
     {"int", "int"},
     "int",
     shift<false>,
     "bits moved down, zeros from above"},
    {"math.bitShiftRight",
     false,
     {"uint", "int"},
     "uint",
     shift<false>,
     "bits moved down, zeros from above"},
};

}  // namespace

std::span<const FunctionRow> math_rows() {
  return kRows;
}

}  // namespace millwright::cel
