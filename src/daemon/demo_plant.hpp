#pragma once
// DemoPlant: turns the simulated plant on a thread of its own and feeds its events to the broker:
// history first, as fast as the daemon takes it, then so many
// minutes a minute. Sets the plant clock. Owned by the
// demo; orders and reservations come in from the ERP's thread.

#include <atomic>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "daemon/app.hpp"
#include "daemon/plant_clock.hpp"
#include "millwright/simulator/feeder.hpp"
#include "millwright/simulator/plant_simulator.hpp"
#include "millwright/source/embedded_broker.hpp"

namespace millwright::daemon {

class DemoPlant {
 public:
  DemoPlant(PlantModelPtr plant, std::uint64_t seed, Instant from, Instant live, double speed,
            PlantClock& clock);
  ~DemoPlant() { stop(); }
  DemoPlant(const DemoPlant&) = delete;
  DemoPlant& operator=(const DemoPlant&) = delete;

  // Connects and begins. `app` must outlive stop().
  [[nodiscard]] Result<void> start(const std::string& bootstrap, App& app);
  void stop();
  [[nodiscard]] bool healthy() const { return healthy_; }
  // History that has been fed, 0 to 1; at 1 the plant lives.
  [[nodiscard]] double history() const { return history_; }

  void order(const simulator::ExternalOrder& order);
  void reserve(const simulator::ExternalReservation& reservation);

 private:
  void run(App& app);
  [[nodiscard]] Result<void> feed_history(const App& app);
  [[nodiscard]] Result<void> live();
  [[nodiscard]] Result<void> feed(Instant to);
  [[nodiscard]] bool all_durable(const App& app) const;
  void wait_until_durable(const App& app);
  void hand_over_orders();

  PlantClock& clock_;
  const Instant from_;
  const Instant live_;
  const double speed_;
  simulator::PlantSimulator simulator_;
  std::unique_ptr<simulator::Feeder> feeder_;
  std::int64_t fed_ = 0;
  std::mutex mutex_;
  std::vector<simulator::ExternalOrder> orders_;
  std::vector<simulator::ExternalReservation> reservations_;
  std::atomic<double> history_{0.0};
  std::atomic<bool> stop_{false};
  std::atomic<bool> healthy_{true};
  std::thread thread_;
};

// Topics of the plant and of what Millwright says, with their partitions.
[[nodiscard]] Result<void> create_topics(source::EmbeddedBroker& broker,
                                         const KafkaSettings& kafka);
// A line for the shell that sends three vibration readings in zone D.
[[nodiscard]] std::string kcat_line(const std::string& bootstrap);
// Random, easy to type, 16 characters.
[[nodiscard]] std::string demo_password();

}  // namespace millwright::daemon
