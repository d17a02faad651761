// Who may do what: every route without a session, with the wrong role, with the right one; log-in,
// log-out, throttle, origins; and the headers that every answer carries.
#include <algorithm>
#include <fstream>
#include <regex>
#include <set>

#include "http/routes.hpp"
#include "unit/http/fixture.hpp"

namespace millwright::http {
namespace {

std::string concrete(std::string_view pattern) {
  std::string path(pattern);
  const std::size_t brace = path.find("{id}");
  if (brace == std::string::npos) return path;
  const std::string id = path.find("/cases/") != std::string::npos       ? "case-1"
                         : path.find("/decisions/") != std::string::npos ? "dec-1"
                         : path.find("/assets/") != std::string::npos    ? "P-101"
                         : path.find("/reject") != std::string::npos     ? "task-2"
                                                                         : "task-1";
  return path.replace(brace, 4, id);
}

class Access_ : public ServerTest {
 protected:
  // The status only; a stream's too.
  [[nodiscard]] int status_of(const Route& route, const std::string& auth) const {
    std::string path = concrete(route.path);
    if (path == "/api/v1/decisions") path += "?task=task-1";
    const auto names = [&](std::string_view part) {
      return route.path.find(part) != std::string_view::npos;
    };
    const std::string body =
        names("/reject")    ? R"({"reasonCode":"NOT_NOW"})"
        : names("/approve") ? "{}"
        : names("/rule-releases")
            ? R"({"reason":"w","rules":"a 1 h quality","changes":"","report":""})"
            : "";
    const std::string headers = body.empty() ? "" : "If-Match: \"2\"\r\nIdempotency-Key: k\r\n";
    if (route.runs == Runs::kStream) {
      Client client(server_->port());
      client.send("GET " + path + " HTTP/1.1\r\nHost: " + host() + "\r\n" + auth +
                  (auth.empty() ? "\r\n" : "\r\n\r\n"));
      return client.read_until("\r\n") ? std::stoi(client.seen().substr(9, 3)) : 0;
    }
    return call(to_text(route.method), path, auth, body, headers).status;
  }
};

TEST(RouteTable, SaysTheSameAsTheOpenApiDocument) {
  std::ifstream file(std::string(MILLWRIGHT_SOURCE_DIR) + "/docs/openapi.yaml");
  ASSERT_TRUE(file);
  std::set<std::string> documented;
  std::string line;
  std::string path;
  while (std::getline(file, line) && line.rfind("components:", 0) != 0) {
    std::smatch match;
    if (std::regex_match(line, match, std::regex("  (/[^ ]*):"))) path = match[1];
    if (std::regex_match(line, match, std::regex("    (get|post|put|patch|delete|head):"))) {
      documented.insert(match[1].str() + " " + path);
    }
  }
  std::set<std::string> served;
  for (const Route& route : route_table()) {
    std::string method(to_text(route.method));
    std::transform(method.begin(), method.end(), method.begin(),
                   [](char c) { return char(tolower(c)); });
    served.insert(method + " " + std::string(route.path));
    EXPECT_FALSE(route.summary.empty());
    EXPECT_EQ(route.fn == nullptr, route.runs == Runs::kStream || route.runs == Runs::kLogout);
  }
  EXPECT_EQ(served, documented);
  EXPECT_EQ(served.size(), route_table().size());
}

TEST_F(Access_, EveryRouteWithoutASessionWithTheWrongRoleAndWithTheRightOne) {
  start();
  const std::string nobody = key_of({Role::kOperator});
  const std::string right = log_in("j.ortiz");
  const std::string wrong_key = "Authorization: Bearer mw_000000000000_" + std::string(64, '0');
  for (const Route& route : route_table()) {
    const std::string name = std::string(to_text(route.method)) + " " + std::string(route.path);
    if (route.runs == Runs::kPassword || route.runs == Runs::kLogout) continue;
    const bool open = route.access == Access::kOpen;
    const bool acts = route.method == Method::kPost;
    EXPECT_EQ(status_of(route, ""), open ? 200 : 401) << name;
    EXPECT_EQ(status_of(route, wrong_key), open ? 200 : 401) << name;
    EXPECT_EQ(status_of(route, "Cookie: mw_session=" + std::string(64, '0')), open ? 200 : 401);
    EXPECT_EQ(status_of(route, nobody), route.access == Access::kAudit || acts ? 403 : 200) << name;
    EXPECT_EQ(status_of(route, right), 200) << name;
  }
}

TEST_F(Access_, EveryRoleReadsAndOnlyTheNamedOnesReadTheAuditLog) {
  start();
  for (const Role role :
       {Role::kOperator, Role::kTechnician, Role::kMaintenanceSupervisor, Role::kPlanner,
        Role::kQualityLead, Role::kProcurement, Role::kPlantManager, Role::kDataScientist,
        Role::kAdmin, Role::kAuditor, Role::kIntegration}) {
    const std::string key = key_of({role});
    EXPECT_EQ(call("GET", "/api/v1/tasks", key).status, 200) << to_text(role);
    const bool outside =
        role == Role::kOperator || role == Role::kTechnician || role == Role::kIntegration;
    const Reply audit = call("GET", "/api/v1/audit/records", key);
    EXPECT_EQ(audit.status, outside ? 403 : 200) << to_text(role);
    if (outside) {
      EXPECT_NE(audit.body.find(R"("mayDo":["maintenance_supervisor")"), std::string::npos);
    }
    const Reply approve =
        call("POST", "/api/v1/tasks/task-1/approve", key, "{}", "If-Match: \"2\"\r\n");
    EXPECT_EQ(approve.status, 403) << "a program approves nothing, as " << to_text(role);
  }
  EXPECT_TRUE(call("GET", "/api/v1/tasks/task-1", key_of({Role::kPlanner}))
                  .body.find(R"("state":"PROPOSED")") != std::string::npos);
}

TEST_F(Access_, LogInGivesACookieThatLogOutEnds) {
  start();
  const std::string body = R"({"user":"j.ortiz","password":"correct horse battery"})";
  const Reply in = call("POST", "/api/v1/session", "", body);
  ASSERT_EQ(in.status, 201);
  EXPECT_TRUE(std::regex_match(
      in.cookies,
      std::regex("mw_session=[0-9a-f]{64}; Path=/; HttpOnly; SameSite=Strict; Max-Age=43200")))
      << in.cookies;
  EXPECT_NE(in.body.find(R"("roles":["maintenance_supervisor"],"serviceAccount":false)"),
            std::string::npos);
  const std::string cookie = "Cookie: a=b; " + in.cookies.substr(0, in.cookies.find(';'));
  EXPECT_EQ(call("GET", "/api/v1/session", cookie).status, 200);
  const Reply out = call("DELETE", "/api/v1/session", cookie);
  EXPECT_EQ(out.status, 204);
  EXPECT_NE(out.cookies.find("Max-Age=0"), std::string::npos);
  EXPECT_EQ(call("GET", "/api/v1/session", cookie).status, 401);
  EXPECT_EQ(call("DELETE", "/api/v1/session", cookie).status, 204);
}

TEST_F(Access_, DisablingAUserEndsTheSessionAtTheNextRequest) {
  start();
  const std::string cookie = log_in("o.weber");
  EXPECT_EQ(call("GET", "/api/v1/session", cookie).status, 200);
  ASSERT_TRUE(set_user_disabled(users_file_, UserId("o.weber"), true).has_value());
  EXPECT_EQ(call("GET", "/api/v1/session", cookie).status, 401);
  EXPECT_EQ(call("POST", "/api/v1/session", "",
                 R"({"user":"o.weber","password":"correct horse battery"})")
                .status,
            401);
}

TEST_F(Access_, WrongNameAndWrongPasswordGetTheSameAnswerAndThenAPause) {
  start();
  const auto attempt = [&](const std::string& user) {
    Reply reply = call("POST", "/api/v1/session", "",
                       R"({"user":")" + user + R"(","password":"wrong horse battery"})");
    reply.body = std::regex_replace(reply.body, std::regex(R"("requestId":"[^"]*")"), "");
    return reply;
  };
  const Reply known = attempt("j.ortiz");
  const Reply unknown = attempt("nobody");
  EXPECT_EQ(known.status, 401);
  EXPECT_EQ(known.body, unknown.body);
  EXPECT_NE(known.body.find("bad_credentials"), std::string::npos);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(attempt("j.ortiz").status, 401);
  const Reply held = attempt("j.ortiz");
  EXPECT_EQ(held.status, 429);
  EXPECT_NE(held.body.find("too_many"), std::string::npos);
  EXPECT_GT(std::stoi(held.headers.at("retry-after")), 290);
  EXPECT_EQ(call("POST", "/api/v1/session", "",
                 R"({"user":"j.ortiz","password":"correct horse battery"})")
                .status,
            429)
      << "also with the right password";
  daemon_.clock.advance(minutes(5) + seconds(1));
  (void)log_in("j.ortiz");
  std::set<std::string> types;
  for (const Notice& notice : daemon_.notices()) types.insert(notice.type);
  EXPECT_EQ(types, (std::set<std::string>{"auth.login", "auth.refused"}));
}

TEST_F(Access_, RequestsFromOtherSitesChangeNothing) {
  start();
  const std::string cookie = log_in("j.ortiz");
  const auto approve = [&](const std::string& headers) {
    return call("POST", "/api/v1/tasks/task-1/approve", cookie, "{}",
                "If-Match: \"2\"\r\n" + headers);
  };
  for (const std::string& headers :
       {std::string("Origin: https://evil.example\r\n"), std::string("Origin: null\r\n"),
        "Origin: http://" + host() + ".evil.example\r\n", "Origin: https://" + host() + "\r\n",
        std::string("Sec-Fetch-Site: cross-site\r\n"),
        std::string("Sec-Fetch-Site: same-site\r\n")}) {
    const Reply reply = approve(headers);
    EXPECT_EQ(reply.status, 403) << headers;
    EXPECT_NE(reply.body.find("wrong_origin"), std::string::npos);
  }
  EXPECT_TRUE(daemon_.commands().empty());
  EXPECT_EQ(approve("Origin: http://" + host() + "\r\nSec-Fetch-Site: same-origin\r\n").status,
            200);
  EXPECT_EQ(
      call("DELETE", "/api/v1/session", cookie, "", "Origin: https://evil.example\r\n").status,
      403);
}

TEST_F(Access_, ReboundNamesReachNothing) {
  start();
  for (const char* name : {"evil.example", "127.evil.example", "localhost.evil.example"}) {
    Client client(server_->port());
    client.send("GET / HTTP/1.1\r\nHost: " + std::string(name) + "\r\nConnection: close\r\n\r\n");
    EXPECT_EQ(client.read().status, 421) << name;
  }
  for (const char* name : {"localhost:80", "127.0.0.1", "[::1]:8080"}) {
    Client client(server_->port());
    client.send("GET /health/live HTTP/1.1\r\nHost: " + std::string(name) +
                "\r\nConnection: close\r\n\r\n");
    EXPECT_EQ(client.read().status, 200) << name;
  }
}

TEST_F(Access_, EveryAnswerCarriesTheSafetyHeaders) {
  start();
  const std::string cookie = log_in("j.ortiz");
  std::vector<Reply> replies;
  for (const Route& route : route_table()) {
    if (route.runs == Runs::kStream) continue;
    replies.push_back(call(to_text(route.method), concrete(route.path), cookie, "{}"));
    replies.push_back(call("TRACE", concrete(route.path), ""));
  }
  for (const char* path :
       {"/", "/nothing/here", "/x.js", "/api/v2", "/api/v1/tasks/%zz", "/?a=1&a=2"}) {
    replies.push_back(call("GET", path));
    replies.push_back(call("HEAD", path));
  }
  for (const Reply& reply : replies) {
    ASSERT_GT(reply.status, 0);
    EXPECT_EQ(reply.headers.at("x-content-type-options"), "nosniff");
    EXPECT_EQ(reply.headers.at("x-frame-options"), "DENY");
    EXPECT_EQ(reply.headers.at("referrer-policy"), "no-referrer");
    EXPECT_EQ(reply.headers.at("cross-origin-opener-policy"), "same-origin");
    EXPECT_EQ(reply.headers.at("cross-origin-resource-policy"), "same-origin");
    EXPECT_EQ(reply.headers.at("content-security-policy").rfind("default-src 'none'; ", 0), 0U);
    EXPECT_EQ(reply.headers.count("cache-control"), 1U);
    EXPECT_EQ(reply.headers.count("x-request-id"), 1U);
    EXPECT_EQ(reply.headers.count("access-control-allow-origin"), 0U);
    EXPECT_EQ(reply.headers.count("server"), 0U);
  }
}

TEST_F(Access_, BehindTlsCookiesAndOriginsAreSecure) {
  config_.secure = true;
  config_.hosts = {"mill.example"};
  start();
  const std::string body = R"({"user":"j.ortiz","password":"correct horse battery"})";
  const Reply in = call("POST", "/api/v1/session", "", body, "Origin: https://" + host() + "\r\n");
  EXPECT_EQ(in.status, 201);
  EXPECT_NE(in.cookies.find("; Secure"), std::string::npos);
  EXPECT_EQ(in.headers.at("strict-transport-security"), "max-age=31536000");
  EXPECT_EQ(call("POST", "/api/v1/session", "", body, "Origin: http://" + host() + "\r\n").status,
            403);
}

}  // namespace
}  // namespace millwright::http
