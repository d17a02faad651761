#pragma once
// Ast: the parsed expression, nodes in one vector with 32-bit indices. Made by the parser, then
// only read. Names are views into the source, decoded texts into `texts`; both outlive the tree.

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "millwright/cel/value.hpp"

namespace millwright::cel {

using NodeId = std::uint32_t;

enum class NodeKind : std::uint8_t {
  kLiteral,
  kIdent,        // name
  kSelect,       // child . name
  kHas,          // has(child . name)
  kIndex,        // child [ child ]
  kCall,         // name ( children )
  kMemberCall,   // first child . name ( other children )
  kUnary,        // op child
  kBinary,       // child op child
  kAnd,          // two or more children
  kOr,           // two or more children
  kConditional,  // child ? child : child
  kList,         // children
  kMap,          // key, value, key, value, ...
  kLoop,         // range, then the macro's bodies; name and name2 are its variables
  kBind,         // what is bound, where it is used; name is the variable
  kEntry,        // ?child in a list or as a map's value: left out if it has no value
};

enum class Op : std::uint8_t {
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kModulo,
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kIn,
  kNegate,
  kNot,
};
[[nodiscard]] constexpr std::string_view op_text(Op op) {
  constexpr std::string_view kTexts[] = {
      "+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "in", "-", "!"};
  return kTexts[std::size_t(op)];
}

enum class LoopKind : std::uint8_t {
  kAll,
  kExists,
  kExistsOne,
  kMap,
  kMapIf,
  kFilter,
  kTransformMap,
  kTransformMapIf,
  kTransformEntry,
  kTransformEntryIf,
  kSortBy,
  kOptMap,  // over the value of an optional
  kOptFlatMap,
};

struct Node {
  NodeKind kind = NodeKind::kLiteral;
  Op op = Op::kAdd;
  LoopKind loop = LoopKind::kAll;
  bool rooted = false;      // kIdent, kCall: written with a leading dot
  bool optional = false;    // kSelect, kIndex: .? and [?
  std::uint16_t depth = 1;  // levels below and including this
  std::uint32_t begin = 0;  // span in the source, bytes
  std::uint32_t end = 0;
  std::uint32_t mark = 0;   // where a caret points: the operator, the name
  std::uint32_t first = 0;  // children, in `edges`
  std::uint32_t count = 0;
  std::string_view name;
  std::string_view name2;  // kLoop: the second variable, or none
  Value literal;
};

struct Ast {
  std::vector<Node> nodes;
  std::vector<NodeId> edges;
  std::deque<std::string> texts;
  NodeId root = 0;

  [[nodiscard]] const Node& at(NodeId id) const { return nodes[id]; }
  [[nodiscard]] std::span<const NodeId> children(NodeId id) const {
    return {edges.data() + nodes[id].first, nodes[id].count};
  }
  [[nodiscard]] NodeId child(NodeId id, std::uint32_t i) const {
    return edges[nodes[id].first + i];
  }
};

}  // namespace millwright::cel
