#include "simulation/run.hpp"

#include "simulation/people.hpp"
#include "simulation/tamper.hpp"
#include "support/sim_clock.hpp"

namespace millwright::simulation {
namespace {

constexpr int kTurns = 2'000;
constexpr int kTurnsToRest = 4'000;  // at least 400 s, longer than the longest retry

class Simulation {
 public:
  Simulation(std::uint64_t seed, Mutant mutant, const std::string& folder, Report& report)
      : rng_(seed), mutant_(mutant), report_(report), clock_(kStart) {
    partitions_ = 1 + int(rng_.below(4));
    gating_ = rng_.chance(0.5) ? Gating::kNone : Gating::kMes;
    setup_.plant = make_plant(gating_);
    setup_.rules = make_rules();
    lanes_ = 1 + rng_.below(2);
    people_reject_ = rng_.chance(0.25);
    // Mostly nothing runs out, so that the tasks can be compared with the oracle's.
    hurry_ = rng_.chance(0.3);
    policy_.soft_hold = hurry_ ? minutes(1) : days(60);
    policy_.decide_p1 = policy_.decide_p2 = policy_.decide_p3 = policy_.decide_p4 =
        hurry_ ? minutes(2) : days(60);
    crash_ = rng_.chance(0.8) ? 0.002 + 0.008 * rng_.uniform() : 0.0;
    write_fails_ = rng_.chance(0.6) ? 0.01 : 0.0;
    disk_fills_ = rng_.chance(0.3) ? 0.03 : 0.0;
    rebalance_ = lanes_ > 1 && rng_.chance(0.8) ? 0.02 : 0.0;
    jump_ = rng_.chance(0.7) ? 0.015 : 0.0;
    outage_ = rng_.chance(0.5) ? 0.003 : 0.0;
    source_faults_ = {rng_.chance(0.6) ? 0.1 : 0.0, rng_.chance(0.3) ? 0.2 : 0.0, 0.2};
    effect_faults_ = {rng_.chance(0.6) ? 0.2 : 0.0, rng_.chance(0.6) ? 0.2 : 0.0};
    plant_mutant();
    if (!folder.empty()) {
      const std::string base = folder + "/seed-" + std::to_string(seed);
      sqlite_ = store::Options{base + ".db", "sim/millwright/audit", base + ".key", "", ""};
    }
    for (int p = 0; p < partitions_; ++p) (void)broker_.log(TopicPartition{"plant.events", p});
    producer_ = std::make_unique<Producer>(broker_, partitions_, gating_, rng_.fork(77));
    people_ = std::make_unique<People>(rng_.fork(78), people_reject_, hurry_ ? 0.05 : 1.0);
    restart();
  }

  void run() {
    for (int i = 0; i < kTurns; ++i) one_turn();
    come_to_rest();
    report_.records = producer_->appended();
    for (std::string& difference : differences_) problem(std::move(difference));
    check(Remains{broker_, disk_, world_, setup_, policy_, gating_, people_reject_ || hurry_,
                  people_->promises(), moments_, *producer_, clock_.now()},
          report_);
  }

 private:
  void plant_mutant() {
    store_mutants_.cursor_without_state = mutant_ == Mutant::kCursorWithoutState;
    store_mutants_.lagging_cursor = mutant_ == Mutant::kLaggingCursor;
    store_mutants_.half_applied_commit = mutant_ == Mutant::kHalfAppliedCommit;
    store_mutants_.dead_letter_lost = mutant_ == Mutant::kDeadLetterLost;
    store_mutants_.slice_missing = mutant_ == Mutant::kSliceMissing;
    store_mutants_.commit_lies = mutant_ == Mutant::kCommitLies;
    source_faults_.claims_the_end = mutant_ == Mutant::kTickOverBacklog;
    effect_mutants_.mark_before_ack = mutant_ == Mutant::kMarkBeforeAck;
    effect_mutants_.no_scan = mutant_ == Mutant::kNoScan;
    effect_mutants_.no_search_before_retry = mutant_ == Mutant::kNoSearchBeforeRetry;
  }

  // ---- life and death of the process ----
  void restart() {
    moves_.clear();
    people_->forget_questions();
    last_away_.assign(lanes_, Instant());
    Process::World world{broker_, disk_, anchor_, world_, setup_, policy_};
    world.live_clock = gating_ == Gating::kMes;
    world.lanes = lanes_;
    world.commit_fault = [this] { return commit_fault(); };
    world.store_mutants = store_mutants_;
    world.effect_mutants = effect_mutants_;
    if (!healing_) {
      world.effect_faults = effect_faults_;
      world.source_faults = source_faults_;
    }
    world.sqlite = sqlite_ ? &*sqlite_ : nullptr;
    world.differences = &differences_;
    do {
      ++lives_;
      process_.reset();  // its lock on the database goes with it
      process_ = std::make_unique<Process>(world, rng_.fork(1'000 + lives_));
    } while (!process_->open(clock_.now()));
    owner_.clear();
    for (int p = 0; p < partitions_; ++p) {
      owner_.push_back(std::size_t(p) % lanes_);
      process_->source(owner_.back()).assign(TopicPartition{"plant.events", p});
    }
  }
  void crash() {
    ++report_.crashes;
    restart();
  }
  support::CommitFault commit_fault() {
    if (healing_) return support::CommitFault::kNone;
    if (rng_.chance(write_fails_)) {
      return rng_.chance(0.5) ? support::CommitFault::kFailsBefore
                              : support::CommitFault::kFailsAfter;
    }
    return rng_.chance(disk_fills_) ? support::CommitFault::kFull : support::CommitFault::kNone;
  }

  // ---- actors ----
  void one_turn() {
    clock_.advance(milliseconds(std::int64_t(1 + rng_.below(60))));
    ++turn_;
    if (rng_.chance(crash_)) crash();
    if (turn_ >= away_until_ && rng_.chance(outage_)) {
      away_until_ = turn_ + int(rng_.below(400));
      ++report_.outages;
    }
    broker_.set_away(turn_ < away_until_);
    if (rng_.chance(rebalance_)) begin_move();
    if (rng_.chance(jump_)) {
      clock_.advance(rng_.chance(0.3) ? Duration(-seconds(5).ns())
                                      : seconds(std::int64_t(rng_.below(120))));
    }
    switch (rng_.below(10)) {
      case 0:
      case 1:
        producer_->turn(clock_.now(), turn_);
        break;
      case 2:
      case 3:
      case 4:
        lane_turn(rng_.below(lanes_));
        break;
      case 5:
      case 6:
      case 7:
        ledger_turn();
        break;
      case 8:
        dispatcher_turn();
        break;
      case 9:
        people_->turn(*process_);
        break;
    }
    go_on_moving();
  }
  void lane_turn(std::size_t i) {
    const Instant now = clock_.now();
    if (broker_.away()) last_away_[i] = now;
    const bool settled =
        !last_away_[i].is_set() || now - last_away_[i] >= seconds(5) || now < last_away_[i];
    moments_.insert({now, Moment{turn_, !broker_.away() && settled}});
    process_->lane(i).turn(now);
    if (process_->queue().size() > limits::kLedgerQueue)
      problem("the ledger's queue is over its bound");
  }
  void ledger_turn() {
    if (mutant_ != Mutant::kNone) tamper(mutant_, process_->queue(), disk_, rng_);
    process_->ledger().turn(clock_.now());
    if (mutant_ == Mutant::kSentBeforeAnchored) process_->board().set_anchored(1'000'000'000);
    if (process_->ledger().status()->stopped) crash();
  }
  void dispatcher_turn() {
    (void)process_->dispatcher().turn(clock_.now());
    for (const RunnerStatus& runner : process_->dispatcher().status()->runners) {
      // At least one batch, and what a scan after the start has found.
      if (runner.in_flight > 2 * limits::kEffectBatch) problem("too much is being sent at once");
    }
    if (process_->board().outbox() > std::int64_t(limits::kOutboxRows)) {
      problem("the outbox is over its bound");
    }
  }

  // ---- the group's coordinator ----
  struct Move {
    int partition = 0;
    std::size_t from = 0, to = 0;
    bool lost = false;
    int until_told = 0;  // a lost owner goes on for a while
  };
  void begin_move() {
    const int p = int(rng_.below(std::uint64_t(partitions_)));
    for (const Move& move : moves_) {
      if (move.partition == p) return;
    }
    ++report_.rebalances;
    const TopicPartition where{"plant.events", p};
    Move move{p, owner_[std::size_t(p)], 1 - owner_[std::size_t(p)], rng_.chance(0.4),
              int(rng_.below(120))};
    if (move.lost) {
      process_->source(move.to).assign(where);
    } else {
      process_->source(move.from).revoke(where);
    }
    moves_.push_back(move);
  }
  void go_on_moving() {
    std::vector<Move> left;
    std::vector<TopicPartition> released[2];
    for (std::size_t i = 0; i < lanes_; ++i) released[i] = process_->source(i).take_released();
    for (Move& move : moves_) {
      const TopicPartition where{"plant.events", move.partition};
      bool over = false;
      if (move.lost) {
        over = move.until_told-- <= 0;
        if (over) process_->source(move.from).lose(where);
      } else {
        for (const TopicPartition& r : released[move.from]) over = over || r == where;
        if (over) process_->source(move.to).assign(where);
      }
      if (over) {
        owner_[std::size_t(move.partition)] = move.to;
      } else {
        left.push_back(move);
      }
    }
    moves_ = std::move(left);
  }

  // ---- the end ----
  void come_to_rest() {
    healing_ = true;
    process_->heal();
    broker_.set_away(false);
    for (int turn = 0; turn < kTurnsToRest; ++turn) {
      clock_.advance(milliseconds(100));
      ++turn_;
      for (std::size_t i = 0; i < lanes_; ++i) lane_turn(i);
      ledger_turn();
      dispatcher_turn();
      go_on_moving();
      people_->read_answers();
      if (turn % 20 == 0 && at_rest()) return;
    }
    problem("not at rest after " + std::to_string(kTurnsToRest) + " turns: " + what_is_left());
  }
  bool at_rest() { return what_is_left().empty(); }
  std::string what_is_left() {
    if (!moves_.empty()) return "a rebalance";
    for (const auto& [where, log] : broker_.logs()) {
      const auto& cursor = disk_.parts[where].cursor;
      if (!cursor || cursor->get() != std::int64_t(log.records.size())) {
        return "partition " + std::to_string(where.partition) + " at " +
               std::to_string(cursor ? cursor->get() : -1) + " of " +
               std::to_string(log.records.size());
      }
    }
    if (people_->unanswered() > 0) return "a person waits for an answer";
    if (!process_->dispatcher().idle()) return "the dispatcher";
    for (const Effect& effect : disk_.effects) {
      if (effect.state != EffectState::kDone) return "effect " + effect.id.str();
    }
    return process_->queue().size() > 0 ? "the queue" : "";
  }

  void problem(std::string text) { report_.problems.push_back(std::move(text)); }

  Rng rng_;
  const Mutant mutant_;
  Report& report_;
  support::SimClock clock_;
  int partitions_ = 1;
  std::size_t lanes_ = 1;
  Gating gating_ = Gating::kNone;
  bool people_reject_ = false;
  bool healing_ = false;
  bool hurry_ = false;  // proposals run out while the simulation goes on
  double crash_ = 0, write_fails_ = 0, disk_fills_ = 0, rebalance_ = 0, jump_ = 0, outage_ = 0;
  int turn_ = 0;
  int away_until_ = 0;  // turn
  support::SourceFaults source_faults_;
  support::EffectFaults effect_faults_;
  support::StoreMutants store_mutants_;
  support::EffectMutants effect_mutants_;
  pipeline::Setup setup_;
  workflow::Policy policy_;
  std::optional<store::Options> sqlite_;
  std::vector<std::string> differences_;
  // What outlives the process
  support::MemoryBroker broker_;
  support::MemoryDisk disk_;
  support::MemoryAnchor anchor_;
  support::OutsideWorld world_;
  std::unique_ptr<Producer> producer_;
  std::unique_ptr<People> people_;
  Moments moments_;
  // The process, and what goes with it
  std::unique_ptr<Process> process_;
  std::uint64_t lives_ = 0;
  std::vector<std::size_t> owner_;
  std::vector<Instant> last_away_;  // by lane, when it last saw the broker away
  std::vector<Move> moves_;
};

}  // namespace

const char* to_text(Mutant mutant) {
  static constexpr const char* kNames[] = {"none",
                                           "cursor_without_state",
                                           "lagging_cursor",
                                           "half_applied_commit",
                                           "no_fence",
                                           "fence_off_by_one",
                                           "mark_before_ack",
                                           "no_scan",
                                           "no_search_before_retry",
                                           "random_id",
                                           "sent_before_anchored",
                                           "dead_letter_lost",
                                           "slice_missing",
                                           "commit_lies",
                                           "reply_lost",
                                           "batch_reply_lost",
                                           "yes_before_commit",
                                           "tick_over_backlog"};
  static_assert(std::size(kNames) == std::size_t(Mutant::kCount));
  return kNames[std::size_t(mutant)];
}

Report run(std::uint64_t seed, Mutant mutant, const std::string& sqlite_folder) {
  Report report;
  Simulation(seed, mutant, sqlite_folder, report).run();
  return report;
}

}  // namespace millwright::simulation
