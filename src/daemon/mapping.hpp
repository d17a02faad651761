#pragma once
// Mapping files of `replay`: what the columns of a CSV mean. Read once, by main's thread.

#include <string>

#include "millwright/base/result.hpp"
#include "millwright/source/file_source.hpp"

namespace millwright::daemon {

// kInvalid names every problem as file:line:column.
[[nodiscard]] Result<source::CsvMapping> load_mapping(const std::string& path);

}  // namespace millwright::daemon
