// Escapes of string and bytes literals.
#include <optional>

#include "cel/lexer.hpp"
#include "cel/text.hpp"

namespace millwright::cel {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

class Decoder {
 public:
  Decoder(std::string_view body, std::uint32_t offset, bool bytes, Complaints& complaints)
      : body_(body), offset_(offset), bytes_(bytes), complaints_(complaints) {}

  std::string run() {
    while (at_ < body_.size()) {
      if (body_[at_] == '\\') {
        escape();
      } else {
        out_ += body_[at_++];
      }
    }
    return std::move(out_);
  }

 private:
  void complain(std::string message) {
    complaints_.add(offset_ + std::uint32_t(start_), std::move(message));
  }

  void escape() {
    static constexpr std::string_view kFrom = "abfnrtv\\?\"'`";
    static constexpr std::string_view kTo = "\a\b\f\n\r\t\v\\?\"'`";
    start_ = at_;
    const char c = at_ + 1 < body_.size() ? body_[at_ + 1] : '\0';
    at_ += 2;
    if (const std::size_t simple = kFrom.find(c); c != '\0' && simple != std::string_view::npos) {
      out_ += kTo[simple];
    } else if (c == 'x' || c == 'X') {
      put(number(2, 16), "\\x takes two hexadecimal digits");
    } else if (c == 'u' && !bytes_) {
      put(number(4, 16), "\\u takes four hexadecimal digits");
    } else if (c == 'U' && !bytes_) {
      put(number(8, 16), "\\U takes eight hexadecimal digits");
    } else if (c >= '0' && c <= '3') {
      at_ -= 1;
      put(number(3, 8), "an octal escape takes three digits, \\000 to \\377");
    } else {
      complain(bytes_ && (c == 'u' || c == 'U') ? "bytes have no \\u escape"
                                                : "unknown escape; a backslash is written \\\\");
    }
  }

  std::optional<std::uint32_t> number(std::size_t digits, std::uint32_t base) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < digits; ++i, ++at_) {
      const int digit = at_ < body_.size() ? hex_digit(body_[at_]) : -1;
      if (digit < 0 || std::uint32_t(digit) >= base) return std::nullopt;
      value = value * base + std::uint32_t(digit);
    }
    return value;
  }

  void put(std::optional<std::uint32_t> value, const char* wrong) {
    if (!value) return complain(wrong);
    if (bytes_) {
      out_ += char(static_cast<unsigned char>(*value));
    } else if (*value > 0x10FFFF || (*value >= 0xD800 && *value <= 0xDFFF)) {
      complain("this escape is no character");
    } else {
      append_utf8(out_, char32_t(*value));
    }
  }

  std::string_view body_;
  std::uint32_t offset_;
  bool bytes_;
  Complaints& complaints_;
  std::size_t at_ = 0;
  std::size_t start_ = 0;
  std::string out_;
};

}  // namespace

std::string decode_literal(const Token& token, Complaints& complaints) {
  const std::size_t quote = token.text.find_first_of("'\"");
  const std::string_view prefix = token.text.substr(0, quote);
  const std::string_view rest = token.text.substr(quote);
  const std::size_t width =
      rest.size() >= 6 && rest.substr(0, 3) == std::string(3, rest[0]) ? 3 : 1;
  const std::string_view body = rest.substr(width, rest.size() - 2 * width);
  if (prefix.find_first_of("rR") != std::string_view::npos) return std::string(body);
  return Decoder(body, token.begin + std::uint32_t(quote + width), token.kind == TokenKind::kBytes,
                 complaints)
      .run();
}

}  // namespace millwright::cel
