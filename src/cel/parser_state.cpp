#include "cel/parser_state.hpp"

#include <charconv>
#include <cmath>

namespace millwright::cel {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = char(c + ('a' - 'A'));
  }
  return out;
}

}  // namespace

Parser::Parser(std::string_view source, const Limits& limits, Complaints& complaints)
    : limits_(limits), complaints_(complaints), tokens_(tokenize(source, complaints)) {}

Ast Parser::run() {
  ast_.root = expression();
  if (here().kind != TokenKind::kEnd && !failed_) {
    const bool closing = here().is(")") || here().is("]") || here().is("}");
    const std::string text(here().text);
    fail(closing ? "'" + text + "' closes nothing" : "unexpected '" + text + "'", instead());
  }
  return std::move(ast_);
}

// What to write where an expression should have ended.
std::string Parser::instead() const {
  const std::string word = lower(here().text);
  if (word == "and") return "write &&";
  if (word == "or") return "write ||";
  const Token& last = tokens_[at_ - 1];
  if (last.kind == TokenKind::kIdent && lower(last.text) == "not") return "write ! in place of not";
  const bool number = last.kind == TokenKind::kInt || last.kind == TokenKind::kDouble;
  if (number && here().kind == TokenKind::kIdent) return "units do not belong here: take it out";
  const bool digits = at_ + 1 < tokens_.size() && tokens_[at_ + 1].kind == TokenKind::kInt;
  if (number && digits && here().is(",")) {
    return "a number has a point: " + std::string(last.text) + "." +
           std::string(tokens_[at_ + 1].text);
  }
  const bool value = here().kind == TokenKind::kIdent || here().kind == TokenKind::kString;
  return value ? "an operator is missing before it" : "";
}

bool Parser::Deeper::too_deep() const {
  if (p.depth_ <= p.limits_.depth) return false;
  p.fail("nested deeper than " + std::to_string(p.limits_.depth) + " levels",
         "split the expression");
  // Nothing after this can be made sense of.
  p.at_ = p.tokens_.size() - 1;
  return true;
}

bool Parser::expect(std::string_view symbol, const char* why) {
  if (here().is(symbol)) {
    take();
    return true;
  }
  if (!failed_) {
    const std::string found = here().kind == TokenKind::kEnd ? "the expression ends"
                                                             : "'" + std::string(here().text) + "'";
    fail("'" + std::string(symbol) + "' is missing " + why + ", before " + found, "");
  }
  return false;
}

NodeId Parser::fail(std::string message, std::string suggestion) {
  if (!failed_ && here().kind != TokenKind::kBad) {
    complaints_.add(here().begin, std::move(message), std::move(suggestion));
  }
  failed_ = true;
  return error_node();
}

// On to the next ',' or closing bracket of the list that the parser is in.
void Parser::recover() {
  int open = 0;
  for (; here().kind != TokenKind::kEnd; take()) {
    const std::string_view text = here().kind == TokenKind::kSymbol ? here().text : "";
    if (text == "(" || text == "[" || text == "{") ++open;
    const bool closes = text == ")" || text == "]" || text == "}";
    if (open == 0 && (closes || text == ",")) break;
    if (closes) --open;
  }
  failed_ = false;
}

NodeId Parser::add(NodeKind kind, Span whole, std::uint32_t mark,
                   const std::vector<NodeId>& children) {
  Node made;
  made.kind = kind;
  made.begin = whole.begin;
  made.end = whole.end;
  made.mark = mark;
  made.first = std::uint32_t(ast_.edges.size());
  made.count = std::uint32_t(children.size());
  for (const NodeId child : children) {
    made.depth = std::max<std::uint16_t>(made.depth, std::uint16_t(node(child).depth + 1));
  }
  if (made.depth > limits_.depth) {
    complaints_.add(mark, "nested deeper than " + std::to_string(limits_.depth) + " levels",
                    "split the expression");
    made.depth = 1;
  }
  if (ast_.nodes.size() >= limits_.nodes) {
    if (!full_) {
      complaints_.add(mark,
                      "more than " + std::to_string(limits_.nodes) + " parts in one expression",
                      "split the rule");
    }
    full_ = failed_ = true;
    at_ = tokens_.size() - 1;
    return 0;
  }
  ast_.edges.insert(ast_.edges.end(), children.begin(), children.end());
  ast_.nodes.push_back(made);
  return NodeId(ast_.nodes.size() - 1);
}

NodeId Parser::literal(const Token& token, Value value) {
  const NodeId out = add(NodeKind::kLiteral, {token.begin, token.end}, token.begin, {});
  node(out).literal = value;
  return out;
}

NodeId Parser::error_node() {
  return literal(here(), Value::null());
}

NodeId Parser::number(const Token& minus) {
  Token token = take();
  const bool negative = !minus.text.empty();
  std::string_view digits = token.text;
  if (token.kind == TokenKind::kDouble) {
    const std::string text = (negative ? "-" : "") + std::string(digits);
    double d = 0.0;
    const auto end = std::from_chars(text.data(), text.data() + text.size(), d);
    // Out of range either way: too small is 0 to the nearest, too large is no number.
    if (end.ec != std::errc() && std::strtod(text.c_str(), nullptr) != 0.0) d = HUGE_VAL;
    if (std::isinf(d)) complaints_.add(token.begin, "this number is too large for a double");
    if (negative) token.begin = minus.begin;
    return literal(token, Value::number(d));
  }
  const bool is_uint = token.kind == TokenKind::kUint;
  if (is_uint) digits.remove_suffix(1);
  const bool hex = digits.size() > 2 && (digits[1] == 'x' || digits[1] == 'X');
  if (hex) digits.remove_prefix(2);
  std::uint64_t magnitude = 0;
  const auto end =
      std::from_chars(digits.data(), digits.data() + digits.size(), magnitude, hex ? 16 : 10);
  const std::uint64_t most = is_uint ? UINT64_MAX : std::uint64_t(INT64_MAX) + (negative ? 1U : 0U);
  if (end.ec != std::errc() || magnitude > most) {
    complaints_.add(token.begin, "this number does not fit into 64 bits",
                    is_uint ? "" : "write it as a double: " + std::string(token.text) + ".0");
    magnitude = 0;
  }
  if (negative) token.begin = minus.begin;
  const std::uint64_t bits = negative ? 0 - magnitude : magnitude;
  return literal(token, is_uint ? Value::uinteger(bits) : Value::integer(std::int64_t(bits)));
}

}  // namespace millwright::cel
