#include "effect/erp_protocol.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace millwright::effect {
namespace {

using State = HttpAnswer::State;

const Instant kNow = parse_rfc3339("2026-03-02T06:00:00Z").value();

Effect order() {
  Effect out;
  out.id = EffectId("effect-1");
  out.kind = EffectKind::kErp;
  out.target = "work_order";
  out.task = TaskId("task-7f3a");
  out.body = R"({"description":"Replace bearing"})";
  return out;
}

ErpRunnerConfig config(ErpClass endpoint) {
  ErpRunnerConfig out;
  out.url = "http://127.0.0.1:1";
  out.endpoint = endpoint;
  return out;
}

HttpAnswer answered(int status, std::string body = "", std::string retry_after = "") {
  HttpAnswer out;
  out.state = State::kAnswered;
  out.status = status;
  out.body = std::move(body);
  out.retry_after = std::move(retry_after);
  return out;
}

HttpAnswer broken(State state) {
  HttpAnswer out;
  out.state = state;
  out.detail = "connection reset";
  return out;
}

EffectOutcome outcome(ErpClass endpoint, const HttpAnswer& answer) {
  return judge_write(order(), config(endpoint), answer, kNow).outcome;
}

TEST(ErpProtocol, ASuccessCarriesTheErpsOwnNumber) {
  for (const ErpClass each : {ErpClass::kA, ErpClass::kB, ErpClass::kC}) {
    for (const char* body : {R"({"number":"4000789"})", R"({"number":4000789})"}) {
      const auto report = judge_write(order(), config(each), answered(201, body), kNow);
      EXPECT_EQ(report.id, EffectId("effect-1"));
      EXPECT_EQ(report.outcome, EffectOutcome::kDelivered);
      EXPECT_EQ(report.external_number, "4000789");
    }
  }
  ErpRunnerConfig other = config(ErpClass::kA);
  other.number_field = "MaintenanceOrder";
  EXPECT_EQ(judge_write(order(), other, answered(200, R"({"MaintenanceOrder":"17"})"), kNow)
                .external_number,
            "17");
}

TEST(ErpProtocol, ASuccessWithJunkIsAskedAgainOrLookedUpByAPerson) {
  for (const char* body : {"<html>", "{}", R"({"number":[1]})", "", "[]"}) {
    EXPECT_EQ(outcome(ErpClass::kA, answered(201, body)), EffectOutcome::kRetryLater) << body;
    EXPECT_EQ(outcome(ErpClass::kB, answered(201, body)), EffectOutcome::kRetryLater) << body;
    EXPECT_EQ(outcome(ErpClass::kC, answered(201, body)), EffectOutcome::kUnknown) << body;
  }
}

TEST(ErpProtocol, EachStatusMeansOneThing) {
  struct Row {
    int status;
    EffectOutcome a;
    EffectOutcome b;
    EffectOutcome c;
  };
  constexpr auto kLater = EffectOutcome::kRetryLater;
  constexpr auto kNo = EffectOutcome::kRefused;
  constexpr auto kAsk = EffectOutcome::kUnknown;
  const Row rows[] = {
      {301, kNo, kNo, kNo},          {302, kNo, kNo, kNo},          {400, kNo, kNo, kNo},
      {401, kNo, kNo, kNo},          {404, kNo, kNo, kNo},          {408, kLater, kLater, kLater},
      {409, kLater, kNo, kNo},       {410, kNo, kNo, kNo},          {422, kNo, kNo, kNo},
      {425, kLater, kLater, kLater}, {429, kLater, kLater, kLater}, {500, kLater, kLater, kAsk},
      {502, kLater, kLater, kAsk},   {503, kLater, kLater, kLater}, {504, kLater, kLater, kAsk},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(outcome(ErpClass::kA, answered(row.status)), row.a) << row.status;
    EXPECT_EQ(outcome(ErpClass::kB, answered(row.status)), row.b) << row.status;
    EXPECT_EQ(outcome(ErpClass::kC, answered(row.status)), row.c) << row.status;
  }
}

TEST(ErpProtocol, ALostAnswerIsAmbiguousAndAMissingConnectionIsNot) {
  EXPECT_EQ(outcome(ErpClass::kA, broken(State::kLost)), EffectOutcome::kRetryLater);
  EXPECT_EQ(outcome(ErpClass::kB, broken(State::kLost)), EffectOutcome::kRetryLater);
  EXPECT_EQ(outcome(ErpClass::kC, broken(State::kLost)), EffectOutcome::kUnknown);
  for (const ErpClass each : {ErpClass::kA, ErpClass::kB, ErpClass::kC}) {
    EXPECT_EQ(outcome(each, broken(State::kNotSent)), EffectOutcome::kRetryLater);
  }
}

TEST(ErpProtocol, DetailsArePrintableAndShort) {
  const auto report = judge_write(order(), config(ErpClass::kB),
                                  answered(422, std::string(5'000, 'x') + "\x1b[2J\n"), kNow);
  EXPECT_LT(report.detail.size(), 300U);
  EXPECT_EQ(judge_write(order(), config(ErpClass::kB), answered(422, "a\x1b[2J\nb"), kNow).detail,
            "the ERP answered 422: a [2J b");
}

TEST(ErpProtocol, RetryAfterIsSecondsOrADate) {
  EXPECT_EQ(parse_retry_after("120", kNow), kNow + seconds(120));
  EXPECT_EQ(parse_retry_after("0", kNow), kNow);
  EXPECT_EQ(parse_retry_after("99999999", kNow), kNow + hours(1));
  EXPECT_EQ(parse_retry_after("Mon, 02 Mar 2026 06:00:30 GMT", kNow), kNow + seconds(30));
  EXPECT_EQ(parse_retry_after("Wed, 21 Oct 2015 07:28:00 GMT", kNow), kNow);
  for (const char* bad : {"", "-1", "soon", "1.5", "Mon, 31 Feb 2026 06:00:30 GMT",
                          "Mon, 02 Foo 2026 06:00:30 GMT", "Mon, 02 Mar 2026 06:xx:30 GMT"}) {
    EXPECT_EQ(parse_retry_after(bad, kNow), std::nullopt) << bad;
  }
  const auto report = judge_write(order(), config(ErpClass::kA), answered(429, "", "7"), kNow);
  EXPECT_EQ(report.not_before, kNow + seconds(7));
  // Without it the caller chooses.
  EXPECT_FALSE(judge_write(order(), config(ErpClass::kA), answered(503), kNow).not_before.is_set());
}

TEST(ErpProtocol, ASearchDecidesOnlyWhatItKnows) {
  const ErpRunnerConfig b = config(ErpClass::kB);
  const auto judge = [&](const HttpAnswer& answer) {
    return judge_search(order(), b, answer, kNow);
  };
  EXPECT_EQ(judge(answered(200, R"({"items":[]})")), std::nullopt);
  EXPECT_EQ(judge(answered(200, R"({"items":[{"number":"1","externalRef":"task-7f3b"}, 3]})")),
            std::nullopt);
  const auto found =
      judge(answered(200, R"({"items":[{"number":"4000789","externalRef":"task-7f3a"}]})"));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->outcome, EffectOutcome::kDelivered);
  EXPECT_EQ(found->external_number, "4000789");
  // While nothing is known, nothing is written.
  const HttpAnswer unsure[] = {broken(State::kNotSent), broken(State::kLost),
                               answered(500),           answered(429, "", "3"),
                               answered(200, "junk"),   answered(200, R"({"items":7})")};
  for (const HttpAnswer& each : unsure) {
    const auto report = judge(each);
    ASSERT_TRUE(report);
    EXPECT_EQ(report->outcome, EffectOutcome::kRetryLater);
  }
  for (const int status : {204, 301, 400, 401, 404}) {
    const auto report = judge(answered(status));
    ASSERT_TRUE(report);
    EXPECT_EQ(report->outcome, EffectOutcome::kRefused) << status;
  }
}

TEST(ErpProtocol, EveryBodyCarriesOurReference) {
  Effect effect = order();
  EXPECT_EQ(with_reference(effect).value(),
            R"({"externalRef":"task-7f3a","description":"Replace bearing"})");
  effect.task = TaskId();
  effect.body = " { }";
  EXPECT_EQ(with_reference(effect).value(), R"( {"externalRef":"effect-1" })");
  effect.body = R"({"externalRef":"mine"})";
  EXPECT_EQ(with_reference(effect).value(), effect.body);
  for (const char* bad : {"", "[]", "{", "null"}) {
    effect.body = bad;
    EXPECT_FALSE(with_reference(effect)) << bad;
  }
}

TEST(ErpProtocol, OperationsHavePaths) {
  EXPECT_EQ(erp_path("work_order"), "/api/maintenance-orders");
  EXPECT_EQ(erp_path("reservation"), "/api/reservations");
  EXPECT_EQ(erp_path("purchase"), "");
}

TEST(HttpClient, UrlsAreReadStrictly) {
  const auto plain = parse_url("http://erp.example:9080/sap/");
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->host, "erp.example");
  EXPECT_EQ(plain->port, "9080");
  EXPECT_EQ(plain->path, "/sap");
  const auto six = parse_url("http://[::1]:81");
  ASSERT_TRUE(six);
  EXPECT_EQ(six->host, "::1");
  EXPECT_EQ(six->port, "81");
  EXPECT_EQ(parse_url("http://erp").value().port, "80");
  for (const char* bad : {"", "erp:80", "https://erp", "http://", "http://erp:", "http://erp:x",
                          "http://erp:70000", "http://u@erp", "http://erp/a?b", "http://e rp"}) {
    EXPECT_FALSE(parse_url(bad)) << bad;
  }
}

TEST(HttpClient, QueriesAreEncoded) {
  EXPECT_EQ(url_encoded("task-7f3a"), "task-7f3a");
  EXPECT_EQ(url_encoded("a b&c=ü"), "a%20b%26c%3D%C3%BC");
}

}  // namespace
}  // namespace millwright::effect
