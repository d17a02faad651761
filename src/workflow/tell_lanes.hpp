#pragma once
// What a change means for the part of the view that lanes read: open work and free stock. Pure.

#include "millwright/domain/intent.hpp"
#include "millwright/domain/view.hpp"

namespace millwright::workflow {

// Adds the rows that follow from the change's tasks, cases, stock and reservations.
void tell_lanes(const PlantView& view, Change& change);
// Counts everything anew: at each start, for a ledger from before lanes were told of it.
void tell_lanes_all(const PlantView& view, Change& change);

}  // namespace millwright::workflow
