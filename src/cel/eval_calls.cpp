// Calls of functions, with the kinds of their arguments looked at first.
#include <re2/re2.h>

#include <array>

#include "cel/evaluators.hpp"

namespace millwright::cel {
namespace {

constexpr std::uint32_t kMostArguments = 8;

bool fits(const Target& target, const Value* arguments) {
  for (std::size_t i = 0; i < target.kinds.size(); ++i) {
    if (target.kinds[i] != Kind::kAbsent && target.kinds[i] != arguments[i].kind()) return false;
  }
  return true;
}

Value call_with(const Code& code, Frame& frame, Value* arguments) {
  for (std::uint32_t i = 0; i < code.count; ++i) {
    arguments[i] = code.kids[i]->eval(*code.kids[i], frame);
    if (arguments[i].is_error() || arguments[i].is(Kind::kUnknown)) return arguments[i];
  }
  for (std::uint32_t t = 0; t < code.target_count; ++t) {
    if (!fits(code.targets[t], arguments)) continue;
    return code.targets[t].body(frame.context, {arguments, code.count}).at_node(code.node);
  }
  return no_overload().at_node(code.node);
}

}  // namespace

Value eval_call(const Code& code, Frame& frame) {
  std::array<Value, kMostArguments> arguments;
  if (code.count <= kMostArguments) return call_with(code, frame, arguments.data());
  auto* many = frame.context.arena().allocate_array<Value>(code.count);
  return many == nullptr ? memory_limit().at_node(code.node) : call_with(code, frame, many);
}

Value eval_unknown_function(const Code& code, Frame& /*frame*/) {
  return Value::error(ErrorCode::kNoSuchFunction).at_node(code.node);
}

Value eval_matches(const Code& code, Frame& frame) {
  const Value text = code.a->eval(*code.a, frame);
  if (text.is_error() || text.is(Kind::kUnknown)) return text;
  if (!text.is(Kind::kString)) return no_overload().at_node(code.node);
  if (!spend_text(frame.context, text.as_text().size())) return step_limit().at_node(code.node);
  const re2::StringPiece piece(text.as_text().data(), text.as_text().size());
  return Value::boolean(re2::RE2::PartialMatch(piece, *code.pattern));
}

Value eval_time_part(const Code& code, Frame& frame) {
  const Value time = code.a->eval(*code.a, frame);
  if (time.is_error() || time.is(Kind::kUnknown)) return time;
  if (!time.is(Kind::kTimestamp)) return no_overload().at_node(code.node);
  const std::int64_t local =
      time.timestamp_seconds() + offset_at(*code.zone, time.timestamp_seconds());
  return Value::integer(time_part(TimePart(code.slot), local, time.timestamp_ns()));
}

}  // namespace millwright::cel
