#include "model/robust_band.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "millwright/base/json.hpp"

namespace millwright::model {
namespace {

constexpr Description kDescription{
    "robust-band", "1.0.0",
    "Robust z of one signal against a memory that grows coarser as it grows longer, with the "
    "day's profile taken out where that helps"};

// Iglewicz, Hoaglin 1993: z = 0.6745 (x - median) / MAD, an outlier beyond 3.5.
constexpr double kNormalMad = 0.6745;
constexpr double kLimit = 3.5;

constexpr std::size_t kRing = 128;        // values remembered
constexpr std::uint16_t kStrideMax = 16;  // of so many readings one is remembered, at most
constexpr std::uint32_t kWarmAfter = 32;
constexpr std::uint16_t kFreezeStride = 8;  // learning is so much slower while anomalous
constexpr std::uint8_t kSeekEvery = 4;
constexpr std::size_t kHours = 24;
constexpr std::uint16_t kProfileAfterHours = 72;  // hours seen before the day's profile may count
constexpr double kProfileGain = 0.85;             // it must cut the mean error to this
constexpr std::size_t kTailPart = 25;  // one of so many remembered values lies beyond the tail
constexpr double kTailSpreads = 3.0;
constexpr std::uint8_t kFormat = 1;

struct Band final : State {
  std::array<float, kRing> ring{};
  std::array<std::uint8_t, kRing> ring_hour{};
  std::uint16_t size = 0;
  std::uint16_t head = 0;  // where the next one goes, once full
  std::uint16_t stride = 1;
  std::uint16_t skipped = 0;
  std::uint8_t unsought = 0;  // values remembered since the median was sought
  std::uint16_t frozen = 0;   // readings that were due for learning while anomalous
  std::uint32_t learned = 0;
  double median = 0.0;
  double mad = 0.0;
  double step = 0.0;  // smallest change seen: what the sensor resolves, if nobody says
  double last = 0.0;
  Instant last_at;
  double interval_s = 0.0;  // usual time between readings
  double doubt = 0.0;       // 0..1, after a gap
  std::array<float, kHours> profile{};
  std::array<std::uint16_t, kHours> profile_n{};
  std::uint16_t hours_seen = 0;
  std::uint8_t last_hour = 255;
  double error_plain = 0.0;
  double error_profile = 0.0;
  bool profiled = false;
};

std::uint8_t hour_of(Instant at) {
  constexpr std::int64_t kHourNs = 3'600'000'000'000;
  std::int64_t hour = at.ns() / kHourNs;
  if (at.ns() % kHourNs < 0) --hour;
  return std::uint8_t((hour % 24 + 24) % 24);
}

double offset_of(const Band& band, std::uint8_t hour) {
  return band.profiled ? double(band.profile[hour]) : 0.0;
}

float median_of(std::array<float, kRing>& values, std::size_t n) {
  const auto middle = values.begin() + std::ptrdiff_t(n / 2);
  std::nth_element(values.begin(), middle, values.begin() + std::ptrdiff_t(n));
  if (n % 2 == 1) return *middle;
  const float below = *std::max_element(values.begin(), middle);
  return (below + *middle) / 2.0F;
}

void recompute(Band& band) {
  std::array<float, kRing> values;  // NOLINT(*-member-init): filled below
  const std::size_t n = band.size;
  for (std::size_t i = 0; i < n; ++i) {
    values[i] = band.ring[i] - float(offset_of(band, band.ring_hour[i]));
  }
  const float middle = median_of(values, n);
  for (std::size_t i = 0; i < n; ++i) values[i] = std::fabs(values[i] - middle);
  band.median = double(middle);
  const float half = median_of(values, n);
  const auto tail = values.begin() + std::ptrdiff_t(n - 1 - n / kTailPart);
  std::nth_element(values.begin(), tail, values.begin() + std::ptrdiff_t(n));
  // Long tails of what is normal widen the band; a Gaussian's lie well inside, at 2.05 spreads.
  band.mad = std::max(double(half), double(*tail) * kNormalMad / kTailSpreads);
}

// Every second value goes, so that the same room holds twice the time.
void thin_out(Band& band) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < kRing; i += 2) {
    const std::size_t from = (band.head + i) % kRing;
    band.ring[kept] = band.ring[from];
    band.ring_hour[kept] = band.ring_hour[from];
    ++kept;
  }
  band.size = std::uint16_t(kept);
  band.head = 0;
  band.stride = std::uint16_t(band.stride * 2);
}

void remember(Band& band, double value, std::uint8_t hour) {
  if (++band.skipped < band.stride) return;
  band.skipped = 0;
  if (band.size == kRing && band.stride < kStrideMax) thin_out(band);
  if (band.size < kRing) {
    band.ring[band.size] = float(value);
    band.ring_hour[band.size] = hour;
    ++band.size;
  } else {
    band.ring[band.head] = float(value);
    band.ring_hour[band.head] = hour;
    band.head = std::uint16_t((band.head + 1) % kRing);
  }
  // One value of 128 moves a median little: once enough are there, it is sought more rarely.
  if (band.size <= kWarmAfter || ++band.unsought == kSeekEvery) {
    band.unsought = 0;
    recompute(band);
  }
}

// Judged before it is learned, so that the comparison of the two errors is honest.
void learn_profile(Band& band, double value, std::uint8_t hour) {
  if (hour != band.last_hour) {
    band.last_hour = hour;
    if (band.hours_seen < kProfileAfterHours) ++band.hours_seen;
  }
  constexpr double kSlow = 1.0 / 256.0;
  const double residual = value - band.median;
  const double adjusted = residual - double(band.profile[hour]);
  band.error_plain += kSlow * (std::fabs(residual) - band.error_plain);
  band.error_profile += kSlow * (std::fabs(adjusted) - band.error_profile);
  if (band.profile_n[hour] < 64) ++band.profile_n[hour];
  band.profile[hour] += float(adjusted / double(band.profile_n[hour]));
  const bool helps =
      band.hours_seen >= kProfileAfterHours && band.error_profile < kProfileGain * band.error_plain;
  if (helps != band.profiled) {
    band.profiled = helps;
    recompute(band);
  }
}

void learn(Band& band, double value, std::uint8_t hour) {
  remember(band, value, hour);
  learn_profile(band, value, hour);
  if (band.learned < 1'000'000'000) ++band.learned;
  band.doubt *= 0.95;
}

void keep_time(Band& band, Instant at) {
  if (band.last_at.is_set() && at > band.last_at) {
    const double gap_s = (at - band.last_at).seconds();
    if (band.interval_s <= 0.0) band.interval_s = gap_s;
    if (gap_s > 10.0 * band.interval_s) {
      const double span_s = band.interval_s * double(band.stride) * double(band.size);
      band.doubt = std::max(band.doubt, gap_s / (gap_s + span_s));
    } else {
      band.interval_s += 0.05 * (gap_s - band.interval_s);
    }
  }
  band.last_at = at;
}

// A young memory covers little of what is normal: its band is wider.
double spread_of(const Band& band, double resolution) {
  double mad = std::max(band.mad, resolution);
  if (mad <= 0.0) mad = band.step;
  if (mad <= 0.0) mad = 1e-6 * std::max(1.0, std::fabs(band.median));
  return mad / kNormalMad * (1.0 + 64.0 / double(std::max<std::uint32_t>(band.learned, 1)));
}

class RobustBand final : public Model {
 public:
  const Description& description() const override { return kDescription; }
  std::unique_ptr<State> fresh() const override { return std::make_unique<Band>(); }
  std::size_t bytes(const State&) const override { return sizeof(Band); }

  Score score(State& state, const Reading& reading) const override {
    auto& band = static_cast<Band&>(state);
    Score result;
    if (reading.channels.empty() || !std::isfinite(reading.channels[0])) return result;
    const double value = reading.channels[0];
    const std::uint8_t hour = hour_of(reading.at);
    keep_time(band, reading.at);
    if (band.learned > 0) {
      const double change = std::fabs(value - band.last);
      if (change > 0.0 && (band.step <= 0.0 || change < band.step)) band.step = change;
      judge(band, value, hour, reading.resolution, result);
    }
    band.last = value;
    if (!result.anomalous) {
      band.frozen = 0;
      learn(band, value, hour);
    } else if (++band.frozen % kFreezeStride == 0) {
      // A lasting new level is learned in the end, slowly and never faster than its edge.
      remember(band, std::clamp(value, result.low, result.high), hour);
    }
    return result;
  }

  void save(const State& state, ByteWriter& out) const override;
  Result<std::unique_ptr<State>> load(std::string_view bytes) const override;

 private:
  static void judge(const Band& band, double value, std::uint8_t hour, double resolution,
                    Score& result) {
    const double spread = spread_of(band, resolution);
    result.expected = band.median + offset_of(band, hour);
    result.low = result.expected - kLimit * spread;
    result.high = result.expected + kLimit * spread;
    result.z = (value - result.expected) / spread;
    const double square = result.z * result.z;
    result.score = square / (square + kLimit * kLimit);
    result.warm = band.learned >= kWarmAfter;
    const double n = double(band.learned);
    result.confidence = n / (n + 40.0) * (1.0 - band.doubt);
    result.anomalous = result.warm && std::fabs(result.z) > kLimit;
    if (!result.anomalous) return;
    result.contributions.push_back(
        {value > result.expected ? "Above its expected range" : "Below its expected range",
         result.score, "robust z " + shortest(std::round(result.z * 10.0) / 10.0)});
  }
};

void RobustBand::save(const State& state, ByteWriter& out) const {
  const auto& band = static_cast<const Band&>(state);
  out.put(kFormat);
  out.put(band.size);
  for (std::size_t i = 0; i < band.size; ++i) {
    out.put(band.ring[i]);
    out.put(band.ring_hour[i]);
  }
  out.put(band.head);
  out.put(band.stride);
  out.put(band.skipped);
  out.put(band.unsought);
  out.put(band.frozen);
  out.put(band.learned);
  for (const double x : {band.median, band.mad, band.step, band.last, band.interval_s, band.doubt,
                         band.error_plain, band.error_profile}) {
    out.put(x);
  }
  out.put(band.last_at);
  for (std::size_t h = 0; h < kHours; ++h) {
    out.put(band.profile[h]);
    out.put(band.profile_n[h]);
  }
  out.put(band.hours_seen);
  out.put(band.last_hour);
  out.put(std::uint8_t(band.profiled));
}

Result<std::unique_ptr<State>> RobustBand::load(std::string_view bytes) const {
  ByteReader in(bytes);
  auto band = std::make_unique<Band>();
  const auto format = in.take<std::uint8_t>();
  in.get(band->size);
  if (format != kFormat || band->size > kRing) {
    return fail(Errc::kInvalid, "robust-band: state of format " + std::to_string(format) +
                                    " is damaged or from another version; it is learned anew");
  }
  for (std::size_t i = 0; i < band->size; ++i) {
    in.get(band->ring[i]);
    in.get(band->ring_hour[i]);
    if (band->ring_hour[i] >= kHours) band->ring_hour[i] = 0;
  }
  in.get(band->head);
  in.get(band->stride);
  in.get(band->skipped);
  in.get(band->unsought);
  in.get(band->frozen);
  in.get(band->learned);
  for (double* x : {&band->median, &band->mad, &band->step, &band->last, &band->interval_s,
                    &band->doubt, &band->error_plain, &band->error_profile}) {
    in.get(*x);
  }
  in.get(band->last_at);
  for (std::size_t h = 0; h < kHours; ++h) {
    in.get(band->profile[h]);
    in.get(band->profile_n[h]);
  }
  in.get(band->hours_seen);
  in.get(band->last_hour);
  band->profiled = in.take<std::uint8_t>() != 0;
  if (!in.done() || band->head >= kRing || band->stride == 0 || band->stride > kStrideMax ||
      band->unsought >= kSeekEvery) {
    return fail(Errc::kInvalid, "robust-band: the stored state is damaged; it is learned anew");
  }
  return std::unique_ptr<State>(std::move(band));
}

}  // namespace

const Model& robust_band() {
  static const RobustBand kModel;
  return kModel;
}

}  // namespace millwright::model
