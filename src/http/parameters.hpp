#pragma once
// Query parameters and headers of requests, read strictly. Pure.

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "http/message.hpp"
#include "http/problem.hpp"
#include "millwright/domain/ids.hpp"

namespace millwright::http {

// A problem when the query has a parameter that is not in `known`.
[[nodiscard]] std::optional<Response> unknown_parameter(
    const Request& request, std::initializer_list<std::string_view> known);

// ?limit=, 1 to limits::kHttpPage, 50 when absent.
[[nodiscard]] Result<std::size_t> read_limit(const Request& request);
// The parameter's text, "" when absent; kInvalid when longer than `most` bytes.
[[nodiscard]] Result<std::string> read_text(const Request& request, std::string_view name,
                                            std::size_t most);
// The revision of If-Match; the response says what is wrong (428, 400).
struct IfMatch {
  Revision revision;
  std::optional<Response> refused;
};
[[nodiscard]] IfMatch read_if_match(const Request& request);

// Idempotency-Key, "" when absent; a problem when it is not a plain word.
[[nodiscard]] std::optional<Response> read_idempotency(const Request& request, std::string& key);

}  // namespace millwright::http
