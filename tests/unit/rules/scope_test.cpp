// What a rule may read of the events it listens to: names, types, absence, evidence.
#include "rules/scope.hpp"

#include <gtest/gtest.h>

#include "millwright/rules/rule_set.hpp"

namespace millwright::rules {
namespace {

constexpr FieldSpec kStateFields[] = {
    {"state", FieldKind::kText, "", true},       {"planned", FieldKind::kBool, "", false},
    {"qty", FieldKind::kQuantity, "kg", false},  {"from", FieldKind::kTime, "", false},
    {"type", FieldKind::kText, "", false},       {"lots", FieldKind::kTextList, "", false},
    {"bands", FieldKind::kRecordList, "", false}};
constexpr FieldSpec kCountFields[] = {{"good", FieldKind::kNumber, "C62", true},
                                      {"state", FieldKind::kText, "", true},
                                      {"planned", FieldKind::kNumber, "", false}};
constexpr EventType kTypes[] = {
    {"mes.state", 1, SourceFamily::kMes, "unit", "", kStateFields},
    {"mes.count", 1, SourceFamily::kMes, "unit", "", kCountFields},
};

RuleSpec rule(std::string condition, std::vector<std::string> events) {
  RuleSpec out;
  out.id = "r";
  out.owner = "production";
  out.summary = "s";
  out.events = std::move(events);
  out.condition = {std::move(condition), "r.yaml", 3, 9};
  Proposal p;
  p.title_text = {"{{ event.state }}", "r.yaml", 5, 9};
  out.proposals = {p};
  return out;
}

struct Scope : testing::Test {
  Event event;
  Observation o;

  void SetUp() override { use(0); }
  void use(std::size_t type) {
    event.type = &kTypes[type];
    event.fields.assign(kTypes[type].fields.size(), {});
    event.key = {"/mes", "1"};
    event.position = {{"mes", 0}, Offset(4)};
    o.event = &event;
    o.at = Instant(1'800'000'000'000'000'000);
    o.entity = "WU-1";
    o.source_id = "/mes\n1";
    put("state", {std::string("Executing")});
  }
  void put(std::string_view name, FieldValue value) {
    event.fields.at(event.type->index_of(name).value()) = std::move(value);
  }
  Outcome decide(const RuleSpec& spec) {
    auto set = RuleSet::compile({spec}, "c", kTypes);
    if (!set) ADD_FAILURE() << set.error().message;
    return set ? (*set)->decide(o, LaneView{}, FiredMap{}) : Outcome{};
  }
  // "yes", "no", or the error.
  std::string ask(const std::string& condition,
                  std::vector<std::string> events = {"mes.state", "mes.count"}) {
    const Outcome out = decide(rule(condition, std::move(events)));
    if (!out.errors.empty()) return out.errors[0].detail;
    return out.decisions.empty() ? "no" : "yes";
  }
};

TEST_F(Scope, FieldsHaveTheirTypes) {
  put("planned", {true});
  put("qty", {Quantity{4.5, "kg", 4500, "g"}});
  put("from", {o.at - hours(2)});
  put("type", {std::string("hot")});
  put("lots", {FieldList{{std::string("L1")}, {std::string("L2")}}});
  put("bands", {FieldList{{FieldRecord{{"hz", {75.5}}, {"name", {std::string("BPFO")}}}}}});
  const std::vector<std::string> only{"mes.state"};
  for (const char* each :
       {"event.state == 'Executing'", "event.planned", "event.qty > 4.4 && event.qty < 4.6",
        "event.time - event.from == duration('2h')", "event.data.type == 'hot'",
        "event.type == 'mes.state'", "'L2' in event.lots && event.lots.size() == 2",
        "event.bands.exists(b, b.name == 'BPFO' && b.hz > 75.0)",
        "event.bands.all(b, !has(b.amp))"}) {
    EXPECT_EQ(ask(each, only), "yes") << each;
  }
}

TEST_F(Scope, WhatAnEventDoesNotCarryIsAbsent) {
  EXPECT_EQ(ask("has(event.qty)"), "no");
  EXPECT_EQ(ask("has(event.good)"), "no");
  EXPECT_NE(ask("event.qty > 1.0").find("r.yaml:3:9: no such field: 'event.qty'"),
            std::string::npos);
  use(1);
  put("good", {12.0});
  EXPECT_EQ(ask("has(event.good) && event.good == 12.0"), "yes");
  EXPECT_EQ(ask("has(event.data.type)"), "no");
  o.event = nullptr;
  RuleSpec tick = rule("has(event.state)", {"mes.state", "tick"});
  const Outcome out = decide(tick);
  EXPECT_EQ(out.evaluated, 1u);
  EXPECT_TRUE(out.decisions.empty());
  EXPECT_TRUE(out.errors.empty());
}

TEST_F(Scope, FieldsOfTwoKindsAreDyn) {
  put("planned", {true});
  EXPECT_EQ(ask("event.planned == true"), "yes");
  use(1);
  put("planned", {3.0});
  EXPECT_EQ(ask("event.planned == 3.0"), "yes");
}

TEST_F(Scope, NamesAreOfTheRulesOwnEvents) {
  const auto message = [](const std::string& condition, std::vector<std::string> events) {
    const auto set = RuleSet::compile({rule(condition, std::move(events))}, "c", kTypes);
    return set ? std::string("compiles") : set.error().message;
  };
  EXPECT_NE(message("event.stat == 'x'", {"mes.state"})
                .find("unknown name 'event.stat'; did you mean 'event.state'"),
            std::string::npos)
      << message("event.stat == 'x'", {"mes.state"});
  EXPECT_NE(message("event.good > 1.0", {"mes.state"}).find("unknown name 'event.good'"),
            std::string::npos);
  EXPECT_EQ(message("has(event.good) && event.good > 1", {"mes.state", "mes.count"}), "compiles");
  EXPECT_NE(message("event.state > 1.0", {"mes.state"}).find("r.yaml:3:"), std::string::npos);
}

TEST_F(Scope, EvidenceShowsTheFieldsThatWereRead) {
  put("qty", {Quantity{4.5, "kg", 4500, "g"}});
  const Outcome out = decide(rule("event.qty > 1.0", {"mes.state"}));
  ASSERT_EQ(out.decisions.size(), 1u);
  EXPECT_EQ(out.decisions[0].title, "Executing");
  const auto& readings = out.decisions[0].evidence.readings;
  ASSERT_EQ(readings.size(), 2u);
  EXPECT_EQ(readings[0], (Reading{"event.state", "Executing", "", std::nullopt, std::nullopt}));
  EXPECT_EQ(readings[1], (Reading{"event.qty", "4.5", "kg", 4.5, std::nullopt}));
}

// Rules share one row of values: what one of them found must not be there for the next.
TEST_F(Scope, RulesDoNotSeeEachOthersFields) {
  RuleSpec first = rule("event.state == 'Executing'", {"mes.state"});
  RuleSpec second = rule("has(event.good)", {"mes.count", "mes.state"});
  second.id = "s";
  const auto set = RuleSet::compile({first, second}, "c", kTypes).value();
  const Outcome out = set->decide(o, LaneView{}, FiredMap{});
  EXPECT_EQ(out.evaluated, 2u);
  ASSERT_EQ(out.decisions.size(), 1u);
  EXPECT_EQ(out.decisions[0].evidence.rule.id.str(), "r");
}

}  // namespace
}  // namespace millwright::rules
