// Why an expression gave what it gave, and which of its comparisons an input could turn.
#include <algorithm>

#include "cel/evaluators.hpp"
#include "cel/program_impl.hpp"
#include "millwright/base/check.hpp"

namespace millwright::cel {
namespace {

std::string_view text_of(const Ast& ast, std::string_view source, NodeId id) {
  const Node& node = ast.at(id);
  return source.substr(node.begin, node.end - node.begin);
}

// Walks the tree with what each node gave; kAbsent where it was not evaluated.
class Explainer {
 public:
  Explainer(const Ast& ast, std::string_view source, std::span<const Value> values,
            std::vector<Reason>& reasons)
      : ast_(ast), source_(source), values_(values), reasons_(reasons) {}

  void explain(NodeId id) {
    const Node& node = ast_.at(id);
    switch (node.kind) {
      case NodeKind::kAnd:
      case NodeKind::kOr:
        return logic(id);
      case NodeKind::kUnary:
        return node.op == Op::kNot ? explain(ast_.child(id, 0)) : leaf(id);
      case NodeKind::kConditional: {
        const Value condition = value(ast_.child(id, 0));
        explain(ast_.child(id, 0));
        if (condition.is(Kind::kBool)) explain(ast_.child(id, condition.as_bool() ? 1 : 2));
        return;
      }
      case NodeKind::kBind:
        return explain(ast_.child(id, 1));
      default:
        return leaf(id);
    }
  }

 private:
  [[nodiscard]] Value value(NodeId id) const {
    const Node& node = ast_.at(id);
    return node.kind == NodeKind::kLiteral ? node.literal : values_[id];
  }

  void logic(NodeId id) {
    const bool stop = ast_.at(id).kind == NodeKind::kOr;
    const Value result = value(id);
    for (const NodeId term : ast_.children(id)) {
      const Value each = value(term);
      if (each.is(Kind::kAbsent)) continue;
      const bool stopped = each.is(Kind::kBool) && each.as_bool() == stop;
      // One that stops decides alone; else all that let it pass do, or what went wrong.
      const bool passed = result.is(Kind::kBool) && result.as_bool() != stop;
      if (passed || stopped || (!result.is(Kind::kBool) && !each.is(Kind::kBool))) explain(term);
      if (stopped) return;
    }
  }

  void leaf(NodeId id) {
    const Node& node = ast_.at(id);
    Reason reason{text_of(ast_, source_, id), value(id), {}};
    auto children = ast_.children(id);
    if (node.kind == NodeKind::kLoop) children = children.subspan(0, 1);  // what it ran over
    const bool shows = node.kind == NodeKind::kBinary || node.kind == NodeKind::kCall ||
                       node.kind == NodeKind::kMemberCall || node.kind == NodeKind::kIndex ||
                       node.kind == NodeKind::kLoop;
    for (const NodeId child : children) {
      const Value each = value(child);
      if (!shows || each.is(Kind::kAbsent)) continue;
      reason.operands.push_back({text_of(ast_, source_, child), each});
    }
    reasons_.push_back(std::move(reason));
  }

  const Ast& ast_;
  std::string_view source_;
  std::span<const Value> values_;
  std::vector<Reason>& reasons_;
};

class ComparisonFinder {
 public:
  ComparisonFinder(Ast& ast, const Checked& checked, const Schema& schema, std::string_view source,
                   Pool& pool)
      : ast_(ast), checked_(checked), schema_(schema), source_(source), pool_(pool) {}

  // `condition`: the node stands where true or false is asked for.
  void find(NodeId id, bool condition) {
    const Node& node = ast_.at(id);
    const Info& info = checked_.info[id];
    if (info.meaning == Meaning::kSlot) {
      const bool flag = schema_.variables()[info.index].type.kind == TypeKind::kBool;
      if (condition && flag && node.kind != NodeKind::kHas) {
        add(id, id, Relation::kEqual, Value::boolean(true));
      }
      return;
    }
    if (node.kind == NodeKind::kBinary && compared(id)) return;
    const bool logic = node.kind == NodeKind::kAnd || node.kind == NodeKind::kOr ||
                       (node.kind == NodeKind::kUnary && node.op == Op::kNot);
    auto children = ast_.children(id);
    if (info.qualified) children = children.subspan(1);
    for (std::size_t i = 0; i < children.size(); ++i) {
      const bool asks = node.kind == NodeKind::kConditional ? i == 0 || condition : logic;
      find(children[i], asks);
    }
  }

  std::vector<Comparison> found;

 private:
  bool compared(NodeId id) {
    const NodeId a = ast_.child(id, 0);
    const NodeId b = ast_.child(id, 1);
    const bool left = checked_.info[a].meaning == Meaning::kSlot;
    const bool right = checked_.info[b].meaning == Meaning::kSlot;
    Value constant;
    const Op op = ast_.at(id).op;
    const bool relation = op >= Op::kEqual && op <= Op::kIn;
    // Not `[1, 2] in slot` nor `has(slot) == true`: the input itself has to be on one side.
    const NodeId input = left ? a : b;
    if (!relation || left == right || (op == Op::kIn && !left)) return false;
    if (ast_.at(input).kind == NodeKind::kHas || ast_.at(input).optional) return false;
    if (!known(left ? b : a, constant)) return false;
    if (op == Op::kIn && !constant.is(Kind::kList)) return false;
    add(id, input, turned(op, right), constant);
    return true;
  }

  static Relation turned(Op op, bool turn) {
    switch (op) {
      case Op::kEqual:
        return Relation::kEqual;
      case Op::kNotEqual:
        return Relation::kNotEqual;
      case Op::kLess:
        return turn ? Relation::kGreater : Relation::kLess;
      case Op::kLessEqual:
        return turn ? Relation::kGreaterEqual : Relation::kLessEqual;
      case Op::kGreater:
        return turn ? Relation::kLess : Relation::kGreater;
      case Op::kGreaterEqual:
        return turn ? Relation::kLessEqual : Relation::kGreaterEqual;
      default:
        return Relation::kIn;
    }
  }

  void add(NodeId id, NodeId input, Relation relation, Value constant) {
    const std::uint32_t slot = checked_.info[input].index;
    const bool is_double = schema_.variables()[slot].type.kind == TypeKind::kDouble;
    if (is_double && constant.is(Kind::kInt)) constant = Value::number(double(constant.as_int()));
    found.push_back({slot, relation, constant, text_of(ast_, source_, id)});
  }

  // Neither inputs nor variables in it.
  [[nodiscard]] bool is_closed(NodeId id) const {
    const Info& info = checked_.info[id];
    const NodeKind kind = ast_.at(id).kind;
    if (info.meaning != Meaning::kNone && info.meaning != Meaning::kTypeName) return false;
    if (kind == NodeKind::kLoop || kind == NodeKind::kBind) return false;
    auto children = ast_.children(id);
    if (info.qualified) children = children.subspan(1);
    return std::all_of(children.begin(), children.end(), [&](NodeId c) { return is_closed(c); });
  }

  // What the node gives whatever the event is, if that is a value.
  bool known(NodeId id, Value& out) {
    if (ast_.at(id).kind == NodeKind::kLiteral) {
      out = ast_.at(id).literal;
      return true;
    }
    if (!is_closed(id)) return false;
    GeneratorOptions options;
    options.steps = Limits().steps;
    Complaints ignored;
    std::swap(ast_.root, id);
    const Block block = generate(ast_, checked_, schema_, source_, options, pool_, ignored);
    std::swap(ast_.root, id);
    if (block.root->eval != eval_constant) return false;
    out = block.root->constant;
    return !out.is_error();
  }

  Ast& ast_;
  const Checked& checked_;
  const Schema& schema_;
  std::string_view source_;
  Pool& pool_;
};

}  // namespace

Value Program::deciding(std::span<const Value> slots, Arena& arena,
                        std::vector<Reason>& reasons) const {
  const Impl& impl = *impl_;
  MW_CHECK(slots.size() >= impl.slots_needed);
  Locals locals;
  std::vector<Value> values(impl.ast.nodes.size());
  Frame frame{Context(arena, impl.limits.steps), slots.data(), locals.values.data(), nullptr,
              values};
  const Value result = impl.traced.root->eval(*impl.traced.root, frame);
  Explainer(impl.ast, impl.source.text, values, reasons).explain(impl.ast.root);
  return result;
}

const std::vector<Comparison>& Program::comparisons() const noexcept {
  return impl_->comparisons;
}

std::vector<Comparison> find_comparisons(Ast& ast, const Checked& checked, const Schema& schema,
                                         std::string_view source, Pool& pool) {
  ComparisonFinder finder(ast, checked, schema, source, pool);
  finder.find(ast.root, true);
  return std::move(finder.found);
}

}  // namespace millwright::cel
