#pragma once
// A fast 64-bit hash of a JSON value: equal for equal content, whatever the spacing and the order
// of members. Not for security. Pure, any thread.

#include <simdjson.h>
#include <cstdint>
#include <string_view>

namespace millwright::codec {

[[nodiscard]] std::uint64_t hash_text(std::string_view text, std::uint64_t seed);
[[nodiscard]] std::uint64_t hash_json(simdjson::dom::element element);
// The share of one member in its object's hash; the object's hash is made of their sum.
[[nodiscard]] std::uint64_t hash_member(std::string_view key, std::uint64_t value_hash);
[[nodiscard]] std::uint64_t hash_object(std::uint64_t sum_of_members);

}  // namespace millwright::codec
