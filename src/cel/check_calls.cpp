// The checker's functions.
#include <algorithm>
#include <array>

#include "cel/checker_state.hpp"
#include "cel/format.hpp"
#include "cel/function_rows.hpp"
#include "cel/generator.hpp"
#include "cel/text.hpp"
#include "cel/time.hpp"

namespace millwright::cel {
namespace {

bool takes(const FunctionSpec& spec, std::size_t args) {
  return spec.variadic ? args >= spec.params.size() : args == spec.params.size();
}
const Type& param(const FunctionSpec& spec, std::size_t i) {
  return spec.params[std::min(i, spec.params.size() - 1)];
}

std::string list_of(const std::vector<const FunctionSpec*>& specs) {
  std::string out;
  for (std::size_t i = 0; i < specs.size() && i < 8; ++i) {
    const FunctionSpec& spec = *specs[i];
    if (i > 0) out += ", ";
    std::string args;
    for (std::size_t p = spec.member ? 1 : 0; p < spec.params.size(); ++p) {
      args += (args.empty() ? "" : ", ") + to_text(spec.params[p]);
    }
    if (spec.variadic) args += ", ...";
    out += (spec.member ? to_text(spec.params[0]) + "." : "") + spec.name + "(" + args + ")";
  }
  return out;
}

struct Macro {
  std::string_view name;
  const char* use;
};
constexpr std::array kMacros{
    Macro{"has", "has(signal.score)"},
    Macro{"all", "list.all(x, x > 0.0)"},
    Macro{"exists", "list.exists(x, x > 0.0)"},
    Macro{"exists_one", "list.exists_one(x, x > 0.0)"},
    Macro{"map", "list.map(x, x * 2.0)"},
    Macro{"filter", "list.filter(x, x > 0.0)"},
    Macro{"existsOne", "list.existsOne(x, x > 0.0)"},
    Macro{"transformList", "list.transformList(i, x, x * 2.0)"},
    Macro{"transformMap", "map.transformMap(key, x, x * 2.0)"},
    Macro{"transformMapEntry", "map.transformMapEntry(key, x, {x: key})"},
    Macro{"sortBy", "list.sortBy(x, x.name)"},
    Macro{"optMap", "optional.optMap(x, x * 2.0)"},
    Macro{"optFlatMap", "optional.optFlatMap(x, x.?name)"},
};

// How a macro is used, or null if the name is none's.
const char* macro_use(std::string_view name) {
  for (const Macro& macro : kMacros) {
    if (macro.name == name) return macro.use;
  }
  return nullptr;
}

// What other languages call it.
struct OtherName {
  std::string_view name;
  const char* here;
};
constexpr std::array kOtherNames{
    OtherName{"upper", "text.upperAscii()"},
    OtherName{"toUpperCase", "text.upperAscii()"},
    OtherName{"lower", "text.lowerAscii()"},
    OtherName{"toLowerCase", "text.lowerAscii()"},
    OtherName{"len", "size(list)"},
    OtherName{"length", "list.size()"},
    OtherName{"count", "list.size()"},
    OtherName{"isEmpty", "list.size() == 0"},
    OtherName{"strip", "text.trim()"},
    OtherName{"substr", "text.substring(0, 3)"},
    OtherName{"includes", "text.contains(part)"},
    OtherName{"any", "list.exists(x, x > 0.0)"},
    OtherName{"min", "math.least(a, b)"},
    OtherName{"max", "math.greatest(a, b)"},
    OtherName{"sqrt", "math.sqrt(x)"},
    OtherName{"coalesce", "a.?b.orValue(0.0)"},
    OtherName{"let", "cel.bind(x, value, result)"},
};

std::string counted(std::size_t count, const char* what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

}  // namespace

std::vector<const FunctionSpec*> Checker::candidates(std::string_view name, bool member,
                                                     std::size_t args) const {
  std::vector<const FunctionSpec*> out;
  const auto look = [&](const FunctionSpec& spec) {
    if (spec.member == member && (args == SIZE_MAX || takes(spec, args))) out.push_back(&spec);
  };
  for (const FunctionSpec& spec : schema_.functions()) {
    if (spec.name == name) look(spec);
  }
  for (const FunctionSpec* spec : standard_named(name)) look(*spec);
  return out;
}

std::vector<std::string> Checker::function_names(bool member) const {
  std::vector<std::string> out;
  for (const auto* in : {&schema_.functions(), &standard_functions()}) {
    for (const FunctionSpec& spec : *in) {
      if (spec.member == member) out.push_back(spec.name);
    }
  }
  for (const char* macro :
       {"all", "exists", "exists_one", "map", "filter", "existsOne", "transformList",
        "transformMap", "transformMapEntry", "sortBy", "optMap", "optFlatMap"}) {
    if (member) out.emplace_back(macro);
  }
  for (const char* macro : {"has", "cel.bind"}) {
    if (!member) out.emplace_back(macro);
  }
  return out;
}

// math.abs(x): the target is part of the name if there is such a function.
bool Checker::qualify(NodeId id) {
  const auto path = path_of(ast_.child(id, 0));
  if (path.empty()) return false;
  std::string name;
  for (const auto& part : path) name += std::string(part.second) + ".";
  name += ast_.at(id).name;
  const auto all = candidates(name, false, SIZE_MAX);
  if (all.empty()) return false;
  info_[id].qualified = true;
  const auto args = ast_.children(id).subspan(1);
  overload(id, name, all, {args.begin(), args.end()});
  return true;
}

// math.gretest(x): the target is a namespace of functions, but this one is not in it.
bool Checker::unknown_qualified(NodeId id) {
  const auto path = path_of(ast_.child(id, 0));
  if (path.size() != 1 || schema_.slot(path[0].second) || !options_.check) return false;
  const std::string space = std::string(path[0].second) + ".";
  std::vector<std::string> inside;
  for (const std::string& name : function_names(false)) {
    if (name.rfind(space, 0) == 0) inside.push_back(name);
  }
  if (inside.empty()) return false;
  const std::string name = space + std::string(ast_.at(id).name);
  complain(ast_.at(id).mark, "unknown function '" + name + "'", did_you_mean(name, inside));
  return true;
}

Type Checker::call(NodeId id) {
  const Node& node = ast_.at(id);
  const bool member = node.kind == NodeKind::kMemberCall;
  if (member && qualify(id)) return info_[id].type;
  if (member && unknown_qualified(id)) return TypeKind::kDyn;
  const auto children = ast_.children(id);
  const std::vector<NodeId> args(children.begin(), children.end());
  std::vector<const FunctionSpec*> all = candidates(node.name, member, SIZE_MAX);
  if (all.empty()) {
    // The variables of a macro that is not one would only be complained of too.
    const bool misused = options_.check && macro_use(node.name) != nullptr;
    for (const NodeId arg : args) {
      if (!misused) visit(arg);
    }
    return unknown_function(id, node.name, member);
  }
  return overload(id, node.name, all, args);
}

Type Checker::overload(NodeId id, std::string_view name,
                       const std::vector<const FunctionSpec*>& all,
                       const std::vector<NodeId>& args) {
  std::vector<Type> given;
  given.reserve(args.size());
  for (const NodeId arg : args) given.push_back(visit(arg));
  std::vector<Type> results;
  std::optional<Inference::Saved> bound;
  const Inference::Saved before = types_.save();
  for (const FunctionSpec* spec : all) {
    if (!takes(*spec, args.size())) continue;
    std::vector<std::pair<std::uint32_t, Type>> names;
    bool fits = true;
    for (std::size_t i = 0; i < args.size() && fits; ++i) {
      fits = !options_.check || types_.accept(types_.instantiate(param(*spec, i), names), given[i]);
    }
    if (fits) {
      info_[id].overloads.push_back(spec);
      results.push_back(types_.resolve(types_.instantiate(spec->result, names)));
      bound = types_.save();
    }
    types_.restore(before);
  }
  if (results.size() == 1) types_.restore(*bound);
  check_constants(id, name, args);
  Type result = results.empty() ? Type(TypeKind::kDyn) : results[0];
  for (const Type& each : results) {
    if (!(each == result)) result = TypeKind::kDyn;
  }
  if (name == "math.greatest" || name == "math.least") result = extreme(id, args, given);
  if (name == "sort" && result.kind == TypeKind::kList) {
    const Type element = types_.resolve(result.params[0]);
    if (!is_open(element) && !has_order(element)) {
      complain(ast_.at(id).mark, "sort() takes elements that have an order, not " + shown(element),
               "write sortBy(x, ...)");
    }
  }
  info_[id].type = result;
  if (!results.empty()) return result;
  std::string shown_args;
  const std::size_t skip = ast_.at(id).kind == NodeKind::kMemberCall && !info_[id].qualified;
  for (std::size_t i = skip; i < args.size(); ++i) {
    shown_args += (shown_args.empty() ? "" : ", ") + shown(given[i]);
  }
  const std::string on = skip > 0 ? shown(given[0]) + "." : "";
  return complain(ast_.at(id).mark,
                  "there is no " + on + std::string(name) + "(" + shown_args + ")",
                  double_fix(all, args, given) + "there is " + list_of(all));
}

// "write 1.0; " where a function takes a double in the place of an int literal.
std::string Checker::double_fix(const std::vector<const FunctionSpec*>& all,
                                const std::vector<NodeId>& args,
                                const std::vector<Type>& given) const {
  if (args.size() == 2 && types_.resolve(given[0]) == Type::optional(TypeKind::kDouble)) {
    const std::string fix = literal_fix(args[1]);
    if (!fix.empty()) return fix + "; ";
  }
  for (std::size_t i = 0; i < args.size(); ++i) {
    const std::string fix = literal_fix(args[i]);
    if (fix.empty()) continue;
    for (const FunctionSpec* spec : all) {
      const bool fits =
          spec->params.size() == args.size() && spec->params[i].kind == TypeKind::kDouble;
      if (fits) return fix + "; ";
    }
  }
  return "";
}

Type Checker::unknown_function(NodeId id, std::string_view name, bool member) {
  if (const char* use = macro_use(name)) {
    return complain(ast_.at(id).mark, "'" + std::string(name) + "' is not used so",
                    std::string("write ") + use);
  }
  std::string fix = did_you_mean(name, function_names(member));
  for (const OtherName& other : kOtherNames) {
    if (other.name == name) fix = std::string("write ") + other.here;
  }
  if (!candidates(name, !member, SIZE_MAX).empty()) {
    fix = "write " + std::string(member ? "" : "text.") + std::string(name) + "(...)";
  }
  return complain(ast_.at(id).mark, "unknown function '" + std::string(name) + "'", fix);
}

// Patterns, zones and formats that are written out are looked at now, not when the event comes.
void Checker::check_constants(NodeId id, std::string_view name, const std::vector<NodeId>& args) {
  if (args.size() != 2 || info_[id].overloads.empty()) return;
  const Node& second = ast_.at(args[1]);
  if (name == "matches" && !is_constant(args[1])) {
    complain(second.begin, "the pattern of matches() must be written out as a text");
  }
  if (name == "format") check_format(args[0], args[1]);
  const bool zone = name.substr(0, 3) == "get" && second.kind == NodeKind::kLiteral &&
                    second.literal.is(Kind::kString);
  if (zone && !find_zone(second.literal.as_text())) {
    complain(second.begin, "there is no time zone " + to_text(second.literal),
             "write an IANA name or an offset: 'Europe/Paris', '+01:00'");
  }
}

void Checker::check_format(NodeId text, NodeId list) {
  const Node& node = ast_.at(text);
  const Node& values = ast_.at(list);
  if (node.kind != NodeKind::kLiteral || !node.literal.is(Kind::kString)) return;
  std::string_view rest = node.literal.as_text();
  std::uint32_t count = 0;
  for (;; ++count) {
    Clause clause;
    if (const char* wrong = next_clause(rest, clause)) {
      complain(node.begin, wrong, "%.2f gives a number with two decimals");
      return;
    }
    if (clause.conversion == '\0') break;
    if (values.kind != NodeKind::kList || count >= values.count) continue;
    const NodeId value = ast_.child(list, count);
    const Type type = types_.resolve(info_[value].type);
    if (is_open(type) || clause_takes(clause.conversion, kind_of(type))) continue;
    complain(ast_.at(value).begin,
             std::string("%") + clause.conversion + " takes " +
                 std::string(clause_wants(clause.conversion)) + ", not " + shown(type),
             clause.conversion == 's' ? "write .orValue(...)" : "%s takes any value");
  }
  if (values.kind == NodeKind::kList && count > values.count) {
    complain(values.begin, "the format has " + counted(count, "clause") + ", but the list has " +
                               counted(values.count, "value"));
  }
}

Type Checker::extreme(NodeId id, const std::vector<NodeId>& args, const std::vector<Type>& given) {
  std::vector<Type> types;
  for (const Type& type : given) types.push_back(types_.resolve(type));
  const bool list = types.size() == 1 && types[0].kind == TypeKind::kList;
  if (list) types[0] = types_.resolve(types[0].params[0]);
  for (std::size_t i = 0; i < types.size(); ++i) {
    if (is_open(types[i]) || is_number(types[i])) continue;
    return complain(ast_.at(args[i]).begin,
                    std::string(ast_.at(id).name) + "() takes numbers, not " + shown(given[i]));
  }
  const bool same = !types.empty() && std::all_of(types.begin(), types.end(), [&](const Type& t) {
    return t.kind == types[0].kind;
  });
  return same && !is_open(types[0]) ? types[0] : Type(TypeKind::kDyn);
}

}  // namespace millwright::cel
