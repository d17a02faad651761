#include "support/kafka_proxy.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <deque>
#include <map>
#include <string_view>
#include <vector>

#include "millwright/base/check.hpp"

namespace millwright::support {
namespace {

using Clock = std::chrono::steady_clock;

// Request keys of the Kafka protocol.
constexpr int kProduce = 0;
constexpr int kMetadata = 3;
constexpr int kFindCoordinator = 10;
constexpr int kEndTxn = 26;
constexpr std::size_t kHeaderBytes = 4;   // length of the frame
constexpr std::size_t kRequestBytes = 8;  // key, version and correlation, behind the length

std::uint32_t big_endian(const std::string& bytes, std::size_t at, std::size_t size) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < size; ++i) {
    value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  }
  return value;
}

std::string port_bytes(std::uint16_t port) {
  return {'\0', '\0', char(port >> 8), char(port & 0xff)};
}

sockaddr_in address_of(const std::string& host, std::uint16_t port) {
  sockaddr_in out{};
  out.sin_family = AF_INET;
  out.sin_port = htons(port);
  MW_CHECK(::inet_pton(AF_INET, host.c_str(), &out.sin_addr) == 1);
  return out;
}

void be_quick(int fd) {
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
}

// False: the other end has gone.
bool read_some(int fd, std::string& into) {
  std::array<char, 64 << 10> buffer;
  while (true) {
    const ssize_t got = ::read(fd, buffer.data(), buffer.size());
    if (got > 0) {
      into.append(buffer.data(), std::size_t(got));
      if (std::size_t(got) < buffer.size()) return true;
      continue;
    }
    return got < 0 && (errno == EAGAIN || errno == EINTR);
  }
}

bool write_some(int fd, std::string& from) {
  while (!from.empty()) {
    const ssize_t put = ::send(fd, from.data(), from.size(), MSG_NOSIGNAL);
    if (put < 0) return errno == EAGAIN || errno == EINTR;
    from.erase(0, std::size_t(put));
  }
  return true;
}

}  // namespace

// One client and its connection to the broker.
struct KafkaProxy::Link {
  struct Answer {
    Clock::time_point due;
    std::string bytes;
    bool commit = false;
  };

  int client = -1;
  int broker = -1;
  std::string asked;      // of the client, up to a whole frame
  std::string to_broker;  // whole frames
  std::string answered;   // of the broker, up to a whole frame
  std::deque<Answer> answers;
  std::string to_client;
  std::map<std::uint32_t, int> keys;  // of requests without an answer, by correlation

  void take_requests();
  void take_answers(KafkaProxy& proxy);
  void release_due(KafkaProxy& proxy);
};

void KafkaProxy::Link::take_requests() {
  while (asked.size() >= kHeaderBytes) {
    const std::size_t size = kHeaderBytes + big_endian(asked, 0, 4);
    if (asked.size() < size) return;
    if (size >= kHeaderBytes + kRequestBytes) {
      keys[big_endian(asked, kHeaderBytes + 4, 4)] = int(big_endian(asked, kHeaderBytes, 2));
    }
    to_broker.append(asked, 0, size);
    asked.erase(0, size);
  }
}

void KafkaProxy::Link::take_answers(KafkaProxy& proxy) {
  while (answered.size() >= kHeaderBytes) {
    const std::size_t size = kHeaderBytes + big_endian(answered, 0, 4);
    if (answered.size() < size) return;
    Answer answer{Clock::now(), answered.substr(0, size), false};
    answered.erase(0, size);
    const auto asked_for = keys.find(big_endian(answer.bytes, kHeaderBytes, 4));
    const int key = asked_for == keys.end() ? -1 : asked_for->second;
    if (asked_for != keys.end()) keys.erase(asked_for);
    if (key == kMetadata || key == kFindCoordinator) {
      const std::string theirs = proxy.host_ + port_bytes(proxy.broker_port_);
      const std::string ours = proxy.host_ + port_bytes(proxy.port_);
      for (auto at = answer.bytes.find(theirs); at != std::string::npos;
           at = answer.bytes.find(theirs, at + ours.size())) {
        answer.bytes.replace(at, ours.size(), ours);
      }
    }
    if (key == kProduce || key == kEndTxn) {
      answer.due += std::chrono::nanoseconds(proxy.latency_ns_.load());
    }
    if (key == kEndTxn) {
      answer.commit = true;
      ++proxy.commits_held_;
      ++proxy.commits_seen_;
    }
    answers.push_back(std::move(answer));
  }
}

// In their order: an answer that is held back holds back those behind it.
void KafkaProxy::Link::release_due(KafkaProxy& proxy) {
  while (!answers.empty() && answers.front().due <= Clock::now()) {
    if (answers.front().commit) --proxy.commits_held_;
    to_client += answers.front().bytes;
    answers.pop_front();
  }
}

KafkaProxy::KafkaProxy(const std::string& broker) {
  const std::size_t colon = broker.rfind(':');
  MW_CHECK(colon != std::string::npos);
  host_ = broker.substr(0, colon);
  broker_port_ = std::uint16_t(std::stoi(broker.substr(colon + 1)));
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  sockaddr_in any = address_of(host_, 0);
  socklen_t size = sizeof any;
  MW_CHECK(::bind(listener_, reinterpret_cast<sockaddr*>(&any), size) == 0);
  MW_CHECK(::listen(listener_, 64) == 0);
  MW_CHECK(::getsockname(listener_, reinterpret_cast<sockaddr*>(&any), &size) == 0);
  port_ = ntohs(any.sin_port);
  thread_ = std::thread([this] { run(); });
}

KafkaProxy::~KafkaProxy() {
  stop_ = true;
  thread_.join();
  ::close(listener_);
}

std::string KafkaProxy::bootstrap() const {
  return host_ + ":" + std::to_string(port_);
}

void KafkaProxy::run() {
  std::vector<std::unique_ptr<Link>> links;
  const auto close_link = [this](Link& link) {
    for (const Link::Answer& answer : link.answers) commits_held_ -= answer.commit ? 1 : 0;
    ::close(link.client);
    ::close(link.broker);
  };
  const auto take_client = [&](int client) {
    const int broker = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in there = address_of(host_, broker_port_);
    const bool reached = ::connect(broker, reinterpret_cast<sockaddr*>(&there), sizeof there) == 0;
    if (down_ || !reached) {
      ::close(client);
      ::close(broker);
      return;
    }
    be_quick(client);
    be_quick(broker);
    links.push_back(std::make_unique<Link>());
    links.back()->client = client;
    links.back()->broker = broker;
  };
  const auto serve = [this](Link& link) {
    bool open = read_some(link.client, link.asked) && read_some(link.broker, link.answered);
    link.take_requests();
    link.take_answers(*this);
    link.release_due(*this);
    open = open && write_some(link.broker, link.to_broker);
    return write_some(link.client, link.to_client) && open && !down_;
  };
  while (!stop_) {
    std::vector<pollfd> ready = {{listener_, POLLIN, 0}};
    for (const auto& link : links) {
      ready.push_back({link->client, short(POLLIN | (link->to_client.empty() ? 0 : POLLOUT)), 0});
      ready.push_back({link->broker, short(POLLIN | (link->to_broker.empty() ? 0 : POLLOUT)), 0});
    }
    const bool held = std::any_of(links.begin(), links.end(),
                                  [](const auto& link) { return !link->answers.empty(); });
    ::poll(ready.data(), ready.size(), held ? 1 : 20);
    for (int client = 0; (client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0;) {
      take_client(client);
    }
    std::erase_if(links, [&](const auto& link) {
      if (serve(*link)) return false;
      close_link(*link);
      return true;
    });
  }
  for (const auto& link : links) close_link(*link);
}

}  // namespace millwright::support
