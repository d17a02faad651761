#pragma once
// What a rule may ask the plant's view: plant.available('BRG-6312'), plant.open_tasks(asset.id).
// Constant data, any thread; the view is borrowed for one evaluation.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "millwright/cel/schema.hpp"
#include "millwright/domain/plant.hpp"
#include "millwright/domain/view.hpp"

namespace millwright::rules {

// Answers that a person wrote down for a trial: by function, then by what is asked for; "" answers
// for everything else. What was not written down is as in a plant where nothing is going on.
using PlantAnswers =
    std::map<std::string, std::map<std::string, cel::Value, std::less<>>, std::less<>>;

// Whom the functions ask: the arena's host.
struct PlantHost {
  const LaneView& view;
  const PlantModel* plant = nullptr;
  const PlantAnswers* given = nullptr;  // in a trial: asked in place of the view
};

// All are members of `plant`, so that none is worked out before there is a view.
[[nodiscard]] const std::vector<cel::FunctionSpec>& plant_functions();

}  // namespace millwright::rules
