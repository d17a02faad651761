// The whole daemon on a real Apache Kafka: every one of 200 000 mixed records is accounted for, and
// a daemon that is killed ten times on the way makes of them what one makes that is left in peace.
// MILLWRIGHT_E2E_EVENTS, MILLWRIGHT_E2E_KILLS and MILLWRIGHT_E2E_SEED set other numbers.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>

#include "e2e/accounts.hpp"
#include "e2e/said.hpp"
#include "e2e/trial.hpp"
#include "millwright/simulator/feeder.hpp"

namespace millwright::e2e {
namespace {

constexpr std::int64_t kSeed = 20'260'302;
constexpr int kTelemetryPartitions = 4;
constexpr int kOtherPartitions = 2;

std::int64_t from_environment(const char* name, std::int64_t fallback) {
  const char* text = std::getenv(name);
  return text == nullptr ? fallback : std::atoll(text);
}

double since(std::chrono::steady_clock::time_point begun) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
}

void feed(const std::string& broker, const Site& site, const MixedLoad& load) {
  std::vector<simulator::SimulatedRecord> records = load.records;
  for (simulator::SimulatedRecord& record : records) record.topic = site.input(record.topic);
  auto feeder = simulator::Feeder::connect(broker);
  ASSERT_TRUE(feeder) << feeder.error().message;
  ASSERT_TRUE((*feeder)->send(records));
  ASSERT_TRUE((*feeder)->flush(seconds(60)));
  ASSERT_EQ((*feeder)->delivered(), std::int64_t(records.size()));
}

void create_all(const std::string& broker, const Site& site, const std::vector<Daemon>& daemons) {
  std::map<std::string, int> topics;
  for (const std::string& topic : site.inputs()) {
    topics[topic] = topic == site.input("iot.telemetry") ? kTelemetryPartitions : kOtherPartitions;
  }
  for (const Daemon& daemon : daemons) {
    for (const std::string& topic : site.outputs(daemon)) topics[topic] = kOtherPartitions;
  }
  create_topics(broker, topics);
}

void show(const Trial& trial, const LedgerRows& rows, std::int64_t records) {
  const Figures& f = trial.figures();
  std::printf(
      "[%s] %ld records in %.1f s (%.0f/s), %zu decisions, %zu tasks, %zu effects, "
      "%.1f s of orders\n",
      trial.daemon().name.c_str(), long(records), f.load_seconds, double(records) / f.load_seconds,
      rows.decisions.size(), rows.tasks.size(), rows.effects.size(), f.orders_seconds);
  if (f.kills == 0) return;
  std::printf(
      "[%s] killed %d times, %d of them between commit and mark; %ld effects found sent "
      "and not sent again; next durable batch after",
      trial.daemon().name.c_str(), f.kills, f.kills_in_window, long(duplicates_avoided(rows)));
  for (const double s : f.recovery_seconds) std::printf(" %.2f", s);
  std::printf(" s\n");
}

// Views rise by what lanes find, and by what people and the ERP say of it; lanes must have seen
// both.
void expect_views_of_every_kind(const LedgerRows& rows, const Replica& replica) {
  std::map<char, std::size_t> changes;
  for (const auto& [name, history] : rows.view_changes) changes[name[0]] += history.size();
  EXPECT_GT(changes['0'], 0U) << "machine states";
  EXPECT_GT(changes['2'], 0U) << "open work";
  EXPECT_GT(changes['3'], 0U) << "supply";
  EXPECT_GT(replica.led_by_others(), 0) << "nobody acted while events came in";
  std::printf(
      "%ld views; kept of machine states %zu, repairs %zu, open work %zu, supply %zu; "
      "%ld batches saw what people or the ERP had changed\n",
      long(replica.view().lane.number.get()), changes['0'], changes['1'], changes['2'],
      changes['3'], long(replica.led_by_others()));
}

// Everything that one run must show by itself.
LedgerRows settle_accounts(Trial& trial, const Site& site, const std::string& broker,
                           const Log& inputs, const MixedLoad& load) {
  const Daemon& daemon = trial.daemon();
  SCOPED_TRACE(daemon.name);
  LedgerRows rows = read_ledger(daemon.ledger);
  const Log outputs = read_topics(broker, site.outputs(daemon));
  expect_every_record(rows, inputs, load);
  expect_dead_letters(outputs, inputs, load, daemon.dead_letter_suffix);
  expect_delivered_once(rows, outputs);
  expect_orders_once(rows, trial.erp_documents());

  const Brain brain = load_brain(daemon);
  Replica replica(brain, inputs, rows.steps);
  Said said(trial.acts(), rows);
  for (const BatchRow& batch : trial.witness().batches()) {
    said.tell(replica, batch.advance.audit);
    replica.step(batch);
    if (testing::Test::HasFatalFailure()) return rows;
  }
  said.tell(replica, std::int64_t(rows.steps.size()));
  EXPECT_EQ(said.left(), 0U) << "acts that the audit log does not have";
  expect_as_replica(rows, replica);
  expect_views_of_every_kind(rows, replica);

  const Ran verified = run_millwright({"audit", "verify", daemon.ledger, "--anchors",
                                       site.folder() + "/" + daemon.name + "/anchors"});
  EXPECT_EQ(verified.code, 0) << verified.output;
  show(trial, rows, std::int64_t(load.records.size()));
  return rows;
}

TEST(EndToEnd, KilledTenTimesItIsAsIfNothingHadHappened) {
  const char* broker = std::getenv("MILLWRIGHT_KAFKA_BOOTSTRAP");
  if (broker == nullptr) {
    ASSERT_EQ(std::getenv("MILLWRIGHT_REQUIRE_KAFKA"), nullptr)
        << "MILLWRIGHT_KAFKA_BOOTSTRAP must name a Kafka";
    GTEST_SKIP() << "MILLWRIGHT_KAFKA_BOOTSTRAP names no Kafka; see scripts/test --kafka";
  }
  const auto begun = std::chrono::steady_clock::now();
  const auto kills = int(from_environment("MILLWRIGHT_E2E_KILLS", 10));
  const auto seed = std::uint64_t(from_environment("MILLWRIGHT_E2E_SEED", kSeed));
  const Site site;
  Trial calm(site, broker, "calm", {.seed = seed});
  Trial killed(site, broker, "killed",
               {.kills_at_load = kills - kills * 3 / 10,
                .kills_at_orders = kills * 3 / 10,
                .seed = seed,
                .lanes = 2,
                .latency = milliseconds(60)});
  create_all(broker, site, {calm.daemon(), killed.daemon()});
  const Brain brain = load_brain(calm.daemon());
  const MixedLoad load =
      make_mixed_load(brain.configuration.plant, seed,
                      std::size_t(from_environment("MILLWRIGHT_E2E_EVENTS", 200'000)),
                      *parse_rfc3339("2026-03-02T00:00:00Z"));
  feed(broker, site, load);
  const auto records = std::int64_t(load.records.size());
  std::printf("%ld records produced after %.1f s, seed %lu\n", long(records), since(begun),
              static_cast<unsigned long>(seed));
  for (Trial* trial : {&calm, &killed}) {
    trial->take_in(records);
    if (HasFatalFailure()) return;
    trial->decide_all();
    if (HasFatalFailure()) return;
    trial->end();
  }
  std::printf("both runs done after %.1f s\n", since(begun));

  const Log inputs = read_topics(broker, site.inputs());
  const LedgerRows a = settle_accounts(calm, site, broker, inputs, load);
  const LedgerRows b = settle_accounts(killed, site, broker, inputs, load);
  EXPECT_EQ(killed.figures().kills, kills);
  // Or the deaths have proven nothing.
  EXPECT_GT(killed.figures().kills_in_window, kills / 4);
  EXPECT_GT(duplicates_avoided(b), 0);
  const Agreement agreement = expect_same_but_for_plant_state(a, b, brain);
  EXPECT_GT(agreement.free, 0U);  // or nothing was compared
  std::printf(
      "%zu decisions read no changing plant state and agree; of %zu that do, %zu were taken "
      "in both runs. %.1f s in all\n",
      agreement.free, agreement.bound, agreement.bound_same, since(begun));
  std::vector<std::string> topics = site.inputs();
  for (const Trial* trial : {&calm, &killed}) {
    for (std::string& topic : site.outputs(trial->daemon())) topics.push_back(std::move(topic));
  }
  delete_topics(broker, topics);
}

}  // namespace
}  // namespace millwright::e2e
