#include "rules/table/grid.hpp"

#include <algorithm>

#include "millwright/base/limits.hpp"

namespace millwright::rules {
namespace {

constexpr std::string_view kBlank = " \t\r";

bool word_before(std::string_view line, std::size_t at) {
  if (at == 0) return false;
  const auto c = static_cast<unsigned char>(line[at - 1]);
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80;
}

// A line of --- and | that only draws the head's lower edge.
bool is_rule(std::string_view line) {
  return line.find("---") != std::string_view::npos &&
         line.find_first_not_of("-|+=: \t\r") == std::string_view::npos;
}

class Splitter {
 public:
  Splitter(const SourceText& source, RuleProblems& problems)
      : source_(source), problems_(problems) {}

  Grid run() {
    Grid grid;
    bool have_head = false;
    int number = 0;
    // The place is that of the first line that is not empty.
    const std::size_t content = std::min(source_.text.find_first_not_of('\n'), source_.text.size());
    for (std::size_t begin = content; begin <= source_.text.size(); ++number) {
      const std::size_t end = std::min(source_.text.find('\n', begin), source_.text.size());
      const std::string_view line(source_.text.data() + begin, end - begin);
      begin = end + 1;
      const std::size_t first = line.find_first_not_of(kBlank);
      if (first == std::string_view::npos || line[first] == '#' || is_rule(line)) continue;
      GridLine cells;
      if (!split(line, number, cells)) continue;
      if (!have_head) {
        grid.head = std::move(cells);
        have_head = true;
      } else if (fits(grid.head, cells)) {
        grid.rows.push_back(std::move(cells));
      }
    }
    if (!have_head || (grid.rows.empty() && problems_.empty())) {
      complain(source_,
               "a table has a head and rows, a line each: write 'rows: |' and below it "
               "'signal.value | asset.criticality || task | priority'");
    }
    if (grid.rows.size() > limits::kTableRows) {
      complain(source_, "more than " + std::to_string(limits::kTableRows) +
                            " rows; split the table into two rules");
      grid.rows.resize(limits::kTableRows);
    }
    return grid;
  }

 private:
  void complain(const SourceText& at, std::string message) {
    problems_.push_back({at.file, at.line, at.column, std::move(message)});
  }

  SourceText piece(std::string_view line, int number, std::size_t begin, std::size_t end) const {
    while (begin < end && kBlank.find(line[begin]) != std::string_view::npos) ++begin;
    while (end > begin && kBlank.find(line[end - 1]) != std::string_view::npos) --end;
    SourceText out = source_;
    out.text = std::string(line.substr(begin, end - begin));
    out.line += number;
    out.column += characters(line.substr(0, begin));
    return out;
  }

  // The end of the text in quotes that begins at `at`, or npos.
  static std::size_t end_of_quoted(std::string_view line, std::size_t at) {
    for (std::size_t i = at + 1; i < line.size(); ++i) {
      if (line[i] == '\\') {
        ++i;
      } else if (line[i] == line[at]) {
        return i;
      }
    }
    return std::string_view::npos;
  }

  bool split(std::string_view line, int number, GridLine& out) {
    out.place = piece(line, number, 0, line.size());
    bool outputs = false;
    std::size_t begin = line.find_first_not_of(kBlank);
    if (line[begin] == '|' && line.substr(begin, 2) != "||") ++begin;
    const auto take = [&](std::size_t end) {
      (outputs ? out.outputs : out.inputs).push_back(piece(line, number, begin, end));
    };
    for (std::size_t i = begin; i < line.size(); ++i) {
      if ((line[i] == '\'' || line[i] == '"') && !word_before(line, i)) {
        const std::size_t end = end_of_quoted(line, i);
        if (end == std::string_view::npos) {
          complain(piece(line, number, i, line.size()), "this quote has no end");
          return false;
        }
        i = end;
      } else if (line[i] == '|') {
        take(i);
        if (line.substr(i, 2) == "||") {
          if (outputs) {
            complain(piece(line, number, i, line.size()),
                     "a line has one '||', between what is asked and what it gives; a text with | "
                     "in it stands in quotes");
            return false;
          }
          outputs = true;
          ++i;
        }
        begin = i + 1;
      }
    }
    take(line.size());
    return whole(out, outputs);
  }

  bool whole(GridLine& out, bool divided) {
    if (!divided) {
      complain(out.place, "this line has no '||' between what is asked and what it gives");
      return false;
    }
    // One | at the end of the line is decoration.
    if (!out.outputs.empty() && out.outputs.back().text.empty()) out.outputs.pop_back();
    out.otherwise = out.inputs.size() == 1 && out.inputs[0].text == "otherwise";
    if (out.otherwise) out.inputs.clear();
    for (const auto* cells : {&out.inputs, &out.outputs}) {
      for (const SourceText& cell : *cells) {
        if (cell.text.empty()) {
          complain(cell, "an empty cell; write - for anything, or for what the defaults say");
          return false;
        }
        if (cell.text.size() > limits::kTableCellBytes) {
          complain(cell, "a cell of more than " + std::to_string(limits::kTableCellBytes) +
                             " bytes; put the text into 'defaults'");
          return false;
        }
      }
      if (cells->size() > limits::kTableColumns) {
        complain(out.place, "more than " + std::to_string(limits::kTableColumns) +
                                " columns on one side; split the table");
        return false;
      }
    }
    return true;
  }

  bool fits(const GridLine& head, const GridLine& row) {
    const auto count = [&](std::string_view side, std::size_t has, std::size_t wanted) {
      if (has == wanted) return true;
      complain(row.place, "this row has " + std::to_string(has) + " cells " + std::string(side) +
                              " the '||', the head has " + std::to_string(wanted));
      return false;
    };
    return (row.otherwise || count("before", row.inputs.size(), head.inputs.size())) &&
           count("behind", row.outputs.size(), head.outputs.size());
  }

  const SourceText& source_;
  RuleProblems& problems_;
};

}  // namespace

Grid split_grid(const SourceText& source, RuleProblems& problems) {
  return Splitter(source, problems).run();
}

int characters(std::string_view text) {
  return int(std::count_if(text.begin(), text.end(),
                           [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace millwright::rules
