// Connections: keep-alive, limits, slow and greedy peers, event streams, files of the UI, stopping.
#include <array>
#include <filesystem>
#include <fstream>
#include <thread>

#include "http/hub.hpp"
#include "millwright/base/limits.hpp"
#include "unit/http/fixture.hpp"

namespace millwright::http {
namespace {

class Wire : public ServerTest {
 protected:
  [[nodiscard]] std::string get(const std::string& path, const std::string& headers = "") const {
    return "GET " + path + " HTTP/1.1\r\nHost: " + host() + "\r\n" + headers + "\r\n";
  }
  [[nodiscard]] static std::vector<TaskChange> change(int n) {
    return {
        {TaskId("task-" + std::to_string(n)), TaskState::kApproved, Revision(1), Priority::kP2}};
  }
};

TEST_F(Wire, OneConnectionServesManyRequestsAlsoPipelined) {
  start();
  Client client(server_->port());
  std::string many;
  for (int i = 0; i < 20; ++i) many += get("/health/live");
  client.send(many);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(client.read().body, R"({"status":"ok","causes":[]})");
  client.send("HEAD /health/live HTTP/1.1\r\nHost: " + host() + "\r\n\r\n");
  const Reply head = client.read(true);
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.headers.at("content-length"), "27");
  client.send("GET /health/live HTTP/1.0\r\nHost: " + host() + "\r\n\r\n");
  EXPECT_TRUE(client.read().closed);
}

TEST_F(Wire, AConnectionEndsAfterItsShareOfRequests) {
  config_.requests_per_connection = 3;
  start();
  Client client(server_->port());
  client.send(get("/health/live") + get("/health/live"));
  EXPECT_FALSE(client.read().closed);
  EXPECT_FALSE(client.read().closed);
  client.send(get("/health/live"));
  EXPECT_TRUE(client.read().closed);
}

TEST_F(Wire, ContinueIsSaidBeforeTheBody) {
  start();
  Client client(server_->port());
  const std::string body = R"({"user":"j.ortiz","password":"correct horse battery"})";
  client.send("POST /api/v1/session HTTP/1.1\r\nHost: " + host() +
              "\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: " +
              std::to_string(body.size()) + "\r\n\r\n");
  ASSERT_TRUE(client.read_until("HTTP/1.1 100 Continue\r\n\r\n"));
  client.forget();
  client.send(body);
  EXPECT_EQ(client.read().status, 201);
}

TEST_F(Wire, SlowPeersAreCut) {
  config_.head_timeout = milliseconds(300);
  config_.body_timeout = milliseconds(300);
  config_.idle_timeout = milliseconds(300);
  start();
  Client silent(server_->port());
  Client drip(server_->port());
  Client body(server_->port());
  Client idle(server_->port());
  body.send("POST /api/v1/session HTTP/1.1\r\nHost: " + host() +
            "\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{");
  idle.send(get("/health/live"));
  EXPECT_EQ(idle.read().status, 200);
  const std::string text = get("/health/live");
  for (std::size_t i = 0; i < 12; ++i) {
    drip.send(text.substr(i, 1));
    std::this_thread::sleep_for(std::chrono::milliseconds(40));
  }
  EXPECT_TRUE(drip.closes(600)) << "one byte at a time does not buy more time";
  EXPECT_TRUE(silent.closes(2'000));
  EXPECT_TRUE(body.closes(2'000));
  EXPECT_TRUE(idle.closes(2'000));
  EXPECT_EQ(call("GET", "/health/live").status, 200);
}

TEST_F(Wire, ConnectionsAreLimitedAndComeBack) {
  config_.connections_max = 3;
  start();
  {
    std::vector<std::unique_ptr<Client>> clients;
    for (int i = 0; i < 3; ++i) {
      clients.push_back(std::make_unique<Client>(server_->port()));
      clients.back()->send(get("/health/live"));
      EXPECT_EQ(clients.back()->read().status, 200);
    }
    Client over(server_->port());
    EXPECT_TRUE(over.closes(2'000));
  }
  int status = 0;
  for (int i = 0; i < 50 && status != 200; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    status = call("GET", "/health/live").status;
  }
  EXPECT_EQ(status, 200);
}

TEST_F(Wire, ABodyOfTheLargestSizeIsReadAndRefusedForWhatItIs) {
  start();
  const Reply reply = call("POST", "/api/v1/session", "", std::string(limits::kHttpBodyBytes, 'x'));
  EXPECT_EQ(reply.status, 400);
  EXPECT_NE(reply.body.find("is not JSON"), std::string::npos);
}

TEST_F(Wire, AStreamSaysHelloBeatsAndTellsChanges) {
  config_.heartbeat = milliseconds(100);
  start();
  const std::string cookie = log_in("o.weber") + "\r\n";
  Client client(server_->port());
  client.send(get("/api/v1/events", cookie));
  ASSERT_TRUE(client.read_until("\"resumed\":false}\n\n"));
  EXPECT_NE(client.seen().find("Content-Type: text/event-stream"), std::string::npos);
  EXPECT_NE(client.seen().find("Content-Security-Policy"), std::string::npos);
  EXPECT_NE(client.seen().find("event: hello\ndata: {\"id\":\""), std::string::npos);
  ASSERT_TRUE(client.read_until(
      "event: heartbeat\ndata: {\"time\":\"2026-03-02T06:24:00.000Z\",\"lastEventAt\":\""));
  server_->publish(change(1));
  ASSERT_TRUE(
      client.read_until("event: task.changed\ndata: {\"id\":\"task-1\",\"state\":"
                        "\"APPROVED\",\"revision\":1,\"priority\":2}\n\n"));
  const std::string seen = client.seen();
  const std::size_t at = seen.rfind("\nid: ");
  const std::string id = seen.substr(at + 5, seen.find('\n', at + 1) - at - 5);
  server_->publish(change(2));
  server_->publish(change(3));
  ASSERT_TRUE(client.read_until("task-3"));
  Client again(server_->port());
  again.send(get("/api/v1/events", cookie + "Last-Event-ID: " + id + "\r\n"));
  ASSERT_TRUE(again.read_until("task-3"));
  EXPECT_NE(again.seen().find("\"resumed\":true"), std::string::npos);
  EXPECT_NE(again.seen().find("task-2"), std::string::npos);
  EXPECT_EQ(again.seen().find("task-1"), std::string::npos);
  ASSERT_TRUE(set_user_disabled(users_file_, UserId("o.weber"), true).has_value());
  EXPECT_TRUE(client.closes(3'000)) << "who is no longer logged in hears no more";
}

// The pipeline still works off what it has when the server has ended; the leak checker of the
// sanitized build is what notices a change that keeps the server alive.
TEST_F(Wire, AChangeToldAfterTheEndIsLetGo) {
  start();
  Client client(server_->port());
  client.send(get("/api/v1/events", log_in("o.weber") + "\r\n"));
  ASSERT_TRUE(client.read_until("hello"));
  server_->stop();
  server_->publish(change(1));
  EXPECT_TRUE(client.closes(1'000));
  EXPECT_EQ(client.seen().find("task-1"), std::string::npos);
}

TEST_F(Wire, AStreamHasNoHead) {
  start();
  const Reply reply = call("HEAD", "/api/v1/events", log_in("o.weber"));
  EXPECT_EQ(reply.status, 405);
  EXPECT_EQ(reply.headers.at("allow"), "GET");
}

TEST_F(Wire, StreamsAreLimited) {
  config_.streams_max = 2;
  start();
  const std::string cookie = log_in("o.weber") + "\r\n";
  Client a(server_->port());
  Client b(server_->port());
  for (Client* client : {&a, &b}) {
    client->send(get("/api/v1/events", cookie));
    ASSERT_TRUE(client->read_until("hello"));
  }
  Client over(server_->port());
  over.send(get("/api/v1/events", cookie));
  const Reply reply = over.read();
  EXPECT_EQ(reply.status, 503);
  EXPECT_NE(reply.body.find("\"code\":\"unavailable\""), std::string::npos);
}

TEST_F(Wire, AReaderThatDoesNotReadIsCut) {
  config_.write_timeout = seconds(30);
  start();
  Client client(server_->port());
  client.send(get("/api/v1/events", log_in("o.weber") + "\r\n"));
  ASSERT_TRUE(client.read_until("hello"));
  std::vector<TaskChange> changes;
  for (int i = 0; i < 500; ++i) changes.push_back(change(i).front());
  changes.front().id = TaskId(std::string(200'000, 'x'));
  std::string metrics;
  for (int i = 0; i < 400; ++i) {
    server_->publish(changes);
    if (i % 20 != 0) continue;
    metrics = call("GET", "/metrics").body;
    if (metrics.find("millwright_sse_streams 0") != std::string::npos) break;
  }
  EXPECT_NE(metrics.find("millwright_sse_streams_cut_total 1\n"), std::string::npos);
  EXPECT_TRUE(client.closes(5'000));
}

TEST(EventHub, ReplaysOnlyWhatItStillHolds) {
  Hub hub("boot", 64);
  const auto numbered = [](int n) {
    return std::vector<TaskChange>{
        {TaskId("t" + std::to_string(n) + "."), TaskState::kApproved, Revision(1), Priority::kP1}};
  };
  for (int i = 1; i <= 1'100; ++i) hub.publish(numbered(i));
  const auto open = [&](const char* id) { return hub.open(id, Instant(1), 20.0); };
  EXPECT_NE(open("boot-1100")->pending.find("\"resumed\":true"), std::string::npos);
  EXPECT_EQ(open("boot-1099")->pending_events, 1U);
  EXPECT_EQ(open("boot-76")->pending_events, limits::kSseBacklog);
  for (const char* id :
       {"boot-75", "boot-1101", "other-1100", "boot-", "boot-x", "", "boot-99999999999999999999"}) {
    EXPECT_NE(open(id)->pending.find("\"resumed\":false"), std::string::npos) << id;
  }
}

TEST_F(Wire, FilesOfTheUiAreCachedAndCompressed) {
  const std::array<UiAsset, 2> files = {{
      {"assets/app-3f9a1c.js", "text/javascript; charset=utf-8", "aaa", true, "let plain;", "GZIP",
       "BROTLI"},
      {"index.html", "text/html; charset=utf-8", "bbb", false, "<p>index</p>", "", ""},
  }};
  assets_.files = files;
  start();
  const auto fetch = [&](const std::string& path, const std::string& headers) {
    return call("GET", path, "", "", headers);
  };
  const Reply plain = fetch("/assets/app-3f9a1c.js", "");
  EXPECT_EQ(plain.body, "let plain;");
  EXPECT_EQ(plain.headers.at("cache-control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(plain.headers.at("vary"), "Accept-Encoding");
  EXPECT_EQ(fetch("/assets/app-3f9a1c.js", "Accept-Encoding: gzip, deflate, br\r\n").body,
            "BROTLI");
  const Reply gzip = fetch("/assets/app-3f9a1c.js", "Accept-Encoding: gzip;q=0.5, br;q=0\r\n");
  EXPECT_EQ(gzip.body, "GZIP");
  EXPECT_EQ(gzip.headers.at("content-encoding"), "gzip");
  EXPECT_EQ(fetch("/", "").body, "<p>index</p>");
  EXPECT_EQ(fetch("/tasks/task-1", "").body, "<p>index</p>") << "the UI routes it";
  EXPECT_EQ(fetch("/", "").headers.at("cache-control"), "no-cache");
  EXPECT_EQ(fetch("/missing.js", "").status, 404);
  EXPECT_EQ(fetch("/../users.json", "").status, 404);
  for (const char* known : {"\"bbb\"", "W/\"bbb\"", "\"x\", \"bbb\"", "*"}) {
    const Reply same = fetch("/", std::string("If-None-Match: ") + known + "\r\n");
    EXPECT_EQ(same.status, 304) << known;
    EXPECT_EQ(same.body, "");
    EXPECT_EQ(same.headers.at("etag"), "\"bbb\"");
  }
  EXPECT_EQ(fetch("/", "If-None-Match: \"aaa\"\r\n").status, 200);
  const Reply api = fetch("/api/v1/openapi.yaml", "");
  EXPECT_EQ(api.body, "openapi: 3.1.0\n");
  EXPECT_EQ(
      fetch("/api/v1/openapi.yaml", "If-None-Match: " + api.headers.at("etag") + "\r\n").status,
      304);
}

TEST_F(Wire, WithoutABuiltUiItSaysHowToBuildIt) {
  start();
  const Reply reply = call("GET", "/");
  EXPECT_EQ(reply.status, 200);
  EXPECT_NE(reply.body.find("scripts/ui"), std::string::npos);
}

TEST_F(Wire, AFolderServesTheUiDuringDevelopment) {
  std::filesystem::create_directories(folder_ + "/ui/assets");
  std::ofstream(folder_ + "/ui/index.html") << "<p>from disk</p>";
  std::ofstream(folder_ + "/ui/assets/a.css") << "p{}";
  assets_.folder = folder_ + "/ui";
  start();
  EXPECT_EQ(call("GET", "/").body, "<p>from disk</p>");
  EXPECT_EQ(call("GET", "/decisions").body, "<p>from disk</p>");
  EXPECT_EQ(call("GET", "/assets/a.css").headers.at("content-type"), "text/css; charset=utf-8");
  for (const char* path : {"/../users.json", "/%2e%2e/users.json", "/..%2fusers.json", "/assets",
                           "//etc/hostname.txt"}) {
    const Reply reply = call("GET", path);
    EXPECT_TRUE(reply.status == 404 || reply.body == "<p>from disk</p>") << path << reply.status;
  }
}

TEST_F(Wire, StoppingIsQuickWithEverythingOpen) {
  start();
  Client stream(server_->port());
  stream.send(get("/api/v1/events", log_in("o.weber") + "\r\n"));
  ASSERT_TRUE(stream.read_until("hello"));
  Client half(server_->port());
  half.send("GET / HT");
  Client idle(server_->port());
  idle.send(get("/health/live"));
  EXPECT_EQ(idle.read().status, 200);
  const auto from = std::chrono::steady_clock::now();
  server_->stop();
  server_->stop();
  EXPECT_LT(std::chrono::steady_clock::now() - from, std::chrono::seconds(2));
  EXPECT_TRUE(stream.closes(1'000));
  EXPECT_TRUE(half.closes(1'000));
}

TEST_F(Wire, ALedgerThatOpensLateIsReadThen) {
  daemon_.set_no_reader(true);
  start();
  const std::string cookie = log_in("o.weber");
  EXPECT_EQ(call("GET", "/api/v1/tasks", cookie).status, 503);
  EXPECT_EQ(call("GET", "/health/live").status, 200);
  EXPECT_EQ(call("GET", "/metrics").status, 200);
  daemon_.set_no_reader(false);
  EXPECT_EQ(call("GET", "/api/v1/tasks", cookie).status, 200);
}

TEST_F(Wire, AnAddressThatIsTakenOrWrongIsExplained) {
  start();
  ServerConfig second = config_;
  second.port = server_->port();
  const auto taken = start_server(second, daemon_, *users_, assets_);
  ASSERT_FALSE(taken.has_value());
  EXPECT_NE(taken.error().message.find("Address already in use"), std::string::npos);
  second.address = "localhost";
  EXPECT_EQ(start_server(second, daemon_, *users_, assets_).error().code, Errc::kInvalid);
}

}  // namespace
}  // namespace millwright::http
