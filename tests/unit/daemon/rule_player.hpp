#pragma once
// RulePlayer: rows of a table (a time and the fields of an event, or only a time) played through
// decoder, rules and a partition, as what comes out in words. One thread; owned by its test.

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

#include "millwright/base/json.hpp"
#include "millwright/codec/catalog.hpp"
#include "millwright/codec/decode.hpp"
#include "millwright/pipeline/partition.hpp"
#include "unit/rules/document.hpp"

namespace millwright::daemon::test {

using rules::TableRow;

// "84 Cel" -> 84 and Cel.
inline void write_quantity(JsonWriter& json, const std::string& text) {
  const std::size_t blank = text.find(' ');
  ASSERT_NE(blank, std::string::npos) << "'" << text << "' has no unit";
  json.begin_object();
  json.field("value", std::stod(text));
  json.field("unit", text.substr(blank + 1));
  json.end_object();
}

// "1, 2, 3" -> [1, 2, 3]
inline void write_list(JsonWriter& json, const std::string& text, bool numbers) {
  json.begin_array();
  std::istringstream in(text);
  for (std::string each; std::getline(in >> std::ws, each, ',');) {
    numbers ? json.value(std::stod(each)) : json.value(each);
  }
  json.end_array();
}

inline void write_field(JsonWriter& json, const FieldSpec& spec, const std::string& text) {
  json.key(spec.name);
  switch (spec.kind) {
    case FieldKind::kNumber:
      return json.value(std::stod(text));
    case FieldKind::kQuantity:
      return write_quantity(json, text);
    case FieldKind::kNumberList:
      return write_list(json, text, true);
    case FieldKind::kTextList:
      return write_list(json, text, false);
    case FieldKind::kBool:
      return json.value(text == "yes");
    case FieldKind::kText:
    case FieldKind::kTime:
      return json.value(text);
    default:
      ADD_FAILURE() << "no example writes the field " << spec.name;
      json.value(text);
  }
}

inline std::string in_words(const Decision& d) {
  return (d.shadow ? "shadow P" : "P") + std::to_string(int(d.priority)) + " " +
         std::string(to_text(d.task)) + ": " + d.title;
}

class RulePlayer {
 public:
  // `rule`: only what this one decides; "" all.
  RulePlayer(PlantModelPtr plant, rules::RuleSetPtr rules, std::string rule = "")
      : rule_(std::move(rule)), partition_({"examples", 0}, {std::move(plant), std::move(rules)}) {}

  // What comes out of a row under this head: its first column is the time, its last what is
  // expected; a column `event` names the type where it is not `type`.
  std::string play(const TableRow& head, const TableRow& row, std::string_view type) {
    const std::string day = row[0].size() > 5 ? "" : "2026-03-02T";
    const Instant at = parse_rfc3339(day + row[0] + ":00Z").value();
    std::vector<pipeline::Decoded> records;
    if (!only_time(row)) {
      records.push_back(decoder_.decode(record(head, row, type, at), at));
      if (const auto* reject = std::get_if<Reject>(&records[0]))
        return "rejected: " + reject->detail;
      ++offset_;
    }
    const pipeline::StepResult result = partition_.step(std::move(records), Offset(offset_), view,
                                                        at, pipeline::Partition::Mode::kDecide);
    std::string out;
    const auto add = [&](const std::string& text) { out += (out.empty() ? "" : "; ") + text; };
    for (const auto& each : result.outcomes) {
      const auto* decision = std::get_if<Decision>(&each);
      if (decision == nullptr) continue;
      if (!rule_.empty() && decision->evidence.rule.id.str() != rule_) continue;
      add(in_words(*decision) + (decision->at == at ? "" : " at " + format_rfc3339(decision->at)));
    }
    for (const rules::RuleError& each : result.rule_errors) add("error: " + each.detail);
    return out.empty() ? "-" : out;
  }

  LaneView view;  // what the plant's systems have said of it

 private:
  static bool only_time(const TableRow& row) {
    return std::all_of(row.begin() + 1, row.end() - 1, [](const auto& c) { return c.empty(); });
  }

  RawRecord record(const TableRow& head, const TableRow& row, std::string_view type, Instant at) {
    const auto named = std::find(head.begin(), head.end(), "event");
    if (named != head.end()) type = row[std::size_t(named - head.begin())];
    const EventType* known = codec::find_event_type(type);
    MW_CHECK(known != nullptr);
    JsonWriter json;
    json.begin_object();
    json.field("specversion", "1.0");
    json.field("id", "row-" + std::to_string(offset_));
    json.field("source", "/example");
    json.field("type", "com.acme." + std::string(known->name) + ".v1");
    json.field("time", at);
    json.key("data");
    json.begin_object();
    for (std::size_t i = 1; i + 1 < head.size(); ++i) {
      if (head[i] == "event" || row[i].empty()) continue;
      const auto field = known->index_of(head[i]);
      EXPECT_TRUE(field.has_value()) << known->name << " has no field " << head[i];
      if (field) write_field(json, known->fields[*field], row[i]);
    }
    json.end_object();
    json.end_object();
    RawRecord out;
    out.value = std::move(json).text();
    out.headers = {{"content-type", "application/cloudevents+json"}};
    out.position = {{"examples", 0}, Offset(offset_)};
    return out;
  }

  std::string rule_;
  codec::Decoder decoder_;
  pipeline::Partition partition_;
  std::int64_t offset_ = 0;
};

}  // namespace millwright::daemon::test
