// The tests of a rule's own file: what was expected, and what came.
#include <charconv>
#include <cmath>

#include "rules/functions.hpp"
#include "rules/table/cell.hpp"
#include "rules/trial.hpp"

namespace millwright::rules {
namespace {

std::string said(const Decision& d) {
  return std::string(to_text(d.task)) + " P" + std::to_string(int(d.priority)) + ", mode " +
         d.mode.str() + ", confidence " + number_text(d.evidence.confidence) +
         (d.due ? ", due in " + number_text(hours_between(d)) + " h" : "");
}

class Comparison {
 public:
  Comparison(const Expectation& expect, const Trial& trial, RuleProblems& problems)
      : expect_(expect), trial_(trial), problems_(problems) {}

  // "" or what was expected and did not come.
  std::string run() {
    if (expect_.error.text.empty() && !trial_.errors.empty()) return "no error was expected";
    if (!expect_.error.text.empty()) {
      for (const std::string& each : trial_.errors) {
        if (each.find(expect_.error.text) != std::string::npos) return "";
      }
      return "an error with '" + expect_.error.text + "' was expected";
    }
    if (expect_.none) return trial_.decisions.empty() ? "" : "no decision was expected";
    if (trial_.decisions.empty()) return "a decision was expected";
    double count = 0.0;
    if (number(expect_.decisions, count) && count != double(trial_.decisions.size())) {
      return expect_.decisions.text + " decisions were expected";
    }
    std::string nearest;
    for (const Decision& each : trial_.decisions) {
      const std::string differs = difference(each);
      if (differs.empty()) return "";
      if (nearest.empty()) nearest = differs;
    }
    return nearest;
  }

 private:
  bool number(const SourceText& source, double& out) {
    if (source.text.empty()) return false;
    if (read_plain_number(source.text, out)) return true;
    problems_.push_back(
        {source.file, source.line, source.column, "'" + source.text + "' is not a number"});
    return false;
  }

  std::string differs(const char* what, const SourceText& wanted, const std::string& came) const {
    if (wanted.text.empty() || wanted.text == came) return "";
    return std::string(what) + " " + wanted.text + " was expected";
  }
  std::string differs(const char* what, const SourceText& wanted, double came) {
    double value = 0.0;
    if (!number(wanted, value) || std::fabs(value - came) < 1e-9) return "";
    return std::string(what) + " " + wanted.text + " was expected";
  }
  static std::string lacks(const char* what, const SourceText& part, const std::string& text) {
    if (part.text.empty() || text.find(part.text) != std::string::npos) return "";
    return std::string(what) + " with '" + part.text + "' was expected, but it reads '" + text +
           "'";
  }

  std::string difference(const Decision& d) {
    const Evidence& e = d.evidence;
    for (const std::string& each :
         {differs("task", expect_.task, std::string(to_text(d.task))),
          differs("mode", expect_.mode, d.mode.str()),
          differs("priority", expect_.priority, double(int(d.priority))),
          differs("confidence", expect_.confidence, e.confidence),
          differs("due_hours", expect_.due_hours, d.due ? hours_between(d) : std::nan("")),
          differs("row", expect_.row, double(e.row)), lacks("a title", expect_.title, d.title),
          lacks("a symptom", expect_.symptom, d.symptom), lacks("a cause", expect_.cause, d.cause),
          lacks("a rationale", expect_.rationale, e.rationale)}) {
      if (!each.empty()) return each;
    }
    return "";
  }

  const Expectation& expect_;
  const Trial& trial_;
  RuleProblems& problems_;
};

std::string came(const Trial& trial) {
  std::string out;
  for (const std::string& each : trial.errors) out += "\n  came: an error: " + each;
  for (const Decision& each : trial.decisions) out += "\n  came: " + said(each);
  if (out.empty())
    out = "\n  came: no decision" + (trial.why_not.empty() ? "" : ": " + trial.why_not);
  return out;
}

}  // namespace

double hours_between(const Decision& d) {
  return d.due ? (*d.due - d.at).seconds() / 3'600.0 : std::nan("");
}

std::vector<TestResult> RuleSet::run_tests(const RuleSpec& spec) const {
  std::vector<TestResult> out;
  for (std::size_t i = 0; i < spec.tests.size(); ++i) {
    const RuleTest& test = spec.tests[i];
    TestResult result;
    result.rule = RuleId(spec.id);
    result.name = test.name.empty() ? "test " + std::to_string(i + 1) : test.name;
    result.place = test.place;
    const auto trial = try_rule(result.rule, test.given, result.problems);
    if (trial) {
      const std::string differs = Comparison(test.expect, *trial, result.problems).run();
      if (!differs.empty()) {
        result.problems.push_back(
            {test.place.file, test.place.line, test.place.column,
             "rule '" + spec.id + "', " + result.name + ": " + differs + came(*trial)});
      }
    }
    out.push_back(std::move(result));
  }
  return out;
}

}  // namespace millwright::rules
