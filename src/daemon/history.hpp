#pragma once
// A span of recorded history, ready to be played under one bundle of rules after another, with what
// is known to have happened in it. Called by main's thread.

#include "daemon/player.hpp"
#include "daemon/whatif_report.hpp"
#include "millwright/daemon/commands.hpp"

namespace millwright::daemon {

class History {
 public:
  // Reads Kafka where no recording is named; prints what the span covers to standard error.
  [[nodiscard]] static Result<std::unique_ptr<History>> open(const HistoryOptions& options);

  // The rules in force.
  [[nodiscard]] const Loaded& now() const { return now_; }
  [[nodiscard]] const std::string& config() const { return config_; }
  // Each under a ledger of its own, which is gone at the end. `doing` is shown beside the progress.
  [[nodiscard]] Result<Played> play(const Loaded& under, const std::string& doing);
  [[nodiscard]] WhatIf compare(const Played& now, const Played& then) const;
  [[nodiscard]] ReportStyle style(const Played& played) const;

 private:
  explicit History(const HistoryOptions& options) : options_(options) {}
  Result<void> open();
  Result<void> read_times();
  Result<void> record();
  Result<void> learn();

  const HistoryOptions options_;
  std::string config_;
  Loaded now_;
  Recorded recorded_;
  KnownOutcomes known_;
  Instant from_;  // cases that open here count
  Instant to_;
  Scratch scratch_;
  int plays_ = 0;
};

// A candidate's rules beside those in force, over the same history.
struct Tried {
  std::unique_ptr<History> history;  // `result` points into `now` and `then`, and these into it
  Loaded candidate;
  Played now;
  Played then;
  bool same = false;  // the same rules
  WhatIf result;
};
[[nodiscard]] Result<Tried> try_candidate(const WhatIfOptions& options);
[[nodiscard]] std::string tried_text(const Tried& tried, const WhatIfOptions& options,
                                     const ReportStyle& style);

}  // namespace millwright::daemon
