#include <gtest/gtest.h>

#include <set>

#include "millwright/base/rng.hpp"
#include "unit/codec/examples.hpp"
#include "unit/codec/samples.hpp"

namespace millwright::codec {
namespace {

using namespace test;

// One to four small damages: flipped, dropped, doubled, cut or exchanged bytes, and JSON's own
// words.
void damage(std::string& text, Rng& rng) {
  static constexpr std::string_view kWords[] = {"{",         "}",
                                                "[",         "]",
                                                "\"",        ":",
                                                ",",         "null",
                                                "true",      "1e999",
                                                "-",         "\\u0000",
                                                "\\ud800",   "\xC3",
                                                "\xFF",      "99999999999999999999",
                                                "\"unit\":", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["};
  for (std::uint64_t n = 1 + rng.below(4); n > 0; --n) {
    const std::size_t at = text.empty() ? 0 : rng.below(text.size());
    switch (rng.below(5)) {
      case 0:
        if (!text.empty()) text[at] = char(rng.below(256));
        break;
      case 1:
        text.erase(at, 1 + rng.below(6));
        break;
      case 2:
        text.insert(at, text.substr(at, 1 + rng.below(12)));
        break;
      case 3:
        text.insert(at, kWords[rng.below(std::size(kWords))]);
        break;
      default:
        if (rng.chance(0.2)) text.resize(at);
        break;
    }
  }
}

RawRecord original(Rng& rng) {
  const auto types = event_types();
  const std::uint64_t pick = rng.below(kExamples.size() + 2 * types.size());
  if (pick < kExamples.size()) return structured(kExamples[pick]);
  const EventType& type = types[(pick - kExamples.size()) / 2];
  const bool full = rng.chance(0.5);
  return pick % 2 == 0 ? binary(full_type(type), sample_data(type, full))
                       : structured(sample_structured(type, full));
}

// Whatever comes in: an event that is whole, or a reject that says why. The decoder goes on after
// each as if nothing had been.
TEST(Mutations, AlwaysAnEventOrAReject) {
  Rng rng(20'260'302);
  Decoder decoder;
  std::size_t events = 0;
  std::set<RejectReason> reasons;
  for (int i = 0; i < 20'000; ++i) {
    RawRecord record = original(rng);
    if (rng.chance(0.85)) damage(record.value, rng);
    if (rng.chance(0.15) && !record.headers.empty()) {
      auto& header = record.headers[rng.below(record.headers.size())];
      damage(rng.chance(0.5) ? header.first : header.second, rng);
    }
    const RawRecord copy = record;
    const auto result = decoder.decode(std::move(record), kIngested);
    if (const auto* event = std::get_if<Event>(&result)) {
      ++events;
      ASSERT_NE(event->type, nullptr);
      ASSERT_EQ(event->fields.size(), event->type->fields.size());
      ASSERT_FALSE(event->entity.empty());
      ASSERT_FALSE(event->key.id.empty());
      for (std::size_t k = 0; k < event->fields.size(); ++k) {
        ASSERT_TRUE(!event->type->fields[k].required || event->fields[k].present());
      }
      continue;
    }
    const Reject& reject = std::get<Reject>(result);
    reasons.insert(reject.reason);
    ASSERT_FALSE(reject.detail.empty());
    ASSERT_EQ(reject.record.value, copy.value);
    ASSERT_EQ(reject.record.headers, copy.headers);
  }
  EXPECT_GT(events, 2'000U);
  EXPECT_GE(reasons.size(), 5U);
  EXPECT_TRUE(std::holds_alternative<Event>(decoder.decode(structured(kExamples[0]), kIngested)));
}

TEST(Mutations, TheSameBytesGiveTheSameAnswer) {
  Rng rng(7);
  Decoder used;
  for (int i = 0; i < 2'000; ++i) {
    RawRecord record = original(rng);
    damage(record.value, rng);
    Decoder fresh;
    const auto a = used.decode(record, kIngested);
    const auto b = fresh.decode(record, kIngested);
    ASSERT_EQ(a.index(), b.index());
    if (const auto* event = std::get_if<Event>(&a)) {
      const Event& other = std::get<Event>(b);
      ASSERT_EQ(event->fields, other.fields);
      ASSERT_EQ(event->extra, other.extra);
      ASSERT_EQ(event->payload_hash, other.payload_hash);
    } else {
      ASSERT_EQ(std::get<Reject>(a).detail, std::get<Reject>(b).detail);
    }
  }
}

}  // namespace
}  // namespace millwright::codec
