#pragma once
// The parser's state and its grammar's parts: parser.cpp has the grammar, parser_state.cpp the
// tokens, nodes
// and recovery, parser_macros.cpp the macros. Compile time, one thread.

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "cel/ast.hpp"
#include "cel/lexer.hpp"
#include "cel/source.hpp"

namespace millwright::cel {

struct Span {
  std::uint32_t begin;
  std::uint32_t end;
};

class Parser {
 public:
  Parser(std::string_view source, const Limits& limits, Complaints& complaints);
  Ast run();

 private:
  static constexpr NodeId kNone = 0xffffffff;

  // The grammar (parser.cpp).
  NodeId expression();
  NodeId binary(int tightest);
  NodeId joined(NodeKind kind, NodeId left, NodeId right, const Token& mark);
  NodeId unary();
  NodeId member(const Token* minus = nullptr);
  NodeId select(NodeId target);
  NodeId primary();
  NodeId parenthesis();
  NodeId ident(bool rooted);
  std::uint32_t takes_mark();
  NodeId entry(std::uint32_t mark);
  NodeId list();
  NodeId map();
  NodeId call(const Token& name, NodeId target, bool rooted = false);

  // Items up to the closing symbol; where it ends. A comma may stand after the last one, but not in
  // arguments.
  template <class Item>
  std::uint32_t sequence(std::string_view close, const char* why, Item item, bool trailing = true) {
    while (!here().is(close) && here().kind != TokenKind::kEnd) {
      item();
      if (failed_) recover();
      if (!here().is(",")) break;
      const Token comma = take();
      if (here().is(close) && !trailing) {
        complaints_.add(comma.begin, "an argument is missing after ','");
      }
    }
    const std::uint32_t end = here().end;
    expect(close, why);
    return end;
  }

  // Macros: the node that stands for the call, or kNone if it is an ordinary one.
  NodeId macro(const Token& name, NodeId target, const std::vector<NodeId>& args, Span whole);
  NodeId has_macro(const Token& name, const std::vector<NodeId>& args, Span whole);
  NodeId cel_macro(const Token& name, const std::vector<NodeId>& args, Span whole);
  NodeId block(const Token& name, const std::vector<NodeId>& args, Span whole);
  NodeId numbered(const char* prefix, const std::vector<NodeId>& args, Span whole);
  NodeId bind(std::string_view variable, NodeId value, NodeId body, Span whole, std::uint32_t mark);
  bool is_variable(const Token& macro_name, NodeId arg, const char* which);

  // Tokens and recovery.
  [[nodiscard]] const Token& here() const { return tokens_[at_]; }
  Token take() {
    const Token token = tokens_[at_];
    if (at_ + 1 < tokens_.size()) ++at_;
    return token;
  }
  bool accept(std::string_view symbol) {
    if (!here().is(symbol)) return false;
    take();
    return true;
  }
  bool expect(std::string_view symbol, const char* why);
  [[nodiscard]] std::string instead() const;
  NodeId fail(std::string message, std::string suggestion);
  void recover();

  // Nodes.
  [[nodiscard]] Node& node(NodeId id) { return ast_.nodes[id]; }
  [[nodiscard]] Span span(NodeId from, NodeId to) { return {node(from).begin, node(to).end}; }
  [[nodiscard]] bool in_parentheses(NodeId id) const { return parenthesized_ == id; }
  NodeId add(NodeKind kind, Span whole, std::uint32_t mark, const std::vector<NodeId>& children);
  NodeId literal(const Token& token, Value value);
  NodeId number(const Token& minus);
  NodeId error_node();

  struct Deeper {
    explicit Deeper(Parser& parser) : p(parser) { ++p.depth_; }
    ~Deeper() { --p.depth_; }
    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;
    [[nodiscard]] bool too_deep() const;
    Parser& p;
  };

  const Limits& limits_;
  Complaints& complaints_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  std::uint32_t depth_ = 0;
  bool failed_ = false;           // since the last recovery
  bool full_ = false;             // the tree has its most nodes
  NodeId parenthesized_ = kNone;  // the node whose parentheses closed last
  Ast ast_;
};

}  // namespace millwright::cel
