#pragma once
// Conversions between the types: int('12'), string(4.5), ... Pure; any thread.

#include "millwright/cel/schema.hpp"

namespace millwright::cel {

Value bool_from_text(Context& context, std::span<const Value> args);
Value int_from_uint(Context& context, std::span<const Value> args);
Value int_from_double(Context& context, std::span<const Value> args);
Value int_from_text(Context& context, std::span<const Value> args);
Value int_from_timestamp(Context& context, std::span<const Value> args);
Value uint_from_int(Context& context, std::span<const Value> args);
Value uint_from_double(Context& context, std::span<const Value> args);
Value uint_from_text(Context& context, std::span<const Value> args);
Value double_from_int(Context& context, std::span<const Value> args);
Value double_from_uint(Context& context, std::span<const Value> args);
Value double_from_text(Context& context, std::span<const Value> args);
Value string_from_any(Context& context, std::span<const Value> args);
Value string_from_bytes(Context& context, std::span<const Value> args);
Value bytes_from_string(Context& context, std::span<const Value> args);
Value timestamp_from_text(Context& context, std::span<const Value> args);
Value timestamp_from_int(Context& context, std::span<const Value> args);
Value duration_from_text(Context& context, std::span<const Value> args);

}  // namespace millwright::cel
