// The loops of the macros, with one variable or two, and bindings.
#include <algorithm>

#include "cel/evaluators.hpp"
#include "cel/function_rows.hpp"

namespace millwright::cel {
namespace {

constexpr const char* kNotBool = "this is neither true nor false";

Value run(const Code& code, Frame& frame) {
  return code.eval(code, frame);
}

bool stops(const Value& value) {
  return value.is_error() || value.is(Kind::kUnknown);
}

// What a loop runs over: the elements of a list or the entries of a map.
class Range {
 public:
  explicit Range(const Value& value) : value_(value), is_map_(value.is(Kind::kMap)) {}
  [[nodiscard]] bool valid() const { return is_map_ || value_.is(Kind::kList); }
  [[nodiscard]] std::size_t size() const {
    return is_map_ ? value_.as_map().size() : value_.as_list().size();
  }
  // One variable: the element or key. Two: index or key, and the value.
  [[nodiscard]] Value first(std::size_t i, bool two) const {
    if (is_map_) return value_.as_map()[i].key;
    return two ? Value::integer(std::int64_t(i)) : value_.as_list()[i];
  }
  // Takes a step and gives the variables their values; false when the steps are spent.
  bool enter(std::size_t i, const Code& code, Frame& frame) const {
    if (!frame.context.spend(1)) return false;
    frame.locals[code.slot] = first(i, code.two);
    if (code.two) {
      frame.locals[code.slot + 1] = is_map_ ? value_.as_map()[i].value : value_.as_list()[i];
    }
    return true;
  }

 private:
  Value value_;
  bool is_map_;
};

Value not_a_range(const Code& code) {
  return no_overload("a macro runs over a list or a map").at_node(code.node);
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
    if (!range.enter(i, code, frame)) return step_limit().at_node(code.node);
    const Value value = run(*code.b, frame);
    if (value.is(Kind::kBool)) {
      if (value.as_bool() == kStop) return value;
    } else if (is_overrun(value)) {
      return value;
    } else if (held.is(Kind::kBool)) {
      held = stops(value) ? value : no_overload(kNotBool).at_node(code.b->node);
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
    if (!range.enter(i, code, frame)) return step_limit().at_node(code.node);
    const Value value = run(*code.b, frame);
    if (stops(value)) return value;
    if (!value.is(Kind::kBool)) return no_overload(kNotBool).at_node(code.b->node);
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
    if (!range.enter(i, code, frame)) return step_limit().at_node(code.node);
    if constexpr (kKind != LoopKind::kMap) {
      const Value wanted = run(*code.b, frame);
      if (stops(wanted)) return wanted;
      if (!wanted.is(Kind::kBool)) return no_overload(kNotBool).at_node(code.b->node);
      if (!wanted.as_bool()) continue;
    }
    Value made = range.first(i, false);
    if constexpr (kKind == LoopKind::kMap) made = run(*code.b, frame);
    if constexpr (kKind == LoopKind::kMapIf) made = run(*code.c, frame);
    if (stops(made)) return made;
    out[count++] = made;
  }
  return Value::list({out, count});
}

// A map that grows; whoever adds to it pays for looking whether the key is there.
struct Growing {
  MapEntry* entries = nullptr;
  std::size_t size = 0;
  std::size_t room = 0;

  // An error, or null.
  Value reserve(std::size_t wanted, Context& context) {
    if (wanted <= room) return Value::null();
    room = std::max(wanted, 2 * room);
    auto* more = context.arena().allocate_array<MapEntry>(room);
    if (more == nullptr) return memory_limit();
    std::copy(entries, entries + size, more);
    entries = more;
    return Value::null();
  }

  Value insert(const MapEntry& entry, Context& context) {
    if (!context.spend(1 + size / 16)) return step_limit();
    if (find({entries, size}, entry.key) != nullptr) {
      return Value::error(ErrorCode::kDuplicateKey);
    }
    const Value got = reserve(size + 1, context);
    if (got.is_error()) return got;
    entries[size++] = entry;
    return Value::null();
  }
};

// transformMap keeps the keys, transformMapEntry takes entries as they come.
template <bool kEntries, bool kCondition>
Value transform_map(const Code& code, Frame& frame) {
  const Value over = run(*code.a, frame);
  if (stops(over)) return over;
  const Range range(over);
  if (!range.valid()) return not_a_range(code);
  Growing out;
  const Value room = out.reserve(range.size(), frame.context);
  if (room.is_error()) return room.at_node(code.node);
  const Code& body = kCondition ? *code.c : *code.b;
  for (std::size_t i = 0; i < range.size(); ++i) {
    if (!range.enter(i, code, frame)) return step_limit().at_node(code.node);
    if constexpr (kCondition) {
      const Value wanted = run(*code.b, frame);
      if (stops(wanted)) return wanted;
      if (!wanted.is(Kind::kBool)) return no_overload(kNotBool).at_node(code.b->node);
      if (!wanted.as_bool()) continue;
    }
    const Value made = run(body, frame);
    if (stops(made)) return made;
    if constexpr (!kEntries) {
      // The keys are those of the range, so they differ.
      out.entries[out.size++] = MapEntry{range.first(i, true), made};
    } else {
      if (!made.is(Kind::kMap)) return no_overload("an entry is a map").at_node(body.node);
      for (const MapEntry& entry : made.as_map()) {
        const Value wrong = out.insert(entry, frame.context);
        if (wrong.is_error()) return wrong.at_node(body.node);
      }
    }
  }
  return Value::map({out.entries, out.size});
}

Value sort_by(const Code& code, Frame& frame) {
  const Value over = run(*code.a, frame);
  if (stops(over)) return over;
  if (!over.is(Kind::kList)) return no_overload("only lists are sorted").at_node(code.node);
  const Range range(over);
  auto* keys = frame.context.arena().allocate_array<Value>(range.size());
  if (keys == nullptr) return memory_limit().at_node(code.node);
  for (std::size_t i = 0; i < range.size(); ++i) {
    if (!range.enter(i, code, frame)) return step_limit().at_node(code.node);
    keys[i] = run(*code.b, frame);
    if (stops(keys[i])) return keys[i];
  }
  return sorted_by(frame.context, over.as_list(), {keys, range.size()}).at_node(code.node);
}

template <bool kFlat>
Value optional_map(const Code& code, Frame& frame) {
  const Value over = run(*code.a, frame);
  if (stops(over)) return over;
  if (!over.is(Kind::kOptional)) return no_overload("this takes an optional").at_node(code.node);
  if (over.as_optional() == nullptr) return over;
  frame.locals[code.slot] = *over.as_optional();
  const Value made = run(*code.b, frame);
  if (stops(made)) return made;
  if constexpr (!kFlat) return wrapped(made, frame.context).at_node(code.node);
  if (made.is(Kind::kOptional)) return made;
  return no_overload("optFlatMap() gives an optional").at_node(code.b->node);
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
    case LoopKind::kTransformMap:
      return transform_map<false, false>;
    case LoopKind::kTransformMapIf:
      return transform_map<false, true>;
    case LoopKind::kTransformEntry:
      return transform_map<true, false>;
    case LoopKind::kTransformEntryIf:
      return transform_map<true, true>;
    case LoopKind::kSortBy:
      return sort_by;
    case LoopKind::kOptMap:
      return optional_map<false>;
    case LoopKind::kOptFlatMap:
      return optional_map<true>;
  }
  return exists_one;
}

Value eval_bind(const Code& code, Frame& frame) {
  const Value bound = run(*code.a, frame);
  if (is_overrun(bound)) return bound;
  frame.locals[code.slot] = bound;
  return run(*code.b, frame);
}

}  // namespace millwright::cel
