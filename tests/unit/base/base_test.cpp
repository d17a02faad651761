#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "millwright/base/digest.hpp"
#include "millwright/base/id.hpp"
#include "millwright/base/json.hpp"
#include "millwright/base/queue.hpp"
#include "millwright/base/rng.hpp"
#include "millwright/base/time.hpp"

namespace millwright {
namespace {

TEST(Rfc3339, ReadsEveryOffsetAndFraction) {
  EXPECT_EQ(parse_rfc3339("1970-01-01T00:00:00Z")->ns(), 0);
  EXPECT_EQ(parse_rfc3339("2026-03-02T06:12:31+01:00")->ns(),
            parse_rfc3339("2026-03-02T05:12:31Z")->ns());
  EXPECT_EQ(parse_rfc3339("1970-01-01T00:00:00.123456789Z")->ns(), 123456789);
  EXPECT_EQ(parse_rfc3339("1969-12-31T23:59:59.5Z")->ns(), -500'000'000);
  EXPECT_EQ(parse_rfc3339("2016-12-31T23:59:60Z")->ns(),
            parse_rfc3339("2017-01-01T00:00:00Z")->ns());
}

TEST(Rfc3339, RefusesWhatIsNoTime) {
  for (const char* text : {"", "2026", "2026-02-30T00:00:00Z", "2026-03-02T24:00:00Z",
                           "2026-03-02T06:10:00", "2026-03-02T06:10:00Zx", "2026-13-02T06:10:00Z",
                           "2026-03-02T06:10:00.Z", "2026-03-02T06:10:00+25:00"}) {
    EXPECT_FALSE(parse_rfc3339(text)) << text;
  }
}

TEST(Rfc3339, WritesWhatItReads) {
  Rng rng(1);
  for (int i = 0; i < 1000; ++i) {
    const Instant t(std::int64_t(rng.below(4'000'000'000'000'000'000ULL)));
    EXPECT_EQ(parse_rfc3339(format_rfc3339(t)).value(), t);
  }
  EXPECT_EQ(format_rfc3339(Instant(-1)), "1969-12-31T23:59:59.999999999Z");
}

TEST(DurationText, ReadsUnitsLargestFirst) {
  EXPECT_EQ(parse_duration("1h30m").value(), minutes(90));
  EXPECT_EQ(parse_duration("250ms").value(), milliseconds(250));
  EXPECT_EQ(parse_duration("14d").value(), days(14));
  for (const char* text : {"", "10", "m", "30m1h", "1.5h", "-1s", "99999999999d", "1h1h"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
}

TEST(Digest, KnownVectors) {
  EXPECT_EQ(to_hex(sha256("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256({"a", "bc"}), sha256("abc"));
  for (const char* text : {"", "f", "fo", "foo", "foob", "fooba", "foobar"}) {
    const std::string plain = text;
    const auto coded =
        to_base64({reinterpret_cast<const std::uint8_t*>(plain.data()), plain.size()});
    EXPECT_EQ(from_base64(coded).value(), plain);
  }
  EXPECT_FALSE(from_base64("Zg="));
  EXPECT_FALSE(from_base64("Z==="));
}

TEST(DerivedId, DependsOnEveryPartAndItsBorders) {
  const std::set<std::string> ids{derive_id({"task/v1", "ab", "c"}),
                                  derive_id({"task/v1", "a", "bc"}),
                                  derive_id({"case/v1", "ab", "c"})};
  EXPECT_EQ(ids.size(), 3U);
  EXPECT_EQ(derive_id({"x"}), derive_id({"x"}));
  EXPECT_EQ(derive_id({"x"})[14], '8');
}

TEST(Json, EscapesAndShortestNumbers) {
  JsonWriter json;
  json.begin_object();
  json.field("a\"b", "line\nbreak\x01");
  json.field("n", 0.1);
  json.key("list");
  json.begin_array();
  json.value(1);
  json.value(true);
  json.null();
  json.begin_object();
  json.end_object();
  json.end_array();
  json.end_object();
  EXPECT_EQ(json.text(), R"({"a\"b":"line\nbreak\u0001","n":0.1,"list":[1,true,null,{}]})");
}

TEST(BoundedQueue, RefusesWhenFullAndKeepsTheItem) {
  BoundedQueue<std::string> queue(1);
  std::string a = "a";
  std::string b = "b";
  EXPECT_TRUE(queue.try_push(a));
  EXPECT_FALSE(queue.try_push(b));
  EXPECT_EQ(b, "b");
  EXPECT_EQ(queue.pop_some(10, Duration(0)), std::vector<std::string>{"a"});
  queue.close();
  EXPECT_FALSE(queue.try_push(b));
  EXPECT_TRUE(queue.pop_some(10, seconds(10)).empty());
}

TEST(BoundedQueue, HandsEveryItemOverOnce) {
  BoundedQueue<int> queue(8);
  std::jthread producer([&] {
    for (int i = 0; i < 10'000;) {
      int item = i;
      if (queue.try_push(item)) ++i;
    }
    queue.close();
  });
  int expected = 0;
  for (auto some = queue.pop_some(100, seconds(10)); !some.empty();
       some = queue.pop_some(100, seconds(10))) {
    for (const int item : some) EXPECT_EQ(item, expected++);
  }
  EXPECT_EQ(expected, 10'000);
}

}  // namespace
}  // namespace millwright
