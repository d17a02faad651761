#pragma once
// What every answer carries to keep browsers safe, and where a request may come from. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "http/message.hpp"
#include "millwright/http/server.hpp"

namespace millwright::http {

inline constexpr std::string_view kSessionCookie = "mw_session";

// The same on every answer.
[[nodiscard]] std::vector<Header> security_headers(const ServerConfig& config);

// False when Host names somebody else: a rebound DNS name, say.
[[nodiscard]] bool host_allowed(const Request& request, const ServerConfig& config);
// False when a page of another site sent it.
[[nodiscard]] bool origin_allowed(const Request& request, const ServerConfig& config);

// The value of our cookie; "" when there is none.
[[nodiscard]] std::string session_cookie(const Request& request);
[[nodiscard]] Header set_cookie(const std::string& value, Duration life, bool secure);
// The token of "Authorization: Bearer ..."; "" when there is none.
[[nodiscard]] std::string_view bearer_token(const Request& request);

}  // namespace millwright::http
