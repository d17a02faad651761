#include "http/parameters.hpp"

#include <algorithm>
#include <charconv>

#include "millwright/base/limits.hpp"

namespace millwright::http {
namespace {

template <class Int>
std::optional<Int> whole_number(std::string_view text) {
  Int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return number;
}

}  // namespace

std::optional<Response> unknown_parameter(const Request& request,
                                          std::initializer_list<std::string_view> known) {
  for (const auto& [name, value] : request.query) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    std::string names;
    for (const std::string_view one : known)
      names += (names.empty() ? "" : ", ") + std::string(one);
    return problem(request, Code::kUnknownParameter,
                   "There is no parameter " + name + " here; " +
                       (names.empty() ? "none is known." : "known are " + names + "."));
  }
  return std::nullopt;
}

Result<std::size_t> read_limit(const Request& request) {
  const std::string* text = request.parameter("limit");
  if (text == nullptr) return std::size_t{50};
  const auto number = whole_number<std::size_t>(*text);
  if (!number || *number == 0 || *number > limits::kHttpPage) {
    return fail(Errc::kInvalid, "limit is " + text->substr(0, 20) + "; it must be 1 to " +
                                    std::to_string(limits::kHttpPage) + ".");
  }
  return *number;
}

Result<std::string> read_text(const Request& request, std::string_view name, std::size_t most) {
  const std::string* text = request.parameter(name);
  if (text == nullptr) return std::string();
  if (text->size() > most) {
    return fail(Errc::kInvalid,
                std::string(name) + " is longer than " + std::to_string(most) + ".");
  }
  return *text;
}

IfMatch read_if_match(const Request& request) {
  IfMatch out;
  std::string_view text = request.header("if-match");
  if (text.empty()) {
    out.refused = problem(request, Code::kRevisionMissing,
                          "Send the revision you saw in If-Match, as the ETag gave it.");
    return out;
  }
  const bool quoted = text.size() > 2 && text.front() == '"' && text.back() == '"';
  const auto number =
      quoted ? whole_number<std::int32_t>(text.substr(1, text.size() - 2)) : std::nullopt;
  if (!number || *number < 1) {
    out.refused =
        problem(request, Code::kInvalid, "If-Match must be one revision in quotes, such as \"2\".");
    return out;
  }
  out.revision = Revision(*number);
  return out;
}

std::optional<Response> read_idempotency(const Request& request, std::string& key) {
  constexpr std::size_t kMost = 128;
  key = request.header("idempotency-key");
  const auto plain = [](char c) { return c > ' ' && c <= '~'; };
  if (key.size() <= kMost && std::all_of(key.begin(), key.end(), plain)) return std::nullopt;
  return problem(request, Code::kInvalid,
                 "Idempotency-Key has at most 128 printable characters without blanks.");
}

}  // namespace millwright::http
