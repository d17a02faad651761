#pragma once
// Event: one decoded CloudEvent, as a value that owns its strings; and what a raw record or a
// refused one looks like before and beside it.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "millwright/base/digest.hpp"
#include "millwright/base/time.hpp"
#include "millwright/domain/event_type.hpp"
#include "millwright/domain/ids.hpp"

namespace millwright {

// A number in the field's canonical unit, and what the source had written. For money the unit is
// the currency (ISO 4217).
struct Quantity {
  double value = 0.0;
  std::string unit;
  double original_value = 0.0;
  std::string original_unit;

  friend bool operator==(const Quantity&, const Quantity&) = default;
};

struct FieldValue;
struct NamedField;
using FieldList = std::vector<FieldValue>;
using FieldRecord = std::vector<NamedField>;

// monostate: the event does not carry the field.
struct FieldValue {
  std::variant<std::monostate, bool, double, std::string, Instant, Quantity, FieldList, FieldRecord>
      value;

  [[nodiscard]] bool present() const noexcept { return value.index() != 0; }
  friend bool operator==(const FieldValue&, const FieldValue&) = default;
};

// A struct of its own: clang cannot take a pair around a type that contains it.
struct NamedField {
  std::string name;
  FieldValue value;
  friend bool operator==(const NamedField&, const NamedField&) = default;
};

struct Event {
  const EventType* type = nullptr;  // a row of the catalogue, which outlives every event
  EventKey key;
  std::string subject;   // path in the unified namespace
  std::string entity;    // value of the type's key field: the entity whose order matters
  Instant time;          // event time, the source's clock
  Instant ingested;      // ours
  std::string sequence;  // CloudEvents `sequence`, sorts as text; may be empty
  std::string correlation;
  std::string traceparent;
  std::vector<FieldValue> fields;  // one for each of type->fields, in that order
  std::string extra;               // unknown data fields, as one JSON object; empty if none
  std::uint64_t payload_hash = 0;  // of the data: same id with other payload is a conflict
  Position position;
  bool tombstone = false;  // null value on a compacted topic

  // The field of that name; monostate when absent or not of this type.
  [[nodiscard]] const FieldValue& at(std::string_view name) const;
  // Convenience readings; the fallback when absent or of another kind.
  [[nodiscard]] std::string_view text(std::string_view name, std::string_view fallback = {}) const;
  [[nodiscard]] double number(std::string_view name,
                              double fallback) const;  // quantity's value too
  [[nodiscard]] bool flag(std::string_view name, bool fallback) const;
  [[nodiscard]] Instant instant(std::string_view name) const;
};

// A record as it lay in the topic. Headers in their order.
struct RawRecord {
  Position position;
  Instant broker_time;
  std::string key;
  std::string value;
  bool null_value = false;
  std::vector<std::pair<std::string, std::string>> headers;
};

enum class RejectReason : std::uint8_t {
  kNotACloudEvent,  // required attributes missing, wrong specversion or content type
  kNotJson,         // not valid JSON, or past the stated limits
  kUnknownType,
  kMissingField,
  kWrongField,  // wrong kind, out of range, not a time
  kNoUnit,      // a quantity without a unit, or one that cannot be converted
  kTooLarge,
  kConflict,     // an id seen before with another payload
  kUndecodable,  // the broker's batch could not be read
};
[[nodiscard]] std::string_view to_text(RejectReason reason);

// A record that goes to the dead-letter topic, with its bytes.
struct Reject {
  RawRecord record;
  RejectReason reason = RejectReason::kNotJson;
  std::string detail;  // what is wrong, where, what to do
};

}  // namespace millwright
