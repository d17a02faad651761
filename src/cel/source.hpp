#pragma once
// Source: the text of one expression and what is wrong with it: places, carets, messages. Lives as
// long as one compilation, or within a Program; then only read.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "millwright/cel/program.hpp"

namespace millwright::cel {

struct Source {
  std::string text;
  std::string file;
  std::uint32_t first_line = 1;
  std::uint32_t first_column = 1;

  // Line and column of a byte offset, counted in the file that the expression stands in.
  [[nodiscard]] std::pair<std::uint32_t, std::uint32_t> place(std::uint32_t offset) const;
  // "rules.yaml:3:17: " or "line 3:17: ".
  [[nodiscard]] std::string place_text(std::uint32_t offset) const;
  // The line around the offset and a caret under it, each indented by two.
  [[nodiscard]] std::string excerpt(std::uint32_t offset) const;
};

// Collects what is wrong, in the order of the source; the first word about a place is kept.
class Complaints {
 public:
  static constexpr std::size_t kMost = 20;

  void add(std::uint32_t offset, std::string message, std::string suggestion = {});
  [[nodiscard]] bool empty() const noexcept { return found_.empty(); }
  [[nodiscard]] std::size_t count() const noexcept { return found_.size(); }
  [[nodiscard]] std::vector<Diagnostic> diagnostics(const Source& source) const;
  [[nodiscard]] std::string render(const Source& source) const;

 private:
  struct Complaint {
    std::uint32_t offset;
    std::string message;
    std::string suggestion;
  };
  std::vector<Complaint> found_;  // sorted by offset
};

}  // namespace millwright::cel
