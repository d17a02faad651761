#include "rules/table/columns.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "rules/table/cell.hpp"
#include "rules/text_template.hpp"

namespace millwright::rules {
namespace {

using cel::TypeKind;

struct OutputName {
  std::string_view name;
  OutputKey key;
  TypeKind type;
};
constexpr OutputName kOutputs[] = {
    {"task", OutputKey::kTask, TypeKind::kString},
    {"mode", OutputKey::kMode, TypeKind::kString},
    {"priority", OutputKey::kPriority, TypeKind::kDouble},
    {"confidence", OutputKey::kConfidence, TypeKind::kDouble},
    {"due_hours", OutputKey::kDueHours, TypeKind::kDouble},
    {"title", OutputKey::kTitle, TypeKind::kString},
    {"symptom", OutputKey::kSymptom, TypeKind::kString},
    {"cause", OutputKey::kCause, TypeKind::kString},
    {"rationale", OutputKey::kRationale, TypeKind::kString},
};

bool is_template(OutputKey key) {
  return key == OutputKey::kTitle || key == OutputKey::kSymptom || key == OutputKey::kCause ||
         key == OutputKey::kRationale;
}

bool is_name(std::string_view text) {
  return !text.empty() && text[0] >= 'a' && text[0] <= 'z' &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
}

void complain(const SourceText& at, std::string message, RuleProblems& problems) {
  problems.push_back({at.file, at.line, at.column, std::move(message)});
}

// Why an input of this type is no column, and what to write instead.
std::string unfit_column(const std::string& head, const cel::Type& type) {
  const std::string subject = "'" + head + "' is ";
  const std::string wanted = "; a column is a number, a text, or true and false: ";
  switch (type.kind) {
    case TypeKind::kTimestamp:
      return subject + "a time" + wanted + "ask for a part of it, " + head +
             ".getHours('Europe/Paris'), or whether it is there, has(" + head + ")";
    case TypeKind::kDuration:
      return subject + "a duration" + wanted + "hours(" + head + ")";
    case TypeKind::kList:
      return subject + "a list" + wanted + "size(" + head + "), or " + head + ".exists(x, ...)";
    case TypeKind::kDyn:
      return subject + "of a kind that is known only when the rule runs" + wanted + "double(" +
             head + ") or string(" + head + ")";
    default:
      return subject + "a " + cel::to_text(type) + wanted + "ask for a part of it";
  }
}

std::optional<AxisKind> axis_kind(TypeKind type) {
  switch (type) {
    case TypeKind::kDouble:
      return AxisKind::kNumber;
    case TypeKind::kInt:
    case TypeKind::kUint:
      return AxisKind::kWhole;
    case TypeKind::kString:
      return AxisKind::kText;
    case TypeKind::kBool:
      return AxisKind::kFlag;
    default:
      return std::nullopt;
  }
}

bool is_formula(const SourceText& cell) {
  return cell.text.starts_with('=');
}

// What follows the "=" of a cell.
SourceText formula(const SourceText& cell) {
  SourceText out = cell;
  const std::size_t begin = std::min(cell.text.find_first_not_of("= \t"), cell.text.size());
  out.text = cell.text.substr(begin);
  out.column += int(begin);
  return out;
}

// A number that its output cannot be, as far as it is written out.
void check_number(const OutputColumn& column, const SourceText& cell, RuleProblems& problems) {
  double number = 0.0;
  if (!read_plain_number(cell.text, number)) {
    return complain(cell, "'" + column.name + "' is a number; write one, or = and an expression",
                    problems);
  }
  if (column.key == OutputKey::kPriority &&
      (number < 1.0 || number > 4.0 || number != std::floor(number))) {
    complain(cell, "a priority is 1 to 4", problems);
  } else if (column.key == OutputKey::kConfidence && !(number >= 0.0 && number <= 1.0)) {
    complain(cell, "a confidence is 0.0 to 1.0", problems);
  } else if (column.key == OutputKey::kDueHours && !(number >= 0.0 && number <= 87600.0)) {
    complain(cell, "due_hours is 0 to 87600", problems);
  }
}

// What a free output holds; kDyn: that is known only when it runs.
TypeKind type_of(const SourceText& cell, const cel::Schema& schema, RuleProblems& problems) {
  double number = 0.0;
  if (is_formula(cell)) {
    const auto program = compile_expression(formula(cell), TypeKind::kDyn, schema, problems);
    return program ? program->result_type().kind : TypeKind::kDyn;
  }
  if (read_plain_number(cell.text, number)) return TypeKind::kDouble;
  return cell.text == "true" || cell.text == "false" ? TypeKind::kBool : TypeKind::kString;
}

void read_free(OutputColumn& column, const Grid& grid, const cel::Schema& schema,
               RuleProblems& problems) {
  if (!is_name(column.name)) {
    complain(column.head,
             "'" + column.name + "' is no name of an output; write small letters, digits and _",
             problems);
  }
  std::optional<TypeKind> known;
  for (const GridLine& line : grid.rows) {
    const SourceText& cell = line.outputs[column.index];
    if (cell.text == "-") continue;
    const TypeKind type = type_of(cell, schema, problems);
    if (known && *known != type) {
      complain(cell,
               "the cells of '" + column.name + "' are " + cel::to_text(*known) + ", but this is " +
                   cel::to_text(type),
               problems);
    }
    if (!known) known = type;
  }
  column.type = known.value_or(TypeKind::kString);
}

void check_known(const OutputColumn& column, const Grid& grid, RuleProblems& problems) {
  for (const GridLine& line : grid.rows) {
    const SourceText& cell = line.outputs[column.index];
    if (cell.text == "-") continue;
    if (column.key == OutputKey::kTask && is_formula(cell)) {
      complain(cell, "a task is written out, not worked out", problems);
    }
    if (column.type == TypeKind::kDouble && !is_formula(cell)) check_number(column, cell, problems);
  }
}

}  // namespace

std::optional<InputColumn> read_input(const SourceText& head, const cel::Schema& schema,
                                      RuleProblems& problems) {
  const auto program = compile_expression(head, TypeKind::kDyn, schema, problems);
  if (!program) return std::nullopt;
  InputColumn out;
  if (const auto slot = schema.slot(head.text)) {
    out.input.slot = *slot;
  } else {
    out.input.program = *program;
  }
  const auto kind = axis_kind(program->result_type().kind);
  if (!kind) {
    // A watch without a kind is a faulty one, and its own fault has been told.
    const bool told = head.text.starts_with("watch.") && out.input.slot;
    if (!told) complain(head, unfit_column(head.text, program->result_type()), problems);
    return std::nullopt;
  }
  out.kind = *kind;
  return out;
}

std::vector<OutputColumn> read_outputs(const Grid& grid, const cel::Schema& schema,
                                       RuleProblems& problems) {
  std::vector<OutputColumn> out;
  for (std::size_t i = 0; i < grid.head.outputs.size(); ++i) {
    OutputColumn column;
    column.head = grid.head.outputs[i];
    column.name = column.head.text;
    column.index = i;
    const bool again = std::any_of(out.begin(), out.end(),
                                   [&](const OutputColumn& o) { return o.name == column.name; });
    if (again) complain(column.head, "the output '" + column.name + "' is there twice", problems);
    for (const OutputName& known : kOutputs) {
      if (known.name != column.name) continue;
      column.key = known.key;
      column.type = known.type;
    }
    if (column.key == OutputKey::kFree) {
      read_free(column, grid, schema, problems);
    } else {
      check_known(column, grid, problems);
    }
    out.push_back(std::move(column));
  }
  return out;
}

SourceText output_expression(const OutputColumn& column, const SourceText& cell) {
  if (is_formula(cell)) return formula(cell);
  SourceText out = cell;
  double number = 0.0;
  switch (column.type) {
    case TypeKind::kDouble:
      // A priority is an int, but for one that is added up.
      if (read_plain_number(cell.text, number) && cell.text.find('.') == std::string::npos &&
          (column.key != OutputKey::kPriority || column.counted)) {
        out.text += ".0";
      }
      return out;
    case TypeKind::kString:
      out.text = text_literal(unquoted(cell.text));
      return out;
    default:
      return out;
  }
}

void set_output(const OutputColumn& column, const SourceText& cell, Proposal& proposal) {
  if (cell.text == "-") return;
  SourceText text = cell;
  if (is_template(column.key)) {
    text.text = is_formula(cell) ? "{{" + formula(cell).text + "}}" : unquoted(cell.text);
  } else {
    text = output_expression(column, cell);
  }
  switch (column.key) {
    case OutputKey::kMode:
      proposal.mode = text;
      return;
    case OutputKey::kPriority:
      proposal.priority = text;
      return;
    case OutputKey::kConfidence:
      proposal.confidence = text;
      return;
    case OutputKey::kDueHours:
      proposal.due_hours = text;
      return;
    case OutputKey::kTitle:
      proposal.title_text = text;
      return;
    case OutputKey::kSymptom:
      proposal.symptom_text = text;
      return;
    case OutputKey::kCause:
      proposal.cause_text = text;
      return;
    case OutputKey::kRationale:
      proposal.rationale_text = text;
      return;
    case OutputKey::kTask:
    case OutputKey::kFree:
      return;
  }
}

bool read_task(const SourceText& name, TaskKind& task) {
  constexpr std::array kKinds{TaskKind::kWorkOrder, TaskKind::kInspection, TaskKind::kSensorCheck,
                              TaskKind::kMasterData};
  for (const TaskKind kind : kKinds) {
    if (to_text(kind) != unquoted(name.text)) continue;
    task = kind;
    return true;
  }
  return false;
}

}  // namespace millwright::rules
