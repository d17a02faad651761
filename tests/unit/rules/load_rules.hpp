#pragma once
// Reads the rule files of the checkout for tests, each text with its place; one thread.

#include <yaml-cpp/yaml.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "millwright/rules/rule_spec.hpp"

namespace millwright::rules {

inline SourceText source_text(const YAML::Node& node, const std::string& file) {
  if (!node) return {};
  return {node.as<std::string>(), file, node.Mark().line + 1, node.Mark().column + 1};
}

inline TaskKind task_kind(const std::string& name) {
  for (const TaskKind kind :
       {TaskKind::kWorkOrder, TaskKind::kPartReservation, TaskKind::kInspection,
        TaskKind::kSensorCheck, TaskKind::kMasterData}) {
    if (to_text(kind) == name) return kind;
  }
  throw std::runtime_error("no task kind " + name);
}

inline RuleSpec rule_spec(const YAML::Node& node, const std::string& file) {
  RuleSpec spec;
  spec.place = {"", file, node.Mark().line + 1, node.Mark().column + 1};
  spec.id = node["id"].as<std::string>();
  spec.version = node["version"].as<int>();
  spec.owner = node["owner"].as<std::string>();
  spec.summary = node["summary"].as<std::string>();
  spec.events = node["event"].as<std::vector<std::string>>();
  spec.on_gated = node["gated"].as<bool>(false);
  spec.condition = source_text(node["if"], file);
  if (node["repeat_after"]) {
    spec.repeat_after = parse_duration(node["repeat_after"].as<std::string>()).value();
  }
  for (const YAML::Node& from : node["propose"]) {
    Proposal to;
    to.task = task_kind(from["task"].as<std::string>());
    to.when = source_text(from["when"], file);
    to.mode = source_text(from["mode"], file);
    to.priority = source_text(from["priority"], file);
    to.confidence = source_text(from["confidence"], file);
    to.due_hours = source_text(from["due_hours"], file);
    to.title_text = source_text(from["title"], file);
    to.symptom_text = source_text(from["symptom"], file);
    to.cause_text = source_text(from["cause"], file);
    to.rationale_text = source_text(from["rationale"], file);
    spec.proposals.push_back(std::move(to));
  }
  return spec;
}

inline std::vector<RuleSpec> specs_of(const YAML::Node& document, const std::string& file) {
  std::vector<RuleSpec> out;
  for (const YAML::Node& each : document["rules"]) out.push_back(rule_spec(each, file));
  return out;
}

}  // namespace millwright::rules
