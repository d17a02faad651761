// The `table` of a rule: its keys, and how they become a TableSpec.
#include "daemon/config/tables.hpp"

namespace millwright::daemon {
namespace {

using K = KeyKind;

constexpr std::string_view kHits[] = {"unique", "first", "priority", "collect"};
constexpr std::string_view kAggregates[] = {"list", "sum", "min", "max", "count"};
constexpr std::string_view kGaps[] = {"refused", "allowed"};

constexpr Key kDefaultKeys[] = {
    {"task", K::kText, kOptional,
     "Kind of task: work_order, inspection, sensor_check, master_data."},
    {"when", K::kExpression, kOptional, "CEL, bool; asked once a row was found.", "always"},
    {"mode", K::kExpression, kOptional, "CEL, string: failure mode.", "the rule's id"},
    {"priority", K::kExpression, kOptional, "CEL, int 1 (now) to 4.", "3"},
    {"confidence", K::kExpression, kOptional, "CEL, double 0 to 1.", "1.0"},
    {"due_hours", K::kExpression, kOptional, "CEL, double: hours from the event."},
    {"title", K::kExpression, kOptional, "Text with {{ CEL }}: what is to be done, in a line."},
    {"symptom", K::kExpression, kOptional, "Text with {{ CEL }}: what was seen."},
    {"cause", K::kExpression, kOptional, "Text with {{ CEL }}: probable cause."},
    {"rationale", K::kExpression, kOptional, "Text with {{ CEL }}: why, in one or two sentences.",
     "the rule's summary"},
};
constexpr Section kDefaults{
    "defaults", "What every row asks for unless its own cell says otherwise.", kDefaultKeys};

constexpr Key kTableKeys[] = {
    {"hit", K::kChoice, kRequired,
     "what holds when several rows match: unique (none may), first, priority (by `order`), collect "
     "(all)",
     "", nullptr, kHits},
    {"aggregate", K::kChoice, kOptional,
     "For hit: collect. What the rows give together: a list of decisions, or one decision with the "
     "sum, min or max of the output `of`, or their count.",
     "list", nullptr, kAggregates},
    {"of", K::kText, kOptional, "The output that sum, min or max are over."},
    {"gaps", K::kChoice, kOptional, "Whether there may be inputs that no row takes.", "refused",
     nullptr, kGaps},
    {"values", K::kTextMap, kOptional,
     "Input -> the values it can have at all, written as in a cell: [0..1], or A, B, C."},
    {"order", K::kListMap, kOptional,
     "For hit: priority. Output -> its values, the most important first."},
    {"rows", K::kExpression, kRequired,
     "the table itself, a line each: a head like 'signal.value | asset.criticality || task | "
     "priority', then rows like '> 7.1 | A, B || work_order | 1'"},
    {"defaults", K::kSection, kOptional,
     "What every row asks for unless its own cell says otherwise.", "", &kDefaults},
};

template <std::size_t N>
std::size_t chosen(const Reader& in, std::string_view key, const std::string_view (&words)[N]) {
  for (std::size_t i = 0; i < N; ++i) {
    if (words[i] == in.text(key)) return i;
  }
  return 0;
}

}  // namespace

rules::Proposal read_expressions(const Reader& in) {
  rules::Proposal out;
  out.when = in.source("when");
  out.mode = in.source("mode");
  out.priority = in.source("priority");
  out.confidence = in.source("confidence");
  out.due_hours = in.source("due_hours");
  out.title_text = in.source("title");
  out.symptom_text = in.source("symptom");
  out.cause_text = in.source("cause");
  out.rationale_text = in.source("rationale");
  return out;
}

const Section kTableSection{"a table", "A decision table.", kTableKeys};

rules::TableSpec read_table(const Reader& in) {
  rules::TableSpec out;
  out.hit = rules::HitPolicy(chosen(in, "hit", kHits));
  out.aggregate = rules::Aggregate(chosen(in, "aggregate", kAggregates));
  out.of = in.source("of");
  out.gaps_allowed = in.text("gaps") == "allowed";
  out.rows = in.source("rows");
  const Node& hit = in.place("hit");
  out.place = {"", in.file(), hit.line, hit.column};
  in.each("defaults", [&](const Reader& defaults) {
    out.defaults = read_expressions(defaults);
    out.task = defaults.source("task");
  });
  const auto at = [&](const std::string& text, int line, int column) {
    return rules::SourceText{text, in.file(), line, column};
  };
  in.each_member("values", [&](const Member& member) {
    out.values.emplace_back(at(member.name, member.line, member.column),
                            at(member.value.text, member.value.line, member.value.column));
  });
  in.each_member("order", [&](const Member& member) {
    std::vector<rules::SourceText> values;
    for (const Node& item : member.value.items) {
      values.push_back(at(item.text, item.line, item.column));
    }
    out.order.emplace_back(at(member.name, member.line, member.column), std::move(values));
  });
  return out;
}

}  // namespace millwright::daemon
