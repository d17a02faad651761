#pragma once
// IP addresses and CIDR ranges: text to bytes and back, and their functions. An address is 4 or 16
// bytes, a range its prefix length in one byte and then an address. Pure; any thread.

#include <optional>
#include <string>
#include <string_view>

#include "millwright/cel/schema.hpp"

namespace millwright::cel {

[[nodiscard]] std::string ip_text(std::string_view bytes);
[[nodiscard]] std::string cidr_text(std::string_view bytes);

// No zones, no leading zeros; an IPv4-mapped IPv6 address is the IPv4 address, and may not be
// written with dots.
[[nodiscard]] std::optional<std::string> parse_ip(std::string_view text);
[[nodiscard]] std::optional<std::string> parse_cidr(std::string_view text);

}  // namespace millwright::cel
