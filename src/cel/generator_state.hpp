#pragma once
// The generator's state: generator.cpp makes the nodes, generate_loops.cpp constants and loops,
// generate_calls.cpp calls.
// Compile time, one thread.

#include <map>

#include "cel/generator.hpp"

namespace millwright::cel {

// What the value of a node hangs on.
struct Needs {
  bool slots = false;
  std::uint64_t locals = 0;  // bit set

  [[nodiscard]] bool nothing() const { return !slots && locals == 0; }
  friend Needs operator|(Needs a, Needs b) { return {a.slots || b.slots, a.locals | b.locals}; }
};

struct Made {
  Code* code = nullptr;
  Needs needs;
};

[[nodiscard]] constexpr bool is_relation(Op op) {
  return op >= Op::kEqual && op <= Op::kGreaterEqual;
}

class Generator {
 public:
  Generator(const Ast& ast, const Checked& checked, const Schema& schema, std::string_view source,
            const GeneratorOptions& options, Pool& pool, Complaints& complaints)
      : ast_(ast),
        checked_(checked),
        schema_(schema),
        source_(source),
        options_(options),
        pool_(pool),
        complaints_(complaints) {}
  Block run();

 private:
  Made make(NodeId id);
  Made dispatch(NodeId id);
  Made folded(NodeId id, Made made, std::size_t codes, std::size_t kids);
  Made traced(NodeId id, Made made);
  Made emit(Code code, NodeId id, Needs needs);

  Made slot(NodeId id, Eval eval, const char* label);
  Made name(NodeId id);
  Made has(NodeId id);
  Made with_one(NodeId id, Eval eval, const char* label);
  Made with_two(NodeId id, Eval eval, const char* label);
  Made with_kids(NodeId id, Eval eval, const char* label, std::span<const NodeId> children);
  Made binary(NodeId id);
  Made logic(NodeId id);
  Made conditional(NodeId id);
  Made membership(NodeId id);
  Made loop(NodeId id);
  Made bind(NodeId id);
  Made constant(NodeId id, const Value& value);
  bool beforehand(const Made& made, Value& out);

  Made call(NodeId id);
  bool with_pattern(NodeId id, std::span<const NodeId> args, Made& out);
  bool with_zone(NodeId id, std::span<const NodeId> args, Made& out);

  // The checked type of the node's i-th child.
  [[nodiscard]] TypeKind type(NodeId id, std::uint32_t i) const {
    return checked_.info[ast_.child(id, i)].type.kind;
  }

  const Ast& ast_;
  const Checked& checked_;
  const Schema& schema_;
  std::string_view source_;
  const GeneratorOptions& options_;
  Pool& pool_;
  Complaints& complaints_;
  Block block_;
  bool in_pattern_ = false;
  std::map<std::uint32_t, Value> known_;  // locals whose value is known beforehand
};

}  // namespace millwright::cel
