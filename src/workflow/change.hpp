#pragma once
// Draft: a Change in the making, over the view it changes. Every alteration of a task goes through
// it, so that audit record and announcement are never forgotten. Lives for one settle().

#include <string>
#include <string_view>

#include "millwright/domain/intent.hpp"
#include "millwright/domain/view.hpp"
#include "millwright/workflow/settle.hpp"
#include "workflow/states.hpp"

namespace millwright::workflow {

class Draft {
 public:
  // Both references must outlive the draft.
  Draft(const PlantView& view, const Context& context, Instant now)
      : view_(view), context_(context), now_(now) {}

  // As changed so far, else as in the view; null if there is none.
  [[nodiscard]] const Task* task(const TaskId& id) const;
  [[nodiscard]] const Case* find_case(const CaseId& id) const;

  // Puts the new value in, without a word in the log (the caller has written one).
  void put(Task task);
  void put(Case value);

  // Takes the task along the edge; false, and nothing happens, where there is none.
  bool move(Task& task, Trigger trigger, std::string_view actor, std::string_view reason);
  // A record about the task as it stands; `type` such as task.revised.
  void audit(std::string_view type, const Task& task, std::string_view actor,
             std::string_view detail, const DecisionId& decision = DecisionId());
  void audit(AuditRecord record) { change_.audit.push_back(std::move(record)); }
  // orch.task.<what>, once the value has been put in.
  void announce(const Task& task, std::string_view what);
  // put() and announce() of a task that was proposed or revised.
  void publish(Task task, std::string_view what);
  void effect(Effect effect) { change_.effects.push_back(std::move(effect)); }

  // Holds what the task asks for, as far as it is there. move() ends all holds of what is over.
  void hold(const Task& task, ReservationState state, Instant until);
  // Ends what hangs on a work order that will not be done: sibling tasks; then the case.
  void wind_up(const Task& task, std::string_view actor, std::string_view reason);
  // Closes the case when none of its tasks is alive any more.
  void close_case_if_done(const CaseId& id);

  [[nodiscard]] const PlantView& view() const { return view_; }
  [[nodiscard]] const Context& context() const { return context_; }
  [[nodiscard]] Instant now() const { return now_; }
  [[nodiscard]] Change& change() { return change_; }
  [[nodiscard]] Change take() { return std::move(change_); }

 private:
  void end_holds(const Task& task, ReservationState state);

  const PlantView& view_;
  const Context& context_;
  const Instant now_;
  Change change_;
};

// Nothing more will happen to it by itself.
[[nodiscard]] bool is_over(TaskState state);

[[nodiscard]] EffectId erp_effect_id(const TaskId& task);

}  // namespace millwright::workflow
