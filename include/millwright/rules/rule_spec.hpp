#pragma once
// RuleSpec: a rule as its author wrote it (config/rules/*.yaml), read but not yet compiled. Every
// text keeps its place, so that an error can name file, line and column. Values.

#include <string>
#include <vector>

#include "millwright/base/time.hpp"
#include "millwright/domain/observation.hpp"
#include "millwright/rules/watch_spec.hpp"

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

struct RuleSpec {
  std::string id;  // unique in the bundle
  int version = 1;
  std::string owner;  // maintenance, quality, ...
  std::string summary;
  std::vector<std::string> events;  // types it listens to; "tick" for silence
  bool on_gated = false;            // also for readings that the operating-mode gate keeps out
  SourceText condition;             // CEL, bool
  std::vector<Proposal> proposals;  // the first that matches
  std::vector<WatchSpec> watches;   // what it remembers of the readings
  Budget budget;
  Duration repeat_after = hours(1);  // same rule, entity and outcome again: not before this
  SourceText place;                  // of the rule itself
};

}  // namespace millwright::rules
