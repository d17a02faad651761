// A table's text into its questions and its answers.
#include "rules/table/compile.hpp"

#include <algorithm>
#include <cmath>

#include "rules/table/columns.hpp"
#include "rules/text_template.hpp"

namespace millwright::rules {
namespace {

std::string place_of(const SourceText& at) {
  return (at.file.empty() ? std::string("line ") : at.file + ":") + std::to_string(at.line) + ":" +
         std::to_string(at.column);
}

class TableCompiler {
 public:
  TableCompiler(const TableSpec& spec, RuleScope& scope, RuleProblems& problems)
      : spec_(spec), scope_(scope), problems_(problems), before_(problems.size()) {}

  TableParts run() {
    grid_ = split_grid(spec_.rows, problems_);
    out_.table.hit = spec_.hit;
    out_.table.aggregate = spec_.aggregate;
    if (failed()) return std::move(out_);
    inputs();
    outputs_ = read_outputs(grid_, scope_.schema(), problems_);
    otherwise();
    aggregate();
    ranks();
    if (failed()) return std::move(out_);
    add_slots();
    rows();
    if (!failed()) check_table(out_.table, spec_, answers(), ranks_, places(), problems_);
    return std::move(out_);
  }

 private:
  [[nodiscard]] bool failed() const { return problems_.size() != before_; }

  void complain(const SourceText& at, std::string message) {
    problems_.push_back({at.file, at.line, at.column, std::move(message)});
  }

  void inputs() {
    for (std::size_t i = 0; i < grid_.head.inputs.size(); ++i) {
      const SourceText& head = grid_.head.inputs[i];
      const auto column = read_input(head, scope_.schema(), problems_);
      if (!column) continue;
      std::vector<Cell> cells;
      for (const GridLine& line : grid_.rows) {
        if (line.otherwise) continue;
        cells.push_back(parse_cell(line.inputs[i], column->kind, problems_));
        if (column->input.slot || !cells.back().speaks_of_absence()) continue;
        complain(line.inputs[i], "'" + head.text +
                                     "' is worked out, and never absent; ask for what it is made "
                                     "of in a column of its own");
      }
      const std::optional<Cell> values = values_of(head, column->kind);
      if (values) check_names(head, cells, *values);
      out_.table.inputs.push_back(column->input);
      out_.table.axes.emplace_back(head.text, column->kind, cells, values);
    }
    for (const auto& entry : spec_.values) {
      const auto& heads = grid_.head.inputs;
      if (std::none_of(heads.begin(), heads.end(),
                       [&](const SourceText& head) { return head.text == entry.first.text; })) {
        complain(entry.first, "'" + entry.first.text + "' is no input of this table");
      }
    }
  }

  // A text that the input cannot be is a slip of the pen.
  void check_names(const SourceText& head, const std::vector<Cell>& cells, const Cell& values) {
    for (const Cell& cell : cells) {
      for (const std::string& text : cell.texts) {
        if (values.takes(std::string_view(text))) continue;
        complain(cell.source, "'" + text + "' is none of the values of " + head.text + ": " +
                                  values.source.text);
      }
    }
  }

  std::optional<Cell> values_of(const SourceText& head, AxisKind kind) {
    for (const auto& [name, text] : spec_.values) {
      if (name.text == head.text) return parse_cell(text, kind, problems_);
    }
    return std::nullopt;
  }

  void otherwise() {
    for (std::size_t i = 0; i < grid_.rows.size(); ++i) {
      if (!grid_.rows[i].otherwise) continue;
      if (i + 1 < grid_.rows.size()) {
        complain(grid_.rows[i].place, "'otherwise' is the last row");
      }
      out_.table.otherwise = i;
    }
  }

  void aggregate() {
    const bool over = spec_.aggregate != Aggregate::kList && spec_.aggregate != Aggregate::kCount;
    if (spec_.hit != HitPolicy::kCollect && spec_.aggregate != Aggregate::kList) {
      return complain(spec_.place, "'aggregate' goes with hit: collect");
    }
    if (over == spec_.of.text.empty()) {
      return complain(over ? spec_.place : spec_.of,
                      over ? "'of' is missing: the output that is added up or compared"
                           : "'of' goes with aggregate: sum, min or max");
    }
    if (spec_.aggregate == Aggregate::kList) return;
    for (std::size_t i = 0; i < outputs_.size(); ++i) {
      if (over && outputs_[i].name == spec_.of.text) {
        if (outputs_[i].type != cel::TypeKind::kDouble) {
          complain(outputs_[i].head,
                   "'" + outputs_[i].name + "' must be numbers to be counted with");
        }
        outputs_[i].counted = true;
        out_.table.of = i;
      } else {
        complain(outputs_[i].head, "'" + outputs_[i].name +
                                       "' differs by row, but several rows together give one "
                                       "decision; put it into 'defaults'");
      }
    }
    if (over && !out_.table.of) {
      complain(spec_.of, "'" + spec_.of.text + "' is no output of this table");
    }
  }

  // By row its place in `order`, compared output by output.
  void ranks() {
    if ((spec_.hit == HitPolicy::kPriority) == spec_.order.empty()) {
      return complain(spec_.place, spec_.order.empty()
                                       ? "hit: priority needs 'order': an output and its values, "
                                         "the most important first"
                                       : "'order' goes with hit: priority");
    }
    if (spec_.order.empty()) return;
    std::vector<std::vector<std::size_t>> keys(grid_.rows.size());
    for (const auto& [name, values] : spec_.order) {
      const auto column = std::find_if(outputs_.begin(), outputs_.end(),
                                       [&, &n = name](const auto& o) { return o.name == n.text; });
      if (column == outputs_.end()) {
        return complain(name, "'" + name.text + "' is no output of this table");
      }
      for (std::size_t row = 0; row < grid_.rows.size(); ++row) {
        keys[row].push_back(rank_of(*column, row, values));
      }
    }
    auto sorted = keys;
    std::sort(sorted.begin(), sorted.end());
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    for (std::size_t row = 0; row < keys.size(); ++row) {
      ranks_.push_back(
          std::size_t(std::lower_bound(sorted.begin(), sorted.end(), keys[row]) - sorted.begin()));
      if (!grid_.rows[row].otherwise) out_.table.best.push_back(row);
    }
    std::stable_sort(out_.table.best.begin(), out_.table.best.end(),
                     [&](std::size_t a, std::size_t b) { return ranks_[a] < ranks_[b]; });
  }

  std::size_t rank_of(const OutputColumn& column, std::size_t row,
                      const std::vector<SourceText>& values) {
    const GridLine& line = grid_.rows[row];
    if (line.otherwise) return values.size();
    const SourceText& cell = line.outputs[column.index];
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (unquoted(values[i].text) == unquoted(cell.text)) return i;
    }
    complain(cell, "'" + cell.text + "' is not in the order of '" + column.name + "'");
    return values.size();
  }

  // What texts and expressions of the answer may read as row.<name>.
  void add_slots() {
    for (OutputColumn& column : outputs_) {
      if (column.key == OutputKey::kFree || column.counted) {
        column.slot = scope_.add_row(column.name, column.type);
      }
      if (column.counted) out_.table.result = column.slot;
    }
    if (spec_.aggregate == Aggregate::kCount) {
      out_.table.result = scope_.add_row("count", cel::TypeKind::kInt);
    }
  }

  void rows() {
    for (const GridLine& line : grid_.rows) {
      TableRow row;
      row.text = line.place.text;
      row.place = place_of(line.place);
      for (const SourceText& cell : line.inputs) row.cells.push_back(cell.text);
      Proposal proposal = spec_.defaults;
      SourceText task = spec_.task;
      for (const OutputColumn& column : outputs_) {
        const SourceText& cell = line.outputs[column.index];
        if (column.slot) {
          row.outputs.push_back({*column.slot, output_program(column, cell)});
        } else if (column.key == OutputKey::kTask && cell.text != "-") {
          task = cell;
        } else {
          set_output(column, cell, proposal);
        }
      }
      if (out_.table.of) count_into(outputs_[*out_.table.of], proposal);
      if (!read_task(task, proposal.task)) {
        complain(task.text.empty() ? line.place : task,
                 task.text.empty() ? "this row says no task, and 'defaults' neither"
                                   : "'" + task.text +
                                         "' is no task; write work_order, inspection, "
                                         "sensor_check or master_data");
      }
      for (const auto& [text, what] : {std::pair(&proposal.title_text, "title"),
                                       std::pair(&proposal.symptom_text, "symptom")}) {
        if (text->text.empty()) {
          complain(line.place, std::string("this row has no ") + what + ", and 'defaults' neither");
        }
      }
      out_.table.rows.push_back(std::move(row));
      out_.proposals.push_back(std::move(proposal));
    }
    // There is one number of each table.
    if (out_.table.of) out_.table.of = 0;
  }

  std::optional<cel::Program> output_program(const OutputColumn& column, const SourceText& cell) {
    if (cell.text == "-") return std::nullopt;
    return compile_expression(output_expression(column, cell), column.type, scope_.schema(),
                              problems_);
  }

  // The decision's own field is what all rows together give.
  void count_into(const OutputColumn& column, Proposal& proposal) const {
    SourceText made = column.head;
    made.text = "row." + column.name;
    if (column.key == OutputKey::kPriority) {
      made.text = "int(row.priority)";
      proposal.priority = made;
    }
    if (column.key == OutputKey::kConfidence) proposal.confidence = made;
    if (column.key == OutputKey::kDueHours) proposal.due_hours = made;
  }

  // What a row says, to be compared with another: of a list its mode.
  std::vector<std::string> answers() const {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < out_.proposals.size(); ++i) {
      if (spec_.hit == HitPolicy::kCollect) {
        const std::string& mode = out_.proposals[i].mode.text;
        out.push_back(mode.empty() ? "of the rule" : mode);
        continue;
      }
      std::string all;
      for (const SourceText& cell : grid_.rows[i].outputs) all += unquoted(cell.text) + "\n";
      out.push_back(std::move(all));
    }
    return out;
  }

  std::vector<SourceText> places() const {
    std::vector<SourceText> out;
    for (const GridLine& line : grid_.rows) out.push_back(line.place);
    return out;
  }

  const TableSpec& spec_;
  RuleScope& scope_;
  RuleProblems& problems_;
  std::size_t before_;
  Grid grid_;
  std::vector<OutputColumn> outputs_;
  std::vector<std::size_t> ranks_;
  TableParts out_;
};

}  // namespace

TableParts compile_table(const TableSpec& spec, RuleScope& scope, RuleProblems& problems) {
  return TableCompiler(spec, scope, problems).run();
}

}  // namespace millwright::rules
