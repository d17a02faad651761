// Bounds: size, depth, steps, memory, and that scalar rules take none.
#include <chrono>
#include <cstdlib>
#include <new>

#include "support.hpp"

namespace {
thread_local std::size_t allocations = 0;
}  // namespace

void* operator new(std::size_t bytes) {
  ++allocations;
  if (void* out = std::malloc(bytes == 0 ? 1 : bytes)) return out;
  std::abort();
}
void* operator new(std::size_t bytes, const std::nothrow_t& /*tag*/) noexcept {
  return operator new(bytes);
}
void operator delete(void* p) noexcept {
  std::free(p);
}
void operator delete(void* p, std::size_t) noexcept {
  std::free(p);
}

namespace millwright::cel {
namespace {

std::string repeated(const std::string& part, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += part;
  return out;
}

Options unchecked() {
  Options options;
  options.check = false;
  options.fold = false;
  return options;
}

TEST(Limits, ScalarRulesAllocateNothing) {
  const Program program = compiled(
      "has(vibration.z) && vibration.z * 1.5 - 0.5 > 4.0 && asset.criticality in ['A', 'B', 'C', "
      "'D']"
      " && asset.criticality.startsWith('A') && (count + 1) % 2 == 0 && !asset.running"
      " && asset.criticality.matches('^[A-C]$') && at.getHours('Europe/Paris') < 24");
  const auto slots = slots_of({{"vibration.z", Value::number(5.0)},
                               {"asset.criticality", Value::string("A")},
                               {"count", Value::integer(3)},
                               {"asset.running", Value::boolean(false)},
                               {"at", Value::timestamp(Instant(1))}});
  Arena arena;
  ASSERT_TRUE(program.evaluate(slots, arena).is_true());  // RE2 and the zone set up on first use
  const std::size_t before = allocations;
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(program.evaluate(slots, arena).is_true());
  EXPECT_EQ(allocations - before, 0u);
  EXPECT_EQ(arena.used(), 0u);
}

TEST(Limits, SourceDepthAndParts) {
  EXPECT_NE(complaint(std::string(20'000, ' ') + "1").find("more than 16384 bytes"),
            std::string::npos);
  EXPECT_EQ(run(repeated("(", 60) + "7" + repeated(")", 60)), "7");
  for (const std::string& deep :
       {repeated("(", 5'000) + "7" + repeated(")", 5'000), repeated("[", 100) + repeated("]", 100),
        repeated("-", 3'000) + "count", repeated("!", 3'000) + "true",
        "count" + repeated(" + 1", 100), repeated("true ? 1 : ", 200) + "2",
        "raw" + repeated(".a", 200), "raw" + repeated("[0]", 200)}) {
    EXPECT_NE(complaint(deep).find("nested deeper than 64 levels; split the expression"),
              std::string::npos)
        << deep.substr(0, 20);
  }
  EXPECT_NE(complaint("[" + repeated("1,", 3'000) + "1]").find("more than 2000 parts"),
            std::string::npos);
  EXPECT_EQ(run("true" + repeated(" && true", 900)), "true");
  EXPECT_EQ(run("false" + repeated(" || false", 900)), "false");
}

TEST(Limits, NestedMacrosEndWithinTheSteps) {
  std::string list = "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]";
  std::string bomb = "true";
  for (const char* name : {"f", "e", "d", "c", "b", "a"}) {
    bomb = list + ".all(" + name + ", " + bomb + ")";
  }
  EXPECT_NE(complaint(bomb).find("steps, more than 10000; use shorter lists"), std::string::npos);
  EXPECT_NE(run(bomb, {}, unchecked()).find("takes too m"), std::string::npos);
  // Nothing absorbs it.
  EXPECT_NE(run(bomb + " || true", {}, unchecked()).find("takes too m"), std::string::npos);
}

TEST(Limits, DoublingMapsEndWithinTheMemory) {
  std::string bomb = "['xxxxxxxxxxxxxxxx']";
  for (int i = 0; i < 20; ++i) bomb += ".map(x, x + x)";
  const std::string result = run(bomb, {}, unchecked());
  EXPECT_TRUE(result.find("takes too much memory") != std::string::npos ||
              result.find("takes too many steps") != std::string::npos)
      << result;
}

TEST(Limits, SharedPartsDoNotMakeEqualityExplode) {
  std::string tower = "[1]";
  for (int i = 0; i < 30; ++i) tower += ".map(x, [x, x])";
  const auto start = std::chrono::steady_clock::now();
  EXPECT_NE(run(tower + " == " + tower, {}, unchecked()).find("takes too many steps"),
            std::string::npos);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2));
}

TEST(Limits, WorstCaseIsKnownFromTheSizes) {
  EXPECT_EQ(compiled("vibration.z > 4.0").worst_steps(), 1u);
  EXPECT_EQ(compiled("[1, 2, 3].all(x, x > count)").worst_steps(), 4u);
  EXPECT_EQ(compiled("limits.all(a, limits.all(b, count > 1))").worst_steps(), 1u + 8 * (1 + 8));
  EXPECT_EQ(compiled("readings.all(x, x > 1.0)").worst_steps(), 0u);  // no greatest size declared
  const Program program = compiled("tags.exists(t, t == asset.criticality)");
  EXPECT_GT(program.worst_steps(), 16u);
  EXPECT_LT(program.worst_steps(), 10'000u);
}

TEST(Limits, FunctionsThatMakeMuchEndWithinTheSteps) {
  const std::string doubled = "'xxxxxxxxxxxxxxxx'" + repeated(".replace('x', 'xx')", 20);
  std::string tower = "[1]";
  for (int i = 0; i < 30; ++i) tower += ".map(x, [x, x])";
  std::string bound = "x0";
  for (int i = 30; i > 0; --i) {
    const std::string before = "x" + std::to_string(i - 1);
    const std::string name = "x" + std::to_string(i);
    bound = "cel.bind(" + name + ", " + before + " + " + before + ", " +
            (i == 30 ? name + ".size()" : bound) + ")";
  }
  bound = "cel.bind(x0, 'xxxxxxxxxxxxxxxx', " + bound + ")";
  const std::string many = "lists.range(3000)";
  for (const std::string& bomb :
       {doubled, std::string("lists.range(1000000000)"), tower + ".flatten(40)", bound,
        "'%s'.format([" + tower + "])", many + ".map(i, string(i)).join(',').split('').distinct()",
        many + ".transformMapEntry(i, v, {v: i})", many + ".sortBy(x, -x).sort()",
        many + ".transformList(i, v, v).distinct()"}) {
    const std::string got = run(bomb, {}, unchecked());
    EXPECT_NE(got.find("takes too m"), std::string::npos) << bomb << " gives " << got.substr(0, 99);
  }
}

TEST(Limits, TheWorstCaseCountsTheFunctions) {
  const auto worst = [](const char* source) { return compiled(source).worst_steps(); };
  EXPECT_NE(complaint("lists.range(1000000000).size() > 1").find("steps, more than 10000"),
            std::string::npos);
  EXPECT_NE(complaint("lists.range(200).distinct().size() > 1").find("steps, more than 10000"),
            std::string::npos);
  EXPECT_EQ(worst("math.greatest(count, 1) > 2"), 2u);
  EXPECT_EQ(worst("tags.first().orValue('') == 'A'"), 3u);
  EXPECT_GT(worst("tags.sort()[0] == 'A'"), 16u);
  EXPECT_GT(worst("tags.join() == 'A'"), 1'000u);
  EXPECT_GT(worst("cel.bind(a, asset.criticality + asset.criticality, a + a) == 'A'"),
            worst("asset.criticality + asset.criticality == 'A'"));
  EXPECT_LT(worst("asset.criticality.lowerAscii().trim() == 'a'"), 600u);
  for (const char* source : {"tags.sort()[0] == 'A'", "tags.sortBy(t, t.size()).size() > 1",
                             "tags.join(',').size() > 1", "lists.range(30).distinct().size() > 2",
                             "tags.transformMapEntry(i, t, {t: i}).size() > 1"}) {
    // What it takes is not more than what was foreseen.
    const std::vector<Value> tags(16, Value::string("a tag of some length, but not of great one"));
    const std::vector<Value> texts = slots_of({{"tags", Value::list(tags)}});
    Options options;
    options.limits.steps = std::uint32_t(worst(source));
    ASSERT_GT(options.limits.steps, 0u) << source;
    Arena arena;
    const Value got = compiled(source, options).evaluate(texts, arena);
    EXPECT_TRUE(got.is(Kind::kBool) || got.error_code() == ErrorCode::kDuplicateKey) << source;
  }
}

TEST(Limits, AFullArenaIsAnErrorAndNoHarm) {
  Arena arena(64);
  const Program program = compiled("asset.criticality + asset.criticality");
  const std::string long_text(100, 'x');
  const auto slots = slots_of({{"asset.criticality", Value::string(long_text)}});
  const Value value = program.evaluate(slots, arena);
  ASSERT_TRUE(value.is_error());
  EXPECT_EQ(value.error_code(), ErrorCode::kMemoryLimit);
}

TEST(Arena, GivesAlignedMemoryUpToItsCapacity) {
  Arena arena(128);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(arena.allocate(1)) % 16, 0u);
  EXPECT_NE(arena.allocate(100), nullptr);
  EXPECT_EQ(arena.allocate(1), nullptr);
  arena.reset();
  EXPECT_NE(arena.allocate(128), nullptr);
  EXPECT_EQ(arena.allocate_array<Value>(SIZE_MAX / 2), nullptr);
}

}  // namespace
}  // namespace millwright::cel
