#pragma once
// One JSON value -> one FieldValue of a declared kind, within the stated limits. Used by
// fields.cpp.

#include <simdjson.h>
#include <string>
#include <string_view>

#include "codec/envelope.hpp"
#include "millwright/base/json.hpp"
#include "millwright/domain/event.hpp"

namespace millwright::codec {

// Units that stand beside bare numbers, and where members go that a quantity has beyond its own.
struct Beside {
  std::string_view unit;      // "" none
  std::string_view currency;  // "" none
};

// `extra`: what the value holds beyond its kind ({value, unit, band}) is written there as an object
// under the field's name.
[[nodiscard]] MaybeFailure read_value(const FieldSpec& spec, simdjson::dom::element element,
                                      const Beside& beside, FieldValue& out, JsonWriter* extra,
                                      bool* has_extra);

[[nodiscard]] Failure wrong(std::string_view field, std::string_view what);

}  // namespace millwright::codec
