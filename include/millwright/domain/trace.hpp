#pragma once
// Trace: what made a rule decide as it did, and what would have changed that. A value, part of the
// evidence of a decision.

#include <string>
#include <vector>

namespace millwright {

// A part of a rule that decided, and what it looked at.
struct Reason {
  std::string source;  // "signal.value > 4.5", or a column of a table and its cell
  std::string values;  // "signal.value = 7.2"
  friend bool operator==(const Reason&, const Reason&) = default;
};

// The smallest change of one input after which the rule, asked again, said something else.
struct Counterfactual {
  std::string input;    // "signal.value"; "" none was found
  std::string was;      // "7.2 mm/s"
  std::string would;    // "4.5 mm/s"
  std::string outcome;  // what it would have said then: "no decision", "inspection P3, mode ..."
  std::string text;     // all of it as a sentence
  friend bool operator==(const Counterfactual&, const Counterfactual&) = default;
};

struct Trace {
  std::string matched;  // the row of the table as it stands in the file; "" the rule has none
  std::vector<Reason> reasons;
  Counterfactual counterfactual;
  friend bool operator==(const Trace&, const Trace&) = default;
};

}  // namespace millwright
