// docs/rules-by-example.md: each of its rules is loaded as a plant would load it, the rows of its
// table are played through a partition as events or as time, and give what is written beside them.
#include <gtest/gtest.h>

#include <map>

#include "daemon/rules_bundle.hpp"
#include "millwright/base/json.hpp"
#include "millwright/codec/catalog.hpp"
#include "millwright/codec/decode.hpp"
#include "millwright/pipeline/partition.hpp"
#include "unit/daemon/config_files.hpp"
#include "unit/rules/document.hpp"

namespace millwright::daemon {
namespace {

using namespace test;
using rules::TableRow;

constexpr std::string_view kDay = "2026-03-02T";

struct Example {
  std::string title;
  std::string rules;
  std::vector<TableRow> rows;  // the head first
};

std::vector<Example> examples(const std::string& text) {
  std::vector<Example> out;
  for (std::size_t at = text.find("\n## "); at != std::string::npos;) {
    const std::size_t next = text.find("\n## ", at + 1);
    const std::string section = text.substr(at + 1, next - at);
    const auto yaml = rules::blocks(section, "yaml");
    out.push_back({section.substr(3, section.find('\n') - 3), yaml.empty() ? "" : yaml[0],
                   rules::table(section, "time")});
    at = next;
  }
  return out;
}

// "84 Cel" -> 84 and Cel.
void write_quantity(JsonWriter& json, const std::string& text) {
  const std::size_t blank = text.find(' ');
  ASSERT_NE(blank, std::string::npos) << "'" << text << "' has no unit";
  json.begin_object();
  json.field("value", std::stod(text));
  json.field("unit", text.substr(blank + 1));
  json.end_object();
}

void write_field(JsonWriter& json, const FieldSpec& spec, const std::string& text) {
  json.key(spec.name);
  switch (spec.kind) {
    case FieldKind::kNumber:
      return json.value(std::stod(text));
    case FieldKind::kQuantity:
      return write_quantity(json, text);
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

std::string said(const Decision& d) {
  return (d.shadow ? "shadow P" : "P") + std::to_string(int(d.priority)) + " " +
         std::string(to_text(d.task)) + ": " + d.title;
}

// One example on the page's plant.
class Player {
 public:
  Player(const std::string& plant, const Example& example) : example_(example) {
    folder_.write("millwright.yaml", "plant: plant\nrules: rules\nworkflow: workflow\n");
    folder_.write("plant/plant.yaml", plant);
    folder_.write("workflow/policy.yaml", "policy: {}\n");
    folder_.write("rules/example.yaml", example.rules);
    std::vector<Problem> problems;
    const auto loaded = load_configuration((folder_ / "millwright.yaml").string(), {}, &problems);
    if (loaded) set_ = compile_rules(loaded->rules, loaded->version, problems);
    for (const Problem& each : problems) ADD_FAILURE() << example.title << ": " << to_text(each);
    if (!set_) return;
    type_ = codec::find_event_type(loaded->rules[0].events[0]);
    partition_.emplace(TopicPartition{"examples", 0}, pipeline::Setup{loaded->plant, set_});
  }
  [[nodiscard]] bool ready() const { return partition_.has_value(); }

  // What comes out of one row of the table.
  std::string play(const TableRow& row) {
    const Instant at = parse_rfc3339(std::string(kDay) + row[0] + ":00Z").value();
    std::vector<pipeline::Decoded> records;
    if (!only_time(row)) records.push_back(decoder_.decode(record(row, at), at));
    const bool event = !records.empty();
    if (event && std::holds_alternative<Reject>(records[0])) {
      return "rejected: " + std::get<Reject>(records[0]).detail;
    }
    if (event) ++offset_;
    const StepOf result = partition_->step(std::move(records), Offset(offset_), LaneView{}, at,
                                           pipeline::Partition::Mode::kDecide);
    std::string out;
    const auto add = [&](const std::string& text) { out += (out.empty() ? "" : "; ") + text; };
    for (const auto& each : result.outcomes) {
      const auto* decision = std::get_if<Decision>(&each);
      if (decision == nullptr) continue;
      add(said(*decision) + (decision->at == at ? "" : " at " + format_rfc3339(decision->at)));
    }
    for (const rules::RuleError& each : result.rule_errors) add("error: " + each.detail);
    return out.empty() ? "-" : out;
  }

 private:
  using StepOf = pipeline::StepResult;

  static bool only_time(const TableRow& row) {
    for (std::size_t i = 1; i + 1 < row.size(); ++i) {
      if (!row[i].empty()) return false;
    }
    return true;
  }

  RawRecord record(const TableRow& row, Instant at) {
    JsonWriter json;
    json.begin_object();
    json.field("specversion", "1.0");
    json.field("id", "row-" + std::to_string(offset_));
    json.field("source", "/example");
    json.field("type", "com.acme." + std::string(type_->name) + ".v1");
    json.field("time", at);
    json.key("data");
    json.begin_object();
    const TableRow& head = example_.rows[0];
    for (std::size_t i = 1; i + 1 < head.size(); ++i) {
      const auto field = type_->index_of(head[i]);
      EXPECT_TRUE(field.has_value()) << type_->name << " has no field " << head[i];
      if (field && !row[i].empty()) write_field(json, type_->fields[*field], row[i]);
    }
    json.end_object();
    json.end_object();
    RawRecord out;
    out.value = std::move(json).text();
    out.headers = {{"content-type", "application/cloudevents+json"}};
    out.position = {{"examples", 0}, Offset(offset_)};
    return out;
  }

  const Example& example_;
  Folder folder_;
  rules::RuleSetPtr set_;
  const EventType* type_ = nullptr;
  codec::Decoder decoder_;
  std::optional<pipeline::Partition> partition_;
  std::int64_t offset_ = 0;
};

bool same(const std::string& came, const std::string& written) {
  // Of an error the page shows the part that its reader needs.
  if (!written.starts_with("error: ")) return came == written;
  return came.starts_with("error: ") && came.find(written.substr(7)) != std::string::npos;
}

TEST(RulesByExample, EachTableGivesWhatItSays) {
  const std::string text = rules::document(MILLWRIGHT_SOURCE_DIR, "rules-by-example.md");
  const auto all = examples(text);
  ASSERT_EQ(all.size(), 12U);
  const std::string plant = rules::blocks(text, "yaml").at(0);
  for (std::size_t n = 0; n < all.size(); ++n) {
    EXPECT_TRUE(all[n].title.starts_with(std::to_string(n + 1) + ". ")) << all[n].title;
    ASSERT_GE(all[n].rows.size(), 5U) << all[n].title;
    Player player(plant, all[n]);
    if (!player.ready()) continue;
    bool decides = false;
    for (std::size_t i = 1; i < all[n].rows.size(); ++i) {
      const TableRow& row = all[n].rows[i];
      ASSERT_EQ(row.size(), all[n].rows[0].size()) << all[n].title << ", row " << i;
      const std::string came = player.play(row);
      EXPECT_TRUE(same(came, row.back()))
          << all[n].title << ", " << row[0] << "\n  written: " << row.back()
          << "\n  came:    " << came;
      decides = decides || came != "-";
    }
    EXPECT_TRUE(decides) << all[n].title;
  }
}

// The reference page's rules as a plant would load them: every key, every field, their own tests.
TEST(RulesByExample, TheReferencesRulesLoadAndPassTheirTests) {
  const auto all = rules::blocks(rules::document(MILLWRIGHT_SOURCE_DIR, "rules.md"), "yaml");
  ASSERT_GE(all.size(), 6U);
  for (const std::string& each : all) {
    Folder folder;
    folder.write("rule.yaml", each);
    std::vector<Problem> problems;
    const auto specs = load_rules((folder / "").string(), problems);
    EXPECT_NE(compile_rules(specs, "v", problems), nullptr);
    for (const Problem& problem : problems) ADD_FAILURE() << to_text(problem);
  }
}

}  // namespace
}  // namespace millwright::daemon
