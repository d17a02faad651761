#pragma once
// replan: what follows for other proposals when stock or holds have changed. Pure; called by
// settle.

#include "workflow/change.hpp"

namespace millwright::workflow {

// Works proposals that count on the same materials out again, and adds what comes of it to
// `change`: what a person signs is what there is. The less urgent give way, the more urgent take
// first.
void replan(const PlantView& view, const Context& context, Instant now, Change& change);

}  // namespace millwright::workflow
