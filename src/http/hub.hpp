#pragma once
// Hub: what the open event streams still have to be sent, and the newest changes for those that
// come back. Owned by the I/O thread; knows nothing of sockets.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "millwright/base/time.hpp"
#include "millwright/http/server.hpp"

namespace millwright::http {

// One open stream, shared between the hub and the loop that writes it.
struct Stream {
  std::string pending;             // text not yet handed to the socket
  std::size_t pending_events = 0;  // in it and in the write under way
  bool cut = false;                // too slow, or the server stops
  std::function<void()> wake;      // tells the loop to look; set by the loop's owner
};

class Hub final {
 public:
  // `boot` tells this run's ids from those of an earlier one.
  Hub(std::string boot, std::size_t streams_max) : boot_(std::move(boot)), most_(streams_max) {}

  [[nodiscard]] bool full() const { return streams_.size() >= most_; }
  [[nodiscard]] std::size_t size() const { return streams_.size(); }
  // With hello and what was missed since `last_event_id` already pending.
  [[nodiscard]] std::shared_ptr<Stream> open(std::string_view last_event_id, Instant now,
                                             double speed);
  void close(const std::shared_ptr<Stream>& stream);
  void publish(const std::vector<TaskChange>& changes);
  void cut_all();

  [[nodiscard]] static std::string heartbeat(Instant now, std::optional<Instant> last_event_at);

 private:
  struct Entry {
    std::uint64_t number;
    std::string text;
  };
  [[nodiscard]] std::string id_of(std::uint64_t number) const {
    return boot_ + "-" + std::to_string(number);
  }
  static void append(Stream& stream, const Entry& entry);

  std::string boot_;
  std::size_t most_;
  std::uint64_t last_ = 0;
  std::deque<Entry> ring_;  // the newest limits::kSseBacklog
  std::vector<std::shared_ptr<Stream>> streams_;
};

}  // namespace millwright::http
