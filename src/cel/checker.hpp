#pragma once
// Checker: what each name means, which functions a call may reach, and the type of every node.
// With checking off it resolves names all the same, but leaves types and mistakes to run time.

#include <string>
#include <string_view>
#include <vector>

#include "cel/ast.hpp"
#include "cel/inference.hpp"
#include "cel/source.hpp"
#include "millwright/cel/schema.hpp"

namespace millwright::cel {

enum class Meaning : std::uint8_t {
  kNone,      // what its node kind says
  kSlot,      // a declared path; a select chain stands for it as a whole
  kLocal,     // a macro's variable
  kTypeName,  // int, list, ...: `index` counts in type_names()
  kUnknown,   // no such name: fails when it runs (unchecked only)
};

struct Info {
  static constexpr NodeId kNoBinder = 0xffffffff;

  Type type;
  Meaning meaning = Meaning::kNone;
  std::uint32_t index = 0;    // slot, local, or the first local that a loop or bind assigns
  NodeId binder = kNoBinder;  // kLocal: the bind that gives its value, if one does
  bool constant = false;      // kBind: what is bound is known beforehand
  bool qualified = false;     // kMemberCall: the target is part of the function's name
  std::vector<const FunctionSpec*> overloads;  // kCall, kMemberCall: what it may reach
};

struct Checked {
  std::vector<Info> info;  // by node
  Type type;               // of the whole
};

struct TypeName {
  std::string_view name;
  Type type;
};
[[nodiscard]] const std::vector<TypeName>& type_names();

inline constexpr std::uint32_t kMaxLocals = 64;

[[nodiscard]] Checked check(const Ast& ast, const Schema& schema, const Options& options,
                            Complaints& complaints);

}  // namespace millwright::cel
