// Asking for the release of rules over REST.
#include <gmock/gmock.h>

#include "unit/http/fixture.hpp"

namespace millwright::http {
namespace {

using testing::HasSubstr;

struct Releases : ServerTest {
  Reply ask(const std::string& auth, const std::string& rules, const std::string& key) {
    const std::string body = R"({"reason":"Fewer false alarms.","rules":")" + rules +
                             R"(","changes":"3 -> 6\n","report":"5 false alarms less\n"})";
    return call("POST", "/api/v1/rule-releases", auth, body,
                key.empty() ? "" : "Idempotency-Key: " + key + "\r\n");
  }
};

TEST_F(Releases, AreAskedForOnceAndShowWhatSpeaksForThem) {
  start();
  const std::string program = key_of({Role::kIntegration});
  const Reply first = ask(program, "bearing 2 aa maintenance\\nscrap 1 bb quality", "k1");
  EXPECT_EQ(first.status, 200) << first.body;
  EXPECT_THAT(first.body, HasSubstr(R"("kind":"rule_release")"));
  EXPECT_THAT(first.body, HasSubstr(R"("title":"Release 2 changed rules")"));
  EXPECT_THAT(first.body, HasSubstr(R"("owners":["maintenance","quality"])"));
  EXPECT_THAT(first.body, HasSubstr(R"("report":"5 false alarms less\n")"));
  EXPECT_THAT(first.body, HasSubstr(R"("approve":{"allowed":false)"));  // never a program
  const Reply again = ask(program, "bearing 2 aa maintenance\\nscrap 1 bb quality", "k1");
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(ask(program, "bearing 2 aa maintenance\\nscrap 1 bb quality", "k2").status, 409);
}

TEST_F(Releases, WhatIsWrongIsSaid) {
  start();
  const std::string program = key_of({Role::kIntegration});
  EXPECT_THAT(ask(program, "bearing 2 aa maintenance", "").body, HasSubstr("Idempotency-Key"));
  for (const char* rules : {"bearing", "bearing 2 aa", "bearing x aa maintenance",
                            "bearing 0 aa maintenance", "bearing 2x aa maintenance"}) {
    EXPECT_THAT(ask(program, rules, "k").body, HasSubstr("rules: line 1 is not")) << rules;
  }
  EXPECT_THAT(ask(program, "a 1 h maintenance\\n  ", "k").body, HasSubstr("line 2"));
  EXPECT_THAT(ask(program, "\\n", "k").body, HasSubstr("a rule at least"));
  EXPECT_EQ(ask(key_of({Role::kOperator}), "a 1 h maintenance", "k").status, 403);
  EXPECT_EQ(ask("", "a 1 h maintenance", "k").status, 401);
}

}  // namespace
}  // namespace millwright::http
