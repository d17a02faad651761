// Watches as their authors wrote them, into compiled ones; and what to write instead.
#include <algorithm>
#include <array>

#include "millwright/base/digest.hpp"
#include "rules/text_template.hpp"
#include "rules/watch/compiled_watch.hpp"

namespace millwright::rules {
namespace {

// One kind of watch, as it is written. Keys end with a blank.
struct Form {
  WatchKind kind;
  std::string_view known_by;  // has one of these: it is this kind; the first that fits
  std::string_view needs;
  std::string_view may;
  std::string_view example;
};
constexpr std::array kForms{
    Form{WatchKind::kHeld, "for ", "of for ", "gap by ", "{ of: signal.value > 80.0, for: 5m }"},
    Form{WatchKind::kTimes, "times out_of ", "of times ", "out_of within by ",
         "{ of: signal.value > 80.0, times: 3, out_of: 5 }, or within: 10m in place of out_of"},
    Form{WatchKind::kChange, "from as ", "of from window ", "as keep by ",
         "{ of: signal.value, from: first, window: 24h, as: relative }"},
    Form{WatchKind::kWindow, "take window count tumbling session p per ", "of take ",
         "window count tumbling session p per keep by ",
         "{ of: signal.value, window: 10m, take: mean }"},
    Form{WatchKind::kAbsent, "absent ", "absent ", "of by ", "{ absent: 10m }"},
    Form{WatchKind::kSequence, "sequence without ", "sequence within ", "without by ",
         "{ sequence: [\"event.state == 'A'\", \"event.state == 'B'\"], within: 30m }"},
    Form{WatchKind::kSwitch, "until above below ", "of until ", "above below by ",
         "{ of: signal.value, above: 80.0, until: 75.0 }"},
    Form{WatchKind::kLadder, "steps hold ", "of steps ", "dead_band hold by ",
         "{ of: signal.value, steps: [70.0, 80.0, 90.0], dead_band: 2.0, hold: 5m }"},
    Form{WatchKind::kBand, "dead_band ", "of dead_band ", "by ",
         "{ of: signal.value, dead_band: 0.5 }"},
};

bool in_list(std::string_view list, std::string_view key) {
  for (std::size_t at = 0; at < list.size();) {
    const std::size_t end = list.find(' ', at);
    if (list.substr(at, end - at) == key) return true;
    at = end + 1;
  }
  return false;
}

std::vector<std::string_view> words(std::string_view list) {
  std::vector<std::string_view> out;
  for (std::size_t at = 0; at < list.size(); at = list.find(' ', at) + 1) {
    out.push_back(list.substr(at, list.find(' ', at) - at));
  }
  return out;
}

bool wants_truth(WatchKind kind) {
  return kind == WatchKind::kHeld || kind == WatchKind::kTimes || kind == WatchKind::kAbsent;
}

class WatchCompiler {
 public:
  WatchCompiler(const RuleSpec& rule, const WatchSpec& spec, const cel::Schema& schema,
                RuleProblems& problems)
      : rule_(rule), spec_(spec), schema_(schema), problems_(problems) {}

  std::optional<CompiledWatch> run() {
    const std::size_t before = problems_.size();
    const Form* form = find_form();
    if (form == nullptr) return std::nullopt;
    check_keys(*form);
    if (problems_.size() != before) return std::nullopt;
    plan_.kind = form->kind;
    fill();
    CompiledWatch out;
    out.name = spec_.name;
    out.by_signal = spec_.by != "asset";
    if (!spec_.by.empty() && spec_.by != "asset" && spec_.by != "signal") {
      complain("by", "'" + spec_.by + "' is neither signal nor asset; write by: signal");
    }
    const auto type = wants_truth(form->kind) ? cel::TypeKind::kBool : cel::TypeKind::kDouble;
    out.where = expression(spec_.where, cel::TypeKind::kBool);
    out.of = expression(spec_.of, type);
    out.without = expression(spec_.without, cel::TypeKind::kBool);
    for (const SourceText& part : spec_.sequence) {
      if (auto program = expression(part, cel::TypeKind::kBool)) out.sequence.push_back(*program);
    }
    if (problems_.size() != before) return std::nullopt;
    out.plan = plan_;
    out.key = key();
    return out;
  }

 private:
  void complain(std::string_view key, const std::string& message) {
    const auto at = spec_.keys.find(key);
    const int line = at == spec_.keys.end() ? spec_.place.line : at->second.first;
    const int column = at == spec_.keys.end() ? spec_.place.column : at->second.second;
    problems_.push_back({spec_.place.file, line, column,
                         "watch '" + spec_.name + "' of rule '" + rule_.id + "': " + message});
  }
  [[nodiscard]] bool has(std::string_view key) const { return spec_.keys.count(key) != 0; }

  const Form* find_form() {
    for (const Form& form : kForms) {
      for (const std::string_view key : words(form.known_by)) {
        if (has(key)) return &form;
      }
    }
    complain("",
             "it says nothing of what to remember; add for, times, take, absent, sequence, "
             "from, until, steps or dead_band, as in " +
                 std::string(kForms[0].example));
    return nullptr;
  }

  void check_keys(const Form& form) {
    const std::string like = "; it is written like " + std::string(form.example);
    for (const std::string_view key : words(form.needs)) {
      if (!has(key)) complain("", "'" + std::string(key) + "' is missing" + like);
    }
    for (const auto& [key, place] : spec_.keys) {
      if (key == "where" || in_list(form.needs, key) || in_list(form.may, key)) continue;
      complain(key, "'" + key + "' has no meaning here" + like);
    }
  }

  Duration positive(std::string_view key, const std::optional<Duration>& span) {
    if (span && *span <= Duration()) complain(key, std::string(key) + " must be more than nothing");
    return span.value_or(Duration());
  }
  std::size_t counted(std::string_view key, const std::optional<std::int64_t>& n,
                      std::int64_t most) {
    if (n && (*n < 1 || *n > most)) {
      complain(key, std::string(key) + " is " + std::to_string(*n) + "; it must be 1 to " +
                        std::to_string(most));
    }
    return std::size_t(std::clamp<std::int64_t>(n.value_or(1), 1, most));
  }
  std::size_t kept() {
    constexpr auto kMost = std::int64_t(limits::kWatchReadingsMax);
    return has("keep") ? counted("keep", spec_.keep, kMost) : limits::kWatchReadings;
  }
  // Exactly one of these keys.
  bool just_one(std::string_view keys) {
    std::string found;
    std::size_t n = 0;
    for (const std::string_view key : words(keys)) {
      if (!has(key)) continue;
      found += (n++ == 0 ? "" : " and ") + std::string(key);
    }
    std::string all;
    for (const std::string_view key : words(keys))
      all += (all.empty() ? "" : ", ") + std::string(key);
    if (n == 0) complain("", "one of " + all + " is missing");
    if (n > 1) complain("", found + " do not go together; keep one");
    return n == 1;
  }

  void fill() {
    switch (plan_.kind) {
      case WatchKind::kHeld:
        plan_.span = positive("for", spec_.held_for);
        plan_.gap = has("gap") ? positive("gap", spec_.gap) : plan_.span;
        break;
      case WatchKind::kTimes:
        fill_times();
        break;
      case WatchKind::kWindow:
        fill_window();
        break;
      case WatchKind::kAbsent:
        plan_.span = positive("absent", spec_.absent);
        break;
      case WatchKind::kSequence:
        fill_sequence();
        break;
      case WatchKind::kChange:
        fill_change();
        break;
      case WatchKind::kSwitch:
        fill_switch();
        break;
      case WatchKind::kBand:
        plan_.band = not_negative();
        break;
      case WatchKind::kLadder:
        fill_ladder();
        break;
      case WatchKind::kCount:
        break;
    }
  }

  void fill_times() {
    constexpr auto kMost = std::int64_t(limits::kWatchReadingsMax);
    if (!just_one("out_of within ")) return;
    plan_.times = counted("times", spec_.times, kMost);
    plan_.within = has("within");
    plan_.span = positive("within", spec_.within);
    if (plan_.within) return;
    plan_.keep = counted("out_of", spec_.out_of, kMost);
    if (plan_.times > plan_.keep) {
      complain("times", std::to_string(plan_.times) + " times out of " +
                            std::to_string(plan_.keep) + " cannot be");
    }
  }

  void fill_window() {
    if (!just_one("window count tumbling session ")) return;
    const auto take = take_of(spec_.take);
    if (!take) {
      return complain("take", "'" + spec_.take +
                                  "' is not one of mean, min, max, sum, count, first, last, rate, "
                                  "slope, stddev, percentile");
    }
    plan_.take = *take;
    const bool trend = *take == Take::kRate || *take == Take::kSlope;
    if (trend != has("per")) {
      complain(trend ? "take" : "per", trend ? "rate and slope are given for a time; add per: 1h"
                                             : "per belongs to rate and slope only; take it out");
    }
    if ((*take == Take::kPercentile) != has("p")) {
      complain(has("p") ? "p" : "take", has("p") ? "p belongs to percentile only; take it out"
                                                 : "which percentile? add p: 0.95");
    }
    plan_.p = spec_.p.value_or(0.5);
    if (!(plan_.p >= 0.0 && plan_.p <= 1.0)) complain("p", "p is 0.0 to 1.0: 0.95 for 95 %");
    plan_.per = positive("per", spec_.per);
    plan_.keep = kept();
    if (has("count")) {
      plan_.window = WindowBy::kCount;
      plan_.keep = counted("count", spec_.count, std::int64_t(limits::kWatchReadingsMax));
    } else if (has("tumbling") || has("session")) {
      plan_.window = has("tumbling") ? WindowBy::kTumbling : WindowBy::kSession;
      if (*take == Take::kPercentile) {
        complain("take", "a percentile needs the readings themselves; use window or count");
      }
    }
    if (has("keep") && !has("window")) complain("keep", "keep belongs to window only; take it out");
    plan_.span = has("window")     ? positive("window", spec_.window)
                 : has("tumbling") ? positive("tumbling", spec_.tumbling)
                                   : positive("session", spec_.session);
  }

  void fill_sequence() {
    plan_.span = positive("within", spec_.within);
    plan_.parts = spec_.sequence.size();
    if (plan_.parts < 2 || plan_.parts > limits::kWatchSequence) {
      complain("sequence", "a sequence has 2 to " + std::to_string(limits::kWatchSequence) +
                               " parts, not " + std::to_string(plan_.parts));
    }
  }

  void fill_change() {
    plan_.span = positive("window", spec_.window);
    plan_.keep = kept();
    plan_.recent = spec_.from == "recent";
    plan_.relative = spec_.as != "absolute";
    if (spec_.from != "recent" && spec_.from != "first") {
      complain("from", "'" + spec_.from +
                           "' is neither first (learned once) nor recent (follows the readings)");
    }
    if (has("as") && spec_.as != "relative" && spec_.as != "absolute") {
      complain("as", "'" + spec_.as + "' is neither relative nor absolute");
    }
    if (has("keep") && !plan_.recent) complain("keep", "keep belongs to from: recent only");
  }

  void fill_switch() {
    if (!just_one("above below ")) return;
    plan_.rising = has("above");
    plan_.on = plan_.rising ? *spec_.above : *spec_.below;
    plan_.off = *spec_.until;
    if (plan_.rising ? plan_.off > plan_.on : plan_.off < plan_.on) {
      complain("until", plan_.rising ? "until must not be more than above"
                                     : "until must not be less than below");
    }
  }

  double not_negative() {
    const double band = spec_.dead_band.value_or(0.0);
    if (band < 0.0) complain("dead_band", "a dead band is not negative");
    return band;
  }

  void fill_ladder() {
    plan_.steps = spec_.steps;
    plan_.band = not_negative();
    plan_.hold = has("hold") ? positive("hold", spec_.hold) : Duration();
    if (plan_.steps.empty() || plan_.steps.size() > limits::kWatchSteps) {
      return complain("steps", "a ladder has 1 to " + std::to_string(limits::kWatchSteps) +
                                   " steps, not " + std::to_string(plan_.steps.size()));
    }
    plan_.rising = plan_.steps.size() < 2 || plan_.steps[1] > plan_.steps[0];
    for (double& step : plan_.steps) step = plan_.rising ? step : -step;
    for (std::size_t i = 1; i < plan_.steps.size(); ++i) {
      if (plan_.steps[i] > plan_.steps[i - 1]) continue;
      return complain("steps",
                      "steps go one way: [70.0, 80.0, 90.0], or [3.0, 2.0, 1.0] for what "
                      "gets worse as it falls");
    }
  }

  std::optional<cel::Program> expression(const SourceText& source, cel::TypeKind result) {
    if (source.text.empty()) return std::nullopt;
    return compile_expression(source, result, schema_, problems_);
  }

  // The same rule, events and declaration: the same stream of readings, so the state may stay.
  [[nodiscard]] std::uint64_t key() const {
    std::string all = "watch/v1\n" + rule_.id + "\n" + (rule_.on_gated ? "gated" : "") + "\n";
    for (const std::string& event : rule_.events) all += event + "\n";
    all += canonical(spec_);
    const Digest digest = sha256(all);
    std::uint64_t out = 0;
    for (std::size_t i = 0; i < 8; ++i) out = out << 8 | digest[i];
    return out;
  }

  const RuleSpec& rule_;
  const WatchSpec& spec_;
  const cel::Schema& schema_;
  RuleProblems& problems_;
  WatchPlan plan_;
};

}  // namespace

std::optional<CompiledWatch> compile_watch(const RuleSpec& rule, const WatchSpec& spec,
                                           const cel::Schema& schema, RuleProblems& problems) {
  return WatchCompiler(rule, spec, schema, problems).run();
}

}  // namespace millwright::rules
