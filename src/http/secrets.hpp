#pragma once
// Password hashes, tokens and random ids; the crypto library stays in secrets.cpp. Any thread.

#include <cstddef>
#include <string>
#include <string_view>

namespace millwright::http {

// Lower-case hexadecimal of that many random bytes.
[[nodiscard]] std::string random_hex(std::size_t bytes);
// SHA-256 as lower-case hexadecimal.
[[nodiscard]] std::string sha256_hex(std::string_view text);
// In time that depends on the lengths only.
[[nodiscard]] bool same_secret(std::string_view a, std::string_view b);

// Argon2id, 19 MiB, t=2, p=1 (the floor of OWASP's password storage recommendations), PHC string.
[[nodiscard]] std::string hash_password(std::string_view password);
[[nodiscard]] bool password_fits(const std::string& hash, std::string_view password);

}  // namespace millwright::http
