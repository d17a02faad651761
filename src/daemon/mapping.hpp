#pragma once
// Mapping files of `replay`: what the columns of a CSV mean. Read once, by main's thread.

#include <string>

#include "millwright/base/result.hpp"
#include "millwright/domain/plant.hpp"
#include "millwright/source/file_source.hpp"

namespace millwright::daemon {

struct Mapping {
  source::CsvMapping csv;
  std::string config;  // millwright.yaml of the plant it belongs to; "" none named
};

// kInvalid names every problem as file:line:column.
[[nodiscard]] Result<Mapping> load_mapping(const std::string& path);

// Whether the plant has every asset and tag, in a unit that the mapping's becomes.
[[nodiscard]] Result<void> check_mapping(const Mapping& mapping, const PlantModel& plant,
                                         const std::string& config_file);

}  // namespace millwright::daemon
