#pragma once
// Objects and arrays of simdjson by value. To walk over `element.get_object().value_unsafe()` is to
// walk over a reference into a result that is gone by then. Private to codec.

#include <simdjson.h>

namespace millwright::codec {

// The element must be of that kind.
inline simdjson::dom::object object_of(simdjson::dom::element element) {
  simdjson::dom::object object;
  const auto error = element.get(object);
  static_cast<void>(error);
  return object;
}

inline simdjson::dom::array array_of(simdjson::dom::element element) {
  simdjson::dom::array array;
  const auto error = element.get(array);
  static_cast<void>(error);
  return array;
}

}  // namespace millwright::codec
