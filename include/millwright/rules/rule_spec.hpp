#pragma once
// RuleSpec: a rule as its author wrote it (config/rules/*.yaml), read but not yet compiled. Every
// text keeps its place, so that an error can name file, line and column. Values.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "millwright/base/time.hpp"
#include "millwright/rules/proposal.hpp"
#include "millwright/rules/rule_test.hpp"
#include "millwright/rules/table_spec.hpp"
#include "millwright/rules/watch_spec.hpp"

namespace millwright::rules {

// Where a rule stands in its life. Every rule is checked; drafts and retired ones are not asked.
enum class RuleStatus : std::uint8_t {
  kDraft,
  kShadow,  // asked live; what it would have done is recorded, and nothing comes of it
  kReleased,
  kRetired,
};
[[nodiscard]] std::string_view to_text(RuleStatus status);

struct RuleSpec {
  std::string id;  // unique in the bundle
  int version = 1;
  RuleStatus status = RuleStatus::kReleased;
  std::string owner;  // maintenance, quality, ...
  std::string summary;
  std::vector<std::string> events;  // types it listens to; "tick" for silence
  bool on_gated = false;            // also for readings that the operating-mode gate keeps out
  SourceText condition;             // CEL, bool
  std::vector<Proposal> proposals;  // the first that matches
  std::optional<TableSpec> table;   // in place of proposals
  std::vector<WatchSpec> watches;   // what it remembers of the readings
  Budget budget;
  Duration repeat_after = hours(1);  // same rule, entity and outcome again: not before this
  SourceText place;                  // of the rule itself
  std::vector<RuleTest> tests;
};

}  // namespace millwright::rules
