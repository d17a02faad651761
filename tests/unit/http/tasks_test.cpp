// What the routes answer: tasks, acts with their revisions, problems, pages, assets of the UI.
#include "http/json_in.hpp"
#include "unit/http/fixture.hpp"

namespace millwright::http {
namespace {

using testing::Test;

bool has(const Reply& reply, std::string_view text) {
  return reply.body.find(text) != std::string::npos;
}

class Tasks : public ServerTest {
 protected:
  void SetUp() override {
    ServerTest::SetUp();
    start();
    cookie_ = log_in("j.ortiz");
  }
  [[nodiscard]] Reply get(const std::string& path) const { return call("GET", path, cookie_); }
  [[nodiscard]] Reply post(const std::string& path, const std::string& body,
                           const std::string& headers = "If-Match: \"2\"\r\n") const {
    return call("POST", path, cookie_, body, headers);
  }
  std::string cookie_;
};

TEST_F(Tasks, OneTaskSaysWhatApprovalWouldDo) {
  const Reply reply = get("/api/v1/tasks/task-1");
  ASSERT_EQ(reply.status, 200);
  EXPECT_EQ(reply.headers.at("etag"), "\"2\"");
  EXPECT_EQ(reply.headers.at("cache-control"), "no-store");
  EXPECT_TRUE(has(reply, R"("workOrder":{"text":"Replace DE bearing 6312, P-101")"));
  EXPECT_TRUE(has(reply,
                  R"("start":"2026-03-05T06:24:00.000Z","end":"2026-03-05T09:54:00.000Z",)"
                  R"("planned":true,"crafts":[{"craft":"MECH","name":"Mechanic","hours":8.5}])"));
  // 2 on hand, 1 blocked; the sibling's soft hold is this case's own, so 1 is there for it.
  EXPECT_TRUE(has(reply, R"("available":1,"after":0,"shortBy":0,"held":true)"));
  EXPECT_TRUE(has(reply, R"("money":{"parts":382,"labour":510,"total":892,"currency":"EUR"})"));
  EXPECT_TRUE(has(reply, R"("reservesParts":false,"system":"ERP")"));
  EXPECT_TRUE(has(reply, R"("who":"rule:bearing-vibration@7","what":"revised","revision":2)"));
  EXPECT_TRUE(has(reply, R"("siblings":[{"id":"task-2")"));
  EXPECT_TRUE(has(reply, R"("allowed":{"approve":{"allowed":true,"why":""})"));
  EXPECT_TRUE(has(reply, R"("calibrated":null)"));
  EXPECT_TRUE(has(reply, R"("failureCost":null)"));
}

TEST_F(Tasks, ConfidenceIsCalibratedOnceTwentyAreClosed) {
  for (int i = 0; i < 25; ++i) {
    Task task;
    task.id = TaskId("z-" + std::to_string(i));
    task.state = TaskState::kClosed;
    task.rule.id = RuleId("bearing-vibration");
    task.confidence = 0.84;
    task.outcome = i < 4 ? Outcome::kUnknown : i < 7 ? Outcome::kNotFound : Outcome::kConfirmed;
    daemon_.put(task);
  }
  // A handler thread that has counted already counts again after a minute.
  daemon_.clock.advance(minutes(2));
  EXPECT_TRUE(has(get("/api/v1/tasks/task-1"), R"("calibrated":{"right":18,"of":21})"));
}

TEST_F(Tasks, TheSignalHasGapsBandAndLimits) {
  const Reply reply = get("/api/v1/tasks/task-1/signal");
  ASSERT_EQ(reply.status, 200);
  EXPECT_TRUE(has(reply, R"(["2026-03-02T06:00:00.000Z",null])"));
  EXPECT_TRUE(has(reply, R"("band":[["2026-03-02T05:50:00.000Z",0.93,1.33],)"));
  EXPECT_TRUE(has(reply, R"({"name":"Zone B/C","value":2.8,"crossed":true},)"
                         R"({"name":"Zone C/D","value":4.5,"crossed":false})"));
  EXPECT_TRUE(has(reply, R"("event":{"at":"2026-03-02T06:10:00.000Z","value":3.24})"));
  const Reply none = get("/api/v1/tasks/task-2/signal");
  EXPECT_EQ(none.status, 404);
  EXPECT_TRUE(has(none, "no_signal"));
}

TEST_F(Tasks, ListsFilterAndPage) {
  EXPECT_TRUE(has(get("/api/v1/tasks?view=open"), R"("id":"task-2")"));
  EXPECT_FALSE(has(get("/api/v1/tasks?view=open"), R"("id":"task-3")"));
  EXPECT_TRUE(has(get("/api/v1/tasks?view=decided"), R"("decided":{"at":)"));
  EXPECT_FALSE(has(get("/api/v1/tasks?view=decided"), R"("id":"task-1")"));
  EXPECT_TRUE(has(get("/api/v1/tasks?view=expiring"), R"("id":"task-1")"));
  EXPECT_FALSE(has(get("/api/v1/tasks?view=expiring"), R"("id":"task-2")"));
  EXPECT_TRUE(has(get("/api/v1/tasks?view=mine"), R"("id":"task-2")"));
  EXPECT_EQ(call("GET", "/api/v1/tasks?view=mine", log_in("o.weber")).body,
            R"({"items":[],"next":null})");
  EXPECT_EQ(get("/api/v1/tasks?view=open&state=CLOSED").body, R"({"items":[],"next":null})");
  EXPECT_FALSE(has(get("/api/v1/tasks?kind=part_reservation"), R"("id":"task-1")"));
  EXPECT_EQ(get("/api/v1/tasks?q=no+such+words").body, R"({"items":[],"next":null})");
  // A filter of ours walks over the store's pages without losing its place.
  const Reply page = get("/api/v1/tasks?view=expiring&limit=1");
  EXPECT_TRUE(has(page, R"("id":"task-1")"));
  EXPECT_TRUE(has(page, R"("next":"c1")"));
  EXPECT_TRUE(has(get("/api/v1/tasks?limit=2"), R"("next":"c2")"));
  EXPECT_TRUE(has(get("/api/v1/tasks?limit=2&cursor=c2"), R"("next":null)"));
}

TEST_F(Tasks, WrongParametersAreNamed) {
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"/api/v1/tasks?limit=500", "limit is 500"},
      {"/api/v1/tasks?limit=0", "limit is 0"},
      {"/api/v1/tasks?limit=x", "limit is x"},
      {"/api/v1/tasks?view=all", "view must be one of open"},
      {"/api/v1/tasks?state=OPEN", "state must be one of PROPOSED"},
      {"/api/v1/tasks?kind=x", "kind must be one of work_order"},
      {"/api/v1/tasks?priority=5", "priority must be"},
      {"/api/v1/tasks?cursor=nonsense", "cursor"},
      {"/api/v1/tasks?page=2", "no parameter page"},
      {"/api/v1/tasks/task-1?full=1", "no parameter full"},
      {"/api/v1/decisions", "Name the task"},
      {"/api/v1/audit/records?cursor=x", "cursor"},
      {"/api/v1/tasks?q=%ff", "not valid"},
      {"/api/v1/tasks?limit=1&limit=2", "not valid"}};
  for (const auto& [path, detail] : wrong) {
    const Reply reply = get(path);
    EXPECT_EQ(reply.status, 400) << path;
    EXPECT_EQ(reply.headers.at("content-type"), "application/problem+json") << path;
    EXPECT_TRUE(has(reply, detail)) << path << " " << reply.body;
  }
  EXPECT_TRUE(has(get("/api/v1/tasks?page=2"), R"("code":"unknown_parameter")"));
  EXPECT_EQ(get("/api/v1/tasks/none").status, 404);
  EXPECT_EQ(get("/api/v1/cases/none").status, 404);
  EXPECT_EQ(get("/api/v1/decisions/none").status, 404);
  EXPECT_EQ(get("/api/v1/decisions?task=none").status, 404);
  EXPECT_EQ(get("/api/v1/assets/none").status, 404);
  EXPECT_EQ(get("/api/v1/none").status, 404);
  const Reply method = call("POST", "/api/v1/plant", cookie_, "{}");
  EXPECT_EQ(method.status, 405);
  EXPECT_EQ(method.headers.at("allow"), "GET");
}

TEST_F(Tasks, ApprovalCarriesWhatWasSeenAndSaid) {
  const Reply reply =
      post("/api/v1/tasks/task-1/approve", R"({"meaning":"review","comment":"Heard it.\nTwice."})",
           "If-Match: \"2\"\r\nIdempotency-Key: k-1\r\n");
  ASSERT_EQ(reply.status, 200);
  EXPECT_EQ(reply.headers.at("etag"), "\"2\"");
  EXPECT_TRUE(has(reply, R"("state":"APPROVED")"));
  EXPECT_TRUE(has(reply, R"("how":"approved","comment":"Heard it.\nTwice.")"));
  ASSERT_EQ(daemon_.commands().size(), 1U);
  const Command command = daemon_.commands().front();
  EXPECT_EQ(command.user, UserId("j.ortiz"));
  EXPECT_EQ(command.user_name, "Jo Ortiz");
  EXPECT_EQ(command.seen, Revision(2));
  EXPECT_EQ(command.meaning, "review");
  EXPECT_EQ(command.idempotency_key, "k-1");
  EXPECT_FALSE(command.service_account);
  const Reply again = post("/api/v1/tasks/task-1/reject", R"({"reasonCode":"NOT_NOW"})");
  EXPECT_EQ(again.status, 409);
  EXPECT_TRUE(has(again, R"("code":"already_decided")"));
  EXPECT_TRUE(has(again, R"("task":{"id":"task-1")"));
}

TEST_F(Tasks, AStaleRevisionShowsWhatHasChanged) {
  const Reply reply = post("/api/v1/tasks/task-1/approve", "{}", "If-Match: \"1\"\r\n");
  EXPECT_EQ(reply.status, 412);
  EXPECT_TRUE(has(reply, R"("code":"stale_revision")"));
  EXPECT_TRUE(has(reply, R"("changes":[{"field":"revision","before":"1","after":"2"},)"
                         R"({"field":"cause","before":"Unbalance",)"
                         R"("after":"Outer race of the drive-end bearing"}])"))
      << reply.body;
  EXPECT_TRUE(has(reply, R"("task":{"id":"task-1")"));
  EXPECT_EQ(post("/api/v1/tasks/task-1/approve", "{}", "").status, 428);
  for (const char* wrong : {"2", "*", "W/\"2\"", "\"two\"", "\"0\"", "\"1\", \"2\""}) {
    EXPECT_EQ(post("/api/v1/tasks/task-1/approve", "{}", std::string("If-Match: ") + wrong + "\r\n")
                  .status,
              400)
        << wrong;
  }
}

TEST_F(Tasks, BodiesAreReadStrictly) {
  const std::string approve = "/api/v1/tasks/task-1/approve";
  const std::string reject = "/api/v1/tasks/task-1/reject";
  const std::string deep = std::string(100'000, '[');
  for (const std::string& body :
       {std::string("x"), std::string("[]"), std::string("null"), std::string("{\"a\":\"b\"}"),
        std::string(R"({"meaning":"yes"})"), std::string(R"({"comment":1})"),
        std::string(R"({"comment":{"a":"b"}})"), std::string(R"({"comment":null})"),
        std::string(R"({"comment":"a","comment":"b"})"), std::string(R"({"comment":"a"} x)"),
        std::string("{\"comment\":\"\xff\"}"), R"({"comment":")" + std::string(2001, 'a') + R"("})",
        deep, R"({"comment":)" + deep, std::string(R"({"comment":"\u0000"})")}) {
    const Reply reply = post(approve, body);
    EXPECT_EQ(reply.status, 400) << body.substr(0, 60);
    EXPECT_TRUE(has(reply, R"("code":"invalid")"));
  }
  EXPECT_TRUE(has(post(reject, "{}"), R"("code":"reason_missing")"));
  EXPECT_TRUE(has(post(reject, R"({"reasonCode":"OTHER","comment":" "})"), "reason_missing"));
  EXPECT_TRUE(has(post(reject, R"({"reasonCode":"WHY_NOT"})"), R"("code":"invalid")"));
  EXPECT_EQ(
      post(approve, "{}", "If-Match: \"2\"\r\nIdempotency-Key: " + std::string(129, 'k') + "\r\n")
          .status,
      400);
  EXPECT_TRUE(daemon_.commands().empty());
  const std::string umlauts = R"({"comment":")" + std::string(1999, 'a') + "\xc3\xa4\"}";
  EXPECT_EQ(post(approve, umlauts).status, 200) << "2000 characters, 2001 bytes";
}

TEST_F(Tasks, AFailingLedgerIs503AndSaysNothingOfItself) {
  daemon_.set_broken(true);
  for (const Reply& reply : {post("/api/v1/tasks/task-1/approve", "{}"), get("/api/v1/tasks")}) {
    EXPECT_EQ(reply.status, 503);
    EXPECT_TRUE(has(reply, R"("code":"unavailable")"));
    EXPECT_FALSE(has(reply, "secret"));
  }
  const Reply ready = call("GET", "/health/ready");
  EXPECT_EQ(ready.status, 503);
  EXPECT_EQ(
      ready.body,
      R"({"status":"unavailable","causes":[{"part":"ledger","detail":"The disk has failed."}]})");
  EXPECT_EQ(call("GET", "/health/live").status, 200);
  EXPECT_TRUE(has(call("GET", "/metrics"), "millwright_ready 0\n"));
}

TEST_F(Tasks, PlantAssetsAndAuditAreTold) {
  const Reply plant = get("/api/v1/plant");
  EXPECT_TRUE(has(plant, R"("shift":{"id":"early","from":"2026-03-02T05:00:00.000Z",)"
                         R"("to":"2026-03-02T13:00:00.000Z"})"));
  EXPECT_TRUE(has(plant, R"("counts":{"assets":3,"signals":1,"open":2,"mine":2,"expiring":1,)"
                         R"("effectsPending":0,"effectsParked":2})"));
  const Reply assets = get("/api/v1/assets?limit=2");
  EXPECT_TRUE(has(assets, R"("next":"P-101")"));
  EXPECT_FALSE(has(get("/api/v1/assets?limit=2&cursor=P-101"), R"("id":"P-101")"));
  EXPECT_TRUE(has(get("/api/v1/assets/P-101"), R"("warn":2.8,"alarm":4.5)"));
  EXPECT_TRUE(has(get("/api/v1/assets/P%2D101"), R"("openTasks":2)"));
  const Reply audit = get("/api/v1/audit/records?task=task-1&limit=1");
  EXPECT_TRUE(has(audit, R"("next":"0")"));
  EXPECT_TRUE(has(get("/api/v1/audit/records?cursor=0&limit=1"), R"("seq":1)"));
  EXPECT_EQ(get("/api/v1/audit/checkpoint").body, "millwright/lyon\n3\nabc=\n");
}

TEST_F(Tasks, MetricsCountRequestsByRouteAndStatus) {
  (void)get("/api/v1/tasks/task-1");
  (void)get("/api/v1/tasks/none");
  const Reply metrics = call("GET", "/metrics");
  EXPECT_TRUE(has(metrics,
                  "millwright_http_requests_total{route=\"/api/v1/tasks/{id}\","
                  "method=\"GET\",status=\"404\"} 1\n"));
  EXPECT_TRUE(has(metrics, "millwright_events_total{disposition=\"observed\"} 41\n"));
  EXPECT_TRUE(has(metrics, "millwright_fake 1\n"));
  EXPECT_EQ(metrics.headers.at("content-type"), "text/plain; version=0.0.4; charset=utf-8");
}

}  // namespace
}  // namespace millwright::http
