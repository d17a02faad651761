#pragma once
// App: the parts of a running daemon, wired together, and the threads that turn them. Owned by the
// command that started it; start and stop are called by that command's thread.

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "daemon/config/config.hpp"
#include "millwright/codec/decode.hpp"
#include "millwright/engine/board.hpp"
#include "millwright/engine/dispatcher.hpp"
#include "millwright/engine/lane.hpp"
#include "millwright/engine/ledger.hpp"
#include "millwright/engine/ports.hpp"
#include "millwright/rules/rule_set.hpp"

namespace millwright::daemon {

// Where this daemon keeps its files; absolute or relative to the working folder.
struct Paths {
  std::string ledger;
  std::string anchors;
  std::string key;
  std::string users;
};
// As the settings name them; loading has made them relative to millwright.yaml.
[[nodiscard]] Paths paths_of(const Configuration& configuration);

class App {
 public:
  struct Options {
    Configuration configuration;
    Paths paths;
    rules::RuleSetPtr rules;
    const Clock* clock = nullptr;  // plant time; outlives the app
    // Plant time of the lanes for `clock`'s now; nullopt: it is the newest event's. From any lane's
    // thread.
    std::function<std::optional<Instant>(Instant)> plant_time = [](Instant now) {
      return std::optional<Instant>(now);
    };
    codec::Untimed untimed = codec::Untimed::kBrokerTime;
    double clock_speed = 1.0;  // plant seconds that pass in a second, for those who show a clock
    // Where events come from: one for each lane.
    std::vector<std::unique_ptr<EventSource>> sources;
    // What takes effects away; those of a kind without a runner stay pending.
    std::vector<std::pair<EffectKind, std::unique_ptr<EffectRunner>>> runners;
    // False: none are started, and the command calls read() and settle() itself (recordings: what
    // happened first is settled first, whatever the machine).
    bool threads = true;
    // False: the ledger is thrown away at the end, and nothing waits for the disk.
    bool durable = true;
  };

  // Opens the ledger and starts the threads.
  [[nodiscard]] static Result<std::unique_ptr<App>> start(Options options);
  ~App();
  App(const App&) = delete;
  App& operator=(const App&) = delete;

  // Only without threads of its own: one turn of each lane; one of the ledger and the dispatcher.
  void read();
  void settle();
  // Takes nothing in any more, makes durable what is under way, signs a last checkpoint. True: all
  // of it was done in time.
  bool stop();
  // The ledger has stopped for good; the process must end and be started again.
  [[nodiscard]] bool broken() const;
  // What keeps the ledger from writing, for a person: it has stopped, or its disk is full. "":
  // none.
  [[nodiscard]] std::string trouble() const;

  // Told of every commit's tasks; set before events flow.
  void on_tasks(std::function<void(const std::vector<Task>&)> listener);

  [[nodiscard]] const Options& options() const { return options_; }
  [[nodiscard]] const Board& board() const { return board_; }
  [[nodiscard]] LedgerQueue& ledger_queue() { return *queue_; }
  [[nodiscard]] std::shared_ptr<const LedgerStatus> ledger_status() const;
  [[nodiscard]] std::vector<std::shared_ptr<const LaneStatus>> lane_status() const;
  [[nodiscard]] std::shared_ptr<const DispatcherStatus> dispatcher_status() const;

 private:
  explicit App(Options options);
  Result<void> open();
  void run_ledger();
  void turn_ledger();
  void look_at_disk();
  void run_lane(Lane& lane);
  void run_dispatcher();
  void drain_by_turns();
  [[nodiscard]] Lane::Setup lane_setup(std::size_t index);

  Options options_;
  Board board_;
  std::unique_ptr<LedgerQueue> queue_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<StoreReader> dispatch_reader_;
  std::unique_ptr<Anchor> anchor_;
  std::unique_ptr<Ledger> ledger_;
  std::vector<std::unique_ptr<Lane>> lanes_;
  std::unique_ptr<Dispatcher> dispatcher_;
  Published<std::function<void(const std::vector<Task>&)>> listeners_;

  std::chrono::steady_clock::time_point disk_seen_at_;  // ledger thread
  std::atomic<bool> lanes_stop_{false};
  std::atomic<bool> dispatcher_stop_{false};
  std::atomic<bool> ledger_stop_{false};
  std::atomic<bool> drained_{true};
  // Last, so that they end first.
  std::vector<std::thread> lane_threads_;
  std::thread dispatcher_thread_;
  std::thread ledger_thread_;
};

// The daemon's sources and runners for the broker and the ERP that the settings name.
// `reader_tuning`: librdkafka properties for the sources alone.
[[nodiscard]] Result<void> connect(App::Options& options,
                                   const std::map<std::string, std::string>& reader_tuning = {});

}  // namespace millwright::daemon
