#pragma once
// What a rule may ask the plant's view: plant.available('BRG-6312'), plant.open_tasks(asset.id).
// Constant data, any thread; the view is borrowed for one evaluation.

#include <vector>

#include "millwright/cel/schema.hpp"
#include "millwright/domain/plant.hpp"
#include "millwright/domain/view.hpp"

namespace millwright::rules {

// Whom the functions ask: the arena's host.
struct PlantHost {
  const LaneView& view;
  const PlantModel* plant = nullptr;
};

// All are members of `plant`, so that none is worked out before there is a view.
[[nodiscard]] const std::vector<cel::FunctionSpec>& plant_functions();

}  // namespace millwright::rules
