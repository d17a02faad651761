// What Kafka still holds of a span of time, on the embedded broker and on a real one; and that a
// recording plays back what was read.

#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <thread>

#include "contract/source_fixture.hpp"
#include "millwright/source/file_source.hpp"
#include "millwright/source/recording.hpp"

namespace millwright::contract {
namespace {

class RecordingContract : public SourceContract {
 protected:
  source::RecordingConfig config_of(const std::vector<std::string>& topics) {
    source::RecordingConfig config;
    config.bootstrap = bootstrap_;
    config.topics = topics;
    return config;
  }
  std::vector<RawRecord> read(const source::RecordingConfig& config) {
    std::vector<RawRecord> out;
    auto spans = source::read_recording(config, [&](const RawRecord& record) -> Result<void> {
      out.push_back(record);
      return {};
    });
    EXPECT_TRUE(spans) << spans.error().message;
    if (spans) spans_ = std::move(*spans);
    return out;
  }
  std::vector<source::RecordedSpan> spans_;
};

TEST_P(RecordingContract, ReadsAllPartitionsOldestFirstAndEachInItsOrder) {
  const std::string name = topic(3);
  fill(name, 3, 0, 600);
  std::vector<std::string> topics = {name};
  if (GetParam()) topics.push_back(fresh("not-there"));  // the embedded broker would make it
  const auto got = read(config_of(topics));
  ASSERT_EQ(got.size(), 600U);
  ASSERT_EQ(spans_.size(), 3U);
  std::map<int, std::int64_t> next;
  for (std::size_t i = 0; i < got.size(); ++i) {
    EXPECT_EQ(got[i].position.offset.get(), next[got[i].position.where.partition]++);
    EXPECT_GE(got[i].broker_time, got[i == 0 ? 0 : i - 1].broker_time);
  }
  for (const source::RecordedSpan& span : spans_) {
    EXPECT_EQ(span.records, 200);
    EXPECT_FALSE(span.cut);
    EXPECT_LE(span.first, span.last);
  }
}

TEST_P(RecordingContract, EndsWhereReadingIsRefused) {
  const std::string name = topic(1);
  fill(name, 1, 0, 50);
  int taken = 0;
  const auto spans =
      source::read_recording(config_of({name}), [&](const RawRecord&) -> Result<void> {
        if (++taken == 7) return fail(Errc::kExhausted, "the disk is full");
        return {};
      });
  ASSERT_FALSE(spans);
  EXPECT_EQ(spans.error().message, "the disk is full");
  EXPECT_EQ(taken, 7);
}

TEST_P(RecordingContract, NoTopicAtAllIsSaid) {
  if (!GetParam()) GTEST_SKIP() << "the embedded broker makes what it is asked for";
  const auto spans = source::read_recording(config_of({fresh("nowhere")}),
                                            [](const RawRecord&) -> Result<void> { return {}; });
  ASSERT_FALSE(spans);
  EXPECT_EQ(spans.error().code, Errc::kNotFound);
}

TEST_P(RecordingContract, ASpanOfTimeBeginsAndEndsThere) {
  if (!GetParam()) GTEST_SKIP() << "the embedded broker does not look up times";
  const std::string name = topic(2);
  fill(name, 2, 0, 100);
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  const Instant from = SystemClock().now();
  fill(name, 2, 100, 160);
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  const Instant to = SystemClock().now();
  fill(name, 2, 160, 200);
  auto config = config_of({name});
  config.from = from;
  config.to = to;
  const auto got = read(config);
  ASSERT_EQ(got.size(), 60U);
  for (const RawRecord& record : got) {
    EXPECT_GE(std::stoi(record.value.substr(1)), 100);
    EXPECT_LT(std::stoi(record.value.substr(1)), 160);
  }
  config.from = to + hours(1);
  config.to = Instant();
  EXPECT_TRUE(read(config).empty());
}

TEST_P(RecordingContract, WhatRetentionTookIsSaid) {
  if (!GetParam()) GTEST_SKIP() << "the embedded broker does not delete by offset";
  const std::string name = topic(1);
  fill(name, 1, 0, 100);
  delete_real_records(bootstrap_, name, 0, 40);
  EXPECT_EQ(read(config_of({name})).size(), 60U);
  EXPECT_TRUE(spans_.at(0).cut);
}

TEST_P(RecordingContract, AFilePlaysWhatWasRead) {
  const std::string name = topic(1);
  {
    Producer producer(bootstrap_);
    producer.send(name, 0, R"({"specversion":"1.0","id":"a"})", "P-101");
    producer.send(name, 0, std::string("\xff\x00\x01", 3), "", {{"ce_id", "b"}});
    producer.send(name, 0, "caf\xc3\xa9 \"quoted\"\n", "k");
    producer.flush();
  }
  const auto got = read(config_of({name}));
  ASSERT_EQ(got.size(), 3U);
  const std::string path = testing::TempDir() + fresh("recording") + ".jsonl";
  {
    std::ofstream file(path);
    for (const RawRecord& record : got) file << source::to_line(record) << "\n";
  }
  source::FileSourceConfig file;
  file.path = path;
  auto played = source::make_file_source(file);
  ASSERT_TRUE(played) << played.error().message;
  const auto again = collect(**played, 3).at(TopicPartition{name, 0});
  ASSERT_EQ(again.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(again[i].value, got[i].value);
    EXPECT_EQ(again[i].key, got[i].key);
    EXPECT_EQ(again[i].headers, got[i].headers);
    EXPECT_EQ(again[i].broker_time, got[i].broker_time);
  }
}

INSTANTIATE_TEST_SUITE_P(Embedded, RecordingContract, testing::Values(false));
INSTANTIATE_TEST_SUITE_P(RealKafka, RecordingContract, testing::Values(true));

}  // namespace
}  // namespace millwright::contract
