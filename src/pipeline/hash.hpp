#pragma once
// hash64: a fast hash of bytes, the same on every machine; not for secrets. Pure.

#include <cstdint>
#include <cstring>
#include <string_view>

namespace millwright::pipeline {

__extension__ using Wide = unsigned __int128;

inline std::uint64_t fold(std::uint64_t a, std::uint64_t b) {
  const Wide product = Wide(a) * b;
  return std::uint64_t(product) ^ std::uint64_t(product >> 64);
}

// Multiply and fold, eight bytes a time (in the manner of wyhash).
inline std::uint64_t hash64(std::string_view text, std::uint64_t seed = 0) {
  constexpr std::uint64_t kA = 0xa0761d6478bd642fULL;
  constexpr std::uint64_t kB = 0xe7037ed1a0b428dbULL;
  std::uint64_t h = fold(seed ^ kA, text.size() ^ kB);
  const char* at = text.data();
  std::size_t left = text.size();
  for (; left >= 8; left -= 8, at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, 8);
    h = fold(h ^ word, kB);
  }
  std::uint64_t tail = 0;
  if (left > 0) std::memcpy(&tail, at, left);
  return fold(h ^ tail ^ kA, kB);
}

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const noexcept { return hash64(text); }
};

}  // namespace millwright::pipeline
