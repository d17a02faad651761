#pragma once
// Scene: the plant at one moment, for writing the answer to one request; and the JSON of tasks,
// decisions and series. Belongs to one handler thread.

#include <optional>
#include <string>
#include <vector>

#include "http/message.hpp"
#include "http/problem.hpp"
#include "http/routes.hpp"
#include "millwright/base/json.hpp"
#include "millwright/domain/view.hpp"
#include "millwright/workflow/settle.hpp"

namespace millwright::http {

struct Scene {
  explicit Scene(Context& c);

  [[nodiscard]] workflow::Context rules() const {
    return {context.backend.plant(), context.backend.policy()};
  }
  // From the view, else from the store.
  [[nodiscard]] Result<std::optional<Task>> task(const TaskId& id) const;
  [[nodiscard]] Result<std::optional<Case>> case_of(const CaseId& id) const;
  [[nodiscard]] workflow::Permission permission(const Task& task, const Caller& caller) const;

  Context& context;
  PlantViewPtr view;
  Instant now;  // plant time
};

// Waits for a decision, and must have it within an hour.
[[nodiscard]] bool is_expiring(const Task& task, Instant now);

// Members of a TaskSummary, inside an object that is open.
void write_summary(JsonWriter& json, const Task& task, const Scene& scene);
// What happens on approval.
void write_effects(JsonWriter& json, const Task& task, const std::optional<Case>& of,
                   const Scene& scene);
[[nodiscard]] Result<std::string> task_detail(const Task& task, const Caller& caller,
                                              const Scene& scene);
// The detail as an answer, with its revision as ETag.
[[nodiscard]] Response task_answer(const Request& request, Context& context, const Task& task);
// What happened to the task, oldest first, as an array.
[[nodiscard]] Result<void> write_timeline(JsonWriter& json, const Task& task, const Scene& scene);
// What is different now from the revision that was seen, as far as the audit log knows it.
[[nodiscard]] std::vector<FieldChange> changes_since(const Task& task, Revision seen,
                                                     const Scene& scene);
void write_decision(JsonWriter& json, const Decision& decision);
void write_reasons(JsonWriter& json, const std::vector<Reason>& reasons);
// The signal behind the task; "" when it stands on none.
[[nodiscard]] std::string series_json(const Decision& decision, const PlantModel& plant);

// Parts of the above that decisions and tasks share; each writes a member.
void write_time(JsonWriter& json, std::string_view name, const std::optional<Instant>& at);
void write_text(JsonWriter& json, std::string_view name, std::string_view text);  // null for ""
void write_rule(JsonWriter& json, const RuleRef& rule);
void write_model(JsonWriter& json, const ModelRef& model);
void write_event_keys(JsonWriter& json, const std::vector<EventKey>& keys);
// "acme/lyon/utilities" -> "lyon/utilities": the enterprise above the site is the same for all.
[[nodiscard]] std::string_view from_site(std::string_view path, const PlantModel& plant);
void write_readings(JsonWriter& json, const std::vector<Reading>& readings);
void write_contributions(JsonWriter& json, const std::vector<Contribution>& contributions);
[[nodiscard]] std::string_view to_text(Criticality criticality);

}  // namespace millwright::http
