#pragma once
// Axis: one input of a decision table, cut into regions within which every cell of its column gives
// the same answer; for each region the rows that take it. Built once, immutable, any thread.

#include <bitset>
#include <optional>
#include <string>
#include <vector>

#include "millwright/base/limits.hpp"
#include "millwright/cel/value.hpp"
#include "rules/table/cell.hpp"

namespace millwright::rules {

using Rows = std::bitset<limits::kTableRows>;

class Axis {
 public:
  // `cells` by row; `values`, if given, what the input can be at all.
  Axis(std::string name, AxisKind kind, const std::vector<Cell>& cells,
       const std::optional<Cell>& values);

  // A value that lies in no region: the input is absent in a column that does not speak of that, is
  // no number, or is none of the column's values.
  static constexpr std::size_t kNowhere = std::size_t(-1);
  [[nodiscard]] std::size_t region_of(const cel::Value& value) const;

  // Regions that can be: at least one value lies in each of them.
  [[nodiscard]] const std::vector<std::size_t>& live() const { return live_; }
  // Rows that take all of a region.
  [[nodiscard]] const Rows& takes(std::size_t region) const { return takes_[region]; }
  // Rows that ask nothing of this input.
  [[nodiscard]] const Rows& indifferent() const { return indifferent_; }
  [[nodiscard]] bool speaks_of_absence() const { return absence_; }
  [[nodiscard]] AxisKind kind() const { return kind_; }
  [[nodiscard]] const std::string& name() const { return name_; }
  // "signal.value = 7.1", "signal.value is absent": one value of the region, for a person.
  [[nodiscard]] std::string witness(std::size_t region) const;
  // The numbers at which answers change, ascending; the texts that cells name, sorted.
  [[nodiscard]] const std::vector<double>& cuts() const { return cuts_; }
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }
  // A value of the region; absent for that of absence. Borrows from the axis.
  [[nodiscard]] cel::Value sample(std::size_t region) const;

 private:
  void cut(const Cell& cell);
  [[nodiscard]] std::size_t regions() const;
  [[nodiscard]] std::size_t absent_region() const { return regions() - 1; }
  // A value of an interval between two cuts, as short as it can be written; none: there is no
  // double, or no whole number, between them.
  [[nodiscard]] std::optional<double> between(std::size_t region) const;
  [[nodiscard]] bool cell_takes(const Cell& cell, std::size_t region) const;

  std::string name_;
  AxisKind kind_;
  bool absence_ = false;
  std::vector<double> cuts_;
  std::vector<std::string> names_;
  std::vector<bool> possible_;  // by region
  std::vector<std::size_t> live_;
  std::vector<Rows> takes_;
  Rows indifferent_;
};

}  // namespace millwright::rules
