#include "expressions.hpp"

#include <array>

namespace millwright::cel {
namespace {

struct Name {
  const char* path;
  Shape shape;
};
constexpr Name kNames[] = {
    {"b", Shape::kBool},   {"c", Shape::kBool},     {"i", Shape::kInt},    {"j", Shape::kInt},
    {"u", Shape::kUint},   {"d", Shape::kDouble},   {"e", Shape::kDouble}, {"n.x", Shape::kDouble},
    {"s", Shape::kString}, {"t", Shape::kString},   {"li", Shape::kInts},  {"ls", Shape::kStrings},
    {"m", Shape::kMap},    {"w", Shape::kDuration}, {"at", Shape::kTime},
};

Type type_of(Shape shape) {
  switch (shape) {
    case Shape::kBool:
      return TypeKind::kBool;
    case Shape::kInt:
      return TypeKind::kInt;
    case Shape::kUint:
      return TypeKind::kUint;
    case Shape::kDouble:
      return TypeKind::kDouble;
    case Shape::kString:
      return TypeKind::kString;
    case Shape::kInts:
      return Type::list(TypeKind::kInt, 4);
    case Shape::kStrings:
      return Type::list(TypeKind::kString, 4);
    case Shape::kMap:
      return Type::map(TypeKind::kString, TypeKind::kInt, 4);
    case Shape::kDuration:
      return TypeKind::kDuration;
    case Shape::kTime:
      return TypeKind::kTimestamp;
    case Shape::kOptional:
      return Type::optional(TypeKind::kInt);
  }
  return TypeKind::kDyn;
}

constexpr std::array<std::string_view, 8> kWords{"",    "a",   "A",        "ab",
                                                 "b a", "x-y", "\xC3\xA9", "abcab"};
constexpr std::array<std::int64_t, 10> kInts{0,  1,  2,         3,         -1,
                                             -7, 60, 1'000'000, INT64_MAX, INT64_MIN};
constexpr std::array<double, 9> kDoubles{0.0, 1.0, -1.5, 2.5, 1e6, 0.1, -0.25, 3.0, 1e19};

}  // namespace

const Schema& expression_schema() {
  static const Schema kSchema = [] {
    Schema schema;
    for (const Name& name : kNames) schema.add(name.path, type_of(name.shape));
    return schema;
  }();
  return kSchema;
}

void random_inputs(Dice& dice, RandomInputs& out) {
  const auto word = [&] { return Value::string(kWords[dice.below(kWords.size())]); };
  const auto whole = [&] { return Value::integer(kInts[dice.below(kInts.size())]); };
  out = RandomInputs();
  for (const Name& name : kNames) {
    switch (name.shape) {
      case Shape::kBool:
        out.slots.push_back(Value::boolean(dice.below(2) == 0));
        break;
      case Shape::kInt:
        out.slots.push_back(whole());
        break;
      case Shape::kUint:
        out.slots.push_back(Value::uinteger(dice.below(4) * (dice.below(9) == 0 ? 1U << 30 : 1U)));
        break;
      case Shape::kDouble:
        out.slots.push_back(Value::number(kDoubles[dice.below(kDoubles.size())]));
        break;
      case Shape::kString:
        out.slots.push_back(word());
        break;
      case Shape::kInts:
      case Shape::kStrings: {
        std::vector<Value>& items = out.lists.emplace_back();
        for (std::size_t n = dice.below(5); n-- > 0;) {
          items.push_back(name.shape == Shape::kInts ? whole() : word());
        }
        out.slots.push_back(Value::list(items));
        break;
      }
      case Shape::kMap: {
        std::vector<MapEntry>& entries = out.maps.emplace_back();
        for (const std::string_view key : {"a", "b", "x"}) {
          if (dice.below(2) == 0) entries.push_back({Value::string(key), whole()});
        }
        out.slots.push_back(Value::map(entries));
        break;
      }
      case Shape::kDuration:
        out.slots.push_back(
            Value::duration(Duration(std::int64_t(dice.below(9'000)) * 1'000'000'001)));
        break;
      case Shape::kTime:
        out.slots.push_back(Value::timestamp(1'700'000'000 + std::int64_t(dice.below(1U << 28)),
                                             dice.below(2) == 0 ? 0U : 123'456'789U));
        break;
      case Shape::kOptional:
        out.slots.push_back(Value::none());
        break;
    }
  }
}

Shape Expressions::any_shape() {
  static constexpr Shape kShapes[] = {
      Shape::kBool,   Shape::kBool, Shape::kBool,    Shape::kInt, Shape::kUint,     Shape::kDouble,
      Shape::kString, Shape::kInts, Shape::kStrings, Shape::kMap, Shape::kDuration, Shape::kTime};
  if (extended() && dice_.below(12) == 0) return Shape::kOptional;
  return kShapes[dice_.below(std::size(kShapes))];
}

std::string Expressions::fresh() {
  return "v" + std::to_string(locals_.size());
}

std::string Expressions::with(const std::string& name, Shape shape, Shape body, int depth) {
  locals_.push_back({name, shape});
  std::string out = make(body, depth);
  locals_.pop_back();
  return out;
}

std::string Expressions::infix(Shape a, const char* op, Shape b, int depth) {
  std::string left = make(a, depth);
  return "(" + left + " " + op + " " + make(b, depth) + ")";
}

std::string Expressions::literal(Shape shape) {
  static constexpr const char* kText[][4] = {
      {"true", "false", "true", "false"},
      {"0", "1", "-2", "7"},
      {"0u", "1u", "3u", "7u"},
      {"0.0", "1.5", "-2.25", "1e3"},
      {"''", "'a'", "\"ab\"", "'\\u00e9-b'"},
      {"[]", "[1]", "[3, 1, 2]", "[1, 1]"},
      {"['a']", "['b', 'a']", "['x-y', 'ab', 'a']", "['']"},
      {"{'a': 1}", "{'a': 2, 'b': 3}", "{'x': 0}", "{'b': -1, 'x': 5}"},
      {"duration('0s')", "duration('90s')", "duration('1h30m')", "duration('-1ms')"},
      {"timestamp('2026-03-02T06:10:00Z')", "timestamp('1999-12-31T23:59:59.123456Z')",
       "timestamp(0)", "timestamp('2026-02-28T23:30:00+05:30')"},
      {"optional.of(1)", "optional.none()", "optional.of(-3)", "optional.of(0)"},
  };
  return kText[std::size_t(shape)][dice_.below(4)];
}

std::string Expressions::leaf(Shape shape) {
  std::vector<std::string> names;
  for (const Local& local : locals_) {
    // The variable of the innermost macro is the one to be used most.
    if (local.shape == shape) names.insert(names.end(), 3, local.name);
  }
  for (const Name& name : kNames) {
    if (name.shape == shape) names.emplace_back(name.path);
  }
  if (names.empty() || dice_.below(3) == 0) return literal(shape);
  return names[dice_.below(names.size())];
}

std::string Expressions::make(Shape shape, int depth) {
  if (depth <= 0 || dice_.below(6) == 0) return leaf(shape);
  if (dice_.below(12) == 0) {
    const std::string condition = make(Shape::kBool, depth - 1);
    const std::string yes = make(shape, depth - 1);
    return "(" + condition + " ? " + yes + " : " + make(shape, depth - 1) + ")";
  }
  if (extended() && dice_.below(25) == 0) {
    const std::string name = fresh();
    const Shape bound = any_shape();
    const std::string value = make(bound, depth - 1);
    return "cel.bind(" + name + ", " + value + ", " + with(name, bound, shape, depth - 1) + ")";
  }
  switch (shape) {
    case Shape::kBool:
      return boolean(depth - 1);
    case Shape::kInt:
      return integer(depth - 1);
    case Shape::kUint:
      return uinteger(depth - 1);
    case Shape::kDouble:
      return number(depth - 1);
    case Shape::kString:
      return text(depth - 1);
    case Shape::kInts:
      return ints(depth - 1);
    case Shape::kStrings:
      return strings(depth - 1);
    case Shape::kMap:
      return map(depth - 1);
    case Shape::kDuration:
      return duration(depth - 1);
    case Shape::kTime:
      return time(depth - 1);
    case Shape::kOptional:
      return optional(depth - 1);
  }
  return leaf(shape);
}

}  // namespace millwright::cel
