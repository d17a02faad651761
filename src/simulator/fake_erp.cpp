#include "millwright/simulator/fake_erp.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <exception>
#include <future>
#include <optional>
#include <thread>

#include "millwright/base/log.hpp"
#include "simulator/fake_erp_desk.hpp"

namespace millwright::simulator {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;

constexpr std::size_t kBodyBytesMax = 1 << 20;
constexpr auto kIdle = std::chrono::seconds(30);
constexpr auto kNever = std::chrono::minutes(10);  // what "no answer" means here
constexpr auto kWait = asio::as_tuple(asio::use_awaitable);

ErpRequest to_request(const http::request<http::string_body>& in) {
  ErpRequest out;
  out.method = std::string(in.method_string());
  out.target = std::string(in.target());
  out.authorization = std::string(in[http::field::authorization]);
  out.idempotency_key = std::string(in["Idempotency-Key"]);
  out.body = in.body();
  return out;
}

http::response<http::string_body> to_response(const ErpAnswer& answer, bool keep_alive) {
  http::response<http::string_body> out(http::int_to_status(unsigned(answer.status)), 11);
  out.set(http::field::content_type, "application/json");
  if (answer.retry_after >= 0) {
    out.set(http::field::retry_after, std::to_string(answer.retry_after));
  }
  out.keep_alive(keep_alive);
  out.body() = answer.body;
  out.prepare_payload();
  return out;
}

// One connection: read, answer, again.
asio::awaitable<void> serve(tcp::socket socket, ErpDesk* desk) {
  beast::tcp_stream stream(std::move(socket));
  beast::flat_buffer buffer;
  while (true) {
    stream.expires_after(kIdle);
    http::request_parser<http::string_body> parser;
    parser.body_limit(kBodyBytesMax);
    auto [not_read, read] = co_await http::async_read(stream, buffer, parser, kWait);
    if (not_read) co_return;
    const http::request<http::string_body>& request = parser.get();
    const ErpAnswer answer = desk->answer(to_request(request));
    if (answer.fate == ErpAnswer::Fate::kClosed) co_return;
    if (answer.fate == ErpAnswer::Fate::kNever) {
      // Until the other side gives up, or we end.
      stream.expires_after(kNever);
      auto [gone, more] = co_await stream.async_read_some(buffer.prepare(512), kWait);
      (void)gone;
      (void)more;
      co_return;
    }
    http::response<http::string_body> response = to_response(answer, request.keep_alive());
    auto [not_written, written] = co_await http::async_write(stream, response, kWait);
    if (not_written || !response.keep_alive()) co_return;
  }
}

asio::awaitable<void> accept_all(tcp::acceptor* acceptor, ErpDesk* desk) {
  while (true) {
    auto [error, socket] = co_await acceptor->async_accept(kWait);
    if (error == asio::error::operation_aborted) co_return;
    if (error) continue;
    asio::co_spawn(acceptor->get_executor(), serve(std::move(socket), desk), asio::detached);
  }
}

}  // namespace

struct FakeErp::State {
  explicit State(FakeErpOptions options) : desk(std::move(options)) {}
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    io.stop();
    if (thread.joinable()) thread.join();
  }

  [[nodiscard]] Result<void> listen(std::uint16_t wanted) {
    try {
      acceptor.emplace(io, tcp::endpoint(asio::ip::address_v4::loopback(), wanted));
      port = acceptor->local_endpoint().port();
    } catch (const std::exception& error) {
      return fail(Errc::kUnavailable, "the ERP of the demo cannot listen on 127.0.0.1:" +
                                          std::to_string(wanted) + ": " + error.what());
    }
    asio::co_spawn(io, accept_all(&*acceptor, &desk), asio::detached);
    thread = std::thread([this] { run(); });
    return {};
  }

  void run() {
    while (!io.stopped()) {
      try {
        io.run();
      } catch (const std::exception& error) {
        log::warn("the ERP of the demo dropped a connection", {{"why", error.what()}});
      }
    }
  }

  // Asks the desk on its own thread, so that nothing is shared.
  template <class Ask>
  auto ask(Ask question) {
    std::packaged_task<decltype(question(desk))()> task(
        [this, question] { return question(desk); });
    auto answer = task.get_future();
    asio::post(io, std::move(task));
    return answer.get();
  }

  ErpDesk desk;
  std::uint16_t port = 0;
  asio::io_context io{1};
  std::optional<tcp::acceptor> acceptor;
  std::thread thread;
};

FakeErp::FakeErp(std::unique_ptr<State> state) : state_(std::move(state)) {}
FakeErp::~FakeErp() = default;

Result<std::unique_ptr<FakeErp>> FakeErp::start(FakeErpOptions options) {
  const std::uint16_t wanted = options.port;
  auto state = std::make_unique<State>(std::move(options));
  MW_TRY(state->listen(wanted));
  return std::unique_ptr<FakeErp>(new FakeErp(std::move(state)));
}

std::uint16_t FakeErp::port() const {
  return state_->port;
}

std::string FakeErp::url() const {
  return "http://127.0.0.1:" + std::to_string(state_->port);
}

void FakeErp::set_fault(ErpFault fault, int times) {
  state_->ask([fault, times](ErpDesk& desk) { desk.set_fault(fault, times); });
}

std::vector<ErpDocument> FakeErp::documents() const {
  return state_->ask([](ErpDesk& desk) { return desk.documents(); });
}

std::int64_t FakeErp::requests() const {
  return state_->ask([](ErpDesk& desk) { return desk.requests(); });
}

}  // namespace millwright::simulator
