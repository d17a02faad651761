#pragma once
// TextTemplate: a text with {{ CEL }} parts, compiled once; immutable, shared by all threads.

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "millwright/cel/program.hpp"
#include "millwright/rules/rule_problem.hpp"
#include "millwright/rules/rule_spec.hpp"

namespace millwright::rules {

class TextTemplate {
 public:
  // What is wrong is appended to `problems`; the template is then of no use.
  static TextTemplate compile(const SourceText& source, const cel::Schema& schema,
                              RuleProblems& problems);

  // A part that fails reads "n/a" and leaves its error behind: a missing number is no reason to
  // keep silent about a machine.
  [[nodiscard]] std::string render(std::span<const cel::Value> slots, cel::Arena& arena,
                                   std::vector<std::string>& errors) const;
  void slots_read(std::set<std::uint32_t>& out) const;
  [[nodiscard]] bool empty() const { return parts_.empty(); }

 private:
  struct Part {
    std::string text;
    std::vector<cel::Program> program;  // one, or none for plain text
  };
  std::vector<Part> parts_;
};

// Compiles one expression of a rule; nothing, and what is wrong in `problems`, if it does not
// compile.
[[nodiscard]] std::optional<cel::Program> compile_expression(const SourceText& source,
                                                             cel::TypeKind result,
                                                             const cel::Schema& schema,
                                                             RuleProblems& problems);

}  // namespace millwright::rules
