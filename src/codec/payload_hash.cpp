#include "codec/payload_hash.hpp"

#include <bit>
#include <cstring>

#include "codec/dom.hpp"

namespace millwright::codec {
namespace {

namespace dom = simdjson::dom;

// Odd constants with as many ones as zeros; each kind of value starts from its own.
constexpr std::uint64_t kText = 0x9E3779B97F4A7C15;
constexpr std::uint64_t kNumber = 0xC2B2AE3D27D4EB4F;
constexpr std::uint64_t kBigInt = 0x165667B19E3779F9;
constexpr std::uint64_t kArray = 0xD6E8FEB86659FD93;
constexpr std::uint64_t kObject = 0xA0761D6478BD642F;
constexpr std::uint64_t kMember = 0xE7037ED1A0B428DB;

// Both halves of the 128-bit product, folded.
std::uint64_t fold(std::uint64_t a, std::uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  const Wide product = Wide(a) * b;
  return std::uint64_t(product) ^ std::uint64_t(product >> 64);
}

template <class Word>
std::uint64_t load(const char* at) {
  Word word = 0;
  std::memcpy(&word, at, sizeof(word));
  return word;
}

// One to seven bytes, by reads that may overlap: the length is mixed in elsewhere.
std::uint64_t load_tail(const char* at, std::size_t bytes) {
  if (bytes >= 4) {
    return load<std::uint32_t>(at) << 32 | load<std::uint32_t>(at + bytes - 4);
  }
  const auto byte = [&](std::size_t i) { return std::uint64_t(static_cast<std::uint8_t>(at[i])); };
  return byte(0) << 16 | byte(bytes / 2) << 8 | byte(bytes - 1);
}

std::uint64_t hash_number(double number) {
  return fold(std::bit_cast<std::uint64_t>(number == 0.0 ? 0.0 : number) ^ kNumber, kMember);
}

// 1 and 1.0 are one number; integers that no double holds keep their own bits.
std::uint64_t hash_integer(std::int64_t number) {
  constexpr std::int64_t kExact = std::int64_t(1) << 53;
  if (number >= -kExact && number <= kExact) return hash_number(double(number));
  return fold(std::uint64_t(number) ^ kBigInt, kMember);
}

std::uint64_t hash_array(dom::array array) {
  std::uint64_t hash = kArray;
  for (const dom::element item : array) hash = fold(hash ^ hash_json(item), kText);
  return hash;
}

}  // namespace

std::uint64_t hash_text(std::string_view text, std::uint64_t seed) {
  std::uint64_t hash = seed ^ (text.size() * kText);
  while (text.size() >= 8) {
    hash = fold(hash ^ load<std::uint64_t>(text.data()), kText);
    text.remove_prefix(8);
  }
  if (!text.empty()) hash = fold(hash ^ load_tail(text.data(), text.size()), kNumber);
  return fold(hash, kArray);
}

std::uint64_t hash_member(std::string_view key, std::uint64_t value_hash) {
  return fold(hash_text(key, kMember) ^ value_hash, kObject);
}

std::uint64_t hash_object(std::uint64_t sum_of_members) {
  return fold(sum_of_members ^ kObject, kArray);
}

std::uint64_t hash_json(dom::element element) {
  switch (element.type()) {
    case dom::element_type::STRING:
      return hash_text(element.get_string().value_unsafe(), kText);
    case dom::element_type::DOUBLE:
      return hash_number(element.get_double().value_unsafe());
    case dom::element_type::INT64:
      return hash_integer(element.get_int64().value_unsafe());
    case dom::element_type::UINT64:
      return fold(element.get_uint64().value_unsafe() ^ kBigInt, kMember);
    case dom::element_type::BOOL:
      return element.get_bool().value_unsafe() ? kBigInt : kNumber;
    case dom::element_type::NULL_VALUE:
      return kText;
    case dom::element_type::ARRAY:
      return hash_array(array_of(element));
    case dom::element_type::OBJECT:
      break;
  }
  std::uint64_t sum = 0;
  for (const auto& member : object_of(element)) {
    sum += hash_member(member.key, hash_json(member.value));
  }
  return hash_object(sum);
}

}  // namespace millwright::codec
