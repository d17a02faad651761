#pragma once
// One HTTP/1.1 request over a connection of its own, with bounds on time and size. A function that
// blocks its caller; no state, any thread.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "millwright/base/result.hpp"
#include "millwright/base/time.hpp"

namespace millwright::effect {

struct HttpPeer {
  std::string host;
  std::string port = "80";
  std::string path;  // before every target; "" or /base
};
// http://host[:port][/path]
[[nodiscard]] Result<HttpPeer> parse_url(const std::string& url);

struct HttpCall {
  HttpPeer peer;
  std::string method = "GET";
  std::string target;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  Duration connect_within;
  Duration total_within;
  std::size_t answer_bytes_max = 0;
  const std::atomic<bool>* give_up = nullptr;  // once true, it is not waited for any more
};

struct HttpAnswer {
  enum class State : std::uint8_t {
    kAnswered,
    kNotSent,  // no connection: nothing of it can have happened
    kLost,     // it was sent, wholly or in part, and no whole answer came
  };
  State state = State::kNotSent;
  int status = 0;
  std::string body;
  std::string retry_after;
  std::string detail;  // of what went wrong, for a person
};

[[nodiscard]] HttpAnswer http_exchange(const HttpCall& call);

// RFC 3986 query component.
[[nodiscard]] std::string url_encoded(std::string_view text);

}  // namespace millwright::effect
