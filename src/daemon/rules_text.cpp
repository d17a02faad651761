#include "daemon/rules_text.hpp"

#include <algorithm>

#include "daemon/replay_report.hpp"
#include "millwright/base/json.hpp"

namespace millwright::daemon {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

std::string indented(const std::string& text, const std::string& by) {
  std::string out = by;
  for (const char c : text) {
    out += c;
    if (c == '\n') out += by;
  }
  return out;
}

void add(Fields& out, std::string name, const std::string& text) {
  if (!text.empty()) out.emplace_back(std::move(name), text);
}

void add_proposal(Fields& out, const std::string& prefix, const rules::Proposal& p) {
  add(out, prefix + "when", p.when.text);
  add(out, prefix + "mode", p.mode.text);
  add(out, prefix + "priority", p.priority.text);
  add(out, prefix + "confidence", p.confidence.text);
  add(out, prefix + "due_hours", p.due_hours.text);
  add(out, prefix + "title", p.title_text.text);
  add(out, prefix + "symptom", p.symptom_text.text);
  add(out, prefix + "cause", p.cause_text.text);
  add(out, prefix + "rationale", p.rationale_text.text);
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& each : words) out += (out.empty() ? "" : ", ") + each;
  return out;
}

void add_table(Fields& out, const rules::TableSpec& table) {
  constexpr const char* kHits[] = {"unique", "first", "priority", "collect"};
  constexpr const char* kAggregates[] = {"list", "sum", "min", "max", "count"};
  add(out, "table hit", kHits[std::size_t(table.hit)]);
  if (table.aggregate != rules::Aggregate::kList) {
    add(out, "table aggregate", kAggregates[std::size_t(table.aggregate)]);
  }
  add(out, "table of", table.of.text);
  if (table.gaps_allowed) add(out, "table gaps", "allowed");
  for (const auto& [name, values] : table.values)
    add(out, "table values " + name.text, values.text);
  for (const auto& [name, values] : table.order) {
    std::vector<std::string> words;
    for (const rules::SourceText& each : values) words.push_back(each.text);
    add(out, "table order " + name.text, joined(words));
  }
  add(out, "table rows", table.rows.text);
  add(out, "table defaults task", table.task.text);
  add_proposal(out, "table defaults ", table.defaults);
}

void add_watch(Fields& out, const rules::WatchSpec& w) {
  const std::string prefix = "watch " + w.name + " ";
  const auto span = [&](const char* name, const std::optional<Duration>& d) {
    if (d) add(out, prefix + name, spoken(*d));
  };
  const auto count = [&](const char* name, const std::optional<std::int64_t>& n) {
    if (n) add(out, prefix + name, std::to_string(*n));
  };
  const auto number = [&](const char* name, const std::optional<double>& n) {
    if (n) add(out, prefix + name, shortest(*n));
  };
  add(out, prefix + "of", w.of.text);
  add(out, prefix + "by", w.by);
  for (std::size_t i = 0; i < w.sequence.size(); ++i) {
    add(out, prefix + "sequence " + std::to_string(i + 1), w.sequence[i].text);
  }
  add(out, prefix + "where", w.where.text);
  add(out, prefix + "without", w.without.text);
  span("for", w.held_for);
  span("gap", w.gap);
  span("within", w.within);
  span("window", w.window);
  span("tumbling", w.tumbling);
  span("session", w.session);
  span("absent", w.absent);
  span("hold", w.hold);
  span("per", w.per);
  count("times", w.times);
  count("out_of", w.out_of);
  count("count", w.count);
  count("keep", w.keep);
  number("p", w.p);
  number("above", w.above);
  number("below", w.below);
  number("until", w.until);
  number("dead_band", w.dead_band);
  std::string steps;
  for (const double each : w.steps) steps += (steps.empty() ? "" : ", ") + shortest(each);
  add(out, prefix + "steps", steps);
  add(out, prefix + "take", w.take);
  add(out, prefix + "from", w.from);
  add(out, prefix + "as", w.as);
}

std::string said(const Decision& d) {
  return std::string(to_text(d.task)) + " P" + std::to_string(int(d.priority)) + ", mode " +
         d.mode.str() + ", confidence " + shortest(d.evidence.confidence) +
         (d.due ? ", due in " + spoken(*d.due - d.at) : "");
}

void lines(std::string& out, const char* what, const std::string& text) {
  if (!text.empty()) out += std::string("  ") + what + text + "\n";
}

}  // namespace

Fields rule_fields(const rules::RuleSpec& spec) {
  Fields out;
  add(out, "version", std::to_string(spec.version));
  add(out, "status", std::string(rules::to_text(spec.status)));
  add(out, "owner", spec.owner);
  add(out, "summary", spec.summary);
  add(out, "event", joined(spec.events));
  if (spec.on_gated) add(out, "gated", "true");
  for (const rules::WatchSpec& each : spec.watches) add_watch(out, each);
  add(out, "if", spec.condition.text);
  for (std::size_t i = 0; i < spec.proposals.size(); ++i) {
    const std::string prefix = "propose " + std::to_string(i + 1) + " ";
    add(out, prefix + "task", std::string(to_text(spec.proposals[i].task)));
    add_proposal(out, prefix, spec.proposals[i]);
  }
  if (spec.table) add_table(out, *spec.table);
  add(out, "repeat_after", spoken(spec.repeat_after));
  if (spec.budget.decisions > 0) {
    constexpr const char* kPer[] = {"shift", "day", ""};
    const bool span = spec.budget.per == rules::Budget::Per::kDuration;
    add(out, "budget",
        std::to_string(spec.budget.decisions) + " in a " +
            (span ? spoken(spec.budget.duration) : kPer[std::size_t(spec.budget.per)]) +
            (spec.budget.of == rules::Budget::Of::kRule ? ", of the rule" : ", of each asset"));
  }
  return out;
}

std::string rule_in_words(const rules::RuleSpec& spec, const std::vector<std::string>& reads) {
  std::string out = spec.id + ", version " + std::to_string(spec.version) + " (" +
                    std::string(rules::to_text(spec.status)) + "), owned by " + spec.owner + "\n";
  lines(out, "", spec.summary);
  lines(out, "listens to: ", joined(spec.events) + (spec.on_gated ? ", gated readings too" : ""));
  lines(out, "reads:      ", joined(reads));
  for (const auto& [name, text] : rule_fields(spec)) {
    const bool told = name == "version" || name == "status" || name == "owner" ||
                      name == "summary" || name == "event" || name == "gated";
    if (told) continue;
    if (text.find('\n') != std::string::npos) {
      out += "  " + name + ":\n" + indented(text, "    ") + "\n";
    } else {
      lines(out, "", name + ": " + text);
    }
  }
  return out;
}

std::string rule_json(const rules::RuleSpec& spec, const std::vector<std::string>& reads) {
  JsonWriter json;
  json.begin_object();
  json.field("rule", spec.id);
  json.key("reads");
  json.begin_array();
  for (const std::string& each : reads) json.value(each);
  json.end_array();
  json.key("says");
  json.begin_object();
  for (const auto& [name, text] : rule_fields(spec)) json.field(name, text);
  json.end_object();
  json.end_object();
  return std::move(json).text();
}

std::string trial_text(const rules::Trial& trial) {
  std::string out;
  for (const std::string& each : trial.errors) out += "error: " + each + "\n";
  if (trial.decisions.empty() && trial.errors.empty())
    out += "no decision: " + trial.why_not + "\n";
  for (const Decision& d : trial.decisions) {
    out += said(d) + "\n";
    lines(out, "title:     ", d.title);
    lines(out, "symptom:   ", d.symptom);
    lines(out, "cause:     ", d.cause);
    lines(out, "rationale: ", d.evidence.rationale);
    const Trace& trace = d.evidence.trace;
    lines(out, trace.matched.empty() ? "proposal:  " : "row:       ",
          std::to_string(d.evidence.row) + (trace.matched.empty() ? "" : ": " + trace.matched));
    for (const Reading& each : d.evidence.readings) {
      lines(out, "input:     ", each.name + " = " + each.text);
    }
    for (const Reason& each : trace.reasons) {
      lines(out,
            "because:   ", each.source + (each.values.empty() ? "" : "   with " + each.values));
    }
    lines(out, "", trace.counterfactual.text);
  }
  return out;
}

std::string trial_json(const std::string& rule, const rules::Trial& trial) {
  JsonWriter json;
  json.begin_object();
  json.field("rule", rule);
  json.key("decisions");
  json.begin_array();
  for (const Decision& d : trial.decisions) {
    const Trace& trace = d.evidence.trace;
    json.begin_object();
    json.field("kind", to_text(d.task));
    json.field("priority", int(d.priority));
    json.field("failureMode", d.mode.str());
    json.field("confidence", d.evidence.confidence);
    json.key("dueHours");
    d.due ? json.value((*d.due - d.at).seconds() / 3'600.0) : json.null();
    json.field("title", d.title);
    json.field("symptom", d.symptom);
    json.field("cause", d.cause);
    json.field("rationale", d.evidence.rationale);
    json.field("row", d.evidence.row);
    json.field("matched", trace.matched);
    json.key("inputs");
    json.begin_object();
    for (const Reading& each : d.evidence.readings) json.field(each.name, each.text);
    json.end_object();
    json.key("reasons");
    json.begin_array();
    for (const Reason& each : trace.reasons) {
      json.begin_object();
      json.field("source", each.source);
      json.field("values", each.values);
      json.end_object();
    }
    json.end_array();
    json.field("counterfactual", trace.counterfactual.text);
    json.end_object();
  }
  json.end_array();
  json.key("errors");
  json.begin_array();
  for (const std::string& each : trial.errors) json.value(each);
  json.end_array();
  json.field("whyNot", trial.why_not);
  json.end_object();
  return std::move(json).text();
}

std::string tests_json(const std::vector<rules::TestResult>& tests) {
  JsonWriter json;
  json.begin_array();
  for (const rules::TestResult& each : tests) {
    json.begin_object();
    json.field("rule", each.rule.str());
    json.field("test", each.name);
    json.field("passed", each.problems.empty());
    json.field("file", each.place.file);
    json.field("line", each.place.line);
    json.key("problems");
    json.begin_array();
    for (const rules::RuleProblem& problem : each.problems) json.value(problem.message);
    json.end_array();
    json.end_object();
  }
  json.end_array();
  return std::move(json).text();
}

std::string problems_json(const std::vector<Problem>& problems) {
  JsonWriter json;
  json.begin_array();
  for (const Problem& p : problems) {
    json.begin_object();
    json.field("file", p.file);
    json.field("line", p.line);
    json.field("column", p.column);
    json.field("message", p.message);
    json.end_object();
  }
  json.end_array();
  return std::move(json).text();
}

}  // namespace millwright::daemon
