#include "millwright/codec/encode.hpp"

#include <gtest/gtest.h>

#include "codec/json_text.hpp"

namespace millwright::codec {
namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

Effect effect() {
  Effect e;
  e.id = EffectId("eff-1");
  e.key = "P-101";
  e.type = "com.millwright.orch.task.proposed.v1";
  e.body = R"({"taskId":"t-1"})";
  e.task = TaskId("t-1");
  return e;
}

TEST(OutgoingRecord, IsABinaryCloudEvent) {
  const OutgoingRecord r =
      outgoing_record(effect(), "/millwright/lyon", *parse_rfc3339("2026-03-02T06:10:00Z"));
  EXPECT_EQ(r.key, "P-101");
  EXPECT_EQ(r.value, R"({"taskId":"t-1"})");
  EXPECT_EQ(r.headers, (Headers{{"content-type", "application/json"},
                                {"ce_specversion", "1.0"},
                                {"ce_id", "eff-1"},
                                {"ce_source", "/millwright/lyon"},
                                {"ce_type", "com.millwright.orch.task.proposed.v1"},
                                {"ce_time", "2026-03-02T06:10:00.000Z"},
                                {"ce_subject", "t-1"},
                                {"ce_partitionkey", "P-101"}}));
}

TEST(OutgoingRecord, OwnHeadersComeLastAndWin) {
  Effect e = effect();
  e.headers = {{"ce_subject", "acme/lyon/p-101"}, {"ce_correlationid", "case-1"}};
  const OutgoingRecord r = outgoing_record(e, "/m", Instant());
  Headers expected{{"content-type", "application/json"},
                   {"ce_specversion", "1.0"},
                   {"ce_id", "eff-1"},
                   {"ce_source", "/m"},
                   {"ce_type", "com.millwright.orch.task.proposed.v1"},
                   {"ce_subject", "acme/lyon/p-101"},
                   {"ce_partitionkey", "P-101"},
                   {"ce_correlationid", "case-1"}};
  EXPECT_EQ(r.headers, expected);
}

TEST(OutgoingRecord, DeadLettersKeepTheirBytes) {
  Effect e = effect();
  e.type.clear();
  e.body = std::string("\x00\xFF{", 3);
  e.headers = {{"content-type", "application/avro"}, {"dead_letter_reason", "not_json"}};
  const OutgoingRecord r = outgoing_record(e, "/m", Instant(1));
  EXPECT_EQ(r.value, e.body);
  EXPECT_EQ(r.headers, (Headers{{"content-type", "application/avro"},
                                {"dead_letter_reason", "not_json"},
                                {"millwright_effect", "eff-1"}}));
}

TEST(CanonicalRecord, SortsEverythingAndLeavesOutWhatIsEmpty) {
  AuditRecord record;
  record.type = "task.approved";
  record.at = *parse_rfc3339("2026-03-02T06:10:00.5Z");
  record.actor = "j.moreau";
  record.task = TaskId("t-1");
  record.body = R"({ "b" : [ 1.0, 1e21, {"z":null,"a":"\u00e9\n"} ], "a" : 0.10, "10":1, "2":2 })";
  EXPECT_EQ(canonical_record(AuditSeq(41), record),
            R"({"actor":"j.moreau","at":"2026-03-02T06:10:00.500Z","body":{"10":1,"2":2,"a":0.1,)"
            R"("b":[1,1e+21,{"a":")"
            "\xC3\xA9"
            R"(\n","z":null}]},"seq":41,"task":"t-1","type":"task.approved"})");
  record.body.clear();
  record.task = TaskId();
  record.case_id = CaseId("c-1");
  record.decision = DecisionId("d-1");
  EXPECT_EQ(canonical_record(AuditSeq(0), record),
            R"({"actor":"j.moreau","at":"2026-03-02T06:10:00.500Z","case":"c-1","decision":"d-1",)"
            R"("seq":0,"type":"task.approved"})");
}

TEST(CanonicalRecord, LosesNothingThatIsNotJson) {
  AuditRecord record;
  record.type = "notice";
  record.actor = "a\xFF\"b";
  record.body = "{\"a\":\"\xFF\"}";
  EXPECT_EQ(canonical_record(AuditSeq(1), record),
            "{\"actor\":\"a\xEF\xBF\xBD\\\"b\",\"at\":\"1970-01-01T00:00:00.000Z\","
            "\"body_base64\":\"eyJhIjoi/yJ9\",\"seq\":1,\"type\":\"notice\"}");
  record.body = "[1]";
  EXPECT_NE(canonical_record(AuditSeq(1), record).find("\"body_base64\":\"WzFd\""),
            std::string::npos);
}

TEST(CanonicalJson, NumbersAsEcmascriptPrintsThem) {
  struct Row {
    double value;
    const char* text;
  };
  // Among them the samples of RFC 8785, appendix B.
  for (const Row& row : {Row{0.0, "0"},
                         {-0.0, "0"},
                         {5e-324, "5e-324"},
                         {-5e-324, "-5e-324"},
                         {1.7976931348623157e308, "1.7976931348623157e+308"},
                         {9007199254740992, "9007199254740992"},
                         {295147905179352830000.0, "295147905179352830000"},
                         {9.999999999999997e22, "9.999999999999997e+22"},
                         {1e23, "1e+23"},
                         {1e21, "1e+21"},
                         {999999999999999700000.0, "999999999999999700000"},
                         {9.999999999999997e-7, "9.999999999999997e-7"},
                         {0.000001, "0.000001"},
                         {333333333.33333329, "333333333.3333333"},
                         {-0.0000033333333333333333, "-0.0000033333333333333333"},
                         {1424953923781206.2, "1424953923781206.2"},
                         {100, "100"},
                         {1.5, "1.5"},
                         {-123.456, "-123.456"}}) {
    EXPECT_EQ(ecmascript_number(row.value), row.text);
  }
}

TEST(CanonicalJson, NamesInTheOrderOfUtf16) {
  // The sample of RFC 8785, section 3.2.3.
  const std::vector<std::string> sorted{
      "\r", "1", "\xC2\x80", "\xC3\xB6", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "\xEF\xAC\xB3"};
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    for (std::size_t j = 0; j < sorted.size(); ++j) {
      EXPECT_EQ(utf16_less(sorted[i], sorted[j]), i < j) << i << " " << j;
    }
  }
  EXPECT_TRUE(utf16_less("", "a"));
  EXPECT_TRUE(utf16_less("a", "ab"));
  EXPECT_TRUE(utf16_less("a\xF0\x9F\x98\x80", "a\xF0\x9F\x98\x81"));
}

}  // namespace
}  // namespace millwright::codec
