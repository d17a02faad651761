#pragma once
// Proposal: what a rule asks for, as its author wrote it. A value.

#include "millwright/domain/observation.hpp"
#include "millwright/rules/source_text.hpp"

namespace millwright::rules {

// What a matching row asks for. Texts with `_text` may hold {{ CEL }} parts.
struct Proposal {
  TaskKind task = TaskKind::kInspection;
  SourceText when;        // CEL, bool; "" : always, once the rule's own condition holds
  SourceText mode;        // CEL, string: failure mode
  SourceText priority;    // CEL, int 1..4
  SourceText confidence;  // CEL, double 0..1
  SourceText due_hours;   // CEL, double: hours from the event; "" none
  SourceText title_text;  // "Approve bearing change, {{ asset.id }}"
  SourceText symptom_text;
  SourceText cause_text;
  SourceText rationale_text;
};

}  // namespace millwright::rules
