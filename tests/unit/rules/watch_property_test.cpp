// Watches against a reference that works everything out anew from the whole history, for streams
// of chance; and saved and loaded at any point, bit for bit.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "millwright/base/rng.hpp"
#include "rules/watch/watch.hpp"

namespace millwright::rules {
namespace {

using cel::Value;

constexpr Instant kStart{1'772'409'600'000'000'000};

// A reading, or a look at the clock.
struct Op {
  bool tick = false;
  WatchInput in;
};

// The reference: the whole history each time, with no state of its own.
class History {
 public:
  History(const WatchPlan& plan, std::span<const Op> ops) : plan_(plan) {
    Instant newest;
    for (const Op& op : ops) {
      seen_ = std::max(seen_, op.tick || !newest.is_set() || op.in.at >= newest ? op.in.at : seen_);
      complete_candidate_ = false;
      if (op.tick) {
        pass(op.in.at);
        continue;
      }
      if (newest.is_set() && op.in.at < newest) continue;
      newest = op.in.at;
      pass(op.in.at);
      read_.push_back(op.in);
      into_panes(op.in);
      pass(seen_);
      complete_candidate_ = true;
      ladder(op.in);
    }
  }

  Value value() {
    switch (plan_.kind) {
      case WatchKind::kHeld:
        return Value::boolean(held());
      case WatchKind::kTimes:
        return Value::boolean(times());
      case WatchKind::kWindow:
        return window();
      case WatchKind::kAbsent:
        return Value::boolean(absent());
      case WatchKind::kSequence:
        return Value::boolean(complete_candidate_ && sequence());
      case WatchKind::kChange:
        return change();
      case WatchKind::kSwitch:
        return Value::boolean(switched());
      case WatchKind::kBand:
        return band();
      case WatchKind::kLadder:
        return Value::integer(level_);
      case WatchKind::kCount:
        break;
    }
    return Value::absent();
  }

 private:
  bool held() {
    // Back from the newest reading as long as nothing breaks the run.
    if (read_.empty() || !read_.back().holds) return false;
    std::size_t first = read_.size() - 1;
    while (first > 0 && read_[first - 1].holds &&
           read_[first].at - read_[first - 1].at <= plan_.gap) {
      --first;
    }
    return read_.size() - first >= 2 && seen_ - read_[first].at >= plan_.span &&
           seen_ - read_.back().at <= plan_.gap;
  }

  bool times() {
    std::size_t n = 0;
    if (plan_.within) {
      std::vector<Instant> all;
      for (const auto& each : read_) {
        if (each.holds) all.push_back(each.at);
      }
      for (std::size_t i = all.size() - std::min(all.size(), plan_.times); i < all.size(); ++i) {
        n += seen_ - all[i] <= plan_.span ? 1 : 0;
      }
    } else {
      const std::size_t from = read_.size() - std::min(read_.size(), plan_.keep);
      for (std::size_t i = from; i < read_.size(); ++i) n += read_[i].holds ? 1 : 0;
    }
    return n >= plan_.times;
  }

  Value shown(const std::vector<Sample>& samples) {
    const auto result = aggregate(samples, plan_.take, plan_.p, plan_.per);
    if (plan_.take == Take::kCount) return Value::integer(std::int64_t(result.value_or(0.0)));
    return result ? Value::number(*result) : Value::absent();
  }

  Value window() {
    std::vector<Sample> in;
    if (plan_.window == WindowBy::kTumbling || plan_.window == WindowBy::kSession) {
      for (const Pane& pane : panes_) {
        if (pane.closed) in = pane.samples;
      }
      return in.empty() && plan_.take != Take::kCount ? Value::absent() : shown(in);
    }
    const std::size_t from = read_.size() - std::min(read_.size(), plan_.keep);
    for (std::size_t i = from; i < read_.size(); ++i) {
      const bool young = plan_.window == WindowBy::kCount || seen_ - read_[i].at < plan_.span;
      if (young) in.push_back({read_[i].at, read_[i].x});
    }
    return shown(in);
  }

  bool absent() {
    if (read_.empty()) return false;
    Instant since = read_[0].at;
    for (const auto& each : read_) since = each.holds ? each.at : since;
    return seen_ - since >= plan_.span;
  }

  // Whether the readings from `from` on have a chain that ends with the last one.
  [[nodiscard]] bool chain(std::size_t from) const {
    const std::size_t last = read_.size() - 1;
    if ((read_[last].met >> (plan_.parts - 1) & 1U) == 0) return false;
    // Greedy from each possible first part.
    for (std::size_t first = from; first < last; ++first) {
      if ((read_[first].met & 1U) == 0 || read_[last].at - read_[first].at > plan_.span) continue;
      std::size_t part = 1;
      for (std::size_t i = first + 1; i < last && part + 1 < plan_.parts; ++i) {
        part += read_[i].met >> part & 1U;
      }
      if (part + 1 == plan_.parts) return true;
    }
    return false;
  }
  bool sequence() {
    // What came before something that breaks it, or before an earlier completion, does not count.
    std::vector<WatchInput> all;
    all.swap(read_);
    std::size_t from = 0;
    bool complete = false;
    for (const WatchInput& each : all) {
      read_.push_back(each);
      complete = !each.without && chain(from);
      if (each.without || complete) from = read_.size();
    }
    return complete;
  }

  Value change() {
    std::vector<Sample> base;
    const WatchInput& now = read_.empty() ? WatchInput{} : read_.back();
    if (read_.empty()) return Value::absent();
    if (plan_.recent) {
      for (std::size_t i = 0; i + 1 < read_.size(); ++i) base.push_back({read_[i].at, read_[i].x});
      if (base.size() > plan_.keep)
        base.erase(base.begin(), base.end() - std::ptrdiff_t(plan_.keep));
      std::erase_if(base, [&](const Sample& s) { return now.at - s.at >= plan_.span; });
      if (base.size() < 8) return Value::absent();
    } else {
      std::size_t i = 0;
      while (i < read_.size() && (read_[i].at - read_[0].at < plan_.span || i < 8)) {
        base.push_back({read_[i].at, read_[i].x});
        ++i;
      }
      if (i == read_.size()) return Value::absent();
    }
    const double mean = *aggregate(base, Take::kMean, 0.0, Duration());
    if (!plan_.relative) return Value::number(now.x - mean);
    return mean == 0.0 ? Value::absent() : Value::number((now.x - mean) / std::fabs(mean));
  }

  bool switched() {
    for (std::size_t i = read_.size(); i-- > 0;) {
      const double x = read_[i].x;
      if (plan_.rising ? x > plan_.on : x < plan_.on) return true;
      if (plan_.rising ? x < plan_.off : x > plan_.off) return false;
    }
    return false;
  }

  Value band() {
    std::optional<double> held;
    for (const auto& each : read_) {
      if (!held || std::fabs(each.x - *held) > plan_.band) held = each.x;
    }
    return held ? Value::number(*held) : Value::absent();
  }

  // Level by level, each with the readings above it in a row.
  void climb(Instant now) {
    for (std::size_t i = std::size_t(level_); i < plan_.steps.size(); ++i) {
      std::size_t first = ladder_.size();
      while (first > 0 && ladder_[first - 1].x > plan_.steps[i]) --first;
      const std::size_t n = ladder_.size() - first;
      if (plan_.hold == Duration() ? n > 0 : n >= 2 && now - ladder_[first].at >= plan_.hold) {
        level_ = std::int64_t(i) + 1;
      }
    }
  }
  void ladder(const WatchInput& in) {
    ladder_.push_back({in.at, plan_.rising ? in.x : -in.x});
    if (plan_.kind != WatchKind::kLadder) return;
    while (level_ > 0 && ladder_.back().x < plan_.steps[std::size_t(level_) - 1] - plan_.band) {
      --level_;
    }
    climb(in.at);
  }

  struct Pane {
    std::int64_t number = 0;
    std::vector<Sample> samples;
    bool closed = false;
  };
  [[nodiscard]] Instant end_of(const Pane& pane) const {
    return plan_.window == WindowBy::kTumbling ? Instant((pane.number + 1) * plan_.span.ns())
                                               : pane.samples.back().at + plan_.span;
  }
  void pass(Instant now) {
    if (plan_.kind == WatchKind::kLadder) climb(now);
    if (plan_.kind != WatchKind::kWindow || plan_.span == Duration()) return;
    for (Pane& pane : panes_) pane.closed = pane.closed || now >= end_of(pane);
  }
  void into_panes(const WatchInput& in) {
    if (plan_.kind != WatchKind::kWindow || plan_.span == Duration()) return;
    for (const Pane& pane : panes_) {
      if (pane.closed && in.at < end_of(pane)) return;
    }
    if (panes_.empty() || panes_.back().closed) {
      panes_.push_back({in.at.ns() / plan_.span.ns(), {}, false});
    }
    panes_.back().samples.push_back({in.at, in.x});
  }

  const WatchPlan& plan_;
  std::vector<WatchInput> read_;
  std::vector<Sample> ladder_;
  std::vector<Pane> panes_;
  std::int64_t level_ = 0;
  bool complete_candidate_ = false;
  Instant seen_;
};

WatchPlan draw_plan(Rng& rng, int kind) {
  WatchPlan plan;
  plan.kind = WatchKind(kind);
  plan.span = seconds(30 + std::int64_t(rng.below(300)));
  plan.gap = rng.chance(0.5) ? plan.span : seconds(20 + std::int64_t(rng.below(200)));
  plan.hold = rng.chance(0.3) ? Duration() : seconds(10 + std::int64_t(rng.below(100)));
  plan.per = hours(1);
  plan.times = 1 + rng.below(4);
  plan.keep = plan.times + rng.below(20);
  plan.within = rng.chance(0.5);
  plan.window = WindowBy(rng.below(4));
  plan.take = Take(rng.below(std::size_t(Take::kCount_)));
  const bool pane = plan.window == WindowBy::kTumbling || plan.window == WindowBy::kSession;
  if (plan.kind == WatchKind::kWindow && pane && plan.take == Take::kPercentile) {
    plan.take = Take::kSlope;
  }
  plan.p = rng.uniform();
  plan.recent = rng.chance(0.5);
  plan.relative = rng.chance(0.5);
  plan.rising = rng.chance(0.5);
  plan.on = plan.rising ? 6.0 : 4.0;
  plan.off = 5.0;
  plan.band = 0.5 * rng.uniform();
  plan.parts = 2 + rng.below(3);
  for (double step = 3.0; step < 8.0; step += 1.5)
    plan.steps.push_back(plan.rising ? step : step - 11.0);
  return plan;
}

std::vector<Op> draw_ops(Rng& rng, std::size_t n) {
  std::vector<Op> out;
  Instant at = kStart;
  double x = 5.0;
  for (std::size_t i = 0; i < n; ++i) {
    Op op;
    op.tick = rng.chance(0.15);
    at = at + seconds(std::int64_t(rng.below(rng.chance(0.05) ? 600 : 30)));
    op.in.at = !op.tick && rng.chance(0.1) ? at - seconds(std::int64_t(rng.below(90))) : at;
    x += rng.uniform() - 0.5 + (5.0 - x) * 0.05;
    op.in.x = rng.chance(0.1) ? std::round(x) : x;
    op.in.holds = rng.chance(0.8) == (x > 5.0);
    op.in.met = std::uint32_t(rng.below(16) & rng.below(16));
    op.in.without = rng.chance(0.05);
    out.push_back(op);
  }
  return out;
}

void apply(const WatchPlan& plan, WatchCell& cell, const Op& op) {
  op.tick ? advance(plan, cell, op.in.at) : step(plan, cell, op.in);
}

std::string bytes_of(const WatchCell& cell) {
  ByteWriter out;
  save(cell, out);
  return std::move(out).bytes();
}

// Bits, so that NaN and -0.0 are told apart too.
std::string bits(const Value& v) {
  if (v.is(cel::Kind::kDouble)) {
    ByteWriter out;
    out.put(v.as_double());
    return "d" + out.bytes();
  }
  return cel::to_text(v);
}

class WatchKinds : public testing::TestWithParam<int> {};

TEST_P(WatchKinds, GiveWhatTheWholeHistoryGivesBitForBit) {
  std::size_t told = 0;
  std::size_t due_by_time = 0;
  for (std::uint64_t seed = 1; seed <= 250; ++seed) {
    Rng rng(seed * 100 + std::uint64_t(GetParam()));
    const WatchPlan plan = draw_plan(rng, GetParam());
    const std::vector<Op> ops = draw_ops(rng, 150);
    WatchCell cell = fresh(plan, 7);
    WatchCell crashing = fresh(plan, 7);
    std::string before;
    for (std::size_t i = 0; i < ops.size(); ++i) {
      const Instant due = next_due(plan, cell);
      apply(plan, cell, ops[i]);
      apply(plan, crashing, ops[i]);
      const std::string now = bits(value(plan, cell, cell.seen));
      ASSERT_EQ(now, bits(History(plan, {ops.data(), i + 1}).value()))
          << "seed " << seed << " op " << i << (ops[i].tick ? " tick" : " reading");
      // What time alone changes to the good was announced.
      const bool announced = plan.kind == WatchKind::kHeld || plan.kind == WatchKind::kAbsent;
      if (ops[i].tick && announced && now == "true" && before != "true") {
        ASSERT_TRUE(due.is_set() && due <= ops[i].in.at) << "seed " << seed << " op " << i;
        ++due_by_time;
      }
      told += now != before ? 1 : 0;
      before = now;
      if (!rng.chance(0.1)) continue;
      const std::string bytes = bytes_of(crashing);
      ByteReader in(bytes);
      WatchCell again;
      ASSERT_TRUE(load(again, in) && in.done());
      crashing = std::move(again);
      ASSERT_TRUE(fits(plan, crashing));
    }
    ASSERT_EQ(bytes_of(cell), bytes_of(crashing)) << "seed " << seed;
  }
  EXPECT_GT(told, 250u);
  if (GetParam() == int(WatchKind::kHeld) || GetParam() == int(WatchKind::kAbsent)) {
    EXPECT_GT(due_by_time, 20u);
  }
}

INSTANTIATE_TEST_SUITE_P(All, WatchKinds, testing::Range(0, int(WatchKind::kCount)));

TEST(WatchBytes, DamagedOnesAreRefused) {
  WatchPlan plan;
  plan.kind = WatchKind::kWindow;
  plan.span = minutes(5);
  plan.keep = 10;
  WatchCell cell = fresh(plan, 1);
  step(plan, cell, {kStart, false, 1.5, 0, false});
  const std::string good = bytes_of(cell);
  for (std::size_t n = 0; n < good.size(); ++n) {
    ByteReader in(std::string_view(good).substr(0, n));
    WatchCell out;
    EXPECT_FALSE(load(out, in)) << n;
  }
  std::string bad = good;
  bad[32] = 99;  // no such kind
  ByteReader in(bad);
  WatchCell out;
  EXPECT_FALSE(load(out, in));
}

}  // namespace
}  // namespace millwright::rules
