#include "rules/watch/moments.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace millwright::rules {
namespace {

constexpr std::array<std::string_view, std::size_t(Take::kCount_)> kWords{
    "mean", "min", "max", "sum", "count", "first", "last", "rate", "slope", "stddev", "percentile"};

std::optional<double> percentile(std::span<const Sample> samples, double p) {
  if (samples.empty()) return std::nullopt;
  std::vector<double> sorted(samples.size());
  std::transform(samples.begin(), samples.end(), sorted.begin(),
                 [](const Sample& each) { return each.x; });
  const double rank = p * double(sorted.size() - 1);
  const auto below = std::size_t(rank);
  const auto low = sorted.begin() + std::ptrdiff_t(below);
  std::nth_element(sorted.begin(), low, sorted.end());
  const double share = rank - double(below);
  if (share <= 0.0) return *low;
  const double high = *std::min_element(low + 1, sorted.end());
  return *low + share * (high - *low);
}

}  // namespace

std::optional<Take> take_of(std::string_view word) {
  const auto found = std::find(kWords.begin(), kWords.end(), word);
  if (found == kWords.end()) return std::nullopt;
  return Take(found - kWords.begin());
}

std::string_view to_text(Take take) {
  return kWords[std::size_t(take)];
}

void CompensatedSum::add(double x) {
  const double sum = sum_ + x;
  lost_ += std::fabs(sum_) >= std::fabs(x) ? (sum_ - sum) + x : (x - sum) + sum_;
  sum_ = sum;
}

void CompensatedSum::save(ByteWriter& out) const {
  out.put(sum_);
  out.put(lost_);
}
void CompensatedSum::load(ByteReader& in) {
  in.get(sum_);
  in.get(lost_);
}

void Moments::add(const Sample& sample, Take take) {
  if (n_ == 0) {
    first_ = sample;
    min_ = max_ = sample.x;
  }
  ++n_;
  last_ = sample;
  min_ = std::min(min_, sample.x);
  max_ = std::max(max_, sample.x);
  if (take == Take::kMean || take == Take::kSum) sum_.add(sample.x);
  if (take == Take::kStddev || take == Take::kSlope)
    fit((sample.at - first_.at).seconds(), sample.x);
}

// Means and sums of squares updated with each reading (Welford 1962), and the mixed one likewise.
void Moments::fit(double seconds, double x) {
  const double n = double(n_);
  const double dt = seconds - mean_t_;
  const double dx = x - mean_x_;
  mean_t_ += dt / n;
  mean_x_ += dx / n;
  stt_ += dt * (seconds - mean_t_);
  sxx_ += dx * (x - mean_x_);
  stx_ += dt * (x - mean_x_);
}

std::optional<double> Moments::result(Take take, Duration per) const {
  if (take == Take::kCount) return double(n_);
  if (n_ == 0) return std::nullopt;
  switch (take) {
    case Take::kMean:
      return sum_.value() / double(n_);
    case Take::kMin:
      return min_;
    case Take::kMax:
      return max_;
    case Take::kSum:
      return sum_.value();
    case Take::kFirst:
      return first_.x;
    case Take::kLast:
      return last_.x;
    case Take::kRate: {
      const double seconds = (last_.at - first_.at).seconds();
      if (seconds <= 0.0) return std::nullopt;
      return (last_.x - first_.x) / seconds * per.seconds();
    }
    case Take::kSlope:
      if (n_ < 2 || stt_ <= 0.0) return std::nullopt;
      return stx_ / stt_ * per.seconds();
    case Take::kStddev:
      if (n_ < 2) return std::nullopt;
      return std::sqrt(sxx_ / double(n_ - 1));
    case Take::kCount:
    case Take::kPercentile:
    case Take::kCount_:
      break;
  }
  return std::nullopt;
}

void Moments::save(ByteWriter& out) const {
  out.put(n_);
  for (const Sample* each : {&first_, &last_}) {
    out.put(each->at);
    out.put(each->x);
  }
  out.put(min_);
  out.put(max_);
  sum_.save(out);
  for (const double each : {mean_t_, mean_x_, stt_, sxx_, stx_}) out.put(each);
}

void Moments::load(ByteReader& in) {
  in.get(n_);
  for (Sample* each : {&first_, &last_}) {
    in.get(each->at);
    in.get(each->x);
  }
  in.get(min_);
  in.get(max_);
  sum_.load(in);
  for (double* each : {&mean_t_, &mean_x_, &stt_, &sxx_, &stx_}) in.get(*each);
}

std::optional<double> aggregate(std::span<const Sample> samples, Take take, double p,
                                Duration per) {
  if (take == Take::kPercentile) return percentile(samples, p);
  Moments moments;
  for (const Sample& each : samples) moments.add(each, take);
  return moments.result(take, per);
}

}  // namespace millwright::rules
