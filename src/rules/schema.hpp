#pragma once
// What rules may read and call: every feature, the event and the model, and the rule functions.
// Built once, immutable, shared by all threads.

#include <array>
#include <string>

#include "millwright/cel/schema.hpp"
#include "millwright/cel/value.hpp"
#include "millwright/domain/observation.hpp"

namespace millwright::rules {

// What a rule may read beside the features.
enum class Extra : std::uint8_t {
  kEventType,
  kEventTime,
  kEventSource,
  kEventSubject,
  kEventEntity,
  kModelId,
  kModelVersion,
  kCalendarShift,  // these from here on come from the plant's calendar
  kCalendarHoliday,
  kCalendarWorking,
  kCount
};
struct ExtraSpec {
  Extra id;
  std::string_view name;
  cel::TypeKind type;
  std::string_view doc;
};

inline constexpr std::size_t kExtraCount = std::size_t(Extra::kCount);
inline constexpr std::size_t kSlotCount = kFeatureCount + kExtraCount;
[[nodiscard]] const std::array<ExtraSpec, kExtraCount>& extra_table();

// Slots: features in the order of their table, then the extras.
[[nodiscard]] const cel::Schema& rule_schema();

// "tick" for silence.
[[nodiscard]] std::string_view event_type(const Observation& observation);

// The value of one slot; borrows from the observation.
[[nodiscard]] cel::Value slot_value(const Observation& observation, std::size_t slot);

}  // namespace millwright::rules
