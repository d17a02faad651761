// What must hold after each step, said again from the plant's rules and not from the code.
#include <algorithm>

#include "simulation/walk.hpp"
#include "workflow/states.hpp"

namespace millwright::simulation {
namespace {

bool over(TaskState state) {
  return is_final(state) || state == TaskState::kClosed;
}

std::string text_member(const std::string& json, const std::string& name) {
  const std::string key = "\"" + name + "\":\"";
  const std::size_t at = json.find(key);
  if (at == std::string::npos) return "";
  const std::size_t from = at + key.size();
  return json.substr(from, json.find('"', from) - from);
}

std::vector<Approval> signatures(const Task& task) {
  std::vector<Approval> out;
  for (const Approval& a : task.approvals) {
    if (a.meaning != "rejection" && a.revision == task.revision) out.push_back(a);
  }
  return out;
}

double held(const PlantView& view, const MaterialId& material, bool soft_only) {
  double sum = 0.0;
  view.reservations.for_each([&](const std::string&, const Reservation& r) {
    const bool counts = !soft_only || r.state == ReservationState::kSoft;
    if (r.material == material && counts) sum += r.quantity;
    return true;
  });
  return sum;
}

double there(const PlantView& view, const MaterialId& material) {
  const Stock* stock = view.stock.find(material);
  return stock == nullptr ? 0.0 : stock->on_hand - stock->blocked - stock->reserved;
}

constexpr double kRounding = 1e-9;

std::string describe(const Intent& intent) {
  static constexpr const char* kNames[] = {"a decision", "a fact",   "a command", "a report",
                                           "a timer",    "a config", "a count",   "a notice"};
  std::string out = kNames[intent.index()];
  if (const auto* c = std::get_if<Command>(&intent)) {
    out += std::string(c->act == Act::kApprove ? ", approve " : ", reject ") + c->task.str();
  }
  if (const auto* f = std::get_if<Fact>(&intent)) {
    out += ", " + std::string(f->event.type->name) + ' ' + std::string(f->event.text("status"));
  }
  return out;
}

}  // namespace

void WalkCheck::problem(const std::string& text) {
  if (report_.problems.size() < 20) {
    report_.problems.push_back("step " + std::to_string(report_.steps) + ", " + now_ + ": " + text);
  }
}

void WalkCheck::change(const Intent& intent, const PlantView& before, const Change& change,
                       const PlantView& after, Instant now) {
  now_ = describe(intent);
  edges(before, change);
  std::set<TaskId> once;
  for (const Task& t : change.tasks) {
    if (!once.insert(t.id).second) problem("a change has two values of " + t.id.str());
    task(intent, before.tasks.find(t.id), t, after, now);
  }
  audit(change, after);
  effects(before, change, after);
  holds(before, change, after);
}

// The log tells every state that was gone through; each leads to the next along one edge.
void WalkCheck::edges(const PlantView& before, const Change& change) {
  std::map<TaskId, std::string> state;
  for (const AuditRecord& record : change.audit) {
    if (record.task.empty() || record.type.compare(0, 5, "task.") != 0) continue;
    const std::string next = text_member(record.body, "state");
    const Task* was = before.tasks.find(record.task);
    std::string from = state.count(record.task) != 0 ? state[record.task]
                       : was == nullptr              ? ""
                                                     : std::string(to_text(was->state));
    state[record.task] = next;
    if (from.empty()) {
      if (record.type != "task.proposed") problem("a task begins with " + record.type);
      continue;
    }
    if (from == next) continue;
    bool legal = false;
    for (const workflow::Edge& e : workflow::edges()) {
      if (to_text(e.from) != from || to_text(e.to) != next) continue;
      legal = true;
      taken_.insert({e.from, e.to});
    }
    if (!legal) problem("from " + from + " to " + next + " there is no edge");
  }
  report_.edges_taken = taken_.size();
  for (const Task& t : change.tasks) {
    const Task* was = before.tasks.find(t.id);
    const bool moved = was == nullptr || was->state != t.state;
    if (moved && state[t.id] != to_text(t.state)) {
      problem("the log does not tell how " + t.id.str() + " became " +
              std::string(to_text(t.state)));
    }
  }
}

void WalkCheck::task(const Intent& intent, const Task* was, const Task& is, const PlantView& after,
                     Instant now) {
  const Case* of = after.cases.find(is.case_id);
  if (of == nullptr) {
    problem("a task without a case");
  } else if (std::find(of->tasks.begin(), of->tasks.end(), is.id) == of->tasks.end()) {
    problem("a task that its case does not know");
  }
  if (is.evidence.empty() || is.evidence.size() > 50) problem("evidence out of bounds");
  signature(intent, was, is, now);
  if (was == nullptr) {
    if (is.kind == TaskKind::kWorkOrder && is.confidence < policy_.inspect_below) {
      problem("a repair was proposed on a guess");
    }
    if (is.state != TaskState::kProposed)
      problem("a task is born " + std::string(to_text(is.state)));
    return;
  }
  if (is.revision < was->revision) problem("a revision went back");
  if (is.changes < was->changes) problem("the number of announcements went back");
  if (is.kind != was->kind || is.case_id != was->case_id) problem("a task became another");
  if (is_final(was->state) && (is.state != was->state || is.revision != was->revision ||
                               is.approvals.size() != was->approvals.size())) {
    problem("a task left its end state " + std::string(to_text(was->state)));
  }
  if (was->state != TaskState::kProposed && is.revision != was->revision) {
    problem("what was decided was revised");
  }
  if (was->state == TaskState::kProposed && is.state == TaskState::kExpired &&
      (!was->decide_by || *was->decide_by > now)) {
    problem("expired before its time");
  }
  if (is.state == TaskState::kExpired && was->state != TaskState::kExpired) ++report_.expired;
}

// Whoever signs is a person, says so himself, has the role, and has not signed this before.
void WalkCheck::signature(const Intent& intent, const Task* was, const Task& is, Instant now) {
  const std::size_t before = was == nullptr ? 0 : was->approvals.size();
  if (is.approvals.size() < before) return problem("a signature is gone");
  const bool approved =
      is.state == TaskState::kApproved && (was == nullptr || was->state == TaskState::kProposed);
  if (is.approvals.size() == before) {
    if (approved) problem("approved without a new signature");
    return;
  }
  const auto* command = std::get_if<Command>(&intent);
  if (command == nullptr || is.approvals.size() != before + 1) {
    return problem("a signature that nobody gave");
  }
  const Approval& a = is.approvals.back();
  if (command->task != is.id || command->user != a.user) problem("a signature for somebody else");
  if (command->service_account) problem("a program has signed");
  if (a.at != now || a.revision != command->seen) problem("a signature of another revision");
  if (was != nullptr && was->decide_by && *was->decide_by <= now) problem("signed after its time");
  if (std::find(command->roles.begin(), command->roles.end(), a.role) == command->roles.end()) {
    problem("signed under a role the person has not");
  }
  if (command->act == Act::kReject) {
    if (command->reason_code.empty() || is.state != TaskState::kRejected) {
      problem("a rejection without a reason, or without effect");
    }
    return;
  }
  if (approved) {
    approval(is);
    ++report_.approved;
  }
}

// DOMAIN's approval matrix, as people read it.
void WalkCheck::approval(const Task& task) {
  const std::vector<Approval> all = signatures(task);
  std::set<UserId> people;
  bool supervisor = false, manager = false;
  for (const Approval& a : all) {
    people.insert(a.user);
    supervisor = supervisor || a.role == Role::kMaintenanceSupervisor;
    manager = manager || a.role == Role::kPlantManager;
    const bool may = a.role == Role::kMaintenanceSupervisor || a.role == Role::kPlanner ||
                     a.role == Role::kPlantManager;
    if (!may) problem("signed by the " + std::string(to_text(a.role)));
    const bool order = task.kind == TaskKind::kWorkOrder;
    if (order && task.criticality != Criticality::kA && a.role == Role::kPlanner) {
      problem("a planner approved a work order alone");
    }
  }
  if (people.size() != all.size()) problem("one person signed twice");
  std::size_t needed = 1;
  if (task.kind == TaskKind::kWorkOrder) {
    if (task.cost > policy_.money_one) needed = 2;
    if (task.cost > policy_.money_two && !manager) problem("much money without the manager");
    if (task.criticality == Criticality::kA) {
      needed = 2;
      if (!supervisor) problem("class A without the supervisor");
      if (task.duration_h > 8.0 && !manager) problem("a long stop without the plant manager");
    }
  }
  if (people.size() < needed) problem("too few have signed");
  if (int(people.size()) < task.approvals_needed) problem("fewer than the task says");
  const auto asset = plant_.assets.find(task.asset);
  if (asset != plant_.assets.end() && asset->second.criticality != task.criticality) {
    problem("the task forgot the class of its machine");
  }
}

void WalkCheck::audit(const Change& change, const PlantView& after) {
  for (const AuditRecord& record : change.audit) {
    if (record.type.empty() || record.actor.empty()) problem("a record without type or actor");
    if (record.task.empty()) continue;
    const Task* found = after.tasks.find(record.task);
    if (found == nullptr) {
      problem(record.type + " of a task that is not there");
    } else if (found->case_id != record.case_id) {
      problem(record.type + " names another case");
    }
  }
}

void WalkCheck::effects(const PlantView& before, const Change& change, const PlantView& after) {
  for (const Effect& effect : change.effects) {
    if (!effects_.insert(effect.id.str()).second) problem("an effect's id came twice");
    if (effect.kind != EffectKind::kErp) continue;
    ++report_.orders;
    if (!ordered_.insert(effect.task).second) problem("the ERP was asked twice for one task");
    const Task* task = after.tasks.find(effect.task);
    const Task* was = before.tasks.find(effect.task);
    if (task == nullptr || was == nullptr || was->state != TaskState::kProposed ||
        task->state != TaskState::kApproved) {
      problem("the ERP was asked without an approval");
    } else if (signatures(*task).empty()) {
      problem("the ERP was asked for a revision that nobody signed");
    }
    if (effect.body.find("\"" + effect.task.str() + "\"") == std::string::npos) {
      problem("the ERP was asked without our reference");
    }
  }
}

// A hold never takes more than was there; a soft one gives way when there is less.
void WalkCheck::holds(const PlantView& before, const Change& change, const PlantView& after) {
  if (change.reservations.empty() && change.stock.empty()) return;
  for (const char* name : kWalkMaterials) {
    const MaterialId material(name);
    const double now = held(after, material, false);
    const double was = held(before, material, false);
    if (now > was + kRounding && now > there(after, material) + kRounding) {
      problem("more was reserved of " + material.str() + " than there is: " + std::to_string(now) +
              " after " + std::to_string(was) + ", of " + std::to_string(there(after, material)));
    }
    if (held(after, material, true) > kRounding && now > there(after, material) + kRounding) {
      problem("a proposal holds " + material.str() + " that is not there");
    }
    if (now < was - kRounding && !change.stock.empty()) ++report_.conflicts;
  }
  for (const Reservation& r : change.reservations) {
    const Task* task = after.tasks.find(r.task);
    if (task == nullptr || task->kind != TaskKind::kPartReservation) {
      problem("a hold without its reservation");
      continue;
    }
    for (const PartLine& part : task->parts) {
      if (part.material == r.material && r.quantity > part.quantity + kRounding) {
        problem("more is held than was asked for");
      }
    }
  }
}

void WalkCheck::refusal(const Intent& intent, const Error& error) {
  now_ = describe(intent);
  if (!std::holds_alternative<Command>(intent)) problem("refused: " + error.message);
  if (error.message.empty()) problem("a refusal without a word");
  ++report_.refused;
}

// What lanes read was kept up step by step; here it is counted anew.
void WalkCheck::lanes(const PlantView& view) {
  std::map<AssetId, std::pair<int, int>> counted;
  view.tasks.for_each([&](const TaskId&, const Task& t) {
    if (!t.asset.empty() && !over(t.state)) ++counted[t.asset].first;
    return true;
  });
  view.cases.for_each([&](const CaseId&, const Case& c) {
    if (!c.asset.empty() && c.state == CaseState::kOpen) ++counted[c.asset].second;
    return true;
  });
  view.lane.work.for_each([&](const AssetId& id, const OpenWork& work) {
    if (counted[id] != std::pair(int(work.tasks), int(work.cases))) {
      problem("lanes count other open work of " + id.str());
    }
    counted.erase(id);
    return true;
  });
  for (const auto& [id, n] : counted) {
    if (n != std::pair(0, 0)) problem("lanes know of no open work of " + id.str());
  }
  view.stock.for_each([&](const MaterialId& id, const Stock&) {
    const Supply* supply = view.lane.supply.find(id);
    if (supply == nullptr || supply->available != view.available(id, TaskId())) {
      problem("lanes know another supply of " + id.str());
    }
    return true;
  });
}

void WalkCheck::whole(const PlantView& view) {
  lanes(view);
  std::set<std::string> open;
  view.cases.for_each([&](const CaseId&, const Case& c) {
    if (c.state == CaseState::kOpen && !open.insert(c.entity + '\n' + c.mode.str()).second) {
      problem("two open cases of " + c.entity + " " + c.mode.str());
    }
    bool alive = false;
    for (const TaskId& id : c.tasks) {
      const Task* task = view.tasks.find(id);
      alive = alive || (task != nullptr && !over(task->state));
    }
    if (alive != (c.state == CaseState::kOpen)) {
      problem(alive ? "a case is closed and has work to do"
                    : "a case stays open with nothing to do");
    }
    if ((c.state == CaseState::kClosed) != c.closed_at.has_value()) problem("closed, and when?");
    return true;
  });
  view.reservations.for_each([&](const std::string&, const Reservation& r) {
    const Task* task = view.tasks.find(r.task);
    if (task == nullptr || over(task->state)) {
      problem("parts are held for work that is over");
    } else if ((r.state == ReservationState::kSoft) != (task->state == TaskState::kProposed)) {
      problem("a soft hold of something decided, or a hard one of a proposal");
    }
    return true;
  });
}

}  // namespace millwright::simulation
