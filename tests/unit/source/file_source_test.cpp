#include "millwright/source/file_source.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "millwright/codec/decode.hpp"
#include "source/recorded.hpp"
#include "support/sim_clock.hpp"

namespace millwright::source {
namespace {

class TempFile {
 public:
  explicit TempFile(const std::string& text) {
    static int count = 0;
    path_ = std::filesystem::temp_directory_path() /
            ("recording-" + std::to_string(::getpid()) + "-" + std::to_string(++count));
    std::ofstream(path_, std::ios::binary) << text;
  }
  ~TempFile() { std::filesystem::remove(path_); }
  TempFile(const TempFile&) = delete;
  TempFile& operator=(const TempFile&) = delete;
  [[nodiscard]] FileSourceConfig config() const {
    return {path_.string(), {"recording", 0}, 1'000'000, nullptr};
  }

 private:
  std::filesystem::path path_;
};

std::vector<RawRecord> read_to_end(FileSource& source) {
  std::vector<RawRecord> out;
  for (int i = 0; i < 10'000 && !source.finished(); ++i) {
    SourceEvent event = source.poll(7, Duration());
    if (const auto* assigned = std::get_if<Assigned>(&event)) {
      EXPECT_TRUE(source.start(assigned->where, std::nullopt));
    } else {
      for (RawRecord& r : std::get<Records>(event).records) out.push_back(std::move(r));
    }
  }
  EXPECT_TRUE(source.finished());
  return out;
}

constexpr const char* kEvent =
    R"({"specversion":"1.0","id":"1","source":"/s","type":"com.acme.iot.measurement.sampled.v1",)"
    R"("time":"2026-03-02T06:10:00Z","partitionkey":"P-101","data":{}})";

TEST(ParseLine, StructuredEventsKeepTheirBytes) {
  const RecordedLine line = parse_line(kEvent, {"recording", 3});
  EXPECT_EQ(line.where, (TopicPartition{"recording", 3}));
  EXPECT_EQ(line.record.value, kEvent);
  EXPECT_EQ(line.record.key, "P-101");
  EXPECT_EQ(line.record.broker_time, parse_rfc3339("2026-03-02T06:10:00Z").value());
  ASSERT_EQ(line.record.headers.size(), 1U);
  EXPECT_EQ(line.record.headers[0].second, "application/cloudevents+json");
}

TEST(ParseLine, RecordsSayTheirOwnPlace) {
  const TopicPartition fallback{"recording", 0};
  const RecordedLine text =
      parse_line(R"({"topic":"erp.events","partition":2,"key":"K","headers":{"ce_id":"7","n":1},)"
                 R"("value":"v\u00e9"})",
                 fallback);
  EXPECT_EQ(text.where, (TopicPartition{"erp.events", 2}));
  EXPECT_EQ(text.record.key, "K");
  EXPECT_EQ(text.record.value, "vé");
  ASSERT_EQ(text.record.headers.size(), 2U);
  EXPECT_EQ(text.record.headers[1].second, "1");
  EXPECT_EQ(parse_line(R"({"topic":"t","value":{"b":1,"a":[2.5,null]}})", fallback).record.value,
            R"({"b":1,"a":[2.5,null]})");
  EXPECT_EQ(parse_line(R"({"topic":"t","value_base64":"/wAB"})", fallback).record.value,
            std::string("\xFF\x00\x01", 3));
  EXPECT_TRUE(parse_line(R"({"topic":"t","value":null})", fallback).record.null_value);
  EXPECT_TRUE(parse_line(R"({"topic":"t"})", fallback).record.null_value);
}

TEST(ParseLine, WhatIsNeitherStaysBytesForTheDecoderToRefuse) {
  const std::string deep = std::string(100'000, '[');
  for (const std::string& line :
       {std::string("not JSON"), std::string("[1]"), std::string("{}"), std::string("{\"a\":"),
        deep, std::string(R"({"topic":"t","value_base64":"%%"})")}) {
    const RecordedLine out = parse_line(line, {"recording", 0});
    EXPECT_EQ(out.record.value, line);
    EXPECT_FALSE(out.record.null_value);
    EXPECT_TRUE(out.record.headers.empty());
  }
}

TEST(FileSource, PlaysAllPartitionsInTheOrderOfTheFile) {
  const TempFile file(std::string(kEvent) + "\r\n\n" +
                      R"({"topic":"a","partition":1,"value":"1"})" + "\n" +
                      R"({"topic":"a","partition":1,"value":"2"})" + "\n" + kEvent);
  auto source = make_file_source(file.config());
  ASSERT_TRUE(source) << source.error().message;
  EXPECT_EQ((*source)->size(), 4U);
  EXPECT_FALSE((*source)->finished());
  const auto records = read_to_end(**source);
  ASSERT_EQ(records.size(), 4U);
  EXPECT_EQ(records[0].position, (Position{{"recording", 0}, Offset(0)}));
  EXPECT_EQ(records[0].value, kEvent);
  EXPECT_EQ(records[1].position, (Position{{"a", 1}, Offset(0)}));
  EXPECT_EQ(records[2].position, (Position{{"a", 1}, Offset(1)}));
  EXPECT_EQ(records[3].position, (Position{{"recording", 0}, Offset(1)}));
  for (const auto& [where, lag] : (*source)->lag()) EXPECT_EQ(lag, 0);
}

TEST(FileSource, StartsPausesAndRewindsLikeATopic) {
  std::string text;
  for (int i = 0; i < 20; ++i) text += R"({"topic":"a","value":")" + std::to_string(i) + "\"}\n";
  const TempFile file(text);
  auto made = make_file_source(file.config());
  ASSERT_TRUE(made);
  FileSource& source = **made;
  const TopicPartition where{"a", 0};
  EXPECT_TRUE(std::holds_alternative<Assigned>(source.poll(5, Duration())));
  EXPECT_TRUE(std::get<Records>(source.poll(5, Duration())).records.empty());  // nobody started it
  EXPECT_EQ(source.start(where, Offset(15)).value(), Offset(15));
  source.set_paused(true);
  EXPECT_TRUE(std::get<Records>(source.poll(5, Duration())).records.empty());
  source.set_paused(false);
  EXPECT_EQ(std::get<Records>(source.poll(3, Duration())).records.at(0).value, "15");
  EXPECT_EQ(source.start(where, Offset(3)).value(), Offset(3));
  EXPECT_EQ(std::get<Records>(source.poll(3, Duration())).records.at(0).value, "3");
  EXPECT_FALSE(source.finished());
  EXPECT_FALSE(source.start(where, Offset(21)));
  EXPECT_FALSE(source.start({"b", 0}, std::nullopt));
  EXPECT_EQ(source.start(where, Offset(20)).value(), Offset(20));
  EXPECT_TRUE(source.finished());
}

TEST(FileSource, PlaysByItsClock) {
  const auto event = [](const char* time) {
    return R"({"specversion":"1.0","id":"1","source":"/s","type":"t","time":")" +
           std::string(time) + "\"}\n";
  };
  // The third comes late, the fourth says no time, the last two are records with an event inside.
  const TempFile file(event("2026-03-02T06:00:00Z") + event("2026-03-02T06:01:00Z") +
                      event("2026-03-02T05:00:00Z") + "{}\n" +
                      R"({"topic":"recording","value":{"time":"2026-03-02T06:02:00Z"}})" + "\n" +
                      R"({"topic":"recording","headers":{"ce_time":"2026-03-02T06:03:00Z"}})");
  support::SimClock clock(parse_rfc3339("2026-03-02T06:00:00Z").value());
  FileSourceConfig config = file.config();
  config.clock = &clock;
  auto made = make_file_source(config);
  ASSERT_TRUE(made);
  FileSource& source = **made;
  const Instant begin = clock.now();
  EXPECT_EQ(source.next_at(), begin);
  EXPECT_EQ(source.last_at(), begin + minutes(3));
  const auto assigned = source.poll(9, Duration());
  ASSERT_TRUE(source.start(std::get<Assigned>(assigned).where, std::nullopt));
  const auto read = [&] { return std::get<Records>(source.poll(9, Duration())).records.size(); };
  EXPECT_EQ(read(), 1U);
  EXPECT_EQ(read(), 0U);
  EXPECT_EQ(source.next_at(), begin + minutes(1));
  clock.advance(minutes(1));
  EXPECT_EQ(read(), 3U);
  EXPECT_EQ(source.played(), 4U);
  EXPECT_EQ(source.next_at(), begin + minutes(2));
  clock.advance(hours(1));
  EXPECT_EQ(read(), 2U);
  EXPECT_FALSE(source.next_at());
  EXPECT_TRUE(source.finished());
}

TEST(FileSource, SaysWhatIsWrongWithTheFile) {
  FileSourceConfig config;
  config.path = "/nonexistent/events.jsonl";
  const auto missing = make_file_source(config);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, Errc::kNotFound);
  const TempFile empty("\n \n");
  EXPECT_FALSE(make_file_source(empty.config()));
  const TempFile large(std::string(200, 'x'));
  FileSourceConfig small = large.config();
  small.bytes_max = 100;
  const auto refused = make_file_source(small);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::kExhausted);
}

CsvMapping skab() {
  CsvMapping out;
  out.separator = ';';
  out.time_column = "datetime";
  out.asset = "VALVE-1";
  out.signals = {{"Pressure", "pressure", "bar", "", "rig.yaml:7:14"},
                 {"Volume Flow RateRMS", "flow", "L/min", "", "rig.yaml:8:14"}};
  out.source = "/skab";
  out.place = "rig.yaml";
  return out;
}

TEST(Csv, RowsBecomeEventsThatDecode) {
  const TempFile file(
      "datetime;Accelerometer1RMS;Pressure;Volume Flow RateRMS;anomaly\n"
      "2020-03-09 10:14:34;0.1;0.382638;32.5;0.0\n"
      "2020-03-09 10:14:33;0.2;0.054711;;1.0\n"
      "\"2020-03-09 10:14:35\";0.2;NaN;31;1.0\n");
  auto source = make_csv_source(file.config(), skab());
  ASSERT_TRUE(source) << source.error().message;
  const auto records = read_to_end(**source);
  ASSERT_EQ(records.size(), 4U);
  const char* times[] = {"2020-03-09T10:14:33Z", "2020-03-09T10:14:34Z", "2020-03-09T10:14:34Z",
                         "2020-03-09T10:14:35Z"};
  const double values[] = {0.054711, 0.382638, 32.5, 31.0};
  codec::Decoder decoder;
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(records[i].position.offset, Offset(std::int64_t(i)));
    const auto decoded = decoder.decode(records[i], Instant());
    const auto* event = std::get_if<Event>(&decoded);
    ASSERT_NE(event, nullptr) << std::get<Reject>(decoded).detail;
    EXPECT_EQ(event->type->name, "iot.measurement.sampled");
    EXPECT_EQ(event->entity, "VALVE-1");
    EXPECT_EQ(event->time, parse_rfc3339(times[i]).value());
    EXPECT_DOUBLE_EQ(std::get<Quantity>(event->at("value").value).original_value, values[i]);
  }
}

TEST(Csv, TheSameFileGivesTheSameEvents) {
  const TempFile file("datetime;Pressure;Volume Flow RateRMS\n2020-03-09 10:14:34;1;2\n");
  auto once = make_csv_source(file.config(), skab());
  auto again = make_csv_source(file.config(), skab());
  ASSERT_TRUE(once && again);
  const auto a = read_to_end(**once);
  const auto b = read_to_end(**again);
  ASSERT_EQ(a.size(), 2U);
  EXPECT_EQ(a[0].value, b[0].value);
  EXPECT_NE(a[0].value, a[1].value);
}

TEST(Csv, ColumnsMayBelongToSeveralAssets) {
  CsvMapping mapping = skab();
  mapping.signals[1].asset = "LOOP-1";
  auto recording =
      read_csv("datetime;Pressure;Volume Flow RateRMS\n2020-03-09 10:14:34;1;2\n", {}, mapping);
  ASSERT_TRUE(recording) << recording.error().message;
  EXPECT_EQ(recording->make(0).key, "VALVE-1");
  EXPECT_EQ(recording->make(1).key, "LOOP-1");
  EXPECT_THAT(recording->make(1).value, testing::HasSubstr(R"("assetId":"LOOP-1")"));
  mapping.asset.clear();
  EXPECT_FALSE(
      read_csv("datetime;Pressure;Volume Flow RateRMS\n2020-03-09 10:14:34;1;2\n", {}, mapping));
}

TEST(Csv, TimesAreReadInTheirZoneAndFormat) {
  const auto first_time = [](const std::string& cell, const std::string& format,
                             const std::string& zone) -> Result<Instant> {
    CsvMapping mapping = skab();
    mapping.separator = ',';
    mapping.time_format = format;
    mapping.zone = zone;
    mapping.signals.resize(1);
    auto recording = read_csv("datetime,Pressure\n" + cell + ",1\n", {}, mapping);
    if (!recording) return recording.error();
    return recording->make(0).broker_time;
  };
  const auto at = [](const char* text) { return parse_rfc3339(text).value(); };
  const char* plain = "%Y-%m-%d %H:%M:%S";
  EXPECT_EQ(first_time("2026-07-01 08:00:00", plain, "Europe/Paris").value(),
            at("2026-07-01T06:00:00Z"));
  EXPECT_EQ(first_time("2026-01-01 08:00:00.250", plain, "Europe/Paris").value(),
            at("2026-01-01T07:00:00.250Z"));
  EXPECT_EQ(first_time("01/07/2026 08:00", "%d/%m/%Y %H:%M", "UTC").value(),
            at("2026-07-01T08:00:00Z"));
  EXPECT_EQ(first_time("2026-07-01T08:00:00+02:00", "rfc3339", "UTC").value(),
            at("2026-07-01T06:00:00Z"));
  EXPECT_EQ(first_time("1767225600", "unix_s", "UTC").value(), at("2026-01-01T00:00:00Z"));
  EXPECT_EQ(first_time("1767225600500", "unix_ms", "UTC").value(), at("2026-01-01T00:00:00.5Z"));
  // The hour that a summer time skips, and one that comes twice (its first coming).
  EXPECT_TRUE(first_time("2026-03-29 02:30:00", plain, "Europe/Paris"));
  EXPECT_EQ(first_time("2026-10-25 02:30:00", plain, "Europe/Paris").value(),
            at("2026-10-25T00:30:00Z"));
  EXPECT_FALSE(first_time("yesterday", plain, "UTC"));
  EXPECT_FALSE(first_time("2026-07-01 08:00:00 and more", plain, "UTC"));
  EXPECT_FALSE(first_time("2026-07-01 08:00:00", plain, "Mars/Olympus"));
}

TEST(Csv, ErrorsSayWhere) {
  const auto error_of = [](const std::string& text, CsvMapping mapping = skab()) {
    FileSourceConfig config;
    config.path = "rig.csv";
    const auto made = read_csv(text, config, mapping);
    EXPECT_FALSE(made);
    return made ? "" : made.error().message;
  };
  const std::string header = "datetime;Pressure;Volume Flow RateRMS\n";
  EXPECT_EQ(error_of(header + "2020-03-09 10:14:34;abc;1\n"),
            "rig.csv:2: column 'Pressure': 'abc' is no number. Correct the cell; one that holds "
            "nothing stays empty or says NaN");
  EXPECT_EQ(error_of(header + "2020-03-09 10:14:34;1;1\nx;1;1\n"),
            "rig.csv:3: column 'datetime': 'x' is no time in the format %Y-%m-%d %H:%M:%S. Correct "
            "the cell, or time_format in rig.yaml (strptime's fields, or rfc3339, unix_s, "
            "unix_ms)");
  EXPECT_EQ(error_of("datetime,Pressure\n"),
            "rig.csv:1: no column 'datetime', which rig.yaml names as time_column. The columns are "
            "'datetime,Pressure'; is the separator ';' right?");
  EXPECT_EQ(error_of("datetime;Presure\n"),
            "rig.csv:1: no column 'Pressure', which rig.yaml:7:14 names as column. The columns are "
            "'datetime', 'Presure'; correct the mapping, or take the one that fits");
  EXPECT_EQ(error_of(header), "rig.csv: holds no measurements");
  CsvMapping nothing = skab();
  nothing.signals.clear();
  EXPECT_THAT(error_of(header, nothing), testing::HasSubstr("names no column of measurements"));
  CsvMapping elsewhere = skab();
  elsewhere.zone = "Mars/Olympus";
  EXPECT_EQ(error_of(header, elsewhere),
            "rig.yaml: zone: time zone 'Mars/Olympus' is not known; IANA names look like "
            "Europe/Paris");
}

}  // namespace
}  // namespace millwright::source
