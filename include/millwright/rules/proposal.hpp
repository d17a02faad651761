#pragma once
// SourceText and Proposal: the pieces that rules and tables are written in. Values.

#include <string>

#include "millwright/domain/observation.hpp"

namespace millwright::rules {

// A piece of a file, with the place of its first character (1-based).
struct SourceText {
  std::string text;
  std::string file;
  int line = 1;
  int column = 1;
};

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
