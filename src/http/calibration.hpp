#pragma once
// Calibration: of the closed tasks of one rule and confidence range, how many were right. Counted
// from the newest closed tasks, once a minute at most; owned by one handler thread.

#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <string>

#include "millwright/base/time.hpp"
#include "millwright/domain/task.hpp"
#include "millwright/engine/ports.hpp"

namespace millwright::http {

struct RightOf {
  int right = 0;
  int of = 0;
};

class Calibration final {
 public:
  static constexpr int kLeast = 20;  // closures; fewer say nothing

  // Recounts when the last count is older than a minute of wall clock.
  void refresh(StoreReader& reader, Instant wall_now);
  [[nodiscard]] std::optional<RightOf> of(const RuleId& rule, double confidence) const;

 private:
  static constexpr std::array<double, 4> kRanges = {0.5, 0.7, 0.8,
                                                    0.9};  // upper bounds but the last
  [[nodiscard]] static std::size_t range_of(double confidence);

  using Counts = std::map<RuleId, std::array<RightOf, kRanges.size() + 1>>;

  std::optional<Instant> counted_at_;
  Counts counts_;
};

}  // namespace millwright::http
