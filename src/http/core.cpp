#include "http/core.hpp"

#include <boost/asio/post.hpp>

#include "http/secrets.hpp"

namespace millwright::http {
namespace {

constexpr std::size_t kHandlerThreads = 2;
constexpr std::size_t kHandlerQueue = 256;
constexpr std::size_t kPasswordQueue = 32;

bool is_loopback(const std::string& peer) {
  return peer == "::1" || peer.rfind("127.", 0) == 0;
}

}  // namespace

Core::Core(const ServerConfig& settings, Backend& the_backend, Users& users, const UiAssets& files)
    : config(settings),
      backend(the_backend),
      assets(files),
      gate(config, backend, users, assets, metrics),
      hub(random_hex(4), config.streams_max),
      handlers(Workplace{backend, users, assets, config, metrics}, kHandlerThreads, kHandlerQueue),
      passwords(Workplace{backend, users, assets, config, metrics}, 1, kPasswordQueue),
      boot(random_hex(6)) {}

bool Core::add(const ConnectionPtr& connection) {
  if (stopping || connections.size() >= config.connections_max) return false;
  const auto peers = per_peer.find(connection->peer);
  if (peers != per_peer.end() && peers->second >= config.connections_per_peer &&
      !is_loopback(connection->peer)) {
    return false;
  }
  connections.insert(connection);
  ++per_peer[connection->peer];
  metrics.connections.store(std::int64_t(connections.size()));
  return true;
}

void Core::remove(const ConnectionPtr& connection) {
  if (connections.erase(connection) == 0) return;
  const auto peers = per_peer.find(connection->peer);
  if (--peers->second == 0) per_peer.erase(peers);
  metrics.connections.store(std::int64_t(connections.size()));
}

void Core::close_all() {
  stopping = true;
  beast::error_code ignored;
  acceptor.close(ignored);
  hub.cut_all();
  for (const ConnectionPtr& connection : connections) connection->stream.close();
}

std::shared_ptr<Waiting> Core::submit(const std::shared_ptr<const Request>& request,
                                      const Route& route) {
  auto waiting = std::make_shared<Waiting>(io);
  Job job;
  job.request = request;
  job.handler = route.fn;
  job.done = [this, waiting](Response response) {
    asio::post(io, [waiting, answer = std::move(response)]() mutable {
      waiting->response = std::move(answer);
      waiting->done = true;
      waiting->timer.cancel();
    });
  };
  Worker& worker = route.runs == Runs::kPassword ? passwords : handlers;
  return worker.submit(job) ? waiting : nullptr;
}

std::shared_ptr<Stream> Core::open_stream(const ConnectionPtr& connection,
                                          const std::shared_ptr<asio::steady_timer>& timer,
                                          const Request& request) {
  auto stream = hub.open(request.header("last-event-id"), backend.now(), backend.clock_speed());
  stream->wake = [connection, timer, raw = stream.get()] {
    if (raw->cut) connection->stream.close();
    timer->cancel();
  };
  metrics.streams.store(std::int64_t(hub.size()));
  return stream;
}

std::string Core::next_request_id() {
  return boot + "-" + std::to_string(++requests);
}

Response busy(const Request& request, const Route& route) {
  const bool login = route.runs == Runs::kPassword;
  Response out =
      problem(request, login ? Code::kTooMany : Code::kUnavailable, "Too much at once; try again.");
  out.headers.push_back({"Retry-After", "1"});
  return out;
}

std::string stream_head(const Core& core, const Request& request) {
  std::string out =
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\n"
      "X-Accel-Buffering: no\r\nConnection: close\r\nX-Request-Id: " +
      request.id + "\r\n";
  for (const Header& header : core.gate.headers())
    out += header.name + ": " + header.value + "\r\n";
  return out + "\r\n";
}

}  // namespace millwright::http
