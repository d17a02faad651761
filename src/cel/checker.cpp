#include "cel/checker.hpp"

#include <algorithm>

#include "cel/checker_state.hpp"
#include "cel/text.hpp"

namespace millwright::cel {
namespace {

Type type_of_kind(Kind kind) {
  switch (kind) {
    case Kind::kNull:
      return TypeKind::kNull;
    case Kind::kBool:
      return TypeKind::kBool;
    case Kind::kInt:
      return TypeKind::kInt;
    case Kind::kUint:
      return TypeKind::kUint;
    case Kind::kDouble:
      return TypeKind::kDouble;
    case Kind::kString:
      return TypeKind::kString;
    case Kind::kBytes:
      return TypeKind::kBytes;
    default:
      return TypeKind::kDyn;
  }
}

Type of_type(Type type) {
  Type out = TypeKind::kType;
  out.params.push_back(std::move(type));
  return out;
}

std::string joined(const std::vector<std::pair<NodeId, std::string_view>>& path,
                   std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) out += '.';
    out += path[i].second;
  }
  return out;
}

}  // namespace

const std::vector<TypeName>& type_names() {
  static const std::vector<TypeName> kNames{
      {"bool", of_type(TypeKind::kBool)},
      {"int", of_type(TypeKind::kInt)},
      {"uint", of_type(TypeKind::kUint)},
      {"double", of_type(TypeKind::kDouble)},
      {"string", of_type(TypeKind::kString)},
      {"bytes", of_type(TypeKind::kBytes)},
      {"list", of_type(Type::list(TypeKind::kDyn))},
      {"map", of_type(Type::map(TypeKind::kDyn, TypeKind::kDyn))},
      {"null_type", of_type(TypeKind::kNull)},
      {"type", of_type(TypeKind::kType)},
      {"optional_type", of_type(Type::optional(TypeKind::kDyn))},
      {"net.IP", of_type(TypeKind::kIp)},
      {"net.CIDR", of_type(TypeKind::kCidr)},
      {"google.protobuf.Timestamp", of_type(TypeKind::kTimestamp)},
      {"google.protobuf.Duration", of_type(TypeKind::kDuration)},
  };
  return kNames;
}

Checked Checker::run() {
  visit(ast_.root);
  check_result();
  Checked out;
  for (Info& each : info_) each.type = types_.resolve(each.type, true);
  out.info = std::move(info_);
  out.type = out.info[ast_.root].type;
  return out;
}

const Type& Checker::visit(NodeId id) {
  Type type = dispatch(id);
  // Unchecked, nothing is known before it runs; the names have been resolved all the same.
  info_[id].type = options_.check ? std::move(type) : Type(TypeKind::kDyn);
  return info_[id].type;
}

Type Checker::dispatch(NodeId id) {
  switch (ast_.at(id).kind) {
    case NodeKind::kLiteral:
      return literal(id);
    case NodeKind::kIdent:
    case NodeKind::kSelect:
      return name(id);
    case NodeKind::kHas:
      return has(id);
    case NodeKind::kIndex:
      return index(id);
    case NodeKind::kCall:
    case NodeKind::kMemberCall:
      return call(id);
    case NodeKind::kUnary:
      return unary(id);
    case NodeKind::kBinary:
      return binary(id);
    case NodeKind::kAnd:
    case NodeKind::kOr:
      return logic(id);
    case NodeKind::kConditional:
      return conditional(id);
    case NodeKind::kList:
      return list(id);
    case NodeKind::kMap:
      return map(id);
    case NodeKind::kLoop:
      return loop(id);
    case NodeKind::kBind:
      return bind(id);
    case NodeKind::kEntry:
      return entry(id);
  }
  return TypeKind::kDyn;
}

Type Checker::literal(NodeId id) {
  return type_of_kind(ast_.at(id).literal.kind());
}

std::optional<std::uint32_t> Checker::local(std::string_view name) const {
  for (std::size_t i = locals_.size(); i-- > 0;) {
    if (locals_[i] == name) return std::uint32_t(i);
  }
  return std::nullopt;
}

std::vector<std::pair<NodeId, std::string_view>> Checker::path_of(NodeId id) const {
  std::vector<std::pair<NodeId, std::string_view>> out;
  NodeId at = id;
  for (;;) {
    const Node& node = ast_.at(at);
    out.emplace_back(at, node.name);
    if (node.kind == NodeKind::kIdent) break;
    if (node.kind != NodeKind::kSelect && node.kind != NodeKind::kHas) return {};
    if (node.optional && at != id) return {};
    at = ast_.child(at, 0);
  }
  std::reverse(out.begin(), out.end());
  const bool shadowed = !ast_.at(out[0].first).rooted && local(out[0].second).has_value();
  return shadowed ? std::vector<std::pair<NodeId, std::string_view>>{} : out;
}

// Takes the whole path as one name, looked up from the innermost namespace outwards.
bool Checker::resolve_path(NodeId id, const std::vector<std::pair<NodeId, std::string_view>>& path,
                           bool rooted) {
  const std::string name = joined(path, path.size());
  std::string container = rooted ? "" : schema_.container();
  for (;;) {
    const std::string full = container.empty() ? name : container + "." + name;
    if (const auto slot = schema_.slot(full)) {
      info_[id].meaning = Meaning::kSlot;
      info_[id].index = *slot;
      return true;
    }
    const auto& types = type_names();
    const auto type =
        std::find_if(types.begin(), types.end(), [&](const TypeName& t) { return t.name == full; });
    if (type != types.end()) {
      info_[id].meaning = Meaning::kTypeName;
      info_[id].index = std::uint32_t(type - types.begin());
      return true;
    }
    if (container.empty()) return false;
    const std::size_t dot = container.rfind('.');
    container = dot == std::string::npos ? "" : container.substr(0, dot);
  }
}

// An identifier, or a select that may be a declared path as a whole.
Type Checker::name(NodeId id) {
  const Node& node = ast_.at(id);
  if (node.kind == NodeKind::kIdent && !node.rooted) {
    if (const auto at = local(node.name)) {
      info_[id].meaning = Meaning::kLocal;
      info_[id].index = *at;
      info_[id].binder = binders_[*at];
      return local_types_[*at];
    }
  }
  const auto path = path_of(id);
  if (path.empty()) return field(id, visit(ast_.child(id, 0)));
  if (resolve_path(id, path, ast_.at(path[0].first).rooted)) {
    if (info_[id].meaning != Meaning::kSlot) return type_names()[info_[id].index].type;
    const Type& type = schema_.variables()[info_[id].index].type;
    return node.optional ? Type::optional(type) : type;
  }
  // A field of something that a shorter part names?
  std::vector<std::pair<NodeId, std::string_view>> shorter = path;
  for (shorter.pop_back(); !shorter.empty(); shorter.pop_back()) {
    if (resolve_path(shorter.back().first, shorter, ast_.at(path[0].first).rooted)) {
      return field(id, visit(ast_.child(id, 0)));
    }
  }
  return unknown_name(id);
}

Type Checker::unknown_name(NodeId id) {
  info_[id].meaning = Meaning::kUnknown;
  const auto path = path_of(id);
  const std::string name = joined(path, path.size());
  std::vector<std::string> known;
  std::string fields;
  for (const Variable& variable : schema_.variables()) {
    known.push_back(variable.path);
    if (variable.path.rfind(name + ".", 0) == 0 && fields.size() < 60) {
      fields += (fields.empty() ? "" : ", ") + variable.path;
    }
  }
  known.insert(known.end(), locals_.begin(), locals_.end());
  const std::uint32_t at = ast_.at(path[0].first).begin;
  if (!fields.empty()) {
    return complain(at, "'" + name + "' alone has no value", "name one of its fields: " + fields);
  }
  // Names are written small; what is not was meant as a text.
  const bool shouted = name.find_first_of("abcdefghijklmnopqrstuvwxyz.") == std::string::npos;
  return complain(at, "unknown name '" + name + "'",
                  shouted ? "a text stands in quotes: '" + name + "'" : did_you_mean(name, known));
}

// `.` and `.?`; through an optional they are the same, and give one.
Type Checker::field(NodeId id, const Type& of) {
  const Type type = types_.resolve(of);
  const bool through = type.kind == TypeKind::kOptional;
  Type out = plain_field(id, through ? types_.resolve(type.params[0]) : type);
  return through || ast_.at(id).optional ? Type::optional(std::move(out)) : out;
}

Type Checker::plain_field(NodeId id, const Type& type) {
  const Node& node = ast_.at(id);
  switch (type.kind) {
    case TypeKind::kDyn:
    case TypeKind::kParam:
      return TypeKind::kDyn;
    case TypeKind::kMap:
      if (types_.accept(type.params[0], TypeKind::kString)) return type.params[1];
      return complain(node.mark, "the keys of this map are of type " + shown(type.params[0]),
                      "write map[key]");
    default:
      return complain(node.mark, a_type(type) + " has no field '" + std::string(node.name) + "'",
                      type.kind == TypeKind::kTimestamp
                          ? "ask for a part of it: .getHours('Europe/Paris')"
                          : "");
  }
}

Type Checker::has(NodeId id) {
  const auto path = path_of(id);
  if (!path.empty() && resolve_path(id, path, ast_.at(path[0].first).rooted)) {
    return TypeKind::kBool;
  }
  const NodeId child = ast_.child(id, 0);
  const std::size_t before = complaints_.count();
  if (!path.empty()) {
    auto shorter = path;
    bool found = false;
    for (shorter.pop_back(); !shorter.empty() && !found; shorter.pop_back()) {
      found = resolve_path(shorter.back().first, shorter, ast_.at(path[0].first).rooted);
    }
    if (!found) {
      unknown_name(id);
      // When it runs, the operand is what fails.
      info_[id].meaning = Meaning::kNone;
      if (complaints_.count() > before) return TypeKind::kBool;
    }
  }
  field(id, visit(child));
  return TypeKind::kBool;
}

Type Checker::list(NodeId id) {
  const auto items = ast_.children(id);
  Type element = types_.fresh();
  bool first = true;
  for (const NodeId item : items) {
    const Type type = visit(item);
    element = first ? type : types_.join(element, type);
    first = false;
  }
  return Type::list(element, std::uint32_t(items.size()));
}

Type Checker::map(NodeId id) {
  const auto items = ast_.children(id);
  Type key = types_.fresh();
  Type value = types_.fresh();
  for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
    const Type k = types_.resolve(visit(items[i]));
    const Type v = visit(items[i + 1]);
    const bool fits = k.kind == TypeKind::kDyn || k.kind == TypeKind::kParam ||
                      k.kind == TypeKind::kBool || k.kind == TypeKind::kInt ||
                      k.kind == TypeKind::kUint || k.kind == TypeKind::kString;
    if (!fits) {
      complain(ast_.at(items[i]).begin,
               "a map's key is a bool, int, uint or string, not " + shown(k));
    }
    key = i == 0 ? k : types_.join(key, k);
    value = i == 0 ? v : types_.join(value, v);
  }
  return Type::map(key, value, std::uint32_t(items.size() / 2));
}

Type Checker::conditional(NodeId id) {
  want_bool(ast_.child(id, 0), "the condition of ? :");
  const NodeId left = ast_.child(id, 1);
  const NodeId right = ast_.child(id, 2);
  const Type yes = types_.resolve(visit(left));
  const Type no = types_.resolve(visit(right));
  if (yes.kind == TypeKind::kDyn || no.kind == TypeKind::kDyn) return TypeKind::kDyn;
  if (types_.accept(yes, no)) return types_.join(yes, no);
  if (types_.accept(no, yes)) return types_.join(no, yes);
  std::string fix = no.kind == TypeKind::kDouble ? literal_fix(left) : "";
  if (fix.empty() && yes.kind == TypeKind::kDouble) fix = literal_fix(right);
  return complain(ast_.at(id).mark,
                  "? : gives " + shown(yes) + " or " + shown(no) + ", but must give one type", fix);
}

Checked check(const Ast& ast, const Schema& schema, const Options& options,
              Complaints& complaints) {
  return Checker(ast, schema, options, complaints).run();
}

}  // namespace millwright::cel
