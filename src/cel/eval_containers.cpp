// Lists, maps and fields.
#include <algorithm>

#include "cel/evaluators.hpp"

namespace millwright::cel {
namespace {

Value run(const Code& code, Frame& frame) {
  return code.eval(code, frame);
}

bool stops(const Value& value) {
  return value.is_error() || value.is(Kind::kUnknown);
}

bool may_be_key(const Value& key) {
  return key.is(Kind::kBool) || key.is(Kind::kInt) || key.is(Kind::kUint) || key.is(Kind::kString);
}

}  // namespace

Value eval_list(const Code& code, Frame& frame) {
  auto* items = frame.context.arena().allocate_array<Value>(code.count);
  if (items == nullptr) return memory_limit().at_node(code.node);
  std::size_t count = 0;
  for (std::uint32_t i = 0; i < code.count; ++i) {
    const Value item = run(*code.kids[i], frame);
    if (stops(item)) return item;
    if (!item.is(Kind::kAbsent)) items[count++] = item;
  }
  return Value::list({items, count});
}

Value eval_map(const Code& code, Frame& frame) {
  const std::uint32_t count = code.count / 2;
  auto* entries = frame.context.arena().allocate_array<MapEntry>(count);
  if (entries == nullptr) return memory_limit().at_node(code.node);
  std::uint32_t made = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    const Value key = run(*code.kids[2 * i], frame);
    if (stops(key)) return key;
    const Value value = run(*code.kids[2 * i + 1], frame);
    if (stops(value)) return value;
    const NodeId place = code.kids[2 * i]->node;
    if (!may_be_key(key)) return Value::error(ErrorCode::kBadKey).at_node(place);
    if (value.is(Kind::kAbsent)) continue;
    if (find({entries, made}, key) != nullptr) {
      return Value::error(ErrorCode::kDuplicateKey).at_node(place);
    }
    entries[made++] = MapEntry{key, value};
  }
  return Value::map({entries, made});
}

Value eval_index(const Code& code, Frame& frame) {
  const Value container = run(*code.a, frame);
  if (stops(container)) return container;
  const Value key = run(*code.b, frame);
  if (stops(key)) return key;
  if (container.is(Kind::kOptional)) return opt_item(container, key, code, frame);
  return index_into(container, key).at_node(code.node);
}

Value eval_select(const Code& code, Frame& frame) {
  const Value container = run(*code.a, frame);
  if (stops(container)) return container;
  if (container.is(Kind::kOptional)) return opt_field(container, code, frame);
  if (!container.is(Kind::kMap)) return no_overload("only maps have fields").at_node(code.node);
  const Value* found = find(container.as_map(), code.constant);
  if (found == nullptr) return Value::error(ErrorCode::kNoSuchField).at_node(code.node);
  return *found;
}

Value eval_has_key(const Code& code, Frame& frame) {
  Value container = run(*code.a, frame);
  if (stops(container)) return container;
  if (container.is(Kind::kOptional)) {
    if (container.as_optional() == nullptr) return Value::boolean(false);
    container = *container.as_optional();
  }
  if (!container.is(Kind::kMap)) return no_overload("only maps have fields").at_node(code.node);
  return Value::boolean(find(container.as_map(), code.constant) != nullptr);
}

Value eval_in(const Code& code, Frame& frame) {
  const Value item = run(*code.a, frame);
  if (stops(item)) return item;
  const Value container = run(*code.b, frame);
  if (stops(container)) return container;
  return contained(item, container, frame.context).at_node(code.node);
}

Value eval_in_texts(const Code& code, Frame& frame) {
  const Value item = run(*code.a, frame);
  if (stops(item)) return item;
  if (!item.is(Kind::kString)) return Value::boolean(false);
  const auto sorted = code.constant.as_list();
  const auto less = [](const Value& a, const Value& b) { return a.as_text() < b.as_text(); };
  return Value::boolean(std::binary_search(sorted.begin(), sorted.end(), item, less));
}

}  // namespace millwright::cel
