// The generator's calls, and the pool that compiled nodes point into.
#include <re2/re2.h>

#include <array>

#include "cel/evaluators.hpp"
#include "cel/generator_state.hpp"

namespace millwright::cel {
namespace {

constexpr std::int64_t kPatternBytes = 256 << 10;  // RE2's own budget for one program

struct PartRow {
  std::string_view name;
  TimePart part;
};
constexpr std::array kParts{
    PartRow{"getFullYear", TimePart::kFullYear},
    PartRow{"getMonth", TimePart::kMonth},
    PartRow{"getDayOfYear", TimePart::kDayOfYear},
    PartRow{"getDayOfMonth", TimePart::kDayOfMonth},
    PartRow{"getDate", TimePart::kDate},
    PartRow{"getDayOfWeek", TimePart::kDayOfWeek},
    PartRow{"getHours", TimePart::kHours},
    PartRow{"getMinutes", TimePart::kMinutes},
    PartRow{"getSeconds", TimePart::kSeconds},
    PartRow{"getMilliseconds", TimePart::kMilliseconds},
};

bool is_standard(const Info& info) {
  const auto& standard = standard_functions();
  for (const FunctionSpec* spec : info.overloads) {
    if (spec < standard.data() || spec >= standard.data() + standard.size()) return false;
  }
  return !info.overloads.empty();
}

bool own_list(Pool& pool, const Value& value, std::size_t most, Value& out) {
  const auto items = value.as_list();
  std::vector<Value> copy(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!pool.own(items[i], most, copy[i])) return false;
  }
  out = Value::list(pool.lists.emplace_back(std::move(copy)));
  return true;
}

bool own_map(Pool& pool, const Value& value, std::size_t most, Value& out) {
  const auto entries = value.as_map();
  std::vector<MapEntry> copy(entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (!pool.own(entries[i].key, most, copy[i].key)) return false;
    if (!pool.own(entries[i].value, most, copy[i].value)) return false;
  }
  out = Value::map(pool.maps.emplace_back(std::move(copy)));
  return true;
}

// Elements of a value, as far as `most`: shared parts count each time, as copying them does.
std::size_t elements(const Value& value, std::size_t most) {
  std::size_t count = 1;
  if (value.is(Kind::kList)) {
    for (const Value& each : value.as_list()) {
      if (count > most) break;
      count += elements(each, most - count);
    }
  } else if (value.is(Kind::kMap)) {
    for (const MapEntry& each : value.as_map()) {
      if (count > most) break;
      count += 1 + elements(each.value, most - count);
    }
  } else if (value.is(Kind::kOptional) && value.as_optional() != nullptr) {
    count += elements(*value.as_optional(), most - count);
  }
  return count;
}

}  // namespace

Pool::Pool() = default;
Pool::~Pool() = default;

bool Pool::own(const Value& value, std::size_t most, Value& out) {
  if (elements(value, most) > most) return false;
  switch (value.kind()) {
    case Kind::kString:
      out = Value::string(texts.emplace_back(value.as_text()));
      return true;
    case Kind::kBytes:
      out = Value::bytes(texts.emplace_back(value.as_text()));
      return true;
    case Kind::kIp:
      out = Value::ip(texts.emplace_back(value.as_text()));
      return true;
    case Kind::kCidr:
      out = Value::cidr(texts.emplace_back(value.as_text()));
      return true;
    case Kind::kOptional: {
      if (value.as_optional() == nullptr) {
        out = value;
        return true;
      }
      Value held;
      if (!own(*value.as_optional(), most, held)) return false;
      out = Value::optional_of(lists.emplace_back(1, held).data());
      return true;
    }
    case Kind::kList:
      return own_list(*this, value, most, out);
    case Kind::kMap:
      return own_map(*this, value, most, out);
    default:
      out = value;
      return true;
  }
}

Made Generator::call(NodeId id) {
  const Node& node = ast_.at(id);
  const Info& info = checked_.info[id];
  auto args = ast_.children(id);
  if (info.qualified) args = args.subspan(1);
  Made made;
  if (is_standard(info) && args.size() == 2) {
    if (node.name == "matches" && with_pattern(id, args, made)) return made;
    if (node.kind == NodeKind::kMemberCall && with_zone(id, args, made)) return made;
    if (node.kind == NodeKind::kMemberCall && node.name == "or") {
      return with_two(id, eval_or_optional, "or");
    }
    if (node.kind == NodeKind::kMemberCall && node.name == "orValue") {
      return with_two(id, eval_or_value, "orValue");
    }
  }
  const bool known = !info.overloads.empty();
  made = with_kids(id, known ? eval_call : eval_unknown_function, "call", args);
  if (!known) return made;
  std::vector<Target>& targets = pool_.targets.emplace_back();
  for (const FunctionSpec* spec : info.overloads) {
    Target target{spec->body, {}};
    for (const Type& param : spec->params) target.kinds.push_back(kind_of(param));
    targets.push_back(std::move(target));
  }
  Code& code = *made.code;
  code.targets = targets.data();
  code.target_count = std::uint32_t(targets.size());
  return made;
}

bool Generator::with_pattern(NodeId id, std::span<const NodeId> args, Made& out) {
  if (in_pattern_) return false;  // or patterns in patterns would be made again and again
  const Node& node = ast_.at(args[1]);
  const std::size_t codes = block_.codes.size();
  const std::size_t kids = block_.kids.size();
  Value pattern;
  in_pattern_ = true;
  const bool known = beforehand(make(args[1]), pattern) && pattern.is(Kind::kString);
  in_pattern_ = false;
  block_.codes.resize(codes);
  block_.kids.resize(kids);
  if (!known) return false;
  re2::RE2::Options options(re2::RE2::Quiet);
  options.set_max_mem(kPatternBytes);
  const std::string_view text = pattern.as_text();
  auto compiled = std::make_unique<re2::RE2>(re2::StringPiece(text.data(), text.size()), options);
  if (!compiled->ok()) {
    complaints_.add(node.begin, "bad pattern: " + compiled->error());
    return false;
  }
  const Made of = make(args[0]);
  Code code;
  code.eval = eval_matches;
  code.label = "matches";
  code.a = of.code;
  code.pattern = pool_.patterns.emplace_back(std::move(compiled)).get();
  out = emit(code, id, of.needs);
  return true;
}

bool Generator::with_zone(NodeId id, std::span<const NodeId> args, Made& out) {
  const Node& name = ast_.at(args[1]);
  if (name.kind != NodeKind::kLiteral || !name.literal.is(Kind::kString)) return false;
  for (const PartRow& row : kParts) {
    if (row.name != ast_.at(id).name) continue;
    const auto zone = find_zone(name.literal.as_text());
    // Unknown zones fail when the call runs.
    if (!zone) return false;
    const Made of = make(args[0]);
    Code code;
    code.eval = eval_time_part;
    code.label = row.name.data();
    code.a = of.code;
    code.slot = std::uint32_t(row.part);
    code.zone = &pool_.zones.emplace_back(*zone);
    out = emit(code, id, of.needs);
    return true;
  }
  return false;
}

}  // namespace millwright::cel
