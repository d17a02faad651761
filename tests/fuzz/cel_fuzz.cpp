// Any bytes as an expression, checked and not, folded and not: nothing crashes, what compiles gives
// the same in every mode, is explained as it was evaluated, and keeps to its limits.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "millwright/base/check.hpp"
#include "millwright/cel/program.hpp"

namespace {

using namespace millwright;
using namespace millwright::cel;

const Schema& schema() {
  static const Schema kSchema = [] {
    Schema s;
    s.add("vibration.z", TypeKind::kDouble);
    s.add("asset.criticality", TypeKind::kString);
    s.add("asset.running", TypeKind::kBool);
    s.add("count", TypeKind::kInt);
    s.add("tags", Type::list(TypeKind::kString, 16));
    s.add("limits", Type::map(TypeKind::kString, TypeKind::kDouble, 8));
    s.add("raw", TypeKind::kDyn);
    s.add("at", TypeKind::kTimestamp);
    s.add("gone", TypeKind::kInt);
    return s;
  }();
  return kSchema;
}

const std::vector<Value>& slots() {
  static const std::array<Value, 2> kTags{Value::string("xy"), Value::string("\xC3\xA9z")};
  static const std::array<MapEntry, 1> kLimits{
      MapEntry{Value::string("warm"), Value::number(80.0)}};
  static const std::vector<Value> kSlots{
      Value::number(4.5),   Value::string("A"),
      Value::boolean(true), Value::integer(3),
      Value::list(kTags),   Value::map(kLimits),
      Value::map(kLimits),  Value::timestamp(Instant(1'772'431'800'000'000'000)),
      Value::absent()};
  return kSlots;
}

bool overrun(const Value& value) {
  return value.is_error() && (value.error_code() == ErrorCode::kStepLimit ||
                              value.error_code() == ErrorCode::kMemoryLimit);
}

// Errors of one kind look alike; overruns hang on how much was done beforehand.
std::string outcome(const Program& program, const Value& value) {
  if (!value.is_error()) return to_text(value);
  MW_CHECK(!program.describe(value).empty());
  return overrun(value) ? "overrun" : "error";
}

std::string run(const Program& program) {
  Arena arena;
  const std::string plain = outcome(program, program.evaluate(slots(), arena));
  MW_CHECK(arena.used() <= arena.capacity());
  std::vector<Reason> reasons;
  arena.reset();
  const Value again = program.deciding(slots(), arena, reasons);
  MW_CHECK(!reasons.empty());
  if (plain != "overrun" && !overrun(again)) MW_CHECK(outcome(program, again) == plain);
  std::vector<TraceEntry> trace;
  arena.reset();
  static_cast<void>(program.evaluate_traced(slots(), arena, trace));
  MW_CHECK(trace.size() <= Program::kTraceEntries);
  for (const Comparison& each : program.comparisons()) MW_CHECK(each.slot < slots().size());
  MW_CHECK(!program.disassemble().empty());
  return plain;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view source(reinterpret_cast<const char*>(data), size);
  std::string first;
  for (const bool check : {true, false}) {
    for (const bool fold : {true, false}) {
      Options options;
      options.check = check;
      options.fold = fold;
      std::vector<Diagnostic> diagnostics;
      const auto program = compile(source, schema(), options, &diagnostics);
      if (!program) {
        MW_CHECK(!diagnostics.empty() && !program.error().message.empty());
        continue;
      }
      const std::string got = run(*program);
      if (got == "overrun") continue;
      if (first.empty()) first = got;
      MW_CHECK(got == first);
    }
  }
  return 0;
}
