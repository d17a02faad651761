// text.format(list). The clauses are those of the language's strings document, in every locale the
// same.
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string>
#include <vector>

#include "cel/format.hpp"
#include "cel/function_rows.hpp"
#include "cel/network.hpp"
#include "cel/operations.hpp"
#include "cel/text.hpp"
#include "cel/time.hpp"

namespace millwright::cel {
namespace {

// The longest double written out: 1.8e308 has 309 digits, and precision comes on top.
constexpr std::size_t kDoubleBytes = 1'400;

class Writer {
 public:
  explicit Writer(Context& context) : context_(context) {}

  [[nodiscard]] const std::string& text() const { return out_; }
  [[nodiscard]] const Value& error() const { return error_; }
  [[nodiscard]] bool failed() const { return error_.is_error(); }

  void literal(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      out_ += text[i];
      if (text[i] == '%') ++i;  // %% stands for one
    }
  }

  void value(const Clause& clause, const Value& value) {
    if (!clause_takes(clause.conversion, value.kind())) {
      error_ = no_overload("this clause of the format does not take such a value");
      return;
    }
    switch (clause.conversion) {
      case 's':
        return plain(value);
      case 'd':
        return value.is(Kind::kDouble) ? fixed(value.as_double(), -1) : whole(value, 10, false);
      case 'f':
        return fixed(number(value), clause.precision);
      case 'e':
        return scientific(number(value), clause.precision);
      case 'x':
      case 'X':
        return hexadecimal(value, clause.conversion == 'X');
      case 'o':
        return whole(value, 8, false);
      default:
        return whole(value, 2, false);
    }
  }

  // Stops what would grow without end: values may share their parts.
  bool grown() {
    const std::size_t spent = paid_;
    paid_ = out_.size();
    if (out_.size() > context_.arena().capacity()) error_ = memory_limit();
    const std::size_t more = paid_ > spent ? paid_ - spent : 0;
    if (!context_.spend(1 + more / kBytesPerStep)) error_ = step_limit();
    return !failed();
  }

 private:
  static double number(const Value& value) {
    if (value.is(Kind::kInt)) return double(value.as_int());
    if (value.is(Kind::kUint)) return double(value.as_uint());
    return value.as_double();
  }

  bool special(double d) {
    if (std::isfinite(d)) return false;
    out_ += std::isnan(d) ? "NaN" : (d > 0 ? "Infinity" : "-Infinity");
    return true;
  }

  void digits(double d, std::chars_format format, int precision) {
    std::array<char, kDoubleBytes> buffer;
    char* const end = buffer.data() + buffer.size();
    const auto written = precision < 0 ? std::to_chars(buffer.data(), end, d, format)
                                       : std::to_chars(buffer.data(), end, d, format, precision);
    out_.append(buffer.data(), written.ptr);
  }
  void fixed(double d, int precision) {
    if (!special(d)) digits(d, std::chars_format::fixed, precision);
  }
  void scientific(double d, int precision) {
    if (!special(d)) digits(d, std::chars_format::scientific, precision);
  }

  void whole(const Value& value, int base, bool capitals) {
    std::array<char, 72> buffer;
    char* const end = buffer.data() + buffer.size();
    const auto written =
        value.is(Kind::kInt)
            ? std::to_chars(buffer.data(), end, value.as_int(), base)
            : std::to_chars(
                  buffer.data(), end,
                  value.is(Kind::kBool) ? std::uint64_t(value.as_bool() ? 1 : 0) : value.as_uint(),
                  base);
    for (const char* c = buffer.data(); c != written.ptr; ++c) {
      out_ += capitals && *c >= 'a' ? char(*c - 32) : *c;
    }
  }

  void hexadecimal(const Value& value, bool capitals) {
    if (!value.is(Kind::kString) && !value.is(Kind::kBytes)) return whole(value, 16, capitals);
    const char* const alphabet = capitals ? "0123456789ABCDEF" : "0123456789abcdef";
    for (const char c : value.as_text()) {
      const auto byte = static_cast<unsigned char>(c);
      out_ += alphabet[byte >> 4];
      out_ += alphabet[byte & 15];
    }
  }

  void plain(const Value& value) {
    if (!grown()) return;
    switch (value.kind()) {
      case Kind::kNull:
        out_ += "null";
        return;
      case Kind::kBool:
        out_ += value.as_bool() ? "true" : "false";
        return;
      case Kind::kInt:
      case Kind::kUint:
        return whole(value, 10, false);
      case Kind::kDouble:
        return fixed(value.as_double(), -1);
      case Kind::kString:
      case Kind::kType:
        out_ += value.as_text();
        return;
      case Kind::kBytes: {
        std::string bytes(value.as_text());
        replace_invalid_utf8(bytes);
        out_ += bytes;
        return;
      }
      case Kind::kDuration:
        fixed(double(value.as_duration().ns()) / 1e9, -1);
        out_ += 's';
        return;
      case Kind::kTimestamp:
        out_ += timestamp_text(value.timestamp_seconds(), value.timestamp_ns());
        return;
      case Kind::kIp:
        out_ += ip_text(value.as_text());
        return;
      case Kind::kCidr:
        out_ += cidr_text(value.as_text());
        return;
      case Kind::kList:
        return list(value);
      case Kind::kMap:
        return map(value);
      default:
        error_ = no_overload("%s does not take such a value");
    }
  }

  void list(const Value& value) {
    out_ += '[';
    const char* between = "";
    for (const Value& item : value.as_list()) {
      out_ += between;
      between = ", ";
      plain(item);
      if (failed()) return;
    }
    out_ += ']';
  }

  // Sorted by what the keys look like.
  void map(const Value& value) {
    const std::size_t start = out_.size();
    std::vector<std::pair<std::string, std::string>> entries;
    for (const MapEntry& entry : value.as_map()) {
      const std::size_t at = out_.size();
      plain(entry.key);
      const std::size_t middle = out_.size();
      plain(entry.value);
      if (failed()) return;
      entries.emplace_back(out_.substr(at, middle - at), out_.substr(middle));
    }
    out_.resize(start);
    std::sort(entries.begin(), entries.end());
    out_ += '{';
    const char* between = "";
    for (const auto& [key, item] : entries) {
      out_ += between;
      out_ += key;
      out_ += ": ";
      out_ += item;
      between = ", ";
    }
    out_ += '}';
  }

  Context& context_;
  std::string out_;
  std::size_t paid_ = 0;
  Value error_;
};

Value format(Context& context, Arguments args) {
  std::string_view rest = args[0].as_text();
  const auto values = args[1].as_list();
  if (!spend_text(context, rest.size())) return step_limit();
  Writer writer(context);
  std::size_t next = 0;
  for (;;) {
    Clause clause;
    if (const char* wrong = next_clause(rest, clause)) {
      return Value::error(ErrorCode::kInvalidArgument, wrong);
    }
    writer.literal(clause.before);
    if (clause.conversion == '\0') break;
    if (next >= values.size()) return out_of_range("a format with more clauses than values");
    writer.value(clause, values[next++]);
    if (writer.failed() || !writer.grown()) return writer.error();
  }
  return concatenated(Kind::kString, writer.text(), {}, context);
}

constexpr FunctionRow kRows[] = {
    {"format",
     true,
     {"string", "list(dyn)"},
     "string",
     format,
     "the text with %s, %d, %.2f, %e, %x, %X, %o, %b filled in from a list"},
};

}  // namespace

const char* next_clause(std::string_view& text, Clause& out) {
  std::size_t at = 0;
  for (;; at += 2) {
    at = text.find('%', at);
    if (at == std::string_view::npos || at + 1 >= text.size() || text[at + 1] != '%') break;
  }
  out = Clause{text.substr(0, at)};
  if (at == std::string_view::npos) {
    text = {};
    return nullptr;
  }
  ++at;
  bool precise = false;
  if (at < text.size() && text[at] == '.') {
    precise = true;
    const std::size_t start = ++at;
    out.precision = 0;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) {
      out.precision = std::min(out.precision * 10 + (text[at] - '0'), kMostPrecision + 1);
    }
    if (at == start) return "a format whose precision has no digits";
    if (out.precision > kMostPrecision) return "a format with a precision over 1000";
  }
  if (at >= text.size()) return "a format that ends within a clause; % is written %%";
  out.conversion = text[at];
  text.remove_prefix(at + 1);
  if (std::string_view("sdfexXob").find(out.conversion) == std::string_view::npos) {
    return "a format with an unknown clause; there are %s %d %f %e %x %X %o %b";
  }
  if (precise && out.conversion != 'f' && out.conversion != 'e') {
    return "a format with a precision; only %f and %e have one";
  }
  return nullptr;
}

bool clause_takes(char conversion, Kind kind) {
  const bool whole = kind == Kind::kInt || kind == Kind::kUint;
  switch (conversion) {
    case 's':
      return kind != Kind::kError && kind != Kind::kUnknown && kind != Kind::kOptional;
    case 'd':
    case 'f':
    case 'e':
      return whole || kind == Kind::kDouble;
    case 'x':
    case 'X':
      return whole || kind == Kind::kString || kind == Kind::kBytes;
    case 'b':
      return whole || kind == Kind::kBool;
    default:
      return whole;
  }
}

std::string_view clause_wants(char conversion) {
  switch (conversion) {
    case 'd':
    case 'f':
    case 'e':
      return "a number";
    case 'x':
    case 'X':
      return "an int, uint, string or bytes";
    case 'b':
      return "an int, uint or bool";
    case 'o':
      return "an int or uint";
    default:
      return "a value";
  }
}

std::span<const FunctionRow> format_rows() {
  return kRows;
}

}  // namespace millwright::cel
