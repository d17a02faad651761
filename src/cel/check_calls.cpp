// The checker's operators and functions.
#include <algorithm>
#include <array>

#include "cel/checker_state.hpp"
#include "cel/text.hpp"
#include "cel/time.hpp"

namespace millwright::cel {
namespace {

bool is_number(const Type& type) {
  return type.kind == TypeKind::kInt || type.kind == TypeKind::kUint ||
         type.kind == TypeKind::kDouble;
}
bool is_open(const Type& type) {
  return type.kind == TypeKind::kDyn || type.kind == TypeKind::kParam;
}
bool has_order(const Type& type) {
  return is_number(type) || type.kind == TypeKind::kString || type.kind == TypeKind::kBytes ||
         type.kind == TypeKind::kBool || type.kind == TypeKind::kTimestamp ||
         type.kind == TypeKind::kDuration;
}

// Which kinds an arithmetic operator takes beside equal ones, which give their own kind.
struct ArithmeticRow {
  Op op;
  TypeKind a, b, result;
};
constexpr std::array kArithmetic{
    ArithmeticRow{Op::kAdd, TypeKind::kInt, TypeKind::kInt, TypeKind::kInt},
    ArithmeticRow{Op::kAdd, TypeKind::kUint, TypeKind::kUint, TypeKind::kUint},
    ArithmeticRow{Op::kAdd, TypeKind::kDouble, TypeKind::kDouble, TypeKind::kDouble},
    ArithmeticRow{Op::kAdd, TypeKind::kString, TypeKind::kString, TypeKind::kString},
    ArithmeticRow{Op::kAdd, TypeKind::kBytes, TypeKind::kBytes, TypeKind::kBytes},
    ArithmeticRow{Op::kAdd, TypeKind::kTimestamp, TypeKind::kDuration, TypeKind::kTimestamp},
    ArithmeticRow{Op::kAdd, TypeKind::kDuration, TypeKind::kTimestamp, TypeKind::kTimestamp},
    ArithmeticRow{Op::kAdd, TypeKind::kDuration, TypeKind::kDuration, TypeKind::kDuration},
    ArithmeticRow{Op::kSubtract, TypeKind::kInt, TypeKind::kInt, TypeKind::kInt},
    ArithmeticRow{Op::kSubtract, TypeKind::kUint, TypeKind::kUint, TypeKind::kUint},
    ArithmeticRow{Op::kSubtract, TypeKind::kDouble, TypeKind::kDouble, TypeKind::kDouble},
    ArithmeticRow{Op::kSubtract, TypeKind::kTimestamp, TypeKind::kTimestamp, TypeKind::kDuration},
    ArithmeticRow{Op::kSubtract, TypeKind::kTimestamp, TypeKind::kDuration, TypeKind::kTimestamp},
    ArithmeticRow{Op::kSubtract, TypeKind::kDuration, TypeKind::kDuration, TypeKind::kDuration},
    ArithmeticRow{Op::kMultiply, TypeKind::kInt, TypeKind::kInt, TypeKind::kInt},
    ArithmeticRow{Op::kMultiply, TypeKind::kUint, TypeKind::kUint, TypeKind::kUint},
    ArithmeticRow{Op::kMultiply, TypeKind::kDouble, TypeKind::kDouble, TypeKind::kDouble},
    ArithmeticRow{Op::kDivide, TypeKind::kInt, TypeKind::kInt, TypeKind::kInt},
    ArithmeticRow{Op::kDivide, TypeKind::kUint, TypeKind::kUint, TypeKind::kUint},
    ArithmeticRow{Op::kDivide, TypeKind::kDouble, TypeKind::kDouble, TypeKind::kDouble},
    ArithmeticRow{Op::kModulo, TypeKind::kInt, TypeKind::kInt, TypeKind::kInt},
    ArithmeticRow{Op::kModulo, TypeKind::kUint, TypeKind::kUint, TypeKind::kUint},
};

std::string list_of(const std::vector<const FunctionSpec*>& specs) {
  std::string out;
  for (std::size_t i = 0; i < specs.size() && i < 8; ++i) {
    const FunctionSpec& spec = *specs[i];
    if (i > 0) out += ", ";
    std::string args;
    for (std::size_t p = spec.member ? 1 : 0; p < spec.params.size(); ++p) {
      args += (args.empty() ? "" : ", ") + to_text(spec.params[p]);
    }
    out += (spec.member ? to_text(spec.params[0]) + "." : "") + spec.name + "(" + args + ")";
  }
  return out;
}

}  // namespace

std::string Checker::literal_fix(NodeId id) const {
  const Node& node = ast_.at(id);
  const bool number = node.kind == NodeKind::kLiteral && node.literal.is(Kind::kInt);
  return number ? "write " + std::to_string(node.literal.as_int()) + ".0" : "";
}

void Checker::want_bool(NodeId id, const std::string& whose) {
  const Type type = types_.resolve(visit(id));
  if (is_open(type) || type.kind == TypeKind::kBool) return;
  std::string fix;
  if (type.kind == TypeKind::kString) fix = "compare it: ... == 'text'";
  if (is_number(type)) fix = "compare it: ... > 0";
  complain(ast_.at(id).begin, whose + " must be true or false, but this is " + shown(type), fix);
}

Type Checker::logic(NodeId id) {
  const std::string whose =
      ast_.at(id).kind == NodeKind::kAnd ? "each side of '&&'" : "each side of '||'";
  for (const NodeId term : ast_.children(id)) want_bool(term, whose);
  return TypeKind::kBool;
}

Type Checker::unary(NodeId id) {
  const NodeId operand = ast_.child(id, 0);
  if (ast_.at(id).op == Op::kNot) {
    want_bool(operand, "what '!' turns round");
    return TypeKind::kBool;
  }
  const Type type = types_.resolve(visit(operand));
  if (is_open(type) || type.kind == TypeKind::kInt || type.kind == TypeKind::kDouble) return type;
  return complain(ast_.at(id).mark, "'-' takes an int or a double, not " + shown(type));
}

Type Checker::binary(NodeId id) {
  const Type a = types_.resolve(visit(ast_.child(id, 0)));
  const Type b = types_.resolve(visit(ast_.child(id, 1)));
  switch (ast_.at(id).op) {
    case Op::kIn:
      return membership(id, a, b);
    case Op::kEqual:
    case Op::kNotEqual:
    case Op::kLess:
    case Op::kLessEqual:
    case Op::kGreater:
    case Op::kGreaterEqual:
      return relation(id, a, b);
    default:
      return arithmetic(id, a, b);
  }
}

Type Checker::arithmetic(NodeId id, const Type& a, const Type& b) {
  const Op op = ast_.at(id).op;
  if (op == Op::kAdd && a.kind == TypeKind::kList && b.kind == TypeKind::kList) {
    Type out = types_.join(a, b);
    if (out.kind != TypeKind::kList) out = Type::list(TypeKind::kDyn);
    out.max_size = a.max_size > 0 && b.max_size > 0 ? a.max_size + b.max_size : 0;
    return out;
  }
  std::vector<TypeKind> results;
  for (const ArithmeticRow& row : kArithmetic) {
    if (row.op != op) continue;
    const bool fits = (is_open(a) || a.kind == row.a) && (is_open(b) || b.kind == row.b);
    if (fits && std::find(results.begin(), results.end(), row.result) == results.end()) {
      results.push_back(row.result);
    }
  }
  const bool lists = op == Op::kAdd && (is_open(a) || a.kind == TypeKind::kList) &&
                     (is_open(b) || b.kind == TypeKind::kList);
  if (results.size() == 1 && !lists) return results[0];
  if (!results.empty() || lists) return TypeKind::kDyn;
  const std::string sign(op_text(op));
  std::string fix;
  if (is_number(a) && is_number(b)) {
    if (op == Op::kModulo && (a.kind == TypeKind::kDouble || b.kind == TypeKind::kDouble)) {
      return complain(ast_.at(id).mark, "'%' takes whole numbers only", "convert with int(...)");
    }
    if (a.kind == TypeKind::kDouble) fix = literal_fix(ast_.child(id, 1));
    if (b.kind == TypeKind::kDouble) fix = literal_fix(ast_.child(id, 0));
    if (fix.empty()) fix = "convert with double(...) or int(...)";
    return complain(ast_.at(id).mark,
                    "'" + sign + "' does not mix " + shown(a) + " and " + shown(b), fix);
  }
  if (op == Op::kAdd && (a.kind == TypeKind::kString || b.kind == TypeKind::kString)) {
    fix = "convert with string(...)";
  }
  return complain(ast_.at(id).mark, "'" + sign + "' does not take " + shown(a) + " and " + shown(b),
                  fix);
}

bool Checker::may_equal(const Type& a, const Type& b) {
  if (is_number(a) && is_number(b)) return true;
  Inference::Saved saved = types_.save();
  if (types_.accept(a, b)) return true;
  types_.restore(saved);
  if (types_.accept(b, a)) return true;
  types_.restore(std::move(saved));
  // Lists and maps of different numbers may be equal too: [1] == [1.0].
  if (a.kind != b.kind || (a.kind != TypeKind::kList && a.kind != TypeKind::kMap)) return false;
  for (std::size_t i = 0; i < a.params.size(); ++i) {
    if (!may_equal(types_.resolve(a.params[i]), types_.resolve(b.params[i]))) return false;
  }
  return true;
}

Type Checker::relation(NodeId id, const Type& a, const Type& b) {
  const Node& node = ast_.at(id);
  const std::string sign(op_text(node.op));
  if (node.op == Op::kEqual || node.op == Op::kNotEqual) {
    if (!may_equal(a, b)) {
      const bool null = a.kind == TypeKind::kNull || b.kind == TypeKind::kNull;
      complain(
          node.mark,
          "'" + sign + "' compares " + shown(a) + " with " + shown(b) + ", which are never equal",
          null ? "ask with has(...) whether a field is there" : "");
    }
    return TypeKind::kBool;
  }
  const bool both_numbers = is_number(a) && is_number(b);
  const bool fits = (is_open(a) || has_order(a)) && (is_open(b) || has_order(b)) &&
                    (is_open(a) || is_open(b) || both_numbers || a.kind == b.kind);
  if (!fits) {
    complain(node.mark, "'" + sign + "' does not compare " + shown(a) + " with " + shown(b));
  }
  return TypeKind::kBool;
}

Type Checker::membership(NodeId id, const Type& item, const Type& container) {
  const bool known = container.kind == TypeKind::kList || container.kind == TypeKind::kMap;
  if (known && !may_equal(types_.resolve(container.params[0]), item)) {
    complain(ast_.at(id).mark, "'in' looks for " + shown(item) + " in " + shown(container) +
                                   ", which never holds one");
  } else if (!known && !is_open(container)) {
    complain(ast_.at(id).mark, "'in' looks into a list or a map, not " + shown(container),
             container.kind == TypeKind::kString ? "write text.contains(part)" : "");
  }
  return TypeKind::kBool;
}

std::vector<const FunctionSpec*> Checker::candidates(std::string_view name, bool member,
                                                     std::size_t args) const {
  std::vector<const FunctionSpec*> out;
  const auto look = [&](const std::vector<FunctionSpec>& in) {
    for (const FunctionSpec& spec : in) {
      if (spec.name == name && spec.member == member &&
          (args == SIZE_MAX || spec.params.size() == args)) {
        out.push_back(&spec);
      }
    }
  };
  look(schema_.functions());
  look(standard_functions());
  return out;
}

std::vector<std::string> Checker::function_names(bool member) const {
  std::vector<std::string> out;
  for (const auto* in : {&schema_.functions(), &standard_functions()}) {
    for (const FunctionSpec& spec : *in) {
      if (spec.member == member) out.push_back(spec.name);
    }
  }
  for (const char* macro : {"all", "exists", "exists_one", "map", "filter"}) {
    if (member) out.emplace_back(macro);
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

Type Checker::call(NodeId id) {
  const Node& node = ast_.at(id);
  const bool member = node.kind == NodeKind::kMemberCall;
  if (member && qualify(id)) return info_[id].type;
  const auto children = ast_.children(id);
  const std::vector<NodeId> args(children.begin(), children.end());
  std::vector<const FunctionSpec*> all = candidates(node.name, member, SIZE_MAX);
  if (all.empty()) {
    for (const NodeId arg : args) visit(arg);
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
    if (spec->params.size() != args.size()) continue;
    std::vector<std::pair<std::uint32_t, Type>> names;
    bool fits = true;
    for (std::size_t i = 0; i < args.size() && fits; ++i) {
      fits = !options_.check || types_.accept(types_.instantiate(spec->params[i], names), given[i]);
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
                  double_fix(all, args) + "there is " + list_of(all));
}

// "write 1.0; " where a function takes a double in the place of an int literal.
std::string Checker::double_fix(const std::vector<const FunctionSpec*>& all,
                                const std::vector<NodeId>& args) const {
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
  struct Macro {
    std::string_view name;
    const char* use;
  };
  static constexpr std::array kMacros{
      Macro{"has", "has(signal.score)"},
      Macro{"all", "list.all(x, x > 0.0)"},
      Macro{"exists", "list.exists(x, x > 0.0)"},
      Macro{"exists_one", "list.exists_one(x, x > 0.0)"},
      Macro{"map", "list.map(x, x * 2.0)"},
      Macro{"filter", "list.filter(x, x > 0.0)"},
  };
  for (const Macro& macro : kMacros) {
    if (macro.name != name) continue;
    return complain(ast_.at(id).mark, "'" + std::string(name) + "' is not used so",
                    std::string("write ") + macro.use);
  }
  std::string fix = did_you_mean(name, function_names(member));
  if (!candidates(name, !member, SIZE_MAX).empty()) {
    fix = "write " + std::string(member ? "" : "text.") + std::string(name) + "(...)";
  }
  return complain(ast_.at(id).mark, "unknown function '" + std::string(name) + "'", fix);
}

// Patterns and zones that are written out are looked at now, not when the event comes.
void Checker::check_constants(NodeId id, std::string_view name, const std::vector<NodeId>& args) {
  if (args.size() != 2 || info_[id].overloads.empty()) return;
  const Node& second = ast_.at(args[1]);
  if (name == "matches" && second.kind != NodeKind::kLiteral) {
    complain(second.begin, "the pattern of matches() must be written out as a text");
  }
  const bool zone = name.substr(0, 3) == "get" && second.kind == NodeKind::kLiteral &&
                    second.literal.is(Kind::kString);
  if (zone && !find_zone(second.literal.as_text())) {
    complain(second.begin, "there is no time zone " + to_text(second.literal),
             "write an IANA name or an offset: 'Europe/Paris', '+01:00'");
  }
}

void Checker::check_result() {
  const Type got = types_.resolve(info_[ast_.root].type);
  if (is_open(options_.result) || is_open(got)) return;
  if (types_.accept(options_.result, got)) return;
  std::string fix = options_.result.kind == TypeKind::kDouble ? literal_fix(ast_.root) : "";
  if (fix.empty() && options_.result.kind == TypeKind::kDouble && is_number(got)) {
    fix = "convert with double(...)";
  }
  complain(ast_.at(ast_.root).begin,
           "this gives " + shown(got) + ", but must give " + to_text(options_.result), fix);
}

}  // namespace millwright::cel
