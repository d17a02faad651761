// Two bundles of rules, side by side.
#include <map>

#include "daemon/rules_text.hpp"
#include "millwright/base/json.hpp"

namespace millwright::daemon {
namespace {

std::string shown(const std::string& text) {
  if (text.empty()) return " (nothing)";
  std::string out = text.find('\n') == std::string::npos ? " " : "\n      ";
  for (const char c : text) {
    out += c;
    if (c == '\n') out += "      ";
  }
  return out;
}

RuleChange compare(const std::string& id, const rules::RuleSpec* before,
                   const rules::RuleSpec* after) {
  RuleChange out;
  out.rule = id;
  std::vector<std::pair<std::string, std::string>> was;
  std::vector<std::pair<std::string, std::string>> is;
  if (before != nullptr) {
    out.version_before = before->version;
    was = rule_fields(*before);
  }
  if (after != nullptr) {
    out.version_after = after->version;
    is = rule_fields(*after);
  }
  if (before == nullptr || after == nullptr) return out;
  std::map<std::string, std::string> now(is.begin(), is.end());
  for (const auto& [name, text] : was) {
    const auto found = now.find(name);
    const std::string other = found == now.end() ? "" : found->second;
    if (other != text) out.fields.push_back({name, text, other});
    if (found != now.end()) now.erase(found);
  }
  for (const auto& [name, text] : is) {
    if (now.count(name) != 0) out.fields.push_back({name, "", text});
  }
  return out;
}

}  // namespace

std::vector<RuleChange> compare_rules(const std::vector<rules::RuleSpec>& before,
                                      const std::vector<rules::RuleSpec>& after) {
  std::map<std::string, std::pair<const rules::RuleSpec*, const rules::RuleSpec*>> all;
  for (const rules::RuleSpec& each : before) all[each.id].first = &each;
  for (const rules::RuleSpec& each : after) all[each.id].second = &each;
  std::vector<RuleChange> out;
  for (const auto& [id, both] : all) {
    RuleChange change = compare(id, both.first, both.second);
    const bool there = change.version_before > 0 && change.version_after > 0;
    if (!there || !change.fields.empty()) out.push_back(std::move(change));
  }
  return out;
}

std::string changes_text(const std::vector<RuleChange>& changes) {
  if (changes.empty()) return "The rules say the same.\n";
  std::string out;
  for (const RuleChange& each : changes) {
    if (each.version_before == 0) {
      out += "added    " + each.rule + ", version " + std::to_string(each.version_after) + "\n";
    } else if (each.version_after == 0) {
      out += "removed  " + each.rule + ", version " + std::to_string(each.version_before) + "\n";
    } else {
      out += "changed  " + each.rule + ", version " + std::to_string(each.version_before) + " -> " +
             std::to_string(each.version_after) + "\n";
      if (!each.raised()) out += "  warning: the version was not raised\n";
      for (const RuleChange::Field& field : each.fields) {
        out += "  " + field.name + "\n    -" + shown(field.before) + "\n    +" +
               shown(field.after) + "\n";
      }
    }
  }
  return out;
}

std::string changes_json(const std::vector<RuleChange>& changes) {
  JsonWriter json;
  json.begin_array();
  for (const RuleChange& each : changes) {
    const char* what = each.version_before == 0  ? "added"
                       : each.version_after == 0 ? "removed"
                                                 : "changed";
    json.begin_object();
    json.field("rule", each.rule);
    json.field("what", what);
    json.field("versionBefore", each.version_before);
    json.field("versionAfter", each.version_after);
    json.field("versionRaised", each.raised());
    json.key("fields");
    json.begin_array();
    for (const RuleChange::Field& field : each.fields) {
      json.begin_object();
      json.field("field", field.name);
      json.field("before", field.before);
      json.field("after", field.after);
      json.end_object();
    }
    json.end_array();
    json.end_object();
  }
  json.end_array();
  return std::move(json).text();
}

}  // namespace millwright::daemon
