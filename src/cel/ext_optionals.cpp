// The functions of optional values. The syntax `.?`, `[?`, `?entry` and the macros are in the
// parser; `or` and `orValue` are evaluated only as far as needed (eval_optionals.cpp).
#include "cel/function_rows.hpp"
#include "cel/operations.hpp"

namespace millwright::cel {
namespace {

// What a value is where nothing was said: 0, '', [], null, the time 1970.
bool is_zero(const Value& value) {
  switch (value.kind()) {
    case Kind::kNull:
      return true;
    case Kind::kBool:
      return !value.as_bool();
    case Kind::kInt:
      return value.as_int() == 0;
    case Kind::kUint:
      return value.as_uint() == 0;
    case Kind::kDouble:
      return value.as_double() == 0.0;
    case Kind::kString:
    case Kind::kBytes:
      return value.as_text().empty();
    case Kind::kTimestamp:
      return value.timestamp_seconds() == 0 && value.timestamp_ns() == 0;
    case Kind::kDuration:
      return value.as_duration().ns() == 0;
    case Kind::kList:
      return value.as_list().empty();
    case Kind::kMap:
      return value.as_map().empty();
    case Kind::kOptional:
      return value.as_optional() == nullptr;
    default:
      return false;
  }
}

Value of(Context& context, Arguments args) {
  return wrapped(args[0], context);
}

Value of_non_zero(Context& context, Arguments args) {
  return is_zero(args[0]) ? Value::none() : wrapped(args[0], context);
}

Value none(Context& /*context*/, Arguments /*args*/) {
  return Value::none();
}

Value has_value(Context& /*context*/, Arguments args) {
  return Value::boolean(args[0].as_optional() != nullptr);
}

Value value_of(Context& /*context*/, Arguments args) {
  const Value* held = args[0].as_optional();
  if (held != nullptr) return *held;
  return Value::error(ErrorCode::kInvalidArgument, "the optional has no value; ask hasValue()");
}

Value or_optional(Context& /*context*/, Arguments args) {
  return args[0].as_optional() != nullptr ? args[0] : args[1];
}

Value or_value(Context& /*context*/, Arguments args) {
  const Value* held = args[0].as_optional();
  return held != nullptr ? *held : args[1];
}

Value unwrap(Context& context, Arguments args) {
  const auto items = args[0].as_list();
  if (!context.spend(items.size() / 4)) return step_limit();
  auto* out = context.arena().allocate_array<Value>(items.size());
  if (out == nullptr) return memory_limit();
  std::size_t count = 0;
  for (const Value& each : items) {
    if (!each.is(Kind::kOptional)) return no_overload("only optionals are unwrapped");
    if (each.as_optional() != nullptr) out[count++] = *each.as_optional();
  }
  return Value::list({out, count});
}

constexpr const char* kOptional = "optional_type(A)";

constexpr FunctionRow kRows[] = {
    {"optional.of", false, {"A"}, kOptional, of, "an optional with that value"},
    {"optional.ofNonZeroValue",
     false,
     {"A"},
     kOptional,
     of_non_zero,
     "none for 0, '', [], {}, false, null; else the value"},
    {"optional.none", false, {}, kOptional, none, "an optional without value"},
    {"hasValue", true, {kOptional}, "bool", has_value, "whether it has a value"},
    {"value", true, {kOptional}, "A", value_of, "its value; an error if it has none"},
    {"or",
     true,
     {kOptional, kOptional},
     kOptional,
     or_optional,
     "itself if it has a value, else the other"},
    {"orValue", true, {kOptional, "A"}, "A", or_value, "its value, or the other if it has none"},
    {"optional.unwrap",
     false,
     {"list(optional_type(A))"},
     "list(A)",
     unwrap,
     "the values that are there"},
    {"unwrapOpt", true, {"list(optional_type(A))"}, "list(A)", unwrap, "the values that are there"},
};

}  // namespace

Value wrapped(const Value& value, Context& context) {
  auto* room = context.arena().allocate_array<Value>(1);
  if (room == nullptr) return memory_limit();
  *room = value;
  return Value::optional_of(room);
}

std::span<const FunctionRow> optional_rows() {
  return kRows;
}

}  // namespace millwright::cel
