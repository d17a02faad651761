// What a rule remembers (`watch:`) and how often it may decide (`budget:`), read from its file.
#include "daemon/config/tables.hpp"

namespace millwright::daemon {
namespace {

using K = KeyKind;

constexpr std::string_view kTakes[] = {"mean", "min",  "max",   "sum",    "count",     "first",
                                       "last", "rate", "slope", "stddev", "percentile"};
constexpr std::string_view kFroms[] = {"first", "recent"};
constexpr std::string_view kAs[] = {"relative", "absolute"};
constexpr std::string_view kBys[] = {"signal", "asset"};
constexpr std::string_view kOfs[] = {"asset", "rule"};

constexpr Key kWatchKeys[] = {
    {"of", K::kExpression, kOptional, "CEL: a number, or true and false, as the kind wants it."},
    {"where", K::kExpression, kOptional, "CEL, bool: which readings it sees at all.", "all"},
    {"by", K::kChoice, kOptional, "Whose readings belong together.", "signal", nullptr, kBys},
    {"for", K::kDuration, kOptional, "True once `of` has held without a break for so long."},
    {"gap", K::kDuration, kOptional, "A longer silence is a break.", "as long as `for`"},
    {"times", K::kInteger, kOptional, "True while `of` held so many times ..."},
    {"out_of", K::kInteger, kOptional, "... out of the last so many readings."},
    {"within", K::kDuration, kOptional, "... within the last so long; of a sequence, all of it."},
    {"take", K::kChoice, kOptional, "What is made of the readings of a window.", "", nullptr,
     kTakes},
    {"window", K::kDuration, kOptional, "The readings of the last so long."},
    {"count", K::kInteger, kOptional, "The last so many readings."},
    {"tumbling", K::kDuration, kOptional, "One window after the other, each told when it is over."},
    {"session", K::kDuration, kOptional, "Readings with no longer silence between them."},
    {"p", K::kNumber, kOptional, "Which percentile, 0 to 1."},
    {"per", K::kDuration, kOptional, "The time that rate and slope are given for."},
    {"keep", K::kInteger, kOptional, "Readings kept at most in a window.", "512"},
    {"absent", K::kDuration, kOptional, "True once there was no reading for so long."},
    {"sequence", K::kExpressionList, kOptional, "CEL, bool: what happens one after the other."},
    {"without", K::kExpression, kOptional, "CEL, bool: what breaks a sequence."},
    {"from", K::kChoice, kOptional, "The deviation from a mean: of the first window, or the last.",
     "", nullptr, kFroms},
    {"as", K::kChoice, kOptional, "How the deviation is given.", "relative", nullptr, kAs},
    {"above", K::kNumber, kOptional, "True once over this ..."},
    {"below", K::kNumber, kOptional, "True once under this ..."},
    {"until", K::kNumber, kOptional, "... until it is back here."},
    {"dead_band", K::kNumber, kOptional, "Smaller changes do not count."},
    {"steps", K::kNumberList, kOptional, "Limits of a ladder: its level is how many are passed."},
    {"hold", K::kDuration, kOptional, "A ladder climbs only after so long.", "at once"},
};

constexpr Key kBudgetKeys[] = {
    {"decisions", K::kInteger, kRequired, "how many at most", "", nullptr, {}, 1, 100},
    {"per", K::kText, kRequired, "shift, day, or a span such as 8h"},
    {"of", K::kChoice, kOptional, "Each asset has its own, or all share one.", "asset", nullptr,
     kOfs},
};

rules::WatchSpec read_watch(const Member& member, const std::string& file) {
  const Reader in(file, member.value);
  rules::WatchSpec out;
  out.name = member.name;
  out.place = {member.name, file, member.line, member.column};
  for (const Member& key : member.value.members) out.keys[key.name] = {key.line, key.column};
  const auto span = [&](std::string_view key, std::optional<Duration>& to) {
    if (in.has(key)) to = in.duration(key, Duration());
  };
  const auto integer = [&](std::string_view key, std::optional<std::int64_t>& to) {
    if (in.has(key)) to = in.integer(key, 0);
  };
  if (in.has("of")) out.of = in.source("of");
  if (in.has("where")) out.where = in.source("where");
  if (in.has("without")) out.without = in.source("without");
  out.sequence = in.sources("sequence");
  span("for", out.held_for);
  span("gap", out.gap);
  span("within", out.within);
  span("window", out.window);
  span("tumbling", out.tumbling);
  span("session", out.session);
  span("absent", out.absent);
  span("hold", out.hold);
  span("per", out.per);
  integer("times", out.times);
  integer("out_of", out.out_of);
  integer("count", out.count);
  integer("keep", out.keep);
  out.p = in.maybe_number("p");
  out.above = in.maybe_number("above");
  out.below = in.maybe_number("below");
  out.until = in.maybe_number("until");
  out.dead_band = in.maybe_number("dead_band");
  out.steps = in.numbers("steps");
  out.take = in.text("take");
  out.from = in.text("from");
  out.as = in.text("as");
  out.by = in.text("by");
  return out;
}

}  // namespace

const Section kWatchSection{"a watch", "What a rule remembers of its readings.", kWatchKeys};
const Section kBudgetSection{"a budget", "How often a rule may decide.", kBudgetKeys};

void read_watches(const Reader& rule, rules::RuleSpec& out, std::vector<Problem>& problems) {
  rule.each_member("watch", [&](const Member& member) {
    out.watches.push_back(read_watch(member, rule.file()));
  });
  rule.each("budget", [&](const Reader& in) {
    rules::Budget& budget = out.budget;
    const Node& at = in.place("per");
    budget.place = {"", rule.file(), at.line, at.column};
    budget.decisions = in.integer("decisions", 0);
    budget.of = in.text("of") == "rule" ? rules::Budget::Of::kRule : rules::Budget::Of::kAsset;
    const std::string per = in.text("per");
    budget.per = per == "shift" ? rules::Budget::Per::kShift
                 : per == "day" ? rules::Budget::Per::kDay
                                : rules::Budget::Per::kDuration;
    if (budget.per != rules::Budget::Per::kDuration) return;
    if (const auto span = parse_duration(per)) {
      budget.duration = *span;
    } else {
      problems.push_back({rule.file(), at.line, at.column,
                          "'per': '" + per + "' is not shift, day or a span of time like 8h"});
    }
  });
}

}  // namespace millwright::daemon
