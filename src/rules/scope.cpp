#include "rules/scope.hpp"

#include <algorithm>

#include "rules/plant_functions.hpp"

namespace millwright::rules {
namespace {

using cel::Type;
using cel::TypeKind;
using cel::Value;

Type type_of(FieldKind kind) {
  switch (kind) {
    case FieldKind::kText:
      return TypeKind::kString;
    case FieldKind::kNumber:
    case FieldKind::kQuantity:
    case FieldKind::kMoney:
      return TypeKind::kDouble;
    case FieldKind::kBool:
      return TypeKind::kBool;
    case FieldKind::kTime:
      return TypeKind::kTimestamp;
    case FieldKind::kTextList:
      return Type::list(TypeKind::kString);
    case FieldKind::kNumberList:
      return Type::list(TypeKind::kDouble);
    case FieldKind::kRecordList:
      return Type::list(Type::map(TypeKind::kString, TypeKind::kDyn));
  }
  return TypeKind::kDyn;
}

Value list_value(const FieldList& list, cel::Arena& arena) {
  auto* items = arena.allocate_array<Value>(list.size());
  if (items == nullptr) return Value::error(cel::ErrorCode::kMemoryLimit);
  for (std::size_t i = 0; i < list.size(); ++i) {
    items[i] = field_value(list[i], arena);
    if (items[i].is_error()) return items[i];
    if (items[i].is(cel::Kind::kAbsent)) items[i] = Value::null();
  }
  return Value::list({items, list.size()});
}

Value record_value(const FieldRecord& record, cel::Arena& arena) {
  auto* entries = arena.allocate_array<cel::MapEntry>(record.size());
  if (entries == nullptr) return Value::error(cel::ErrorCode::kMemoryLimit);
  std::size_t n = 0;
  for (const NamedField& each : record) {
    const Value value = field_value(each.value, arena);
    if (value.is_error()) return value;
    if (!value.is(cel::Kind::kAbsent)) entries[n++] = {Value::string(each.name), value};
  }
  return Value::map({entries, n});
}

}  // namespace

RuleScope::RuleScope(const std::vector<std::string>& events, std::span<const EventType> catalogue)
    : schema_(rule_schema()) {
  for (const std::string& name : events) {
    const auto row = std::find_if(catalogue.begin(), catalogue.end(),
                                  [&](const EventType& each) { return each.name == name; });
    if (row != catalogue.end()) collect(*row);
  }
  for (Field& field : fields_) {
    // A name that means something of every event keeps that meaning.
    std::string path = "event." + std::string(field.name);
    if (schema_.slot(path)) path = "event.data." + std::string(field.name);
    field.slot = schema_.add(std::move(path), field.type);
  }
}

void RuleScope::collect(const EventType& type) {
  if (std::find(types_.begin(), types_.end(), &type) != types_.end()) return;
  types_.push_back(&type);
  for (const FieldSpec& spec : type.fields) {
    const auto known = std::find_if(fields_.begin(), fields_.end(),
                                    [&](const Field& each) { return each.name == spec.name; });
    const Type has = type_of(spec.kind);
    if (known == fields_.end()) {
      fields_.push_back({spec.name, has, 0});
    } else if (!(known->type == has)) {
      known->type = TypeKind::kDyn;
    }
  }
}

void RuleScope::add_plant_and_contributions() {
  contributions_ = schema_.add("model.contributions", Type::list(TypeKind::kString));
  plant_ = schema_.add("plant", TypeKind::kInt);
  for (const cel::FunctionSpec& each : plant_functions()) schema_.add_function(each);
}

std::uint32_t RuleScope::add_watch(const std::string& name, TypeKind type) {
  return schema_.add("watch." + name, type);
}

std::uint32_t RuleScope::add_row(const std::string& name, TypeKind type) {
  return schema_.add("row." + name, type);
}

std::vector<FieldSlot> RuleScope::fields_of(std::string_view type,
                                            const std::vector<std::uint32_t>& slots) const {
  const EventType* row = nullptr;
  for (const EventType* each : types_) {
    if (each->name == type) row = each;
  }
  std::vector<FieldSlot> out;
  for (const Field& field : fields_) {
    if (!std::binary_search(slots.begin(), slots.end(), field.slot)) continue;
    const auto place = row == nullptr ? std::nullopt : row->index_of(field.name);
    out.push_back({field.slot, place ? std::int16_t(*place) : std::int16_t(-1)});
  }
  return out;
}

Value field_value(const FieldValue& field, cel::Arena& arena) {
  struct Visitor {
    cel::Arena& arena;
    Value operator()(std::monostate) const { return Value::absent(); }
    Value operator()(bool b) const { return Value::boolean(b); }
    Value operator()(double d) const { return Value::number(d); }
    Value operator()(const std::string& s) const { return Value::string(s); }
    Value operator()(Instant t) const { return Value::timestamp(t); }
    Value operator()(const Quantity& q) const { return Value::number(q.value); }
    Value operator()(const FieldList& list) const { return list_value(list, arena); }
    Value operator()(const FieldRecord& record) const { return record_value(record, arena); }
  };
  return std::visit(Visitor{arena}, field.value);
}

}  // namespace millwright::rules
