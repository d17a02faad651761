#pragma once
// Said: what people, the ERP and the clock said of tasks, as the audit log of a ledger has it, to
// be told to a replica between the batches that it came between. Owned by one test.

#include <map>
#include <vector>

#include "e2e/ledger_rows.hpp"
#include "e2e/replica.hpp"
#include "e2e/trial.hpp"

namespace millwright::e2e {

class Said {
 public:
  // Both are kept; the acts in the order in which the daemon took them.
  Said(const std::vector<Acted>& acts, const LedgerRows& rows);

  // All that the log has before that place.
  void tell(Replica& replica, std::int64_t place);
  // Acts that were not told.
  [[nodiscard]] std::size_t left() const { return acts_.size() - next_; }

 private:
  void tell_next(Replica& replica);
  [[nodiscard]] EffectReport report(const Step& step) const;

  const std::vector<Acted>& acts_;
  const std::vector<Step>& log_;
  std::map<TaskId, EffectReport> reports_;
  std::size_t next_ = 0;
};

}  // namespace millwright::e2e
