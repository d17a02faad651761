#pragma once
// The load of the end-to-end benchmark: a plant of any number of signals, and what its topics say.
// Nine measurements of temperature to one vibration event, now and then a change of a machine's
// state; one machine in a hundred has a worn bearing. One thread.

#include <cstdint>
#include <string>

#include "millwright/base/rng.hpp"
#include "millwright/domain/plant.hpp"

namespace millwright::bench {

inline constexpr int kPartitions = 4;
inline constexpr int kProbes = 4'000;  // machines that get a task by three readings

// `signals` signals, ten to a machine, and the probes beside them.
[[nodiscard]] PlantModelPtr plant_of(std::int64_t signals);

struct LoadRecord {
  std::int32_t partition = 0;
  std::string key;
  std::string value;  // a structured CloudEvent
};

class Load {
 public:
  explicit Load(std::int64_t signals);
  // The next reading of the plant; the buffer is used again. Event time goes on by itself: every
  // signal is read once in ten seconds.
  const LoadRecord& next();
  // A reading of a probe above its alarm limit; the third opens a task.
  const LoadRecord& hot_probe(int probe);
  [[nodiscard]] static std::string probe_id(int probe);

 private:
  void measurement(const std::string& asset, int tag, double value);
  void vibration(const std::string& asset, double mm_s, double kurtosis);
  void state_change(const std::string& asset);
  void begin(const std::string& asset, const char* id, const char* type);

  std::int64_t machines_;
  std::int64_t step_ = 0;
  std::int64_t ids_ = 0;
  Instant at_;
  std::string time_;
  Instant time_of_;
  Rng rng_{11};
  LoadRecord record_;
};

}  // namespace millwright::bench
