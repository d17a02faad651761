#include "http/secrets.hpp"

#include <sodium.h>

#include <array>
#include <vector>

#include "millwright/base/check.hpp"
#include "millwright/base/digest.hpp"

namespace millwright::http {
namespace {

constexpr unsigned long long kPasses = 2;
constexpr std::size_t kMemoryBytes = 19U << 20U;

void ready() {
  MW_CHECK(sodium_init() >= 0);
}

}  // namespace

std::string random_hex(std::size_t bytes) {
  ready();
  std::vector<std::uint8_t> buffer(bytes);
  randombytes_buf(buffer.data(), buffer.size());
  return to_hex(buffer);
}

std::string sha256_hex(std::string_view text) {
  const Digest digest = sha256(text);
  return to_hex(digest);
}

bool same_secret(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string hash_password(std::string_view password) {
  ready();
  std::array<char, crypto_pwhash_STRBYTES> out{};
  // Fails only when the memory is not to be had.
  MW_CHECK(crypto_pwhash_str_alg(out.data(), password.data(), password.size(), kPasses,
                                 kMemoryBytes, crypto_pwhash_ALG_ARGON2ID13) == 0);
  return {out.data()};
}

bool password_fits(const std::string& hash, std::string_view password) {
  ready();
  return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

}  // namespace millwright::http
