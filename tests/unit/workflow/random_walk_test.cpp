// Random walks over everything that may happen: whatever the order, the rules hold.
#include <gtest/gtest.h>

#include <set>

#include "millwright/base/rng.hpp"
#include "unit/workflow/world.hpp"
#include "workflow/states.hpp"

namespace millwright::workflow {
namespace {

constexpr int kSteps = 100'000;
const MaterialId kBearing("BRG-6312-C3");

bool reachable(TaskState from, TaskState to, int steps) {
  if (from == to) return true;
  if (steps == 0) return false;
  for (const Edge& edge : edges()) {
    if (edge.from == from && reachable(edge.to, to, steps - 1)) return true;
  }
  return false;
}

class Walk {
 public:
  explicit Walk(std::uint64_t seed) : rng_(seed) {
    for (int i = 0; i < 3; ++i) {
      Asset asset = world_.plant.assets[AssetId("F-201")];
      asset.id = AssetId("F-30" + std::to_string(i));
      asset.criticality = Criticality(i);
      world_.plant.assets[asset.id] = asset;
    }
    world_.policy.soft_hold = hours(30);
  }

  void run() {
    for (int step = 0; step < kSteps && !::testing::Test::HasFailure(); ++step) {
      world_.now = world_.now + seconds(std::int64_t(rng_.below(400)));
      one_step();
      if (step % 100 == 0) timers();
      if (step % 100 == 0) forget();
      if (step % 5 == 0) check_cases_and_stock();
    }
  }
  [[nodiscard]] std::size_t announced() const { return effects_.size(); }
  [[nodiscard]] int approved() const { return approved_; }
  [[nodiscard]] int refused() const { return refused_; }

 private:
  void one_step() {
    switch (rng_.below(10)) {
      case 0:
      case 1:
      case 2:
        return decide();
      case 3:
      case 4:
      case 5:
        return person();
      case 6:
        return stock();
      case 7:
        return cmms();
      default:
        return erp();
    }
  }

  void decide() {
    static constexpr TaskKind kKinds[] = {TaskKind::kWorkOrder, TaskKind::kWorkOrder,
                                          TaskKind::kInspection, TaskKind::kSensorCheck,
                                          TaskKind::kMasterData};
    static constexpr const char* kModes[] = {"BRG-OUTER", "UNBALANCE", "VIBRATION"};
    Decision d =
        decision("d" + std::to_string(++ids_), kKinds[rng_.below(5)], kModes[rng_.below(3)]);
    d.asset = AssetId("F-30" + std::to_string(rng_.below(3)));
    d.entity = d.asset.str() + "/DE-H";
    d.signal = SignalId(d.entity);
    d.at = world_.now;
    d.priority = Priority(1 + int(rng_.below(4)));
    d.due = world_.now + hours(std::int64_t(1 + rng_.below(300)));
    d.evidence.confidence = rng_.uniform();
    apply(d);
  }

  void person() {
    const Task* task = any_task();
    if (task == nullptr) return;
    static constexpr Role kRoles[] = {Role::kOperator, Role::kMaintenanceSupervisor, Role::kPlanner,
                                      Role::kPlantManager, Role::kDataScientist};
    const std::size_t who = rng_.below(5);
    Command c = command(rng_.chance(0.8) ? Act::kApprove : Act::kReject, *task,
                        "user" + std::to_string(who), kRoles[who]);
    c.service_account = rng_.chance(0.05);
    if (rng_.chance(0.05)) c.seen = c.seen.next();
    if (rng_.chance(0.5)) c.idempotency_key = "k" + std::to_string(rng_.below(20));
    const bool allowed =
        permission(*task, c.user, c.roles, c.service_account, Context{world_.plant, world_.policy})
            .approve;
    const bool was_open = task->state == TaskState::kProposed;
    const TaskId id = task->id;
    const std::size_t before = task->approvals.size();
    if (!apply(c)) {
      ++refused_;
      return;
    }
    const Task& after = *world_.view.tasks.find(id);
    if (c.act != Act::kApprove || after.approvals.size() == before) return;
    EXPECT_TRUE(allowed && was_open && !c.service_account) << "signed without the right";
    approved_ += after.state == TaskState::kApproved ? 1 : 0;
  }

  void stock() {
    Change change;
    Stock now = *world_.view.stock.find(kBearing);
    now.on_hand = double(rng_.below(5));
    now.as_of = world_.now;
    apply_event("wms.stock.changed", {{"materialId", kBearing.str()}, {"onHand", now.on_hand}});
  }

  void cmms() {
    const Task* task = any_task();
    static constexpr const char* kStatus[] = {"REL", "STRT", "TECO", "CLSD", "CANC"};
    static constexpr const char* kCauses[] = {"", "BRG-OUTER", "UNBALANCE", "NO-FAULT"};
    std::vector<std::pair<std::string, std::variant<std::string, double>>> fields = {
        {"woId", std::to_string(4'000'000 + rng_.below(50))},
        {"assetId", "F-30" + std::to_string(rng_.below(3))},
        {"status", kStatus[rng_.below(5)]},
        {"cause", kCauses[rng_.below(4)]}};
    if (task != nullptr && rng_.chance(0.7)) fields.emplace_back("externalRef", task->id.str());
    apply_event("cmms.workorder.statuschanged", fields);
  }

  void erp() {
    if (orders_.empty()) return;
    const std::size_t i = rng_.below(orders_.size());
    EffectReport report;
    report.id = orders_[i].id;
    report.kind = EffectKind::kErp;
    report.task = orders_[i].task;
    report.outcome = EffectOutcome(rng_.below(5));
    report.external_number = std::to_string(4'000'000 + rng_.below(50));
    if (report.outcome != EffectOutcome::kStarted && report.outcome != EffectOutcome::kRetryLater) {
      orders_.erase(orders_.begin() + std::ptrdiff_t(i));
    }
    apply(report);
  }

  void timers() {
    for (const TimerDue& due : timers_due(world_.view, world_.now, 50)) apply(due);
  }

  using Fields = std::vector<std::pair<std::string, std::variant<std::string, double>>>;
  void apply_event(std::string_view type, const Fields& fields) {
    specs_.clear();
    Event event;
    for (const auto& [name, value] : fields) {
      specs_.push_back({name, FieldKind::kText, "", false});
      FieldValue field;
      std::visit([&](const auto& v) { field.value = v; }, value);
      event.fields.push_back(std::move(field));
    }
    EventType row;
    row.name = type;
    row.fields = specs_;
    event.type = &row;
    event.time = world_.now;
    apply(Fact{event});
  }

  bool apply(const Intent& intent) {
    const PlantView before = world_.view;
    const Result<Change> change = world_.settle(intent);
    if (!change) return false;
    for (const Effect& effect : change->effects) {
      EXPECT_TRUE(effects_.insert(effect.id.str()).second) << "an id was used twice";
      if (effect.kind == EffectKind::kErp) orders_.push_back(effect);
    }
    for (const Task& task : change->tasks) {
      const Task* was = before.tasks.find(task.id);
      if (was == nullptr) {
        EXPECT_EQ(task.state, TaskState::kProposed);
        continue;
      }
      EXPECT_TRUE(reachable(was->state, task.state, 2))
          << to_text(was->state) << " to " << to_text(task.state);
      EXPECT_GE(task.revision, was->revision);
      if (was->state == TaskState::kProposed && task.state == TaskState::kApproved) signed_by(task);
    }
    return true;
  }

  static void signed_by(const Task& task) {
    std::set<UserId> people;
    int signatures = 0;
    for (const Approval& a : task.approvals) {
      if (a.meaning == "rejection" || a.revision != task.revision) continue;
      ++signatures;
      people.insert(a.user);
    }
    EXPECT_GE(int(people.size()), task.approvals_needed);
    EXPECT_EQ(int(people.size()), signatures);
    if (task.kind == TaskKind::kWorkOrder && task.criticality == Criticality::kA) {
      EXPECT_GE(int(people.size()), 2);
    }
  }

  void check_cases_and_stock() {
    std::set<std::string> open;
    world_.view.cases.for_each([&](const CaseId&, const Case& c) {
      if (c.state == CaseState::kOpen) {
        EXPECT_TRUE(open.insert(c.entity + '|' + c.mode.str()).second) << "two open cases";
      }
      return true;
    });
    double held = 0.0;
    bool soft = false;
    world_.view.reservations.for_each([&](const std::string&, const Reservation& r) {
      held += r.quantity;
      soft = soft || r.state == ReservationState::kSoft;
      return true;
    });
    if (soft) {
      EXPECT_LE(held, world_.view.stock.find(kBearing)->on_hand) << "promised twice";
    }
  }

  const Task* any_task() {
    const std::size_t n = world_.view.tasks.size();
    if (n == 0) return nullptr;
    std::size_t skip = rng_.below(n);
    const Task* found = nullptr;
    world_.view.tasks.for_each([&](const TaskId&, const Task& task) {
      found = &task;
      return skip-- > 0;
    });
    return found;
  }

  // As the ledger does with what is over.
  void forget() {
    std::vector<TaskId> tasks;
    world_.view.tasks.for_each([&](const TaskId& id, const Task& task) {
      if (is_final(task.state)) tasks.push_back(id);
      return true;
    });
    for (const TaskId& id : tasks) world_.view.tasks.erase(id);
    std::vector<CaseId> cases;
    world_.view.cases.for_each([&](const CaseId& id, const Case& c) {
      if (c.state == CaseState::kClosed) cases.push_back(id);
      return true;
    });
    for (const CaseId& id : cases) world_.view.cases.erase(id);
  }

  Rng rng_;
  World world_;
  std::int64_t ids_ = 0;
  int approved_ = 0;
  int refused_ = 0;
  std::set<std::string> effects_;
  std::vector<Effect> orders_;
  std::vector<FieldSpec> specs_;
};

TEST(RandomWalk, KeepsToTheEdgesTheEyesAndTheStock) {
  Walk walk(20'261'125);
  walk.run();
  EXPECT_GT(walk.approved(), 500);
  EXPECT_GT(walk.refused(), 500);
  EXPECT_GT(walk.announced(), 10'000U);
}

TEST(Replan, StockThatGoesAndComesRevisesTheProposal) {
  World world;
  ASSERT_TRUE(world.settle(decision("d1")));
  const Task before = world.work_order();
  ASSERT_EQ(before.parts.front().short_by, 0.0);
  FieldSpec specs[] = {{"materialId", FieldKind::kText, "", true},
                       {"onHand", FieldKind::kQuantity, "", true}};
  EventType type;
  type.name = "wms.stock.changed";
  type.fields = specs;
  Event event;
  event.type = &type;
  event.time = kNow;
  event.fields.resize(2);
  event.fields[0].value = kBearing.str();
  event.fields[1].value = 0.0;
  ASSERT_TRUE(world.settle(Fact{event}));
  EXPECT_EQ(world.work_order().parts.front().short_by, 1.0);
  EXPECT_EQ(world.work_order().revision, before.revision.next());
  EXPECT_EQ(world.view.reservations.size(), 0U);
  // Who looked at the old revision is told; who looks again may sign.
  EXPECT_EQ(world.settle(approve(before)).error().code, Errc::kStale);
  event.fields[1].value = 2.0;
  event.time = kNow + minutes(1);
  ASSERT_TRUE(world.settle(Fact{event}));
  EXPECT_EQ(world.work_order().parts.front().short_by, 0.0);
  EXPECT_EQ(world.view.reservations.size(), 1U);
  EXPECT_TRUE(world.settle(approve(world.work_order())));
}

TEST(Replan, TheLessUrgentGiveWay) {
  World world;
  world.plant.assets[AssetId("F-202")] = world.plant.assets[AssetId("F-201")];
  world.plant.assets[AssetId("F-202")].id = AssetId("F-202");
  Stock two;
  two.on_hand = 2;
  world.view.stock.set(kBearing, two);
  ASSERT_TRUE(world.settle(decision("d1")));
  Decision urgent = decision("d2");
  urgent.asset = AssetId("F-202");
  urgent.entity = "F-202/DE-H";
  urgent.priority = Priority::kP1;
  ASSERT_TRUE(world.settle(urgent));
  ASSERT_EQ(world.view.reservations.size(), 2U);
  FieldSpec specs[] = {{"materialId", FieldKind::kText, "", true},
                       {"onHand", FieldKind::kQuantity, "", true}};
  EventType type;
  type.name = "wms.stock.changed";
  type.fields = specs;
  Event event;
  event.type = &type;
  event.time = kNow;
  event.fields.resize(2);
  event.fields[0].value = kBearing.str();
  event.fields[1].value = 1.0;
  ASSERT_TRUE(world.settle(Fact{event}));
  ASSERT_EQ(world.view.reservations.size(), 1U);
  world.view.reservations.for_each([&](const std::string&, const Reservation& r) {
    EXPECT_EQ(world.view.tasks.find(r.task)->asset, AssetId("F-202"));
    return true;
  });
}

TEST(Rejection, APartThatIsInTheErpAlreadyDoesNotKeepTheCaseOpen) {
  World world;
  ASSERT_TRUE(world.settle(decision("d1")));
  ASSERT_TRUE(world.settle(approve(world.reservation())));
  EffectReport delivered;
  delivered.kind = EffectKind::kErp;
  delivered.task = world.reservation().id;
  delivered.external_number = "4711";
  ASSERT_TRUE(world.settle(delivered));
  ASSERT_TRUE(world.settle(
      command(Act::kReject, world.work_order(), "s.moreau", Role::kMaintenanceSupervisor)));
  EXPECT_EQ(world.reservation().state, TaskState::kWithdrawn);
  EXPECT_NE(world.reservation().failure.find("4711"), std::string::npos);
  EXPECT_EQ(world.view.reservations.size(), 0U);
  world.view.cases.for_each([&](const CaseId&, const Case& c) {
    EXPECT_EQ(c.state, CaseState::kClosed);
    return true;
  });
}

TEST(Timers, WhatNobodyJudgesIsClosedForGoodAfterAMonth) {
  World world;
  ASSERT_TRUE(world.settle(decision("d1")));
  Task task = world.work_order();
  task.state = TaskState::kClosed;
  task.changed_at = kNow;
  world.view.tasks.set(task.id, task);
  world.now = kNow + days(30);
  const auto due = timers_due(world.view, world.now, 10);
  ASSERT_FALSE(due.empty());
  for (const TimerDue& timer : due) ASSERT_TRUE(world.settle(timer));
  EXPECT_EQ(world.view.tasks.find(task.id)->state, TaskState::kVerified);
  EXPECT_EQ(world.view.tasks.find(task.id)->outcome, Outcome::kUnknown);
}

TEST(Config, WhatIsInStoreHoldsUntilTheWarehouseSpeaks) {
  World world;
  world.plant.materials[MaterialId("SEAL-40")].initial_on_hand = 4;
  ASSERT_TRUE(world.settle(ConfigLoaded{"v1", "test"}));
  EXPECT_EQ(world.view.stock.find(MaterialId("SEAL-40"))->on_hand, 4);
  EXPECT_EQ(world.view.stock.find(kBearing)->on_hand, 1);  // what was known stays
}

}  // namespace
}  // namespace millwright::workflow
