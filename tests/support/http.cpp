#include "support/http.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <sstream>

#include "millwright/base/check.hpp"

namespace millwright::support {
namespace {

constexpr int kWaitSeconds = 20;

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in out{};
  out.sin_family = AF_INET;
  out.sin_port = htons(port);
  out.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return out;
}

// "" when the connection broke.
std::string answer_to(std::uint16_t port, const std::string& request) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval wait{kWaitSeconds, 0};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
  sockaddr_in there = loopback(port);
  std::string out;
  if (::connect(fd, reinterpret_cast<sockaddr*>(&there), sizeof there) == 0 &&
      ::send(fd, request.data(), request.size(), MSG_NOSIGNAL) == ssize_t(request.size())) {
    std::array<char, 16 << 10> buffer;
    ssize_t got = 0;
    while ((got = ::recv(fd, buffer.data(), buffer.size(), 0)) > 0) {
      out.append(buffer.data(), std::size_t(got));
    }
    if (got < 0) out.clear();
  }
  ::close(fd);
  return out;
}

HttpReply parse(const std::string& text) {
  HttpReply out;
  const std::size_t head = text.find("\r\n\r\n");
  if (head == std::string::npos) return out;
  std::istringstream lines(text.substr(0, head));
  std::string line;
  std::getline(lines, line);
  const std::size_t space = line.find(' ');
  if (space == std::string::npos) return out;
  const int status = std::atoi(line.c_str() + space);
  while (std::getline(lines, line)) {
    const std::size_t colon = line.find(": ");
    if (colon == std::string::npos) continue;
    std::string name = line.substr(0, colon);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return char(std::tolower(c)); });
    while (!line.empty() && line.back() == '\r') line.pop_back();
    out.headers.emplace_back(std::move(name), line.substr(colon + 2));
  }
  out.body = text.substr(head + 4);
  const std::string length = out.header("content-length");
  // Half an answer is none.
  if (!length.empty() && out.body.size() != std::size_t(std::stoul(length))) return {};
  out.status = status;
  return out;
}

}  // namespace

std::string HttpReply::header(const std::string& name) const {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return "";
}

HttpReply http_call(std::uint16_t port, const std::string& method, const std::string& target,
                    const std::vector<std::pair<std::string, std::string>>& headers,
                    const std::string& body) {
  std::string request = method + " " + target +
                        " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) +
                        "\r\nConnection: close\r\n";
  for (const auto& [name, value] : headers) request += name + ": " + value + "\r\n";
  if (method != "GET") request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return parse(answer_to(port, request + "\r\n" + body));
}

std::uint16_t free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in any = loopback(0);
  socklen_t size = sizeof any;
  MW_CHECK(::bind(fd, reinterpret_cast<sockaddr*>(&any), size) == 0);
  MW_CHECK(::getsockname(fd, reinterpret_cast<sockaddr*>(&any), &size) == 0);
  ::close(fd);
  return ntohs(any.sin_port);
}

}  // namespace millwright::support
