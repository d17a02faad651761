#include "http/gate.hpp"

#include <algorithm>

#include "http/assets.hpp"
#include "http/security.hpp"
#include "millwright/base/log.hpp"

namespace millwright::http {
namespace {

constexpr int kNotesPerMinute = 60;

bool changes_something(Method method) {
  return method != Method::kGet && method != Method::kHead;
}

bool is_json(const Request& request) {
  const std::string_view type = request.header("content-type");
  return type.substr(0, std::min(type.find(';'), type.size())) == "application/json";
}

bool may(const Caller& caller, std::span<const Role> roles) {
  return std::any_of(caller.roles.begin(), caller.roles.end(), [&](Role role) {
    return std::find(roles.begin(), roles.end(), role) != roles.end();
  });
}

Response wrong_method(const Request& request, const Match& match) {
  if (!match.path_known) {
    return problem(request, Code::kNotFound, "There is nothing at this address.");
  }
  Response out =
      problem(request, Problem{Code::kInvalid, "This address knows other methods.", 405});
  out.headers.push_back({"Allow", match.allow});
  return out;
}

Response not_logged_in(const Request& request) {
  Response out = problem(request, Code::kUnauthenticated,
                         "Log in first: there is no session, or it has ended.");
  out.headers.push_back({"WWW-Authenticate", "Bearer"});
  return out;
}

}  // namespace

Gate::Gate(const ServerConfig& config, Backend& backend, Users& users, const UiAssets& assets,
           Metrics& metrics)
    : config_(config),
      backend_(backend),
      users_(users),
      assets_(assets),
      metrics_(metrics),
      headers_(security_headers(config)),
      sessions_(config.session_idle, config.session_longest) {}

Admission Gate::admit(Request& request) {
  Admission out;
  // Who probes or scrapes goes by address; where a browser could be led here by a false name
  // (no names are configured: loopback), it is asked all the same.
  const bool probe = !config_.hosts.empty() &&
                     (request.path.starts_with("/health/") || request.path == "/metrics");
  if (!probe && !host_allowed(request, config_)) {
    out.answer = problem(request, Problem{Code::kInvalid, "This daemon has another name.", 421});
    return out;
  }
  Match match = match_route(request.method, request.path);
  if (!match.route) {
    const bool reads = request.method == Method::kGet || request.method == Method::kHead;
    if (match.path_known || !reads) {
      out.answer = wrong_method(request, match);
      return out;
    }
    out.metric = Metrics::kUi;
    out.answer = serve_asset(request, assets_);
    return out;
  }
  const Route& route = route_table()[*match.route];
  request.params = std::move(match.params);
  out.metric = *match.route;
  out.route = &route;
  out.answer = refuse(request, route);
  if (!out.answer && route.runs == Runs::kLogout) out.answer = log_out(request);
  return out;
}

std::optional<Response> Gate::refuse(Request& request, const Route& route) {
  if (changes_something(request.method) && !origin_allowed(request, config_)) {
    return problem(request, Code::kWrongOrigin, "The request comes from a page of another site.");
  }
  users_.refresh();
  if (route.access != Access::kOpen) {
    request.caller = authenticate(request, true);
    if (!request.caller) return not_logged_in(request);
  }
  if (route.access == Access::kAudit && !may(*request.caller, audit_roles())) {
    Problem denied{Code::kDenied, "Your roles do not include reading the audit log."};
    denied.may_do.assign(audit_roles().begin(), audit_roles().end());
    return problem(request, denied);
  }
  if (request.method == Method::kPost && !is_json(request)) {
    return problem(request, Code::kInvalid, "Content-Type must be application/json.");
  }
  return route.runs == Runs::kPassword ? throttle(request) : std::nullopt;
}

std::optional<Caller> Gate::authenticate(const Request& request, bool active) {
  const auto directory = users_.read();
  const Instant now = backend_.wall_clock().now();
  if (!request.header("authorization").empty()) {
    const ApiKey* key = directory->key(bearer_token(request), now);
    if (key == nullptr) return std::nullopt;
    return Caller{UserId("key:" + key->id), key->name, key->roles, key->service_account,
                  key->expires};
  }
  const std::string cookie = session_cookie(request);
  if (cookie.empty()) return std::nullopt;
  return sessions_.find(cookie, *directory, now, active);
}

std::optional<Response> Gate::throttle(Request& request) {
  auto name = login_name(request);
  if (!name) return std::nullopt;  // the handler says what is wrong with the body
  const Duration wait = throttle_.begin(*name, backend_.wall_clock().now());
  if (wait.ns() == 0) {
    request.login_name = std::move(*name);
    return std::nullopt;
  }
  Response out = problem(request, Code::kTooMany, "Too many failed attempts for this name.");
  out.headers.push_back({"Retry-After", std::to_string(wait.ns() / seconds(1).ns() + 1)});
  return out;
}

Response Gate::log_out(const Request& request) {
  if (const std::string cookie = session_cookie(request); !cookie.empty()) sessions_.close(cookie);
  Response out;
  out.status = 204;
  out.headers.push_back(set_cookie("", Duration{}, config_.secure));
  return out;
}

void Gate::open_session(const Request& request, Response& response) {
  throttle_.succeeded(request.login_name);
  if (const std::string old = session_cookie(request); !old.empty()) sessions_.close(old);
  const auto directory = users_.read();
  const User* user = directory->user(*response.log_in);
  if (user == nullptr || user->disabled) {  // since the password was checked
    response = problem(request, Code::kBadCredentials, "The name or the password is wrong.");
    return;
  }
  const std::string cookie = sessions_.open(*user, backend_.wall_clock().now());
  response.headers.push_back(set_cookie(cookie, config_.session_longest, config_.secure));
  backend_.note(Notice{"auth.login", {{"user", user->id.str()}, {"peer", request.peer}}});
}

void Gate::note_refusal(const Request& request, const Response& response) {
  const std::string& code = response.problem_code;
  const bool wrong_key = code == "unauthenticated" && !request.header("authorization").empty();
  if (code != "bad_credentials" && code != "denied" && code != "wrong_origin" &&
      code != "too_many" && !wrong_key) {
    return;
  }
  metrics_.logins_refused.fetch_add(code == "bad_credentials" || code == "too_many" ? 1 : 0);
  // A flood of refusals must not become a flood of the audit log; the log below has them all.
  const Instant now = backend_.wall_clock().now();
  if (now - notes_since_ >= minutes(1) || now < notes_since_) {
    notes_since_ = now;
    notes_ = 0;
  }
  const std::string who = request.caller ? request.caller->id.str() : request.login_name;
  log::warn("request refused", {{"request", request.id},
                                {"code", code},
                                {"user", who},
                                {"peer", request.peer},
                                {"path", request.path}});
  if (++notes_ > kNotesPerMinute) return;
  backend_.note(
      Notice{"auth.refused",
             {{"code", code}, {"user", who}, {"peer", request.peer}, {"path", request.path}}});
}

void Gate::finish(const Request& request, Response& response) {
  if (response.log_in) open_session(request, response);
  if (!response.problem_code.empty()) note_refusal(request, response);
  metrics_.sessions.store(std::int64_t(sessions_.size()));
  const auto is_cache = [](const Header& h) { return h.name == "Cache-Control"; };
  if (std::none_of(response.headers.begin(), response.headers.end(), is_cache)) {
    response.headers.push_back({"Cache-Control", "no-store"});
  }
  response.headers.insert(response.headers.end(), headers_.begin(), headers_.end());
  response.headers.push_back({"X-Request-Id", request.id});
}

bool Gate::still_here(const Request& request) {
  users_.refresh();
  return authenticate(request, false).has_value();  // a wall screen does nothing
}

}  // namespace millwright::http
