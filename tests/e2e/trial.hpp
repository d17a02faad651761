#pragma once
// Trial: one daemon from its first record to its last order, with an ERP of its own, and with as
// many deaths on the way as are planned. Owned by one test.

#include <memory>
#include <string>
#include <vector>

#include "e2e/ledger_rows.hpp"
#include "e2e/serve.hpp"
#include "e2e/site.hpp"
#include "millwright/base/rng.hpp"
#include "millwright/domain/intent.hpp"
#include "support/child.hpp"
#include "support/kafka_proxy.hpp"

namespace millwright::e2e {

struct TrialPlan {
  int kills_at_load = 0;    // while events come in
  int kills_at_orders = 0;  // while people approve and orders go out
  std::uint64_t seed = 1;
  int lanes = 1;
  Duration latency = {};  // between what the broker has and what the daemon knows
};

// What a person did and the daemon took.
struct Acted {
  Command command;
  Instant at;
};

struct Figures {
  double load_seconds = 0.0;
  double orders_seconds = 0.0;
  int kills = 0;
  int kills_in_window = 0;               // the broker had committed, the daemon did not know
  std::vector<double> recovery_seconds;  // from the start of the process to its next durable batch
};

class Trial {
 public:
  Trial(const Site& site, const std::string& broker, const std::string& name, TrialPlan plan);

  [[nodiscard]] const Daemon& daemon() const { return serve_.daemon(); }

  // Starts the daemon and waits until all `records` are durable and nothing is left to send. People
  // decide a few proposals on the way.
  void take_in(std::int64_t records);
  // People decide everything that is proposed; waits until every order is in the ERP.
  void decide_all();
  // SIGTERM; the daemon must end well.
  void end();

  [[nodiscard]] Witness& witness() { return witness_; }
  [[nodiscard]] const std::vector<Acted>& acts() const { return acts_; }
  [[nodiscard]] const Figures& figures() const { return figures_; }
  // "order NUMBER REF" for each document of the ERP.
  [[nodiscard]] std::vector<std::string> erp_documents();

 private:
  void start();
  void die();
  void die_at_commit();
  void die_at_order();
  void note_progress();
  bool await_effects(Duration at_most);
  [[nodiscard]] std::vector<Task> proposed() const;
  void log_in(const std::string& user);
  support::HttpReply post(const std::string& target, const std::string& user,
                          const std::vector<std::pair<std::string, std::string>>& headers,
                          const std::string& body);
  bool act(const Task& task, const std::string& user, Act what);
  void decide_some();
  void decide(const Task& task);

  const TrialPlan plan_;
  Rng rng_;
  support::Child erp_;
  std::string erp_url_;
  support::KafkaProxy proxy_;
  Serve serve_;
  Witness witness_;
  std::vector<Acted> acts_;
  std::map<std::string, std::string> cookies_;
  std::int64_t keys_ = 0;
  Figures figures_;
  std::int64_t batches_at_start_ = 0;
  bool recovering_ = false;
  Instant started_;
};

}  // namespace millwright::e2e
