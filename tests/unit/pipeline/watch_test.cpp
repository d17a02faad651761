// Watches in a partition: what fires by itself, per signal and per asset, gates, budgets, calendar.
#include <gtest/gtest.h>

#include "millwright/pipeline/partition.hpp"
#include "pipeline/plant_calendar.hpp"
#include "watch_fixtures.hpp"

namespace millwright::pipeline {
namespace {

using namespace testing;

rules::RuleSpec watching(const std::string& id, const std::string& condition,
                         std::vector<rules::WatchSpec> watches, bool on_gated = false) {
  rules::RuleSpec spec = rule(id, {"iot.measurement.sampled"}, condition, on_gated);
  spec.watches = std::move(watches);
  return spec;
}

rules::WatchSpec of(rules::WatchSpec w, const std::string& expression) {
  w.of = {expression, "test.yaml", 9, 9};
  w.keys["of"] = {9, 9};
  return w;
}

class Watching : public ::testing::Test {
 protected:
  void start(std::vector<rules::RuleSpec> rules, PlantModel plant = small_plant()) {
    auto compiled = rules::RuleSet::compile(std::move(rules), "c", codec::event_types());
    ASSERT_TRUE(compiled.has_value()) << compiled.error().message;
    setup_ = {std::make_shared<const PlantModel>(std::move(plant)), *compiled};
    partition_ = std::make_unique<Partition>(kWhere, setup_);
  }
  // Decisions of one step: "id at HH:MM:SS".
  std::vector<std::string> step(std::vector<Event> events,
                                std::optional<Instant> plant_now = std::nullopt) {
    std::vector<Decoded> records;
    Offset next = partition_->next();
    for (Event& e : events) {
      next = std::max(next, e.position.offset.next());
      records.emplace_back(std::move(e));
    }
    last_ = partition_->step(std::move(records), next, view_, plant_now, Partition::Mode::kDecide);
    std::vector<std::string> out;
    for (const auto& each : last_.outcomes) {
      const auto* d = std::get_if<Decision>(&each);
      if (d != nullptr) {
        out.push_back(d->evidence.rule.id.str() + " " + format_rfc3339(d->at).substr(11, 8));
      }
    }
    return out;
  }
  Event temp(double value, Duration after) {
    return measurement("P-102", "temp", value, kStart + after, offset_++);
  }
  const Decision& decision(std::size_t i = 0) { return std::get<Decision>(last_.outcomes.at(i)); }
  using Texts = std::vector<std::string>;

  const TopicPartition kWhere{"plant.events", 0};
  pipeline::Setup setup_;
  LaneView view_ = running_view();
  std::unique_ptr<Partition> partition_;
  StepResult last_;
  std::int64_t offset_ = 0;
};

TEST_F(Watching, AbsenceFiresByItselfWhenDue) {
  start({watching("SILENT", "watch.gone", {watch_absent("gone", minutes(10))})});
  EXPECT_EQ(step({temp(50, seconds(30))}), Texts{});
  EXPECT_EQ(step({}, kStart + minutes(10)), Texts{});
  EXPECT_EQ(step({}, kStart + minutes(15)), Texts{"SILENT 00:11:00"});
  const Decision& d = decision();
  EXPECT_EQ(d.signal.str(), "P-102/temp");
  EXPECT_EQ(d.asset.str(), "P-102");
  EXPECT_TRUE(d.evidence.event.id.empty());
  ASSERT_EQ(d.evidence.events.size(), 1U) << "the last event that was heard is cited";
  EXPECT_EQ(d.evidence.events[0].id, "e0");
  EXPECT_EQ(d.evidence.readings.at(0).name, "watch.gone");
  EXPECT_EQ(d.evidence.readings.at(0).text, "yes");
  EXPECT_EQ(step({}, kStart + hours(3)), Texts{}) << "once, not again and again";
  EXPECT_EQ(step({temp(50, hours(3)), temp(50, hours(3) + minutes(9))}), Texts{});
  EXPECT_EQ(step({}, kStart + hours(4)), Texts{"SILENT 03:19:00"});
}

// Other events of the partition move time as well.
TEST_F(Watching, AbsenceOfOneSignalIsSeenWithTheEventsOfAnother) {
  start({watching("SILENT", "watch.gone", {watch_absent("gone", minutes(5))})});
  EXPECT_EQ(step({temp(50, Duration()), measurement("P-102", "flow", 1, kStart + minutes(2), 1),
                  measurement("P-102", "flow", 1, kStart + minutes(6), 2)}),
            Texts{"SILENT 00:05:00"});
  EXPECT_EQ(decision().signal.str(), "P-102/temp");
}

TEST_F(Watching, HeldTurnsTrueBetweenReadings) {
  start({watching("HOT", "watch.hot && signal.value > 80.0",
                  {of(watch_for("hot", minutes(5)), "signal.value > 80.0")})});
  EXPECT_EQ(step({temp(85, Duration()), temp(86, minutes(3)), temp(20, minutes(3))}), Texts{});
  EXPECT_EQ(step({temp(85, minutes(4)), temp(86, minutes(8))}), Texts{});
  EXPECT_EQ(step({}, kStart + minutes(9)), Texts{"HOT 00:09:00"});
  EXPECT_EQ(decision().evidence.readings.at(0).text, "86");
}

TEST_F(Watching, SignalsAreKeptApartAndAssetsTogether) {
  const auto hot = of(watch_times("hot", 2, minutes(5)), "signal.value > 80.0");
  auto any = hot;
  any.name = "any";
  any.by = "asset";
  any.keys["by"] = {9, 9};
  start({watching("EACH", "watch.hot", {hot}), watching("TOGETHER", "watch.any", {any})});
  EXPECT_EQ(step({temp(85, Duration()), measurement("P-102", "flow", 90, kStart + seconds(10), 1)}),
            Texts{"TOGETHER 00:00:10"});
  offset_ = 2;
  EXPECT_EQ(step({temp(85, seconds(20))}), Texts{"EACH 00:00:20"});
}

TEST_F(Watching, GatedReadingsAreNotSeenAndSilenceOfAStandingMachineWaits) {
  auto stands = watching("SILENT", "watch.gone", {watch_absent("gone", minutes(20))});
  auto always = watching("ALWAYS", "watch.gone", {watch_absent("gone", minutes(5))}, true);
  start({stands, always});
  EXPECT_EQ(step({measurement("P-101", "temp-de", 50, kStart, 0)}), Texts{});
  view_.equipment.set(WorkUnitId("WU-P-101"),
                      EquipmentState{"NotExecuting", "None", kStart + minutes(1), "", ""});
  EXPECT_EQ(step({}, kStart + minutes(30)), Texts{"ALWAYS 00:05:00"});
  view_.equipment.set(WorkUnitId("WU-P-101"),
                      EquipmentState{"Executing", "Processing", kStart + minutes(30), "", ""});
  const Texts late = step({}, kStart + hours(2));
  ASSERT_EQ(late.size(), 1U);
  // Not at once when the gate opens at 00:40, but counted from when the machine began to run.
  EXPECT_GE(late[0], "SILENT 00:50:00");
  EXPECT_LE(late[0], "SILENT 01:05:00");
}

TEST_F(Watching, SequencesOfStates) {
  rules::RuleSpec spec = rule("SWAP", {"mes.equipment.statechanged"}, "watch.swap");
  rules::WatchSpec w = named("swap", {"sequence", "within", "without"});
  w.sequence = {{"event.state == 'Executing'", "", 1, 1}, {"event.state == 'Stopped'", "", 1, 1}};
  w.without = {"event.mode == 'Maintenance'", "", 1, 1};
  w.within = minutes(30);
  spec.watches = {w};
  start({spec});
  const auto state = [&](const std::string& s, const std::string& mode, Duration after) {
    Event e = event("mes.equipment.statechanged", "WU-1", kStart + after, offset_++);
    put(e, "workUnitId", {std::string("WU-1")});
    put(e, "state", {s});
    put(e, "mode", {mode});
    return e;
  };
  EXPECT_EQ(step({state("Executing", "Processing", Duration()),
                  state("Stopped", "Processing", minutes(10))}),
            Texts{"SWAP 00:10:00"});
  EXPECT_EQ(step({state("Executing", "Processing", hours(2)),
                  state("Executing", "Maintenance", hours(2) + minutes(1)),
                  state("Stopped", "Processing", hours(2) + minutes(2))}),
            Texts{});
}

TEST_F(Watching, BudgetsHoldPerAssetAndShift) {
  PlantModel plant = small_plant();
  plant.calendar.shifts = {{"early", 6 * 60, 480}, {"late", 14 * 60, 480}, {"night", 22 * 60, 480}};
  rules::RuleSpec spec = rule("HOT", {"iot.measurement.sampled"}, "signal.value > 80.0");
  spec.repeat_after = Duration();
  spec.budget = {2, rules::Budget::Per::kShift, Duration(), rules::Budget::Of::kAsset, {}};
  start({spec}, plant);
  Texts all;
  for (int i = 0; i < 10; ++i) {
    for (const std::string& each : step({temp(85, hours(i))})) all.push_back(each);
  }
  EXPECT_EQ(all, (Texts{"HOT 00:00:00", "HOT 01:00:00", "HOT 06:00:00", "HOT 07:00:00"}));
  // Another asset has its own.
  EXPECT_EQ(step({measurement("P-101", "ambient", 99, kStart + hours(10), 50)}).size(), 1U);
}

TEST_F(Watching, BudgetsOfARuleAreSharedAndComeBackFromTheLedger) {
  rules::RuleSpec spec = rule("HOT", {"iot.measurement.sampled"}, "signal.value > 80.0");
  spec.repeat_after = Duration();
  spec.budget = {2, rules::Budget::Per::kDuration, hours(8), rules::Budget::Of::kRule, {}};
  start({spec});
  EXPECT_EQ(step({temp(85, Duration())}).size(), 1U);
  const Decision first = decision();
  partition_ = std::make_unique<Partition>(kWhere, setup_);
  partition_->recall(first);
  partition_->recall(first);  // told twice, counted once
  offset_ = 1;
  EXPECT_EQ(step({measurement("P-101", "ambient", 99, kStart + hours(1), 1)}).size(), 1U);
  offset_ = 2;
  EXPECT_EQ(step({temp(85, hours(2)), temp(85, hours(7))}).size(), 0U);
  EXPECT_EQ(step({temp(85, hours(8))}).size(), 1U) << "the first one no longer counts";
}

TEST_F(Watching, ErrorsOfAWatchAreCounted) {
  start({watching("BAD", "watch.a",
                  {of(watch_for("a", minutes(5)),
                      "1.0 / (signal.value - "
                      "signal.value) > 0.0 && "
                      "int(signal.value * 1e30) > "
                      "1")})});
  (void)step({temp(50, Duration())});
  EXPECT_EQ(last_.rule_errors.size(), 1U);
}

TEST(PlantCalendar, ShiftsHolidaysAndStopsByLocalTime) {
  PlantModel plant = small_plant();
  plant.nodes["line"] = {"line", "Line", Level::kProductionLine, "", "line"};
  plant.assets[AssetId("P-101")].node = "line";
  // Paris, 2026: summer time from 29 March 01:00 UTC.
  plant.calendar.offsets = {{Instant(), 3600},
                            {parse_rfc3339("2026-03-29T01:00:00Z").value(), 7200}};
  plant.calendar.shifts = {{"early", 6 * 60, 480}, {"late", 14 * 60, 480}, {"night", 22 * 60, 480}};
  plant.calendar.holidays = {"2026-04-06"};
  const auto t = [](const char* text) { return parse_rfc3339(text).value(); };
  plant.calendar.planned_stops = {
      {"line", t("2026-03-02T08:00:00Z"), t("2026-03-02T10:00:00Z"), "cleaning"}};
  PlantCalendar calendar(plant);
  const Asset* asset = &plant.assets[AssetId("P-101")];
  const auto at = [&](const char* text) { return calendar.at(t(text), asset); };
  EXPECT_EQ(at("2026-03-02T04:59:59Z").shift, "night");
  EXPECT_EQ(at("2026-03-02T05:00:00Z").shift, "early");
  EXPECT_EQ(at("2026-03-02T05:00:00Z").shift_from, t("2026-03-02T05:00:00Z"));
  EXPECT_EQ(at("2026-03-02T00:30:00Z").shift_from, t("2026-03-01T21:00:00Z"));
  EXPECT_EQ(at("2026-03-02T00:30:00Z").day_from, t("2026-03-01T23:00:00Z"));
  EXPECT_TRUE(at("2026-03-02T07:59:00Z").working);
  EXPECT_FALSE(at("2026-03-02T09:00:00Z").working);
  EXPECT_TRUE(calendar.at(t("2026-03-02T09:00:00Z"), nullptr).working);
  EXPECT_TRUE(at("2026-03-02T10:00:00Z").working);
  // In summer the early shift begins an hour earlier by UTC.
  EXPECT_EQ(at("2026-03-30T04:30:00Z").shift, "early");
  EXPECT_EQ(at("2026-03-28T04:30:00Z").shift, "night");
  // The night of the change is seven hours long by the clock, and the shift still ends at 6.
  EXPECT_EQ(at("2026-03-29T03:59:00Z").shift, "night");
  EXPECT_EQ(at("2026-03-29T04:00:00Z").shift, "early");
  EXPECT_TRUE(at("2026-04-06T10:00:00Z").holiday);
  EXPECT_FALSE(at("2026-04-06T10:00:00Z").working);
  EXPECT_TRUE(at("2026-04-05T22:30:00Z").holiday) << "local midnight has passed";
  EXPECT_FALSE(at("2026-04-05T21:30:00Z").holiday);
}

TEST_F(Watching, RulesReadTheCalendar) {
  PlantModel plant = small_plant();
  plant.calendar.shifts = {{"early", 6 * 60, 480}};
  plant.calendar.holidays = {"2026-03-03"};
  rules::RuleSpec spec = rule("IDLE", {"iot.measurement.sampled"},
                              "!calendar.working && (calendar.holiday || !has(calendar.shift))");
  spec.repeat_after = Duration();
  start({spec}, plant);
  EXPECT_EQ(step({temp(50, hours(5)), temp(50, hours(7)), temp(50, hours(24 + 7))}),
            (Texts{"IDLE 05:00:00", "IDLE 07:00:00"}));
}

}  // namespace
}  // namespace millwright::pipeline
