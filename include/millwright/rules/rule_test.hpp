#pragma once
// RuleTest: what a rule's author says it must do, in the rule's own file; and Trial: what it does
// with given inputs. Values.

#include <optional>
#include <string>
#include <vector>

#include "millwright/rules/proposal.hpp"

namespace millwright::rules {

// An input by the name that expressions have for it: signal.value, event.qty, watch.hot.
struct Given {
  SourceText name;
  std::vector<SourceText> values;  // one, unless the input is a list
};

// Members whose text is empty are not looked at.
struct Expectation {
  bool none = false;  // no decision
  SourceText task;
  SourceText mode;
  SourceText priority;
  SourceText confidence;
  SourceText due_hours;
  SourceText row;        // of the table, or the proposal; from 1
  SourceText decisions;  // how many there are
  SourceText title;      // these hold the text
  SourceText symptom;
  SourceText cause;
  SourceText rationale;
  SourceText error;
};

struct RuleTest {
  std::string name;  // for people; may be empty
  std::vector<Given> given;
  Expectation expect;
  SourceText place;
};

// One rule asked with given inputs, without a plant and with nothing decided before.
struct Trial {
  std::vector<Decision> decisions;
  std::vector<std::string> errors;
  std::string why_not;  // where there is no decision, in words
};

}  // namespace millwright::rules
