#pragma once
// How the enumerations of the plant model are spelled in files, in the enumerations' order.
// Constant data.

#include <string_view>

namespace millwright::daemon::names {

inline constexpr std::string_view kLevels[] = {"enterprise",
                                               "site",
                                               "area",
                                               "production_line",
                                               "process_cell",
                                               "production_unit",
                                               "storage_zone",
                                               "work_center",
                                               "work_cell",
                                               "unit",
                                               "storage_unit",
                                               "work_unit",
                                               "equipment_module",
                                               "control_module"};
inline constexpr std::string_view kCriticalities[] = {"A", "B", "C"};
inline constexpr std::string_view kStandards[] = {"unknown", "iso20816-group1", "iso20816-group2",
                                                  "class-i", "iso10816-7",      "none"};
inline constexpr std::string_view kSupports[] = {"unknown", "rigid", "flexible"};
inline constexpr std::string_view kGates[] = {"mes", "own_speed", "own_current", "none"};
inline constexpr std::string_view kSignalKinds[] = {"vibration_velocity",
                                                    "bearing_temperature",
                                                    "temperature",
                                                    "current",
                                                    "speed",
                                                    "pressure",
                                                    "flow",
                                                    "voltage",
                                                    "power",
                                                    "other"};
inline constexpr std::string_view kWeekdays[] = {"monday", "tuesday",  "wednesday", "thursday",
                                                 "friday", "saturday", "sunday"};

}  // namespace millwright::daemon::names
