#pragma once
// Short forms for tests of the language: a plant-like schema, and one-line compile and evaluate.

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "millwright/cel/program.hpp"

namespace millwright::cel {

inline const Schema& plant_schema() {
  static const Schema kSchema = [] {
    Schema s;
    s.add("vibration.z", TypeKind::kDouble);
    s.add("vibration.rms", TypeKind::kDouble);
    s.add("asset.criticality", TypeKind::kString);
    s.add("asset.running", TypeKind::kBool);
    s.add("count", TypeKind::kInt);
    s.add("tags", Type::list(TypeKind::kString, 16));
    s.add("readings", Type::list(TypeKind::kDouble));
    s.add("limits", Type::map(TypeKind::kString, TypeKind::kDouble, 8));
    s.add("raw", TypeKind::kDyn);
    s.add("at", TypeKind::kTimestamp);
    return s;
  }();
  return kSchema;
}

using Inputs = std::map<std::string, Value>;

inline std::vector<Value> slots_of(const Inputs& inputs) {
  std::vector<Value> out(plant_schema().variables().size(), Value::absent());
  for (const auto& [path, value] : inputs) out[plant_schema().slot(path).value()] = value;
  return out;
}

inline Program compiled(std::string_view source, const Options& options = {}) {
  auto program = compile(source, plant_schema(), options);
  if (!program) ADD_FAILURE() << program.error().message;
  return program ? *program : compile("null", plant_schema()).value();
}

// The result as text, or the description of its error.
inline std::string run(std::string_view source, const Inputs& inputs = {},
                       const Options& options = {}) {
  const Program program = compiled(source, options);
  Arena arena;
  const auto slots = slots_of(inputs);  // an optional may borrow its value from them
  const Value value = program.evaluate(slots, arena);
  return value.is_error() ? program.describe(value) : to_text(value);
}

inline std::string complaint(std::string_view source, const Options& options = {}) {
  const auto program = compile(source, plant_schema(), options);
  return program ? "compiles" : program.error().message;
}

}  // namespace millwright::cel
