#pragma once
// SHA-256 and what is made from it: derived ids, hexadecimal and base64 text. Pure.

#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

#include "millwright/base/result.hpp"

namespace millwright {

using Digest = std::array<std::uint8_t, 32>;

[[nodiscard]] Digest sha256(std::string_view bytes);
// Of the concatenation, without building it.
[[nodiscard]] Digest sha256(std::initializer_list<std::string_view> parts);

[[nodiscard]] std::string to_hex(std::span<const std::uint8_t> bytes);
[[nodiscard]] std::string to_base64(std::span<const std::uint8_t> bytes);
[[nodiscard]] Result<std::string> from_base64(std::string_view text);

[[nodiscard]] inline std::string_view as_bytes(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

// A UUIDv8 (RFC 9562) over length-prefixed parts: equal parts give equal ids on every machine, and
// ("ab","c") differs from ("a","bc"). The first part names the kind: derive_id({"task/v1", ...}).
[[nodiscard]] std::string derive_id(std::initializer_list<std::string_view> parts);

}  // namespace millwright
