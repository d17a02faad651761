#pragma once
// What a partition remembers: of each signal, and of each entity (an asset with its signals, or the
// place in the order of one fact). Owned by the partition; plain data with save and load.

#include <array>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "millwright/model/model.hpp"
#include "millwright/rules/rule_set.hpp"
#include "pipeline/causes.hpp"
#include "pipeline/gate.hpp"
#include "pipeline/health.hpp"
#include "pipeline/latch.hpp"
#include "pipeline/plant_index.hpp"
#include "pipeline/series.hpp"

namespace millwright::pipeline {

// Where a stream of events stands: older ones are not applied.
struct Order {
  Instant at;
  std::uint64_t source = 0;  // hash
  std::string sequence;

  // Whether an event is older than what is known. A sequence counts within its source only; one
  // that starts anew is believed once its events are `renewed_after` newer.
  [[nodiscard]] bool is_older(Instant time, std::uint64_t from, std::string_view seq,
                              Duration renewed_after) const;
  void advance(Instant time, std::uint64_t from, std::string_view seq);
  void save(ByteWriter& out) const;
  void load(ByteReader& in);
};

// The learned baseline of the running machine: the median of its first 24 running hours.
struct Baseline {
  bool known = false;
  double value = 0.0;
  double running_s = 0.0;
  std::vector<float> learning;
  std::uint16_t stride = 1;
  std::uint16_t skipped = 0;

  void learn(double reading, Duration since_last);
  void save(ByteWriter& out) const;
  void load(ByteReader& in);
};

// The last few readings, for the rise per minute.
struct Recent {
  static constexpr std::size_t kReadings = 6;
  std::array<Instant, kReadings> at{};
  std::array<float, kReadings> value{};
  std::uint8_t n = 0;

  void push(Instant when, double reading);
  // Per minute over the last five minutes; nullopt with fewer than three readings in them.
  [[nodiscard]] std::optional<double> rise() const;
  void save(ByteWriter& out) const;
  void load(ByteReader& in);
};

struct SignalState {
  Order order;
  double value = 0.0;  // the last good reading; order.at may be newer
  Instant good_at;
  Instant judged_at;
  double scale = 1.0;  // new reading x scale = physical value
  Latch zone_b, zone_c, zone_d, alarm, warn, limit;
  std::uint16_t anomalous_in_row = 0;
  Baseline baseline;
  SensorHealth health;
  Recent recent_values;
  std::vector<EventKey> recent;  // that hold up the present state, at most 10
  Instant stale_at;              // when silence becomes staleness, or is told again; unset: never
  Lines healthy{};               // usual amplitudes of the remembered spectral lines
  std::uint16_t healthy_n = 0;
  float now_2x = 0.0F;
  Series series;
  std::unique_ptr<model::State> model;
  Instant watched;  // its place among the partition's deadlines; not saved

  // Sensor or machine is another one from `at` on: what was learned no longer holds.
  void start_anew(Instant at);
  [[nodiscard]] bool stirring() const;
  void save(const model::Model* model_of, ByteWriter& out) const;
  void load(const model::Model* model_of, ByteReader& in);
  [[nodiscard]] std::size_t bytes(const model::Model* model_of) const;
};

enum class EntityKind : std::uint8_t { kAsset, kUnknownAsset, kFactOrder, kCount };

struct Entity {
  EntityKind kind = EntityKind::kAsset;
  std::string key;  // the asset's id; for a fact its type and what orders it
  const AssetPlan* plan = nullptr;
  std::vector<std::unique_ptr<SignalState>> signals;  // as in the plan; null: never heard of
  Running running;
  Instant restarted;      // last repair that was taken into account
  Order order;            // kFactOrder
  std::int64_t born = 0;  // offset of the record that made it
  std::map<std::string, rules::FiredMap, std::less<>> fired;  // by the rules' entity
  rules::WatchMemory watches;
  rules::SpentMap spent;  // budgets for this asset

  // Not saved: where it stands in the partition.
  std::int64_t ahead_until = 0;    // restored state holds all records before this offset
  std::int64_t touched = 0;        // offset of the newest record for it
  std::int64_t touched_then = -1;  // the same as of the round's beginning; -1: it did not exist
  bool present = true;  // false: restored, but from later than where the partition stands
  bool dirty = false;
  Instant watch_due;  // when time alone may change a watch, or before that
  Instant watched;    // its place among the partition's deadlines
  std::uint64_t seen_in_step = 0;
  PlantState plant;  // valid in that step only
  Entity* older = nullptr;
  Entity* newer = nullptr;

  // Nothing is known of it yet.
  void begin_life(std::int64_t offset);
  [[nodiscard]] SignalState& signal(std::size_t index);
  [[nodiscard]] std::string save() const;
  // False: damaged.
  [[nodiscard]] bool load(std::string_view bytes, const PlantIndex& plant_index);
  [[nodiscard]] std::size_t bytes() const;
};

}  // namespace millwright::pipeline
