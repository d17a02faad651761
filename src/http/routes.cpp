#include "http/routes.hpp"

#include <algorithm>
#include <array>

namespace millwright::http {
namespace {

constexpr std::array kTable = {
    Route{Method::kPost, "/api/v1/session", Access::kOpen, Runs::kPassword, create_session,
          "Log in"},
    Route{Method::kGet, "/api/v1/session", Access::kAny, Runs::kHandler, get_session, "Who am I"},
    Route{Method::kDelete, "/api/v1/session", Access::kOpen, Runs::kLogout, nullptr, "Log out"},
    Route{Method::kGet, "/api/v1/tasks", Access::kAny, Runs::kHandler, list_tasks, "Tasks"},
    Route{Method::kGet, "/api/v1/tasks/{id}", Access::kAny, Runs::kHandler, get_task,
          "All that a person needs to decide"},
    Route{Method::kGet, "/api/v1/tasks/{id}/signal", Access::kAny, Runs::kHandler, get_task_signal,
          "The signal behind a task"},
    Route{Method::kPost, "/api/v1/tasks/{id}/approve", Access::kAny, Runs::kHandler, approve_task,
          "Approve a revision"},
    Route{Method::kPost, "/api/v1/tasks/{id}/reject", Access::kAny, Runs::kHandler, reject_task,
          "Reject a revision"},
    Route{Method::kPost, "/api/v1/rule-releases", Access::kAny, Runs::kHandler, ask_for_release,
          "Ask for the release of rules"},
    Route{Method::kGet, "/api/v1/cases/{id}", Access::kAny, Runs::kHandler, get_case,
          "What belongs together"},
    Route{Method::kGet, "/api/v1/decisions", Access::kAny, Runs::kHandler, list_decisions,
          "Decisions behind a task"},
    Route{Method::kGet, "/api/v1/decisions/{id}", Access::kAny, Runs::kHandler, get_decision,
          "One decision"},
    Route{Method::kGet, "/api/v1/events", Access::kAny, Runs::kStream, nullptr,
          "What changes, as it changes"},
    Route{Method::kGet, "/api/v1/plant", Access::kAny, Runs::kHandler, get_plant,
          "Site, shift, counts"},
    Route{Method::kGet, "/api/v1/assets", Access::kAny, Runs::kHandler, list_assets, "Assets"},
    Route{Method::kGet, "/api/v1/assets/{id}", Access::kAny, Runs::kHandler, get_asset,
          "One asset"},
    Route{Method::kGet, "/api/v1/audit/records", Access::kAudit, Runs::kHandler, list_audit_records,
          "Audit records"},
    Route{Method::kGet, "/api/v1/audit/checkpoint", Access::kAudit, Runs::kHandler,
          get_audit_checkpoint, "Newest signed checkpoint"},
    Route{Method::kGet, "/api/v1/openapi.yaml", Access::kOpen, Runs::kHandler, get_openapi,
          "The description of this interface"},
    Route{Method::kGet, "/health/live", Access::kOpen, Runs::kHandler, get_live, "Alive"},
    Route{Method::kGet, "/health/ready", Access::kOpen, Runs::kHandler, get_ready,
          "Work flows, or why not"},
    Route{Method::kGet, "/metrics", Access::kOpen, Runs::kHandler, get_metrics, "Metrics"},
};
static_assert(kTable.size() <= Metrics::kRoutesMost);

constexpr std::array kAuditRoles = {
    Role::kMaintenanceSupervisor, Role::kPlanner,       Role::kQualityLead, Role::kProcurement,
    Role::kPlantManager,          Role::kDataScientist, Role::kAdmin,       Role::kAuditor};

std::string_view take_part(std::string_view& path) {
  const std::size_t slash = std::min(path.find('/', 1), path.size());
  const std::string_view part = path.substr(1, slash - 1);
  path.remove_prefix(slash);
  return part;
}

// Whether the path fits the pattern, part by part; fills what stood for {id}.
bool fits(std::string_view pattern, std::string_view path, std::vector<std::string>& params) {
  params.clear();
  while (!pattern.empty() && !path.empty()) {
    const std::string_view wanted = take_part(pattern);
    const std::string_view got = take_part(path);
    if (wanted.substr(0, 1) == "{") {
      auto value = percent_decode(got, false);
      if (!value || value->empty()) return false;
      params.push_back(std::move(*value));
    } else if (wanted != got) {
      return false;
    }
  }
  return pattern.empty() && path.empty();
}

}  // namespace

std::span<const Route> route_table() {
  return kTable;
}

std::span<const Role> audit_roles() {
  return kAuditRoles;
}

Match match_route(Method method, std::string_view path) {
  Match out;
  std::vector<std::string> params;
  for (std::size_t i = 0; i < kTable.size(); ++i) {
    if (!fits(kTable[i].path, path, params)) continue;
    out.path_known = true;
    out.allow += (out.allow.empty() ? "" : ", ") + std::string(to_text(kTable[i].method));
    // A stream has no end that a HEAD could tell of.
    const bool head = method == Method::kHead && kTable[i].runs != Runs::kStream;
    if (kTable[i].method == (head ? Method::kGet : method) && !out.route) {
      out.route = i;
      out.params = params;
    }
  }
  return out;
}

}  // namespace millwright::http
