#include "daemon/demo_plant.hpp"

#include <random>

#include "millwright/base/log.hpp"

namespace millwright::daemon {
namespace {

constexpr int kTelemetryPartitions = 4;
constexpr Duration kChunk = minutes(8);  // of history; less than what makes telemetry late
constexpr Duration kLongestStep = minutes(1);
constexpr auto kDurableWithin = std::chrono::seconds(10);
constexpr auto kBeat = std::chrono::milliseconds(50);

simulator::SimulatorOptions simulation(std::uint64_t seed, Instant from, Instant live) {
  simulator::SimulatorOptions options;
  options.seed = seed;
  options.from = from;
  options.live_from = live;
  return options;
}

}  // namespace

DemoPlant::DemoPlant(PlantModelPtr plant, std::uint64_t seed, Instant from, Instant live,
                     double speed, PlantClock& clock)
    : clock_(clock),
      from_(from),
      live_(live),
      speed_(speed),
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
  MW_TRY(feeder_->send(records));
  return feeder_->flush(seconds(10));
}

// Everything fed has been read and committed: what is fed next sees all of it.
bool DemoPlant::all_durable(const App& app) const {
  std::int64_t taken = 0;
  for (const auto& lane : app.lane_status()) {
    if (lane == nullptr) return false;
    taken += lane->records;
    for (const PartitionStatus& p : lane->partitions) {
      if (p.durable < p.next) return false;
    }
  }
  return taken >= fed_;
}

// The lanes tell how far they are every so often by the plant's clock, so it creeps on meanwhile.
void DemoPlant::wait_until_durable(const App& app) {
  const Instant latest = clock_.now() + kLongestStep;
  const auto until = std::chrono::steady_clock::now() + kDurableWithin;
  while (!stop_ && std::chrono::steady_clock::now() < until) {
    if (all_durable(app)) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    clock_.set(std::min(clock_.now() + milliseconds(100), latest));
  }
}

Result<void> DemoPlant::feed_history(const App& app) {
  for (Instant t = from_; t < live_ && !stop_;) {
    t = std::min(t + kChunk, live_);
    clock_.set(t);
    MW_TRY(feed(t));
    wait_until_durable(app);
    history_ = std::min(0.99, (t - from_).seconds() / (live_ - from_).seconds());
  }
  return {};
}

Result<void> DemoPlant::live() {
  clock_.go_live();
  history_ = 1.0;
  const auto began = std::chrono::steady_clock::now();
  Instant fed = live_;
  while (!stop_) {
    const std::chrono::nanoseconds passed = std::chrono::steady_clock::now() - began;
    const Instant due = live_ + Duration(std::int64_t(double(passed.count()) * speed_));
    // What a stalled machine has missed comes in steps that are no silence.
    while (fed < due && !stop_) {
      fed = std::min(fed + kLongestStep, due);
      MW_TRY(feed(fed));
      clock_.set(fed);
    }
    std::this_thread::sleep_for(kBeat);
  }
  return {};
}

void DemoPlant::run(App& app) {
  auto fed = feed_history(app);
  if (fed && !stop_) fed = live();
  if (fed) return;
  log::error("the simulated plant has stopped", {{"error", fed.error().message}});
  healthy_ = false;
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
  return R"(for i in 1 2 3; do echo '{"specversion":"1.0","id":"mine-'$RANDOM$i'","source":"/me",)"
         R"("type":"com.acme.iot.vibration.features.v1","data":{"assetId":"P-102","point":"DE",)"
         R"("axis":"H","vRms":{"value":9.5,"unit":"mm/s"}}}'; done | kcat -b )" +
         bootstrap +
         // As the plant's own producer deals keys out: a machine's events belong in one partition.
         " -X partitioner=murmur2_random -P -t iot.telemetry -k P-102"
         " -H content-type=application/cloudevents+json";
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
