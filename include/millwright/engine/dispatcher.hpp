#pragma once
// Dispatcher: sends effects that are durable and anchored, each once, and reports what became of
// them to the ledger. Owned and called by the dispatcher thread; starts no thread.

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "millwright/base/limits.hpp"
#include "millwright/base/published.hpp"
#include "millwright/base/rng.hpp"
#include "millwright/engine/board.hpp"
#include "millwright/engine/mail.hpp"
#include "millwright/engine/ports.hpp"

namespace millwright {

// Waits before the n-th retry, n from 0: full jitter, uniform in [0, min(longest, first * 2^n)).
[[nodiscard]] Duration retry_delay(std::int32_t attempts, Rng& rng);

// For health and metrics.
struct RunnerStatus {
  EffectKind kind = EffectKind::kKafka;
  bool recovered = false;
  bool healthy = false;
  bool breaker_open = false;
  std::int64_t delivered = 0;
  std::int64_t retries = 0;
  std::int64_t refused = 0;
  std::int64_t unknown = 0;
  std::size_t in_flight = 0;
  std::string problem;  // "" none
};
struct DispatcherStatus {
  std::vector<RunnerStatus> runners;
};

class Dispatcher {
 public:
  struct Runner {
    EffectKind kind = EffectKind::kKafka;
    EffectRunner* runner = nullptr;  // kept, not owned
  };
  struct Setup {
    StoreReader& reader;
    LedgerQueue& ledger;
    const Board& board;
    std::vector<Runner> runners;
    std::uint64_t seed = 1;  // of the jitter
  };

  explicit Dispatcher(Setup setup);
  ~Dispatcher();
  Dispatcher(const Dispatcher&) = delete;
  Dispatcher& operator=(const Dispatcher&) = delete;

  // One bounded unit of work: at most one batch of each kind. True: there may be more to do now.
  bool turn(Instant now) noexcept;

  // From now on nothing new is begun; answers are still awaited.
  void begin_shutdown() { stopping_ = true; }
  // No attempt is under way and every report is durable.
  [[nodiscard]] bool idle() const;

  [[nodiscard]] std::shared_ptr<const DispatcherStatus> status() const { return status_.read(); }

 private:
  struct Channel;

  void turn_channel(Channel& channel, Instant now);
  bool recover(Channel& channel, Instant now);
  void announce_or_send(Channel& channel, Instant now);
  void send(Channel& channel, std::vector<Effect> effects, Instant now);
  void read_answers(Channel& channel);
  bool flush(Channel& channel);
  void publish_status();

  Setup setup_;
  std::vector<std::unique_ptr<Channel>> channels_;
  Published<DispatcherStatus> status_;
  bool did_work_ = false;
  bool stopping_ = false;
};

}  // namespace millwright
