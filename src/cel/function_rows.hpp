#pragma once
// The tables of the language's own functions: one row each, one table an extension. Only read; any
// thread.

#include <span>

#include "millwright/cel/schema.hpp"

namespace millwright::cel {

using Arguments = std::span<const Value>;

struct FunctionRow {
  const char* name;
  bool member;
  const char* params[4];  // as parse_type reads them; the receiver first
  const char* result;
  FunctionBody body;
  const char* doc;
  bool variadic = false;
};

[[nodiscard]] std::span<const FunctionRow> string_rows();    // ext_strings.cpp
[[nodiscard]] std::span<const FunctionRow> format_rows();    // ext_format.cpp
[[nodiscard]] std::span<const FunctionRow> math_rows();      // ext_math.cpp
[[nodiscard]] std::span<const FunctionRow> list_rows();      // ext_lists.cpp
[[nodiscard]] std::span<const FunctionRow> optional_rows();  // ext_optionals.cpp
[[nodiscard]] std::span<const FunctionRow> network_rows();   // ext_network.cpp, base64 too

// The language's own functions of that name, in the order of the tables.
[[nodiscard]] std::span<const FunctionSpec* const> standard_named(std::string_view name);

// The elements in ascending order of their keys, equal ones as they stand (ext_lists.cpp).
[[nodiscard]] Value sorted_by(Context& context, Arguments items, Arguments keys);

}  // namespace millwright::cel
