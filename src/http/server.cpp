// The server's coroutines. House rules for this compiler: plain functions, arguments by value, the
// result of every await into a named variable, no lambda inside an await or a spawn.
#include "millwright/http/server.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http.hpp>
#include <thread>

#include "http/core.hpp"
#include "http/head.hpp"
#include "millwright/base/log.hpp"

namespace millwright::http {
namespace {

namespace bhttp = beast::http;
constexpr auto kToken = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kReadBytes = 4096;

std::chrono::nanoseconds chrono(Duration d) {
  return std::chrono::nanoseconds(d.ns());
}

// Takes a connection out of the books however its coroutine ends.
class Enlisted final {
 public:
  Enlisted(CorePtr core, ConnectionPtr connection)
      : core_(std::move(core)), connection_(std::move(connection)) {}
  Enlisted(const Enlisted&) = delete;
  Enlisted& operator=(const Enlisted&) = delete;
  ~Enlisted() { core_->remove(connection_); }

 private:
  CorePtr core_;
  ConnectionPtr connection_;
};

std::string_view buffered(const Connection& connection) {
  const auto data = connection.buffer.data();
  return {static_cast<const char*>(data.data()), data.size()};
}

// The whole header is in the buffer (kComplete), or what is wrong with it; kMore: the peer went
// away or was too slow, and the connection is to be closed without a word.
asio::awaitable<HeadCheck> read_head(CorePtr core, ConnectionPtr connection) {
  bool begun = false;
  const bool fresh = connection->served == 0;
  connection->stream.expires_after(
      chrono(fresh ? core->config.head_timeout : core->config.idle_timeout));
  for (;;) {
    const std::string_view have = buffered(*connection);
    const HeadCheck check = check_head(have);
    if (check.state != HeadCheck::State::kMore) co_return check;
    if (!have.empty() && !begun) {
      begun = true;  // one span for the whole header, however slowly its bytes drip in
      connection->stream.expires_after(chrono(core->config.head_timeout));
    }
    const auto read =
        co_await connection->stream.async_read_some(connection->buffer.prepare(kReadBytes), kToken);
    if (std::get<0>(read)) co_return HeadCheck{};
    connection->buffer.commit(std::get<1>(read));
  }
}

Method method_of(bhttp::verb verb) {
  switch (verb) {
    case bhttp::verb::get:
      return Method::kGet;
    case bhttp::verb::head:
      return Method::kHead;
    case bhttp::verb::post:
      return Method::kPost;
    case bhttp::verb::delete_:
      return Method::kDelete;
    default:
      return Method::kOther;
  }
}

// False when the target's query is malformed.
bool take_message(bhttp::request<bhttp::string_body>& message, Request& request) {
  request.method = method_of(message.method());
  request.close_after = !message.keep_alive();
  const std::string_view target(message.target().data(), message.target().size());
  const std::size_t mark = std::min(target.find('?'), target.size());
  request.path = target.substr(0, mark);
  for (const auto& field : message) {
    std::string name(field.name_string().data(), field.name_string().size());
    for (char& c : name) c = c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
    request.headers.push_back(
        {std::move(name), std::string(field.value().data(), field.value().size())});
  }
  request.body = std::move(message.body());
  auto query = parse_query(target.substr(std::min(mark + 1, target.size())));
  if (query) request.query = std::move(*query);
  return query.has_value();
}

// 0: the request is whole; a status: what to answer before closing; -1: close without a word.
asio::awaitable<int> read_message(CorePtr core, ConnectionPtr connection, HeadCheck head,
                                  std::shared_ptr<Request> request) {
  connection->stream.expires_after(chrono(core->config.body_timeout));
  if (head.expects_continue && connection->buffer.size() < head.bytes + head.body_bytes) {
    static constexpr std::string_view kGoOn = "HTTP/1.1 100 Continue\r\n\r\n";
    const auto sent = co_await asio::async_write(connection->stream, asio::buffer(kGoOn), kToken);
    if (std::get<0>(sent)) co_return -1;
  }
  bhttp::request_parser<bhttp::string_body> parser;
  parser.header_limit(limits::kHttpHeaderBytes + 1);
  parser.body_limit(limits::kHttpBodyBytes);
  const auto read =
      co_await bhttp::async_read(connection->stream, connection->buffer, parser, kToken);
  const beast::error_code error = std::get<0>(read);
  if (error) {
    const bool syntax =
        error.category() == bhttp::make_error_code(bhttp::error::bad_method).category();
    co_return syntax&& error != bhttp::error::partial_message&& error != bhttp::error::end_of_stream
        ? 400
        : -1;
  }
  co_return take_message(parser.get(), *request) ? 0 : 400;
}

template <class Body>
void fill_head(bhttp::response<Body>& message, const Response& response, bool keep_alive) {
  message.version(11);
  message.result(unsigned(response.status));
  message.keep_alive(keep_alive);
  if (!response.content_type.empty()) {
    message.set(bhttp::field::content_type, response.content_type);
  }
  for (const Header& header : response.headers) message.insert(header.name, header.value);
}

asio::awaitable<bool> write_response(CorePtr core, ConnectionPtr connection,
                                     std::shared_ptr<const Response> response, bool head_only,
                                     bool keep_alive) {
  connection->stream.expires_after(chrono(core->config.write_timeout));
  const std::string_view content = response->content();
  if (head_only || response->status == 204 || response->status == 304) {
    bhttp::response<bhttp::empty_body> message;
    fill_head(message, *response, keep_alive);
    if (head_only && response->status == 200) message.content_length(content.size());
    const auto written = co_await bhttp::async_write(connection->stream, message, kToken);
    co_return !std::get<0>(written);
  }
  bhttp::response<bhttp::span_body<const char>> message;
  message.body() = beast::span<const char>(content.data(), content.size());
  fill_head(message, *response, keep_alive);
  message.content_length(content.size());
  const auto written = co_await bhttp::async_write(connection->stream, message, kToken);
  co_return !std::get<0>(written);
}

// Closes so that the peer still gets the last answer: a reset would take it from its buffers.
asio::awaitable<void> close_gently(ConnectionPtr connection) {
  beast::error_code ignored;
  connection->stream.socket().shutdown(Tcp::socket::shutdown_send, ignored);
  connection->stream.expires_after(std::chrono::seconds(1));
  std::array<char, kReadBytes> drain{};
  for (int i = 0; i < 64; ++i) {
    const auto read = co_await connection->stream.async_read_some(asio::buffer(drain), kToken);
    if (std::get<0>(read)) break;
  }
  connection->stream.close();
}

asio::awaitable<Response> run_job(CorePtr core, std::shared_ptr<const Request> request,
                                  const Route* route) {
  const std::shared_ptr<Waiting> waiting = core->submit(request, *route);
  if (waiting == nullptr) co_return busy(*request, *route);
  while (!waiting->done) {
    const auto woken = co_await waiting->timer.async_wait(kToken);
    static_cast<void>(woken);
  }
  co_return std::move(waiting->response);
}

// Until the reader goes away, is too slow, or is no longer logged in.
asio::awaitable<void> run_stream(CorePtr core, ConnectionPtr connection,
                                 std::shared_ptr<const Request> request) {
  const auto timer = std::make_shared<asio::steady_timer>(core->io);
  const std::shared_ptr<Stream> stream = core->open_stream(connection, timer, *request);
  timer->expires_after(chrono(core->config.heartbeat));
  std::string out = stream_head(*core, *request);
  while (!stream->cut && !core->stopping) {
    out += std::exchange(stream->pending, {});
    const std::size_t events = stream->pending_events;
    if (!out.empty()) {
      connection->stream.expires_after(chrono(core->config.write_timeout));
      const auto written =
          co_await asio::async_write(connection->stream, asio::buffer(out), kToken);
      if (std::get<0>(written)) break;
      stream->pending_events -= std::min(events, stream->pending_events);
      out.clear();
    }
    if (stream->pending.empty() && !stream->cut) {
      const auto waited = co_await timer->async_wait(kToken);
      static_cast<void>(waited);
    }
    if (timer->expiry() > asio::steady_timer::clock_type::now()) continue;
    if (!core->gate.still_here(*request)) break;
    out = Hub::heartbeat(core->backend.now(), core->backend.last_event_at());
    timer->expires_after(chrono(core->config.heartbeat));
  }
  if (stream->cut && !core->stopping) core->metrics.streams_cut.fetch_add(1);
  stream->wake = {};
  core->hub.close(stream);
  core->metrics.streams.store(std::int64_t(core->hub.size()));
}

Response refuse_head(const Request& request, const HeadCheck& head) {
  const Code code = head.status == 413 || head.status == 431 || head.status == 414 ? Code::kTooLarge
                                                                                   : Code::kInvalid;
  return problem(request, Problem{code, std::string(head.why) + ".", head.status});
}

// One request and its answer; false when the connection is to be closed.
asio::awaitable<bool> exchange(CorePtr core, ConnectionPtr connection) {
  const HeadCheck head = co_await read_head(core, connection);
  if (head.state == HeadCheck::State::kMore) co_return false;
  ++connection->served;
  const auto request = std::make_shared<Request>();
  request->id = core->next_request_id();
  request->peer = connection->peer;
  Admission admission;
  if (head.state == HeadCheck::State::kBad) {
    admission.answer = refuse_head(*request, head);
    request->close_after = true;
  } else {
    const int status = co_await read_message(core, connection, head, request);
    if (status < 0) co_return false;
    if (status != 0) {
      admission.answer =
          problem(*request, Problem{Code::kInvalid, "The request is not valid.", status});
      request->close_after = true;
    }
  }
  const Instant began = core->wall_now();
  if (!admission.answer) admission = core->gate.admit(*request);
  if (!admission.answer && admission.route->runs == Runs::kStream) {
    if (!core->hub.full() && request->method == Method::kGet) {
      core->metrics.count(admission.metric, 200, Duration{});
      co_await run_stream(core, connection, request);
      co_return false;
    }
    admission.answer = problem(*request, Code::kUnavailable, "Too many event streams are open.");
  }
  auto response = std::make_shared<Response>();
  if (admission.answer) {
    *response = std::move(*admission.answer);
  } else {
    Response made = co_await run_job(core, request, admission.route);
    *response = std::move(made);
  }
  core->gate.finish(*request, *response);
  core->metrics.count(admission.metric, response->status, core->wall_now() - began);
  const bool keep_alive = !request->close_after && !core->stopping &&
                          connection->served < core->config.requests_per_connection;
  const bool written = co_await write_response(core, connection, response,
                                               request->method == Method::kHead, keep_alive);
  co_return written&& keep_alive;
}

asio::awaitable<void> serve(CorePtr core, ConnectionPtr connection) {
  const Enlisted enlisted(core, connection);
  for (;;) {
    const bool again = co_await exchange(core, connection);
    if (!again) break;
  }
  co_await close_gently(connection);
}

asio::awaitable<void> accept_all(CorePtr core) {
  while (core->acceptor.is_open()) {
    auto accepted = co_await core->acceptor.async_accept(kToken);
    if (std::get<0>(accepted)) {
      // Out of descriptors, say: wait a little, or this would spin.
      asio::steady_timer pause(core->io, std::chrono::milliseconds(50));
      const auto paused = co_await pause.async_wait(kToken);
      static_cast<void>(paused);
      continue;
    }
    beast::error_code error;
    Tcp::socket socket = std::move(std::get<1>(accepted));
    const auto peer = socket.remote_endpoint(error);
    if (error) continue;
    socket.set_option(Tcp::no_delay(true), error);
    const auto connection =
        std::make_shared<Connection>(std::move(socket), peer.address().to_string());
    if (core->add(connection)) {
      asio::co_spawn(core->io, serve(core, connection), asio::detached);
    }
  }
}

class BeastServer final : public Server {
 public:
  explicit BeastServer(CorePtr core)
      : core_(std::move(core)),
        port_(core_->acceptor.local_endpoint().port()),
        guard_(core_->io.get_executor()) {
    asio::co_spawn(core_->io, accept_all(core_), asio::detached);
    thread_ = std::thread(&BeastServer::run, this);
  }
  BeastServer(const BeastServer&) = delete;
  BeastServer& operator=(const BeastServer&) = delete;
  ~BeastServer() override { stop(); }

  [[nodiscard]] std::uint16_t port() const override { return port_; }

  // A bare pointer: the core owns the loop, and one posted after the end would own the core.
  void publish(const std::vector<TaskChange>& changes) override {
    asio::post(core_->io, [core = core_.get(), changes] { core->hub.publish(changes); });
  }

  void stop() override {
    if (!thread_.joinable()) return;
    asio::post(core_->io, [core = core_.get()] { core->close_all(); });
    core_->handlers.stop();
    core_->passwords.stop();
    guard_.reset();
    thread_.join();
  }

 private:
  void run() {
    for (;;) {
      try {
        core_->io.run();
        return;
      } catch (const std::exception& e) {
        log::error("the web server's loop met an exception", {{"why", e.what()}});
      }
    }
  }

  CorePtr core_;
  std::uint16_t port_;
  asio::executor_work_guard<asio::io_context::executor_type> guard_;
  std::thread thread_;
};

Result<void> listen(Tcp::acceptor& acceptor, const ServerConfig& config) {
  beast::error_code error;
  const auto address = asio::ip::make_address(config.address, error);
  if (error) {
    return fail(Errc::kInvalid, "http address \"" + config.address +
                                    "\" is not a numeric address such as 127.0.0.1 or ::1");
  }
  const Tcp::endpoint where(address, config.port);
  acceptor.open(where.protocol(), error);
  if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) acceptor.bind(where, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) {
    return fail(Errc::kUnavailable, "cannot listen on " + config.address + ":" +
                                        std::to_string(config.port) + ": " + error.message() +
                                        "; choose another http port");
  }
  return {};
}

}  // namespace

Result<void> can_listen(const ServerConfig& config) {
  asio::io_context io{1};
  Tcp::acceptor acceptor(io);
  return listen(acceptor, config);
}

Result<std::unique_ptr<Server>> start_server(const ServerConfig& config, Backend& backend,
                                             Users& users, const UiAssets& assets) {
  auto core = std::make_shared<Core>(config, backend, users, assets);
  MW_TRY(listen(core->acceptor, config));
  return std::unique_ptr<Server>(std::make_unique<BeastServer>(std::move(core)));
}

}  // namespace millwright::http
