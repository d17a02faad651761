#pragma once
// Text helpers of the language: UTF-8, names that are nearly right, escapes. Pure; any thread.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace millwright::cel {

[[nodiscard]] bool valid_utf8(std::string_view text) noexcept;
// Code points of valid UTF-8.
[[nodiscard]] std::size_t utf8_length(std::string_view text) noexcept;
void append_utf8(std::string& out, char32_t code_point);
// Each run of bytes that are no UTF-8 becomes one U+FFFD.
void replace_invalid_utf8(std::string& text);

// The candidates that a person may have meant by `name`, best first, at most three.
[[nodiscard]] std::vector<std::string> nearest(std::string_view name,
                                               const std::vector<std::string>& candidates);
// "did you mean 'a' or 'b'?"; "" for none.
[[nodiscard]] std::string did_you_mean(std::string_view name,
                                       const std::vector<std::string>& candidates);

// A CEL string literal with its quotes; with `bytes`, prefixed b and every byte over 7 bits
// escaped.
[[nodiscard]] std::string quoted(std::string_view text, bool bytes);

// Shortest decimal text that reads back the same, spelled as a CEL double when `literal`: 4.0.
[[nodiscard]] std::string double_text(double d, bool literal);

}  // namespace millwright::cel
