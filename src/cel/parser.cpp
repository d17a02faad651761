#include "cel/parser.hpp"

#include "cel/parser_state.hpp"

namespace millwright::cel {
namespace {

struct Infix {
  std::string_view symbol;
  int precedence;
  Op op;
};
constexpr int kRelation = 3;
constexpr int kLoosest = 1;
constexpr Infix kInfix[] = {
    {"||", 1, Op::kAdd},      {"&&", 2, Op::kAdd},          {"==", 3, Op::kEqual},
    {"!=", 3, Op::kNotEqual}, {"<", 3, Op::kLess},          {"<=", 3, Op::kLessEqual},
    {">", 3, Op::kGreater},   {">=", 3, Op::kGreaterEqual}, {"+", 4, Op::kAdd},
    {"-", 4, Op::kSubtract},  {"*", 5, Op::kMultiply},      {"/", 5, Op::kDivide},
    {"%", 5, Op::kModulo},
};

Infix infix_of(const Token& token) {
  if (token.kind == TokenKind::kIn) return {"in", kRelation, Op::kIn};
  if (token.kind == TokenKind::kSymbol) {
    for (const Infix& each : kInfix) {
      if (each.symbol == token.text) return each;
    }
  }
  return {"", 0, Op::kAdd};
}

}  // namespace

NodeId Parser::expression() {
  const Deeper deeper(*this);
  if (deeper.too_deep()) return error_node();
  const NodeId condition = binary(kLoosest);
  if (!here().is("?")) return condition;
  const Token mark = take();
  const NodeId yes = binary(kLoosest);
  if (!expect(":", "after the value for true of ? :")) return error_node();
  const NodeId no = expression();
  return add(NodeKind::kConditional, span(condition, no), mark.begin, {condition, yes, no});
}

NodeId Parser::binary(int tightest) {
  NodeId left = unary();
  for (;;) {
    const Infix infix = infix_of(here());
    if (infix.precedence == 0 || infix.precedence < tightest) return left;
    const Token mark = take();
    const NodeId right = binary(infix.precedence + 1);
    if (infix.precedence < kRelation) {
      left = joined(infix.symbol == "||" ? NodeKind::kOr : NodeKind::kAnd, left, right, mark);
      continue;
    }
    left = add(NodeKind::kBinary, span(left, right), mark.begin, {left, right});
    node(left).op = infix.op;
  }
}

// a && b && c is one node of three children. `left` was made last but for `right`'s parts, so its
// children are moved to the end of the edges with the new one.
NodeId Parser::joined(NodeKind kind, NodeId left, NodeId right, const Token& mark) {
  std::vector<NodeId> terms;
  const bool chain = node(left).kind == kind && !in_parentheses(left);
  if (chain) {
    const auto old = ast_.children(left);
    terms.assign(old.begin(), old.end());
  } else {
    terms.push_back(left);
  }
  terms.push_back(right);
  if (!chain) return add(kind, span(left, right), mark.begin, terms);
  Node& existing = node(left);
  existing.first = std::uint32_t(ast_.edges.size());
  existing.count = std::uint32_t(terms.size());
  existing.end = node(right).end;
  existing.depth = std::max<std::uint16_t>(existing.depth, std::uint16_t(node(right).depth + 1));
  ast_.edges.insert(ast_.edges.end(), terms.begin(), terms.end());
  return left;
}

NodeId Parser::unary() {
  if (!here().is("-") && !here().is("!")) return member();
  const Deeper deeper(*this);
  if (deeper.too_deep()) return error_node();
  const Token mark = take();
  const bool number = here().kind == TokenKind::kInt || here().kind == TokenKind::kDouble;
  // The minus belongs to the number, or the smallest int could not be written.
  if (mark.is("-") && number) return member(&mark);
  const NodeId operand = unary();
  const Span whole{mark.begin, node(operand).end};
  const NodeId out = add(NodeKind::kUnary, whole, mark.begin, {operand});
  node(out).op = mark.is("-") ? Op::kNegate : Op::kNot;
  return out;
}

NodeId Parser::member(const Token* minus) {
  NodeId target = minus != nullptr ? number(*minus) : primary();
  for (;;) {
    if (here().is(".")) {
      take();
      target = select(target);
    } else if (here().is("[")) {
      const Token mark = take();
      const bool optional = accept("?");
      const NodeId key = expression();
      const std::uint32_t end = here().end;
      if (!expect("]", "to end the index")) return error_node();
      target = add(NodeKind::kIndex, {node(target).begin, end}, mark.begin, {target, key});
      node(target).optional = optional;
    } else {
      return target;
    }
  }
}

NodeId Parser::select(NodeId target) {
  const bool optional = accept("?");
  const Token name = here();
  const std::uint32_t begin = node(target).begin;
  if (name.kind == TokenKind::kQuotedIdent) {
    take();
    const NodeId out = add(NodeKind::kSelect, {begin, name.end}, name.begin, {target});
    node(out).name = name.text.substr(1, name.text.size() - 2);
    node(out).optional = optional;
    return out;
  }
  if (name.kind != TokenKind::kIdent) {
    return fail("a field or function name is missing after '.'",
                "other names stand in back quotes: .`name`");
  }
  take();
  if (here().is("(") && !optional) return call(name, target);
  const NodeId out = add(NodeKind::kSelect, {begin, name.end}, name.begin, {target});
  node(out).name = name.text;
  node(out).optional = optional;
  return out;
}

NodeId Parser::primary() {
  const Token token = here();
  switch (token.kind) {
    case TokenKind::kTrue:
    case TokenKind::kFalse:
      return literal(take(), Value::boolean(token.kind == TokenKind::kTrue));
    case TokenKind::kNull:
      return literal(take(), Value::null());
    case TokenKind::kInt:
    case TokenKind::kUint:
    case TokenKind::kDouble:
      return number({});
    case TokenKind::kString:
    case TokenKind::kBytes: {
      take();
      const std::string& text = ast_.texts.emplace_back(decode_literal(token, complaints_));
      return literal(token,
                     token.kind == TokenKind::kString ? Value::string(text) : Value::bytes(text));
    }
    case TokenKind::kIdent:
      return ident(false);
    case TokenKind::kBad:
      return fail("", "");
    default:
      break;
  }
  if (token.is("(")) return parenthesis();
  if (token.is("[")) return list();
  if (token.is("{")) return map();
  if (token.is(".")) {
    take();
    if (here().kind == TokenKind::kIdent) return ident(true);
    return fail("a name is missing after '.'", "");
  }
  const bool unequal = at_ > 0 && token.is(">") && tokens_[at_ - 1].is("<");
  return fail(token.kind == TokenKind::kEnd ? "the expression ends where a value should stand"
                                            : "unexpected '" + std::string(token.text) + "'",
              unequal ? "unequal is written !=" : "");
}

NodeId Parser::parenthesis() {
  const bool in = at_ > 0 && tokens_[at_ - 1].text == "in";
  const Token open = take();
  const NodeId inner = expression();
  const std::uint32_t end = here().end;
  if (in && here().is(",")) return fail("a list stands in brackets", "write in ['A', 'B']");
  if (!expect(")", "to close '('")) return error_node();
  node(inner).begin = open.begin;
  node(inner).end = end;
  parenthesized_ = inner;
  return inner;
}

NodeId Parser::ident(bool rooted) {
  const Token name = take();
  if (here().is("(")) return call(name, kNone, rooted);
  if (is_reserved(name.text)) {
    complaints_.add(name.begin, "'" + std::string(name.text) + "' is a reserved word",
                    "choose another name");
  }
  const Span whole{rooted ? name.begin - 1 : name.begin, name.end};
  const NodeId out = add(NodeKind::kIdent, whole, name.begin, {});
  node(out).name = name.text;
  node(out).rooted = rooted;
  return out;
}

// Where a '?' stands before an entry, which it takes; kNone if there is none.
std::uint32_t Parser::takes_mark() {
  const std::uint32_t at = here().begin;
  return accept("?") ? at : kNone;
}

// An expression, as an optional entry if a '?' stood at `mark`.
NodeId Parser::entry(std::uint32_t mark) {
  const NodeId value = expression();
  if (mark == kNone) return value;
  const std::uint32_t begin = std::min(mark, node(value).begin);
  return add(NodeKind::kEntry, {begin, node(value).end}, mark, {value});
}

NodeId Parser::list() {
  const Token open = take();
  std::vector<NodeId> items;
  const std::uint32_t end =
      sequence("]", "to end the list", [&] { items.push_back(entry(takes_mark())); });
  return add(NodeKind::kList, {open.begin, end}, open.begin, items);
}

NodeId Parser::map() {
  const Token open = take();
  std::vector<NodeId> items;
  const std::uint32_t end = sequence("}", "to end the map", [&] {
    const std::uint32_t mark = takes_mark();
    items.push_back(expression());
    if (expect(":", "between a map's key and its value")) items.push_back(entry(mark));
  });
  return add(NodeKind::kMap, {open.begin, end}, open.begin, items);
}

NodeId Parser::call(const Token& name, NodeId target, bool rooted) {
  take();  // (
  std::vector<NodeId> args;
  const std::uint32_t end = sequence(
      ")", "to end the arguments", [&] { args.push_back(expression()); }, false);
  const std::uint32_t begin =
      target != kNone ? node(target).begin : name.begin - (rooted ? 1U : 0U);
  const Span whole{begin, end};
  if (const NodeId expanded = macro(name, target, args, whole); expanded != kNone) return expanded;
  if (target == kNone && is_reserved(name.text)) {
    complaints_.add(name.begin, "'" + std::string(name.text) + "' is a reserved word");
  }
  if (target != kNone) args.insert(args.begin(), target);
  const NodeId out =
      add(target != kNone ? NodeKind::kMemberCall : NodeKind::kCall, whole, name.begin, args);
  node(out).name = name.text;
  node(out).rooted = rooted;
  return out;
}

Ast parse(std::string_view source, const Limits& limits, Complaints& complaints) {
  return Parser(source, limits, complaints).run();
}

}  // namespace millwright::cel
