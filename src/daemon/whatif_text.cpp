// A what-if for people and for programs.
#include <algorithm>

#include "daemon/whatif_report.hpp"

namespace millwright::daemon {
namespace {

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(width, text.size()), ' ');
  return text;
}

std::string right(const std::string& text, std::size_t width) {
  return std::string(width - std::min(width, text.size()), ' ') + text;
}

std::string row(const std::string& what, const std::string& now, const std::string& then) {
  return padded(what, 22) + right(now, 10) + right(then, 12) + "\n";
}

std::string row(const std::string& what, std::int64_t now, std::int64_t then) {
  return row(what, grouped(now), grouped(then));
}

const char* sign(CaseChange::What what) {
  switch (what) {
    case CaseChange::What::kAdded:
      return "+";
    case CaseChange::What::kRemoved:
      return "-";
    case CaseChange::What::kChanged:
      break;
  }
  return "~";
}

std::string line_of(const CaseChange& change, const ReportStyle& style) {
  const Task& task = change.one().tasks.front();
  std::string out = std::string("  ") + sign(change.what) + " " +
                    spoken(change.one().about.opened_at, style) + "  P" +
                    std::to_string(int(task.priority)) + "  " +
                    padded(std::string(to_text(task.kind)), 12) + "  " +
                    padded(change.one().about.entity, 12) + "  " + task.title;
  if (!change.difference.empty()) out += ": " + change.difference;
  if (change.truth != Truth::kUnknown) out += "  (" + std::string(to_text(change.truth)) + ")";
  return out + "\n";
}

std::string moves_of(const std::string& heading, const std::map<std::string, Moves>& by) {
  std::size_t width = heading.size();
  for (const auto& [name, moves] : by) width = std::max(width, name.size());
  std::string out = "\n" + padded(heading, width) + "   ADDED  REMOVED  CHANGED\n";
  for (const auto& [name, moves] : by) {
    out += padded(name, width) + right(grouped(moves.added), 8) + right(grouped(moves.removed), 9) +
           right(grouped(moves.changed), 9) + "\n";
  }
  return out;
}

void write_tally(const Tally& tally, JsonWriter& json) {
  json.begin_object();
  json.field("cases", tally.cases);
  json.field("tasks", tally.tasks);
  json.field("failuresFound", tally.failures_found);
  json.field("falseAlarms", tally.false_alarms);
  json.field("unknown", tally.unknown);
  json.end_object();
}

void write_moves(std::string_view name, const std::map<std::string, Moves>& by, JsonWriter& json) {
  json.key(name);
  json.begin_object();
  for (const auto& [key, moves] : by) {
    json.key(key);
    json.begin_object();
    json.field("added", moves.added);
    json.field("removed", moves.removed);
    json.field("changed", moves.changed);
    json.end_object();
  }
  json.end_object();
}

const char* name_of(CaseChange::What what) {
  switch (what) {
    case CaseChange::What::kAdded:
      return "added";
    case CaseChange::What::kRemoved:
      return "removed";
    case CaseChange::What::kChanged:
      break;
  }
  return "changed";
}

}  // namespace

std::string whatif_text(const WhatIf& r, const ReportStyle& style) {
  std::string out = row("", std::string("NOW"), std::string("CANDIDATE"));
  out += row("cases", r.now.cases, r.then.cases);
  out += row("tasks", r.now.tasks, r.then.tasks);
  if (r.failures_known > 0) {
    const std::string of = " of " + grouped(r.failures_known);
    out += row("failures found", grouped(r.now.failures_found) + of,
               grouped(r.then.failures_found) + of);
  }
  if (r.now.false_alarms + r.then.false_alarms > 0) {
    out += row("false alarms", r.now.false_alarms, r.then.false_alarms);
  }
  out += row("outcome not known", r.now.unknown, r.then.unknown);
  if (r.changes.empty()) return out + "\nNo case differs.\n";
  out += "\n" + grouped(r.moves.added) + " added, " + grouped(r.moves.removed) + " removed, " +
         grouped(r.moves.changed) + " changed";
  if (r.failures_known > 0) {
    out += "; failures newly found: " + grouped(r.true_found) +
           ", no longer found: " + grouped(r.true_lost);
  }
  if (r.false_alarms_avoided + r.false_alarms_added > 0) {
    out += "; false alarms avoided: " + grouped(r.false_alarms_avoided) +
           ", added: " + grouped(r.false_alarms_added);
  }
  out += "\n";
  for (const CaseChange& change : r.changes) out += line_of(change, style);
  return out + moves_of("RULE", r.by_rule) + moves_of("WHERE", r.by_asset);
}

void whatif_json(const WhatIf& r, JsonWriter& json) {
  json.key("now");
  write_tally(r.now, json);
  json.key("candidate");
  write_tally(r.then, json);
  json.field("failuresKnown", r.failures_known);
  json.field("trueFound", r.true_found);
  json.field("trueLost", r.true_lost);
  json.field("falseAlarmsAvoided", r.false_alarms_avoided);
  json.field("falseAlarmsAdded", r.false_alarms_added);
  write_moves("byRule", r.by_rule, json);
  write_moves("byEntity", r.by_asset, json);
  json.key("changes");
  json.begin_array();
  for (const CaseChange& change : r.changes) {
    json.begin_object();
    json.field("what", name_of(change.what));
    json.field("outcome", to_text(change.truth));
    json.field_if("difference", change.difference);
    for (const auto& [name, one] : {std::pair("now", change.now), {"candidate", change.then}}) {
      json.key(name);
      one == nullptr ? json.null() : json.raw(case_json(*one));
    }
    json.end_object();
  }
  json.end_array();
}

}  // namespace millwright::daemon
