#include "simulation/walk.hpp"

#include <algorithm>

#include "millwright/base/digest.hpp"
#include "millwright/codec/catalog.hpp"
#include "millwright/codec/encode.hpp"
#include "millwright/codec/records.hpp"

namespace millwright::simulation {
namespace {

constexpr Instant kBegin{1'772'430'000'000'000'000};
constexpr const char* kModes[] = {"BRG-OUTER",     "UNBALANCE",  "VIBRATION",
                                  "MOTOR-WINDING", "GEAR-TOOTH", "SENSOR-STALE"};

struct Person {
  const char* id;
  std::vector<Role> roles;
};

const std::vector<Person>& people() {
  static const std::vector<Person> kPeople = {
      {"op", {Role::kOperator}},
      {"te", {Role::kTechnician}},
      {"ms1", {Role::kMaintenanceSupervisor}},
      {"ms2", {Role::kMaintenanceSupervisor}},
      {"pl", {Role::kPlanner}},
      {"both", {Role::kPlanner, Role::kMaintenanceSupervisor}},
      {"ql", {Role::kQualityLead}},
      {"pr", {Role::kProcurement}},
      {"pm", {Role::kPlantManager}},
      {"ds", {Role::kDataScientist}},
      {"ad", {Role::kAdmin}},
      {"au", {Role::kAuditor}},
      {"in", {Role::kIntegration}},
      {"every", {Role::kOperator, Role::kPlanner, Role::kPlantManager}},
      {"none", {}},
  };
  return kPeople;
}

// What a change says, byte for byte.
std::string text_of(const Change& change) {
  std::string out;
  for (const auto& [id, e] : change.equipment) out += id.str() + codec::to_json(e) + '\n';
  for (const auto& [id, s] : change.service) out += id.str() + codec::to_json(s) + '\n';
  for (const auto& [id, w] : change.work) out += id.str() + codec::to_json(w) + '\n';
  for (const auto& [id, s] : change.supply) out += id.str() + codec::to_json(s) + '\n';
  for (const auto& [id, s] : change.suppliers) out += id.str() + codec::to_json(s) + '\n';
  for (const auto& [id, s] : change.stock) out += id.str() + codec::to_json(s) + '\n';
  for (const Case& c : change.cases) out += codec::to_json(c) + '\n';
  for (const Task& t : change.tasks) out += codec::to_json(t) + '\n';
  for (const Reservation& r : change.reservations) out += codec::to_json(r) + '\n';
  for (const RuleBundle& b : change.bundles) out += codec::to_json(b) + '\n';
  for (const Decision& d : change.decisions) out += codec::to_json(d) + '\n';
  for (const Effect& e : change.effects) out += codec::to_json(e) + '\n';
  for (const EffectReport& r : change.reports) out += r.id.str() + std::to_string(int(r.outcome));
  for (const AuditRecord& a : change.audit) out += codec::canonical_record(AuditSeq(0), a) + '\n';
  return out;
}

// The change as it comes back from a database.
Change stored(const Change& change) {
  Change back = change;
  for (auto& [id, e] : back.equipment) e = *codec::equipment_from_json(codec::to_json(e));
  for (auto& [id, s] : back.service) s = *codec::service_from_json(codec::to_json(s));
  for (auto& [id, s] : back.stock) s = *codec::stock_from_json(codec::to_json(s));
  for (Case& c : back.cases) c = *codec::case_from_json(codec::to_json(c));
  for (Task& t : back.tasks) t = *codec::task_from_json(codec::to_json(t));
  for (RuleBundle& b : back.bundles) b = *codec::bundle_from_json(codec::to_json(b));
  for (Reservation& r : back.reservations) r = *codec::reservation_from_json(codec::to_json(r));
  return back;
}

class Walk {
 public:
  Walk(std::uint64_t seed, WalkMutant mutant, WalkReport& report)
      : rng_(seed),
        mutant_(mutant),
        report_(report),
        plant_(walk_plant()),
        check_(plant_, policy_, report) {
    policy_.soft_hold = hours(30);
    policy_.reserve_through_order = rng_.chance(0.3);
    apply(ConfigLoaded{"v1", "walk"});
  }

  void run(std::int64_t steps) {
    for (; report_.steps < steps && report_.problems.empty(); ++report_.steps) {
      now_ = now_ + seconds(std::int64_t(rng_.below(rng_.chance(0.001) ? 300'000 : 300)));
      one_step();
      if (rng_.chance(0.02)) timers();
      if (rng_.chance(0.01)) forget();
      if (report_.steps % 3 == 0) check_.whole(view_);
    }
    report_.hash = to_hex(hash_);
  }

 private:
  void one_step() {
    switch (rng_.below(12)) {
      case 0:
      case 1:
      case 2:
        return decide();
      case 3:
      case 4:
      case 5:
      case 6:
        return person();
      case 7:
        return warehouse();
      case 8:
        return cmms();
      case 9:
        return rng_.chance(0.5) ? machine() : other();
      default:
        return erp();
    }
  }

  // ---- rules ----
  void decide() {
    static constexpr TaskKind kKinds[] = {TaskKind::kWorkOrder,   TaskKind::kWorkOrder,
                                          TaskKind::kWorkOrder,   TaskKind::kInspection,
                                          TaskKind::kSensorCheck, TaskKind::kMasterData};
    Decision d;
    d.id = DecisionId("d" + std::to_string(++ids_));
    const bool known = !rng_.chance(0.05);
    if (known) d.asset = AssetId(kWalkAssets[rng_.below(std::size(kWalkAssets))]);
    d.entity = (known ? d.asset.str() : "NOBODY") + "/DE-H";
    if (rng_.chance(0.8)) d.signal = SignalId(d.entity);
    if (rng_.chance(0.7)) d.point = "DE";
    d.at = now_ - seconds(std::int64_t(rng_.below(600)));
    d.mode = FailureMode(kModes[rng_.below(std::size(kModes))]);
    d.task = kKinds[rng_.below(std::size(kKinds))];
    d.priority = Priority(1 + int(rng_.below(4)));
    d.title = "Do something, " + d.asset.str();
    d.symptom = "It shakes \"so\"";
    d.cause = "wear";
    if (rng_.chance(0.8)) d.due = now_ + hours(std::int64_t(rng_.below(300)));
    d.evidence.confidence = rng_.uniform();
    d.evidence.rule = {RuleId("rule"), 1, "9f3c"};
    d.evidence.rationale = "Three in a row.";
    apply(d);
  }

  // ---- people ----
  void person() {
    const Task* task = any_task();
    for (int look = 0; look < 3 && task != nullptr && task->state != TaskState::kProposed; ++look) {
      task = any_task();
    }
    Command c;
    c.act = rng_.chance(0.8) ? Act::kApprove : Act::kReject;
    c.task = task == nullptr || rng_.chance(0.01) ? TaskId("nothing") : task->id;
    c.seen = task == nullptr ? Revision(1) : task->revision;
    if (rng_.chance(0.05)) c.seen = c.seen.next();
    // Half of the time somebody who may: else little would ever be approved.
    const std::size_t who =
        rng_.chance(0.5) ? std::size_t(2 + rng_.below(4)) : rng_.below(people().size());
    c.user = UserId(people()[who].id);
    c.user_name = rng_.chance(0.9) ? "Some Body" : "";
    c.roles = people()[who].roles;
    c.service_account = rng_.chance(0.05);
    static constexpr const char* kReasons[] = {"FALSE_ALARM", "OTHER", "", "NOT_NOW"};
    if (c.act == Act::kReject || rng_.chance(0.1)) c.reason_code = kReasons[rng_.below(4)];
    if (rng_.chance(0.3)) c.comment = "as seen";
    static constexpr const char* kMeanings[] = {"approval", "", "review", "rejection"};
    c.meaning = kMeanings[rng_.chance(0.9) ? rng_.below(2) : rng_.below(4)];
    if (rng_.chance(0.5)) c.idempotency_key = "k" + std::to_string(rng_.below(50));
    apply(c);
    if (rng_.chance(0.1)) apply(c);  // a double click
  }

  void timers() {
    for (const TimerDue& due : workflow::timers_due(view_, now_, 50)) apply(due);
    if (const Task* task = any_task()) apply(TimerDue{task->id, now_});  // one too many
    apply(TimerDue{TaskId("nothing"), now_});
  }

  // ---- other systems ----
  void warehouse() {
    const std::string material = kWalkMaterials[rng_.below(std::size(kWalkMaterials))];
    const Instant when = now_ - seconds(std::int64_t(rng_.below(4'000)));
    if (rng_.chance(0.5)) {
      Fields fields{{"materialId", text(material)}, {"onHand", pieces(double(rng_.below(6)))}};
      if (rng_.chance(0.3)) fields.emplace_back("blocked", pieces(double(rng_.below(3))));
      if (rng_.chance(0.3)) fields.emplace_back("reserved", pieces(double(rng_.below(3))));
      return apply_event("wms.stock.changed", std::move(fields), when);
    }
    static constexpr const char* kMovements[] = {"101", "261", "551", "311"};
    apply_event("erp.goodsmovement.posted",
                {{"materialId", text(material)},
                 {"movementType", text(kMovements[rng_.below(4)])},
                 {"qty", pieces(double(1 + rng_.below(2)))}},
                when);
  }

  void cmms() {
    const Task* task = any_task();
    static constexpr const char* kStatus[] = {"CRTD", "REL", "STRT", "TECO", "CLSD", "CANC"};
    static constexpr const char* kCauses[] = {"", "BRG-OUTER", "UNBALANCE", "NO-FAULT"};
    Fields fields{{"woId", text(std::to_string(4'000'000 + rng_.below(50)))},
                  {"assetId", text(kWalkAssets[rng_.below(std::size(kWalkAssets))])},
                  {"status", text(kStatus[rng_.below(6)])},
                  {"cause", text(kCauses[rng_.below(4)])}};
    if (rng_.chance(0.2)) fields.emplace_back("plannedEnd", FieldValue{now_ + hours(3)});
    if (task != nullptr && rng_.chance(0.6)) {
      fields.emplace_back("externalRef", text(task->id.str()));
    }
    apply_event("cmms.workorder.statuschanged", std::move(fields),
                now_ - seconds(std::int64_t(rng_.below(4'000))));
  }

  void machine() {
    static constexpr const char* kStates[] = {"Executing", "NotExecuting", "OutOfService"};
    apply_event("mes.equipment.statechanged",
                {{"workUnitId", text("U-1")},
                 {"state", text(kStates[rng_.below(3)])},
                 {"mode", text(rng_.chance(0.8) ? "Processing" : "Maintenance")}},
                now_ - seconds(std::int64_t(rng_.below(100))));
  }

  void other() {
    switch (rng_.below(4)) {
      case 0:
        return apply_event("erp.masterdata.changed",
                           {{"objectType", text("MATERIAL")},
                            {"objectId", text(kWalkAssets[rng_.below(std::size(kWalkAssets))])},
                            {"version", text("2")}},
                           now_);
      case 1:
        return apply(Notice{"auth.refused", {{"user", "x"}}});
      case 2:
        return apply(ConfigLoaded{"v2", "again"});
      default: {
        DeadLetterCount count;
        count.where = {"plant.events", 0};
        count.count = 3;
        return apply(count);
      }
    }
  }

  void erp() {
    if (orders_.empty()) return;
    const std::size_t i = rng_.below(orders_.size());
    EffectReport report;
    report.id = orders_[i].id;
    report.kind = EffectKind::kErp;
    report.task = orders_[i].task;
    report.outcome = EffectOutcome(rng_.below(5));
    report.detail = "HTTP 503.";
    report.not_before = now_ + seconds(30);
    report.external_number = std::to_string(4'000'000 + rng_.below(50));
    // Now and then it answers again, long after.
    if (rng_.chance(0.4)) orders_.erase(orders_.begin() + std::ptrdiff_t(i));
    apply(report);
  }

  // ---- steps ----
  using Fields = std::vector<std::pair<std::string, FieldValue>>;
  static FieldValue text(std::string value) { return {std::move(value)}; }
  static FieldValue pieces(double n) { return {Quantity{n, "C62", n, "C62"}}; }
  void apply_event(std::string_view type, Fields fields, Instant time) {
    Event e;
    e.type = codec::find_event_type(type);
    MW_CHECK(e.type != nullptr);
    e.time = time;
    e.fields.resize(e.type->fields.size());
    for (auto& [name, value] : fields) {
      const auto index = e.type->index_of(name);
      MW_CHECK(index.has_value());
      e.fields[*index] = std::move(value);
    }
    apply(Fact{std::move(e)});
  }

  void apply(const Intent& intent) {
    const workflow::Context context{plant_, policy_};
    Result<Change> change = workflow::settle(view_, intent, now_, context);
    const Result<Change> again = workflow::settle(twin_, intent, now_, context);
    if (bool(change) != bool(again)) return problem("the twin decides otherwise");
    if (!change) {
      check_.refusal(intent, change.error());
      hash_ = sha256({as_bytes(hash_), change.error().message});
      return;
    }
    const std::string said = text_of(*change);
    if (said != text_of(*again)) return problem("the twin says something else:\n" + said);
    hash_ = sha256({as_bytes(hash_), said});
    const PlantView before = view_;
    if (mutant_ != WalkMutant::kNone) spoil(mutant_, before, *change);
    millwright::apply(*change, view_);
    millwright::apply(stored(*again), twin_);
    check_.change(intent, before, *change, view_, now_);
    for (const Effect& effect : change->effects) {
      if (effect.kind == EffectKind::kErp) orders_.push_back(effect);
    }
    for (const Case& c : change->cases) {
      report_.cases_closed += c.state == CaseState::kClosed ? 1 : 0;
    }
  }
  void problem(const std::string& text) { report_.problems.push_back(text); }

  const Task* any_task() {
    const std::size_t n = view_.tasks.size();
    if (n == 0) return nullptr;
    std::size_t skip = rng_.below(n);
    const Task* found = nullptr;
    view_.tasks.for_each([&](const TaskId&, const Task& task) {
      found = &task;
      return skip-- > 0;
    });
    return found;
  }

  // As the ledger does: what has been over for a day leaves the view.
  void forget() {
    std::vector<TaskId> tasks;
    view_.tasks.for_each([&](const TaskId& id, const Task& task) {
      if (is_final(task.state) && now_ - task.changed_at >= days(1)) tasks.push_back(id);
      return true;
    });
    std::vector<CaseId> cases;
    view_.cases.for_each([&](const CaseId& id, const Case& c) {
      const bool kept = std::any_of(c.tasks.begin(), c.tasks.end(), [&](const TaskId& t) {
        return view_.tasks.find(t) != nullptr &&
               std::find(tasks.begin(), tasks.end(), t) == tasks.end();
      });
      if (c.state == CaseState::kClosed && !kept) cases.push_back(id);
      return true;
    });
    for (PlantView* view : {&view_, &twin_}) {
      for (const TaskId& id : tasks) view->tasks.erase(id);
      for (const CaseId& id : cases) view->cases.erase(id);
    }
  }

  Rng rng_;
  const WalkMutant mutant_;
  WalkReport& report_;
  const PlantModel plant_;
  workflow::Policy policy_;
  WalkCheck check_;
  PlantView view_;
  PlantView twin_;  // the same, with every value read back from its stored form
  Instant now_ = kBegin;
  std::int64_t ids_ = 0;
  std::vector<Effect> orders_;
  Digest hash_{};
};

}  // namespace

WalkReport walk(std::uint64_t seed, std::int64_t steps, WalkMutant mutant) {
  WalkReport report;
  Walk(seed, mutant, report).run(steps);
  return report;
}

}  // namespace millwright::simulation
