#include "millwright/base/digest.hpp"

#include <openssl/evp.h>

#include <memory>

namespace millwright {
namespace {

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

// One context a thread: making one costs more than hashing a short record.
EVP_MD_CTX* context() {
  thread_local const std::unique_ptr<EVP_MD_CTX, FreeContext> kContext(EVP_MD_CTX_new());
  MW_CHECK(kContext != nullptr);
  return kContext.get();
}

constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

Digest sha256(std::initializer_list<std::string_view> parts) {
  Digest digest{};
  static const EVP_MD* const kSha256 = EVP_sha256();
  MW_CHECK(EVP_DigestInit_ex(context(), kSha256, nullptr) == 1);
  for (const std::string_view part : parts) {
    MW_CHECK(EVP_DigestUpdate(context(), part.data(), part.size()) == 1);
  }
  MW_CHECK(EVP_DigestFinal_ex(context(), digest.data(), nullptr) == 1);
  return digest;
}

Digest sha256(std::string_view bytes) {
  return sha256({bytes});
}

std::string to_hex(std::span<const std::uint8_t> bytes) {
  static constexpr std::string_view kHex = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const std::uint8_t b : bytes) {
    out += kHex[b >> 4];
    out += kHex[b & 15];
  }
  return out;
}

std::string to_base64(std::span<const std::uint8_t> bytes) {
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t left = bytes.size() - i;
    const std::uint32_t group = (std::uint32_t(bytes[i]) << 16) |
                                (left > 1 ? std::uint32_t(bytes[i + 1]) << 8 : 0U) |
                                (left > 2 ? std::uint32_t(bytes[i + 2]) : 0U);
    out += kBase64[(group >> 18) & 63];
    out += kBase64[(group >> 12) & 63];
    out += left > 1 ? kBase64[(group >> 6) & 63] : '=';
    out += left > 2 ? kBase64[group & 63] : '=';
  }
  return out;
}

Result<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return fail(Errc::kInvalid, "base64 text has a wrong length");
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 4) {
    std::uint32_t group = 0;
    int padding = 0;
    for (std::size_t k = 0; k < 4; ++k) {
      const char c = text[i + k];
      const std::size_t digit = kBase64.find(c);
      const bool pad = c == '=' && i + 4 == text.size() && k >= 2;
      if (digit == std::string_view::npos ? !pad : padding > 0) {
        return fail(Errc::kInvalid, "base64 text has a wrong character");
      }
      padding += pad ? 1 : 0;
      group = (group << 6) | (pad ? 0U : std::uint32_t(digit));
    }
    out += char(group >> 16);
    if (padding < 2) out += char((group >> 8) & 255);
    if (padding < 1) out += char(group & 255);
  }
  return out;
}

std::string derive_id(std::initializer_list<std::string_view> parts) {
  std::string input;
  for (const std::string_view part : parts) {
    for (int shift = 24; shift >= 0; shift -= 8) {
      input += char((std::uint32_t(part.size()) >> shift) & 255);
    }
    input += part;
  }
  Digest digest = sha256(input);
  digest[6] = std::uint8_t((digest[6] & 0x0f) | 0x80);  // version 8
  digest[8] = std::uint8_t((digest[8] & 0x3f) | 0x80);  // variant of RFC 9562
  std::string hex = to_hex(std::span(digest).first<16>());
  for (const std::size_t dash : {20, 16, 12, 8}) hex.insert(dash, 1, '-');
  return hex;
}

}  // namespace millwright
