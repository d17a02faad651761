#pragma once
// TableSpec: a decision table as its author wrote it, read but not yet compiled. Values.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "millwright/rules/proposal.hpp"

namespace millwright::rules {

// DMN 1.5, chapter 8: what holds when several rows match.
enum class HitPolicy : std::uint8_t {
  kUnique,    // never more than one: it would be an error
  kFirst,     // the first in the order of the rows
  kPriority,  // the one whose outputs stand first in `order`
  kCollect,   // all of them, see Aggregate
};
enum class Aggregate : std::uint8_t { kList, kSum, kMin, kMax, kCount };

struct TableSpec {
  HitPolicy hit = HitPolicy::kUnique;
  Aggregate aggregate = Aggregate::kList;
  SourceText of;              // kSum, kMin, kMax: the output they are over
  bool gaps_allowed = false;  // what no row takes is no decision; otherwise it is refused
  // The head and the rows, a line each: "signal.value | asset.criticality || task | priority".
  SourceText rows;
  // What every row asks for unless its own cell says otherwise.
  SourceText task;  // "" none
  Proposal defaults;
  // Column -> the values it can have, as a cell says them: ("signal.score", "[0..1]").
  std::vector<std::pair<SourceText, SourceText>> values;
  // kPriority: output -> its values, the most important first.
  std::vector<std::pair<SourceText, std::vector<SourceText>>> order;
  SourceText place;  // of the table itself
};

}  // namespace millwright::rules
