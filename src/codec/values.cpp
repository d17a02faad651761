#include "codec/values.hpp"

#include <algorithm>

#include "codec/dom.hpp"
#include "codec/json_text.hpp"
#include "codec/units.hpp"
#include "millwright/base/limits.hpp"

namespace millwright::codec {
namespace {

namespace dom = simdjson::dom;

bool get_number(dom::element element, double& out) {
  switch (element.type()) {
    case dom::element_type::DOUBLE:
      out = element.get_double().value_unsafe();
      return true;
    case dom::element_type::INT64:
      out = double(element.get_int64().value_unsafe());
      return true;
    case dom::element_type::UINT64:
      out = double(element.get_uint64().value_unsafe());
      return true;
    default:
      return false;
  }
}

// Texts; whole numbers too, since many systems send their ids and versions as numbers.
MaybeFailure read_text(std::string_view name, dom::element element, std::string& out) {
  std::string_view text;
  if (element.get(text) == simdjson::SUCCESS) {
    const bool is_id = name.ends_with("Id");
    if (text.size() > (is_id ? limits::kIdBytes : limits::kTextBytes)) {
      return Failure{RejectReason::kTooLarge,
                     "field " + std::string(name) + " is longer than " +
                         std::to_string(is_id ? limits::kIdBytes : limits::kTextBytes) +
                         " bytes; shorten it"};
    }
    out = text;
    return std::nullopt;
  }
  if (element.type() == dom::element_type::INT64) {
    out = std::to_string(element.get_int64().value_unsafe());
    return std::nullopt;
  }
  if (element.type() == dom::element_type::UINT64) {
    out = std::to_string(element.get_uint64().value_unsafe());
    return std::nullopt;
  }
  return wrong(name, "is not a string");
}

// A date stands for its midnight in UTC.
MaybeFailure read_time(std::string_view name, dom::element element, Instant& out) {
  std::string_view text;
  if (element.get(text) != simdjson::SUCCESS) {
    return wrong(name, "is not a string with an RFC 3339 time or a date");
  }
  const bool date = text.size() == 10;
  auto instant = date ? parse_rfc3339(std::string(text) + "T00:00:00Z") : parse_rfc3339(text);
  if (!instant) {
    return wrong(name, in_quotes(text) +
                           " is not an RFC 3339 time like 2026-03-02T06:10:00Z or a"
                           " date like 2026-03-02");
  }
  out = *instant;
  return std::nullopt;
}

Failure no_unit(std::string_view field, std::string what) {
  return {RejectReason::kNoUnit, "field " + std::string(field) + ": " + std::move(what)};
}

// A field whose name says which detector it is of must not get the other's values.
MaybeFailure check_detector(std::string_view field, std::string_view unit, Detector detector) {
  if (detector == Detector::kUnsaid) return std::nullopt;
  if (detector == Detector::kRms && !field.ends_with("Pk")) return std::nullopt;
  if (detector == Detector::kPeak && field.ends_with("Pk")) return std::nullopt;
  return no_unit(field, "unit " + in_quotes(unit) +
                            " is of another detector than the field; peak and" +
                            " r.m.s. are not converted, since their ratio is that of a sine only");
}

// `wanted`: canonical unit of the field; "" : that of the unit itself.
MaybeFailure to_canonical(std::string_view field, std::string_view wanted, double value,
                          std::string_view unit, Quantity& out) {
  out.original_value = value;
  out.original_unit = unit;
  if (unit == wanted) {
    out.value = value;
    out.unit = wanted;
    return std::nullopt;
  }
  const UnitLookup from = find_unit(unit, wanted);
  if (from.ambiguous) {
    return no_unit(field, "unit " + in_quotes(unit) +
                              " means several things; send [g] for gravity," +
                              " kg or GRM for mass");
  }
  if (from.row == nullptr) {
    return no_unit(field, "unit " + in_quotes(unit) +
                              " is not known; send UCUM (mm/s, Cel, kW.h) or" +
                              " UN/ECE Rec 20 (C62, KGM)");
  }
  if (auto f = check_detector(field, unit, from.detector)) return f;
  const std::string_view target = wanted.empty() ? from.row->canonical : wanted;
  const Unit* to = from.row->code == target ? from.row : find_unit(target, target).row;
  MW_CHECK(to != nullptr);
  if (to->dimension != from.row->dimension) {
    return no_unit(field, "unit " + in_quotes(unit) + " cannot be converted to " +
                              std::string(target) + "; send the field in " + std::string(target));
  }
  out.value = convert(value, *from.row, *to);
  out.unit = target;
  return std::nullopt;
}

// What {value, unit} or {value, currency} holds; other members go to `extra`.
struct Pair {
  double value = 0.0;
  std::string_view unit;
  bool has_value = false;
};

MaybeFailure read_pair(const FieldSpec& spec, dom::object object, std::string_view unit_name,
                       Pair& out, JsonWriter* extra, bool* has_extra) {
  bool opened = false;
  for (const auto& member : object) {
    if (member.key == "value") {
      if (out.has_value) return wrong(spec.name, "has two members 'value'; send one");
      if (!get_number(member.value, out.value)) return wrong(spec.name, "has no number as value");
      out.has_value = true;
    } else if (member.key == unit_name || (member.key == "uom" && unit_name == "unit")) {
      if (!out.unit.empty()) return wrong(spec.name, "has its unit twice; send it once");
      if (member.value.get(out.unit) != simdjson::SUCCESS) {
        return wrong(spec.name, "has a unit that is not a string");
      }
    } else if (extra != nullptr) {
      if (!opened) {
        if (!*has_extra) extra->begin_object();
        *has_extra = true;
        extra->key(spec.name);
        extra->begin_object();
      }
      opened = true;
      extra->key(member.key);
      write_json(member.value, *extra);
    }
  }
  if (opened) extra->end_object();
  if (!out.has_value) return wrong(spec.name, "has no member 'value'");
  return std::nullopt;
}

MaybeFailure read_pair_or_bare(const FieldSpec& spec, dom::element element,
                               std::string_view unit_name, std::string_view beside, Pair& out,
                               JsonWriter* extra, bool* has_extra) {
  dom::object object;
  if (element.get(object) == simdjson::SUCCESS) {
    if (auto f = read_pair(spec, object, unit_name, out, extra, has_extra)) return f;
    if (out.unit.empty()) out.unit = beside;
    return std::nullopt;
  }
  if (!get_number(element, out.value)) {
    return wrong(spec.name, "is neither a number nor {\"value\": ..., \"" + std::string(unit_name) +
                                "\": ...}");
  }
  out.unit = beside;
  return std::nullopt;
}

bool is_currency(std::string_view text) {
  if (text.size() != 3) return false;
  for (const char c : text) {
    if (c < 'A' || c > 'Z') return false;
  }
  return true;
}

MaybeFailure read_quantity(const FieldSpec& spec, dom::element element, const Beside& beside,
                           FieldValue& out, JsonWriter* extra, bool* has_extra) {
  Pair pair;
  if (auto f = read_pair_or_bare(spec, element, "unit", beside.unit, pair, extra, has_extra)) {
    return f;
  }
  if (pair.unit.empty()) {
    return no_unit(spec.name, "has no unit; send {\"value\": ..., \"unit\": \"" +
                                  std::string(spec.unit.empty() ? "..." : spec.unit) +
                                  "\"} or a unit beside it");
  }
  auto& quantity = out.value.emplace<Quantity>();
  return to_canonical(spec.name, spec.unit, pair.value, pair.unit, quantity);
}

MaybeFailure read_money(const FieldSpec& spec, dom::element element, const Beside& beside,
                        FieldValue& out, JsonWriter* extra, bool* has_extra) {
  Pair pair;
  if (auto f =
          read_pair_or_bare(spec, element, "currency", beside.currency, pair, extra, has_extra)) {
    return f;
  }
  if (pair.unit.empty()) {
    return no_unit(spec.name,
                   "has no currency; send {\"value\": ..., \"currency\": \"EUR\"} or a"
                   " currency beside it");
  }
  if (!is_currency(pair.unit)) {
    return no_unit(spec.name,
                   "currency " + in_quotes(pair.unit) + " is not an ISO 4217 code like EUR");
  }
  auto& money = out.value.emplace<Quantity>();
  money.value = money.original_value = pair.value;
  money.unit = money.original_unit = pair.unit;
  return std::nullopt;
}

// A bare number; an object only where a unit is declared that it can be converted to.
MaybeFailure read_number(const FieldSpec& spec, dom::element element, FieldValue& out,
                         JsonWriter* extra, bool* has_extra) {
  double number = 0.0;
  if (get_number(element, number)) {
    out.value = number;
    return std::nullopt;
  }
  dom::object object;
  if (spec.unit.empty() || element.get(object) != simdjson::SUCCESS) {
    return wrong(spec.name, "is not a number");
  }
  Pair pair;
  if (auto f = read_pair(spec, object, "unit", pair, extra, has_extra)) return f;
  Quantity quantity;
  if (auto f = to_canonical(spec.name, spec.unit, pair.value,
                            pair.unit.empty() ? spec.unit : pair.unit, quantity)) {
    return f;
  }
  out.value = quantity.value;
  return std::nullopt;
}

// An undeclared value inside a record list, kept whole. Nesting is bounded by the parser.
MaybeFailure read_any(std::string_view name, dom::element element, FieldValue& out) {
  double number = 0.0;
  if (get_number(element, number)) {
    out.value = number;
    return std::nullopt;
  }
  switch (element.type()) {
    case dom::element_type::BOOL:
      out.value = element.get_bool().value_unsafe();
      return std::nullopt;
    case dom::element_type::STRING:
      return read_text(name, element, out.value.emplace<std::string>());
    case dom::element_type::ARRAY: {
      auto& list = out.value.emplace<FieldList>();
      const dom::array array = array_of(element);
      list.reserve(std::min(array.size(), limits::kListItems));
      for (const dom::element item : array) {
        if (list.size() == limits::kListItems) return wrong(name, "has too many items");
        if (auto f = read_any(name, item, list.emplace_back())) return f;
      }
      return std::nullopt;
    }
    case dom::element_type::OBJECT: {
      auto& record = out.value.emplace<FieldRecord>();
      const dom::object object = object_of(element);
      record.reserve(std::min(object.size(), limits::kListItems));
      for (const auto& member : object) {
        if (record.size() == limits::kListItems) return wrong(name, "has too many members");
        record.emplace_back().name = member.key;
        if (auto f = read_any(member.key, member.value, record.back().value)) return f;
      }
      return std::nullopt;
    }
    default:
      return std::nullopt;  // null: absent
  }
}

MaybeFailure read_item(const FieldSpec& spec, dom::element item, FieldValue& out) {
  switch (spec.kind) {
    case FieldKind::kTextList:
      return read_text(spec.name, item, out.value.emplace<std::string>());
    case FieldKind::kNumberList:
      if (get_number(item, out.value.emplace<double>())) return std::nullopt;
      return wrong(spec.name, "has an item that is not a number");
    default:
      if (item.is_object()) return read_any(spec.name, item, out);
      return wrong(spec.name, "has an item that is not an object");
  }
}

MaybeFailure read_list(const FieldSpec& spec, dom::element element, FieldValue& out) {
  dom::array array;
  if (element.get(array) != simdjson::SUCCESS) return wrong(spec.name, "is not a list");
  if (array.size() > limits::kListItems) {
    return Failure{RejectReason::kTooLarge, "field " + std::string(spec.name) + " has " +
                                                std::to_string(array.size()) + " items; at most " +
                                                std::to_string(limits::kListItems) +
                                                " fit, send several events"};
  }
  auto& list = out.value.emplace<FieldList>();
  list.reserve(array.size());
  for (const dom::element item : array) {
    if (auto f = read_item(spec, item, list.emplace_back())) return f;
  }
  return std::nullopt;
}

}  // namespace

Failure wrong(std::string_view field, std::string_view what) {
  return {RejectReason::kWrongField, "field " + std::string(field) + ": " + std::string(what)};
}

MaybeFailure read_value(const FieldSpec& spec, dom::element element, const Beside& beside,
                        FieldValue& out, JsonWriter* extra, bool* has_extra) {
  switch (spec.kind) {
    case FieldKind::kText:
      return read_text(spec.name, element, out.value.emplace<std::string>());
    case FieldKind::kNumber:
      return read_number(spec, element, out, extra, has_extra);
    case FieldKind::kQuantity:
      return read_quantity(spec, element, beside, out, extra, has_extra);
    case FieldKind::kMoney:
      return read_money(spec, element, beside, out, extra, has_extra);
    case FieldKind::kTime:
      return read_time(spec.name, element, out.value.emplace<Instant>());
    case FieldKind::kBool:
      if (element.get(out.value.emplace<bool>()) == simdjson::SUCCESS) return std::nullopt;
      return wrong(spec.name, "is not true or false");
    case FieldKind::kTextList:
    case FieldKind::kNumberList:
    case FieldKind::kRecordList:
      return read_list(spec, element, out);
  }
  return wrong(spec.name, "has a kind that is not declared");
}

}  // namespace millwright::codec
