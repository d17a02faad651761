#pragma once
// Gate: every request passes it on its way in (who is it, may they, which handler) and every answer
// on its way out (sessions, safety headers, counting, security notices). Owned by the I/O thread.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "http/message.hpp"
#include "http/metrics.hpp"
#include "http/problem.hpp"
#include "http/routes.hpp"
#include "http/sessions.hpp"
#include "millwright/http/backend.hpp"
#include "millwright/http/server.hpp"
#include "millwright/http/users.hpp"

namespace millwright::http {

struct Admission {
  std::optional<Response> answer;  // at once; otherwise `route` says what runs
  const Route* route = nullptr;
  std::size_t metric = Metrics::kOther;
};

class Gate final {
 public:
  // All of it outlives the gate.
  Gate(const ServerConfig& config, Backend& backend, Users& users, const UiAssets& assets,
       Metrics& metrics);

  // Fills params and caller of the request.
  [[nodiscard]] Admission admit(Request& request);
  // The last hand on an answer before it is written.
  void finish(const Request& request, Response& response);
  // Whether the caller of a stream is still logged in.
  [[nodiscard]] bool still_here(const Request& request);
  [[nodiscard]] const std::vector<Header>& headers() const { return headers_; }

 private:
  [[nodiscard]] std::optional<Caller> authenticate(const Request& request, bool active);
  [[nodiscard]] std::optional<Response> refuse(Request& request, const Route& route);
  [[nodiscard]] std::optional<Response> throttle(Request& request);
  [[nodiscard]] Response log_out(const Request& request);
  void open_session(const Request& request, Response& response);
  void note_refusal(const Request& request, const Response& response);

  const ServerConfig& config_;
  Backend& backend_;
  Users& users_;
  const UiAssets& assets_;
  Metrics& metrics_;
  std::vector<Header> headers_;
  SessionTable sessions_;
  Throttle throttle_;
  Instant notes_since_;  // start of the minute in which `notes_` were made
  int notes_ = 0;
};

}  // namespace millwright::http
