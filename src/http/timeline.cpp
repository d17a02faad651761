// What happened to a task, from the audit log, and what a later revision changed.
#include <algorithm>
#include <array>

#include "http/json_in.hpp"
#include "http/scene.hpp"
#include "millwright/base/limits.hpp"

namespace millwright::http {
namespace {

constexpr std::size_t kPagesMost = 5;
constexpr std::string_view kPrefix = "task.";
constexpr std::array<std::string_view, 13> kWhat = {
    "proposed",   "revised",      "signed", "approved", "rejected", "expired", "withdrawn",
    "dispatched", "acknowledged", "failed", "started",  "closed",   "verified"};

// "" when the record is of no interest here.
std::string_view what_of(std::string_view type) {
  if (type.substr(0, kPrefix.size()) != kPrefix) return {};
  type.remove_prefix(kPrefix.size());
  return std::find(kWhat.begin(), kWhat.end(), type) != kWhat.end() ? type : std::string_view{};
}

// Records of one task, oldest first.
Result<std::vector<AuditEntry>> records_of(const TaskId& id, const Scene& scene) {
  std::vector<AuditEntry> out;
  AuditQuery query;
  query.task = id;
  query.limit = limits::kHttpPage;
  for (std::size_t page = 0; page < kPagesMost; ++page) {
    auto found = scene.context.reader.audit(query);
    if (!found) return found.error();
    for (AuditEntry& entry : found->items) {
      query.after = entry.seq;
      if (!what_of(entry.type).empty()) out.push_back(std::move(entry));
    }
    if (found->next.empty()) break;
  }
  return out;
}

std::string printed_name(const std::string& actor, const Task& task, const Scene& scene) {
  for (const Approval& approval : task.approvals) {
    if (approval.user.str() == actor) return approval.name;
  }
  const auto directory = scene.context.users.read();
  const User* user = directory->user(UserId(actor));
  return user != nullptr ? user->name : actor;
}

void write_entry(JsonWriter& json, Instant at, std::string_view who, std::string_view what,
                 std::optional<int> revision, std::string_view detail) {
  json.begin_object();
  json.field("at", at);
  json.field("who", who);
  json.field("what", what);
  json.key("revision");
  revision ? json.value(*revision) : json.null();
  json.field("detail", detail);
  json.end_object();
}

// As far as the task itself knows, should the log not be readable yet.
void write_from_task(JsonWriter& json, const Task& task) {
  write_entry(json, task.proposed_at,
              "rule:" + task.rule.id.str() + "@" + std::to_string(task.rule.version), "proposed", 1,
              "");
  for (const Approval& a : task.approvals) {
    const bool no = a.meaning == "rejection";
    write_entry(json, a.at, a.name, no ? "rejected" : "signed", a.revision.get(), a.comment);
  }
}

std::string parts_text(const Task& task) {
  std::string out;
  for (const PartLine& part : task.parts) {
    out += (out.empty() ? "" : ", ") + part.material.str() + " x " + shortest(part.quantity);
  }
  return out;
}

}  // namespace

Result<void> write_timeline(JsonWriter& json, const Task& task, const Scene& scene) {
  const auto records = records_of(task.id, scene);
  if (!records) return records.error();
  json.key("timeline");
  json.begin_array();
  for (const AuditEntry& entry : *records) {
    const AuditBody body = parse_audit_body(entry.record);
    write_entry(json, entry.at, printed_name(entry.actor, task, scene), what_of(entry.type),
                body.revision, body.detail);
  }
  if (records->empty()) write_from_task(json, task);
  json.end_array();
  return {};
}

std::vector<FieldChange> changes_since(const Task& task, Revision seen, const Scene& scene) {
  std::vector<FieldChange> out = {
      {"revision", std::to_string(seen.get()), std::to_string(task.revision.get())}};
  const auto records = records_of(task.id, scene);
  if (!records) return out;
  std::optional<AuditBody> before;
  for (const AuditEntry& entry : *records) {
    AuditBody body = parse_audit_body(entry.record);
    if (body.revision && *body.revision == seen.get()) before = std::move(body);
  }
  if (!before) return out;
  const auto compare = [&](const char* field, const std::string& was, const std::string& is) {
    if (was != is) out.push_back({field, was, is});
  };
  compare("cause", before->cause, task.cause);
  compare("priority", before->priority, std::to_string(int(task.priority)));
  compare("due", before->due, task.due ? format_rfc3339(*task.due) : "");
  compare("parts", before->parts, parts_text(task));
  compare("cost", before->cost, shortest(task.cost));
  return out;
}

}  // namespace millwright::http
