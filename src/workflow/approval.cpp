#include "workflow/approval.hpp"

#include <algorithm>

#include "workflow/catalog.hpp"

namespace millwright::workflow {
namespace {

bool has(std::span<const Role> roles, Role role) {
  return std::find(roles.begin(), roles.end(), role) != roles.end();
}

// Signatures of the present revision that say yes.
int signatures(const Task& task) {
  return int(std::count_if(task.approvals.begin(), task.approvals.end(), [&](const Approval& a) {
    return a.meaning != "rejection" && a.revision == task.revision;
  }));
}

bool signed_as(const Task& task, Role role) {
  return std::any_of(task.approvals.begin(), task.approvals.end(), [&](const Approval& a) {
    return a.revision == task.revision && a.role == role;
  });
}

// Whose rules they are; the plant manager's where nobody of the list owns them.
Role owner_role(const std::string& owner) {
  if (owner == "maintenance") return Role::kMaintenanceSupervisor;
  if (owner == "planning") return Role::kPlanner;
  if (owner == "quality") return Role::kQualityLead;
  if (owner == "procurement" || owner == "purchasing") return Role::kProcurement;
  return Role::kPlantManager;
}

// Every owner signs, and never one person alone.
Demand release_demand(const Release& release) {
  Demand d;
  for (const std::string& owner : release.owners) {
    const Role role = owner_role(owner);
    if (std::find(d.first.begin(), d.first.end(), role) == d.first.end()) d.first.push_back(role);
  }
  if (d.first.empty()) d.first = {Role::kPlantManager};
  d.needed = std::max(2, int(d.first.size()));
  if (!has(d.first, Role::kPlantManager)) d.second = {Role::kPlantManager};
  return d;
}

// Another may sign beside the owners, as long as every owner still can.
std::optional<Role> release_role(const Task& task, std::span<const Role> roles, const Demand& d) {
  int missing = 0;
  for (const Role role : d.first) {
    if (signed_as(task, role)) continue;
    if (has(roles, role)) return role;
    ++missing;
  }
  if (missing >= d.needed - signatures(task)) return std::nullopt;
  for (const auto& list : {d.first, d.second}) {
    for (const Role role : list) {
      if (has(roles, role)) return role;
    }
  }
  return std::nullopt;
}

std::string words(Role role) {
  std::string text(to_text(role));
  std::replace(text.begin(), text.end(), '_', ' ');
  return "the " + text;
}

int by_money(double cost, const Policy& policy) {
  return cost <= policy.money_one ? 1 : 2;
}

std::string capital(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = char(text[0] - 32);
  return text;
}

}  // namespace

Demand demand(const Task& task, const Policy& policy) {
  if (task.release) return release_demand(*task.release);
  Demand d;
  d.first = {Role::kMaintenanceSupervisor, Role::kPlanner, Role::kPlantManager};
  if (task_type(task.kind).always_one_approver) return d;
  d.first = {Role::kMaintenanceSupervisor, Role::kPlantManager};
  if (task.criticality == Criticality::kA) {
    d.needed = 2;
    d.first = {Role::kMaintenanceSupervisor};
    d.second = {Role::kPlanner, Role::kPlantManager};
    d.plant_manager = task.duration_h > 8.0;
  }
  d.needed = std::max(d.needed, by_money(task.cost, policy));
  d.plant_manager = d.plant_manager || task.cost > policy.money_two;
  return d;
}

std::optional<Role> signing_role(const Task& task, std::span<const Role> roles,
                                 const Demand& demand) {
  if (task.release) return release_role(task, roles, demand);
  const int have = signatures(task);
  const bool last = have + 1 >= demand.needed;
  if (last && have > 0 && demand.plant_manager && !signed_as(task, Role::kPlantManager)) {
    return has(roles, Role::kPlantManager) ? std::optional(Role::kPlantManager) : std::nullopt;
  }
  for (const Role role : demand.first) {
    if (has(roles, role)) return role;
  }
  if (have == 0) return std::nullopt;
  for (const Role role : demand.second) {
    if (has(roles, role)) return role;
  }
  return std::nullopt;
}

std::string in_words(std::span<const Role> roles) {
  std::string text;
  for (std::size_t i = 0; i < roles.size(); ++i) {
    if (i > 0) text += i + 1 == roles.size() ? " or " : ", ";
    text += words(roles[i]);
  }
  return text;
}

std::vector<Role> approver_roles(const Task& task, const Context& context) {
  const Demand d = demand(task, context.policy);
  std::vector<Role> all = d.first;
  all.insert(all.end(), d.second.begin(), d.second.end());
  return all;
}

Permission permission(const Task& task, const UserId& user, const std::vector<Role>& roles,
                      bool service_account, const Context& context) {
  Permission p;
  const auto refuse = [&](std::string why) {
    p.why_not_approve = p.why_not_reject = std::move(why);
    return p;
  };
  if (task.state != TaskState::kProposed) {
    return refuse("It is decided already: " + std::string(to_text(task.state)) + ".");
  }
  if (service_account) return refuse("A program may not decide; a person does.");
  const Demand d = demand(task, context.policy);
  const std::vector<Role> all = approver_roles(task, context);
  const bool any = std::any_of(all.begin(), all.end(), [&](Role r) { return has(roles, r); });
  const std::string who =
      capital(in_words(all)) + " decides " + std::string(task_type(task.kind).name) + ".";
  if (!any) return refuse(who);
  p.reject = true;
  const bool signed_already =
      std::any_of(task.approvals.begin(), task.approvals.end(),
                  [&](const Approval& a) { return a.user == user && a.revision == task.revision; });
  if (task.release && task.release->asked_by == user) {
    p.why_not_approve = "You asked for it; others release it.";
  } else if (signed_already) {
    p.why_not_approve = "You have signed it; the second signature is somebody else's.";
  } else if (!signing_role(task, roles, d)) {
    const bool manager = d.plant_manager && signatures(task) > 0;
    p.why_not_approve = manager        ? "The last signature is the plant manager's."
                        : task.release ? capital(in_words(d.first)) + " has yet to sign."
                                       : capital(in_words(d.first)) + " signs first.";
  } else {
    p.approve = true;
  }
  return p;
}

}  // namespace millwright::workflow
