#include "rules/watch/compiled_watch.hpp"

#include <algorithm>

namespace millwright::rules {
namespace {

bool good_name(const std::string& name) {
  if (name.empty() || name.size() > 40 || (name[0] >= '0' && name[0] <= '9')) return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

}  // namespace

cel::TypeKind type_of(const WatchPlan& plan) {
  switch (plan.kind) {
    case WatchKind::kWindow:
      return plan.take == Take::kCount ? cel::TypeKind::kInt : cel::TypeKind::kDouble;
    case WatchKind::kChange:
    case WatchKind::kBand:
      return cel::TypeKind::kDouble;
    case WatchKind::kLadder:
      return cel::TypeKind::kInt;
    default:
      return cel::TypeKind::kBool;
  }
}

cel::Value CompiledWatch::nothing() const {
  const cel::TypeKind type = type_of(plan);
  if (type == cel::TypeKind::kBool) return cel::Value::boolean(false);
  return type == cel::TypeKind::kInt ? cel::Value::integer(0) : cel::Value::absent();
}

std::string canonical(const WatchSpec& w) {
  std::string out;
  const auto add = [&](std::string_view part) {
    out += std::to_string(part.size()) + ":";
    out += part;
  };
  const auto number = [&](double x) {
    ByteWriter bytes;
    bytes.put(x);
    add(bytes.bytes());
  };
  for (const auto& [key, place] : w.keys) add(key);
  add(w.name);
  for (const SourceText* each : {&w.of, &w.without}) add(each->text);
  for (const SourceText& each : w.sequence) add(each.text);
  for (const auto& each :
       {w.held_for, w.gap, w.within, w.window, w.tumbling, w.session, w.absent, w.hold, w.per}) {
    add(std::to_string(each.value_or(Duration()).ns()));
  }
  for (const auto& each : {w.times, w.out_of, w.count, w.keep}) {
    add(std::to_string(each.value_or(0)));
  }
  for (const auto& each : {w.p, w.above, w.below, w.until, w.dead_band}) number(each.value_or(0.0));
  for (const double each : w.steps) number(each);
  for (const std::string* each : {&w.take, &w.from, &w.as, &w.by}) add(*each);
  if (!w.where.text.empty()) add(w.where.text);  // last: those without keep their state
  return out;
}

std::vector<CompiledWatch> compile_watches(const RuleSpec& spec, RuleScope& scope,
                                           RuleProblems& problems) {
  std::vector<CompiledWatch> out;
  const auto complain = [&](const SourceText& at, const std::string& message) {
    problems.push_back({at.file, at.line, at.column, "rule '" + spec.id + "': " + message});
  };
  if (spec.watches.size() > limits::kWatchesPerRule) {
    complain(spec.place,
             "more than " + std::to_string(limits::kWatchesPerRule) + " watches; split the rule");
    return out;
  }
  const cel::Schema pure = scope.schema();
  for (const WatchSpec& each : spec.watches) {
    if (!good_name(each.name)) {
      complain(each.place, "'" + each.name + "' is no name for a watch; use letters, digits and _");
      continue;
    }
    if (scope.schema().slot("watch." + each.name)) {
      complain(each.place, "watch '" + each.name + "' is there twice");
      continue;
    }
    auto watch = compile_watch(spec, each, pure, problems);
    // Also a faulty one has its name, or each use of it would be told as a mistake of its own.
    const std::uint32_t slot =
        scope.add_watch(each.name, watch ? type_of(watch->plan) : cel::TypeKind::kDyn);
    if (!watch) continue;
    watch->slot = slot;
    out.push_back(std::move(*watch));
  }
  return out;
}

}  // namespace millwright::rules
