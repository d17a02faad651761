#include "unit/http/fixture.hpp"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

namespace millwright::http {

Client::Client(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_port = htons(port);
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(::connect(fd_, reinterpret_cast<const sockaddr*>(&where), sizeof(where)), 0);
}

Client::~Client() {
  ::close(fd_);
}

void Client::send(std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return;  // the server closed already; the test sees it when reading
    bytes.remove_prefix(std::size_t(n));
  }
}

bool Client::more(int wait_ms) {
  pollfd poll{fd_, POLLIN, 0};
  if (::poll(&poll, 1, wait_ms) <= 0) return false;
  char part[16 << 10];
  const ssize_t n = ::recv(fd_, part, sizeof(part), 0);
  if (n <= 0) {
    ended_ = true;
    return false;
  }
  buffer_.append(part, std::size_t(n));
  return true;
}

bool Client::read_until(std::string_view text, int wait_ms) {
  while (buffer_.find(text) == std::string::npos) {
    if (!more(wait_ms)) return false;
  }
  return true;
}

bool Client::closes(int wait_ms) {
  while (more(wait_ms)) {
  }
  return ended_;
}

Reply Client::read(bool head_only) {
  Reply reply;
  if (!read_until("\r\n\r\n")) {
    reply.closed = ended_;
    return reply;
  }
  const std::size_t end = buffer_.find("\r\n\r\n");
  std::string head = buffer_.substr(0, end + 2);
  buffer_.erase(0, end + 4);
  reply.status = std::stoi(head.substr(9, 3));
  std::size_t at = head.find("\r\n") + 2;
  while (at < head.size()) {
    const std::size_t stop = head.find("\r\n", at);
    const std::string line = head.substr(at, stop - at);
    at = stop + 2;
    std::string name = line.substr(0, line.find(':'));
    std::transform(name.begin(), name.end(), name.begin(), [](char c) { return char(tolower(c)); });
    reply.headers[name] = line.substr(line.find(':') + 2);
  }
  if (const auto cookie = reply.headers.find("set-cookie"); cookie != reply.headers.end()) {
    reply.cookies = cookie->second;
  }
  const auto length = reply.headers.find("content-length");
  const std::size_t bytes =
      head_only || length == reply.headers.end() ? 0 : std::stoul(length->second);
  while (buffer_.size() < bytes && more(5'000)) {
  }
  reply.body = buffer_.substr(0, bytes);
  buffer_.erase(0, bytes);
  if (reply.headers["connection"] == "close") reply.closed = closes(3'000);
  return reply;
}

void ServerTest::SetUp() {
  const auto* info = testing::UnitTest::GetInstance()->current_test_info();
  folder_ = testing::TempDir() + "millwright_http_" + info->name() + "_" + std::to_string(getpid());
  std::filesystem::create_directories(folder_);
  users_file_ = folder_ + "/users.json";
  const auto add = [&](const char* id, const char* name, Role role) {
    ASSERT_TRUE(
        add_user(users_file_, {UserId(id), name, {role}, std::string(kPassword)}).has_value());
  };
  add("j.ortiz", "Jo Ortiz", Role::kMaintenanceSupervisor);
  add("o.weber", "Ona Weber", Role::kOperator);
  config_.port = 0;
  assets_.openapi = "openapi: 3.1.0\n";
}

void ServerTest::TearDown() {
  server_.reset();
  std::filesystem::remove_all(folder_);
}

void ServerTest::start() {
  auto users = Users::open(users_file_);
  ASSERT_TRUE(users.has_value());
  users_ = std::move(*users);
  auto server = start_server(config_, daemon_, *users_, assets_);
  ASSERT_TRUE(server.has_value()) << server.error().message;
  server_ = std::move(*server);
}

std::string ServerTest::host() const {
  return "127.0.0.1:" + std::to_string(server_->port());
}

Reply ServerTest::call(std::string_view method, std::string_view path, const std::string& auth,
                       const std::string& body, const std::string& more_headers) const {
  Client client(server_->port());
  std::string text = std::string(method) + " " + std::string(path) + " HTTP/1.1\r\nHost: " + host();
  text += "\r\nConnection: close\r\n";
  if (!auth.empty()) text += auth + "\r\n";
  text += more_headers;
  if (!body.empty()) {
    text +=
        "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
  }
  client.send(text + "\r\n" + body);
  return client.read(method == "HEAD");
}

std::string ServerTest::log_in(const std::string& user) const {
  const Reply reply =
      call("POST", "/api/v1/session", "",
           R"({"user":")" + user + R"(","password":")" + std::string(kPassword) + R"("})");
  EXPECT_EQ(reply.status, 201) << reply.body;
  return "Cookie: " + reply.cookies.substr(0, reply.cookies.find(';'));
}

std::string ServerTest::key_of(const std::vector<Role>& roles, bool service) const {
  const std::string name = "test " + std::to_string(load_users(users_file_)->keys.size());
  const auto token = add_api_key(users_file_, {name, roles, service, std::nullopt});
  EXPECT_TRUE(token.has_value());
  return "Authorization: Bearer " + *token;
}

}  // namespace millwright::http
