#include "millwright/engine/dispatcher.hpp"

#include <gtest/gtest.h>

#include "unit/engine/support.hpp"

namespace millwright::engine_test {
namespace {

Effect effect(const std::string& id, EffectKind kind, const std::string& key) {
  Effect e;
  e.id = EffectId(id);
  e.kind = kind;
  e.target = kind == EffectKind::kErp ? "work_order" : "orch.tasks";
  e.key = key;
  e.audit = AuditSeq(0);
  return e;
}

// Says what it is told to say, and remembers what it was asked.
class Scripted final : public EffectRunner {
 public:
  explicit Scripted(bool announces) : announces_(announces) {}
  Result<std::vector<EffectReport>> recover(const std::map<TopicPartition, Offset>&) override {
    ++recoveries;
    if (recoveries <= recover_fails) return fail(Errc::kUnavailable, "broker away");
    return found;
  }
  std::vector<EffectReport> perform(const std::vector<Effect>& effects, Instant) override {
    std::vector<EffectReport> reports;
    for (const Effect& e : effects) {
      asked.push_back(e.id.str());
      EffectReport r;
      r.id = e.id;
      const auto said = says.find(e.id.str());
      r.outcome = said == says.end() ? EffectOutcome::kDelivered : said->second;
      r.detail = "scripted";
      reports.push_back(r);
    }
    return reports;
  }
  [[nodiscard]] bool announces_attempts() const override { return announces_; }
  [[nodiscard]] bool healthy() const override { return true; }

  std::vector<std::string> asked;
  std::map<std::string, EffectOutcome> says;
  std::vector<EffectReport> found;
  int recoveries = 0;
  int recover_fails = 0;

 private:
  const bool announces_;
};

struct World {
  LedgerWorld ledger;
  Scripted kafka{false};
  Scripted erp{true};
  Dispatcher dispatcher{Dispatcher::Setup{ledger.store,
                                          ledger.queue,
                                          ledger.board,
                                          {{EffectKind::kKafka, &kafka}, {EffectKind::kErp, &erp}},
                                          7}};

  World() { MW_CHECK(ledger.open()); }
  void add(Effect e) {
    ledger.disk.effect_at.emplace(e.id, ledger.disk.effects.size());
    ledger.disk.effects.push_back(std::move(e));
  }
  void turn(int times = 1) {
    for (int i = 0; i < times; ++i) {
      (void)dispatcher.turn(ledger.now);
      ledger.turn();
    }
  }
  EffectState state(const std::string& id) {
    return ledger.disk.effects[ledger.disk.effect_at.at(EffectId(id))].state;
  }
};

TEST(Dispatcher, AnnouncesAnAttemptBeforeTheFirstByte) {
  World world;
  world.add(effect("e1", EffectKind::kErp, "case-1"));
  (void)world.dispatcher.turn(world.ledger.now);
  (void)world.dispatcher.turn(world.ledger.now);
  EXPECT_TRUE(world.erp.asked.empty());  // announced, and not yet durable
  world.ledger.turn();
  EXPECT_EQ(world.state("e1"), EffectState::kInFlight);
  (void)world.dispatcher.turn(world.ledger.now);
  EXPECT_EQ(world.erp.asked, std::vector<std::string>{"e1"});
  EXPECT_FALSE(world.dispatcher.idle());
  world.turn(2);
  EXPECT_EQ(world.state("e1"), EffectState::kDone);
  EXPECT_TRUE(world.dispatcher.idle());
  EXPECT_EQ(world.erp.asked.size(), 1U);
}

TEST(Dispatcher, AtTheEndNothingNewIsBegunAndWhatWasAnnouncedIsFinished) {
  World world;
  world.add(effect("e1", EffectKind::kErp, "case-1"));
  (void)world.dispatcher.turn(world.ledger.now);  // announces
  world.add(effect("e2", EffectKind::kErp, "case-2"));
  world.add(effect("e3", EffectKind::kKafka, "k"));
  world.dispatcher.begin_shutdown();
  EXPECT_FALSE(world.dispatcher.idle());
  world.turn(5);
  EXPECT_TRUE(world.dispatcher.idle());
  EXPECT_EQ(world.erp.asked, std::vector<std::string>{"e1"});
  EXPECT_EQ(world.state("e1"), EffectState::kDone);
  EXPECT_EQ(world.state("e2"), EffectState::kPending);
  EXPECT_EQ(world.state("e3"), EffectState::kPending);
}

TEST(Dispatcher, AtTheEndABrokerThatIsAwayIsNotLookedFor) {
  World world;
  world.kafka.recover_fails = 100;
  world.turn(2);
  const int before = world.kafka.recoveries;
  world.dispatcher.begin_shutdown();
  world.ledger.now = world.ledger.now + minutes(10);
  world.turn(5);
  EXPECT_EQ(world.kafka.recoveries, before);
  EXPECT_TRUE(world.dispatcher.idle());
}

TEST(Dispatcher, SendsNothingThatIsNotAnchored) {
  World world;
  Effect e = effect("e1", EffectKind::kKafka, "k");
  e.audit = AuditSeq(world.ledger.board.anchored());
  world.add(e);
  world.turn(5);
  EXPECT_TRUE(world.kafka.asked.empty());
  world.ledger.board.set_anchored(e.audit.get() + 1);
  world.turn(3);
  EXPECT_EQ(world.kafka.asked.size(), 1U);
}

TEST(Dispatcher, LooksWhatWasSentBeforeItSends) {
  World world;
  world.kafka.recover_fails = 2;
  EffectReport found;
  found.id = EffectId("e1");
  found.external_number = "orch.tasks[0]@4";
  world.kafka.found = {found};
  world.add(effect("e1", EffectKind::kKafka, "k"));
  world.add(effect("e2", EffectKind::kKafka, "k"));
  for (int i = 0; i < 60; ++i) {
    world.ledger.now = world.ledger.now + milliseconds(200);
    world.turn();
  }
  EXPECT_EQ(world.kafka.recoveries, 3);
  EXPECT_EQ(world.kafka.asked, std::vector<std::string>{"e2"});
  EXPECT_EQ(world.state("e1"), EffectState::kDone);
  EXPECT_EQ(world.ledger.disk.delivered_up_to.at(TopicPartition{"orch.tasks", 0}).get(), 4);
}

TEST(Dispatcher, KeepsOrderWithinAKeyAndAParkedEffectBlocksItsKeyOnly) {
  World world;
  world.add(effect("a1", EffectKind::kErp, "a"));
  world.add(effect("a2", EffectKind::kErp, "a"));
  world.add(effect("b1", EffectKind::kErp, "b"));
  world.erp.says["a1"] = EffectOutcome::kRefused;
  world.turn(20);
  EXPECT_EQ(world.state("a1"), EffectState::kParked);
  EXPECT_EQ(world.state("a2"), EffectState::kPending);
  EXPECT_EQ(world.state("b1"), EffectState::kDone);
  EXPECT_EQ(world.dispatcher.status()->runners[1].refused, 1);
}

TEST(Dispatcher, RetriesLaterAndWaitsOnceNothingGetsThrough) {
  World world;
  world.add(effect("e1", EffectKind::kErp, "a"));
  world.erp.says["e1"] = EffectOutcome::kRetryLater;
  for (int i = 0; i < 2'000 && world.erp.asked.size() < 5; ++i) {
    world.ledger.now = world.ledger.now + milliseconds(100);
    world.turn();
  }
  ASSERT_EQ(world.erp.asked.size(), 5U);
  world.turn();
  EXPECT_TRUE(world.dispatcher.status()->runners[1].breaker_open);
  for (int i = 0; i < 29; ++i) {
    world.ledger.now = world.ledger.now + seconds(1);
    world.turn();
  }
  EXPECT_EQ(world.erp.asked.size(), 5U);  // the breaker is open for half a minute
  world.erp.says.clear();
  for (int i = 0; i < 60; ++i) {
    world.ledger.now = world.ledger.now + seconds(1);
    world.turn();
  }
  EXPECT_EQ(world.state("e1"), EffectState::kDone);
  EXPECT_FALSE(world.dispatcher.status()->runners[1].breaker_open);
}

TEST(Dispatcher, AnErpThatNeverAnswersIsForAPersonAndATopicWaits) {
  World world;
  Effect order = effect("order", EffectKind::kErp, "a");
  Effect news = effect("news", EffectKind::kKafka, "b");
  order.attempts = news.attempts = 1'000'000;  // for three days and more
  world.add(order);
  world.add(news);
  world.erp.says["order"] = world.kafka.says["news"] = EffectOutcome::kRetryLater;
  world.turn(10);
  EXPECT_EQ(world.state("order"), EffectState::kParked);
  EXPECT_EQ(world.state("news"), EffectState::kRetry);
}

TEST(Dispatcher, RetryDelayIsFullJitterWithinItsBounds) {
  Rng rng(3);
  Duration longest_seen;
  for (std::int32_t attempt = 0; attempt < 40; ++attempt) {
    for (int i = 0; i < 50; ++i) {
      const Duration d = retry_delay(attempt, rng);
      EXPECT_GE(d.ns(), 0);
      EXPECT_LE(d, limits::kRetryLongest);
      if (attempt == 0) {
        EXPECT_LE(d, limits::kRetryFirst);
      }
      longest_seen = std::max(longest_seen, d);
    }
  }
  EXPECT_GT(longest_seen, minutes(4));
}

TEST(Dispatcher, AFullLedgerQueueLosesNoReport) {
  World world;
  world.add(effect("e1", EffectKind::kKafka, "a"));
  for (std::size_t i = 0; i < limits::kLedgerQueue; ++i) world.ledger.push(Notice{"filler", {}});
  (void)world.dispatcher.turn(world.ledger.now);
  (void)world.dispatcher.turn(world.ledger.now);
  EXPECT_EQ(world.kafka.asked.size(), 1U);
  world.turn(10);
  EXPECT_EQ(world.state("e1"), EffectState::kDone);
  EXPECT_EQ(world.kafka.asked.size(), 1U);
}

}  // namespace
}  // namespace millwright::engine_test
