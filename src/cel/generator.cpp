#include "cel/generator.hpp"

#include <re2/re2.h>

#include <algorithm>

#include "cel/evaluators.hpp"
#include "cel/generator_state.hpp"
#include "millwright/base/check.hpp"

namespace millwright::cel {

Kind kind_of(const Type& type) {
  switch (type.kind) {
    case TypeKind::kNull:
      return Kind::kNull;
    case TypeKind::kBool:
      return Kind::kBool;
    case TypeKind::kInt:
      return Kind::kInt;
    case TypeKind::kUint:
      return Kind::kUint;
    case TypeKind::kDouble:
      return Kind::kDouble;
    case TypeKind::kString:
      return Kind::kString;
    case TypeKind::kBytes:
      return Kind::kBytes;
    case TypeKind::kTimestamp:
      return Kind::kTimestamp;
    case TypeKind::kDuration:
      return Kind::kDuration;
    case TypeKind::kList:
      return Kind::kList;
    case TypeKind::kMap:
      return Kind::kMap;
    case TypeKind::kType:
      return Kind::kType;
    case TypeKind::kOptional:
      return Kind::kOptional;
    case TypeKind::kIp:
      return Kind::kIp;
    case TypeKind::kCidr:
      return Kind::kCidr;
    case TypeKind::kDyn:
    case TypeKind::kParam:
      return Kind::kAbsent;
  }
  return Kind::kAbsent;
}

Block Generator::run() {
  // Room for every node, its trace and the last check; nodes point at each other, so it never
  // grows.
  block_.codes.reserve(ast_.nodes.size() * 2 + 2);
  block_.kids.reserve(ast_.edges.size() + 1);
  Made root = make(ast_.root);
  if (options_.result != Kind::kAbsent) {
    Code code;
    code.eval = eval_result_kind;
    code.label = "check the result's type";
    code.a = root.code;
    code.kind = options_.result;
    root = emit(code, ast_.root, root.needs);
  }
  block_.root = root.code;
  return std::move(block_);
}

Made Generator::make(NodeId id) {
  const std::size_t codes = block_.codes.size();
  const std::size_t kids = block_.kids.size();
  Made made = dispatch(id);
  if (options_.fold && made.needs.nothing() && made.code->eval != eval_constant) {
    made = folded(id, made, codes, kids);
  }
  const NodeKind kind = ast_.at(id).kind;
  const bool shown =
      kind != NodeKind::kLiteral && kind != NodeKind::kEntry && made.code->eval != eval_constant;
  return options_.traced && shown ? traced(id, made) : made;
}

Made Generator::traced(NodeId id, Made made) {
  const Node& node = ast_.at(id);
  Code code;
  code.eval = eval_traced;
  code.label = "trace";
  code.a = made.code;
  code.constant = Value::string(source_.substr(node.begin, node.end - node.begin));
  return emit(code, id, made.needs);
}

Made Generator::emit(Code code, NodeId id, Needs needs) {
  MW_CHECK(block_.codes.size() < block_.codes.capacity());
  code.node = id;
  block_.codes.push_back(code);
  return {&block_.codes.back(), needs};
}

Made Generator::dispatch(NodeId id) {
  switch (ast_.at(id).kind) {
    case NodeKind::kLiteral: {
      Code code;
      code.eval = eval_constant;
      code.label = "constant";
      code.constant = ast_.at(id).literal;
      return emit(code, id, {});
    }
    case NodeKind::kIdent:
    case NodeKind::kSelect:
      return name(id);
    case NodeKind::kHas:
      return has(id);
    case NodeKind::kIndex:
      return ast_.at(id).optional ? with_two(id, eval_opt_index, "optional index")
                                  : with_two(id, eval_index, "index");
    case NodeKind::kCall:
    case NodeKind::kMemberCall:
      return call(id);
    case NodeKind::kUnary:
      return ast_.at(id).op == Op::kNot ? with_one(id, eval_not, "not")
                                        : with_one(id, eval_negate, "negate");
    case NodeKind::kBinary:
      return ast_.at(id).op == Op::kIn ? membership(id) : binary(id);
    case NodeKind::kAnd:
    case NodeKind::kOr:
      return logic(id);
    case NodeKind::kConditional:
      return conditional(id);
    case NodeKind::kList:
      return with_kids(id, eval_list, "list", ast_.children(id));
    case NodeKind::kMap:
      return with_kids(id, eval_map, "map", ast_.children(id));
    case NodeKind::kLoop:
      return loop(id);
    case NodeKind::kBind:
      return bind(id);
    case NodeKind::kEntry:
      return with_one(id, eval_entry, "entry");
  }
  MW_CHECK(false);
  return {};
}

Made Generator::slot(NodeId id, Eval eval, const char* label) {
  Code code;
  code.eval = eval;
  code.label = label;
  code.slot = checked_.info[id].index;
  code.operand = id;
  code.kind = kind_of(schema_.variables()[code.slot].type);
  return emit(code, id, {true, 0});
}

Made Generator::name(NodeId id) {
  const Info& info = checked_.info[id];
  Code code;
  switch (info.meaning) {
    case Meaning::kSlot:
      return ast_.at(id).optional ? slot(id, eval_opt_slot, "optional slot")
                                  : slot(id, eval_slot, "slot");
    case Meaning::kLocal:
      if (options_.fold && known_.count(info.index) > 0) return constant(id, known_[info.index]);
      code.eval = eval_local;
      code.label = "local";
      code.slot = info.index;
      return emit(code, id, {false, std::uint64_t(1) << info.index});
    case Meaning::kTypeName:
      code.eval = eval_constant;
      code.label = "type";
      code.constant = Value::type(type_names()[info.index].name);
      return emit(code, id, {});
    case Meaning::kUnknown:
      code.eval = eval_unknown_name;
      code.label = "unknown name";
      return emit(code, id, {});
    case Meaning::kNone:
      break;
  }
  const Made of = make(ast_.child(id, 0));
  code.eval = ast_.at(id).optional ? eval_opt_select : eval_select;
  code.label = ast_.at(id).optional ? "optional field" : "field";
  code.a = of.code;
  code.constant = Value::string(ast_.at(id).name);
  return emit(code, id, of.needs);
}

Made Generator::has(NodeId id) {
  if (checked_.info[id].meaning == Meaning::kSlot) return slot(id, eval_has_slot, "has slot");
  const Made of = make(ast_.child(id, 0));
  Code code;
  code.eval = eval_has_key;
  code.label = "has field";
  code.a = of.code;
  code.constant = Value::string(ast_.at(id).name);
  return emit(code, id, of.needs);
}

Made Generator::with_one(NodeId id, Eval eval, const char* label) {
  const Made a = make(ast_.child(id, 0));
  Code code;
  code.eval = eval;
  code.label = label;
  code.a = a.code;
  return emit(code, id, a.needs);
}

Made Generator::with_two(NodeId id, Eval eval, const char* label) {
  const Made a = make(ast_.child(id, 0));
  const Made b = make(ast_.child(id, 1));
  Code code;
  code.eval = eval;
  code.label = label;
  code.a = a.code;
  code.b = b.code;
  return emit(code, id, a.needs | b.needs);
}

Made Generator::with_kids(NodeId id, Eval eval, const char* label,
                          std::span<const NodeId> children) {
  std::vector<const Code*> made;
  Needs needs;
  for (const NodeId child : children) {
    const Made each = make(child);
    made.push_back(each.code);
    needs = needs | each.needs;
  }
  Code code;
  code.eval = eval;
  code.label = label;
  code.count = std::uint32_t(made.size());
  MW_CHECK(block_.kids.size() + made.size() <= block_.kids.capacity());
  code.kids = block_.kids.data() + block_.kids.size();
  block_.kids.insert(block_.kids.end(), made.begin(), made.end());
  return emit(code, id, needs);
}

Made Generator::binary(NodeId id) {
  const Op op = ast_.at(id).op;
  const OperatorForm& form = operator_form(op);
  const std::size_t codes = block_.codes.size();
  const Made a = make(ast_.child(id, 0));
  const Made b = make(ast_.child(id, 1));
  const bool doubles = type(id, 0) == TypeKind::kDouble;
  // A whole number beside a double is that double.
  Code& right = *b.code;
  if (doubles && right.eval == eval_constant && right.constant.is(Kind::kInt) && is_relation(op)) {
    right.constant = Value::number(double(right.constant.as_int()));
  }
  const bool from_slot = a.code->eval == eval_slot && right.eval == eval_constant;
  const bool both =
      doubles && (type(id, 1) == TypeKind::kDouble || right.constant.is(Kind::kDouble));
  Code code;
  code.label = op_text(op).data();
  code.slot = a.code->slot;
  code.kind = a.code->kind;
  if (from_slot && doubles && right.constant.is(Kind::kDouble) && op != Op::kModulo) {
    code.eval = form.slot_constant;
  } else if (from_slot && form.texts != nullptr && type(id, 0) == TypeKind::kString &&
             right.constant.is(Kind::kString)) {
    code.eval = form.texts;
  } else {
    code.eval = both && op != Op::kModulo ? form.doubles : form.general;
    code.a = a.code;
    code.b = b.code;
    return emit(code, id, a.needs | b.needs);
  }
  code.constant = right.constant;
  code.operand = a.code->node;
  const Needs needs = a.needs | b.needs;
  block_.codes.resize(codes);  // both operands are in the fused node
  return emit(code, id, needs);
}

Made Generator::logic(NodeId id) {
  const bool is_and = ast_.at(id).kind == NodeKind::kAnd;
  const auto terms = ast_.children(id);
  if (terms.size() == 2) return with_two(id, is_and ? eval_and2 : eval_or2, is_and ? "&&" : "||");
  return with_kids(id, is_and ? eval_and : eval_or, is_and ? "&&" : "||", terms);
}

Made Generator::conditional(NodeId id) {
  const Made condition = make(ast_.child(id, 0));
  // A branch that can never be taken is not even made.
  if (options_.fold && condition.code->eval == eval_constant &&
      condition.code->constant.is(Kind::kBool)) {
    return make(ast_.child(id, condition.code->constant.as_bool() ? 1 : 2));
  }
  const Made yes = make(ast_.child(id, 1));
  const Made no = make(ast_.child(id, 2));
  Code code;
  code.eval = eval_conditional;
  code.label = "? :";
  code.a = condition.code;
  code.b = yes.code;
  code.c = no.code;
  return emit(code, id, condition.needs | yes.needs | no.needs);
}

Block generate(const Ast& ast, const Checked& checked, const Schema& schema,
               std::string_view source, const GeneratorOptions& options, Pool& pool,
               Complaints& complaints) {
  return Generator(ast, checked, schema, source, options, pool, complaints).run();
}

}  // namespace millwright::cel
