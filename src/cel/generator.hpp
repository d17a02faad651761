#pragma once
// Generator: the checked tree into compiled nodes, the most special form that the types allow, with
// constant parts worked out. Compile time, one thread.

#include "cel/checker.hpp"
#include "cel/code.hpp"
#include "cel/source.hpp"

namespace millwright::cel {

struct GeneratorOptions {
  bool fold = true;
  bool traced = false;          // every node reports its value: nothing is fused or folded
  Kind result = Kind::kAbsent;  // what the result must be if the checker could not say
  std::uint32_t steps = 0;
};

[[nodiscard]] Block generate(const Ast& ast, const Checked& checked, const Schema& schema,
                             std::string_view source, const GeneratorOptions& options, Pool& pool,
                             Complaints& complaints);

// The kind of the values of a type; kAbsent when it may be any.
[[nodiscard]] Kind kind_of(const Type& type);

// An upper bound on the steps of one evaluation; 0 if it is not known (cost.cpp).
[[nodiscard]] std::uint64_t worst_steps(const Ast& ast, const Checked& checked);

}  // namespace millwright::cel
