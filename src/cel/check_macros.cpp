// The checker's indices, optional entries, loops and bindings.
#include <algorithm>

#include "cel/checker_state.hpp"
#include "cel/text.hpp"

namespace millwright::cel {
Type Checker::index(NodeId id) {
  const Type of = types_.resolve(visit(ast_.child(id, 0)));
  const Type key = types_.resolve(visit(ast_.child(id, 1)));
  const bool through = of.kind == TypeKind::kOptional;
  Type out = plain_index(id, through ? types_.resolve(of.params[0]) : of, key);
  return through || ast_.at(id).optional ? Type::optional(std::move(out)) : out;
}

Type Checker::plain_index(NodeId id, const Type& of, const Type& key) {
  const std::uint32_t at = ast_.at(ast_.child(id, 1)).begin;
  if (is_open(of)) return TypeKind::kDyn;
  if (of.kind == TypeKind::kList) {
    if (key.kind == TypeKind::kUint || types_.accept(TypeKind::kInt, key)) return of.params[0];
    return complain(at, "a list is indexed by an int, not " + shown(key));
  }
  if (of.kind == TypeKind::kMap) {
    if (may_equal(of.params[0], key)) return of.params[1];
    return complain(
        at, "the keys of this map are of type " + shown(of.params[0]) + ", not " + shown(key));
  }
  return complain(ast_.at(id).mark, a_type(of) + " has no elements to index");
}

Type Checker::entry(NodeId id) {
  const NodeId child = ast_.child(id, 0);
  const Type type = types_.resolve(visit(child));
  if (is_open(type)) return TypeKind::kDyn;
  if (type.kind == TypeKind::kOptional) return type.params[0];
  return complain(ast_.at(child).begin, "an entry with ? takes an optional, not " + shown(type),
                  "write optional.of(...)");
}

bool Checker::declare(NodeId id, std::string_view name, Type type, NodeId binder) {
  if (locals_.size() >= kMaxLocals) {
    complaints_.add(ast_.at(id).mark,
                    "macros nested deeper than " + std::to_string(kMaxLocals) + " variables");
    return false;
  }
  locals_.push_back(name);
  local_types_.push_back(std::move(type));
  binders_.push_back(binder);
  return true;
}

void Checker::forget(std::size_t count) {
  locals_.resize(count);
  local_types_.resize(count);
  binders_.resize(count);
}

Type Checker::bind(NodeId id) {
  const Type type = visit(ast_.child(id, 0));
  info_[id].constant = is_constant(ast_.child(id, 0));
  const std::size_t before = locals_.size();
  info_[id].index = std::uint32_t(before);
  if (!declare(id, ast_.at(id).name, type, id)) return TypeKind::kDyn;
  const Type result = visit(ast_.child(id, 1));
  forget(before);
  return result;
}

Type Checker::loop(NodeId id) {
  const Node& node = ast_.at(id);
  const Type range = types_.resolve(visit(ast_.child(id, 0)));
  const bool optional = node.loop == LoopKind::kOptMap || node.loop == LoopKind::kOptFlatMap;
  const bool list = range.kind == TypeKind::kList;
  const bool map = range.kind == TypeKind::kMap && node.loop != LoopKind::kSortBy;
  Type element = TypeKind::kDyn;
  if (optional) {
    if (range.kind == TypeKind::kOptional) {
      element = range.params[0];
    } else if (!is_open(range)) {
      complain(node.mark, "this takes an optional, not " + shown(range), "write optional.of(...)");
    }
  } else if (list || map) {
    element = range.params[0];
  } else if (!is_open(range)) {
    complain(node.mark,
             node.loop == LoopKind::kSortBy
                 ? "only lists are sorted, not " + shown(range)
                 : "a macro runs over a list or the keys of a map, not over " + shown(range));
  }
  const std::size_t before = locals_.size();
  info_[id].index = std::uint32_t(before);
  const bool two = !node.name2.empty();
  bool declared = declare(id, node.name, two && list ? Type(TypeKind::kInt) : element);
  if (declared && two) {
    const Type value = map ? range.params[1] : element;
    declared = declare(id, node.name2, value);
  }
  Type result = declared ? loop_result(id, range, element) : Type(TypeKind::kDyn);
  forget(before);
  return result;
}

// The types of the bodies, with the variables declared.
Type Checker::loop_result(NodeId id, const Type& range, const Type& element) {
  const std::uint32_t last = ast_.at(id).count - 1;
  const NodeId body = ast_.child(id, last);
  const LoopKind kind = ast_.at(id).loop;
  const bool tests = kind == LoopKind::kAll || kind == LoopKind::kExists ||
                     kind == LoopKind::kExistsOne || kind == LoopKind::kFilter;
  if (tests || last == 2) want_bool(ast_.child(id, 1), "the condition of a macro");
  const std::uint32_t size = range.max_size;
  switch (kind) {
    case LoopKind::kAll:
    case LoopKind::kExists:
    case LoopKind::kExistsOne:
      return TypeKind::kBool;
    case LoopKind::kFilter:
      return Type::list(element, size);
    case LoopKind::kMap:
    case LoopKind::kMapIf:
      return Type::list(visit(body), size);
    case LoopKind::kTransformMap:
    case LoopKind::kTransformMapIf: {
      const bool keyed = range.kind == TypeKind::kMap || is_open(range);
      return Type::map(keyed ? element : Type(TypeKind::kInt), visit(body), size);
    }
    case LoopKind::kTransformEntry:
    case LoopKind::kTransformEntryIf:
      return entries(body, range);
    case LoopKind::kSortBy: {
      const Type key = types_.resolve(visit(body));
      if (!is_open(key) && !has_order(key)) {
        complain(ast_.at(body).begin, "sortBy() takes a key that has an order, not " + shown(key));
      }
      return range;
    }
    case LoopKind::kOptMap:
      return Type::optional(visit(body));
    case LoopKind::kOptFlatMap: {
      const Type type = types_.resolve(visit(body));
      if (type.kind == TypeKind::kOptional) return type;
      if (is_open(type)) return Type::optional(TypeKind::kDyn);
      return complain(ast_.at(body).begin, "optFlatMap() gives an optional, not " + shown(type),
                      "write optMap(x, ...)");
    }
  }
  return TypeKind::kDyn;
}

// transformMapEntry: the maps that its body gives, laid together.
Type Checker::entries(NodeId body, const Type& range) {
  const Type type = types_.resolve(visit(body));
  if (type.kind == TypeKind::kMap) {
    const std::uint64_t size = std::uint64_t(range.max_size) * type.max_size;
    return Type::map(type.params[0], type.params[1], size > UINT32_MAX ? 0 : std::uint32_t(size));
  }
  if (is_open(type)) return Type::map(TypeKind::kDyn, TypeKind::kDyn);
  return complain(ast_.at(body).begin,
                  "transformMapEntry() takes a map of entries, not " + shown(type),
                  "write {key: value}");
}

bool Checker::is_constant(NodeId id) const {
  const Info& info = info_[id];
  switch (info.meaning) {
    case Meaning::kSlot:
    case Meaning::kUnknown:
      return false;
    case Meaning::kTypeName:
      return true;
    case Meaning::kLocal:
      return info.binder != Info::kNoBinder && info_[info.binder].constant;
    case Meaning::kNone:
      break;
  }
  const NodeKind kind = ast_.at(id).kind;
  if (kind == NodeKind::kLoop || kind == NodeKind::kBind || kind == NodeKind::kHas) return false;
  auto children = ast_.children(id);
  if (info.qualified) children = children.subspan(1);
  return std::all_of(children.begin(), children.end(), [&](NodeId c) { return is_constant(c); });
}

}  // namespace millwright::cel
