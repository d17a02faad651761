#pragma once
// The tables of all file kinds, and the functions that turn a checked file into values. Called by
// load_configuration only.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/config/config.hpp"
#include "daemon/config/reader.hpp"
#include "daemon/config/schema.hpp"

namespace millwright::daemon {

[[nodiscard]] const Section& settings_file();  // millwright.yaml
[[nodiscard]] const Section& plant_file();     // plant/*.yaml
[[nodiscard]] const Section& rules_file();     // rules/*.yaml
[[nodiscard]] const Section& policy_file();    // workflow/*.yaml
[[nodiscard]] const Section& mapping_file();   // of `replay`

extern const Section kTableSection;  // `table` of a rule
[[nodiscard]] rules::TableSpec read_table(const Reader& in);
// What a proposal and a table's defaults alike may say, but for the task.
[[nodiscard]] rules::Proposal read_expressions(const Reader& in);
extern const Section kTestSection;  // of a rule's `tests`
[[nodiscard]] rules::RuleTest read_test(const Reader& in);

struct File {
  std::string name;  // as shown in problems
  Node root;
};

// Names by which a signal's `kind` and a millwright.yaml's `models` go, in the enumeration's order.
[[nodiscard]] std::span<const std::string_view> signal_kind_names();

[[nodiscard]] Settings read_settings(const Reader& root);
// Whether a variable of the environment names a setting: MILLWRIGHT_HTTP__PORT.
[[nodiscard]] bool names_setting(std::string_view variable);
// Sets in `root` what the environment overrides.
void apply_environment(const Environment& environment, Node& root, std::vector<Problem>& problems);

// All files of the folder together; references, duplicates and sense are checked here.
[[nodiscard]] PlantModel read_plant(const std::vector<File>& files, const Settings& settings,
                                    std::vector<Problem>& problems);
[[nodiscard]] std::vector<rules::RuleSpec> read_rules(const std::vector<File>& files,
                                                      std::vector<Problem>& problems);
// Of a rule: what it remembers, and how often it may decide.
extern const Section kWatchSection;
extern const Section kBudgetSection;
void read_watches(const Reader& rule, rules::RuleSpec& out, std::vector<Problem>& problems);
[[nodiscard]] workflow::Policy read_policy(const std::vector<File>& files,
                                           std::vector<Problem>& problems);

// Calendar: local times -> instants. False if the zone is not known.
[[nodiscard]] bool known_time_zone(const std::string& zone);
// Of 1990 to 2100; empty if the zone is not known.
[[nodiscard]] std::vector<ZoneOffset> zone_offsets(const std::string& zone);
// "2027-08-02", minutes after midnight there -> UTC; a time that the clocks skip or repeat becomes
// the first instant that it can be.
[[nodiscard]] Instant local_instant(const std::string& zone, std::string_view date, int minute);
// Dates from `first` to `last` that are this day of the week (0 Monday .. 6 Sunday).
[[nodiscard]] std::vector<std::string> weekly_dates(std::string_view first, std::string_view last,
                                                    int weekday);

}  // namespace millwright::daemon
