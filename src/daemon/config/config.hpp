#pragma once
// The configuration: millwright.yaml and the folders it names, read and checked as a whole. Called
// by main's thread at start and reload; the result is a value.

#include <map>
#include <string>
#include <vector>

#include "daemon/config/settings.hpp"
#include "millwright/base/result.hpp"
#include "millwright/domain/plant.hpp"
#include "millwright/rules/rule_spec.hpp"
#include "millwright/workflow/settle.hpp"

namespace millwright::daemon {

// Something wrong with a configuration, for a person; lines and columns from 1, 0 none.
struct Problem {
  std::string file;
  int line = 0;
  int column = 0;
  std::string message;
  friend bool operator==(const Problem&, const Problem&) = default;
};
// file:line:column: message
[[nodiscard]] std::string to_text(const Problem& problem);

struct Configuration {
  Settings settings;
  PlantModelPtr plant;
  std::vector<rules::RuleSpec> rules;
  workflow::Policy policy;
  std::string version;  // hash of all files and of what the environment changed
  std::vector<std::string> files;
};

using Environment = std::map<std::string, std::string>;
[[nodiscard]] Environment process_environment();

// All or nothing: with any problem the result is an Error (its message lists the first ones), and
// `problems`, where given, holds every one. `environment` holds what overrides settings:
// MILLWRIGHT_HTTP__PORT=8081 sets http.port; names with other prefixes are ignored.
[[nodiscard]] Result<Configuration> load_configuration(const std::string& millwright_yaml,
                                                       const Environment& environment,
                                                       std::vector<Problem>* problems);
// The same, with the process's own environment.
[[nodiscard]] Result<Configuration> load_configuration(const std::string& millwright_yaml,
                                                       std::vector<Problem>* problems);

// The rules of one folder alone, for work on them; what is wrong is appended to `problems`.
[[nodiscard]] std::vector<rules::RuleSpec> load_rules(const std::string& folder,
                                                      std::vector<Problem>& problems);

// JSON Schemas (draft-07) of the file kinds, by file name, made from the tables that the loader
// checks with: what config/schema/ holds.
[[nodiscard]] std::map<std::string, std::string> configuration_schemas();

}  // namespace millwright::daemon
