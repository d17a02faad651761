#pragma once
// EmbeddedBroker: a Kafka for demo and tests inside this process, on loopback. It speaks the real
// protocol, keeps about 5 MB for each partition in memory, and forgets everything at its end. Runs
// threads of its own; calls may come from any one thread at a time.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "millwright/base/result.hpp"
#include "millwright/base/time.hpp"

namespace millwright::source {

class EmbeddedBroker final {
 public:
  [[nodiscard]] static Result<std::unique_ptr<EmbeddedBroker>> start();
  ~EmbeddedBroker();
  EmbeddedBroker(const EmbeddedBroker&) = delete;
  EmbeddedBroker& operator=(const EmbeddedBroker&) = delete;

  [[nodiscard]] std::string bootstrap() const;  // host:port
  [[nodiscard]] Result<void> create_topic(const std::string& name, int partitions);

  // For tests of what goes wrong.
  void set_round_trip(Duration delay);
  void set_down(bool down);
  // The next answers to requests of that kind (Kafka's API key) carry these error codes.
  void push_errors(std::int16_t api_key, const std::vector<int>& codes);

 private:
  struct State;
  explicit EmbeddedBroker(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace millwright::source
