#include "millwright/rules/thresholds.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "millwright/base/json.hpp"
#include "rules/compiled_rule.hpp"

namespace millwright::rules {
namespace {

constexpr std::array kSteps = {0.1, 0.25, 0.5, 1.0};

std::optional<double> number_of(std::string_view text) {
  double out = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return out;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\n\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\n\r") - first + 1);
}

// The number among the two sides of the comparison, as it stands in the text.
std::string_view written(std::string_view comparison) {
  const auto at = comparison.find_first_of("<>");
  if (at == std::string_view::npos) return {};
  const std::string_view left = trimmed(comparison.substr(0, at));
  const bool equal = at + 1 < comparison.size() && comparison[at + 1] == '=';
  const std::string_view right = trimmed(comparison.substr(at + (equal ? 2 : 1)));
  if (number_of(right)) return right;
  return number_of(left) ? left : std::string_view{};
}

}  // namespace

std::vector<Threshold> thresholds(const RuleSpec& spec, std::span<const EventType> catalogue) {
  RuleProblems problems;
  const CompiledRule rule = compile_rule(spec, catalogue, problems);
  if (!rule.condition) return {};
  std::vector<Threshold> out;
  for (const cel::Comparison& c : rule.condition->comparisons()) {
    const bool less = c.relation == cel::Relation::kLess || c.relation == cel::Relation::kLessEqual;
    const bool greater =
        c.relation == cel::Relation::kGreater || c.relation == cel::Relation::kGreaterEqual;
    const std::string_view number = written(c.source);
    if (!(less || greater) || number.empty()) continue;
    Threshold found;
    found.comparison = c.source;
    found.begin = std::size_t(number.data() - rule.condition->source().data());
    found.size = number.size();
    found.number = *number_of(number);
    found.upwards = greater;
    out.push_back(std::move(found));
  }
  return out;
}

std::vector<double> stricter(const Threshold& threshold) {
  std::vector<double> out;
  const double from = threshold.number;
  if (from == 0.0) return out;
  const bool whole = from == std::floor(from);
  double last = from;
  for (const double step : kSteps) {
    const double by = std::fabs(from) * step;
    double next = threshold.upwards ? from + by : from - by;
    if (whole) next = threshold.upwards ? std::ceil(next) : std::floor(next);
    if (next == last || next == 0.0) continue;
    out.push_back(last = next);
  }
  return out;
}

RuleSpec with_number(const RuleSpec& spec, const Threshold& threshold, double number) {
  RuleSpec out = spec;
  std::string text = shortest(number);
  // A double stays one.
  const bool point =
      spec.condition.text.substr(threshold.begin, threshold.size).find('.') != std::string::npos;
  if (point && text.find_first_of(".e") == std::string::npos) text += ".0";
  out.condition.text.replace(threshold.begin, threshold.size, text);
  ++out.version;
  return out;
}

}  // namespace millwright::rules
