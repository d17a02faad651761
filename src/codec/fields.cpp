#include "codec/fields.hpp"

#include "codec/json_text.hpp"
#include "codec/payload_hash.hpp"
#include "codec/values.hpp"

namespace millwright::codec {
namespace {

namespace dom = simdjson::dom;

constexpr std::size_t kMembersMax = 1'000;
constexpr std::size_t kNone = SIZE_MAX;

// Members come mostly in the order of the catalogue: the search starts where the last one ended.
std::size_t find_field(std::span<const FieldSpec> specs, std::string_view name, std::size_t hint) {
  for (std::size_t i = hint; i < specs.size(); ++i) {
    if (specs[i].name == name) return i;
  }
  for (std::size_t i = 0; i < hint && i < specs.size(); ++i) {
    if (specs[i].name == name) return i;
  }
  return kNone;
}

bool has_kind(const EventType& type, FieldKind kind) {
  for (const FieldSpec& spec : type.fields) {
    if (spec.kind == kind) return true;
  }
  return false;
}

// The unit and currency beside bare numbers, where the type has use for them and does not declare a
// field of that name.
MaybeFailure read_beside(dom::object data, const EventType& type, Beside& out) {
  struct Row {
    std::string_view name;
    FieldKind kind;
    std::string_view Beside::*member;
  };
  static constexpr Row kRows[] = {{"unit", FieldKind::kQuantity, &Beside::unit},
                                  {"uom", FieldKind::kQuantity, &Beside::unit},
                                  {"currency", FieldKind::kMoney, &Beside::currency}};
  for (const auto& member : data) {
    if (member.key != "unit" && member.key != "uom" && member.key != "currency") continue;
    for (const Row& row : kRows) {
      if (member.key != row.name || type.index_of(row.name) || !has_kind(type, row.kind)) continue;
      if (member.value.is_null()) continue;
      std::string_view text;
      if (member.value.get(text) != simdjson::SUCCESS) return wrong(row.name, "is not a string");
      std::string_view& slot = out.*row.member;
      if (!slot.empty() && slot != text) {
        return wrong(row.name, "contradicts the unit given beside it; send one of them");
      }
      slot = text;
    }
  }
  return std::nullopt;
}

bool is_beside(const EventType& type, std::string_view name) {
  return ((name == "unit" || name == "uom") && has_kind(type, FieldKind::kQuantity)) ||
         (name == "currency" && has_kind(type, FieldKind::kMoney));
}

MaybeFailure check_required(const Event& event) {
  for (std::size_t i = 0; i < event.fields.size(); ++i) {
    const FieldSpec& spec = event.type->fields[i];
    if (!spec.required || event.fields[i].present()) continue;
    // The entity may be named by the record key instead; the decoder looks there.
    if (spec.name == event.type->key_field) continue;
    const bool unit = spec.name == "unit";
    return Failure{unit ? RejectReason::kNoUnit : RejectReason::kMissingField,
                   "required field " + std::string(spec.name) + " of " +
                       std::string(event.type->name) + " is missing; send it in data"};
  }
  return std::nullopt;
}

}  // namespace

MaybeFailure read_fields(dom::element element, Event& event) {
  dom::object data;
  if (element.get(data) != simdjson::SUCCESS) {
    return Failure{RejectReason::kWrongField, "data is not a JSON object; send one"};
  }
  if (data.size() > kMembersMax) {
    return Failure{RejectReason::kTooLarge, "data has more than " + std::to_string(kMembersMax) +
                                                " members; send less in one event"};
  }
  const EventType& type = *event.type;
  Beside beside;
  if (auto f = read_beside(data, type, beside)) return f;
  event.fields.resize(type.fields.size());
  JsonWriter extra;
  bool has_extra = false;
  std::size_t hint = 0;
  std::uint64_t sum = 0;
  for (const auto& member : data) {
    sum += hash_member(member.key, hash_json(member.value));
    const std::size_t i = find_field(type.fields, member.key, hint);
    if (i == kNone) {
      if (is_beside(type, member.key)) continue;
      if (!has_extra) extra.begin_object();
      has_extra = true;
      extra.key(member.key);
      write_json(member.value, extra);
      continue;
    }
    hint = i + 1;
    if (member.value.is_null()) continue;
    FieldValue& field = event.fields[i];
    if (field.present()) return wrong(member.key, "is there twice; send it once");
    if (auto f = read_value(type.fields[i], member.value, beside, field, &extra, &has_extra)) {
      return f;
    }
  }
  if (has_extra) {
    extra.end_object();
    event.extra = std::move(extra).text();
  }
  event.payload_hash = hash_object(sum);
  return check_required(event);
}

}  // namespace millwright::codec
