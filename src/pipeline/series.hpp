#pragma once
// Series: the history of one signal in at most limits::kSeriesPoints means, for charts and for the
// trend of the running machine. Value; part of a signal's state.

#include <optional>
#include <vector>

#include "millwright/base/bytes.hpp"
#include "millwright/domain/observation.hpp"

namespace millwright::pipeline {

// Least squares over the points since the last fresh start; times in seconds from `origin`.
struct Fit {
  int n = 0;
  Instant origin;
  double mean_t = 0.0;
  double mean_y = 0.0;
  double slope = 0.0;   // per second
  double spread = 0.0;  // of the residuals
  double sxx = 0.0;

  [[nodiscard]] bool known() const { return n >= 6 && sxx > 0.0; }
  // Slope over its standard error; 0 where not known.
  [[nodiscard]] double significance() const;
};

// Earliest hours from `now` until the fitted line reaches the limit: the lower 80 % bound, from the
// upper one-sided 80 % confidence band of the line. nullopt without a significant rise. 0: reached.
[[nodiscard]] std::optional<double> hours_until(const Fit& fit, double limit, Instant now);

class Series {
 public:
  // Means are taken over `width` and wider ones as history grows, at most `widest`.
  void add(Instant at, double value, double low, double high, Duration width, Duration widest);
  // The trend starts anew; the chart keeps what was.
  void start_anew(Instant at);
  [[nodiscard]] const Fit& fit() const { return fit_; }
  [[nodiscard]] std::vector<SeriesPoint> points() const;
  [[nodiscard]] std::size_t bytes() const { return points_.capacity() * sizeof(Point); }

  void save(ByteWriter& out) const;
  void load(ByteReader& in);

 private:
  struct Point {
    std::uint32_t at_s = 0;  // from origin_
    float value = 0.0F;
    float low = 0.0F;
    float high = 0.0F;
  };
  void close(Duration widest);
  void halve();
  void refit();
  [[nodiscard]] Point open_point() const;

  Instant origin_;
  std::vector<Point> points_;
  std::int64_t width_s_ = 0;
  // the span that is still open
  std::uint32_t open_from_s_ = 0;
  std::uint32_t open_n_ = 0;
  double sum_t_ = 0.0, sum_ = 0.0, sum_low_ = 0.0, sum_high_ = 0.0;
  std::uint32_t fit_from_s_ = 0;
  Fit fit_;
};

}  // namespace millwright::pipeline
