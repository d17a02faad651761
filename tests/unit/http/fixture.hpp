#pragma once
// A web server on loopback over a fake daemon that keeps everything in memory, and a client that
// speaks raw sockets. Owned by one test; the fake daemon may be called by any thread.

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "millwright/http/server.hpp"

namespace millwright::http {

class TestClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override { return Instant(ns_.load()); }
  void advance(Duration by) { ns_ += by.ns(); }

 private:
  std::atomic<std::int64_t> ns_{1'772'432'640'000'000'000};  // 2026-03-02T06:24:00Z
};

class FakeDaemon final : public Backend {
 public:
  FakeDaemon();

  std::unique_ptr<StoreReader> make_reader() override;
  PlantViewPtr view() override;
  const PlantModel& plant() const override { return plant_; }
  const workflow::Policy& policy() const override { return policy_; }
  Result<Task> submit(Command command) override;
  void note(Notice notice) override;
  Health health() override;
  Instant now() override { return clock.now(); }
  const Clock& wall_clock() const override { return clock; }
  std::optional<Instant> last_event_at() override { return clock.now() - seconds(1); }
  std::size_t rules_active() override { return 12; }
  std::string metrics_text() override {
    return "# TYPE millwright_fake gauge\nmillwright_fake 1\n";
  }

  [[nodiscard]] std::vector<Notice> notices();
  [[nodiscard]] std::vector<Command> commands();
  void put(const Task& task);
  void set_broken(bool broken);
  void set_no_reader(bool none);

  TestClock clock;

 private:
  friend class MemoryReader;
  void make_plant();
  void make_tasks();
  void make_case(const Task& task, const Task& sibling, const Decision& decision);

  std::mutex mutex_;
  PlantModel plant_;
  workflow::Policy policy_;
  PlantView view_;
  std::map<DecisionId, Decision> decisions_;
  std::vector<std::pair<TaskId, AuditEntry>> audit_;
  std::vector<Notice> notices_;
  std::vector<Command> commands_;
  bool broken_ = false;
  bool no_reader_ = false;
};

// The task that every test knows, at revision 2.
inline const TaskId kTask{"task-1"};

struct Reply {
  int status = 0;
  std::map<std::string, std::string> headers;  // lower case
  std::string cookies;                         // the last Set-Cookie
  std::string body;
  bool closed = false;  // the server closed the connection after it
};

// One connection. Requests are sent as they are written.
class Client final {
 public:
  explicit Client(std::uint16_t port);
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client();

  void send(std::string_view bytes) const;
  // Status 0: the server closed without an answer, or was silent for too long.
  [[nodiscard]] Reply read(bool head_only = false);
  // Reads until `text` was seen; false when the connection ended or stayed silent before.
  [[nodiscard]] bool read_until(std::string_view text, int wait_ms = 5'000);
  // Whether the server closes within that time.
  [[nodiscard]] bool closes(int wait_ms);
  [[nodiscard]] const std::string& seen() const { return buffer_; }
  void forget() { buffer_.clear(); }

 private:
  // False at the end of the stream or after `wait_ms` of silence.
  [[nodiscard]] bool more(int wait_ms);

  int fd_;
  bool ended_ = false;
  std::string buffer_;
};

class ServerTest : public testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;
  void start();

  [[nodiscard]] std::string host() const;
  // A whole request on a connection of its own; `auth` is a header line such as a cookie.
  [[nodiscard]] Reply call(std::string_view method, std::string_view path,
                           const std::string& auth = "", const std::string& body = "",
                           const std::string& more_headers = "") const;
  // The header line of a new session, or of an API key.
  [[nodiscard]] std::string log_in(const std::string& user) const;
  [[nodiscard]] std::string key_of(const std::vector<Role>& roles, bool service = true) const;

  static constexpr std::string_view kPassword = "correct horse battery";
  std::string folder_;
  std::string users_file_;
  FakeDaemon daemon_;
  std::unique_ptr<Users> users_;
  ServerConfig config_;
  UiAssets assets_;
  std::unique_ptr<Server> server_;
};

}  // namespace millwright::http
