#pragma once
// Who may decide what, as the plant wrote it down: how many must sign, and in which roles. Pure.

#include <span>
#include <string>
#include <vector>

#include "millwright/workflow/settle.hpp"

namespace millwright::workflow {

// What one task asks for.
struct Demand {
  int needed = 1;
  bool plant_manager = false;  // one of them must be
  std::vector<Role> first;     // may sign alone, or first
  std::vector<Role> second;    // may only add to the signature of one of the first
};
[[nodiscard]] Demand demand(const Task& task, const Policy& policy);

// The role of the person under which a signature counts now; nullopt: none does.
[[nodiscard]] std::optional<Role> signing_role(const Task& task, std::span<const Role> roles,
                                               const Demand& demand);

// "the maintenance supervisor or the plant manager"
[[nodiscard]] std::string in_words(std::span<const Role> roles);

}  // namespace millwright::workflow
