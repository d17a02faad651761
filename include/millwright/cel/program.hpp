#pragma once
// Program: a compiled expression. Immutable and shared by threads; a copy costs one pointer.
// Evaluating it does no I/O and reads no clock; scalar expressions allocate nothing.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "millwright/base/result.hpp"
#include "millwright/cel/arena.hpp"
#include "millwright/cel/schema.hpp"
#include "millwright/cel/value.hpp"

namespace millwright::cel {

struct Limits {
  std::uint32_t source_bytes = 16 << 10;
  std::uint32_t depth = 64;      // nesting of the expression
  std::uint32_t nodes = 2'000;   // of the parsed expression
  std::uint32_t steps = 10'000;  // of one evaluation, over all loops and long texts
};

// Something wrong with the source. Lines and columns count from 1, columns in characters.
struct Diagnostic {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
  std::string message;       // "unknown name 'vibraton.z'"
  std::string suggestion;    // "did you mean 'vibration.z'?", "write 2.0"; may be empty
  std::string excerpt = {};  // the source line and a caret under it, each indented by two
};

struct Options {
  bool check = true;  // against the schema's types; off: everything is dyn
  bool fold = true;   // constant parts are worked out once
  // What the expression must give; dyn: anything.
  Type result = TypeKind::kDyn;
  Limits limits = {};
  // Where the source stands in a larger file, for messages.
  std::string file = {};
  std::uint32_t first_line = 1;
  std::uint32_t first_column = 1;
};

// One sub-expression and what it gave.
struct TraceEntry {
  std::string_view source;  // its text; lives as long as the program
  Value value;              // lives as long as slots, arena and program
};

// A sub-expression that decided the result, with what it looked at: for `a.b > 4.0` the two sides,
// for a function or macro its arguments that were evaluated.
struct Reason {
  std::string_view source;  // as long as the program
  Value value;              // as long as slots, arena and program, like those of the operands
  std::vector<TraceEntry> operands;
};

enum class Relation : std::uint8_t {
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kIn,  // the constant is a list
};

// A comparison of one input with something that is written out; the input is on the left, whichever
// way it was written. A flag by itself is compared with true.
struct Comparison {
  std::uint32_t slot = 0;
  Relation relation = Relation::kEqual;
  Value constant;           // as long as the program; a double where the slot is one
  std::string_view source;  // likewise
};

class Program {
 public:
  // `slots` in the order of the schema; values of other kinds than declared are errors, not harm.
  // What it gives may borrow from slots, arena and program.
  [[nodiscard]] Value evaluate(std::span<const Value> slots, Arena& arena) const;

  // Also says what each sub-expression gave, inner before outer; those that were not needed are
  // left out. Slow, for explanations. At most `kTraceEntries`.
  static constexpr std::size_t kTraceEntries = 1'000;
  [[nodiscard]] Value evaluate_traced(std::span<const Value> slots, Arena& arena,
                                      std::vector<TraceEntry>& trace) const;

  // Evaluates and says what decided the result, in the order of the source: the operands that made
  // `&&` false or `||` true (all of them, if it is the other way round), the condition and the
  // branch of `? :`, down to comparisons, calls and inputs. An error decides like the value does.
  [[nodiscard]] Value deciding(std::span<const Value> slots, Arena& arena,
                               std::vector<Reason>& reasons) const;
  // Every comparison of an input with a constant, in the order of the source: where the smallest
  // change that would have turned the result may be looked for. Where one decided, its reason has
  // the same source.
  [[nodiscard]] const std::vector<Comparison>& comparisons() const noexcept;

  [[nodiscard]] const Type& result_type() const noexcept;
  // Slots that the expression may read, ascending.
  [[nodiscard]] std::span<const std::uint32_t> slots_read() const noexcept;
  [[nodiscard]] std::string_view source() const noexcept;
  // An upper bound on the steps of one evaluation, from the greatest sizes in the schema; 0 if the
  // sizes are not known.
  [[nodiscard]] std::uint64_t worst_steps() const noexcept;
  // "line 1:17: no such field: 'load' ..." with the source line and a caret.
  [[nodiscard]] std::string describe(const Value& error) const;
  // The compiled form, one node a line, for people who work on this room.
  [[nodiscard]] std::string disassemble() const;

 private:
  friend struct Compiler;
  struct Impl;
  explicit Program(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}
  std::shared_ptr<const Impl> impl_;
};

// The message of a failure lists every diagnostic with its source line and a caret; `diagnostics`,
// if given, gets them one by one.
[[nodiscard]] Result<Program> compile(std::string_view source, const Schema& schema,
                                      const Options& options = {},
                                      std::vector<Diagnostic>* diagnostics = nullptr);

}  // namespace millwright::cel
