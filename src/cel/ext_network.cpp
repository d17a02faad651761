// The functions of IP addresses and ranges, and of base64.
#include "cel/function_rows.hpp"
#include "cel/network.hpp"
#include "cel/operations.hpp"
#include "millwright/base/digest.hpp"

namespace millwright::cel {
namespace {

Value no_address() {
  return Value::error(ErrorCode::kInvalidArgument,
                      "not an IP address like 10.0.0.7 or 2001:db8::7");
}
Value no_range() {
  return Value::error(ErrorCode::kInvalidArgument, "not a range like 10.0.0.0/8 or 2001:db8::/32");
}

Value kept(Context& context, const std::string& bytes, Value (*make)(std::string_view)) {
  const Value copy = concatenated(Kind::kBytes, bytes, {}, context);
  return copy.is_error() ? copy : make(copy.as_text());
}
Value as_ip(std::string_view bytes) {
  return Value::ip(bytes);
}
Value as_cidr(std::string_view bytes) {
  return Value::cidr(bytes);
}

Value ip_from_text(Context& context, Arguments args) {
  const auto bytes = parse_ip(args[0].as_text());
  return bytes ? kept(context, *bytes, as_ip) : no_address();
}
Value cidr_from_text(Context& context, Arguments args) {
  const auto bytes = parse_cidr(args[0].as_text());
  return bytes ? kept(context, *bytes, as_cidr) : no_range();
}
Value is_ip(Context& /*context*/, Arguments args) {
  return Value::boolean(parse_ip(args[0].as_text()).has_value());
}
Value is_cidr(Context& /*context*/, Arguments args) {
  return Value::boolean(parse_cidr(args[0].as_text()).has_value());
}
Value is_canonical(Context& /*context*/, Arguments args) {
  const auto bytes = parse_ip(args[0].as_text());
  if (!bytes) return no_address();
  return Value::boolean(ip_text(*bytes) == args[0].as_text());
}

Value text_of_ip(Context& context, Arguments args) {
  return concatenated(Kind::kString, ip_text(args[0].as_text()), {}, context);
}
Value text_of_cidr(Context& context, Arguments args) {
  return concatenated(Kind::kString, cidr_text(args[0].as_text()), {}, context);
}

// Byte i of an address.
unsigned part(const Value& ip, std::size_t i) {
  return static_cast<unsigned char>(ip.as_text()[i]);
}
bool is_v4(const Value& ip) {
  return ip.as_text().size() == 4;
}
bool only_last(const Value& ip, unsigned last) {
  const std::string_view bytes = ip.as_text();
  return bytes.substr(0, bytes.size() - 1).find_first_not_of('\0') == std::string_view::npos &&
         part(ip, bytes.size() - 1) == last;
}
bool unspecified(const Value& ip) {
  return only_last(ip, 0);
}
bool loopback(const Value& ip) {
  return is_v4(ip) ? part(ip, 0) == 127 : only_last(ip, 1);
}
bool multicast(const Value& ip) {
  return is_v4(ip) ? (part(ip, 0) & 0xF0) == 0xE0 : part(ip, 0) == 0xFF;
}
bool link_local_multicast(const Value& ip) {
  if (!is_v4(ip)) return part(ip, 0) == 0xFF && (part(ip, 1) & 0x0F) == 0x02;
  return part(ip, 0) == 224 && part(ip, 1) == 0 && part(ip, 2) == 0;
}
bool link_local_unicast(const Value& ip) {
  if (!is_v4(ip)) return part(ip, 0) == 0xFE && (part(ip, 1) & 0xC0) == 0x80;
  return part(ip, 0) == 169 && part(ip, 1) == 254;
}
bool global_unicast(const Value& ip) {
  const bool broadcast = ip.as_text() == "\xFF\xFF\xFF\xFF";
  return !broadcast && !unspecified(ip) && !loopback(ip) && !multicast(ip) &&
         !link_local_unicast(ip);
}

template <bool (*kTest)(const Value&)>
Value ask(Context& /*context*/, Arguments args) {
  return Value::boolean(kTest(args[0]));
}

Value family(Context& /*context*/, Arguments args) {
  return Value::integer(is_v4(args[0]) ? 4 : 6);
}

std::size_t length_of(std::string_view cidr) {
  return static_cast<unsigned char>(cidr[0]);
}

// Whether two addresses of one family agree in their first bits.
bool same_start(std::string_view a, std::string_view b, std::size_t bits) {
  if (a.size() != b.size() || a.substr(0, bits / 8) != b.substr(0, bits / 8)) return false;
  if (bits % 8 == 0) return true;
  const unsigned differ = static_cast<unsigned char>(a[bits / 8]) ^
                          unsigned { static_cast<unsigned char>(b[bits / 8]) };
  return (differ >> (8 - bits % 8)) == 0;
}
Value holds_ip(std::string_view cidr, std::string_view ip) {
  return Value::boolean(same_start(cidr.substr(1), ip, length_of(cidr)));
}
Value holds_cidr(std::string_view cidr, std::string_view inner) {
  return Value::boolean(length_of(cidr) <= length_of(inner) &&
                        same_start(cidr.substr(1), inner.substr(1), length_of(cidr)));
}

Value contains_ip(Context& /*context*/, Arguments args) {
  if (args[1].is(Kind::kIp)) return holds_ip(args[0].as_text(), args[1].as_text());
  const auto bytes = parse_ip(args[1].as_text());
  return bytes ? holds_ip(args[0].as_text(), *bytes) : no_address();
}
Value contains_cidr(Context& /*context*/, Arguments args) {
  if (args[1].is(Kind::kCidr)) return holds_cidr(args[0].as_text(), args[1].as_text());
  const auto bytes = parse_cidr(args[1].as_text());
  return bytes ? holds_cidr(args[0].as_text(), *bytes) : no_range();
}

Value address(Context& /*context*/, Arguments args) {
  return Value::ip(args[0].as_text().substr(1));
}
Value prefix_length(Context& /*context*/, Arguments args) {
  return Value::integer(std::int64_t(length_of(args[0].as_text())));
}
Value masked(Context& context, Arguments args) {
  std::string bytes(args[0].as_text());
  const std::size_t length = length_of(bytes);
  for (std::size_t i = 1; i < bytes.size(); ++i) {
    const std::size_t before = 8 * (i - 1);
    const std::size_t keep = length > before ? length - before : 0;
    if (keep >= 8) continue;
    const unsigned mask = 0xFFU & ~(0xFFU >> keep);
    bytes[i] = char(static_cast<unsigned char>(static_cast<unsigned char>(bytes[i]) & mask));
  }
  return kept(context, bytes, as_cidr);
}

Value base64_encode(Context& context, Arguments args) {
  const std::string_view bytes = args[0].as_text();
  if (!spend_text(context, bytes.size())) return step_limit();
  const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
  return concatenated(Kind::kString, to_base64({data, bytes.size()}), {}, context);
}

// Padding may be left out, but not said wrong.
Value base64_decode(Context& context, Arguments args) {
  std::string text(args[0].as_text());
  if (!spend_text(context, text.size())) return step_limit();
  if (text.find('=') == std::string::npos) text.append((4 - text.size() % 4) % 4, '=');
  const auto bytes = from_base64(text);
  if (!bytes) return Value::error(ErrorCode::kInvalidArgument, "the text is no base64");
  return concatenated(Kind::kBytes, *bytes, {}, context);
}

constexpr FunctionRow kRows[] = {
    {"ip", false, {"string"}, "net.IP", ip_from_text, "the address that a text names"},
    {"isIP", false, {"string"}, "bool", is_ip, "whether a text names an address"},
    {"ip.isCanonical", false, {"string"}, "bool", is_canonical, "whether it is spelt as usual"},
    {"family", true, {"net.IP"}, "int", family, "4 or 6"},
    {"isUnspecified", true, {"net.IP"}, "bool", ask<unspecified>, "0.0.0.0 or ::"},
    {"isLoopback", true, {"net.IP"}, "bool", ask<loopback>, "127.0.0.0/8 or ::1"},
    {"isGlobalUnicast",
     true,
     {"net.IP"},
     "bool",
     ask<global_unicast>,
     "one machine that may be reached from others"},
    {"isLinkLocalMulticast",
     true,
     {"net.IP"},
     "bool",
     ask<link_local_multicast>,
     "224.0.0.0/24 or ff02::/16"},
    {"isLinkLocalUnicast",
     true,
     {"net.IP"},
     "bool",
     ask<link_local_unicast>,
     "169.254.0.0/16 or fe80::/10"},
    {"string", false, {"net.IP"}, "string", text_of_ip, "as it is usually spelt"},
    {"string", false, {"net.CIDR"}, "string", text_of_cidr, "address and length"},
    {"cidr", false, {"string"}, "net.CIDR", cidr_from_text, "the range that a text names"},
    {"isCIDR", false, {"string"}, "bool", is_cidr, "whether a text names a range"},
    {"containsIP", true, {"net.CIDR", "net.IP"}, "bool", contains_ip, "whether it holds it"},
    {"containsIP", true, {"net.CIDR", "string"}, "bool", contains_ip, "whether it holds it"},
    {"containsCIDR",
     true,
     {"net.CIDR", "net.CIDR"},
     "bool",
     contains_cidr,
     "whether it holds all of it"},
    {"containsCIDR",
     true,
     {"net.CIDR", "string"},
     "bool",
     contains_cidr,
     "whether it holds all of it"},
    {"ip", true, {"net.CIDR"}, "net.IP", address, "its address, as written"},
    {"masked", true, {"net.CIDR"}, "net.CIDR", masked, "with the bits past its length at 0"},
    {"prefixLength", true, {"net.CIDR"}, "int", prefix_length, "its length in bits"},
    {"base64.encode", false, {"bytes"}, "string", base64_encode, "bytes as base64"},
    {"base64.decode", false, {"string"}, "bytes", base64_decode, "base64 as bytes"},
};

}  // namespace

std::span<const FunctionRow> network_rows() {
  return kRows;
}

}  // namespace millwright::cel
