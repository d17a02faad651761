// Answers of every route, good and bad, against the schemas of docs/openapi.yaml.
#include <sys/wait.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "millwright/base/json.hpp"
#include "unit/http/fixture.hpp"

namespace millwright::http {
namespace {

class OpenApi : public ServerTest {
 protected:
  static constexpr const char* kRelease =
      R"({"reason":"why","rules":"bearing 2 aa maintenance","changes":"c","report":"r"})";

  void record(const char* method, const char* path, const Reply& reply) {
    JsonWriter json;
    json.begin_object();
    json.field("method", method);
    json.field("path", path);
    json.field("status", reply.status);
    const auto type = reply.headers.find("content-type");
    json.field("type", type == reply.headers.end() ? std::string() : type->second);
    json.field("body", reply.body);
    json.end_object();
    answers_ << json.text() << "\n";
  }
  void record_reads(const std::string& auth) {
    record("GET", "/api/v1/session", call("GET", "/api/v1/session", auth));
    for (const char* query : {"", "?view=decided", "?limit=1", "?limit=999", "?x=1"}) {
      record("GET", "/api/v1/tasks", call("GET", std::string("/api/v1/tasks") + query, auth));
    }
    for (const char* id : {"task-1", "task-2", "task-3", "none"}) {
      const std::string path = std::string("/api/v1/tasks/") + id;
      record("GET", "/api/v1/tasks/{id}", call("GET", path, auth));
      record("GET", "/api/v1/tasks/{id}/signal", call("GET", path + "/signal", auth));
      record("GET", "/api/v1/decisions",
             call("GET", std::string("/api/v1/decisions?task=") + id, auth));
    }
    for (const char* id : {"case-1", "none"}) {
      record("GET", "/api/v1/cases/{id}", call("GET", std::string("/api/v1/cases/") + id, auth));
    }
    for (const char* id : {"dec-1", "none"}) {
      record("GET", "/api/v1/decisions/{id}",
             call("GET", std::string("/api/v1/decisions/") + id, auth));
    }
    record("GET", "/api/v1/plant", call("GET", "/api/v1/plant", auth));
    record("GET", "/api/v1/assets", call("GET", "/api/v1/assets?limit=2", auth));
    record("GET", "/api/v1/assets", call("GET", "/api/v1/assets?limit=0", auth));
    record("GET", "/api/v1/assets/{id}", call("GET", "/api/v1/assets/P-101", auth));
    record("GET", "/api/v1/assets/{id}", call("GET", "/api/v1/assets/none", auth));
    record("GET", "/api/v1/audit/records", call("GET", "/api/v1/audit/records?limit=1", auth));
    record("GET", "/api/v1/audit/records", call("GET", "/api/v1/audit/records?cursor=x", auth));
    record("GET", "/api/v1/audit/checkpoint", call("GET", "/api/v1/audit/checkpoint", auth));
  }
  void record_acts(const std::string& auth) {
    const char* approve = "/api/v1/tasks/{id}/approve";
    const char* reject = "/api/v1/tasks/{id}/reject";
    const std::string seen = "If-Match: \"2\"\r\n";
    const auto act = [&](const char* path, const std::string& id, const std::string& body,
                         const std::string& headers) {
      std::string concrete(path);
      concrete.replace(concrete.find("{id}"), 4, id);
      record("POST", path, call("POST", concrete, auth, body, headers));
    };
    act(approve, "task-1", "{}", "");
    act(approve, "task-1", "{}", "If-Match: \"1\"\r\n");
    act(approve, "task-1", R"({"meaning":"no"})", seen);
    act(approve, "none", "{}", seen);
    act(approve, "task-1", R"({"comment":"ok"})", seen);
    act(approve, "task-1", "{}", seen);
    act(reject, "task-2", "{}", seen);
    act(reject, "task-2", R"({"reasonCode":"OTHER","comment":"planned"})", seen);
    act(reject, "task-2", R"({"reasonCode":"NOT_NOW"})", seen);
    act(approve, "task-1", "{}", seen + "Origin: https://evil.example\r\n");
    const char* releases = "/api/v1/rule-releases";
    for (const char* headers : {"", "Idempotency-Key: k1\r\n", "Idempotency-Key: k2\r\n"}) {
      record("POST", releases, call("POST", releases, auth, kRelease, headers));
    }
    record("POST", releases, call("POST", releases, auth, "{}", "Idempotency-Key: k3\r\n"));
    record("GET", "/api/v1/tasks", call("GET", "/api/v1/tasks?kind=rule_release", auth));
  }

  std::ostringstream answers_;
};

TEST_F(OpenApi, EveryAnswerFitsTheDocument) {
  std::ifstream document(std::string(MILLWRIGHT_SOURCE_DIR) + "/docs/openapi.yaml");
  const std::string text((std::istreambuf_iterator<char>(document)), {});
  assets_.openapi = text;
  start();
  const std::string supervisor = log_in("j.ortiz");
  for (const std::string& auth : {supervisor, key_of({Role::kOperator}), std::string()}) {
    record_reads(auth);
  }
  for (const std::string& auth : {key_of({Role::kOperator}), std::string(), supervisor}) {
    record_acts(auth);
  }
  record_reads(supervisor);
  const char* session = "/api/v1/session";
  const std::string good = R"({"user":"j.ortiz","password":"correct horse battery"})";
  const std::string bad = R"({"user":"j.ortiz","password":"wrong horse battery"})";
  record("POST", session, call("POST", session, "", good));
  record("POST", session, call("POST", session, "", "{}"));
  record("POST", session, call("POST", session, "", good, "Origin: null\r\n"));
  for (int i = 0; i < 6; ++i) record("POST", session, call("POST", session, "", bad));
  record("DELETE", session, call("DELETE", session, supervisor));
  record("DELETE", session, call("DELETE", session, "", "", "Origin: null\r\n"));
  for (const char* path : {"/api/v1/openapi.yaml", "/health/live", "/health/ready", "/metrics"}) {
    record("GET", path, call("GET", path));
  }
  daemon_.set_broken(true);
  record("GET", "/health/ready", call("GET", "/health/ready"));

  const std::string file = folder_ + "/answers";
  std::ofstream(file) << answers_.str();
  const std::string source(MILLWRIGHT_SOURCE_DIR);
  const std::string command = "python3 '" + source + "/tests/unit/http/openapi_check.py' '" +
                              source + "/docs/openapi.yaml' '" + file + "'";
  const int status = std::system(command.c_str());
  if (WEXITSTATUS(status) == 77) GTEST_SKIP() << "python3-yaml or python3-jsonschema is missing";
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace millwright::http
