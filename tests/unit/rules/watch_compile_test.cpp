// Watches and budgets as they are loaded: what is wrong is told with its place and what to write.
#include <gtest/gtest.h>

#include "load_rules.hpp"
#include "millwright/rules/rule_set.hpp"

namespace millwright::rules {
namespace {

constexpr FieldSpec kFields[] = {{"state", FieldKind::kText, "", false},
                                 {"speed", FieldKind::kNumber, "", false}};
constexpr EventType kType{"mes.state", 1, SourceFamily::kMes, "unit", "", kFields};

RuleSpec rule(const std::string& watches, const std::string& condition) {
  RuleSpec spec;
  spec.id = "r";
  spec.owner = "maintenance";
  spec.summary = "s";
  spec.events = {"mes.state"};
  spec.condition = {condition, "r.yaml", 30, 9};
  spec.place = {"r", "r.yaml", 1, 1};
  for (const auto& each : YAML::Load(watches)) {
    spec.watches.push_back(watch_spec(each.first.as<std::string>(), each.second, "r.yaml"));
  }
  Proposal p;
  p.title_text = {"Look", "r.yaml", 31, 9};
  spec.proposals = {p};
  return spec;
}

std::string compile(const RuleSpec& spec) {
  const auto set = RuleSet::compile({spec}, "c", {&kType, 1});
  return set ? "compiles" : set.error().message;
}

TEST(WatchCompile, EveryKindHasItsTypeInExpressions) {
  const std::string all =
      "a: { of: signal.value > 80.0, for: 5m, gap: 2m }\n"
      "b: { of: event.speed > 1.0, times: 3, out_of: 5 }\n"
      "c: { of: signal.value, window: 10m, take: mean, keep: 4096 }\n"
      "d: { of: signal.value, tumbling: 1h, take: count }\n"
      "e: { absent: 10m }\n"
      "f: { sequence: ['event.state == \"A\"', 'event.state == \"B\"'], within: 1h, by: asset }\n"
      "g: { of: signal.value, from: recent, window: 1h, as: absolute }\n"
      "h: { of: signal.value, below: 3.0, until: 3.5 }\n"
      "i: { of: event.speed, dead_band: 1.0 }\n"
      "j: { of: signal.value, steps: [3.0, 2.0, 1.0] }\n";
  EXPECT_EQ(compile(rule(all,
                         "watch.a && watch.b && watch.c > 1.5 && watch.d + 1 > 2 && watch.e && "
                         "watch.f && watch.g < 0.5 && watch.h && watch.i > 1.0 && watch.j >= 2")),
            "compiles");
  EXPECT_NE(compile(rule(all, "watch.aa")).find("unknown name 'watch.aa'; did you mean 'watch.a'"),
            std::string::npos)
      << compile(rule(all, "watch.aa"));
  EXPECT_NE(compile(rule(all, "watch.c")).find("r.yaml:30:9: this gives double"),
            std::string::npos);
}

TEST(WatchCompile, SaysWhatToWriteInstead) {
  const std::pair<const char*, const char*> cases[] = {
      {"{ of: signal.value }", "r.yaml:1:4: watch 'a' of rule 'r': it says nothing of what to"},
      {"{ of: signal.value, for: 5m }", "this gives double, but must give bool"},
      {"{ of: signal.value > 1.0, dead_band: 1.0 }", "this gives bool, but must give double"},
      {"{ for: 5m }", "'of' is missing; it is written like { of: signal.value > 80.0, for: 5m }"},
      {"{ of: signal.value > 1.0, for: 5m, take: mean }",
       "r.yaml:1:39: watch 'a' of rule 'r': 'take' has no meaning here; it is written like"},
      {"{ of: signal.value > 1.0, for: 0s }", "for must be more than nothing"},
      {"{ of: signal.value > 1.0, times: 3 }", "one of out_of, within is missing"},
      {"{ of: signal.value > 1.0, times: 3, out_of: 5, within: 1h }",
       "out_of and within do not go together; keep one"},
      {"{ of: signal.value > 1.0, times: 6, out_of: 5 }", "6 times out of 5 cannot be"},
      {"{ of: signal.value > 1.0, times: 3, out_of: 5000 }",
       "out_of is 5000; it must be 1 to 4096"},
      {"{ of: signal.value, window: 1h }", "'take' is missing"},
      {"{ of: signal.value, window: 1h, take: average }", "'average' is not one of mean, min, max"},
      {"{ of: signal.value, take: mean }", "one of window, count, tumbling, session is missing"},
      {"{ of: signal.value, window: 1h, take: slope }", "add per: 1h"},
      {"{ of: signal.value, window: 1h, take: mean, per: 1h }", "per belongs to rate and slope"},
      {"{ of: signal.value, window: 1h, take: percentile }", "which percentile? add p: 0.95"},
      {"{ of: signal.value, window: 1h, take: percentile, p: 95.0 }", "p is 0.0 to 1.0"},
      {"{ of: signal.value, tumbling: 1h, take: percentile, p: 0.9 }", "use window or count"},
      {"{ of: signal.value, count: 9, take: mean, keep: 9 }", "keep belongs to window only"},
      {"{ of: signal.value, window: 1h, take: mean, keep: 9999 }",
       "keep is 9999; it must be 1 to 4096"},
      {"{ sequence: [\"true\"], within: 1h }", "a sequence has 2 to 8 parts, not 1"},
      {"{ sequence: [\"true\", \"1\"], within: 1h }", "this gives int, but must give bool"},
      {"{ of: signal.value, from: once, window: 1h }", "'once' is neither first"},
      {"{ of: signal.value, above: 3.0, until: 3.5 }", "until must not be more than above"},
      {"{ of: signal.value, below: 3.0, until: 2.5 }", "until must not be less than below"},
      {"{ of: signal.value, above: 3.0, below: 2.0, until: 2.5 }", "above and below do not go"},
      {"{ of: signal.value, dead_band: -1.0 }", "a dead band is not negative"},
      {"{ of: signal.value, steps: [] }", "a ladder has 1 to 8 steps, not 0"},
      {"{ of: signal.value, steps: [1.0, 3.0, 2.0] }", "steps go one way"},
      {"{ absent: 5m, by: machine }", "'machine' is neither signal nor asset"},
      {"{ where: signal.value, of: signal.value > 1.0, for: 5m }",
       "r.yaml:1:13: this gives double, but must give bool"},
      {"{ of: watch.a > 1.0, for: 5m }", "unknown name 'watch.a'"},
      {"{ of: signal.valu > 1.0, for: 5m }", "r.yaml:1:10: unknown name 'signal.valu'; did you"},
  };
  for (const auto& [watch, part] : cases) {
    const std::string message = compile(rule("a: " + std::string(watch), "true"));
    EXPECT_NE(message.find(part), std::string::npos) << watch << "\n" << message;
  }
  EXPECT_NE(compile(rule("no-name: { absent: 5m }", "true")).find("'no-name' is no name"),
            std::string::npos);
  std::string many;
  for (int i = 0; i < 17; ++i) many += "w" + std::to_string(i) + ": { absent: 5m }\n";
  EXPECT_NE(compile(rule(many, "true")).find("more than 16 watches"), std::string::npos);
}

TEST(WatchCompile, AFaultyWatchIsToldOnce) {
  const std::string message = compile(rule("a: { of: signal.value, take: mean }", "watch.a > 1.0"));
  EXPECT_EQ(std::count(message.begin(), message.end(), '\n'), 0) << message;
}

TEST(WatchCompile, BudgetsAreChecked) {
  RuleSpec spec = rule("a: { absent: 5m }", "watch.a");
  spec.budget.place = {"", "r.yaml", 7, 3};
  spec.budget.decisions = 101;
  EXPECT_NE(compile(spec).find("r.yaml:7:3: rule 'r': a budget allows 1 to 100"),
            std::string::npos);
  spec.budget.decisions = 3;
  spec.budget.per = Budget::Per::kDuration;
  EXPECT_NE(compile(spec).find("a budget needs a time"), std::string::npos);
}

// State under a declaration that is no more is left out; the others keep theirs.
TEST(WatchCompile, AChangedDeclarationStartsAnew) {
  const auto set = [](const std::string& first) {
    return RuleSet::compile({rule("a: { of: signal.value, window: " + first +
                                      ", take: count }\nb: { of: signal.value, count: 9, take: "
                                      "count }",
                                  "true")},
                            "c", {&kType, 1})
        .value();
  };
  const RuleSetPtr before = set("10m");
  const RuleSetPtr after = set("20m");
  Event event;
  event.type = &kType;
  event.key = {"/s", "1"};
  event.fields.resize(2);
  Observation o;
  o.event = &event;
  o.at = Instant(1'800'000'000'000'000'000);
  o.features.set(Feature::kSignalValue, 5.0);
  WatchMemory memory;
  std::vector<RuleError> errors;
  (void)before->watch(o, memory, errors);
  ByteWriter out;
  memory.save(out);
  const auto counts = [&](const RuleSetPtr& rules) {
    WatchMemory restored;
    ByteReader in(out.bytes());
    EXPECT_TRUE(restored.load(in) && in.done());
    rules->forget_unknown(restored);
    std::vector<RuleError> none;
    (void)rules->watch(o, restored, none);
    RuleSpec asks = rule("", "true");
    ByteWriter again;
    restored.save(again);
    return again.size();
  };
  EXPECT_EQ(counts(before), counts(after) + 16) << "one reading less: that of the changed window";
}

}  // namespace
}  // namespace millwright::rules
