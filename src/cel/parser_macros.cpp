// Macros: calls that stand for another form of the tree.
#include "cel/parser_state.hpp"

namespace millwright::cel {
namespace {

struct MacroRow {
  std::string_view name;
  std::size_t args;
  std::size_t variables;
  LoopKind loop;
};
constexpr MacroRow kMacros[] = {
    {"all", 2, 1, LoopKind::kAll},
    {"all", 3, 2, LoopKind::kAll},
    {"exists", 2, 1, LoopKind::kExists},
    {"exists", 3, 2, LoopKind::kExists},
    {"exists_one", 2, 1, LoopKind::kExistsOne},
    {"exists_one", 3, 2, LoopKind::kExistsOne},
    {"existsOne", 2, 1, LoopKind::kExistsOne},
    {"existsOne", 3, 2, LoopKind::kExistsOne},
    {"map", 2, 1, LoopKind::kMap},
    {"map", 3, 1, LoopKind::kMapIf},
    {"filter", 2, 1, LoopKind::kFilter},
    {"transformList", 3, 2, LoopKind::kMap},
    {"transformList", 4, 2, LoopKind::kMapIf},
    {"transformMap", 3, 2, LoopKind::kTransformMap},
    {"transformMap", 4, 2, LoopKind::kTransformMapIf},
    {"transformMapEntry", 3, 2, LoopKind::kTransformEntry},
    {"transformMapEntry", 4, 2, LoopKind::kTransformEntryIf},
    {"sortBy", 2, 1, LoopKind::kSortBy},
    {"optMap", 2, 1, LoopKind::kOptMap},
    {"optFlatMap", 2, 1, LoopKind::kOptFlatMap},
};

}  // namespace

NodeId Parser::has_macro(const Token& name, const std::vector<NodeId>& args, Span whole) {
  const bool field =
      args.size() == 1 && node(args[0]).kind == NodeKind::kSelect && !node(args[0]).optional;
  if (!field) {
    complaints_.add(args.size() == 1 ? node(args[0]).begin : name.begin, "has() takes one field",
                    "write has(signal.score)");
    return args.empty() ? error_node() : args[0];
  }
  node(args[0]).kind = NodeKind::kHas;
  node(args[0]).begin = whole.begin;
  node(args[0]).end = whole.end;
  return args[0];
}

bool Parser::is_variable(const Token& macro_name, NodeId arg, const char* which) {
  const Node& variable = node(arg);
  if (variable.kind == NodeKind::kIdent && !variable.rooted) return true;
  const std::string name(macro_name.text);
  complaints_.add(
      variable.begin,
      "the " + std::string(which) + " argument of " + name + " is the name of its variable",
      "write " + std::string(name == "bind" ? "cel." : "") + name + "(x, ...)");
  return false;
}

NodeId Parser::macro(const Token& name, NodeId target, const std::vector<NodeId>& args,
                     Span whole) {
  if (target == kNone) return name.text == "has" ? has_macro(name, args, whole) : kNone;
  if (node(target).kind == NodeKind::kIdent && node(target).name == "cel") {
    return cel_macro(name, args, whole);
  }
  for (const MacroRow& row : kMacros) {
    if (row.name != name.text || row.args != args.size()) continue;
    if (!is_variable(name, args[0], "first")) return args[0];
    const bool two = row.variables == 2;
    if (two && !is_variable(name, args[1], "second")) return args[1];
    const std::string_view first = node(args[0]).name;
    const std::string_view second = two ? node(args[1]).name : std::string_view();
    if (first == second) {
      complaints_.add(node(args[1]).begin, "both variables have the same name",
                      "choose another name");
    }
    std::vector<NodeId> children{target};
    children.insert(children.end(), args.begin() + std::ptrdiff_t(row.variables), args.end());
    const NodeId out = add(NodeKind::kLoop, whole, name.begin, children);
    node(out).loop = row.loop;
    node(out).name = first;
    node(out).name2 = second;
    return out;
  }
  return kNone;
}

NodeId Parser::bind(std::string_view variable, NodeId value, NodeId body, Span whole,
                    std::uint32_t mark) {
  const NodeId out = add(NodeKind::kBind, whole, mark, {value, body});
  node(out).name = variable;
  return out;
}

// cel.bind, and what an optimizer may write: cel.block with its numbered variables.
NodeId Parser::cel_macro(const Token& name, const std::vector<NodeId>& args, Span whole) {
  if (name.text == "bind" && args.size() == 3) {
    if (!is_variable(name, args[0], "first")) return args[0];
    return bind(node(args[0]).name, args[1], args[2], whole, name.begin);
  }
  if (name.text == "block" && args.size() == 2) return block(name, args, whole);
  if (name.text == "index" && args.size() == 1) return numbered("@index", args, whole);
  if (name.text == "iterVar" && args.size() == 2) return numbered("@it", args, whole);
  if (name.text == "accuVar" && args.size() == 2) return numbered("@ac", args, whole);
  return kNone;
}

// cel.block([a, b], c): a and then b have names, @index0 and @index1, in what follows them.
NodeId Parser::block(const Token& name, const std::vector<NodeId>& args, Span whole) {
  if (node(args[0]).kind != NodeKind::kList) {
    complaints_.add(node(args[0]).begin, "the first argument of cel.block is a list as it stands",
                    "write cel.block([a, b], c)");
    return args[0];
  }
  const auto listed = ast_.children(args[0]);
  const std::vector<NodeId> values(listed.begin(), listed.end());
  NodeId body = args[1];
  for (std::size_t i = values.size(); i-- > 0;) {
    const std::string& variable = ast_.texts.emplace_back("@index" + std::to_string(i));
    body = bind(variable, values[i], body, whole, name.begin);
  }
  return body;
}

NodeId Parser::numbered(const char* prefix, const std::vector<NodeId>& args, Span whole) {
  std::string variable = prefix;
  const char* between = "";
  for (const NodeId arg : args) {
    if (node(arg).kind != NodeKind::kLiteral || !node(arg).literal.is(Kind::kInt)) {
      complaints_.add(node(arg).begin, "a whole number stands here");
      return arg;
    }
    variable += between + std::to_string(node(arg).literal.as_int());
    between = "_";
  }
  const NodeId out = add(NodeKind::kIdent, whole, whole.begin, {});
  node(out).name = ast_.texts.emplace_back(std::move(variable));
  return out;
}

}  // namespace millwright::cel
