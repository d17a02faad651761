#pragma once
// Lexer: the source as tokens, each with its span; white space and // comments are left out.
// Compile time, one thread.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cel/source.hpp"

namespace millwright::cel {

enum class TokenKind : std::uint8_t {
  kEnd,
  kIdent,
  kQuotedIdent,  // `content-type`, only after a dot
  kInt,
  kUint,
  kDouble,
  kString,
  kBytes,
  kTrue,
  kFalse,
  kNull,
  kIn,
  kSymbol,  // its text says which
  kBad,     // already complained of
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::string_view text;

  [[nodiscard]] bool is(std::string_view symbol) const {
    return kind == TokenKind::kSymbol && text == symbol;
  }
};

// The last token is kEnd.
[[nodiscard]] std::vector<Token> tokenize(std::string_view source, Complaints& complaints);

// The text or bytes that a kString or kBytes token stands for; complains of bad escapes.
[[nodiscard]] std::string decode_literal(const Token& token, Complaints& complaints);

// A word that may not be a variable's name, though a field's: `for`, `if`, ...
[[nodiscard]] bool is_reserved(std::string_view word);

}  // namespace millwright::cel
