#pragma once
// The checker's state: checker.cpp has names, fields and the walk, check_macros.cpp indices and
// what macros become, check_operators.cpp operators, check_calls.cpp functions. Compile time, one
// thread.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cel/checker.hpp"

namespace millwright::cel {

[[nodiscard]] inline bool is_number(const Type& type) {
  return type.kind == TypeKind::kInt || type.kind == TypeKind::kUint ||
         type.kind == TypeKind::kDouble;
}
// Not known before it runs.
[[nodiscard]] inline bool is_open(const Type& type) {
  return type.kind == TypeKind::kDyn || type.kind == TypeKind::kParam;
}
[[nodiscard]] inline bool has_order(const Type& type) {
  return is_number(type) || type.kind == TypeKind::kString || type.kind == TypeKind::kBytes ||
         type.kind == TypeKind::kBool || type.kind == TypeKind::kTimestamp ||
         type.kind == TypeKind::kDuration;
}

class Checker {
 public:
  Checker(const Ast& ast, const Schema& schema, const Options& options, Complaints& complaints)
      : ast_(ast),
        schema_(schema),
        options_(options),
        complaints_(complaints),
        info_(ast.nodes.size()) {}
  Checked run();

 private:
  const Type& visit(NodeId id);
  Type dispatch(NodeId id);

  // Names (checker.cpp).
  Type name(NodeId id);
  bool resolve_path(NodeId id, const std::vector<std::pair<NodeId, std::string_view>>& path,
                    bool rooted);
  [[nodiscard]] std::optional<std::uint32_t> local(std::string_view name) const;
  // Root identifier and selects from the outermost node inwards; empty if it is no plain path.
  [[nodiscard]] std::vector<std::pair<NodeId, std::string_view>> path_of(NodeId id) const;
  Type unknown_name(NodeId id);
  Type field(NodeId id, const Type& of);
  Type plain_field(NodeId id, const Type& type);
  Type has(NodeId id);
  Type literal(NodeId id);
  Type list(NodeId id);
  Type map(NodeId id);
  Type conditional(NodeId id);

  // What holds others (check_macros.cpp).
  Type index(NodeId id);
  Type plain_index(NodeId id, const Type& of, const Type& key);
  Type entry(NodeId id);
  Type loop(NodeId id);
  Type loop_result(NodeId id, const Type& range, const Type& element);
  Type entries(NodeId id, const Type& range);
  Type bind(NodeId id);
  bool declare(NodeId id, std::string_view name, Type type, NodeId binder = Info::kNoBinder);
  void forget(std::size_t count);
  // Whether the node's value is known before any event comes.
  [[nodiscard]] bool is_constant(NodeId id) const;

  // Operators (check_operators.cpp) and functions (check_calls.cpp).
  Type logic(NodeId id);
  void want_bool(NodeId id, const std::string& whose);
  Type unary(NodeId id);
  Type binary(NodeId id);
  Type arithmetic(NodeId id, const Type& a, const Type& b);
  Type relation(NodeId id, const Type& a, const Type& b);
  Type membership(NodeId id, const Type& item, const Type& container);
  [[nodiscard]] bool may_equal(const Type& a, const Type& b);
  Type call(NodeId id);
  bool qualify(NodeId id);
  bool unknown_qualified(NodeId id);
  [[nodiscard]] std::vector<const FunctionSpec*> candidates(std::string_view name, bool member,
                                                            std::size_t args) const;
  [[nodiscard]] std::vector<std::string> function_names(bool member) const;
  Type overload(NodeId id, std::string_view name, const std::vector<const FunctionSpec*>& all,
                const std::vector<NodeId>& args);
  Type unknown_function(NodeId id, std::string_view name, bool member);
  [[nodiscard]] std::string double_fix(const std::vector<const FunctionSpec*>& all,
                                       const std::vector<NodeId>& args,
                                       const std::vector<Type>& given) const;
  void check_constants(NodeId id, std::string_view name, const std::vector<NodeId>& args);
  void check_format(NodeId text, NodeId list);
  // greatest and least: the type of the result, and only numbers.
  Type extreme(NodeId id, const std::vector<NodeId>& args, const std::vector<Type>& given);
  void check_result();

  Type complain(std::uint32_t offset, std::string message, std::string suggestion = {}) {
    if (options_.check) complaints_.add(offset, std::move(message), std::move(suggestion));
    return TypeKind::kDyn;
  }
  [[nodiscard]] Type type_of(NodeId id) const { return types_.resolve(info_[id].type); }
  [[nodiscard]] std::string shown(const Type& type) const {
    return to_text(types_.resolve(type, true));
  }
  // "an int", "a double".
  [[nodiscard]] std::string a_type(const Type& type) const {
    const std::string text = shown(type);
    return (text[0] == 'i' ? "an " : "a ") + text;
  }
  // "write 2.0" where an int literal stands for a double; else "".
  [[nodiscard]] std::string literal_fix(NodeId id) const;
  [[nodiscard]] std::string order_fix(NodeId id, const Type& a, const Type& b) const;
  [[nodiscard]] std::string whole_fix() const;
  [[nodiscard]] static std::string optional_fix(const Type& a, const Type& b);

  const Ast& ast_;
  const Schema& schema_;
  const Options& options_;
  Complaints& complaints_;
  std::vector<Info> info_;
  Inference types_;
  std::vector<std::string_view> locals_;
  std::vector<Type> local_types_;
  std::vector<NodeId> binders_;
};

}  // namespace millwright::cel
