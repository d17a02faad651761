#include <algorithm>

#include "daemon/config/tables.hpp"
#include "millwright/codec/catalog.hpp"

namespace millwright::daemon {
namespace {

using K = KeyKind;

constexpr std::string_view kTaskKinds[] = {"work_order", "part_reservation", "inspection",
                                           "sensor_check", "master_data"};

constexpr Key kProposalKeys[] = {
    {"task", K::kChoice, kRequired, "kind of task", "", nullptr, kTaskKinds},
    {"when", K::kExpression, kOptional, "CEL, bool; the first proposal that holds is taken.",
     "always"},
    {"mode", K::kExpression, kRequired, "CEL, string: failure mode"},
    {"priority", K::kExpression, kRequired, "CEL, int 1 (now) to 4"},
    {"confidence", K::kExpression, kRequired, "CEL, double 0 to 1"},
    {"due_hours", K::kExpression, kOptional, "CEL, double: hours from the event."},
    {"title", K::kExpression, kRequired, "text with {{ CEL }}: what is to be done, in a line"},
    {"symptom", K::kExpression, kRequired, "text with {{ CEL }}: what was seen"},
    {"cause", K::kExpression, kOptional, "Text with {{ CEL }}: probable cause."},
    {"rationale", K::kExpression, kRequired, "text with {{ CEL }}: why, in one or two sentences"},
};
constexpr Section kProposal{"a proposal", "What a matching rule asks for.", kProposalKeys};

constexpr std::string_view kStatuses[] = {"draft", "shadow", "released", "retired"};

constexpr Key kRuleKeys[] = {
    {"id", K::kText, kRequired, "name of the rule, unique"},
    {"version", K::kInteger, kRequired, "raised with each change", "", nullptr, {}, 1, 1'000'000},
    {"status", K::kChoice, kOptional,
     "Drafts and retired rules are checked and not asked; a shadow is asked live, and what it "
     "would "
     "have done is recorded.",
     "released", nullptr, kStatuses},
    {"owner", K::kText, kRequired, "who answers for it: maintenance, quality, ..."},
    {"summary", K::kText, kRequired, "what it does, in a sentence"},
    {"event", K::kTextOrList, kRequired,
     "event types it listens to: iot.vibration.features; tick for silence"},
    {"gated", K::kBool, kOptional, "Also for readings that the operating-mode gate keeps out.",
     "false"},
    {"if", K::kExpression, kRequired, "CEL, bool"},
    {"watch", K::kSectionMap, kOptional,
     "What it remembers of the readings, by the name that CEL reads as watch.<name>.", "",
     &kWatchSection},
    {"propose", K::kSectionList, kOptional, "What it asks for.", "", &kProposal},
    {"table", K::kSection, kOptional, "What it asks for, as a decision table.", "", &kTableSection},
    {"tests", K::kSectionList, kOptional, "What it must do with given inputs; tried at each load.",
     "", &kTestSection},
    {"repeat_after", K::kDuration, kOptional,
     "The same rule, entity and outcome does not come again before this.", "1h"},
    {"budget", K::kSection, kOptional, "At most so many decisions in a span of time.", "",
     &kBudgetSection},
};
constexpr Section kRule{"a rule", "A rule.", kRuleKeys};

constexpr Key kRulesFileKeys[] = {
    {"rules", K::kSectionList, kRequired, "the rules of this file", "", &kRule},
};
constexpr Section kRulesFile{"a rules file", "Rules; all files of the folder together.",
                             kRulesFileKeys};

constexpr Key kPolicyKeys[] = {
    {"inspect_below",
     K::kNumber,
     kOptional,
     "Confidence below which only a look is proposed.",
     "0.7",
     nullptr,
     {},
     0,
     1},
    {"money_one", K::kNumber, kOptional, "Up to this one person approves.", "2000", nullptr, {}, 0},
    {"money_two",
     K::kNumber,
     kOptional,
     "Up to this two do; beyond it the plant manager and one more.",
     "20000",
     nullptr,
     {},
     0},
    {"soft_hold", K::kDuration, kOptional, "How long parts are held before approval.", "72h"},
    {"recurring_within", K::kDuration, kOptional, "A case that opens again this soon is recurring.",
     "24h"},
    {"decide_p1", K::kDuration, kOptional, "Time to decide on priority 1.", "30m"},
    {"decide_p2", K::kDuration, kOptional, "Time to decide on priority 2.", "4h"},
    {"decide_p3", K::kDuration, kOptional, "Time to decide on priority 3.", "1d"},
    {"decide_p4", K::kDuration, kOptional, "Time to decide on priority 4.", "3d"},
    {"rules_by_approval", K::kBool, kOptional,
     "Changed rules come into force only once their release was approved.", "true"},
};
constexpr Section kPolicy{"policy", "The plant's rules for people.", kPolicyKeys};
constexpr Key kPolicyFileKeys[] = {
    {"policy", K::kSection, kRequired, "the policy", "", &kPolicy},
};
constexpr Section kPolicyFile{"a workflow file", "The plant's rules for people.", kPolicyFileKeys};

TaskKind task_kind(const std::string& text) {
  for (std::size_t i = 0; i < std::size(kTaskKinds); ++i) {
    if (kTaskKinds[i] == text) return TaskKind(i);
  }
  return TaskKind::kInspection;
}

rules::RuleStatus rule_status(const std::string& text) {
  for (std::size_t i = 0; i < std::size(kStatuses); ++i) {
    if (kStatuses[i] == text) return rules::RuleStatus(i);
  }
  return rules::RuleStatus::kReleased;
}

rules::Proposal read_proposal(const Reader& in) {
  rules::Proposal out = read_expressions(in);
  out.task = task_kind(in.text("task"));
  return out;
}

void check_events(const Reader& in, const std::vector<std::string>& events,
                  std::vector<Problem>& problems) {
  for (const std::string& event : events) {
    if (event == "tick" || codec::find_event_type(event) != nullptr) continue;
    std::vector<std::string_view> names{"tick"};
    std::string family;
    const std::string prefix = event.substr(0, event.find('.') + 1);
    for (const EventType& type : codec::event_types()) {
      names.push_back(type.name);
      if (prefix.empty() || !type.name.starts_with(prefix)) continue;
      family.append(family.empty() ? "; there are " : ", ").append(type.name);
    }
    const std::string nearest = nearest_hint(event, names);
    const Node& at = in.place("event");
    problems.push_back({in.file(), at.line, at.column,
                        "event type '" + event + "' is not in the catalogue" +
                            (nearest.empty() ? family : nearest)});
  }
}

}  // namespace

const Section& rules_file() {
  return kRulesFile;
}

const Section& policy_file() {
  return kPolicyFile;
}

std::vector<rules::RuleSpec> read_rules(const std::vector<File>& files,
                                        std::vector<Problem>& problems) {
  std::vector<rules::RuleSpec> out;
  std::map<std::string, std::string> first;
  for (const File& file : files) {
    Reader(file.name, file.root).each("rules", [&](const Reader& in) {
      rules::RuleSpec rule;
      rule.id = in.text("id");
      rule.version = int(in.integer("version", 1));
      rule.status = rule_status(in.text("status", "released"));
      rule.owner = in.text("owner");
      rule.summary = in.text("summary");
      rule.events = in.texts("event");
      rule.on_gated = in.flag("gated", false);
      rule.condition = in.source("if");
      in.each("propose", [&](const Reader& p) { rule.proposals.push_back(read_proposal(p)); });
      in.each("table", [&](const Reader& table) { rule.table = read_table(table); });
      in.each("tests", [&](const Reader& test) { rule.tests.push_back(read_test(test)); });
      rule.repeat_after = in.duration("repeat_after", rule.repeat_after);
      const Node& id = in.place("id");
      rule.place = {rule.id, file.name, id.line, id.column};
      read_watches(in, rule, problems);
      check_events(in, rule.events, problems);
      const auto [found, fresh] =
          first.try_emplace(rule.id, file.name + ":" + std::to_string(id.line));
      if (!fresh) {
        problems.push_back(
            {file.name, id.line, id.column,
             "rule '" + rule.id + "' is there twice, first at " + found->second + "; keep one"});
      }
      if (rule.proposals.empty() && in.has("propose")) {
        const Node& at = in.place("propose");
        problems.push_back({file.name, at.line, at.column, "a rule proposes at least one task"});
      }
      out.push_back(std::move(rule));
    });
  }
  return out;
}

workflow::Policy read_policy(const std::vector<File>& files, std::vector<Problem>& problems) {
  workflow::Policy out;
  std::string first;
  for (const File& file : files) {
    Reader(file.name, file.root).each("policy", [&](const Reader& in) {
      const Node& here = in.node();
      if (!first.empty()) {
        problems.push_back({file.name, here.line, here.column,
                            "the policy is there twice, first in " + first + "; keep one"});
        return;
      }
      first = file.name;
      out.inspect_below = in.number("inspect_below", out.inspect_below);
      out.money_one = in.number("money_one", out.money_one);
      out.money_two = in.number("money_two", out.money_two);
      out.soft_hold = in.duration("soft_hold", out.soft_hold);
      out.recurring_within = in.duration("recurring_within", out.recurring_within);
      out.decide_p1 = in.duration("decide_p1", out.decide_p1);
      out.decide_p2 = in.duration("decide_p2", out.decide_p2);
      out.decide_p3 = in.duration("decide_p3", out.decide_p3);
      out.decide_p4 = in.duration("decide_p4", out.decide_p4);
      out.rules_by_approval = in.flag("rules_by_approval", out.rules_by_approval);
      if (out.money_two < out.money_one) {
        const Node& at = in.place("money_two");
        problems.push_back(
            {file.name, at.line, at.column, "'money_two' must not be less than 'money_one'"});
      }
    });
  }
  return out;
}

}  // namespace millwright::daemon
