// cel_expressions COUNT SEED core|strings: so many random expressions as JSON, one a line, each
// with its inputs and what it gives here: {"expr": ..., "vars": {...}, "value": ...} or "error".
// Values are spelt as in the conformance vectors. For comparing with another implementation.
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "millwright/base/digest.hpp"
#include "millwright/cel/program.hpp"
#include "unit/cel/expressions.hpp"

namespace {

using namespace millwright;
using namespace millwright::cel;
using nlohmann::json;

std::string double_text(double d) {
  char text[40];
  std::snprintf(text, sizeof text, "%.17g", d);
  return text;
}

json to_json(const Value& value) {
  switch (value.kind()) {
    case Kind::kNull:
      return {{"null", nullptr}};
    case Kind::kBool:
      return {{"bool", value.as_bool()}};
    case Kind::kInt:
      return {{"int64", std::to_string(value.as_int())}};
    case Kind::kUint:
      return {{"uint64", std::to_string(value.as_uint())}};
    case Kind::kDouble:
      return {{"double", double_text(value.as_double())}};
    case Kind::kString:
      return {{"string", std::string(value.as_text())}};
    case Kind::kDuration:
      return {{"duration", std::to_string(value.as_duration().ns())}};
    case Kind::kTimestamp:
      return {{"timestamp", {std::to_string(value.timestamp_seconds()), value.timestamp_ns()}}};
    case Kind::kList: {
      json items = json::array();
      for (const Value& each : value.as_list()) items.push_back(to_json(each));
      return {{"list", items}};
    }
    case Kind::kMap: {
      json entries = json::array();
      for (const MapEntry& each : value.as_map()) {
        entries.push_back({to_json(each.key), to_json(each.value)});
      }
      return {{"map", entries}};
    }
    default:
      return {{"other", to_text(value)}};
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "Usage: cel_expressions COUNT SEED core|strings\n");
    return 2;
  }
  Dice dice(std::strtoull(argv[2], nullptr, 10));
  const bool strings = std::string_view(argv[3]) == "strings";
  Expressions expressions(dice, strings ? Dialect::kStrings : Dialect::kCore);
  RandomInputs inputs;
  Arena arena;
  for (std::size_t n = std::strtoull(argv[1], nullptr, 10); n-- > 0;) {
    if (n % 16 == 0 || inputs.slots.empty()) random_inputs(dice, inputs);
    const std::string source = expressions.make(expressions.any_shape(), n % 2 == 0 ? 3 : 2);
    Options options;
    options.limits.steps = 2'000'000'000;
    const auto program = compile(source, expression_schema(), options);
    if (!program) {
      std::fprintf(stderr, "%s\n", program.error().message.c_str());
      return 1;
    }
    arena.reset();
    const Value value = program->evaluate(inputs.slots, arena);
    json line{{"expr", source}};
    for (std::size_t i = 0; i < inputs.slots.size(); ++i) {
      line["vars"][expression_schema().variables()[i].path] = to_json(inputs.slots[i]);
    }
    if (value.is_error()) {
      line["error"] = program->describe(value);
    } else {
      line["value"] = to_json(value);
    }
    std::printf("%s\n", line.dump().c_str());
  }
  return 0;
}
