#pragma once
// Parser: tokens into the tree, by operator precedence; macros become loop nodes here. Reports
// several mistakes of one expression. Compile time, one thread.

#include "cel/ast.hpp"
#include "cel/source.hpp"

namespace millwright::cel {

// The tree is whole only if nothing was complained of.
[[nodiscard]] Ast parse(std::string_view source, const Limits& limits, Complaints& complaints);

}  // namespace millwright::cel
