#pragma once
// The data of one event -> the fields of its type, with units converted. Used only inside Decoder.

#include <simdjson.h>
#include <cstdint>
#include <string_view>

#include "codec/envelope.hpp"
#include "millwright/domain/event.hpp"

namespace millwright::codec {

// Fills event.fields, event.extra and event.payload_hash; event.type is set.
[[nodiscard]] MaybeFailure read_fields(simdjson::dom::element data, Event& event);

}  // namespace millwright::codec
