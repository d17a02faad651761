#include "cel/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>

namespace millwright::cel {
namespace {

// Bytes of the sequence that starts here, or 0 if it is malformed, overlong or a surrogate.
std::size_t sequence_length(std::string_view text, std::size_t at) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xF0 ? 4 : (lead >= 0xE0 ? 3 : 2);
  if (lead < 0xC2 || lead > 0xF4 || at + length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  if (lead == 0xE0 && byte(1) < 0xA0) return 0;
  if (lead == 0xED && byte(1) >= 0xA0) return 0;
  if (lead == 0xF0 && byte(1) < 0x90) return 0;
  if (lead == 0xF4 && byte(1) >= 0x90) return 0;
  return length;
}

// Damerau's optimal string alignment: two neighbours swapped count once.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    before.swap(last);
    last.swap(row);
  }
  return last[b.size()];
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = char(c - 'A' + 'a');
  }
  return out;
}

}  // namespace

bool valid_utf8(std::string_view text) noexcept {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = sequence_length(text, at);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

std::size_t utf8_length(std::string_view text) noexcept {
  return std::size_t(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

void replace_invalid_utf8(std::string& text) {
  if (valid_utf8(text)) return;
  std::string out;
  bool bad = false;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = sequence_length(text, at);
    if (length == 0 && !bad) out += "\xEF\xBF\xBD";
    bad = length == 0;
    if (length > 0) out.append(text, at, length);
    at += std::max<std::size_t>(length, 1);
  }
  text = std::move(out);
}

void append_utf8(std::string& out, char32_t c) {
  const auto put = [&](std::uint32_t byte) {
    out.push_back(char(static_cast<unsigned char>(byte)));
  };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | (c >> 6));
    put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | (c >> 12));
    put(0x80 | ((c >> 6) & 0x3F));
    put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | (c >> 18));
    put(0x80 | ((c >> 12) & 0x3F));
    put(0x80 | ((c >> 6) & 0x3F));
    put(0x80 | (c & 0x3F));
  }
}

std::vector<std::string> nearest(std::string_view name,
                                 const std::vector<std::string>& candidates) {
  constexpr std::size_t kLongest = 64;
  std::vector<std::pair<std::size_t, std::string>> found;
  if (name.size() > kLongest) return {};
  const std::string wanted = lower(name);
  // Very short names are near to everything.
  const std::size_t far = name.size() <= 2 ? 0 : std::max<std::size_t>(1, name.size() / 3);
  for (const std::string& candidate : candidates) {
    if (candidate.size() > kLongest) continue;
    const std::string other = lower(candidate);
    std::size_t d = distance(wanted, other);
    // The last part alone: "z" for "vibration.z".
    const std::size_t dot = other.rfind('.');
    if (dot != std::string::npos && other.substr(dot + 1) == wanted) d = 0;
    if (d <= far) found.emplace_back(d, candidate);
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  std::vector<std::string> out;
  for (std::size_t i = 0; i < found.size() && i < 3; ++i) {
    if (found[i].first > found[0].first + 1) break;
    out.push_back(found[i].second);
  }
  return out;
}

std::string did_you_mean(std::string_view name, const std::vector<std::string>& candidates) {
  const auto names = nearest(name, candidates);
  if (names.empty()) return {};
  std::string out = "did you mean ";
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) out += i + 1 == names.size() ? " or " : ", ";
    out += "'" + names[i] + "'";
  }
  return out + "?";
}

std::string quoted(std::string_view text, bool bytes) {
  std::string out = bytes ? "b'" : "'";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\'' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\r') {
      out += "\\r";
    } else if (c == '\t') {
      out += "\\t";
    } else if (byte < 0x20 || byte == 0x7F || (bytes && byte > 0x7F)) {
      std::array<char, 8> hex{};
      std::snprintf(hex.data(), hex.size(), "\\x%02x", unsigned(byte));
      out += hex.data();
    } else {
      out += c;
    }
  }
  return out + "'";
}

std::string double_text(double d, bool literal) {
  if (std::isnan(d)) return "NaN";
  if (std::isinf(d)) return d > 0 ? "Infinity" : "-Infinity";
  // Exponents only where many zeros would stand: 100000, not 1e+05.
  constexpr double kSmall = 1e-4;
  constexpr double kLarge = 1e21;
  const double size = std::fabs(d);
  const bool plain = size == 0.0 || (size >= kSmall && size < kLarge);
  std::array<char, 48> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), d,
                                 plain ? std::chars_format::fixed : std::chars_format::scientific);
  std::string out(buffer.data(), end.ptr);
  if (literal && out.find_first_of(".e") == std::string::npos) out += ".0";
  return out;
}

}  // namespace millwright::cel
