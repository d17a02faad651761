// Damaged and spliced expressions: nothing crashes, and all modes agree on what compiles.
#include <array>

#include "support.hpp"

namespace millwright::cel {
namespace {

constexpr std::string_view kSeeds[] = {
    "vibration.z > 4.0 && asset.criticality == 'A'",
    "has(vibration.z) ? vibration.z * 2.0 : -1.5e3",
    "count + 2 * (count - 1) / 3 % 4 == 0 || asset.running",
    "asset.criticality in ['A', \"B\", r'C', '''D''', 'E']",
    "tags.all(t, t.size() > 1 && t.startsWith('x'))",
    "readings.filter(r, r > 1.0).map(r, r * 2.0)[0] >= 3",
    "{'a': 1, 'b': [1u, 0x1Fu]}.b[1] == 31u",
    "limits.exists_one(k, limits[k] > 2.0) && !has(limits.warm)",
    "raw.a.b[0] == null || raw.c in {1: 2, true: 'x'}",
    "at + duration('1h30m') > timestamp('2026-03-02T06:10:00Z')",
    "at.getHours('Europe/Paris') == int('7') && string(count) + b'x' != 'y'",
    "type(count) == int && dyn(count) == 3.0",
    "[1, 2, 3].map(x, x > 1, [x].exists(y, y == x))",
    "size('h\\u00e9llo' + \"\\x41\") == 6 // comment\n && 'abc'.matches('^a.*c$')",
    "-9223372036854775808 - 1 < 0 || 1 / 0 > 0u",
};

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  std::size_t below(std::size_t n) {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return std::size_t(state_ >> 33) % n;
  }

 private:
  std::uint64_t state_;
};

std::string mutated(Dice& dice) {
  static constexpr std::array<std::string_view, 30> kParts{
      "(", ")",  "[", "]",   "{",  "}",    ",",     ".",    "?",          ":",
      "+", "-",  "!", "&&",  "||", "==",   "<",     " in ", "'",          "\"",
      "`", "\\", "0", "1.5", "2u", "null", "count", "raw",  ".map(x, x)", "\xc3"};
  std::string text(kSeeds[dice.below(std::size(kSeeds))]);
  for (std::size_t times = dice.below(4); times-- > 0;) {
    const std::size_t at = dice.below(text.size() + 1);
    switch (dice.below(4)) {
      case 0:
        text.erase(at, dice.below(6));
        break;
      case 1:
        text.insert(at, kParts[dice.below(kParts.size())]);
        break;
      case 2: {
        const std::string_view other = kSeeds[dice.below(std::size(kSeeds))];
        const std::size_t from = dice.below(other.size());
        text.insert(at, other.substr(from, dice.below(20)));
        break;
      }
      default:
        text = text.substr(0, at) + std::string(kSeeds[dice.below(std::size(kSeeds))]);
    }
  }
  return text;
}

// "error" or the value; overruns depend on how much is left to be done when it runs.
std::string outcome(const Value& value) {
  if (!value.is_error()) return to_text(value);
  const bool overrun =
      value.error_code() == ErrorCode::kStepLimit || value.error_code() == ErrorCode::kMemoryLimit;
  return overrun ? "overrun" : "error";
}

TEST(Mutations, NeverCrashAndAllModesAgree) {
  const std::vector<Value> tags{Value::string("xy"), Value::string("xyz")};
  const std::vector<Value> readings{Value::number(0.5), Value::number(2.5)};
  const std::vector<MapEntry> limits{{Value::string("warm"), Value::number(80.0)}};
  const auto slots = slots_of({{"vibration.z", Value::number(4.5)},
                               {"asset.criticality", Value::string("A")},
                               {"count", Value::integer(3)},
                               {"tags", Value::list(tags)},
                               {"readings", Value::list(readings)},
                               {"limits", Value::map(limits)},
                               {"raw", Value::map(limits)},
                               {"at", Value::timestamp(Instant(1'772'431'800'000'000'000))}});
  Dice dice(20260302);
  Arena arena;
  int compiled_all = 0;
  for (int i = 0; i < 6'000; ++i) {
    const std::string source = mutated(dice);
    std::string first;
    for (const bool check : {true, false}) {
      for (const bool fold : {true, false}) {
        Options options;
        options.check = check;
        options.fold = fold;
        const auto program = compile(source, plant_schema(), options);
        if (!program) continue;
        std::vector<TraceEntry> trace;
        arena.reset();
        const std::string got = outcome(program->evaluate(slots, arena));
        arena.reset();
        EXPECT_EQ(outcome(program->evaluate_traced(slots, arena, trace)), got) << source;
        static_cast<void>(program->disassemble());
        if (first.empty()) first = got;
        if (check && fold) ++compiled_all;
        if (first != "overrun" && got != "overrun" && !first.empty()) {
          EXPECT_EQ(got, first) << source << (check ? " checked" : " unchecked")
                                << (fold ? " folded" : "");
        }
      }
    }
  }
  EXPECT_GT(compiled_all, 500);
}

}  // namespace
}  // namespace millwright::cel
