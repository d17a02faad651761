#include "http/head.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "millwright/base/limits.hpp"

namespace millwright::http {
namespace {

constexpr std::size_t kFieldsMost = 64;
constexpr std::size_t kTargetMost = 8 << 10;
constexpr std::size_t kMethodMost = 16;

HeadCheck bad(int status, std::string_view why) {
  HeadCheck out;
  out.state = HeadCheck::State::kBad;
  out.status = status;
  out.why = why;
  return out;
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
}

bool same_word(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

bool is_alnum(char c) {
  return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z');
}

// RFC 9110 tchar without '_': some servers take Content_Length for Content-Length.
bool is_name_char(char c) {
  return is_alnum(c) || std::string_view("!#$%&'*+-.^`|~").find(c) != std::string_view::npos;
}

std::string_view trim(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

// The end of the header in `bytes`, 0 when it is not there yet; `broken` on a byte that no header
// may hold: a lone CR or LF, NUL, other control characters.
std::size_t find_end(std::string_view bytes, bool& broken) {
  const std::size_t look = std::min(bytes.size(), limits::kHttpHeaderBytes);
  for (std::size_t i = 0; i < look; ++i) {
    const auto c = std::uint8_t(bytes[i]);
    const bool after_cr = i > 0 && bytes[i - 1] == '\r';
    if ((c == '\n') != after_cr || (c < 0x20U && c != '\r' && c != '\n' && c != '\t') ||
        c == 0x7FU) {
      broken = true;
      return 0;
    }
    if (c == '\n' && i >= 3 && bytes[i - 2] == '\n') return i + 1;
  }
  return 0;
}

HeadCheck check_request_line(std::string_view line) {
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return bad(400, "broken request line");
  const std::string_view method = line.substr(0, first);
  const std::string_view target = line.substr(first + 1, last - first - 1);
  const std::string_view version = line.substr(last + 1);
  const auto capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (method.empty() || method.size() > kMethodMost ||
      !std::all_of(method.begin(), method.end(), capital)) {
    return bad(400, "broken method");
  }
  if (version != "HTTP/1.1" && version != "HTTP/1.0") return bad(400, "only HTTP/1.1 is spoken");
  if (target.size() > kTargetMost) return bad(414, "the address is longer than 8 KiB");
  const auto plain = [](char c) { return c > ' ' && c <= '~' && c != '#' && c != '\\'; };
  if (target.empty() || target.front() != '/' ||
      !std::all_of(target.begin(), target.end(), plain)) {
    return bad(400, "the request target must be a path");
  }
  return {};
}

constexpr std::array<std::string_view, 13> kOnce = {
    "host",         "content-length",   "transfer-encoding",
    "content-type", "content-encoding", "authorization",
    "cookie",       "origin",           "if-match",
    "expect",       "idempotency-key",  "last-event-id",
    "if-none-match"};

struct Fields {
  std::array<bool, kOnce.size()> seen{};
  std::size_t count = 0;
  HeadCheck out;
};

bool valid_host(std::string_view value) {
  const auto ok = [](char c) {
    return is_alnum(c) || std::string_view(".-:[]").find(c) != std::string_view::npos;
  };
  return !value.empty() && value.size() <= 255 && std::all_of(value.begin(), value.end(), ok);
}

HeadCheck check_length(std::string_view value, Fields& fields) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  if (value.empty() || !std::all_of(value.begin(), value.end(), digit)) {
    return bad(400, "Content-Length is not a number");
  }
  if (value.size() > 18) return bad(413, "the body is larger than 1 MiB");
  std::size_t length = 0;
  for (const char c : value) length = length * 10 + std::size_t(c - '0');
  if (length > limits::kHttpBodyBytes) return bad(413, "the body is larger than 1 MiB");
  fields.out.body_bytes = length;
  return {};
}

HeadCheck check_field(std::string_view line, Fields& fields) {
  if (++fields.count > kFieldsMost) return bad(431, "more than 64 header fields");
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0) return bad(400, "broken header field");
  const std::string_view name = line.substr(0, colon);
  const std::string_view value = trim(line.substr(colon + 1));
  if (!std::all_of(name.begin(), name.end(), is_name_char)) {
    return bad(400, "broken header field name");
  }
  for (std::size_t i = 0; i < kOnce.size(); ++i) {
    if (!same_word(name, kOnce[i])) continue;
    if (fields.seen[i]) return bad(400, "a header field is there twice");
    fields.seen[i] = true;
  }
  if (same_word(name, "content-length")) return check_length(value, fields);
  if (same_word(name, "transfer-encoding")) {
    return bad(411, "Transfer-Encoding is not accepted; send Content-Length");
  }
  if (same_word(name, "host") && !valid_host(value)) return bad(400, "broken Host");
  if (same_word(name, "content-encoding") && !same_word(value, "identity")) {
    return bad(415, "compressed requests are not accepted");
  }
  if (same_word(name, "expect")) {
    if (!same_word(value, "100-continue")) return bad(417, "unknown expectation");
    fields.out.expects_continue = true;
  }
  return {};
}

}  // namespace

HeadCheck check_head(std::string_view bytes) {
  bool broken = false;
  const std::size_t end = find_end(bytes, broken);
  if (broken) return bad(400, "a control character or a lone CR or LF in the header");
  if (end == 0) {
    if (bytes.size() >= limits::kHttpHeaderBytes) return bad(431, "header longer than 16 KiB");
    return {};
  }
  std::string_view rest = bytes.substr(0, end - 2);
  Fields fields;
  bool first = true;
  while (!rest.empty()) {
    const std::size_t stop = rest.find("\r\n");
    const std::string_view line = rest.substr(0, stop);
    rest.remove_prefix(stop + 2);
    const HeadCheck one = first ? check_request_line(line) : check_field(line, fields);
    if (one.state == HeadCheck::State::kBad) return one;
    first = false;
  }
  if (first) return bad(400, "broken request line");
  if (!fields.seen[0]) return bad(400, "Host is missing");
  fields.out.state = HeadCheck::State::kComplete;
  fields.out.bytes = end;
  return fields.out;
}

}  // namespace millwright::http
