#pragma once
// Request and Response: all that a handler sees of HTTP. Plain values, handed from the I/O thread
// to a handler thread and back.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "millwright/base/time.hpp"
#include "millwright/domain/ids.hpp"
#include "millwright/domain/task.hpp"

namespace millwright::http {

enum class Method { kGet, kHead, kPost, kDelete, kOther };
[[nodiscard]] std::string_view to_text(Method method);

struct Header {
  std::string name;  // in requests: lower case
  std::string value;
};

// Who sent the request: a person in a session, or a program with an API key.
struct Caller {
  UserId id;
  std::string name;
  std::vector<Role> roles;
  bool service_account = false;
  std::optional<Instant> expires;  // wall clock
};

struct Request {
  std::string id;  // in problems and in the log
  Method method = Method::kGet;
  std::string path;  // as sent, still percent-encoded, without the query
  std::vector<std::pair<std::string, std::string>> query;  // decoded
  std::vector<Header> headers;
  std::string body;
  std::string peer;  // numeric address
  bool close_after = false;

  // Filled in by the gate
  std::vector<std::string> params;  // what stood for {id}, decoded
  std::optional<Caller> caller;
  std::string login_name;  // POST /session: whose attempt it is

  // "" when absent; `name` in lower case.
  [[nodiscard]] std::string_view header(std::string_view name) const;
  // Null when absent.
  [[nodiscard]] const std::string* parameter(std::string_view name) const;
};

struct Response {
  int status = 200;
  std::string content_type;
  std::vector<Header> headers;
  std::string body;
  std::string_view fixed;    // instead of body: bytes that live as long as the server
  std::string problem_code;  // "" unless this is a problem

  // What the I/O thread is to do with sessions
  std::optional<UserId> log_in;
  bool log_out = false;

  [[nodiscard]] std::string_view content() const {
    return fixed.empty() ? std::string_view(body) : fixed;
  }
};

[[nodiscard]] Response json_response(std::string body);

// %41 -> A; nothing when a sequence is broken or the result holds a control character or is not
// UTF-8. `plus_is_space` is for queries.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space);
// a=1&b=2; nothing when it is malformed, too long, or names a parameter twice.
[[nodiscard]] std::optional<std::vector<std::pair<std::string, std::string>>> parse_query(
    std::string_view text);
[[nodiscard]] bool is_utf8(std::string_view text);

}  // namespace millwright::http
