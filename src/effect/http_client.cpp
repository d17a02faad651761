#include "millwright/effect/http_client.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <exception>

namespace millwright::effect {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using Clock = std::chrono::steady_clock;

constexpr std::uint32_t kHeaderBytesMax = 16 << 10;
constexpr auto kLook = std::chrono::milliseconds(50);  // between looks whether to give up
constexpr auto kWait = asio::as_tuple(asio::use_awaitable);

std::chrono::nanoseconds to_chrono(Duration d) {
  return std::chrono::nanoseconds(d.ns());
}

http::request<http::string_body> to_request(const HttpCall& call) {
  http::request<http::string_body> request;
  request.version(11);
  request.method_string(call.method);
  request.target(call.peer.path + call.target);
  const bool plain = call.peer.port == "80";
  request.set(http::field::host, plain ? call.peer.host : call.peer.host + ":" + call.peer.port);
  request.set(http::field::user_agent, "millwright");
  request.set(http::field::accept, "application/json");
  request.set(http::field::connection, "close");
  for (const auto& [name, value] : call.headers) request.set(name, value);
  request.body() = call.body;
  request.prepare_payload();
  return request;
}

// Fills `out`; what it holds when an exception ends this is what is known.
asio::awaitable<void> run(HttpCall call, HttpAnswer* out) {
  const auto executor = co_await asio::this_coro::executor;
  const auto deadline = Clock::now() + to_chrono(call.total_within);
  tcp::resolver resolver(executor);
  auto [no_address, addresses] =
      co_await resolver.async_resolve(call.peer.host, call.peer.port, kWait);
  if (no_address) {
    out->detail = "the name " + call.peer.host + " was not found: " + no_address.message();
    co_return;
  }
  beast::tcp_stream stream(executor);
  stream.expires_after(to_chrono(call.connect_within));
  auto [no_connection, endpoint] = co_await stream.async_connect(addresses, kWait);
  if (no_connection) {
    out->detail = "no connection to " + call.peer.host + ":" + call.peer.port + ": " +
                  no_connection.message();
    co_return;
  }
  out->state = HttpAnswer::State::kLost;
  stream.expires_at(deadline);
  const http::request<http::string_body> request = to_request(call);
  auto [not_written, written] = co_await http::async_write(stream, request, kWait);
  if (not_written) {
    out->detail = "the connection broke while the request was sent: " + not_written.message();
    co_return;
  }
  beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.header_limit(kHeaderBytesMax);
  parser.body_limit(call.answer_bytes_max);
  auto [not_read, read] = co_await http::async_read(stream, buffer, parser, kWait);
  if (not_read) {
    out->detail = "no whole answer came: " + not_read.message();
    co_return;
  }
  out->state = HttpAnswer::State::kAnswered;
  out->status = int(parser.get().result_int());
  out->body = parser.get().body();
  out->retry_after = std::string(parser.get()[http::field::retry_after]);
}

bool is_token_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

}  // namespace

HttpAnswer http_exchange(const HttpCall& call) {
  HttpAnswer out;
  try {
    asio::io_context io(1);
    asio::co_spawn(io, run(call, &out), asio::detached);
    while (!io.stopped()) {
      io.run_for(kLook);
      if (call.give_up == nullptr || !call.give_up->load() || io.stopped()) continue;
      out.detail = "Millwright was ended before the answer came";
      break;
    }
  } catch (const std::exception& error) {
    out.detail = error.what();
  }
  return out;
}

Result<HttpPeer> parse_url(const std::string& url) {
  const auto bad = [&](const std::string& why) {
    return fail(Errc::kInvalid, "'" + url + "' " + why +
                                    "; an address looks like "
                                    "http://erp.example:9080");
  };
  constexpr std::string_view kScheme = "http://";
  if (url.rfind(kScheme, 0) != 0) return bad("does not begin with http://");
  std::string rest = url.substr(kScheme.size());
  HttpPeer out;
  if (const auto slash = rest.find('/'); slash != std::string::npos) {
    out.path = rest.substr(slash);
    rest.resize(slash);
    while (!out.path.empty() && out.path.back() == '/') out.path.pop_back();
  }
  const auto bracket = rest.find(']');
  const auto colon = rest.find(':', bracket == std::string::npos ? 0 : bracket);
  if (colon != std::string::npos) {
    out.port = rest.substr(colon + 1);
    rest.resize(colon);
    const bool digits =
        !out.port.empty() && out.port.find_first_not_of("0123456789") == std::string::npos;
    if (!digits || out.port.size() > 5 || std::stoi(out.port) > 65'535) {
      return bad("has no valid port");
    }
  }
  if (rest.size() > 2 && rest.front() == '[' && rest.back() == ']') {
    rest = rest.substr(1, rest.size() - 2);
  }
  if (rest.empty() || rest.find_first_of("@?# \t[]") != std::string::npos) {
    return bad("names no host");
  }
  for (const char c : out.path) {
    if (!is_token_char(c) && c != '/' && c != '%') return bad("has an odd path");
  }
  out.host = rest;
  return out;
}

std::string url_encoded(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (is_token_char(c)) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    }
  }
  return out;
}

}  // namespace millwright::effect
