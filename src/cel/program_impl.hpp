#pragma once
// What a Program is made of. Built by the compiler (program.cpp), then only read, by any thread.

#include <array>
#include <string>
#include <vector>

#include "cel/checker.hpp"
#include "cel/code.hpp"
#include "cel/generator.hpp"
#include "cel/source.hpp"
#include "millwright/cel/program.hpp"

namespace millwright::cel {

struct Program::Impl {
  Source source;
  Limits limits;
  Ast ast;  // its texts are constants of the code
  Type type;
  Pool pool;
  Block quick;
  Block traced;
  std::vector<std::uint32_t> slots;
  std::vector<std::string> slot_names;  // by AST node: the path, "" otherwise
  std::uint64_t worst = 0;
  std::vector<Comparison> comparisons;
  bool has_locals = false;
  std::size_t slots_needed = 0;  // the last one that is read, and those before
};

// Values of macros' variables, made only where there are macros.
struct Locals {
  std::array<Value, kMaxLocals> values;
};

// Comparisons of inputs with constants (explain.cpp).
[[nodiscard]] std::vector<Comparison> find_comparisons(Ast& ast, const Checked& checked,
                                                       const Schema& schema,
                                                       std::string_view source, Pool& pool);

}  // namespace millwright::cel
