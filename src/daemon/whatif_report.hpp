#pragma once
// Two replays of the same recording held against each other: which cases one bundle of rules opens
// and the other does not, and what is known of them. Pure; called by main's thread.

#include <map>
#include <string>
#include <vector>

#include "daemon/replay_report.hpp"
#include "millwright/base/json.hpp"

namespace millwright::daemon {

// What is known to have happened: a failure, or that there was none.
struct Known {
  AssetId asset;
  FailureMode mode;  // "" any
  Instant from;
  Instant to;
  bool real = true;
};

struct KnownOutcomes {
  std::vector<Known> list;
  // Assets of which every failure is in the list: a case of theirs beside all of them is a false
  // alarm.
  std::vector<AssetId> complete;
};

enum class Truth : std::uint8_t { kUnknown, kReal, kFalseAlarm };
[[nodiscard]] std::string_view to_text(Truth truth);

struct CaseChange {
  enum class What : std::uint8_t { kAdded, kRemoved, kChanged };
  What what = What::kChanged;
  const ReplayedCase* now = nullptr;   // by the rules in force; null: added
  const ReplayedCase* then = nullptr;  // by the candidate; null: removed
  Truth truth = Truth::kUnknown;
  std::string difference;  // of a changed one: "P3 -> P2, 40 min earlier"
  [[nodiscard]] const ReplayedCase& one() const { return then == nullptr ? *now : *then; }
};

struct Tally {
  std::int64_t cases = 0;
  std::int64_t tasks = 0;
  std::int64_t failures_found = 0;  // of the known ones
  std::int64_t false_alarms = 0;
  std::int64_t unknown = 0;
};

struct Moves {
  std::int64_t added = 0;
  std::int64_t removed = 0;
  std::int64_t changed = 0;
};

struct WhatIf {
  Tally now;
  Tally then;
  std::int64_t failures_known = 0;  // that fall into the span
  std::vector<CaseChange> changes;  // in order of opening
  std::map<std::string, Moves> by_rule;
  std::map<std::string, Moves> by_asset;
  Moves moves;
  // Of the changes:
  std::int64_t true_found = 0;            // known failures that only the candidate finds
  std::int64_t true_lost = 0;             // and that it no longer finds
  std::int64_t false_alarms_avoided = 0;  // cases
  std::int64_t false_alarms_added = 0;
};

// Counts cases opened in [from, to). The lists outlive the result.
[[nodiscard]] WhatIf compare(const std::vector<ReplayedCase>& now,
                             const std::vector<ReplayedCase>& then, Instant from, Instant to,
                             const KnownOutcomes& known);

// What the closed tasks of a ledger say.
[[nodiscard]] std::vector<Known> outcomes_of(const std::vector<ReplayedCase>& cases);
// A CSV: asset,from,to and perhaps mode; times as RFC 3339. Every asset in it is complete.
[[nodiscard]] Result<KnownOutcomes> read_known(const std::string& file);

[[nodiscard]] std::string whatif_text(const WhatIf& result, const ReportStyle& style);
// Members of an object, without its braces' neighbours: written into the one at hand.
void whatif_json(const WhatIf& result, JsonWriter& json);

}  // namespace millwright::daemon
