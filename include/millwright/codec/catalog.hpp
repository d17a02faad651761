#pragma once
// The event types Millwright knows: constant rows with every field's kind, unit and need; and the
// units it can convert. Constant data, any thread, nobody owns it.

#include <span>
#include <string_view>

#include "millwright/domain/event_type.hpp"

namespace millwright::codec {

// All types, by source family. Rows live as long as the program.
[[nodiscard]] std::span<const EventType> event_types();

// The row of a full CloudEvents type, whatever its reverse-DNS prefix:
// com.acme.iot.vibration.features.v1, iot.vibration.features.v1, or without version
// iot.vibration.features. Null for an unknown name, and for a known name in another version.
[[nodiscard]] const EventType* find_event_type(std::string_view ce_type);

// The unit in which quantities of this unit are kept (degF -> Cel); "" when the unit is not known
// or means several things.
[[nodiscard]] std::string_view canonical_unit(std::string_view unit);
// As people read it: Cel -> °C.
[[nodiscard]] std::string_view printed_unit(std::string_view canonical);

[[nodiscard]] std::string_view to_text(SourceFamily family);
[[nodiscard]] std::string_view to_text(FieldKind kind);

}  // namespace millwright::codec
