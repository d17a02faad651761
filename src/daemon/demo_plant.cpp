#include "daemon/demo_plant.hpp"

#include <random>

#include "millwright/base/log.hpp"

namespace millwright::daemon {
namespace {

constexpr int kTelemetryPartitions = 4;
constexpr Duration kChunk = minutes(8);  // of history; less than what makes telemetry late
constexpr auto kTakenWithin = std::chrono::seconds(10);

simulator::SimulatorOptions simulation(std::uint64_t seed, Instant from, Instant live) {
  simulator::SimulatorOptions options;
  options.seed = seed;
  options.from = from;
  options.live_from = live;
  return options;
}

}  // namespace

DemoPlant::DemoPlant(PlantModelPtr plant, std::uint64_t seed, Instant from, Instant live,
                     PlantClock& clock)
    : clock_(clock),
      from_(from),
      live_(live),
      simulator_(std::move(plant), simulation(seed, from, live)) {}

Result<void> DemoPlant::start(const std::string& bootstrap, App& app) {
  auto feeder = simulator::Feeder::connect(bootstrap);
  if (!feeder) return feeder.error();
  feeder_ = std::move(*feeder);
  thread_ = std::thread([this, &app] { run(app); });
  return {};
}

void DemoPlant::stop() {
  stop_ = true;
  if (thread_.joinable()) thread_.join();
}

void DemoPlant::order(const simulator::ExternalOrder& order) {
  const std::scoped_lock lock(mutex_);
  orders_.push_back(order);
}

void DemoPlant::reserve(const simulator::ExternalReservation& reservation) {
  const std::scoped_lock lock(mutex_);
  reservations_.push_back(reservation);
}

void DemoPlant::hand_over_orders() {
  const std::scoped_lock lock(mutex_);
  for (const auto& reservation : reservations_) simulator_.accept(reservation);
  for (const auto& order : orders_) simulator_.accept(order);
  reservations_.clear();
  orders_.clear();
}

Result<void> DemoPlant::feed(Instant to) {
  hand_over_orders();
  const auto records = simulator_.advance(to);
  fed_ += std::int64_t(records.size());
  return feeder_->send(records);
}

void DemoPlant::wait_until_taken(const App& app) {
  const auto until = std::chrono::steady_clock::now() + kTakenWithin;
  while (!stop_ && std::chrono::steady_clock::now() < until) {
    std::int64_t taken = 0;
    for (const auto& lane : app.lane_status()) taken += lane == nullptr ? 0 : lane->records;
    if (taken >= fed_) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

void DemoPlant::run(App& app) {
  Result<void> sent;
  for (Instant t = from_; t < live_ && sent && !stop_; t = t + kChunk) {
    clock_.set_forward(t);
    sent = feed(t);
    if (sent) sent = feeder_->flush(seconds(10));
    wait_until_taken(app);
  }
  clock_.set_forward(live_);
  while (sent && !stop_) {
    sent = feed(clock_.now());
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  if (!sent) {
    log::error("the simulated plant has stopped", {{"error", sent.error().message}});
    healthy_ = false;
  }
}

Result<void> create_topics(source::EmbeddedBroker& broker, const KafkaSettings& kafka) {
  for (const std::string& topic : kafka.topics) {
    const bool telemetry = topic.rfind("iot.", 0) == 0;
    MW_TRY(broker.create_topic(topic, telemetry ? kTelemetryPartitions : 1));
    MW_TRY(broker.create_topic(topic + kafka.dead_letter_suffix, 1));
  }
  MW_TRY(broker.create_topic(kafka.task_topic, 1));
  return broker.create_topic(kafka.decision_topic, 1);
}

std::string kcat_line(const std::string& bootstrap) {
  return R"(echo '{"specversion":"1.0","id":"mine-'$RANDOM'","source":"/me",)"
         R"("type":"com.acme.iot.vibration.features.v1","data":{"assetId":"C-302","point":"DE",)"
         R"("axis":"H","vRms":{"value":9.5,"unit":"mm/s"},"rpm":2970}}' | kcat -b )" +
         bootstrap + " -P -t iot.telemetry -k C-302 -H content-type=application/cloudevents+json";
}

std::string demo_password() {
  static constexpr std::string_view kLetters = "abcdefghjkmnpqrstuvwxyz23456789";
  std::random_device random;
  std::string out;
  for (int i = 0; i < 19; ++i) {
    out += i % 5 == 4 ? '-' : kLetters[random() % kLetters.size()];
  }
  return out;
}

}  // namespace millwright::daemon
