#include "daemon/replay_report.hpp"

#include <gtest/gtest.h>

namespace millwright::daemon {
namespace {

Instant at(const char* text) {
  return parse_rfc3339(text).value();
}

ReplayedCase pump() {
  ReplayedCase out;
  out.about.id = CaseId("case1");
  out.about.asset = AssetId("P-1");
  out.about.entity = "P-1";
  out.about.mode = FailureMode("ANOMALY");
  out.about.opened_at = at("2026-03-02T06:10:00Z");
  Task task;
  task.id = TaskId("task1");
  task.case_id = out.about.id;
  task.asset = AssetId("P-1");
  task.title = "Look into unusual readings, P-1";
  task.symptom = "Flow at 4.3 m3/h, expected 4.5 to 5";
  task.opened_at = out.about.opened_at;
  task.last_seen = at("2026-03-02T22:10:00Z");
  task.evidence_count = 3;
  task.confidence = 0.9;
  out.tasks = {task};
  return out;
}

TEST(ReplayReport, TimesAndSpansAreForPeople) {
  EXPECT_EQ(spoken(seconds(45)), "45 s");
  EXPECT_EQ(spoken(minutes(12)), "12 min");
  EXPECT_EQ(spoken(hours(16)), "16 h");
  EXPECT_EQ(spoken(hours(60)), "2.5 d");
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(22'695), "22 695");
  EXPECT_EQ(grouped(-1'234'567), "-1 234 567");
  EXPECT_EQ(spoken(at("2026-07-02T06:10:42Z"), {"Europe/Paris", false, 0}), "2026-07-02 08:10");
  EXPECT_EQ(spoken(at("2026-07-02T06:10:42Z"), {"UTC", true, 0}), "2026-07-02 06:10:42");
}

TEST(ReplayReport, ALineForEachCase) {
  ReplayedCase valve = pump();
  valve.about.asset = valve.tasks[0].asset = AssetId("V-12345");
  valve.tasks[0].evidence_count = 1;
  valve.tasks[0].symptom =
      "At 21 \xC2\xB0"
      "C";
  EXPECT_EQ(case_table({pump(), valve}, {}),
            "OPENED            SEEN        PRIO  TASK        WHERE    WHAT                         "
            "    WHY\n"
            "2026-03-02 06:10  3x in 16 h  P3    inspection  P-1      Look into unusual readings, P"
            "-1  Flow at 4.3 m3/h, expected 4.5 to 5\n"
            "2026-03-02 06:10  once        P3    inspection  V-12345  Look into unusual readings, P"
            "-1  At 21 \xC2\xB0"
            "C\n");
  EXPECT_EQ(case_table({}, {}), "No case was opened.\n");
}

TEST(ReplayReport, ATerminalsWidthCutsTheReason) {
  ReportStyle style;
  style.width = 108;
  const std::string table = case_table({pump()}, style);
  const std::string line = table.substr(table.find('\n') + 1);
  EXPECT_TRUE(line.ends_with("Flow at 4.3 m3/h, e\xE2\x80\xA6\n")) << line;
}

TEST(ReplayReport, TheJsonIsPromised) {
  EXPECT_EQ(case_json(pump()),
            R"({"case":"case1","asset":"P-1","entity":"P-1","failureMode":"ANOMALY",)"
            R"("openedAt":"2026-03-02T06:10:00.000Z","closedAt":null,"recurring":false,)"
            R"("lastSeenAt":"2026-03-02T22:10:00.000Z","evidence":3,"signal":"","priority":3,)"
            R"("title":"Look into unusual readings, P-1",)"
            R"("symptom":"Flow at 4.3 m3/h, expected 4.5 to 5","cause":"","rationale":"",)"
            R"("confidence":0.9,"rule":"","ruleVersion":0,)"
            R"("tasks":[{"task":"task1","kind":"inspection","state":"PROPOSED"}]})");
}

}  // namespace
}  // namespace millwright::daemon
