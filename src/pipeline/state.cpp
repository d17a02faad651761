#include "pipeline/state.hpp"

#include <algorithm>

namespace millwright::pipeline {
namespace {

constexpr double kBaselineSeconds = 24 * 3600.0;
constexpr std::size_t kBaselineReadings = 8;    // at least
constexpr std::size_t kBaselineRoom = 64;       // kept while learning
constexpr double kLongestStepSeconds = 3600.0;  // longer silence is not running time
constexpr Duration kRiseOver = seconds(330);
constexpr std::uint8_t kFormat = 2;
constexpr std::uint8_t kWithoutWatches = 1;

}  // namespace

bool Order::is_older(Instant time, std::uint64_t from, std::string_view seq,
                     Duration renewed_after) const {
  if (!at.is_set()) return false;
  if (from == source && !seq.empty() && !sequence.empty() && seq < sequence) {
    return time < at + renewed_after;
  }
  return time < at;
}

void Order::advance(Instant time, std::uint64_t from, std::string_view seq) {
  at = time;
  source = from;
  sequence.assign(seq);
}

void Order::save(ByteWriter& out) const {
  out.put(at);
  out.put(source);
  out.put(sequence);
}
void Order::load(ByteReader& in) {
  in.get(at);
  in.get(source);
  in.get(sequence);
}

void Baseline::learn(double reading, Duration since_last) {
  if (known) return;
  running_s += std::clamp(since_last.seconds(), 0.0, kLongestStepSeconds);
  if (++skipped >= stride) {
    skipped = 0;
    if (learning.size() == kBaselineRoom) {
      for (std::size_t i = 0; i < kBaselineRoom / 2; ++i) learning[i] = learning[2 * i];
      learning.resize(kBaselineRoom / 2);
      stride = std::uint16_t(std::min(stride * 2, 0x8000));
    }
    learning.push_back(float(reading));
  }
  if (running_s < kBaselineSeconds || learning.size() < kBaselineReadings) return;
  const auto middle = learning.begin() + std::ptrdiff_t(learning.size() / 2);
  std::nth_element(learning.begin(), middle, learning.end());
  value = double(*middle);
  known = true;
  std::vector<float>().swap(learning);
}

void Baseline::save(ByteWriter& out) const {
  out.put(std::uint8_t(known));
  out.put(value);
  out.put(running_s);
  out.put(std::uint32_t(learning.size()));
  for (const float x : learning) out.put(x);
  out.put(stride);
  out.put(skipped);
}
void Baseline::load(ByteReader& in) {
  known = in.take<std::uint8_t>() != 0;
  in.get(value);
  in.get(running_s);
  learning.resize(in.count(4));
  for (float& x : learning) in.get(x);
  in.get(stride);
  in.get(skipped);
}

void Recent::push(Instant when, double reading) {
  if (n == kReadings) {
    std::copy(at.begin() + 1, at.end(), at.begin());
    std::copy(value.begin() + 1, value.end(), value.begin());
    --n;
  }
  at[n] = when;
  value[n] = float(reading);
  ++n;
}

std::optional<double> Recent::rise() const {
  if (n < 3) return std::nullopt;
  const std::size_t last = n - 1U;
  std::size_t first = last;
  while (first > 0 && at[last] - at[first - 1] <= kRiseOver) --first;
  const double minutes_between = (at[last] - at[first]).seconds() / 60.0;
  if (last - first < 2 || minutes_between < 1.0) return std::nullopt;
  return (double(value[last]) - double(value[first])) / minutes_between;
}

void Recent::save(ByteWriter& out) const {
  out.put(n);
  for (std::size_t i = 0; i < n; ++i) {
    out.put(at[i]);
    out.put(value[i]);
  }
}
void Recent::load(ByteReader& in) {
  in.get(n);
  n = std::min<std::uint8_t>(n, kReadings);
  for (std::size_t i = 0; i < n; ++i) {
    in.get(at[i]);
    in.get(value[i]);
  }
}

void SignalState::start_anew(Instant at) {
  zone_b = zone_c = zone_d = alarm = warn = limit = Latch{};
  anomalous_in_row = 0;
  baseline = Baseline{};
  health = SensorHealth{};
  recent_values = Recent{};
  recent.clear();
  judged_at = Instant();
  healthy = Lines{};
  healthy_n = 0;
  now_2x = 0.0F;
  series.start_anew(at);
  model.reset();
}

bool SignalState::stirring() const {
  return zone_c.stirring() || zone_d.stirring() || alarm.stirring() || warn.stirring() ||
         limit.stirring() || anomalous_in_row > 0;
}

void SignalState::save(const model::Model* model_of, ByteWriter& out) const {
  order.save(out);
  out.put(value);
  out.put(good_at);
  out.put(judged_at);
  out.put(scale);
  for (const Latch* l : {&zone_b, &zone_c, &zone_d, &alarm, &warn, &limit}) l->save(out);
  out.put(anomalous_in_row);
  baseline.save(out);
  health.save(out);
  recent_values.save(out);
  out.put(std::uint32_t(recent.size()));
  for (const EventKey& key : recent) {
    out.put(key.source);
    out.put(key.id);
  }
  out.put(stale_at);
  for (const float x : healthy) out.put(x);
  out.put(healthy_n);
  out.put(now_2x);
  series.save(out);
  const bool modelled = model_of != nullptr && model != nullptr;
  out.put(modelled ? model_of->description().id : std::string_view());
  ByteWriter inner;
  if (modelled) model_of->save(*model, inner);
  out.put(inner.bytes());
}

void SignalState::load(const model::Model* model_of, ByteReader& in) {
  order.load(in);
  in.get(value);
  in.get(good_at);
  in.get(judged_at);
  in.get(scale);
  for (Latch* l : {&zone_b, &zone_c, &zone_d, &alarm, &warn, &limit}) l->load(in);
  in.get(anomalous_in_row);
  baseline.load(in);
  health.load(in);
  recent_values.load(in);
  recent.resize(in.count(8));
  for (EventKey& key : recent) {
    in.get(key.source);
    in.get(key.id);
  }
  in.get(stale_at);
  for (float& x : healthy) in.get(x);
  in.get(healthy_n);
  in.get(now_2x);
  series.load(in);
  const auto model_id = in.take<std::string>();
  const auto inner = in.take<std::string>();
  if (model_of == nullptr || model_of->description().id != model_id) return;
  // A state that this version does not read is learned anew; the limits stay on meanwhile.
  if (auto loaded = model_of->load(inner)) model = std::move(*loaded);
}

std::size_t SignalState::bytes(const model::Model* model_of) const {
  std::size_t sum = sizeof(*this) + series.bytes() + baseline.learning.capacity() * sizeof(float);
  for (const EventKey& key : recent) sum += sizeof(key) + key.source.size() + key.id.size();
  if (model != nullptr && model_of != nullptr) sum += model_of->bytes(*model);
  return sum;
}

void Entity::begin_life(std::int64_t offset) {
  for (auto& s : signals) s.reset();
  running = Running{};
  restarted = Instant();
  order = Order{};
  fired.clear();
  watches.clear();
  spent.clear();
  watch_due = watched = Instant();
  born = offset;
}

SignalState& Entity::signal(std::size_t index) {
  auto& slot = signals[index];
  if (slot == nullptr) slot = std::make_unique<SignalState>();
  return *slot;
}

std::string Entity::save() const {
  ByteWriter out;
  out.put(kFormat);
  out.put(std::uint8_t(kind));
  out.put(key);
  out.put(touched);
  out.put(born);
  running.save(out);
  out.put(restarted);
  order.save(out);
  out.put(std::uint32_t(fired.size()));
  for (const auto& [entity, map] : fired) {
    out.put(entity);
    out.put(std::uint32_t(map.size()));
    for (const auto& [what, when] : map) {
      out.put(what);
      out.put(when.at);
      out.put(when.outcome);
    }
  }
  std::uint32_t known = 0;
  for (const auto& s : signals) known += s != nullptr ? 1 : 0;
  out.put(known);
  for (std::size_t i = 0; i < signals.size(); ++i) {
    if (signals[i] == nullptr) continue;
    out.put(plan->signals[i].signal->id.str());
    ByteWriter inner;
    signals[i]->save(plan->signals[i].model, inner);
    out.put(inner.bytes());
  }
  watches.save(out);
  rules::save(spent, out);
  out.put(touched_then);
  return std::move(out).bytes();
}

bool Entity::load(std::string_view bytes, const PlantIndex& plant_index) {
  ByteReader in(bytes);
  const auto format = in.take<std::uint8_t>();
  if (format != kFormat && format != kWithoutWatches) return false;
  const auto kind_number = in.take<std::uint8_t>();
  if (kind_number >= std::uint8_t(EntityKind::kCount)) return false;
  kind = EntityKind(kind_number);
  in.get(key);
  in.get(touched);
  in.get(born);
  running.load(in);
  in.get(restarted);
  order.load(in);
  for (std::size_t n = in.count(8); n > 0; --n) {
    rules::FiredMap& map = fired[in.take<std::string>()];
    for (std::size_t m = in.count(16); m > 0; --m) {
      auto what = in.take<std::string>();
      const auto at = in.take<Instant>();
      map[std::move(what)] = {at, in.take<std::string>()};
    }
  }
  if (kind != EntityKind::kFactOrder) {
    plan = plant_index.find(key);
    kind = plan == nullptr ? EntityKind::kUnknownAsset : EntityKind::kAsset;
    if (plan != nullptr) signals.resize(plan->signals.size());
  }
  for (std::size_t n = in.count(8); n > 0; --n) {
    const auto id = in.take<std::string>();
    const auto inner = in.take<std::string>();
    for (std::size_t i = 0; i < signals.size(); ++i) {
      if (plan->signals[i].signal->id.str() != id) continue;
      ByteReader part(inner);
      signal(i).load(plan->signals[i].model, part);
      if (!part.done()) return false;
    }
  }
  if (format != kWithoutWatches) {
    if (!watches.load(in)) return false;
    rules::load(spent, in);
  }
  in.get(touched_then);
  return in.done();
}

std::size_t Entity::bytes() const {
  std::size_t sum = sizeof(*this) + key.capacity() + signals.capacity() * sizeof(signals[0]);
  for (std::size_t i = 0; i < signals.size(); ++i) {
    if (signals[i] != nullptr) sum += signals[i]->bytes(plan->signals[i].model);
  }
  sum += watches.bytes() + spent.size() * 200;
  for (const auto& [entity, map] : fired) sum += 96 + entity.size() + map.size() * 160;
  return sum;
}

}  // namespace millwright::pipeline
