#include "http/calibration.hpp"

#include <algorithm>

#include "millwright/base/limits.hpp"

namespace millwright::http {
namespace {

constexpr Duration kEvery = minutes(1);
constexpr std::size_t kPagesMost = 10;  // of limits::kHttpPage tasks

}  // namespace

std::size_t Calibration::range_of(double confidence) {
  return std::size_t(std::upper_bound(kRanges.begin(), kRanges.end(), confidence) -
                     kRanges.begin());
}

void Calibration::refresh(StoreReader& reader, Instant wall_now) {
  if (counted_at_ && wall_now - *counted_at_ < kEvery && *counted_at_ <= wall_now) return;
  Counts counts;
  TaskQuery query;
  query.states = {TaskState::kClosed, TaskState::kVerified};
  query.by_change = true;
  query.limit = limits::kHttpPage;
  for (std::size_t page = 0; page < kPagesMost; ++page) {
    const auto found = reader.tasks(query);
    if (!found) return;  // the last count stays, and the next request tries again
    for (const Task& task : found->items) {
      if (task.outcome == Outcome::kUnknown) continue;
      RightOf& count = counts[task.rule.id][range_of(task.confidence)];
      ++count.of;
      if (task.outcome == Outcome::kConfirmed) ++count.right;
    }
    if (found->next.empty()) break;
    query.cursor = found->next;
  }
  counts_ = std::move(counts);
  counted_at_ = wall_now;
}

std::optional<RightOf> Calibration::of(const RuleId& rule, double confidence) const {
  const auto found = counts_.find(rule);
  if (found == counts_.end()) return std::nullopt;
  const RightOf& count = found->second[range_of(confidence)];
  if (count.of < kLeast) return std::nullopt;
  return count;
}

}  // namespace millwright::http
