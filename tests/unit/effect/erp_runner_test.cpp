// The ERP runner against the fake ERP and its faults.

#include "millwright/effect/erp_runner.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "millwright/simulator/fake_erp.hpp"

namespace millwright::effect {
namespace {

using simulator::ErpDocument;
using simulator::ErpFault;
using simulator::FakeErp;

const Instant kNow = parse_rfc3339("2026-03-02T06:00:00Z").value();

Effect an_effect(const std::string& id, const std::string& target = "work_order") {
  Effect out;
  out.id = EffectId(id);
  out.kind = EffectKind::kErp;
  out.target = target;
  out.task = TaskId("task-" + id);
  out.key = id;
  out.body = R"({"externalRef":"task-)" + id +
             R"(","correlationId":"case-1","equipment":"10004711","durationHours":3.5,)"
             R"("parts":[{"material":"BRG-6312-C3","quantity":2}]})";
  return out;
}

class ErpRunnerTest : public testing::Test {
 protected:
  void start(simulator::FakeErpOptions options = {}) {
    auto erp = FakeErp::start(std::move(options));
    ASSERT_TRUE(erp) << erp.error().message;
    erp_ = *std::move(erp);
  }

  std::unique_ptr<EffectRunner> runner(ErpClass endpoint, const std::string& token_file = "") {
    ErpRunnerConfig config;
    config.url = erp_ ? erp_->url() : "http://127.0.0.1:1";
    config.endpoint = endpoint;
    config.token_file = token_file;
    config.connect_within = milliseconds(500);
    config.answer_within = milliseconds(400);
    auto made = make_erp_runner(config);
    EXPECT_TRUE(made) << made.error().message;
    return *std::move(made);
  }

  std::unique_ptr<FakeErp> erp_;
};

EffectReport perform_one(EffectRunner& runner, const Effect& effect) {
  const auto reports = runner.perform({effect}, kNow);
  EXPECT_EQ(reports.size(), 1U);
  return reports.at(0);
}

TEST_F(ErpRunnerTest, OrdersAndReservationsGetTheErpsNumbers) {
  std::vector<simulator::ExternalOrder> orders;
  std::vector<simulator::ExternalReservation> reservations;
  simulator::FakeErpOptions options;
  options.on_order = [&](const auto& order) { orders.push_back(order); };
  options.on_reservation = [&](const auto& reservation) { reservations.push_back(reservation); };
  start(std::move(options));
  const auto erp = runner(ErpClass::kB);
  EXPECT_TRUE(erp->announces_attempts());
  EXPECT_TRUE(erp->recover({}).value().empty());
  const auto reports =
      erp->perform({an_effect("a"), an_effect("b", "reservation"), an_effect("c")}, kNow);
  ASSERT_EQ(reports.size(), 3U);
  EXPECT_EQ(reports[0].external_number, "4000789");
  EXPECT_EQ(reports[1].external_number, "61001");
  EXPECT_EQ(reports[2].external_number, "4000790");
  const auto documents = erp_->documents();  // after this the callbacks are over too
  ASSERT_EQ(documents.size(), 3U);
  EXPECT_EQ(documents[0].external_ref, "task-a");
  EXPECT_EQ(documents[0].idempotency_key, "\"a\"");
  EXPECT_EQ(documents[1].kind, ErpDocument::Kind::kReservation);
  ASSERT_EQ(orders.size(), 2U);
  EXPECT_EQ(orders[0].number, "4000789");
  EXPECT_EQ(orders[0].asset, "10004711");
  EXPECT_EQ(orders[0].correlation, "case-1");
  EXPECT_DOUBLE_EQ(orders[0].duration_h, 3.5);
  ASSERT_EQ(reservations.size(), 1U);
  ASSERT_EQ(reservations[0].parts.size(), 1U);
  EXPECT_EQ(reservations[0].parts[0].material, MaterialId("BRG-6312-C3"));
  EXPECT_DOUBLE_EQ(reservations[0].parts[0].quantity, 2.0);
}

TEST_F(ErpRunnerTest, AtTheEndAnAnswerIsNotWaitedForUnlessItCannotBeAskedForLater) {
  start();
  const auto given_up_after = [&](ErpClass endpoint, EffectReport& report) {
    ErpRunnerConfig config;
    config.url = erp_->url();
    config.endpoint = endpoint;
    config.answer_within = milliseconds(1'500);
    const auto erp = *make_erp_runner(config);
    erp_->set_fault(ErpFault::kHangAfterCommit);
    const auto begun = std::chrono::steady_clock::now();
    std::thread end([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
      erp->give_up();
    });
    report = perform_one(*erp, an_effect(std::string("x") + char('a' + int(endpoint))));
    end.join();
    const auto took = std::chrono::steady_clock::now() - begun;
    EXPECT_EQ(perform_one(*erp, an_effect("later")).outcome, EffectOutcome::kRetryLater);
    return took;
  };
  EffectReport report;
  EXPECT_LT(given_up_after(ErpClass::kB, report), std::chrono::milliseconds(1'000));
  EXPECT_EQ(report.outcome, EffectOutcome::kRetryLater);
  EXPECT_LT(given_up_after(ErpClass::kA, report), std::chrono::milliseconds(1'000));
  EXPECT_EQ(report.outcome, EffectOutcome::kRetryLater);
  EXPECT_GE(given_up_after(ErpClass::kC, report), std::chrono::milliseconds(1'500));
  EXPECT_EQ(report.outcome, EffectOutcome::kUnknown);
  EXPECT_EQ(erp_->documents().size(), 3U);  // of the later ones none
}

// The ERP commits, and the answer is lost: every way it can be.
class LostAnswer : public ErpRunnerTest, public testing::WithParamInterface<ErpFault> {};

TEST_P(LostAnswer, ClassARepeatsAndThereIsOneOrder) {
  start();
  const auto erp = runner(ErpClass::kA);
  erp_->set_fault(GetParam(), 2);
  EXPECT_EQ(perform_one(*erp, an_effect("a")).outcome, EffectOutcome::kRetryLater);
  EXPECT_EQ(perform_one(*erp, an_effect("a")).outcome, EffectOutcome::kRetryLater);
  const auto report = perform_one(*erp, an_effect("a"));
  EXPECT_EQ(report.outcome, EffectOutcome::kDelivered) << report.detail;
  EXPECT_EQ(report.external_number, "4000789");
  EXPECT_EQ(erp_->documents().size(), 1U);
}

TEST_P(LostAnswer, ClassBSearchesAndThereIsOneOrder) {
  simulator::FakeErpOptions options;
  options.honours_keys = false;
  start(std::move(options));
  const auto erp = runner(ErpClass::kB);
  erp_->set_fault(GetParam(), 1);
  EXPECT_EQ(perform_one(*erp, an_effect("a")).outcome, EffectOutcome::kRetryLater);
  const auto report = perform_one(*erp, an_effect("a"));
  EXPECT_EQ(report.outcome, EffectOutcome::kDelivered) << report.detail;
  EXPECT_EQ(report.external_number, "4000789");
  EXPECT_EQ(erp_->documents().size(), 1U);
}

TEST_P(LostAnswer, ClassCLeavesItToAPerson) {
  simulator::FakeErpOptions options;
  options.honours_keys = false;
  start(std::move(options));
  const auto erp = runner(ErpClass::kC);
  erp_->set_fault(GetParam(), 1);
  const auto report = perform_one(*erp, an_effect("a"));
  EXPECT_EQ(report.outcome, EffectOutcome::kUnknown);
  EXPECT_FALSE(report.detail.empty());
  EXPECT_EQ(erp_->documents().size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(Faults, LostAnswer,
                         testing::Values(ErpFault::kCloseAfterCommit, ErpFault::kHangAfterCommit,
                                         ErpFault::kJunkAnswer));

TEST_F(ErpRunnerTest, ClassCNeverRepeatsAnAttemptWhoseOutcomeIsNotKnown) {
  start();
  Effect effect = an_effect("a");
  effect.state = EffectState::kInFlight;
  EXPECT_EQ(perform_one(*runner(ErpClass::kC), effect).outcome, EffectOutcome::kUnknown);
  EXPECT_EQ(erp_->requests(), 0);
  effect.state = EffectState::kRetry;  // refused for now, and known to be
  EXPECT_EQ(perform_one(*runner(ErpClass::kC), effect).outcome, EffectOutcome::kDelivered);
}

TEST_F(ErpRunnerTest, WhatTheErpAsksForIsObeyed) {
  start();
  const auto erp = runner(ErpClass::kB);
  erp_->set_fault(ErpFault::kBusy);
  const auto busy = perform_one(*erp, an_effect("a"));
  EXPECT_EQ(busy.outcome, EffectOutcome::kRetryLater);
  EXPECT_EQ(busy.not_before, kNow + seconds(1));
  EXPECT_TRUE(erp->healthy());
  erp_->set_fault(ErpFault::kError);
  EXPECT_EQ(perform_one(*erp, an_effect("a")).outcome, EffectOutcome::kRetryLater);
  erp_->set_fault(ErpFault::kRefuse);
  const auto refused = perform_one(*erp, an_effect("a"));
  EXPECT_EQ(refused.outcome, EffectOutcome::kRefused);
  EXPECT_THAT(refused.detail, testing::HasSubstr("equipment is locked"));
  EXPECT_TRUE(erp_->documents().empty());
}

TEST_F(ErpRunnerTest, ABatchEndsWithTheFirstOrderThatGetsNoAnswer) {
  start();
  const auto erp = runner(ErpClass::kA);
  erp_->set_fault(ErpFault::kHang, 100);
  std::vector<Effect> effects;
  for (int i = 0; i < 8; ++i) effects.push_back(an_effect("e" + std::to_string(i)));
  const auto began = std::chrono::steady_clock::now();
  const auto reports = erp->perform(effects, kNow);
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::milliseconds(1'500));
  ASSERT_EQ(reports.size(), 8U);
  for (std::size_t i = 0; i < 8; ++i) {
    EXPECT_EQ(reports[i].id, effects[i].id);
    EXPECT_EQ(reports[i].outcome, EffectOutcome::kRetryLater);
  }
  EXPECT_EQ(erp_->requests(), 1);
  EXPECT_FALSE(erp->healthy());
  erp_->set_fault(ErpFault::kNone);
  EXPECT_EQ(perform_one(*erp, effects[0]).outcome, EffectOutcome::kDelivered);
  EXPECT_TRUE(erp->healthy());
}

TEST_F(ErpRunnerTest, AnErpThatIsNotThereIsTriedLater) {
  const auto erp = runner(ErpClass::kC);
  const auto report = perform_one(*erp, an_effect("a"));
  EXPECT_EQ(report.outcome, EffectOutcome::kRetryLater);
  EXPECT_THAT(report.detail, testing::HasSubstr("no connection"));
  EXPECT_FALSE(erp->healthy());
}

TEST_F(ErpRunnerTest, TheTokenComesFromItsFileEachTime) {
  simulator::FakeErpOptions options;
  options.token = "s3cret";
  start(std::move(options));
  const auto path =
      std::filesystem::temp_directory_path() / ("erp-token-" + std::to_string(erp_->port()));
  const auto erp = runner(ErpClass::kB, path.string());
  EXPECT_EQ(perform_one(*erp, an_effect("a")).outcome, EffectOutcome::kRetryLater);
  std::ofstream(path) << "wrong\n";
  EXPECT_EQ(perform_one(*erp, an_effect("a")).outcome, EffectOutcome::kRefused);
  std::ofstream(path) << "two lines\nof it\n";
  EXPECT_EQ(perform_one(*erp, an_effect("a")).outcome, EffectOutcome::kRetryLater);
  std::ofstream(path) << "s3cret\n";
  EXPECT_EQ(perform_one(*erp, an_effect("a")).outcome, EffectOutcome::kDelivered);
  std::filesystem::remove(path);
}

TEST_F(ErpRunnerTest, WhatItDoesNotUnderstandIsRefused) {
  start();
  const auto erp = runner(ErpClass::kB);
  EXPECT_EQ(perform_one(*erp, an_effect("a", "purchase")).outcome, EffectOutcome::kRefused);
  Effect broken = an_effect("b");
  broken.body = "not JSON";
  EXPECT_EQ(perform_one(*erp, broken).outcome, EffectOutcome::kRefused);
  EXPECT_EQ(erp_->requests(), 0);
  ErpRunnerConfig config;
  config.url = "ftp://erp";
  const auto made = make_erp_runner(config);
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().message, testing::StartsWith("erp.url: "));
}

TEST_F(ErpRunnerTest, AKeyUsedForAnotherBodyIsRefused) {
  start();
  const auto erp = runner(ErpClass::kA);
  EXPECT_EQ(perform_one(*erp, an_effect("a")).outcome, EffectOutcome::kDelivered);
  Effect other = an_effect("a");
  other.body = R"({"externalRef":"task-a","durationHours":9})";
  EXPECT_EQ(perform_one(*erp, other).outcome, EffectOutcome::kRefused);
}

}  // namespace
}  // namespace millwright::effect
