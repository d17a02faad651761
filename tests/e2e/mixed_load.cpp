#include "e2e/mixed_load.hpp"

#include <string_view>

#include "millwright/base/rng.hpp"
#include "millwright/domain/event.hpp"

namespace millwright::e2e {
namespace {

// The text with the first `what` replaced; unchanged if it is not there.
std::string replaced(std::string text, std::string_view what, std::string_view with) {
  const auto at = text.find(what);
  if (at != std::string::npos) text.replace(at, what.size(), with);
  return text;
}

struct Damage {
  RejectReason reason;
  std::string (*apply)(const std::string& value);
};

// Each makes a record of its own: the good one stays.
constexpr Damage kDamages[] = {
    {RejectReason::kNotJson, [](const std::string& v) { return v.substr(0, v.size() - 2); }},
    {RejectReason::kNotACloudEvent,
     [](const std::string& v) { return replaced(v, "\"specversion\":\"1.0\",", ""); }},
    {RejectReason::kUnknownType,
     [](const std::string& v) {
       return replaced(v, ".v1\",\"time\"", ".unheard-of.v1\",\"time\"");
     }},
    {RejectReason::kNoUnit,
     [](const std::string& v) { return replaced(v, ",\"unit\":\"", ",\"was\":\""); }},
};

bool damage(simulator::SimulatedRecord& record, const Damage& how) {
  // Elsewhere a unit may be missing without harm.
  if (how.reason == RejectReason::kNoUnit && record.topic != "iot.telemetry") return false;
  std::string worse = how.apply(record.value);
  if (worse == record.value) return false;
  // An id of its own, or a reader that keeps ids of refused events would call it a conflict.
  record.value = replaced(std::move(worse), "\"id\":\"", "\"id\":\"bad-");
  return true;
}

}  // namespace

std::int64_t MixedLoad::dead() const {
  std::int64_t sum = 0;
  for (const auto& [reason, count] : dead_letters) sum += count;
  return sum;
}

MixedLoad make_mixed_load(const PlantModelPtr& plant, std::uint64_t seed, std::size_t count,
                          Instant from) {
  simulator::SimulatorOptions options;
  options.seed = seed;
  options.from = from;
  options.live_from = from + hours(24);
  simulator::PlantSimulator sim(plant, options);
  Rng rng(seed ^ 0x10adu);
  MixedLoad load;
  load.records.reserve(count + 4'096);
  for (Instant t = from; load.records.size() < count; t = t + minutes(10)) {
    for (simulator::SimulatedRecord& record : sim.advance(t)) {
      load.ends = record.at;
      load.records.push_back(record);
      if (rng.chance(0.02)) {
        load.records.push_back(record);
        ++load.duplicates;
      }
      if (rng.chance(0.0005)) {
        load.records.push_back(record);
        auto& again = load.records.back().value;
        again = replaced(again, "\"data\":{", "\"data\":{\"note\":\"changed\",");
        ++load.dead_letters[std::string(to_text(RejectReason::kConflict))];
      }
      if (rng.chance(0.004)) {
        const Damage& how = kDamages[rng.below(std::size(kDamages))];
        if (damage(record, how)) {
          load.records.push_back(std::move(record));
          ++load.dead_letters[std::string(to_text(how.reason))];
        }
      }
    }
  }
  return load;
}

}  // namespace millwright::e2e
