#pragma once
// Reads the rule files of the checkout for tests, each text with its place; one thread.

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <optional>
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

template <class Enum>
Enum chosen(const YAML::Node& node, const std::vector<std::string>& words) {
  const auto text = node.as<std::string>(words[0]);
  return Enum(std::find(words.begin(), words.end(), text) - words.begin());
}

inline TableSpec table_spec(const YAML::Node& node, const std::string& file) {
  TableSpec out;
  out.hit = chosen<HitPolicy>(node["hit"], {"unique", "first", "priority", "collect"});
  out.aggregate = chosen<Aggregate>(node["aggregate"], {"list", "sum", "min", "max", "count"});
  out.of = source_text(node["of"], file);
  out.gaps_allowed = node["gaps"].as<std::string>("") == "allowed";
  out.rows = source_text(node["rows"], file);
  out.place = {"", file, node.Mark().line + 1, node.Mark().column + 1};
  for (const auto& each : node["values"]) {
    out.values.emplace_back(source_text(each.first, file), source_text(each.second, file));
  }
  for (const auto& each : node["order"]) {
    std::vector<SourceText> values;
    for (const YAML::Node& value : each.second) values.push_back(source_text(value, file));
    out.order.emplace_back(source_text(each.first, file), values);
  }
  const YAML::Node defaults = node["defaults"];
  out.task = source_text(defaults["task"], file);
  out.defaults.when = source_text(defaults["when"], file);
  out.defaults.mode = source_text(defaults["mode"], file);
  out.defaults.priority = source_text(defaults["priority"], file);
  out.defaults.confidence = source_text(defaults["confidence"], file);
  out.defaults.due_hours = source_text(defaults["due_hours"], file);
  out.defaults.title_text = source_text(defaults["title"], file);
  out.defaults.symptom_text = source_text(defaults["symptom"], file);
  out.defaults.cause_text = source_text(defaults["cause"], file);
  out.defaults.rationale_text = source_text(defaults["rationale"], file);
  return out;
}

inline WatchSpec watch_spec(const std::string& name, const YAML::Node& node,
                            const std::string& file) {
  WatchSpec out;
  out.name = name;
  out.place = {name, file, node.Mark().line + 1, node.Mark().column + 1};
  for (const auto& each : node) {
    out.keys[each.first.as<std::string>()] = {each.first.Mark().line + 1,
                                              each.first.Mark().column + 1};
  }
  const std::pair<const char*, std::optional<Duration>*> spans[] = {
      {"for", &out.held_for},  {"gap", &out.gap},           {"within", &out.within},
      {"window", &out.window}, {"tumbling", &out.tumbling}, {"session", &out.session},
      {"absent", &out.absent}, {"hold", &out.hold},         {"per", &out.per}};
  for (const auto& [key, to] : spans) {
    if (node[key]) *to = parse_duration(node[key].as<std::string>()).value();
  }
  const std::pair<const char*, std::optional<std::int64_t>*> counts[] = {
      {"times", &out.times}, {"out_of", &out.out_of}, {"count", &out.count}, {"keep", &out.keep}};
  for (const auto& [key, to] : counts) {
    if (node[key]) *to = node[key].as<std::int64_t>();
  }
  const std::pair<const char*, std::optional<double>*> numbers[] = {{"p", &out.p},
                                                                    {"above", &out.above},
                                                                    {"below", &out.below},
                                                                    {"until", &out.until},
                                                                    {"dead_band", &out.dead_band}};
  for (const auto& [key, to] : numbers) {
    if (node[key]) *to = node[key].as<double>();
  }
  const std::pair<const char*, std::string*> words[] = {
      {"take", &out.take}, {"from", &out.from}, {"as", &out.as}, {"by", &out.by}};
  for (const auto& [key, to] : words) *to = node[key].as<std::string>("");
  out.of = source_text(node["of"], file);
  out.where = source_text(node["where"], file);
  out.without = source_text(node["without"], file);
  for (const YAML::Node& part : node["sequence"]) out.sequence.push_back(source_text(part, file));
  for (const YAML::Node& step : node["steps"]) out.steps.push_back(step.as<double>());
  return out;
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
  if (node["table"]) spec.table = table_spec(node["table"], file);
  for (const auto& each : node["watch"]) {
    spec.watches.push_back(watch_spec(each.first.as<std::string>(), each.second, file));
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
