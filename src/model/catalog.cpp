// The models: one row each.
#include "model/robust_band.hpp"

namespace millwright::model {

std::span<const Model* const> models() {
  static const Model* const kModels[] = {
      &robust_band(),
  };
  return kModels;
}

const Model* find_model(std::string_view id) {
  for (const Model* model : models()) {
    if (model->description().id == id) return model;
  }
  return nullptr;
}

}  // namespace millwright::model
