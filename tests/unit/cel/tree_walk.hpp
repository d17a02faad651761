#pragma once
// A plain evaluator that walks the parsed tree, to compare the compiled form with: no slots, no
// types, no folding, and the operators, the macros and equality written out a second time. Only the
// bodies of named functions are shared. One thread.

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "cel/ast.hpp"
#include "millwright/cel/schema.hpp"

namespace millwright::cel {

class TreeWalk {
 public:
  // All of it is borrowed.
  TreeWalk(const Ast& ast, const Schema& schema, std::span<const Value> slots, Context& context)
      : ast_(ast), schema_(schema), slots_(slots), context_(context) {}

  [[nodiscard]] Value run() { return evaluate(ast_.root); }

 private:
  Value evaluate(NodeId id);
  Value name(NodeId id);
  Value select(NodeId id);
  Value field(NodeId id, const Value& of);
  Value has(NodeId id);
  Value index(NodeId id);
  Value item(const Value& of, const Value& key);
  Value logic(NodeId id);
  Value binary(NodeId id);
  Value arithmetic(Op op, const Value& a, const Value& b);
  Value times(Op op, const Value& a, const Value& b);
  Value list(NodeId id);
  Value map(NodeId id);
  Value call(NodeId id);
  Value optional_call(NodeId id);
  Value invoke(std::string_view function, bool member, const std::vector<Value>& args);

  // Macros (tree_walk_macros.cpp).
  Value loop(NodeId id);
  Value optional_loop(NodeId id);
  Value quantified(NodeId id, const std::vector<std::pair<Value, Value>>& range);
  Value collected(NodeId id, const std::vector<std::pair<Value, Value>>& range);
  Value mapped(NodeId id, const std::vector<std::pair<Value, Value>>& range);
  Value sorted(NodeId id, const std::vector<std::pair<Value, Value>>& range);
  Value body(NodeId id, NodeId part, const std::pair<Value, Value>& each);

  // "a.b" for a plain chain of names that no macro's variable hides; else "".
  [[nodiscard]] std::string path(NodeId id) const;
  [[nodiscard]] const Value* local(std::string_view name) const;
  [[nodiscard]] Value wrapped(const Value& value);

  static Value wrong() { return Value::error(ErrorCode::kInvalidArgument); }

  const Ast& ast_;
  const Schema& schema_;
  std::span<const Value> slots_;
  Context& context_;
  std::vector<std::pair<std::string_view, Value>> locals_;
  std::deque<std::string> texts_;
  std::deque<std::vector<Value>> lists_;
  std::deque<std::vector<MapEntry>> maps_;
};

// Equality and order, written a second time. `order` is -1, 0, 1, or 2 for none.
[[nodiscard]] bool walk_equal(const Value& a, const Value& b);
[[nodiscard]] int walk_order(const Value& a, const Value& b);

}  // namespace millwright::cel
