#pragma once
// KafkaProxy: stands in front of one broker on loopback, holds answers back for a while, and can be
// away. Clients stay behind it, since it puts its own port into what the broker says of itself.
// Owned by one test; runs one thread of its own, and its methods may be called by any other.

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>

#include "millwright/base/time.hpp"

namespace millwright::support {

class KafkaProxy {
 public:
  // `broker`: host:port, as the broker advertises it.
  explicit KafkaProxy(const std::string& broker);
  ~KafkaProxy();
  KafkaProxy(const KafkaProxy&) = delete;
  KafkaProxy& operator=(const KafkaProxy&) = delete;

  [[nodiscard]] std::string bootstrap() const;

  // Answers to Produce and EndTxn reach the client so much later: the broker has the records, the
  // client does not know it yet.
  void set_latency(Duration latency) { latency_ns_ = latency.ns(); }
  // Closes all connections and takes no new ones.
  void set_down(bool down) { down_ = down; }

  // Transactions that are ended at the broker and whose client does not know it yet.
  [[nodiscard]] int commits_held() const { return commits_held_; }
  [[nodiscard]] std::int64_t commits_seen() const { return commits_seen_; }

 private:
  struct Link;
  void run();

  std::string host_;
  std::uint16_t broker_port_ = 0;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<std::int64_t> latency_ns_{0};
  std::atomic<bool> down_{false};
  std::atomic<bool> stop_{false};
  std::atomic<int> commits_held_{0};
  std::atomic<std::int64_t> commits_seen_{0};
  std::thread thread_;
};

}  // namespace millwright::support
