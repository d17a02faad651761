#include "cel/lexer.hpp"

#include <algorithm>
#include <array>

namespace millwright::cel {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool is_word_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_word(char c) {
  return is_word_start(c) || is_digit(c);
}

bool span_of_time(std::string_view unit) {
  constexpr std::array<std::string_view, 4> kUnits{"ms", "s", "m", "h"};
  return std::find(kUnits.begin(), kUnits.end(), unit) != kUnits.end();
}

class Lexer {
 public:
  Lexer(std::string_view source, Complaints& complaints)
      : source_(source), complaints_(complaints) {}

  std::vector<Token> run() {
    for (skip_space(); at_ < source_.size(); skip_space()) next();
    add(TokenKind::kEnd, source_.size());
    return std::move(tokens_);
  }

 private:
  [[nodiscard]] char peek(std::size_t ahead = 0) const {
    return at_ + ahead < source_.size() ? source_[at_ + ahead] : '\0';
  }

  void skip_space() {
    while (at_ < source_.size()) {
      if (std::string_view(" \t\n\r\f").find(source_[at_]) != std::string_view::npos) {
        ++at_;
      } else if (source_.substr(at_, 2) == "//") {
        at_ = std::min(source_.find('\n', at_), source_.size());
      } else {
        return;
      }
    }
  }

  void add(TokenKind kind, std::size_t end) {
    tokens_.push_back(
        Token{kind, std::uint32_t(at_), std::uint32_t(end), source_.substr(at_, end - at_)});
    at_ = end;
  }

  void bad(std::size_t end, std::string message, std::string suggestion = {}) {
    complaints_.add(std::uint32_t(at_), std::move(message), std::move(suggestion));
    add(TokenKind::kBad, end);
  }

  void next() {
    const char c = peek();
    if (is_digit(c) || (c == '.' && is_digit(peek(1)))) return number();
    if (string_start()) return;
    if (is_word_start(c)) return word();
    if (c == '`') return quoted_ident();
    symbol();
  }

  void word() {
    std::size_t end = at_ + 1;
    while (end < source_.size() && is_word(source_[end])) ++end;
    const std::string_view text = source_.substr(at_, end - at_);
    TokenKind kind = TokenKind::kIdent;
    if (text == "true") kind = TokenKind::kTrue;
    if (text == "false") kind = TokenKind::kFalse;
    if (text == "null") kind = TokenKind::kNull;
    if (text == "in") kind = TokenKind::kIn;
    add(kind, end);
  }

  void number() {
    std::size_t end = at_;
    TokenKind kind = TokenKind::kInt;
    const auto digits = [&] {
      while (end < source_.size() && is_digit(source_[end])) ++end;
    };
    if (peek() == '0' && (peek(1) == 'x' || peek(1) == 'X') && is_hex(peek(2))) {
      end += 2;
      while (end < source_.size() && is_hex(source_[end])) ++end;
    } else {
      digits();
      if (end + 1 < source_.size() && source_[end] == '.' && is_digit(source_[end + 1])) {
        kind = TokenKind::kDouble;
        ++end;
        digits();
      }
      if (end < source_.size() && (source_[end] == 'e' || source_[end] == 'E')) {
        std::size_t exponent = end + 1;
        if (exponent < source_.size() && (source_[exponent] == '+' || source_[exponent] == '-')) {
          ++exponent;
        }
        if (exponent < source_.size() && is_digit(source_[exponent])) {
          kind = TokenKind::kDouble;
          end = exponent;
          digits();
        }
      }
    }
    if (kind == TokenKind::kInt && end < source_.size() &&
        (source_[end] == 'u' || source_[end] == 'U')) {
      kind = TokenKind::kUint;
      ++end;
    }
    if (end < source_.size() && is_word(source_[end])) {
      std::size_t stop = end;
      while (stop < source_.size() && is_word(source_[stop])) ++stop;
      const std::string digits_text(source_.substr(at_, end - at_));
      const std::string rest(source_.substr(end, stop - end));
      return bad(stop, "'" + digits_text + rest + "' is no number",
                 "units do not belong here: write " + digits_text +
                     (span_of_time(rest) ? ", or duration('" + digits_text + rest + "')" : ""));
    }
    add(kind, end);
  }

  // A string or bytes literal with its prefix; false if none starts here.
  bool string_start() {
    std::size_t quote = at_;
    bool raw = false;
    bool bytes = false;
    for (; quote < source_.size() && quote - at_ < 2; ++quote) {
      const char c = source_[quote];
      if ((c == 'r' || c == 'R') && !raw) {
        raw = true;
      } else if ((c == 'b' || c == 'B') && !bytes) {
        bytes = true;
      } else {
        break;
      }
    }
    if (quote >= source_.size() || (source_[quote] != '\'' && source_[quote] != '"')) return false;
    const char mark = source_[quote];
    const bool triple = source_.substr(quote, 3) == std::string(3, mark);
    const std::size_t width = triple ? 3 : 1;
    std::size_t end = quote + width;
    for (;; ++end) {
      if (end >= source_.size() || (!triple && (source_[end] == '\n' || source_[end] == '\r'))) {
        bad(end, "this text has no closing " + std::string(width, mark));
        return true;
      }
      if (source_[end] == '\\' && !raw && end + 1 < source_.size()) {
        ++end;
      } else if (source_.substr(end, width) == std::string(width, mark)) {
        break;
      }
    }
    add(bytes ? TokenKind::kBytes : TokenKind::kString, end + width);
    return true;
  }

  void quoted_ident() {
    const std::size_t close = source_.find_first_of("`\n", at_ + 1);
    if (close == std::string_view::npos || source_[close] == '\n' || close == at_ + 1) {
      return bad(close == std::string_view::npos ? source_.size() : close + 1,
                 "this field name has no closing `");
    }
    const std::string_view name = source_.substr(at_ + 1, close - at_ - 1);
    for (const char c : name) {
      if (!is_word(c) && std::string_view(".-/ ").find(c) == std::string_view::npos) {
        return bad(close + 1, "a field name in ` ` holds letters, digits and _ . - / only");
      }
    }
    add(TokenKind::kQuotedIdent, close + 1);
  }

  void symbol() {
    for (const std::string_view two : {"==", "!=", "<=", ">=", "&&", "||"}) {
      if (source_.substr(at_, 2) == two) return add(TokenKind::kSymbol, at_ + 2);
    }
    const char c = peek();
    if (std::string_view("()[]{}.,?:+-*/%<>!").find(c) != std::string_view::npos) {
      return add(TokenKind::kSymbol, at_ + 1);
    }
    if (c == '&' || c == '|' || c == '=') {
      const std::string twice(2, c);
      return bad(at_ + 1, "unexpected '" + std::string(1, c) + "'", "write " + twice);
    }
    std::size_t end = at_ + 1;
    while (end < source_.size() && (static_cast<unsigned char>(source_[end]) & 0xC0) == 0x80) ++end;
    bad(end, "unexpected character '" + std::string(source_.substr(at_, end - at_)) + "'",
        static_cast<unsigned char>(c) >= 0x80 ? "names are of a-z, digits and _; texts stand in ''"
                                              : "");
  }

  std::string_view source_;
  Complaints& complaints_;
  std::size_t at_ = 0;
  std::vector<Token> tokens_;
};

}  // namespace

std::vector<Token> tokenize(std::string_view source, Complaints& complaints) {
  return Lexer(source, complaints).run();
}

bool is_reserved(std::string_view word) {
  static constexpr std::array<std::string_view, 16> kWords{
      "as",     "break", "const",   "continue",  "else",   "for", "function", "if",
      "import", "let",   "package", "namespace", "return", "var", "void",     "while"};
  static constexpr std::string_view kLoop = "loop";
  return word == kLoop || std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

}  // namespace millwright::cel
