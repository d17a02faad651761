#pragma once
// robust_band: the streaming model of one signal, see docs/models.md. Constant, any thread.

#include "millwright/model/model.hpp"

namespace millwright::model {

[[nodiscard]] const Model& robust_band();

}  // namespace millwright::model
