#pragma once
// Functions that rules have beside those of the language, and numbers as people read them.

#include <string>
#include <vector>

#include "millwright/cel/schema.hpp"

namespace millwright::rules {

[[nodiscard]] const std::vector<cel::FunctionSpec>& rule_functions();

// At most three decimals below 1, two below 100, one below 10 000, none above; no zeros at the end.
[[nodiscard]] std::string number_text(double number);
// With exactly that many decimals, 0 to 6.
[[nodiscard]] std::string number_text(double number, int decimals);

// A value as a text says it: numbers as above, yes and no, lists with commas.
[[nodiscard]] std::string value_text(const cel::Value& value);

}  // namespace millwright::rules
