// The generator's constants, loops and bindings.
#include <algorithm>
#include <array>

#include "cel/evaluators.hpp"
#include "cel/generator_state.hpp"

namespace millwright::cel {
namespace {

constexpr std::size_t kMostElements = 1'000;  // of a constant that is worked out beforehand

}  // namespace

Made Generator::constant(NodeId id, const Value& value) {
  Code code;
  code.eval = eval_constant;
  code.label = value.is_error() ? "constant error" : "constant";
  code.constant = value;
  return emit(code, id, {});
}

// What the node gives whatever the event is; false if that hangs on slots or loops, takes too much,
// or is too large to keep.
bool Generator::beforehand(const Made& made, Value& out) {
  std::array<Value, kMaxLocals> locals;
  std::uint64_t unknown = made.needs.locals;
  for (const auto& [local, value] : known_) {
    locals[local] = value;
    unknown &= ~(std::uint64_t(1) << local);
  }
  if (made.needs.slots || unknown != 0) return false;
  Arena arena;
  Frame frame{Context(arena, options_.steps), nullptr, locals.data(), nullptr};
  const Value value = made.code->eval(*made.code, frame);
  return !is_overrun(value) && pool_.own(value, kMostElements, out);
}

// The value instead of the way to it; errors too, so that `x || 1/0 > 0` still works.
Made Generator::folded(NodeId id, Made made, std::size_t codes, std::size_t kids) {
  Value value;
  if (!beforehand(made, value)) return made;
  // Everything that was made for this node is at the end.
  block_.codes.resize(codes);
  block_.kids.resize(kids);
  return constant(id, value);
}

Made Generator::membership(NodeId id) {
  const Made made = with_two(id, eval_in, "in");
  Code& code = *made.code;
  if (code.b->eval != eval_constant || !code.b->constant.is(Kind::kList)) return made;
  const auto items = code.b->constant.as_list();
  constexpr std::size_t kWorthSorting = 4;
  const bool texts =
      std::all_of(items.begin(), items.end(), [](const Value& v) { return v.is(Kind::kString); });
  if (!texts || items.size() < kWorthSorting) return made;
  std::vector<Value>& sorted = pool_.lists.emplace_back(items.begin(), items.end());
  std::sort(sorted.begin(), sorted.end(),
            [](const Value& a, const Value& b) { return a.as_text() < b.as_text(); });
  code.constant = Value::list(sorted);
  code.eval = eval_in_texts;
  code.label = "in sorted texts";
  return made;
}

Made Generator::loop(NodeId id) {
  const std::uint32_t local = checked_.info[id].index;
  const bool two = !ast_.at(id).name2.empty();
  Code code;
  Needs needs;
  const Code** const parts[] = {&code.a, &code.b, &code.c};
  for (std::uint32_t i = 0; i < ast_.at(id).count; ++i) {
    const Made part = make(ast_.child(id, i));
    *parts[i] = part.code;
    needs = needs | part.needs;
  }
  needs.locals &= ~(std::uint64_t(two ? 3 : 1) << local);
  code.eval = loop_evaluator(ast_.at(id).loop);
  code.label = "loop";
  code.slot = local;
  code.two = two;
  return emit(code, id, needs);
}

Made Generator::bind(NodeId id) {
  const std::uint32_t local = checked_.info[id].index;
  const Made bound = make(ast_.child(id, 0));
  Value value;
  const bool known = beforehand(bound, value);
  if (known) known_[local] = value;
  const Made body = make(ast_.child(id, 1));
  if (known) known_.erase(local);
  Code code;
  code.eval = eval_bind;
  code.label = "bind";
  code.slot = local;
  code.a = bound.code;
  code.b = body.code;
  Needs needs = body.needs;
  needs.locals &= ~(std::uint64_t(1) << local);
  return emit(code, id, bound.needs | needs);
}

}  // namespace millwright::cel
