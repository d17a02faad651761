#include "pipeline/series.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "millwright/base/limits.hpp"

namespace millwright::pipeline {
namespace {

// One-sided 80 % quantiles of Student's t by degrees of freedom (standard tables).
constexpr std::array<double, 11> kT80{0.0,   1.376, 1.061, 0.978, 0.941, 0.920,
                                      0.906, 0.896, 0.889, 0.883, 0.879};
constexpr double kSignificant = 2.0;  // slope over its standard error

double t80(int freedom) {
  if (freedom <= 10) return kT80[std::size_t(std::max(freedom, 1))];
  if (freedom <= 30) return 0.866;
  return 0.845;
}

}  // namespace

double Fit::significance() const {
  if (!known()) return 0.0;
  const double error = spread / std::sqrt(sxx);
  if (error <= 0.0) return slope > 0.0 ? 1e9 : 0.0;
  return slope / error;
}

std::optional<double> hours_until(const Fit& fit, double limit, Instant now) {
  if (!fit.known() || fit.significance() < kSignificant) return std::nullopt;
  const double u0 = (now - fit.origin).seconds() - fit.mean_t;
  const double rise = limit - fit.mean_y;
  const double k = t80(fit.n - 2) * fit.spread;
  // slope u + k sqrt(1/n + u^2/sxx) = rise, for the smallest u from now on.
  const auto upper = [&](double u) {
    return fit.slope * u + k * std::sqrt(1.0 / fit.n + u * u / fit.sxx);
  };
  if (upper(u0) >= rise) return 0.0;
  const double a = fit.slope * fit.slope - k * k / fit.sxx;
  const double b = -2.0 * rise * fit.slope;
  const double c = rise * rise - k * k / fit.n;
  // kSignificant exceeds every t80 at n >= 6, so a > 0 and the smaller root is the upper band's.
  const double root = b * b - 4.0 * a * c;
  if (a <= 0.0 || root < 0.0) return std::nullopt;
  const double u = (-b - std::sqrt(root)) / (2.0 * a);
  return std::max(0.0, u - u0) / 3600.0;
}

void Series::add(Instant at, double value, double low, double high, Duration width,
                 Duration widest) {
  if (points_.empty() && open_n_ == 0) {
    origin_ = at;
    width_s_ = std::max<std::int64_t>(1, width.ns() / 1'000'000'000);
  }
  const std::int64_t seconds_since = (at - origin_).ns() / 1'000'000'000;
  if (seconds_since < 0 || seconds_since > 0xffff'ffffLL) return;
  const auto s = std::uint32_t(seconds_since);
  if (open_n_ > 0 && std::int64_t(s) - std::int64_t(open_from_s_) >= width_s_) close(widest);
  if (open_n_ == 0) open_from_s_ = s;
  ++open_n_;
  sum_t_ += double(s);
  sum_ += value;
  sum_low_ += low;
  sum_high_ += high;
}

Series::Point Series::open_point() const {
  const double n = double(open_n_);
  return Point{std::uint32_t(sum_t_ / n), float(sum_ / n), float(sum_low_ / n),
               float(sum_high_ / n)};
}

void Series::close(Duration widest) {
  points_.push_back(open_point());
  open_n_ = 0;
  sum_t_ = sum_ = sum_low_ = sum_high_ = 0.0;
  if (points_.size() >= limits::kSeriesPoints) {
    if (width_s_ < widest.ns() / 1'000'000'000) {
      halve();
    } else {
      points_.erase(points_.begin());
    }
  }
  refit();
}

void Series::halve() {
  std::size_t kept = 0;
  for (std::size_t i = 0; i + 1 < points_.size(); i += 2) {
    const Point& a = points_[i];
    const Point& b = points_[i + 1];
    const auto middle = std::uint32_t((std::uint64_t(a.at_s) + b.at_s) / 2);
    points_[kept++] = {middle, (a.value + b.value) / 2, (a.low + b.low) / 2, (a.high + b.high) / 2};
  }
  if (points_.size() % 2 == 1) points_[kept++] = points_.back();
  points_.resize(kept);
  const auto span = std::int64_t(points_.back().at_s) - points_.front().at_s;
  width_s_ = std::max(2 * width_s_, span / std::int64_t(std::max<std::size_t>(kept - 1, 1)));
}

void Series::refit() {
  fit_ = Fit{};
  fit_.origin = origin_;
  double sum_t = 0.0;
  double sum_y = 0.0;
  for (const Point& p : points_) {
    if (p.at_s < fit_from_s_) continue;
    ++fit_.n;
    sum_t += p.at_s;
    sum_y += double(p.value);
  }
  if (fit_.n < 3) return;
  fit_.mean_t = sum_t / fit_.n;
  fit_.mean_y = sum_y / fit_.n;
  double sxy = 0.0;
  double syy = 0.0;
  for (const Point& p : points_) {
    if (p.at_s < fit_from_s_) continue;
    const double t = p.at_s - fit_.mean_t;
    const double y = double(p.value) - fit_.mean_y;
    fit_.sxx += t * t;
    sxy += t * y;
    syy += y * y;
  }
  if (fit_.sxx <= 0.0) return;
  fit_.slope = sxy / fit_.sxx;
  fit_.spread = std::sqrt(std::max(0.0, syy - fit_.slope * sxy) / (fit_.n - 2));
}

void Series::start_anew(Instant at) {
  const std::int64_t from = (at - origin_).ns() / 1'000'000'000;
  fit_from_s_ = std::uint32_t(std::clamp<std::int64_t>(from, 0, 0xffff'ffffLL));
  refit();
}

std::vector<SeriesPoint> Series::points() const {
  std::vector<SeriesPoint> out;
  out.reserve(points_.size() + 1);
  const auto push = [&](const Point& p) {
    out.push_back(SeriesPoint{origin_ + seconds(p.at_s), p.value, p.low, p.high});
  };
  for (const Point& p : points_) push(p);
  if (open_n_ > 0) push(open_point());
  if (out.size() > limits::kSeriesPoints) out.erase(out.begin());
  return out;
}

void Series::save(ByteWriter& out) const {
  out.put(origin_);
  out.put(std::uint32_t(points_.size()));
  for (const Point& p : points_) {
    out.put(p.at_s);
    out.put(p.value);
    out.put(p.low);
    out.put(p.high);
  }
  out.put(width_s_);
  out.put(open_from_s_);
  out.put(open_n_);
  for (const double x : {sum_t_, sum_, sum_low_, sum_high_}) out.put(x);
  out.put(fit_from_s_);
}

void Series::load(ByteReader& in) {
  in.get(origin_);
  points_.resize(in.count(16));
  for (Point& p : points_) {
    in.get(p.at_s);
    in.get(p.value);
    in.get(p.low);
    in.get(p.high);
  }
  in.get(width_s_);
  in.get(open_from_s_);
  in.get(open_n_);
  for (double* x : {&sum_t_, &sum_, &sum_low_, &sum_high_}) in.get(*x);
  in.get(fit_from_s_);
  refit();
}

}  // namespace millwright::pipeline
