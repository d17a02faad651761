#include "e2e/trial.hpp"

#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "millwright/base/digest.hpp"
#include "millwright/store/store.hpp"

namespace millwright::e2e {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kBeat = std::chrono::milliseconds(20);
constexpr auto kLoadWithin = std::chrono::minutes(5);
constexpr Duration kOrdersWithin = seconds(60);
constexpr Duration kAnswerWithin = seconds(20);
constexpr std::size_t kDecidedEarly = 12;
constexpr Duration kEndWithin = seconds(5);

double seconds_of(Duration d) {
  return double(d.ns()) / 1e9;
}

Instant wall() {
  return SystemClock().now();
}

template <class Done>
bool wait_for(Duration at_most, Done done) {
  const auto until = Clock::now() + std::chrono::nanoseconds(at_most.ns());
  while (!done()) {
    if (Clock::now() > until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

}  // namespace

Trial::Trial(const Site& site, const std::string& broker, const std::string& name, TrialPlan plan)
    : plan_(plan),
      rng_(plan.seed),
      erp_({MILLWRIGHT_FAKE_ERP}),
      erp_url_(erp_.read_line()),
      proxy_(broker),
      serve_(site.add_daemon(name, {proxy_.bootstrap(), erp_url_, plan.lanes})),
      witness_(serve_.daemon().ledger) {
  proxy_.set_latency(plan.latency);
}

void Trial::start() {
  started_ = wall();
  recovering_ = true;
  batches_at_start_ = std::int64_t(witness_.batches().size());
  serve_.start();
}

void Trial::die() {
  serve_.kill();
  ++figures_.kills;
  witness_.look();
  cookies_.clear();
  start();
}

// In the window that only fence-then-scan closes: the transaction is committed at the broker, and
// the daemon is still waiting for the answer.
void Trial::die_at_commit() {
  if (wait_for(seconds(5), [&] { return proxy_.commits_held() > 0; })) ++figures_.kills_in_window;
  die();
}

// The same window of the ERP: it has the order, and does not answer.
void Trial::die_at_order() {
  const auto before = erp_documents().size();
  if (wait_for(seconds(5), [&] { return erp_documents().size() > before; })) {
    ++figures_.kills_in_window;
  }
  die();
}

void Trial::note_progress() {
  witness_.look();
  if (!recovering_ || std::int64_t(witness_.batches().size()) <= batches_at_start_) return;
  recovering_ = false;
  figures_.recovery_seconds.push_back(seconds_of(wall() - started_));
}

bool Trial::await_effects(Duration at_most) {
  return wait_for(at_most, [&] {
    std::this_thread::sleep_for(kBeat);
    note_progress();
    return effects_open(daemon().ledger, 0) == 0 && effects_open(daemon().ledger, 1) == 0;
  });
}

void Trial::take_in(std::int64_t records) {
  std::vector<double> moments;
  moments.reserve(std::size_t(plan_.kills_at_load));
  for (int i = 0; i < plan_.kills_at_load; ++i) {
    moments.push_back(0.02 + 0.94 * (double(i) + rng_.uniform()) / plan_.kills_at_load);
  }
  std::size_t next = 0;
  bool acted = false;
  const auto begun = Clock::now();
  start();
  while (witness_.consumed() < records) {
    ASSERT_LT(Clock::now() - begun, kLoadWithin)
        << witness_.consumed() << " of " << records << "; see " << daemon().log;
    std::this_thread::sleep_for(kBeat);
    note_progress();
    if (!acted && double(witness_.consumed()) > 0.3 * double(records)) {
      acted = true;
      decide_some();
    }
    if (next == moments.size() || double(witness_.consumed()) < moments[next] * double(records)) {
      continue;
    }
    if (++next % 2 == 0) {
      die_at_commit();
    } else {
      std::this_thread::sleep_for(std::chrono::microseconds(rng_.below(50'000)));
      die();
    }
  }
  ASSERT_TRUE(await_effects(kOrdersWithin)) << "effects are left over; see " << daemon().log;
  figures_.load_seconds = std::chrono::duration<double>(Clock::now() - begun).count();
}

std::vector<Task> Trial::proposed() const {
  std::vector<Task> out;
  auto reader = store::open_reader(daemon().ledger);
  EXPECT_TRUE(reader);
  if (!reader) return out;
  TaskQuery query;
  query.states = {TaskState::kProposed};
  query.limit = 200;
  do {
    auto page = (*reader)->tasks(query);
    EXPECT_TRUE(page);
    if (!page) break;
    for (Task& task : page->items) out.push_back(std::move(task));
    query.cursor = page->next;
  } while (!query.cursor.empty());
  std::sort(out.begin(), out.end(), [](const Task& a, const Task& b) { return a.id < b.id; });
  return out;
}

void Trial::log_in(const std::string& user) {
  ASSERT_TRUE(serve_.await_answer(kAnswerWithin)) << "no answer; see " << daemon().log;
  const std::string body =
      R"({"user":")" + user + R"(","password":")" + std::string(kPassword) + R"("})";
  const auto reply = support::http_call(daemon().port, "POST", "/api/v1/session",
                                        {{"Content-Type", "application/json"}}, body);
  ASSERT_EQ(reply.status, 201) << reply.body;
  const std::string cookie = reply.header("set-cookie");
  cookies_[user] = cookie.substr(0, cookie.find(';'));
}

// As often as it takes: the daemon may have died before, while or after it took it.
support::HttpReply Trial::post(const std::string& target, const std::string& user,
                               const std::vector<std::pair<std::string, std::string>>& headers,
                               const std::string& body) {
  for (int attempt = 0; attempt < 5; ++attempt) {
    if (cookies_[user].empty()) log_in(user);
    auto all = headers;
    all.emplace_back("Content-Type", "application/json");
    all.emplace_back("Cookie", cookies_[user]);
    auto reply = support::http_call(daemon().port, "POST", target, all, body);
    if (reply.status != 0 && reply.status != 401) return reply;
    cookies_.clear();
  }
  ADD_FAILURE() << "no answer to " << target;
  return {};
}

bool Trial::act(const Task& task, const std::string& user, Act what) {
  Command command;
  command.act = what;
  command.task = task.id;
  command.seen = task.revision;
  command.user = UserId(user);
  command.user_name = user;
  command.roles = user == kPeople[0]
                      ? std::vector<Role>{Role::kMaintenanceSupervisor, Role::kPlanner}
                      : std::vector<Role>{Role::kPlantManager, Role::kPlanner};
  command.idempotency_key = "act-" + std::to_string(++keys_);
  const bool approve = what == Act::kApprove;
  if (approve) {
    command.meaning = "approval";
  } else {
    command.reason_code = "FALSE_ALARM";
  }
  const auto reply =
      post("/api/v1/tasks/" + task.id.str() + (approve ? "/approve" : "/reject"), user,
           {{"If-Match", "\"" + std::to_string(task.revision.get()) + "\""},
            {"Idempotency-Key", command.idempotency_key}},
           approve ? R"({"meaning":"approval"})" : R"({"reasonCode":"FALSE_ALARM"})");
  if (reply.status == 200) acts_.push_back({std::move(command), wall()});
  return reply.status == 200;
}

// Which of them: by the task's own id, so that two runs decide alike.
void Trial::decide(const Task& task) {
  if (sha256({task.id.str()})[0] % 5 == 0) {
    act(task, kPeople[0], Act::kReject);
    return;
  }
  if (act(task, kPeople[0], Act::kApprove)) act(task, kPeople[1], Act::kApprove);
}

// While events come in: orders leave, and lanes see that work is given up and parts come free.
void Trial::decide_some() {
  std::vector<Task> open = proposed();
  EXPECT_FALSE(open.empty()) << "nothing is proposed so far";
  if (open.size() > kDecidedEarly) open.resize(kDecidedEarly);
  for (std::size_t i = 0; i < open.size(); ++i) {
    if (i % 2 == 0) {
      act(open[i], kPeople[0], Act::kReject);
    } else {
      decide(open[i]);
    }
    note_progress();
  }
}

void Trial::decide_all() {
  const auto begun = Clock::now();
  std::vector<Task> open = proposed();
  ASSERT_FALSE(open.empty()) << "the load led to no task at all";
  const std::size_t all = open.size();
  std::size_t done = 0;
  int killed = 0;
  for (int round = 0; !open.empty() && round < 4; ++round) {
    for (const Task& task : open) {
      const bool due =
          killed < plan_.kills_at_orders &&
          done * std::size_t(plan_.kills_at_orders + 1) >= all * std::size_t(killed + 1);
      ++done;
      if (due && killed % 2 == 0) {
        erp_.write_line("fault hang-after-commit 1");
        EXPECT_EQ(erp_.read_line(), "ok");
      }
      decide(task);
      if (!due) continue;
      if (++killed % 2 == 1) {
        die_at_order();
      } else {
        die_at_commit();
      }
    }
    open = proposed();
  }
  EXPECT_TRUE(open.empty()) << open.size() << " tasks nobody could decide";
  ASSERT_TRUE(await_effects(kOrdersWithin)) << "orders are left over; see " << daemon().log;
  figures_.orders_seconds = std::chrono::duration<double>(Clock::now() - begun).count();
}

void Trial::end() {
  const auto begun = Clock::now();
  EXPECT_EQ(serve_.end(SIGTERM, kEndWithin), 0) << "it did not end well; see " << daemon().log;
  std::printf("[%s] ended %.2f s after SIGTERM\n", daemon().name.c_str(),
              std::chrono::duration<double>(Clock::now() - begun).count());
  witness_.look();
}

std::vector<std::string> Trial::erp_documents() {
  erp_.write_line("documents");
  std::vector<std::string> out(std::size_t(std::stoul(erp_.read_line())));
  for (std::string& line : out) line = erp_.read_line();
  return out;
}

}  // namespace millwright::e2e
