#pragma once
// The route table: every address of the REST interface, who may use it, what runs. It says the same
// as docs/openapi.yaml; a test compares them.

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "http/calibration.hpp"
#include "http/message.hpp"
#include "http/metrics.hpp"
#include "millwright/engine/ports.hpp"
#include "millwright/http/backend.hpp"
#include "millwright/http/server.hpp"

namespace millwright::http {

// What a handler works with; one for each handler thread.
struct Context {
  Backend& backend;
  StoreReader& reader;  // this thread's own
  const Users& users;
  const UiAssets& assets;
  const ServerConfig& config;
  const Metrics& metrics;
  Calibration& calibration;  // this thread's own
};

using Handler = Response (*)(const Request&, Context&);

enum class Access {
  kOpen,   // anybody
  kAny,    // whoever is logged in
  kAudit,  // roles that may read the audit log
};

enum class Runs {
  kHandler,   // on one of the two handler threads
  kPassword,  // on the thread that hashes passwords
  kLogout,    // at once, on the I/O thread
  kStream,    // a stream of its own
};

struct Route {
  Method method;
  std::string_view path;
  Access access;
  Runs runs;
  Handler fn;
  std::string_view summary;
};

[[nodiscard]] std::span<const Route> route_table();
[[nodiscard]] std::span<const Role> audit_roles();

struct Match {
  std::optional<std::size_t> route;  // row of the table
  std::vector<std::string> params;
  bool path_known = false;  // some other method would do
  std::string allow;        // those methods
};
[[nodiscard]] Match match_route(Method method, std::string_view path);

// Handlers; each in src/http/routes/<noun>.cpp.
Response create_session(const Request& request, Context& context);
Response get_session(const Request& request, Context& context);
Response list_tasks(const Request& request, Context& context);
Response get_task(const Request& request, Context& context);
Response get_task_signal(const Request& request, Context& context);
Response approve_task(const Request& request, Context& context);
Response reject_task(const Request& request, Context& context);
Response ask_for_release(const Request& request, Context& context);
Response get_case(const Request& request, Context& context);
Response list_decisions(const Request& request, Context& context);
Response get_decision(const Request& request, Context& context);
Response get_plant(const Request& request, Context& context);
Response list_assets(const Request& request, Context& context);
Response get_asset(const Request& request, Context& context);
Response list_audit_records(const Request& request, Context& context);
Response get_audit_checkpoint(const Request& request, Context& context);
Response get_openapi(const Request& request, Context& context);
Response get_live(const Request& request, Context& context);
Response get_ready(const Request& request, Context& context);
Response get_metrics(const Request& request, Context& context);

// The log-in body's user name; nothing when the body is not valid.
[[nodiscard]] std::optional<std::string> login_name(const Request& request);

}  // namespace millwright::http
