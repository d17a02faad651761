#pragma once
// The checker's state: checker.cpp has names, fields and the walk, check_calls.cpp operators and
// functions. Compile time, one thread.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cel/checker.hpp"

namespace millwright::cel {

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
  Type has(NodeId id);
  Type literal(NodeId id);
  Type list(NodeId id);
  Type map(NodeId id);
  Type index(NodeId id);
  Type loop(NodeId id);
  Type conditional(NodeId id);

  // Operators and functions (check_calls.cpp).
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
  [[nodiscard]] std::vector<const FunctionSpec*> candidates(std::string_view name, bool member,
                                                            std::size_t args) const;
  [[nodiscard]] std::vector<std::string> function_names(bool member) const;
  Type overload(NodeId id, std::string_view name, const std::vector<const FunctionSpec*>& all,
                const std::vector<NodeId>& args);
  Type unknown_function(NodeId id, std::string_view name, bool member);
  [[nodiscard]] std::string double_fix(const std::vector<const FunctionSpec*>& all,
                                       const std::vector<NodeId>& args) const;
  void check_constants(NodeId id, std::string_view name, const std::vector<NodeId>& args);
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

  const Ast& ast_;
  const Schema& schema_;
  const Options& options_;
  Complaints& complaints_;
  std::vector<Info> info_;
  Inference types_;
  std::vector<std::string_view> locals_;
  std::vector<Type> local_types_;
};

}  // namespace millwright::cel
