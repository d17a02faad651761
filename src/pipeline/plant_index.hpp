#pragma once
// PlantIndex: the plant model as the pipeline looks things up: assets with their signals, limits
// and models already joined. Immutable, owned by a partition; borrows from the plant model it is
// built on.

#include <string_view>
#include <unordered_map>
#include <vector>

#include "millwright/domain/plant.hpp"
#include "millwright/model/model.hpp"
#include "pipeline/hash.hpp"
#include "pipeline/zones.hpp"

namespace millwright::pipeline {

struct SignalPlan {
  const Signal* signal = nullptr;
  std::uint64_t key = 0;  // of the tag, or of point and axis
  Judged zones;
  const model::Model* model = nullptr;       // null: no score
  const BearingGeometry* bearing = nullptr;  // of the measuring point, if known
  int ambient = -1;                          // place of the ambient signal in the same asset
  int sister = -1;                           // and of the sister bearing's
  Duration chart_width;                      // of one mean in the series, at first
  Duration chart_widest = minutes(10);       // and at most
  double warn = 0.0, alarm = 0.0;            // absolute limits; 0: none
};

struct AssetPlan {
  const Asset* asset = nullptr;
  std::vector<SignalPlan> signals;

  [[nodiscard]] int by_tag(std::string_view tag) const;
  [[nodiscard]] int by_point(std::string_view point, std::string_view axis) const;
};

class PlantIndex {
 public:
  explicit PlantIndex(const PlantModel& plant);
  [[nodiscard]] const AssetPlan* find(std::string_view asset) const;

 private:
  std::unordered_map<std::string_view, AssetPlan, TextHash, std::equal_to<>> assets_;
};

[[nodiscard]] std::string_view kind_text(SignalKind kind);

}  // namespace millwright::pipeline
