#pragma once
// Parsed JSON back to text, as it was ordered or canonical (RFC 8785). Pure, any thread.

#include <simdjson.h>
#include <string>
#include <string_view>

#include "millwright/base/json.hpp"

namespace millwright::codec {

// In the order of the source, spacing taken out.
void write_json(simdjson::dom::element element, JsonWriter& out);

// Canonical: members sorted by UTF-16 code units, numbers as ECMAScript prints them.
void write_canonical(simdjson::dom::element element, JsonWriter& out);

// ECMAScript's Number::toString for a finite number: 1e21, 0.000001, 1e-7, 100.
[[nodiscard]] std::string ecmascript_number(double number);

// Order of member names in RFC 8785: by UTF-16 code units.
[[nodiscard]] bool utf16_less(std::string_view a, std::string_view b);

}  // namespace millwright::codec
