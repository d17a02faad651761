#pragma once
// Cell: one question of a decision table, as "> 95", "[80..95)", "A, B" or "-" ask it of an input.
// A value, immutable after parsing.

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "millwright/rules/rule_problem.hpp"
#include "millwright/rules/table_spec.hpp"

namespace millwright::rules {

// What a column's values are.
enum class AxisKind : std::uint8_t { kNumber, kWhole, kText, kFlag };

struct Range {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool low_open = true;
  bool high_open = true;

  [[nodiscard]] bool holds(double x) const {
    return (low_open ? x > low : x >= low) && (high_open ? x < high : x <= high);
  }
};

struct Cell {
  bool any = false;      // "-": whatever there is, and nothing as well
  bool negated = false;  // not in (...): a value, but none of these
  bool absent = false;   // also where there is no value
  bool present = false;  // any value
  std::vector<Range> ranges;
  std::vector<std::string> texts;
  std::vector<bool> flags;
  SourceText source;

  [[nodiscard]] bool speaks_of_absence() const { return absent || present; }
  [[nodiscard]] bool takes(double number) const;
  [[nodiscard]] bool takes(std::string_view text) const;
  [[nodiscard]] bool takes(bool flag) const;
};

// What is wrong is appended to `problems`.
[[nodiscard]] Cell parse_cell(const SourceText& source, AxisKind kind, RuleProblems& problems);

// A literal of an output cell or of an order: 'x' and "x" without their quotes, others as they are.
[[nodiscard]] std::string unquoted(std::string_view text);
[[nodiscard]] bool is_quoted(std::string_view text);
// JSON's numbers without exponents.
[[nodiscard]] bool read_plain_number(std::string_view text, double& out);
// "'A'" for texts, with what must be escaped: a CEL literal.
[[nodiscard]] std::string text_literal(std::string_view text);

}  // namespace millwright::rules
