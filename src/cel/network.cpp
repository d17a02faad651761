#include "cel/network.hpp"

#include <array>
#include <charconv>

namespace millwright::cel {
namespace {

constexpr std::size_t kGroups = 8;
using Groups = std::array<std::uint16_t, kGroups>;

unsigned byte_at(std::string_view bytes, std::size_t i) {
  return static_cast<unsigned char>(bytes[i]);
}

// A whole number without sign or leading zeros, at most `most`.
bool plain_number(std::string_view text, unsigned most, unsigned& out) {
  if (text.empty() || text.size() > 3 || (text.size() > 1 && text[0] == '0')) return false;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), out);
  return end.ec == std::errc() && end.ptr == text.data() + text.size() && out <= most;
}

std::optional<std::string> parse_v4(std::string_view text) {
  std::string out;
  for (int part = 0; part < 4; ++part) {
    const std::size_t dot = text.find('.');
    if ((dot == std::string_view::npos) != (part == 3)) return std::nullopt;
    unsigned value = 0;
    if (!plain_number(text.substr(0, dot), 255, value)) return std::nullopt;
    out += char(static_cast<unsigned char>(value));
    if (part < 3) text.remove_prefix(dot + 1);
  }
  return out;
}

// Groups of up to four hexadecimal digits between colons; false if there are too many or bad ones.
bool read_groups(std::string_view text, Groups& out, std::size_t& count) {
  while (!text.empty()) {
    const std::size_t colon = text.find(':');
    const std::string_view group = text.substr(0, colon);
    if (count == kGroups || group.empty() || group.size() > 4) return false;
    const auto end = std::from_chars(group.data(), group.data() + group.size(), out[count++], 16);
    if (end.ec != std::errc() || end.ptr != group.data() + group.size()) return false;
    if (colon == std::string_view::npos) return true;
    text.remove_prefix(colon + 1);
    if (text.empty()) return false;
  }
  return true;
}

// The last two groups may be written as an IPv4 address: 64:ff9b::192.0.2.33.
bool without_dots(std::string& text) {
  const std::size_t last = text.rfind(':') + 1;
  if (text.find('.') == std::string::npos) return true;
  const auto v4 = parse_v4(std::string_view(text).substr(last));
  if (!v4) return false;
  text.resize(last);
  for (std::size_t i = 0; i < 4; i += 2) {
    std::array<char, 4> digits{};
    const unsigned group = (byte_at(*v4, i) << 8) | byte_at(*v4, i + 1);
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), group, 16);
    text.append(digits.data(), end.ptr);
    if (i == 0) text += ':';
  }
  return true;
}

std::optional<std::string> parse_v6(std::string_view source) {
  constexpr std::size_t kLongest = 45;
  if (source.size() > kLongest) return std::nullopt;
  std::string written(source);
  if (!without_dots(written)) return std::nullopt;
  const std::string_view text = written;
  const std::size_t gap = text.find("::");
  Groups head{};
  Groups tail{};
  std::size_t heads = 0;
  std::size_t tails = 0;
  if (!read_groups(text.substr(0, gap), head, heads)) return std::nullopt;
  if (gap == std::string_view::npos) {
    if (heads != kGroups) return std::nullopt;
  } else if (!read_groups(text.substr(gap + 2), tail, tails) || heads + tails >= kGroups) {
    return std::nullopt;
  }
  for (std::size_t i = 0; i < tails; ++i) head[kGroups - tails + i] = tail[i];
  std::string out;
  for (const std::uint16_t group : head) {
    out += char(static_cast<unsigned char>(group >> 8));
    out += char(static_cast<unsigned char>(group & 0xFF));
  }
  return out;
}

bool is_mapped(std::string_view bytes) {
  return bytes.size() == 16 &&
         bytes.substr(0, 12) == std::string_view("\0\0\0\0\0\0\0\0\0\0\xff\xff", 12);
}

}  // namespace

std::optional<std::string> parse_ip(std::string_view text) {
  if (text.find(':') == std::string_view::npos) return parse_v4(text);
  auto bytes = parse_v6(text);
  if (!bytes || !is_mapped(*bytes)) return bytes;
  return text.find('.') == std::string_view::npos ? std::optional(bytes->substr(12)) : std::nullopt;
}

std::optional<std::string> parse_cidr(std::string_view text) {
  const std::size_t slash = text.rfind('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const std::string_view address = text.substr(0, slash);
  const bool v4 = address.find(':') == std::string_view::npos;
  const auto bytes = v4 ? parse_v4(address) : parse_v6(address);
  unsigned length = 0;
  if (!bytes || is_mapped(*bytes)) return std::nullopt;
  if (!plain_number(text.substr(slash + 1), v4 ? 32 : 128, length)) return std::nullopt;
  return char(static_cast<unsigned char>(length)) + *bytes;
}

// RFC 5952: the longest run of two or more zero groups is left out, the first of equals.
std::string ip_text(std::string_view bytes) {
  std::string out;
  if (bytes.size() == 4) {
    for (std::size_t i = 0; i < 4; ++i) {
      out += (i > 0 ? "." : "") + std::to_string(byte_at(bytes, i));
    }
    return out;
  }
  Groups groups{};
  for (std::size_t i = 0; i < kGroups; ++i) {
    groups[i] = std::uint16_t((byte_at(bytes, 2 * i) << 8) | byte_at(bytes, 2 * i + 1));
  }
  std::size_t gap = kGroups;
  std::size_t longest = 1;
  for (std::size_t i = 0; i < kGroups; ++i) {
    std::size_t end = i;
    while (end < kGroups && groups[end] == 0) ++end;
    if (end - i > longest) {
      gap = i;
      longest = end - i;
    }
  }
  for (std::size_t i = 0; i < kGroups;) {
    if (i == gap) {
      out += "::";
      i += longest;
      continue;
    }
    if (!out.empty() && out.back() != ':') out += ':';
    std::array<char, 4> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), groups[i], 16);
    out.append(digits.data(), end.ptr);
    ++i;
  }
  return out;
}

std::string cidr_text(std::string_view bytes) {
  return ip_text(bytes.substr(1)) + "/" + std::to_string(byte_at(bytes, 0));
}

}  // namespace millwright::cel
