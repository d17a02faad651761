// docs/rules-by-example.md: each of its rules is loaded as a plant would load it, the rows of its
// table are played through a partition as events or as time, and give what is written beside them.
#include <gtest/gtest.h>

#include "daemon/rules_bundle.hpp"
#include "unit/daemon/config_files.hpp"
#include "unit/daemon/rule_player.hpp"

namespace millwright::daemon {
namespace {

using namespace test;
struct Example {
  std::string title;
  std::string rules;
  std::vector<TableRow> rows;  // the head first
};

std::vector<Example> examples(const std::string& text) {
  std::vector<Example> out;
  for (const std::string& section : rules::sections(text)) {
    const auto yaml = rules::blocks(section, "yaml");
    out.push_back({section.substr(0, section.find('\n')), yaml.empty() ? "" : yaml[0],
                   rules::table(section, "time")});
  }
  return out;
}

// The example's rules on the page's plant; nothing, and failures, if they do not load.
std::optional<RulePlayer> player_of(const std::string& plant, const Example& example,
                                    std::string& type) {
  Folder folder;
  folder.write("millwright.yaml", "plant: plant\nrules: rules\nworkflow: workflow\n");
  folder.write("plant/plant.yaml", plant);
  folder.write("workflow/policy.yaml", "policy: {}\n");
  folder.write("rules/example.yaml", example.rules);
  std::vector<Problem> problems;
  const auto loaded = load_configuration((folder / "millwright.yaml").string(), {}, &problems);
  rules::RuleSetPtr set;
  if (loaded) set = compile_rules(loaded->rules, loaded->version, problems);
  for (const Problem& each : problems) ADD_FAILURE() << example.title << ": " << to_text(each);
  if (!set) return std::nullopt;
  type = loaded->rules[0].events[0];
  return std::optional<RulePlayer>(std::in_place, loaded->plant, set);
}

bool same(const std::string& came, const std::string& written) {
  // Of an error the page shows the part that its reader needs.
  if (!written.starts_with("error: ")) return came == written;
  return came.starts_with("error: ") && came.find(written.substr(7)) != std::string::npos;
}

TEST(RulesByExample, EachTableGivesWhatItSays) {
  const std::string text = rules::document(MILLWRIGHT_SOURCE_DIR, "rules-by-example.md");
  const auto all = examples(text);
  ASSERT_EQ(all.size(), 12U);
  const std::string plant = rules::blocks(text, "yaml").at(0);
  for (std::size_t n = 0; n < all.size(); ++n) {
    EXPECT_TRUE(all[n].title.starts_with(std::to_string(n + 1) + ". ")) << all[n].title;
    ASSERT_GE(all[n].rows.size(), 5U) << all[n].title;
    std::string type;
    auto player = player_of(plant, all[n], type);
    if (!player) continue;
    bool decides = false;
    for (std::size_t i = 1; i < all[n].rows.size(); ++i) {
      const TableRow& row = all[n].rows[i];
      ASSERT_EQ(row.size(), all[n].rows[0].size()) << all[n].title << ", row " << i;
      const std::string came = player->play(all[n].rows[0], row, type);
      EXPECT_TRUE(same(came, row.back()))
          << all[n].title << ", " << row[0] << "\n  written: " << row.back()
          << "\n  came:    " << came;
      decides = decides || came != "-";
    }
    EXPECT_TRUE(decides) << all[n].title;
  }
}

// The reference page's rules as a plant would load them: every key, every field, their own tests.
TEST(RulesByExample, TheReferencesRulesLoadAndPassTheirTests) {
  const auto all = rules::blocks(rules::document(MILLWRIGHT_SOURCE_DIR, "rules.md"), "yaml");
  ASSERT_GE(all.size(), 6U);
  for (const std::string& each : all) {
    Folder folder;
    folder.write("rule.yaml", each);
    std::vector<Problem> problems;
    const auto specs = load_rules((folder / "").string(), problems);
    EXPECT_NE(compile_rules(specs, "v", problems), nullptr);
    for (const Problem& problem : problems) ADD_FAILURE() << to_text(problem);
  }
}

}  // namespace
}  // namespace millwright::daemon
