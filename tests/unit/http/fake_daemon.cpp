// The fake daemon's plant, tasks and reader.
#include <algorithm>
#include <cmath>

#include "unit/http/fixture.hpp"

namespace millwright::http {

class MemoryReader final : public StoreReader {
 public:
  explicit MemoryReader(FakeDaemon& daemon) : d_(daemon) {}

  Result<Page<Task>> tasks(const TaskQuery& query) override {
    const std::scoped_lock lock(d_.mutex_);
    if (d_.broken_) return fail(Errc::kUnavailable, "secret detail of the disk");
    std::vector<Task> all;
    d_.view_.tasks.for_each([&](const TaskId&, const Task& task) {
      const auto& states = query.states;
      const bool state =
          states.empty() || std::find(states.begin(), states.end(), task.state) != states.end();
      const bool text = task.title.find(query.text) != std::string::npos;
      if (state && text && (!query.kind || *query.kind == task.kind) &&
          (!query.priority || *query.priority == task.priority) &&
          (query.asset.empty() || query.asset == task.asset)) {
        all.push_back(task);
      }
      return true;
    });
    std::size_t from = 0;
    if (!query.cursor.empty()) {
      if (query.cursor[0] != 'c') return fail(Errc::kInvalid, "cursor is not one of ours.");
      from = std::stoul(query.cursor.substr(1));
    }
    Page<Task> page;
    for (std::size_t i = from; i < all.size() && page.items.size() < query.limit; ++i) {
      page.items.push_back(all[i]);
    }
    const std::size_t next = from + page.items.size();
    if (next < all.size()) page.next = "c" + std::to_string(next);
    return page;
  }
  Result<std::optional<Task>> task(const TaskId& id) override {
    const std::scoped_lock lock(d_.mutex_);
    if (d_.broken_) return fail(Errc::kUnavailable, "secret detail of the disk");
    const Task* found = d_.view_.tasks.find(id);
    return found == nullptr ? std::optional<Task>() : std::optional<Task>(*found);
  }
  Result<std::optional<Case>> case_by_id(const CaseId& id) override {
    const std::scoped_lock lock(d_.mutex_);
    const Case* found = d_.view_.cases.find(id);
    return found == nullptr ? std::optional<Case>() : std::optional<Case>(*found);
  }
  Result<std::optional<Decision>> decision(const DecisionId& id) override {
    const auto found = d_.decisions_.find(id);
    return found == d_.decisions_.end() ? std::optional<Decision>()
                                        : std::optional<Decision>(found->second);
  }
  Result<std::vector<Decision>> decisions_of(const TaskId& task, std::size_t limit) override {
    std::vector<Decision> out;
    if (task != kTask) return out;
    for (const auto& [id, decision] : d_.decisions_) out.push_back(decision);
    if (out.size() > limit) out.resize(limit);
    return out;
  }
  Result<Page<AuditEntry>> audit(const AuditQuery& query) override {
    Page<AuditEntry> page;
    for (const auto& [task, entry] : d_.audit_) {
      if ((!query.task.empty() && query.task != task) ||
          (query.after && entry.seq <= *query.after) ||
          (!query.type.empty() && query.type != entry.type)) {
        continue;
      }
      if (page.items.size() == query.limit) {
        page.next = "more";
        break;
      }
      page.items.push_back(entry);
    }
    return page;
  }
  Result<std::string> last_checkpoint() override {
    return std::string("millwright/lyon\n3\nabc=\n");
  }
  Result<std::vector<Effect>> due_effects(EffectKind, std::int64_t, Instant, std::size_t) override {
    return std::vector<Effect>{};
  }
  Result<std::map<TopicPartition, Offset>> delivered_up_to() override {
    return std::map<TopicPartition, Offset>{};
  }
  Result<StoreCounts> counts() override {
    StoreCounts counts;
    counts.dispositions["observed"] = 41;
    counts.tasks_by_state["PROPOSED"] = 3;
    counts.effects_parked = 2;
    return counts;
  }

 private:
  FakeDaemon& d_;
};

FakeDaemon::FakeDaemon() {
  make_plant();
  make_tasks();
}

void FakeDaemon::make_plant() {
  plant_.site_id = "lyon";
  plant_.site_name = "Lyon";
  plant_.calendar.time_zone = "Europe/Paris";
  plant_.calendar.shifts = {{"early", 360, 480}, {"late", 840, 480}, {"night", 1320, 480}};
  for (const char* id : {"F-201", "P-101", "P-102"}) {
    Asset asset;
    asset.id = AssetId(id);
    asset.name = std::string("Machine ") + id;
    asset.asset_class = "pump";
    asset.path = "lyon/utilities/cooling";
    asset.criticality = Criticality::kA;
    asset.gate.work_unit = WorkUnitId("WU-1");
    plant_.assets[asset.id] = asset;
  }
  Signal signal;
  signal.id = SignalId("P-101/DE-H");
  signal.asset = AssetId("P-101");
  signal.name = "Vibration, drive end, horizontal";
  signal.unit = "mm/s";
  signal.limit_bc = 2.8;
  signal.limit_cd = 4.5;
  plant_.signals[signal.id] = signal;
  plant_.crafts[CraftId("MECH")] = {CraftId("MECH"), "Mechanic", 60.0};
  view_.lane.equipment.set(WorkUnitId("WU-1"), {"Executing", "Processing", clock.now(), "", ""});
  view_.stock.set(MaterialId("BRG-6312-C3"), {2.0, 0.0, 1.0, clock.now()});
}

void FakeDaemon::make_tasks() {
  Decision decision;
  decision.id = DecisionId("dec-1");
  decision.at = clock.now() - minutes(14);
  decision.asset = AssetId("P-101");
  decision.signal = SignalId("P-101/DE-H");
  decision.entity = "P-101/DE-H";
  decision.mode = FailureMode("BRG-OUTER");
  decision.title = "Approve bearing change, P-101";
  decision.evidence.rule = {RuleId("bearing-vibration"), 7, "9f3c71d04be820a5"};
  decision.evidence.position = {{"plant.iot", 2}, Offset(918273)};
  decision.evidence.event = {"/lyon/vib/gw-2", "01HV5"};
  decision.evidence.events = {decision.evidence.event};
  decision.evidence.readings = {{"Vibration", "3.24", "mm/s", 3.24, 2.8}};
  decision.evidence.contributions = {{"Envelope peak at 75.7 Hz", 1.92, "outer race"}};
  const float gap = std::nanf("");
  decision.series = {{decision.at - minutes(20), 2.96F, 0.93F, 1.33F},
                     {decision.at - minutes(10), gap, gap, gap},
                     {decision.at, 3.24F, 0.94F, 1.34F}};
  decisions_[decision.id] = decision;

  Task task;
  task.id = kTask;
  task.case_id = CaseId("case-1");
  task.kind = TaskKind::kWorkOrder;
  task.revision = Revision(2);
  task.priority = Priority::kP2;
  task.asset = AssetId("P-101");
  task.criticality = Criticality::kA;
  task.title = decision.title;
  task.cause = "Outer race of the drive-end bearing";
  task.signal = decision.signal;
  task.confidence = 0.86;
  task.rule = decision.evidence.rule;
  task.order_text = "Replace DE bearing 6312, P-101";
  task.crafts = {{CraftId("MECH"), 8.5}};
  PartLine part;
  part.material = MaterialId("BRG-6312-C3");
  part.quantity = 1.0;
  part.unit_cost = 382.0;
  task.parts = {part};
  task.duration_h = 3.5;
  task.cost = 892.0;
  task.window_from = clock.now() + days(3);
  task.proposed_at = clock.now() - minutes(14);
  task.changed_at = clock.now() - minutes(12);
  task.decide_by = clock.now() + minutes(46);
  task.last_seen = clock.now() - minutes(4);
  task.evidence_count = 14;
  put(task);
  Task sibling = task;
  sibling.id = TaskId("task-2");
  sibling.kind = TaskKind::kPartReservation;
  sibling.decide_by = clock.now() + hours(3);
  put(sibling);
  Task old = task;
  old.id = TaskId("task-3");
  old.state = TaskState::kExpired;
  put(old);
  make_case(task, sibling, decision);
}

void FakeDaemon::make_case(const Task& task, const Task& sibling, const Decision& decision) {
  view_.reservations.set("task-2\nBRG-6312-C3", {sibling.id, task.parts[0].material, 1.0,
                                                 ReservationState::kSoft, clock.now() + days(3)});
  Case of;
  of.id = task.case_id;
  of.asset = task.asset;
  of.mode = decision.mode;
  of.opened_by = decision.id;
  of.opened_at = decision.at;
  of.tasks = {kTask, sibling.id};
  view_.cases.set(of.id, of);
  const std::string before = R"({"body":{"cause":"Unbalance","cost":892,"revision":1,"priority":2,)"
                             R"("parts":[{"material":"BRG-6312-C3","quantity":1}]}})";
  audit_.emplace_back(kTask, AuditEntry{AuditSeq(0), "task.proposed", task.proposed_at,
                                        "rule:bearing-vibration@7", before, std::string(64, 'a')});
  audit_.emplace_back(
      kTask,
      AuditEntry{AuditSeq(1), "task.revised", task.changed_at, "rule:bearing-vibration@7",
                 R"({"body":{"revision":2,"detail":"another cause"}})", std::string(64, 'b')});
}

std::unique_ptr<StoreReader> FakeDaemon::make_reader() {
  if (const std::scoped_lock lock(mutex_); no_reader_) return nullptr;
  return std::make_unique<MemoryReader>(*this);
}

PlantViewPtr FakeDaemon::view() {
  const std::scoped_lock lock(mutex_);
  return std::make_shared<const PlantView>(view_);
}

Result<Task> FakeDaemon::submit(Command command) {
  const std::scoped_lock lock(mutex_);
  commands_.push_back(command);
  if (broken_) return fail(Errc::kUnavailable, "secret detail of the disk");
  if (command.act == Act::kAskForRelease) {
    const auto change = workflow::settle(view_, command, clock.now(), {plant_, policy_});
    if (!change) return change.error();
    apply(*change, view_);
    return *view_.tasks.find(command.task);
  }
  const Task* found = view_.tasks.find(command.task);
  if (found == nullptr) return fail(Errc::kNotFound, "There is no such task.");
  if (found->state != TaskState::kProposed) return fail(Errc::kConflict, "It is decided already.");
  const auto may = workflow::permission(*found, command.user, command.roles,
                                        command.service_account, {plant_, policy_});
  if (!may.approve) return fail(Errc::kDenied, may.why_not_approve);
  if (found->revision != command.seen) return fail(Errc::kStale, "The task is at revision 2.");
  Task task = *found;
  const bool yes = command.act == Act::kApprove;
  task.state = yes ? TaskState::kApproved : TaskState::kRejected;
  task.approvals.push_back({command.user, command.user_name, command.roles.front(), clock.now(),
                            command.seen, yes ? command.meaning : "rejection", command.reason_code,
                            command.comment, command.idempotency_key});
  view_.tasks.set(task.id, task);
  return task;
}

void FakeDaemon::note(Notice notice) {
  const std::scoped_lock lock(mutex_);
  notices_.push_back(std::move(notice));
}

Health FakeDaemon::health() {
  const std::scoped_lock lock(mutex_);
  if (broken_) return Health{{{"ledger", "The disk has failed."}}};
  return {};
}

std::vector<Notice> FakeDaemon::notices() {
  const std::scoped_lock lock(mutex_);
  return notices_;
}

std::vector<Command> FakeDaemon::commands() {
  const std::scoped_lock lock(mutex_);
  return commands_;
}

void FakeDaemon::put(const Task& task) {
  const std::scoped_lock lock(mutex_);
  view_.tasks.set(task.id, task);
}

void FakeDaemon::set_no_reader(bool none) {
  const std::scoped_lock lock(mutex_);
  no_reader_ = none;
}

void FakeDaemon::set_broken(bool broken) {
  const std::scoped_lock lock(mutex_);
  broken_ = broken;
}

}  // namespace millwright::http
