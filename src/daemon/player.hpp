#pragma once
// Plays a recording through the lane, the ledger and the rules by the recording's own clock, and
// says what was found. Nothing leaves. Called by main's thread.

#include <string>
#include <vector>

#include "daemon/mapping.hpp"
#include "daemon/replay_report.hpp"
#include "daemon/run.hpp"
#include "millwright/engine/lane.hpp"

namespace millwright::daemon {

struct PlayOptions {
  std::string input;   // JSON lines, or a CSV with the mapping
  std::string ledger;  // file of its own
  bool keep = false;   // the ledger is not thrown away afterwards
  bool csv = false;
  Mapping mapping;
  std::string doing;  // "current rules": shown beside how far it is; "" nothing
};

struct Played {
  LaneStatus lane;
  Instant from;  // of the first and the last record
  Instant to;
  Instant reached;     // by the recording's clock
  bool whole = false;  // false: it was asked to end before
  std::vector<ReplayedCase> cases;
  // Root of the audit log over every decision and everything that followed: equal roots, equal
  // records, bit for bit.
  std::string root;
};

// A recording as the command line names it; the configuration its mapping names, if it does.
struct Recorded {
  PlayOptions play;
  std::string config;
};
[[nodiscard]] Result<Recorded> recorded_input(const std::string& path,
                                              const std::string& mapping_file);

[[nodiscard]] ReportStyle style_of(const PlantModel& plant, Instant from, Instant to);

[[nodiscard]] Result<Played> play(const PlayOptions& options, Loaded loaded);

// A folder that is gone at the end.
class Scratch {
 public:
  Scratch();
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  // "" : none could be made.
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace millwright::daemon
