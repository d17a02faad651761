// Which rows of a table match: one look-up for each input, then sets of rows.
#include "rules/functions.hpp"
#include "rules/table/table.hpp"

namespace millwright::rules {
namespace {

std::string list_of(const Rows& rows, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) {
    if (rows.test(i)) out += (out.empty() ? "" : ", ") + std::to_string(i + 1);
  }
  return out;
}

struct Asked {
  Rows yes;    // rows that match
  Rows maybe;  // and those that would, but for an input that is not what they ask for
  std::string unfit;
};

// Why a value lies nowhere on its axis.
std::string unfit_text(const Axis& axis, const Input& input, const cel::Value& value) {
  if (value.is_error() && input.program) return input.program->describe(value);
  if (value.is(cel::Kind::kAbsent)) {
    return axis.name() + " is not in this event; say 'absent' in a row, or ask has(" + axis.name() +
           ") in the rule's 'if'";
  }
  return axis.name() + " is " + value_text(value) + ", which is none of its values";
}

Asked ask(const DecisionTable& table, std::span<const cel::Value> slots, cel::Arena& arena) {
  Asked out;
  for (std::size_t i = 0; i < table.questions(); ++i) out.yes.set(i);
  out.maybe = out.yes;
  for (std::size_t i = 0; i < table.axes.size() && out.maybe.any(); ++i) {
    const Axis& axis = table.axes[i];
    const Input& input = table.inputs[i];
    const cel::Value value =
        input.slot ? slots[*input.slot] : input.program->evaluate(slots, arena);
    const std::size_t region = axis.region_of(value);
    if (region != Axis::kNowhere) {
      out.yes &= axis.takes(region);
      out.maybe &= axis.takes(region);
      continue;
    }
    out.yes &= axis.indifferent();
    if (out.unfit.empty()) out.unfit = unfit_text(axis, input, value);
  }
  return out;
}

std::string error_of(const DecisionTable& table, const Rows& unsure, const std::string& unfit) {
  std::size_t first = 0;
  while (!unsure.test(first)) ++first;
  return table.rows[first].place + ": row " + std::to_string(first + 1) +
         " cannot be answered: " + unfit + "\n  " + table.rows[first].text;
}

void first_of(const DecisionTable& table, const Asked& asked, Picked& out) {
  for (std::size_t i = 0; i < table.questions(); ++i) {
    if (!asked.maybe.test(i)) continue;
    if (asked.yes.test(i)) {
      out.rows.push_back(i);
    } else {
      Rows only;
      only.set(i);
      out.error = error_of(table, only, asked.unfit);
    }
    return;
  }
}

}  // namespace

Picked pick(const DecisionTable& table, std::span<const cel::Value> slots, cel::Arena& arena) {
  Picked out;
  const Asked asked = ask(table, slots, arena);
  const Rows unsure = asked.maybe & ~asked.yes;
  if (table.hit == HitPolicy::kFirst) {
    first_of(table, asked, out);
  } else if (unsure.any()) {
    out.error = error_of(table, unsure, asked.unfit);
  } else if (table.hit == HitPolicy::kPriority) {
    for (const std::size_t row : table.best) {
      if (!asked.yes.test(row)) continue;
      out.rows.push_back(row);
      break;
    }
  } else if (table.hit == HitPolicy::kUnique && asked.yes.count() > 1) {
    out.error = table.rows[0].place + ": rows " + list_of(asked.yes, table.questions()) +
                " match at once; only one may";
  } else {
    for (std::size_t i = 0; i < table.questions(); ++i) {
      if (asked.yes.test(i)) out.rows.push_back(i);
    }
  }
  if (out.error.empty() && out.rows.empty() && table.otherwise)
    out.rows.push_back(*table.otherwise);
  return out;
}

}  // namespace millwright::rules
