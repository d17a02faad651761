#pragma once
// What the server's coroutines share, and the steps between two awaits that need no coroutine.
// Private to server.cpp and core.cpp; everything here belongs to the I/O thread, but for the
// workers and the metrics.

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "http/gate.hpp"
#include "http/hub.hpp"
#include "http/metrics.hpp"
#include "http/worker.hpp"
#include "millwright/base/limits.hpp"

namespace millwright::http {

namespace asio = boost::asio;
namespace beast = boost::beast;
using Tcp = asio::ip::tcp;

struct Connection {
  Connection(Tcp::socket socket, std::string peer_address)
      : stream(std::move(socket)),
        buffer(limits::kHttpHeaderBytes + limits::kHttpBodyBytes + (64U << 10U)),
        peer(std::move(peer_address)) {}

  beast::tcp_stream stream;
  beast::flat_buffer buffer;
  std::string peer;
  std::size_t served = 0;
};
using ConnectionPtr = std::shared_ptr<Connection>;

// A job under way: its coroutine sleeps on the timer until `done`.
struct Waiting {
  explicit Waiting(asio::io_context& io) : timer(io, asio::steady_timer::time_point::max()) {}
  asio::steady_timer timer;
  bool done = false;
  Response response;
};

struct Core {
  Core(const ServerConfig& settings, Backend& the_backend, Users& users, const UiAssets& files);

  // False: too many connections, from everybody or from this peer.
  [[nodiscard]] bool add(const ConnectionPtr& connection);
  void remove(const ConnectionPtr& connection);
  void close_all();

  // Null when the queue is full.
  [[nodiscard]] std::shared_ptr<Waiting> submit(const std::shared_ptr<const Request>& request,
                                                const Route& route);
  [[nodiscard]] std::shared_ptr<Stream> open_stream(
      const ConnectionPtr& connection, const std::shared_ptr<asio::steady_timer>& timer,
      const Request& request);
  [[nodiscard]] Instant wall_now() const { return backend.wall_clock().now(); }
  [[nodiscard]] std::string next_request_id();

  ServerConfig config;
  Backend& backend;
  UiAssets assets;
  asio::io_context io{1};
  Tcp::acceptor acceptor{io};
  Metrics metrics;
  Gate gate;
  Hub hub;
  Worker handlers;
  Worker passwords;
  std::set<ConnectionPtr> connections;
  std::map<std::string, std::size_t> per_peer;
  bool stopping = false;
  std::string boot;
  std::uint64_t requests = 0;
};
using CorePtr = std::shared_ptr<Core>;

[[nodiscard]] Response busy(const Request& request, const Route& route);
// Status line and headers of an event stream.
[[nodiscard]] std::string stream_head(const Core& core, const Request& request);

}  // namespace millwright::http
