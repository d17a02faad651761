// What a supervisor sees of the daemon: it ends when it is told to, and it outlives a broker that
// is away at its start or goes while it serves, with nobody doing anything.
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <cstdlib>
#include <thread>

#include "e2e/accounts.hpp"
#include "e2e/brokers.hpp"
#include "e2e/serve.hpp"
#include "e2e/topics.hpp"
#include "millwright/simulator/feeder.hpp"

namespace millwright::e2e {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kRecords = 3'000;
constexpr Duration kWithin = seconds(60);
constexpr Duration kEndWithin = seconds(5);

double since(Clock::time_point begun) {
  return std::chrono::duration<double>(Clock::now() - begun).count();
}

template <class Done>
bool wait_for(Done done) {
  const auto until = Clock::now() + std::chrono::nanoseconds(kWithin.ns());
  while (!done()) {
    if (Clock::now() > until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return true;
}

class Recovery : public testing::Test {
 protected:
  void make_daemon(std::unique_ptr<Broker> broker, std::uint64_t seed) {
    broker_ = std::move(broker);
    serve_ = std::make_unique<Serve>(site_.add_daemon("daemon", {broker_->bootstrap(), "", 1}));
    std::map<std::string, int> topics;
    for (const std::string& topic : site_.inputs()) topics[topic] = 2;
    for (const std::string& topic : site_.outputs(serve_->daemon())) topics[topic] = 2;
    broker_->create(topics);
    witness_ = std::make_unique<Witness>(serve_->daemon().ledger);
    load_ = make_mixed_load(load_brain(serve_->daemon()).configuration.plant, seed, kRecords,
                            *parse_rfc3339("2026-03-02T00:00:00Z"));
  }

  void feed(std::size_t first, std::size_t last) {
    std::vector<simulator::SimulatedRecord> records(load_.records.begin() + std::ptrdiff_t(first),
                                                    load_.records.begin() + std::ptrdiff_t(last));
    for (simulator::SimulatedRecord& record : records) record.topic = site_.input(record.topic);
    auto feeder = simulator::Feeder::connect(broker_->bootstrap());
    ASSERT_TRUE(feeder) << feeder.error().message;
    ASSERT_TRUE((*feeder)->send(records));
    const auto flushed = (*feeder)->flush(seconds(30));
    ASSERT_TRUE(flushed) << flushed.error().message;
  }

  [[nodiscard]] bool await_consumed(std::size_t records) {
    return wait_for([&] {
      witness_->look();
      return witness_->consumed() >= std::int64_t(records) &&
             effects_open(serve_->daemon().ledger, 0) == 0;
    });
  }
  [[nodiscard]] bool await_ready(bool ready) {
    return wait_for([&] { return (serve_->get("/health/ready").status == 200) == ready; });
  }

  void expect_whole() {
    const LedgerRows rows = read_ledger(serve_->daemon().ledger);
    const Log inputs = read_topics(broker_->bootstrap(), site_.inputs());
    const Log outputs = read_topics(broker_->bootstrap(), site_.outputs(serve_->daemon()));
    expect_every_record(rows, inputs, load_);
    expect_dead_letters(outputs, inputs, load_, serve_->daemon().dead_letter_suffix);
    expect_delivered_once(rows, outputs);
  }

  void expect_end(int signal, const char* when) {
    const auto begun = Clock::now();
    EXPECT_EQ(serve_->end(signal, kEndWithin), 0) << when << "; see " << serve_->daemon().log;
    std::printf("ended %.2f s after signal %d, %s\n", since(begun), signal, when);
  }

  void outlives_a_broker_that_goes() {
    const std::size_t all = load_.records.size();
    const std::size_t third = all / 3;
    serve_->start();
    feed(0, third);
    ASSERT_TRUE(await_consumed(third)) << serve_->daemon().log;
    ASSERT_TRUE(await_ready(true)) << serve_->get("/health/ready").body;
    feed(third, 2 * third);  // some of it is under way when the broker goes
    broker_->take_away();
    ASSERT_TRUE(await_ready(false)) << "the broker is away, and health does not say so";
    EXPECT_NE(serve_->get("/health/ready").body.find("kafka"), std::string::npos);
    broker_->bring_back();
    const auto back = Clock::now();
    feed(2 * third, all);
    ASSERT_TRUE(await_consumed(all)) << serve_->daemon().log;
    ASSERT_TRUE(await_ready(true)) << serve_->get("/health/ready").body;
    std::printf("all durable and sent %.2f s after the broker was back\n", since(back));
    expect_end(SIGTERM, "with nothing to do");
    expect_whole();
  }

  void outlives_a_broker_that_comes_late() {
    broker_->take_away();
    serve_->start();
    ASSERT_TRUE(serve_->await_answer(seconds(20)));
    ASSERT_TRUE(await_ready(false));
    std::this_thread::sleep_for(std::chrono::seconds(2));
    broker_->bring_back();
    const auto back = Clock::now();
    feed(0, load_.records.size());
    ASSERT_TRUE(await_consumed(load_.records.size())) << serve_->daemon().log;
    std::printf("all durable and sent %.2f s after the broker was there\n", since(back));
    expect_end(SIGINT, "with nothing to do");
    expect_whole();
  }

  Site site_;
  std::unique_ptr<Broker> broker_;
  std::unique_ptr<Serve> serve_;
  std::unique_ptr<Witness> witness_;
  MixedLoad load_;
};

TEST_F(Recovery, ABrokerThatGoesAndComesBack) {
  make_daemon(make_embedded_broker(), 1);
  outlives_a_broker_that_goes();
}

TEST_F(Recovery, ABrokerThatIsAwayAtTheStart) {
  make_daemon(make_embedded_broker(), 2);
  outlives_a_broker_that_comes_late();
}

TEST_F(Recovery, ARealKafkaThatGoesAndComesBack) {
  if (std::getenv("MILLWRIGHT_KAFKA_BOOTSTRAP") == nullptr) {
    ASSERT_EQ(std::getenv("MILLWRIGHT_REQUIRE_KAFKA"), nullptr);
    GTEST_SKIP() << "needs an Apache Kafka; see scripts/test --kafka";
  }
  make_daemon(make_real_broker(site_.folder() + "/kafka"), 3);
  outlives_a_broker_that_goes();
}

TEST_F(Recovery, ItEndsWithinSecondsWhateverItDoes) {
  make_daemon(make_embedded_broker(), 4);
  for (const int signal : {SIGINT, SIGTERM}) {
    serve_->start();
    ASSERT_TRUE(serve_->await_answer(seconds(20)));
    expect_end(signal, "while it began");
    serve_->start();
    ASSERT_TRUE(await_ready(true));
    expect_end(signal, "with nothing to do");
  }
  const auto await_more_than = [&](std::int64_t records) {
    return wait_for([&] {
      witness_->look();
      return witness_->consumed() > records;
    });
  };
  const std::size_t half = load_.records.size() / 2;
  feed(0, half);
  serve_->start();
  ASSERT_TRUE(await_more_than(0));
  expect_end(SIGTERM, "under load");
  feed(half, load_.records.size());
  serve_->start();
  ASSERT_TRUE(await_more_than(std::int64_t(half)));
  broker_->take_away();
  expect_end(SIGTERM, "in the moment the broker goes");
  broker_->bring_back();
  serve_->start();
  ASSERT_TRUE(await_ready(true));
  broker_->take_away();
  ASSERT_TRUE(await_ready(false));
  expect_end(SIGTERM, "with the broker gone");
  serve_->start();
  ASSERT_TRUE(serve_->await_answer(seconds(20)));
  expect_end(SIGINT, "with no broker from the start");
  broker_->bring_back();
  serve_->start();
  ASSERT_TRUE(serve_->await_answer(seconds(20)));
  ASSERT_TRUE(await_consumed(load_.records.size()));
  expect_end(SIGINT, "after all of it");
  expect_whole();
}

}  // namespace
}  // namespace millwright::e2e
