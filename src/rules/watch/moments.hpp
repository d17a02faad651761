#pragma once
// What readings amount to: mean, spread, slope, percentile of a span of them. Pure functions and a
// running form of them; the same readings in the same order give the same bits. Any thread.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "millwright/base/bytes.hpp"

namespace millwright::rules {

struct Sample {
  Instant at;
  double x = 0.0;
};

enum class Take : std::uint8_t {
  kMean,
  kMin,
  kMax,
  kSum,
  kCount,
  kFirst,
  kLast,
  kRate,
  kSlope,
  kStddev,
  kPercentile,
  kCount_
};
// "mean", ...; nullopt for another word.
[[nodiscard]] std::optional<Take> take_of(std::string_view word);
[[nodiscard]] std::string_view to_text(Take take);

// A sum with its rounding errors kept beside it (Neumaier 1974).
class CompensatedSum {
 public:
  void add(double x);
  [[nodiscard]] double value() const { return sum_ + lost_; }
  void save(ByteWriter& out) const;
  void load(ByteReader& in);

 private:
  double sum_ = 0.0;
  double lost_ = 0.0;
};

// Everything but percentiles, one reading after the other. Only what `take` asks for is kept up.
class Moments {
 public:
  void add(const Sample& sample, Take take);
  // Nullopt with too few readings: one; for rate, slope and stddev two, at different times for the
  // first two. `per`: the time that rate and slope are given for.
  [[nodiscard]] std::optional<double> result(Take take, Duration per) const;
  [[nodiscard]] std::int64_t count() const { return n_; }
  void save(ByteWriter& out) const;
  void load(ByteReader& in);

 private:
  void fit(double seconds, double x);

  std::int64_t n_ = 0;
  Sample first_;
  Sample last_;
  double min_ = 0.0;
  double max_ = 0.0;
  CompensatedSum sum_;
  double mean_t_ = 0.0;  // seconds since the first
  double mean_x_ = 0.0;
  double stt_ = 0.0;  // sums of squared and mixed distances from the means
  double sxx_ = 0.0;
  double stx_ = 0.0;
};

// Of readings in order of time. `p`: 0 to 1, for percentiles: linear between the two nearest ranks,
// type 7 of Hyndman and Fan (1996).
[[nodiscard]] std::optional<double> aggregate(std::span<const Sample> samples, Take take, double p,
                                              Duration per);

}  // namespace millwright::rules
