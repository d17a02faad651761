// /api/v1/session: log in, who am I. Logging out needs no handler; the gate does it.
#include <algorithm>

#include "http/json_in.hpp"
#include "http/parameters.hpp"
#include "http/routes.hpp"
#include "millwright/base/json.hpp"

namespace millwright::http {
namespace {

Result<std::vector<std::optional<std::string>>> credentials(const Request& request) {
  return parse_fields(request.body, {{"user", true, 1, 64}, {"password", true, 1, kPasswordMost}});
}

std::string session_json(const Caller& caller) {
  JsonWriter json;
  json.begin_object();
  json.field("user", caller.id.str());
  json.field("name", caller.name);
  json.key("roles");
  json.begin_array();
  for (const Role role : caller.roles) json.value(to_text(role));
  json.end_array();
  json.field("serviceAccount", caller.service_account);
  json.key("expiresAt");
  caller.expires ? json.value(*caller.expires) : json.null();
  json.end_object();
  return std::move(json).text();
}

}  // namespace

std::optional<std::string> login_name(const Request& request) {
  auto fields = credentials(request);
  if (!fields) return std::nullopt;
  return std::move((*fields)[0]);
}

// Runs on the thread that hashes passwords.
Response create_session(const Request& request, Context& context) {
  if (auto refused = unknown_parameter(request, {})) return std::move(*refused);
  const auto fields = credentials(request);
  if (!fields) return problem(request, fields.error());
  const auto directory = context.users.read();
  const User* user = verify_password(*directory, UserId(*(*fields)[0]), *(*fields)[1]);
  if (user == nullptr) {
    return problem(request, Code::kBadCredentials, "The name or the password is wrong.");
  }
  const Instant now = context.backend.wall_clock().now();
  const Duration life = std::min(context.config.session_idle, context.config.session_longest);
  Response out =
      json_response(session_json(Caller{user->id, user->name, user->roles, false, now + life}));
  out.status = 201;
  out.log_in = user->id;
  return out;
}

Response get_session(const Request& request, Context& /*context*/) {
  if (auto refused = unknown_parameter(request, {})) return std::move(*refused);
  return json_response(session_json(*request.caller));
}

}  // namespace millwright::http
