#pragma once
// What a replay found, for a terminal or as JSON. Called by main's thread, once the ledger is
// closed.

#include <cstdint>
#include <string>
#include <vector>

#include "millwright/base/result.hpp"
#include "millwright/base/time.hpp"
#include "millwright/domain/task.hpp"
#include "millwright/engine/ports.hpp"

namespace millwright::daemon {

struct ReplayedCase {
  Case about;
  std::vector<Task> tasks;  // as they were proposed; the first is never a reservation
};

// Every case of the ledger, in order of opening.
[[nodiscard]] Result<std::vector<ReplayedCase>> read_cases(StoreReader& reader);

struct ReportStyle {
  std::string zone = "UTC";  // IANA, of the times shown
  bool seconds = false;      // times to the second: for recordings of a day or less
  std::size_t width = 0;     // longest line, in characters; 0 any
};

// A line for each case below a line of headings; says so if there is none.
[[nodiscard]] std::string case_table(const std::vector<ReplayedCase>& cases,
                                     const ReportStyle& style);
// One object, without a line break; docs/replay.md has its fields.
[[nodiscard]] std::string case_json(const ReplayedCase& of);

// "45 s", "12 min", "16 h", "2.5 d"
[[nodiscard]] std::string spoken(Duration d);
// 22 695
[[nodiscard]] std::string grouped(std::int64_t number);
// 2013-12-16 17:25, in the zone.
[[nodiscard]] std::string spoken(Instant t, const ReportStyle& style);

}  // namespace millwright::daemon
