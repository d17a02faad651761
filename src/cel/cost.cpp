// The worst case of an expression, from the greatest sizes that its inputs can have.
#include <algorithm>

#include "cel/generator.hpp"
#include "cel/operations.hpp"
#include "millwright/base/limits.hpp"

namespace millwright::cel {
namespace {

constexpr std::uint64_t kUnbounded = UINT64_MAX;

std::uint64_t sum(std::uint64_t a, std::uint64_t b) {
  return a > kUnbounded - b ? kUnbounded : a + b;
}

std::uint64_t product(std::uint64_t a, std::uint64_t b) {
  if (a == 0 || b == 0) return 0;
  return a > kUnbounded / b ? kUnbounded : a * b;
}

class Cost {
 public:
  Cost(const Ast& ast, const Checked& checked) : ast_(ast), checked_(checked) {}

  // Steps of evaluating the node once.
  std::uint64_t steps(NodeId id) {
    const Node& node = ast_.at(id);
    if (checked_.info[id].meaning == Meaning::kSlot) return 0;
    if (node.kind == NodeKind::kLoop) return loop(id);
    std::uint64_t total = 0;
    for (const NodeId child : ast_.children(id)) total = sum(total, steps(child));
    return sum(total, own(id));
  }

 private:
  [[nodiscard]] const Type& type(NodeId id) const { return checked_.info[id].type; }

  std::uint64_t loop(NodeId id) {
    const auto parts = ast_.children(id);
    std::uint64_t body = 1;
    for (const NodeId part : parts.subspan(1)) body = sum(body, steps(part));
    return sum(steps(parts[0]), product(size(parts[0]), body));
  }

  std::uint64_t own(NodeId id) {
    const Node& node = ast_.at(id);
    if (node.kind == NodeKind::kBinary) return binary(id);
    if (node.kind != NodeKind::kCall && node.kind != NodeKind::kMemberCall) return 0;
    std::uint64_t total = 1;
    for (const NodeId arg : ast_.children(id)) {
      const bool text = is_text(type(arg));
      total = sum(total, text ? size(arg) / kBytesPerStep : size(arg));
    }
    return total;
  }

  std::uint64_t binary(NodeId id) {
    const NodeId a = ast_.child(id, 0);
    const NodeId b = ast_.child(id, 1);
    switch (ast_.at(id).op) {
      case Op::kAdd:
        if (is_text(type(a))) return size(id) / kBytesPerStep;
        return type(a).kind == TypeKind::kList ? size(id) / 4 : 0;
      case Op::kEqual:
      case Op::kNotEqual:
        return std::min(comparing(type(a), size(a)), comparing(type(b), size(b)));
      case Op::kIn: {
        const Type& container = type(b);
        if (container.params.empty()) return kUnbounded;
        const std::uint64_t each =
            std::min(comparing(type(a), size(a)),
                     comparing(container.params[0], of_type(container.params[0])));
        return sum(size(b) / 16, product(size(b), each));
      }
      default:
        return 0;
    }
  }

  static bool is_text(const Type& type) {
    return type.kind == TypeKind::kString || type.kind == TypeKind::kBytes;
  }

  // Steps of comparing a value of this type and outer size with an equal one.
  static std::uint64_t comparing(const Type& type, std::uint64_t size) {
    if (is_text(type)) return size / kBytesPerStep;
    if (type.kind == TypeKind::kList) {
      return sum(1, product(size, sum(1, comparing(type.params[0], of_type(type.params[0])))));
    }
    if (type.kind == TypeKind::kMap) {
      const std::uint64_t each = comparing(type.params[1], of_type(type.params[1]));
      return sum(1, product(size, sum(size, each)));
    }
    return type.kind == TypeKind::kDyn ? kUnbounded : 0;
  }

  // The most elements or bytes of any value of the type.
  static std::uint64_t of_type(const Type& type) {
    switch (type.kind) {
      case TypeKind::kString:
      case TypeKind::kBytes:
        return limits::kTextBytes;
      case TypeKind::kList:
      case TypeKind::kMap:
        return type.max_size == 0 ? kUnbounded : type.max_size;
      case TypeKind::kDyn:
        return kUnbounded;
      default:
        return 0;
    }
  }

  std::uint64_t size(NodeId id) {
    const Node& node = ast_.at(id);
    switch (node.kind) {
      case NodeKind::kLiteral: {
        const bool text = node.literal.is(Kind::kString) || node.literal.is(Kind::kBytes);
        return text ? node.literal.as_text().size() : 0;
      }
      case NodeKind::kList:
        return node.count;
      case NodeKind::kMap:
        return node.count / 2;
      case NodeKind::kLoop:
        return type(id).kind == TypeKind::kBool ? 0 : size(ast_.child(id, 0));
      case NodeKind::kConditional:
        return std::max(size(ast_.child(id, 1)), size(ast_.child(id, 2)));
      case NodeKind::kBinary: {
        const bool grows =
            node.op == Op::kAdd && (is_text(type(id)) || type(id).kind == TypeKind::kList);
        return grows ? sum(size(ast_.child(id, 0)), size(ast_.child(id, 1))) : 0;
      }
      case NodeKind::kCall:
      case NodeKind::kMemberCall:
        // Whatever text it makes is in the arena.
        return is_text(type(id)) ? Arena::kDefaultBytes : of_type(type(id));
      default:
        return of_type(type(id));
    }
  }

  const Ast& ast_;
  const Checked& checked_;
};

}  // namespace

std::uint64_t worst_steps(const Ast& ast, const Checked& checked) {
  const std::uint64_t steps = sum(1, Cost(ast, checked).steps(ast.root));
  return steps == kUnbounded ? 0 : steps;
}

}  // namespace millwright::cel
