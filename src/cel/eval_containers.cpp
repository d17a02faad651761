// Lists, maps, fields and the loops of the macros.
#include <algorithm>
#include <array>

#include "cel/evaluators.hpp"

namespace millwright::cel {
namespace {

Value run(const Code& code, Frame& frame) {
  return code.eval(code, frame);
}

bool stops(const Value& value) {
  return value.is_error() || value.is(Kind::kUnknown);
}

// The elements of a list or the keys of a map, one after the other.
class Range {
 public:
  explicit Range(const Value& value) : value_(value), is_map_(value.is(Kind::kMap)) {}
  [[nodiscard]] bool valid() const { return is_map_ || value_.is(Kind::kList); }
  [[nodiscard]] std::size_t size() const {
    return is_map_ ? value_.as_map().size() : value_.as_list().size();
  }
  [[nodiscard]] const Value& operator[](std::size_t i) const {
    return is_map_ ? value_.as_map()[i].key : value_.as_list()[i];
  }

 private:
  Value value_;
  bool is_map_;
};

Value not_a_range(const Code& code) {
  return no_overload("a macro runs over a list or the keys of a map").at_node(code.node);
}

// all and exists: like && and || over the elements.
template <bool kStop>
Value quantifier(const Code& code, Frame& frame) {
  const Value over = run(*code.a, frame);
  if (stops(over)) return over;
  const Range range(over);
  if (!range.valid()) return not_a_range(code);
  Value held = Value::boolean(!kStop);
  for (std::size_t i = 0; i < range.size(); ++i) {
    if (!frame.context.spend(1)) return step_limit().at_node(code.node);
    frame.locals[code.slot] = range[i];
    const Value value = run(*code.b, frame);
    if (value.is(Kind::kBool)) {
      if (value.as_bool() == kStop) return value;
    } else if (is_overrun(value)) {
      return value;
    } else if (held.is(Kind::kBool)) {
      held = stops(value) ? value
                          : no_overload("this is neither true nor false").at_node(code.b->node);
    }
  }
  return held;
}

Value exists_one(const Code& code, Frame& frame) {
  const Value over = run(*code.a, frame);
  if (stops(over)) return over;
  const Range range(over);
  if (!range.valid()) return not_a_range(code);
  std::size_t found = 0;
  for (std::size_t i = 0; i < range.size(); ++i) {
    if (!frame.context.spend(1)) return step_limit().at_node(code.node);
    frame.locals[code.slot] = range[i];
    const Value value = run(*code.b, frame);
    if (stops(value)) return value;
    if (!value.is(Kind::kBool)) {
      return no_overload("this is neither true nor false").at_node(code.b->node);
    }
    if (value.as_bool()) ++found;
  }
  return Value::boolean(found == 1);
}

// map, map with a condition, filter: a new list in the arena.
template <LoopKind kKind>
Value collect(const Code& code, Frame& frame) {
  const Value over = run(*code.a, frame);
  if (stops(over)) return over;
  const Range range(over);
  if (!range.valid()) return not_a_range(code);
  auto* out = frame.context.arena().allocate_array<Value>(range.size());
  if (out == nullptr) return memory_limit().at_node(code.node);
  std::size_t count = 0;
  for (std::size_t i = 0; i < range.size(); ++i) {
    if (!frame.context.spend(1)) return step_limit().at_node(code.node);
    const Value item = range[i];
    frame.locals[code.slot] = item;
    if constexpr (kKind != LoopKind::kMap) {
      const Value wanted = run(*code.b, frame);
      if (stops(wanted)) return wanted;
      if (!wanted.is(Kind::kBool)) {
        return no_overload("this is neither true nor false").at_node(code.b->node);
      }
      if (!wanted.as_bool()) continue;
    }
    Value made = item;
    if constexpr (kKind == LoopKind::kMap) made = run(*code.b, frame);
    if constexpr (kKind == LoopKind::kMapIf) made = run(*code.c, frame);
    if (stops(made)) return made;
    out[count++] = made;
  }
  return Value::list({out, count});
}

bool may_be_key(const Value& key) {
  return key.is(Kind::kBool) || key.is(Kind::kInt) || key.is(Kind::kUint) || key.is(Kind::kString);
}

}  // namespace

Eval loop_evaluator(LoopKind kind) {
  switch (kind) {
    case LoopKind::kAll:
      return quantifier<false>;
    case LoopKind::kExists:
      return quantifier<true>;
    case LoopKind::kExistsOne:
      return exists_one;
    case LoopKind::kMap:
      return collect<LoopKind::kMap>;
    case LoopKind::kMapIf:
      return collect<LoopKind::kMapIf>;
    case LoopKind::kFilter:
      return collect<LoopKind::kFilter>;
  }
  return exists_one;
}

Value eval_list(const Code& code, Frame& frame) {
  auto* items = frame.context.arena().allocate_array<Value>(code.count);
  if (items == nullptr) return memory_limit().at_node(code.node);
  for (std::uint32_t i = 0; i < code.count; ++i) {
    items[i] = run(*code.kids[i], frame);
    if (stops(items[i])) return items[i];
  }
  return Value::list({items, code.count});
}

Value eval_map(const Code& code, Frame& frame) {
  const std::uint32_t count = code.count / 2;
  auto* entries = frame.context.arena().allocate_array<MapEntry>(count);
  if (entries == nullptr) return memory_limit().at_node(code.node);
  for (std::uint32_t i = 0; i < count; ++i) {
    const Value key = run(*code.kids[2 * i], frame);
    if (stops(key)) return key;
    const Value value = run(*code.kids[2 * i + 1], frame);
    if (stops(value)) return value;
    const NodeId place = code.kids[2 * i]->node;
    if (!may_be_key(key)) return Value::error(ErrorCode::kBadKey).at_node(place);
    if (find({entries, i}, key) != nullptr) {
      return Value::error(ErrorCode::kDuplicateKey).at_node(place);
    }
    entries[i] = MapEntry{key, value};
  }
  return Value::map({entries, count});
}

Value eval_index(const Code& code, Frame& frame) {
  const Value container = run(*code.a, frame);
  if (stops(container)) return container;
  const Value key = run(*code.b, frame);
  if (stops(key)) return key;
  return index_into(container, key).at_node(code.node);
}

Value eval_select(const Code& code, Frame& frame) {
  const Value container = run(*code.a, frame);
  if (stops(container)) return container;
  if (!container.is(Kind::kMap)) return no_overload("only maps have fields").at_node(code.node);
  const Value* found = find(container.as_map(), code.constant);
  if (found == nullptr) return Value::error(ErrorCode::kNoSuchField).at_node(code.node);
  return *found;
}

Value eval_has_key(const Code& code, Frame& frame) {
  const Value container = run(*code.a, frame);
  if (stops(container)) return container;
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
