#pragma once
// The numbers that a rule's condition compares its inputs with, and the same rule with one of them
// made stricter: what may be tried against a rule that raises too much. Pure; values.

#include <span>
#include <string>
#include <vector>

#include "millwright/domain/event_type.hpp"
#include "millwright/rules/rule_spec.hpp"

namespace millwright::rules {

struct Threshold {
  std::string comparison;  // as written: "signal.value > 4.5"
  std::size_t begin = 0;   // of the number in the condition's text
  std::size_t size = 0;
  double number = 0.0;
  bool upwards = true;  // stricter by a greater number
};

// In the order of the text, each `<`, `<=`, `>` or `>=` with a number of its own; empty when the
// condition does not compile.
[[nodiscard]] std::vector<Threshold> thresholds(const RuleSpec& spec,
                                                std::span<const EventType> catalogue);

// Numbers to try instead, ever stricter: 10, 25, 50 and 100 % away; whole ones stay whole.
[[nodiscard]] std::vector<double> stricter(const Threshold& threshold);

// The rule with that number instead, and a version of its own.
[[nodiscard]] RuleSpec with_number(const RuleSpec& spec, const Threshold& threshold, double number);

}  // namespace millwright::rules
