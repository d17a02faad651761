// The rules that come with the program, on the plant that comes with it: what their watches see and
// do not see. (What they say of given inputs stands in their own files.)
#include <gtest/gtest.h>

#include <set>

#include "daemon/rules_bundle.hpp"
#include "unit/daemon/config_files.hpp"
#include "unit/daemon/rule_player.hpp"

namespace millwright::daemon {
namespace {

using namespace test;

struct Played {
  std::string rule;
  std::string type;
  std::vector<TableRow> rows;  // the head first
};

std::vector<Played> played() {
  const std::string page =
      read_file(fs::path(MILLWRIGHT_SOURCE_DIR) / "tests/unit/daemon/shipped_rules_played.md");
  std::vector<Played> out;
  for (const std::string& section : rules::sections(page)) {
    std::istringstream words(section);
    Played one;
    words >> one.rule >> one.type;
    one.rows = rules::table(section, "time");
    out.push_back(std::move(one));
  }
  return out;
}

TEST(ShippedRules, TheirWatchesSeeWhatTheyShould) {
  const std::string main = std::string(MILLWRIGHT_SOURCE_DIR) + "/config/millwright.yaml";
  std::vector<Problem> problems;
  const auto loaded = load_configuration(main, {}, &problems);
  ASSERT_TRUE(loaded) << loaded.error().message;
  const auto set = compile_rules(loaded->rules, loaded->version, problems);
  for (const Problem& each : problems) ADD_FAILURE() << to_text(each);
  ASSERT_NE(set, nullptr);
  const auto all = played();
  ASSERT_GE(all.size(), 41U);
  for (const Played& each : all) {
    const auto& rows = each.rows;
    ASSERT_GE(rows.size(), 3U) << each.rule;
    RulePlayer player(loaded->plant, set, each.rule);
    const Instant since = parse_rfc3339("2026-03-01T00:00:00Z").value();
    for (const char* runs : {"L1-CAPPER", "L1-FAN"}) {
      player.view.equipment.set(WorkUnitId(runs), {"Executing", "Processing", since, "", ""});
    }
    player.view.equipment.set(WorkUnitId("L1-TUNNEL"),
                              {"NotExecuting", "Processing", since, "", ""});
    for (std::size_t i = 1; i < rows.size(); ++i) {
      ASSERT_EQ(rows[i].size(), rows[0].size()) << each.rule << ", row " << i;
      EXPECT_EQ(player.play(rows[0], rows[i], each.type), rows[i].back())
          << each.rule << ", " << rows[i][0];
    }
  }
}

// Whoever answers for a rule says what it must do, and when it must not.
TEST(ShippedRules, EachSaysWhenItSpeaksAndWhenNot) {
  const std::string main = std::string(MILLWRIGHT_SOURCE_DIR) + "/config/millwright.yaml";
  const auto loaded = load_configuration(main, {}, nullptr);
  ASSERT_TRUE(loaded);
  std::set<std::string> files;
  for (const rules::RuleSpec& each : loaded->rules) {
    files.insert(each.place.file);
    const auto silent = [](const rules::RuleTest& test) {
      return test.expect.none || !test.expect.error.text.empty();
    };
    const auto quiet = std::count_if(each.tests.begin(), each.tests.end(), silent);
    EXPECT_LT(quiet, std::ptrdiff_t(each.tests.size())) << each.id << " has no test that it speaks";
    if (each.condition.text == "true" && !each.table) continue;  // it speaks of every event
    const bool always = each.table && !each.table->gaps_allowed && each.condition.text == "true";
    EXPECT_GT(quiet + (always ? 1 : 0), 0) << each.id << " has no test that it is silent";
  }
  EXPECT_GE(files.size(), 8U);
  EXPECT_GE(loaded->rules.size(), 56U);
}

}  // namespace
}  // namespace millwright::daemon
