#pragma once
// Server: REST, web UI and event stream of one daemon. Owns one I/O thread, two handler threads and
// one that only hashes passwords; the daemon owns the server. `publish` and `stop` may be called
// from any thread.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "millwright/base/limits.hpp"
#include "millwright/base/result.hpp"
#include "millwright/base/time.hpp"
#include "millwright/domain/ids.hpp"
#include "millwright/domain/task.hpp"
#include "millwright/http/backend.hpp"
#include "millwright/http/ui_assets.hpp"
#include "millwright/http/users.hpp"

namespace millwright::http {

struct ServerConfig {
  std::string address = "127.0.0.1";  // a numeric address
  std::uint16_t port = 8080;          // 0: any
  // Behind TLS: cookies are Secure, browsers are told to stay on https, and origins must be https.
  bool secure = false;
  // Names by which browsers reach the daemon ("mill.lyon.example:8443"); empty: whatever Host says,
  // and on loopback only loopback names, which is what keeps rebound DNS names out.
  std::vector<std::string> hosts;
  Duration session_idle = hours(8);
  Duration session_longest = hours(12);
  Duration head_timeout = seconds(5);   // first byte to end of the header
  Duration body_timeout = seconds(30);  // header to end of the body
  Duration idle_timeout = seconds(60);  // between requests of one connection
  Duration write_timeout = seconds(30);
  Duration heartbeat = seconds(10);
  std::size_t connections_max = limits::kHttpConnections;
  std::size_t connections_per_peer = 64;  // loopback is exempt: a proxy may stand there
  std::size_t streams_max = 64;
  std::size_t requests_per_connection = 1'000;
  std::string version = "0.1.0";
};

// A task as a commit left it; what /api/v1/events tells.
struct TaskChange {
  TaskId id;
  TaskState state = TaskState::kProposed;
  Revision revision;
  Priority priority = Priority::kP3;
};

class Server {
 public:
  virtual ~Server() = default;  // stops
  [[nodiscard]] virtual std::uint16_t port() const = 0;
  // After each commit, once for each task it changed. Does not wait.
  virtual void publish(const std::vector<TaskChange>& changes) = 0;
  // Closes everything and joins the threads; returns within seconds. May be called twice.
  virtual void stop() = 0;
};

// Whether the address can be listened on now, for who would only find out much later.
[[nodiscard]] Result<void> can_listen(const ServerConfig& config);

// Listens before it returns. `backend` and `users` must outlive the server; so must what `assets`
// points to.
[[nodiscard]] Result<std::unique_ptr<Server>> start_server(const ServerConfig& config,
                                                           Backend& backend, Users& users,
                                                           const UiAssets& assets);

}  // namespace millwright::http
