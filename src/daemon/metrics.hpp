#pragma once
// What the workers count, as Prometheus text. Plain functions over their status; any thread.

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "millwright/engine/dispatcher.hpp"
#include "millwright/engine/lane.hpp"
#include "millwright/engine/ledger.hpp"

namespace millwright::daemon {

// Builds the text; every name gets the prefix millwright_.
class MetricsText {
 public:
  void gauge(std::string_view name, std::string_view help, double value);
  void counter(std::string_view name, std::string_view help, double value);
  // One row of several, by label: head() first.
  void head(std::string_view name, std::string_view type, std::string_view help);
  void row(std::string_view name, std::string_view labels, double value);
  [[nodiscard]] std::string text() && { return std::move(text_); }

 private:
  std::string text_;
};

using LaneStatuses = std::vector<std::shared_ptr<const LaneStatus>>;

void lane_metrics(const LaneStatuses& lanes, MetricsText& out);
void ledger_metrics(const LedgerStatus& ledger, MetricsText& out);
void effect_metrics(const DispatcherStatus& dispatcher, MetricsText& out);

[[nodiscard]] std::string_view name_of(EffectKind kind);

}  // namespace millwright::daemon
