// RuleSet: compiling all or none, decisions with their evidence, cooldowns, errors, texts.
#include "millwright/rules/rule_set.hpp"

#include <gtest/gtest.h>

#include "millwright/base/digest.hpp"
#include "rules/functions.hpp"
#include "rules/schema.hpp"

namespace millwright::rules {
namespace {

constexpr EventType kType{"iot.measurement.sampled", 1, SourceFamily::kIot, "assetId", "", {}};

SourceText at(std::string text, int line, int column = 9) {
  return {std::move(text), "plant.yaml", line, column};
}

RuleSpec spec() {
  RuleSpec s;
  s.id = "hot";
  s.version = 3;
  s.owner = "maintenance";
  s.summary = "Too hot";
  s.events = {"iot.measurement.sampled"};
  s.condition = at("signal.value > 80", 10);
  s.place = at("", 7, 5);
  Proposal p;
  p.task = TaskKind::kInspection;
  p.mode = at("'HOT'", 12);
  p.priority = at("signal.value > 90.0 ? 2 : 3", 13);
  p.confidence = at("0.9", 14);
  p.due_hours = at("1.5", 15);
  p.title_text = at("Inspect {{ asset.id }}", 16);
  p.symptom_text = at("{{ signal.name }} at {{ signal.value }} {{ signal.unit }}", 17);
  s.proposals = {p};
  return s;
}

struct Fixture : testing::Test {
  Event event;
  Observation o;
  FiredMap fired;

  Fixture() {
    event.type = &kType;
    event.key = {"/gw", "42"};
    event.position = {{"iot", 1}, Offset(99)};
    o.event = &event;
    o.at = Instant(1'800'000'000'000'000'000);
    o.asset = AssetId("F-201");
    o.signal = SignalId("F-201/temp");
    o.entity = "F-201";
    o.source_id = "/gw\n42";
    o.rung = Rung::kModel;
    o.model = {ModelId("robust-z"), "2"};
    o.recent = {{"/gw", "40"}, {"/gw", "41"}};
    o.contributions = {{"z", 4.5, "far out"}};
    o.series = {SeriesPoint{o.at, 85.0F, 60.0F, 70.0F}};
    o.features.set(Feature::kAssetId, "F-201");
    o.features.set(Feature::kSignalName, "Housing");
    o.features.set(Feature::kSignalUnit, "Cel");
    o.features.set(Feature::kSignalValue, 85.256);
    o.features.set(Feature::kSignalLimitWarn, 80.0);
    o.features.set(Feature::kSignalWarnConfirmed, true);
  }

  Outcome decide(const RuleSpec& s) {
    auto set = RuleSet::compile({s}, "config-9");
    if (!set) ADD_FAILURE() << set.error().message;
    LaneView view;
    view.number = ViewNumber(31);
    return set ? (*set)->decide(o, view, fired) : Outcome{};
  }
};

std::string compile_error(std::vector<RuleSpec> specs) {
  const auto set = RuleSet::compile(std::move(specs), "c");
  return set ? "compiles" : set.error().message;
}

TEST_F(Fixture, ADecisionCarriesItsEvidence) {
  const Outcome out = decide(spec());
  EXPECT_TRUE(out.errors.empty());
  EXPECT_EQ(out.evaluated, 1u);
  ASSERT_EQ(out.decisions.size(), 1u);
  const Decision& d = out.decisions[0];
  EXPECT_EQ(d.id.str(), derive_id({"decision/v1", "/gw\n42", "F-201", "hot", "3", "0"}));
  EXPECT_EQ(d.at, o.at);
  EXPECT_EQ(d.asset, o.asset);
  EXPECT_EQ(d.signal, o.signal);
  EXPECT_EQ(d.entity, "F-201");
  EXPECT_EQ(d.mode.str(), "HOT");
  EXPECT_EQ(d.priority, Priority::kP3);
  EXPECT_EQ(d.title, "Inspect F-201");
  EXPECT_EQ(d.symptom, "Housing at 85.26 Cel");
  EXPECT_EQ(*d.due, o.at + minutes(90));
  EXPECT_EQ(d.series.size(), 1u);
  const Evidence& e = d.evidence;
  EXPECT_EQ(e.event, event.key);
  EXPECT_EQ(e.position, event.position);
  ASSERT_EQ(e.events.size(), 3u);
  EXPECT_EQ(e.events[2], event.key);
  ASSERT_EQ(e.readings.size(), 4u);
  EXPECT_EQ(e.readings[0], (Reading{"signal.value", "85.26", "Cel", 85.256, 80.0}));
  EXPECT_EQ(e.readings[1], (Reading{"signal.unit", "Cel", "", std::nullopt, std::nullopt}));
  EXPECT_EQ(e.readings[3].name, "asset.id");
  EXPECT_EQ(e.contributions, o.contributions);
  EXPECT_EQ(e.rule.id.str(), "hot");
  EXPECT_EQ(e.rule.version, 3);
  EXPECT_EQ(e.rule.hash.size(), 64u);
  EXPECT_EQ(e.model, o.model);
  EXPECT_EQ(e.config_version, "config-9");
  EXPECT_EQ(e.view, ViewNumber(31));
  EXPECT_EQ(e.rung, Rung::kModel);
  EXPECT_DOUBLE_EQ(e.confidence, 0.9);
  EXPECT_EQ(e.rationale, "Too hot");  // no text of its own: the rule's summary
}

TEST_F(Fixture, TheHashIsOfWhatTheRuleSays) {
  const std::string hash = decide(spec()).decisions[0].evidence.rule.hash;
  RuleSpec moved = spec();
  moved.condition.line = 99;
  moved.place.file = "other.yaml";
  EXPECT_EQ(decide(moved).decisions[0].evidence.rule.hash, hash);
  RuleSpec changed = spec();
  changed.condition.text = "signal.value > 80.5";
  EXPECT_NE(decide(changed).decisions[0].evidence.rule.hash, hash);
}

TEST_F(Fixture, CooldownHoldsUntilTheOutcomeChangesOrTimePasses) {
  const Decision first = decide(spec()).decisions[0];
  remember(first, fired);
  o.at = o.at + minutes(59);
  EXPECT_TRUE(decide(spec()).decisions.empty());
  o.features.set(Feature::kSignalValue, 95.0);  // P2 now
  ASSERT_EQ(decide(spec()).decisions.size(), 1u);
  o.features.set(Feature::kSignalValue, 85.0);
  o.at = first.at + hours(1);
  ASSERT_EQ(decide(spec()).decisions.size(), 1u);
  // Another mode has a cooldown of its own.
  RuleSpec other = spec();
  other.proposals[0].mode.text = "'WARM'";
  o.at = first.at;
  EXPECT_EQ(decide(other).decisions.size(), 1u);
}

TEST_F(Fixture, OnlyListenersAreAsked) {
  auto set = RuleSet::compile({spec()}, "c").value();
  EXPECT_TRUE(set->listens("iot.measurement.sampled"));
  EXPECT_FALSE(set->listens("tick"));
  ASSERT_EQ(set->rules().size(), 1u);
  EXPECT_EQ(set->rules()[0].owner, "maintenance");
  o.event = nullptr;
  EXPECT_EQ(set->decide(o, LaneView{}, fired).evaluated, 0u);
  RuleSpec tick = spec();
  tick.events = {"tick"};
  const Outcome out = decide(tick);
  ASSERT_EQ(out.decisions.size(), 1u);
  EXPECT_TRUE(out.decisions[0].evidence.event.id.empty());
}

TEST_F(Fixture, GatedReadingsAreForRulesThatWantThem) {
  o.features.set(Feature::kSignalGated, true);
  EXPECT_EQ(decide(spec()).evaluated, 0u);
  RuleSpec wants = spec();
  wants.on_gated = true;
  EXPECT_EQ(decide(wants).decisions.size(), 1u);
}

TEST_F(Fixture, OnlyReleasedRulesAndThoseOnTrialAreAsked) {
  for (const RuleStatus status : {RuleStatus::kDraft, RuleStatus::kRetired}) {
    RuleSpec s = spec();
    s.status = status;
    EXPECT_EQ(decide(s).evaluated, 0u) << to_text(status);
    s.condition.text = "signal.valu > 1.0";
    EXPECT_NE(compile_error({s}), "compiles") << "it is checked all the same";
  }
  RuleSpec trial = spec();
  trial.status = RuleStatus::kShadow;
  const Decision shadow = decide(trial).decisions.at(0);
  EXPECT_TRUE(shadow.shadow);
  const Decision real = decide(spec()).decisions.at(0);
  EXPECT_FALSE(real.shadow);
  EXPECT_EQ(real.evidence.rule.hash, shadow.evidence.rule.hash) << "what was tried is released";
  remember(shadow, fired);
  EXPECT_TRUE(decide(trial).decisions.empty()) << "it cools down by itself";
  EXPECT_EQ(decide(spec()).decisions.size(), 1u) << "and does not silence the released one";
}

TEST_F(Fixture, TheFirstProposalThatMatchesIsTaken) {
  RuleSpec s = spec();
  Proposal urgent = s.proposals[0];
  urgent.task = TaskKind::kWorkOrder;
  urgent.when = at("signal.value > 90.0", 11);
  s.proposals.insert(s.proposals.begin(), urgent);
  EXPECT_EQ(decide(s).decisions[0].task, TaskKind::kInspection);
  o.features.set(Feature::kSignalValue, 95.0);
  EXPECT_EQ(decide(s).decisions[0].task, TaskKind::kWorkOrder);
  s.proposals.pop_back();
  o.features.set(Feature::kSignalValue, 85.0);
  const Outcome out = decide(s);
  EXPECT_TRUE(out.decisions.empty());
  EXPECT_TRUE(out.errors.empty());
}

TEST_F(Fixture, AnErrorIsNeverFalse) {
  RuleSpec s = spec();
  s.condition = at("signal.score > 0.9", 10);
  Outcome out = decide(s);
  EXPECT_TRUE(out.decisions.empty());
  ASSERT_EQ(out.errors.size(), 1u);
  EXPECT_EQ(out.errors[0].rule.str(), "hot");
  EXPECT_EQ(out.errors[0].detail,
            "plant.yaml:10:9: no such field: 'signal.score' is not in this event; ask first: "
            "has(signal.score)\n  signal.score > 0.9\n  ^");

  s = spec();
  s.proposals[0].when = at("signal.score > 0.9", 11);
  s.proposals.push_back(spec().proposals[0]);
  out = decide(s);
  EXPECT_TRUE(out.decisions.empty()) << "the row after a failed one must not be taken";
  EXPECT_EQ(out.errors.size(), 1u);

  for (const auto& [field, text] : {std::pair{0, "''"}, {1, "7"}, {2, "1.5"}, {2, "signal.z"}}) {
    s = spec();
    SourceText* const fields[] = {&s.proposals[0].mode, &s.proposals[0].priority,
                                  &s.proposals[0].confidence};
    fields[field]->text = text;
    out = decide(s);
    EXPECT_TRUE(out.decisions.empty()) << text;
    EXPECT_EQ(out.errors.size(), 1u) << text;
  }
}

TEST_F(Fixture, AFailedTextOrDueDateDoesNotSilenceTheRule) {
  RuleSpec s = spec();
  s.proposals[0].symptom_text = at("z {{ signal.z }} at {{ signal.value }}", 17);
  s.proposals[0].due_hours = at("signal.hours_to_cd", 15);
  const Outcome out = decide(s);
  ASSERT_EQ(out.decisions.size(), 1u);
  EXPECT_EQ(out.decisions[0].symptom, "z n/a at 85.26");
  EXPECT_FALSE(out.decisions[0].due.has_value());
  ASSERT_EQ(out.errors.size(), 2u);
  EXPECT_EQ(out.errors[0].detail.substr(0, 17), "plant.yaml:17:14:");
}

TEST_F(Fixture, UnsureInspectionsStandOnTheLowestRung) {
  RuleSpec s = spec();
  s.proposals[0].confidence.text = "0.6";
  EXPECT_EQ(decide(s).decisions[0].evidence.rung, Rung::kInspection);
}

TEST_F(Fixture, LongTextsAreCutBetweenCharacters) {
  RuleSpec s = spec();
  std::string title;
  for (int i = 0; i < 150; ++i) title += "é";
  s.proposals[0].title_text.text = title;
  const std::string cut = decide(s).decisions[0].title;
  EXPECT_LE(cut.size(), 200u);
  EXPECT_EQ(cut.substr(cut.size() - 5), "é...");
}

TEST(RuleSetCompile, NamesEveryMistakeWithItsPlace) {
  RuleSpec wrong = spec();
  wrong.condition = at("signal.valu > 80.0 && signal.value * 2 > 1.0", 10, 11);
  wrong.proposals[0].priority = at("'high'", 13);
  wrong.proposals[0].confidence = at("1", 14);
  wrong.proposals[0].title_text = at("Look at {{ asset.ide }}", 16, 16);
  wrong.proposals[0].cause_text = at("because {{ signal.z", 18);
  const std::string message = compile_error({wrong});
  for (const char* part :
       {"plant.yaml:10:11: unknown name 'signal.valu'; did you mean 'signal.value'?",
        "plant.yaml:10:46: '*' does not mix double and int; write 2.0",
        "plant.yaml:13:9: this gives string, but must give int",
        "plant.yaml:14:9: this gives int, but must give double; write 1.0",
        "plant.yaml:16:27: unknown name 'asset.ide'; did you mean 'asset.id' or",
        "plant.yaml:18:17: '{{' has no '}}'"}) {
    EXPECT_NE(message.find(part), std::string::npos) << part << "\nin\n" << message;
  }
}

TEST(RuleSetCompile, ProblemsAreValuesWithTheirPlaces) {
  RuleSpec wrong = spec();
  wrong.condition = at("signal.valu > 80.0 &&\n  signal.value * 2 > 1.0", 10, 11);
  wrong.proposals[0].title_text = at("", 16);
  RuleProblems problems;
  const auto set = RuleSet::compile({wrong, spec()}, "c", {}, &problems);
  ASSERT_FALSE(set.has_value());
  ASSERT_EQ(problems.size(), 4u);
  EXPECT_EQ(problems[0], (RuleProblem{"plant.yaml", 10, 11,
                                      "unknown name 'signal.valu'; did you mean 'signal.value'?\n"
                                      "  signal.valu > 80.0 &&\n  ^"}));
  EXPECT_EQ(problems[1].line, 11);
  EXPECT_EQ(problems[2], (RuleProblem{"plant.yaml", 7, 5, "rule 'hot': a proposal needs a title"}));
  EXPECT_EQ(problems[3].message, "rule 'hot' is already at plant.yaml:7:5; ids are unique");
  std::string all;
  for (const RuleProblem& each : problems) all += (all.empty() ? "" : "\n") + to_text(each);
  EXPECT_EQ(set.error().message, all);
  EXPECT_TRUE(RuleSet::compile({spec()}, "c", {}, &problems).has_value());
  EXPECT_TRUE(problems.empty()) << "what was there before is gone";
}

TEST(RuleSetCompile, WantsWholeRules) {
  const auto expect = [](RuleSpec s, const std::string& part) {
    EXPECT_NE(compile_error({std::move(s)}).find(part), std::string::npos) << part;
  };
  RuleSpec s = spec();
  s.id = "";
  expect(s, "plant.yaml:7:5: rule '': a rule needs an id");
  s = spec();
  s.events = {};
  expect(s, "it listens to no event");
  s = spec();
  s.condition.text = "";
  expect(s, "it has no condition");
  s = spec();
  s.proposals = {};
  expect(s, "it proposes nothing");
  s = spec();
  s.proposals[0].title_text.text = "";
  expect(s, "a proposal needs a title");
  s = spec();
  s.proposals[0].task = TaskKind::kPartReservation;
  expect(s, "part reservations are added to a work order");
  s = spec();
  s.proposals.push_back(s.proposals[0]);
  expect(s, "proposal 1 always matches");
  s = spec();
  s.version = 0;
  expect(s, "versions count from 1");
  EXPECT_NE(compile_error({spec(), spec()}).find("rule 'hot' is already at plant.yaml:7:5"),
            std::string::npos);
  EXPECT_EQ(compile_error({}), "compiles");
}

TEST(RuleSchema, HasEveryFeatureAndExtra) {
  for (const FeatureSpec& feature : feature_table()) {
    const auto slot = rule_schema().slot(feature.name);
    ASSERT_TRUE(slot.has_value()) << feature.name;
    EXPECT_EQ(*slot, std::size_t(feature.id));
  }
  for (const ExtraSpec& extra : extra_table()) {
    const auto slot = rule_schema().slot(extra.name);
    ASSERT_TRUE(slot.has_value()) << extra.name;
    EXPECT_EQ(*slot, kFeatureCount + std::size_t(extra.id));
    EXPECT_FALSE(extra.doc.empty());
  }
}

TEST(Numbers, AreShownAsPeopleReadThem) {
  EXPECT_EQ(number_text(3.2412), "3.24");
  EXPECT_EQ(number_text(4.0), "4");
  EXPECT_EQ(number_text(-0.0), "0");
  EXPECT_EQ(number_text(0.85714), "0.857");
  EXPECT_EQ(number_text(99.999), "100");
  EXPECT_EQ(number_text(123.456), "123.5");
  EXPECT_EQ(number_text(1482.0), "1482");
  EXPECT_EQ(number_text(123456.7), "123457");
  EXPECT_EQ(number_text(0.0000123), "1.23e-05");
  EXPECT_EQ(number_text(-0.0004), "-0.0004");
  EXPECT_EQ(number_text(2.5, 3), "2.500");
}

}  // namespace
}  // namespace millwright::rules
