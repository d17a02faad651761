// The `tests` of a rule: their keys, and how they become RuleTests.
#include "daemon/config/tables.hpp"

namespace millwright::daemon {
namespace {

using K = KeyKind;

constexpr std::string_view kNone[] = {"none"};

constexpr Key kExpectKeys[] = {
    {"task", K::kText, kOptional, "Kind of task."},
    {"mode", K::kText, kOptional, "Failure mode."},
    {"priority", K::kInteger, kOptional, "1 to 4.", "", nullptr, {}, 1, 4},
    {"confidence", K::kNumber, kOptional, "0 to 1.", "", nullptr, {}, 0, 1},
    {"due_hours", K::kNumber, kOptional, "Hours from the event.", "", nullptr, {}, 0},
    {"row",
     K::kInteger,
     kOptional,
     "Which proposal, or row of the table, decided; from 1.",
     "",
     nullptr,
     {},
     1},
    {"decisions", K::kInteger, kOptional, "How many there are.", "", nullptr, {}, 1},
    {"title", K::kExpression, kOptional, "A part of the title."},
    {"symptom", K::kExpression, kOptional, "A part of the symptom."},
    {"cause", K::kExpression, kOptional, "A part of the cause."},
    {"rationale", K::kExpression, kOptional, "A part of the rationale."},
    {"error", K::kExpression, kOptional, "A part of the error's text."},
};
constexpr Section kExpect{"an expectation", "What a decision must be.", kExpectKeys};

constexpr Key kTestKeys[] = {
    {"name", K::kText, kOptional, "What it shows."},
    {"given", K::kValueMap, kRequired, "inputs by the names that expressions have for them"},
    {"expect", K::kWordOrSection, kRequired, "what comes of it, or none", "", &kExpect, kNone},
};

}  // namespace

const Section kTestSection{"a test", "What a rule must do with given inputs.", kTestKeys};

namespace {

rules::SourceText source_of(const Reader& in, const std::string& text, int line, int column) {
  return {text, in.file(), line, column};
}

// `plant.available: {BRG-6312: 2}` is plant.available.BRG-6312, written once for several.
void read_given(const Reader& in, const std::string& prefix, const Member& member,
                std::vector<rules::Given>& out) {
  const std::string name = prefix + member.name;
  const Node& value = member.value;
  for (const Member& inner : value.members) read_given(in, name + ".", inner, out);
  if (value.kind == Node::Kind::kMap) return;
  rules::Given given{source_of(in, name, member.line, member.column), {}};
  if (value.kind == Node::Kind::kScalar) {
    given.values.push_back(source_of(in, value.text, value.line, value.column));
  }
  for (const Node& item : value.items) {
    given.values.push_back(source_of(in, item.text, item.line, item.column));
  }
  out.push_back(std::move(given));
}

}  // namespace

rules::RuleTest read_test(const Reader& in) {
  rules::RuleTest out;
  out.name = in.text("name");
  out.place = source_of(in, "", in.node().line, in.node().column);
  in.each_member("given", [&](const Member& member) { read_given(in, "", member, out.given); });
  rules::Expectation& e = out.expect;
  e.none = in.text("expect") == "none";
  in.each("expect", [&](const Reader& expect) {
    e.task = expect.source("task");
    e.mode = expect.source("mode");
    e.priority = expect.source("priority");
    e.confidence = expect.source("confidence");
    e.due_hours = expect.source("due_hours");
    e.row = expect.source("row");
    e.decisions = expect.source("decisions");
    e.title = expect.source("title");
    e.symptom = expect.source("symptom");
    e.cause = expect.source("cause");
    e.rationale = expect.source("rationale");
    e.error = expect.source("error");
  });
  return out;
}

}  // namespace millwright::daemon
