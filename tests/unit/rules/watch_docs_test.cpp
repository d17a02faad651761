// The examples of watches in docs/rules.md: each is given its readings, and gives what is written
// beside them.
#include <gtest/gtest.h>

#include "document.hpp"
#include "load_rules.hpp"
#include "millwright/rules/rule_set.hpp"

namespace millwright::rules {
namespace {

constexpr FieldSpec kFields[] = {{"state", FieldKind::kText, "", false},
                                 {"mode", FieldKind::kText, "", false}};
constexpr EventType kType{"some.event", 1, SourceFamily::kIot, "assetId", "", kFields};

struct Example {
  std::string watch;
  std::vector<std::string> lines;  // "06:00  82  no"
};

std::vector<Example> examples() {
  std::istringstream file(document(MILLWRIGHT_SOURCE_DIR, "rules.md"));
  std::vector<Example> out;
  std::string block;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("```")) {
      block = block.empty() ? line.substr(3) : "";
      if (block == "watch") out.emplace_back();
    } else if (block == "watch") {
      out.back().watch += line + "\n";
    } else if (block == "readings") {
      out.back().lines.push_back(line);
    }
  }
  return out;
}

class Player {
 public:
  explicit Player(const std::string& watch) {
    RuleSpec spec;
    spec.id = "example";
    spec.owner = "maintenance";
    spec.summary = "s";
    spec.events = {"some.event"};
    spec.condition = {"true", "docs/rules.md", 1, 1};
    for (const auto& each : YAML::Load(watch)) {
      spec.watches.push_back(watch_spec(each.first.as<std::string>(), each.second, "rules.md"));
    }
    Proposal p;
    p.title_text = {"{{ watch." + spec.watches.at(0).name + " }}", "docs/rules.md", 1, 1};
    spec.proposals = {p};
    auto set = RuleSet::compile({spec}, "c", {&kType, 1});
    EXPECT_TRUE(set.has_value()) << (set ? "" : set.error().message);
    if (set) set_ = *set;
  }

  std::string take(Instant at, const std::string& what) {
    Observation o;
    o.at = at;
    o.signal = SignalId("F-1/temp");
    o.source_id = format_rfc3339(at);
    Event event;
    event.type = &kType;
    event.key = {"/test", o.source_id};
    event.fields.resize(kType.fields.size());
    if (what == "-") {
      (void)set_->watch(WatchTick{at, false, Instant()}, memory_);
    } else {
      o.event = &event;
      if (what.starts_with("mode=")) {
        event.fields[1] = {what.substr(5)};
      } else if (std::isalpha(static_cast<unsigned char>(what[0])) != 0) {
        event.fields[0] = {what};
      } else {
        o.features.set(Feature::kSignalValue, std::stod(what));
      }
      std::vector<RuleError> errors;
      (void)set_->watch(o, memory_, errors);
      EXPECT_TRUE(errors.empty());
    }
    const Outcome out =
        set_->decide_due({o.signal.str(), {0}}, o, LaneView{}, Memory{{}, &memory_});
    return out.decisions.empty() ? "nothing" : out.decisions[0].title;
  }

 private:
  RuleSetPtr set_;
  WatchMemory memory_;
};

TEST(RulesDocument, WatchesGiveWhatItSays) {
  const auto all = examples();
  EXPECT_GE(all.size(), 13u);
  for (const Example& each : all) {
    Player player(each.watch);
    ASSERT_GE(each.lines.size(), 3u) << each.watch;
    for (const std::string& line : each.lines) {
      std::istringstream words(line);
      std::string time;
      std::string what;
      std::string expected;
      words >> time >> what >> expected;
      const Instant at = parse_rfc3339("2026-03-02T" + time + ":00Z").value();
      EXPECT_EQ(player.take(at, what), expected) << each.watch << line;
    }
  }
}

}  // namespace
}  // namespace millwright::rules
