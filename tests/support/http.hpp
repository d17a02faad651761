#pragma once
// One HTTP/1.1 request over a connection of its own, as a browser or a program would send it.
// Blocks; for tests on loopback, any thread.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace millwright::support {

struct HttpReply {
  int status = 0;                                            // 0: no answer
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;

  [[nodiscard]] std::string header(const std::string& name) const;
};

[[nodiscard]] HttpReply http_call(
    std::uint16_t port, const std::string& method, const std::string& target,
    const std::vector<std::pair<std::string, std::string>>& headers = {},
    const std::string& body = "");

// A port of loopback that nobody listens on now.
[[nodiscard]] std::uint16_t free_port();

}  // namespace millwright::support
