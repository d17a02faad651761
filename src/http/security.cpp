#include "http/security.hpp"

#include <algorithm>
#include <array>

namespace millwright::http {
namespace {

constexpr std::string_view kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'; object-src 'none'";

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
  return out;
}

std::string_view without_port(std::string_view host) {
  if (!host.empty() && host.front() == '[') {
    return host.substr(0, std::min(host.find(']'), host.size() - 1) + 1);
  }
  return host.substr(0, host.find(':'));
}

bool is_loopback_name(std::string_view host) {
  const std::string name = lower(without_port(host));
  // Digits only: 127.example.com is a name that anybody may own.
  const bool numeric =
      name.rfind("127.", 0) == 0 && name.find_first_not_of("0123456789.") == std::string::npos;
  return name == "localhost" || name == "[::1]" || numeric;
}

bool is_loopback_address(std::string_view address) {
  return address == "::1" || address.substr(0, 4) == "127.";
}

}  // namespace

std::vector<Header> security_headers(const ServerConfig& config) {
  std::vector<Header> out = {
      {"Content-Security-Policy", std::string(kPolicy)},
      {"X-Content-Type-Options", "nosniff"},
      {"X-Frame-Options", "DENY"},
      {"Referrer-Policy", "no-referrer"},
      {"Cross-Origin-Opener-Policy", "same-origin"},
      {"Cross-Origin-Resource-Policy", "same-origin"},
      {"Permissions-Policy", "camera=(), geolocation=(), microphone=()"},
  };
  if (config.secure) out.push_back({"Strict-Transport-Security", "max-age=31536000"});
  return out;
}

bool host_allowed(const Request& request, const ServerConfig& config) {
  const std::string host = lower(request.header("host"));
  if (!config.hosts.empty()) {
    return std::any_of(config.hosts.begin(), config.hosts.end(),
                       [&](const std::string& known) { return lower(known) == host; }) ||
           (is_loopback_address(request.peer) && is_loopback_name(host));
  }
  return !is_loopback_address(config.address) || is_loopback_name(host);
}

bool origin_allowed(const Request& request, const ServerConfig& config) {
  const std::string_view site = request.header("sec-fetch-site");
  if (!site.empty() && site != "same-origin" && site != "none") return false;
  const std::string_view origin = request.header("origin");
  if (origin.empty()) return true;
  const std::string own = (config.secure ? "https://" : "http://") + lower(request.header("host"));
  return lower(origin) == own;
}

std::string session_cookie(const Request& request) {
  std::string_view rest = request.header("cookie");
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(';'), rest.size());
    std::string_view pair = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    while (!pair.empty() && pair.front() == ' ') pair.remove_prefix(1);
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos || pair.substr(0, equals) != kSessionCookie) continue;
    const std::string_view value = pair.substr(equals + 1);
    return value.size() == 64 ? std::string(value) : std::string();
  }
  return {};
}

Header set_cookie(const std::string& value, Duration life, bool secure) {
  std::string text = std::string(kSessionCookie) + "=" + value;
  text +=
      "; Path=/; HttpOnly; SameSite=Strict; Max-Age=" + std::to_string(life.ns() / seconds(1).ns());
  if (secure) text += "; Secure";
  return {"Set-Cookie", text};
}

std::string_view bearer_token(const Request& request) {
  const std::string_view value = request.header("authorization");
  constexpr std::string_view kScheme = "bearer ";
  if (value.size() <= kScheme.size() || lower(value.substr(0, kScheme.size())) != kScheme) {
    return {};
  }
  return value.substr(kScheme.size());
}

}  // namespace millwright::http
