// Numbers: n cuts make 2n+1 regions, (-inf, c0) {c0} (c0, c1) ... (cn-1, inf). Texts: one for each
// name, and one for any other. Yes and no: two. Absence is the last region of each.
#include "rules/table/axis.hpp"

#include <algorithm>
#include <cmath>

#include "millwright/base/json.hpp"

namespace millwright::rules {
namespace {

// Named so that no cell can ask for it.
constexpr std::string_view kAnyOther = "\x01";

bool is_number(AxisKind kind) {
  return kind == AxisKind::kNumber || kind == AxisKind::kWhole;
}

template <class T>
void sort_once(std::vector<T>& values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

// The shortest decimal that lies strictly between.
double shortest_between(double low, double high, double middle) {
  double scale = 1.0;
  for (int decimals = 0; decimals < 15; ++decimals, scale *= 10.0) {
    const double rounded = std::round(middle * scale) / scale;
    if (rounded > low && rounded < high) return rounded;
  }
  return middle;
}

}  // namespace

Axis::Axis(std::string name, AxisKind kind, const std::vector<Cell>& cells,
           const std::optional<Cell>& values)
    : name_(std::move(name)), kind_(kind) {
  for (const Cell& cell : cells) {
    cut(cell);
    absence_ = absence_ || cell.speaks_of_absence();
  }
  if (values) cut(*values);
  sort_once(cuts_);
  sort_once(names_);
  possible_.resize(regions());
  takes_.resize(regions());
  for (std::size_t region = 0; region < regions(); ++region) {
    const bool absent = region == absent_region();
    const bool real =
        absent ? absence_ : !is_number(kind_) || !sample(region).is(cel::Kind::kAbsent);
    possible_[region] = real && (absent || !values || cell_takes(*values, region));
    if (!possible_[region]) continue;
    live_.push_back(region);
    for (std::size_t row = 0; row < cells.size(); ++row) {
      takes_[region].set(row, cell_takes(cells[row], region));
    }
  }
  for (std::size_t row = 0; row < cells.size(); ++row) indifferent_.set(row, cells[row].any);
}

void Axis::cut(const Cell& cell) {
  for (const Range& range : cell.ranges) {
    if (std::isfinite(range.low)) cuts_.push_back(range.low);
    if (std::isfinite(range.high)) cuts_.push_back(range.high);
  }
  names_.insert(names_.end(), cell.texts.begin(), cell.texts.end());
}

std::size_t Axis::regions() const {
  switch (kind_) {
    case AxisKind::kNumber:
    case AxisKind::kWhole:
      return 2 * cuts_.size() + 2;
    case AxisKind::kText:
      return names_.size() + 2;
    case AxisKind::kFlag:
      break;
  }
  return 3;
}

std::size_t Axis::region_of(const cel::Value& value) const {
  std::size_t region = kNowhere;
  if (value.is(cel::Kind::kAbsent)) {
    region = absent_region();
  } else if (is_number(kind_) && value.is_number()) {
    const double x = value.is(cel::Kind::kInt)    ? double(value.as_int())
                     : value.is(cel::Kind::kUint) ? double(value.as_uint())
                                                  : value.as_double();
    if (std::isnan(x)) return kNowhere;
    const auto at = std::lower_bound(cuts_.begin(), cuts_.end(), x);
    region = 2 * std::size_t(at - cuts_.begin()) + (at != cuts_.end() && *at == x ? 1 : 0);
  } else if (kind_ == AxisKind::kText && value.is(cel::Kind::kString)) {
    const auto at = std::lower_bound(names_.begin(), names_.end(), value.as_text());
    region = at != names_.end() && *at == value.as_text() ? std::size_t(at - names_.begin())
                                                          : names_.size();
  } else if (kind_ == AxisKind::kFlag && value.is(cel::Kind::kBool)) {
    region = value.as_bool() ? 1 : 0;
  }
  return region == kNowhere || !possible_[region] ? kNowhere : region;
}

std::optional<double> Axis::between(std::size_t region) const {
  const std::size_t i = region / 2;
  const double low = i == 0 ? -HUGE_VAL : cuts_[i - 1];
  const double high = i == cuts_.size() ? HUGE_VAL : cuts_[i];
  double middle = 0.0;
  if (std::isfinite(low) && std::isfinite(high)) {
    middle = low / 2 + high / 2;
  } else if (std::isfinite(high)) {
    middle = std::floor(high) - std::max(1.0, std::fabs(high) * 1e-6);
  } else if (std::isfinite(low)) {
    middle = std::ceil(low) + std::max(1.0, std::fabs(low) * 1e-6);
  }
  if (kind_ == AxisKind::kWhole) {
    middle = std::floor(middle);
    if (!(middle > low)) middle += 1.0;
    if (!(middle > low && middle < high)) return std::nullopt;
    return middle;
  }
  if (!(middle > low && middle < high)) return std::nullopt;
  return shortest_between(low, high, middle);
}

cel::Value Axis::sample(std::size_t region) const {
  if (region == absent_region()) return cel::Value::absent();
  switch (kind_) {
    case AxisKind::kNumber:
    case AxisKind::kWhole: {
      const std::optional<double> x =
          region % 2 == 1 ? std::optional<double>(cuts_[region / 2]) : between(region);
      if (!x) return cel::Value::absent();
      if (kind_ == AxisKind::kWhole) return cel::Value::integer(std::int64_t(*x));
      return cel::Value::number(*x);
    }
    case AxisKind::kText:
      return cel::Value::string(region < names_.size() ? std::string_view(names_[region])
                                                       : kAnyOther);
    case AxisKind::kFlag:
      break;
  }
  return cel::Value::boolean(region == 1);
}

bool Axis::cell_takes(const Cell& cell, std::size_t region) const {
  const cel::Value value = sample(region);
  if (value.is(cel::Kind::kAbsent)) return cell.any || cell.absent;
  if (value.is(cel::Kind::kInt)) return cell.takes(double(value.as_int()));
  if (value.is(cel::Kind::kDouble)) return cell.takes(value.as_double());
  return value.is(cel::Kind::kString) ? cell.takes(value.as_text()) : cell.takes(value.as_bool());
}

std::string Axis::witness(std::size_t region) const {
  const cel::Value value = sample(region);
  switch (value.kind()) {
    case cel::Kind::kAbsent:
      return name_ + " absent";
    case cel::Kind::kInt:
      return name_ + " = " + std::to_string(value.as_int());
    case cel::Kind::kDouble:
      return name_ + " = " + shortest(value.as_double());
    case cel::Kind::kBool:
      return name_ + " = " + (value.as_bool() ? "true" : "false");
    default:
      break;
  }
  if (region < names_.size()) return name_ + " = " + names_[region];
  if (names_.empty()) return name_ + " = any text";
  std::string out = name_ + " = any text but ";
  for (std::size_t i = 0; i < names_.size(); ++i) out += (i > 0 ? ", " : "") + names_[i];
  return out;
}

}  // namespace millwright::rules
