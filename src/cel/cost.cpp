// The worst case of an expression, from the greatest sizes that its inputs can have.
#include <algorithm>
#include <bit>

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

std::uint64_t share(std::uint64_t a, std::uint64_t parts) {
  return a == kUnbounded ? kUnbounded : a / parts;
}

class Cost {
 public:
  Cost(const Ast& ast, const Checked& checked)
      : ast_(ast), checked_(checked), sizes_(ast.nodes.size(), kNotKnown) {}

  // Steps of evaluating the node once.
  std::uint64_t steps(NodeId id) {
    const Node& node = ast_.at(id);
    if (checked_.info[id].meaning == Meaning::kSlot) return 0;
    if (node.kind == NodeKind::kLoop) return loop(id);
    std::uint64_t total = 0;
    for (const NodeId child : arguments(id)) total = sum(total, steps(child));
    return sum(total, own(id));
  }

 private:
  static constexpr std::uint64_t kNotKnown = UINT64_MAX - 1;

  // The children that are evaluated: the namespace of a function is none.
  [[nodiscard]] std::span<const NodeId> arguments(NodeId id) const {
    const auto children = ast_.children(id);
    return checked_.info[id].qualified ? children.subspan(1) : children;
  }
  [[nodiscard]] std::string_view called(NodeId id) const {
    const Node& node = ast_.at(id);
    const bool call = node.kind == NodeKind::kCall || node.kind == NodeKind::kMemberCall;
    return call ? node.name : std::string_view();
  }

  [[nodiscard]] const Type& type(NodeId id) const { return checked_.info[id].type; }

  std::uint64_t loop(NodeId id) {
    const auto parts = ast_.children(id);
    std::uint64_t body = 1;
    for (const NodeId part : parts.subspan(1)) body = sum(body, steps(part));
    const LoopKind kind = ast_.at(id).loop;
    if (kind == LoopKind::kOptMap || kind == LoopKind::kOptFlatMap) {
      return sum(steps(parts[0]), body);
    }
    std::uint64_t total = sum(steps(parts[0]), product(size(parts[0]), body));
    if (kind == LoopKind::kSortBy) total = sum(total, sorting(size(parts[0]), type(parts[1])));
    if (kind == LoopKind::kTransformEntry || kind == LoopKind::kTransformEntryIf) {
      total = sum(total, product(size(id), sum(1, share(size(id), 16))));
    }
    return total;
  }

  // Steps of putting so many elements in the order of keys of that type.
  static std::uint64_t sorting(std::uint64_t count, const Type& key) {
    const std::uint64_t rounds = std::uint64_t(std::bit_width(count));
    const std::uint64_t each = sum(1, comparing(key, of_type(key)));
    return sum(share(count, 4), share(product(product(count, each), rounds), 4));
  }

  std::uint64_t own(NodeId id) {
    const Node& node = ast_.at(id);
    if (node.kind == NodeKind::kBinary) return binary(id);
    if (node.kind != NodeKind::kCall && node.kind != NodeKind::kMemberCall) return 0;
    // These look at no more than one element, however many there are.
    static constexpr std::string_view kQuick[] = {"value", "hasValue", "or",   "orValue", "of",
                                                  "none",  "first",    "last", "slice"};
    const std::string_view name = called(id);
    if (std::find(std::begin(kQuick), std::end(kQuick), name) != std::end(kQuick)) return 1;
    std::uint64_t total = 1;
    for (const NodeId arg : arguments(id)) {
      const bool text = is_text(type(arg));
      total = sum(total, text ? product(2, share(size(arg), kBytesPerStep)) : size(arg));
    }
    if (name == "replace" || name == "join" || name == "format") {
      return sum(total, share(size(id), kBytesPerStep));
    }
    if (name == "range" || name == "flatten") return sum(total, size(id));
    const NodeId first = arguments(id).empty() ? id : arguments(id)[0];
    const Type& list = type(first);
    if (list.kind != TypeKind::kList) return total;
    const Type& element = list.params[0];
    if (name == "sort") return sum(total, sorting(size(first), element));
    if (name == "distinct") {
      const std::uint64_t each = sum(1, comparing(element, of_type(element)));
      return sum(total, product(size(first), product(size(first), each)));
    }
    return total;
  }

  std::uint64_t binary(NodeId id) {
    const NodeId a = ast_.child(id, 0);
    const NodeId b = ast_.child(id, 1);
    switch (ast_.at(id).op) {
      case Op::kAdd:
        if (is_text(type(a))) return share(size(id), kBytesPerStep);
        return type(a).kind == TypeKind::kList ? share(size(id), 4) : 0;
      case Op::kEqual:
      case Op::kNotEqual:
        return std::min(comparing(type(a), size(a)), comparing(type(b), size(b)));
      case Op::kIn: {
        const Type& container = type(b);
        if (container.params.empty()) return kUnbounded;
        const std::uint64_t each =
            std::min(comparing(type(a), size(a)),
                     comparing(container.params[0], of_type(container.params[0])));
        return sum(share(size(b), 16), product(size(b), each));
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
    if (is_text(type)) return share(size, kBytesPerStep);
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
      case TypeKind::kOptional:
        return of_type(type.params[0]);
      case TypeKind::kDyn:
        return kUnbounded;
      default:
        return 0;
    }
  }

  // Bound variables are looked up again and again, so each is worked out once.
  std::uint64_t size(NodeId id) {
    if (sizes_[id] == kNotKnown) sizes_[id] = measured(id);
    return sizes_[id];
  }

  std::uint64_t measured(NodeId id) {
    const Node& node = ast_.at(id);
    const Info& info = checked_.info[id];
    if (info.meaning == Meaning::kLocal && info.binder != Info::kNoBinder) {
      return size(ast_.child(info.binder, 0));
    }
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
        return loop_size(id);
      case NodeKind::kBind:
        return size(ast_.child(id, 1));
      case NodeKind::kEntry:
        return size(ast_.child(id, 0));
      case NodeKind::kConditional:
        return std::max(size(ast_.child(id, 1)), size(ast_.child(id, 2)));
      case NodeKind::kBinary: {
        const bool grows =
            node.op == Op::kAdd && (is_text(type(id)) || type(id).kind == TypeKind::kList);
        return grows ? sum(size(ast_.child(id, 0)), size(ast_.child(id, 1))) : 0;
      }
      case NodeKind::kCall:
      case NodeKind::kMemberCall:
        return call_size(id);
      default:
        return of_type(type(id));
    }
  }

  std::uint64_t loop_size(NodeId id) {
    if (type(id).kind == TypeKind::kBool) return 0;
    switch (ast_.at(id).loop) {
      case LoopKind::kTransformEntry:
      case LoopKind::kTransformEntryIf:
        return product(size(ast_.child(id, 0)), size(ast_.child(id, ast_.at(id).count - 1)));
      case LoopKind::kOptMap:
      case LoopKind::kOptFlatMap:
        return size(ast_.child(id, 1));
      default:
        return size(ast_.child(id, 0));
    }
  }

  static constexpr std::uint64_t kShortText = 48;
  static bool shows_shortly(const Type& type) {
    return type.kind == TypeKind::kBool || type.kind == TypeKind::kInt ||
           type.kind == TypeKind::kUint || type.kind == TypeKind::kDouble ||
           type.kind == TypeKind::kTimestamp || type.kind == TypeKind::kDuration;
  }

  // How much larger than its first argument the result of a function may be.
  struct Growth {
    std::string_view name;
    std::uint64_t times;
    std::uint64_t plus;
  };

  std::uint64_t call_size(NodeId id) {
    static constexpr Growth kGrowth[] = {
        {"slice", 1, 0},      {"sort", 1, 0},      {"distinct", 1, 0}, {"reverse", 1, 0},
        {"lowerAscii", 1, 0}, {"substring", 1, 0}, {"trim", 1, 0},     {"upperAscii", 1, 0},
        {"charAt", 1, 0},     {"quote", 2, 2},     {"encode", 2, 4},   {"decode", 1, 4},
        {"split", 1, 1},      {"value", 1, 0},     {"of", 1, 0},       {"ofNonZeroValue", 1, 0},
        {"unwrap", 1, 0},     {"unwrapOpt", 1, 0},
    };
    const auto args = arguments(id);
    const std::string_view name = called(id);
    // Whatever text it makes is in the arena.
    const std::uint64_t most = is_text(type(id)) ? Arena::kDefaultBytes : kUnbounded;
    for (const Growth& each : kGrowth) {
      if (each.name != name || args.empty()) continue;
      return std::min(most, sum(product(each.times, size(args[0])), each.plus));
    }
    if (args.size() == 2 && (name == "or" || name == "orValue")) {
      return std::max(size(args[0]), size(args[1]));
    }
    if (name == "replace" && args.size() >= 3) {
      return std::min(most, product(sum(1, size(args[0])), sum(1, size(args[2]))));
    }
    if (name == "string" && args.size() == 1 && shows_shortly(type(args[0]))) return kShortText;
    if (name == "range" && args.size() == 1) {
      const Value& count = ast_.at(args[0]).literal;
      if (count.is(Kind::kInt)) return std::uint64_t(std::max<std::int64_t>(0, count.as_int()));
    }
    if (name == "flatten" && args.size() == 1 && type(args[0]).kind == TypeKind::kList) {
      return product(size(args[0]), of_type(type(args[0]).params[0]));
    }
    return is_text(type(id)) ? most : of_type(type(id));
  }

  const Ast& ast_;
  const Checked& checked_;
  std::vector<std::uint64_t> sizes_;  // by node
};

}  // namespace

std::uint64_t worst_steps(const Ast& ast, const Checked& checked) {
  const std::uint64_t steps = sum(1, Cost(ast, checked).steps(ast.root));
  return steps == kUnbounded ? 0 : steps;
}

}  // namespace millwright::cel
