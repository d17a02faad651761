// Random decision tables against brute force: what is chosen, what is said to be left out, to
// overlap or never to be taken, over every combination of boundary points.
#include <gtest/gtest.h>

#include <functional>
#include <random>

#include "rules/table/compile.hpp"

namespace millwright::rules {
namespace {

using cel::Value;

// A cell as text, and what it means, told without the code under test.
struct Question {
  std::string text;
  std::function<bool(const Value&)> takes;  // of a value that is there
  bool any = false;
  bool absent = false;  // takes absence; says so
  bool speaks = false;  // speaks of absence
};

struct Column {
  std::string name;
  bool number = false;
  bool flag = false;
  std::vector<Value> points;  // every boundary, and between them
};

const std::vector<Column>& columns() {
  static const std::vector<Column> kColumns = [] {
    std::vector<Value> numbers;
    for (int half = -1; half <= 13; ++half) numbers.push_back(Value::number(half * 0.5));
    std::vector<Value> texts;
    for (const char* text : {"A", "B", "C", "other"}) texts.push_back(Value::string(text));
    return std::vector<Column>{
        {"signal.value", true, false, numbers},
        {"signal.z", true, false, numbers},
        {"asset.criticality", false, false, texts},
        {"signal.warm", false, true, {Value::boolean(false), Value::boolean(true)}}};
  }();
  return kColumns;
}

class Draw {
 public:
  explicit Draw(std::uint64_t seed) : engine_(seed) {}
  int below(int n) { return int(engine_() % std::uint64_t(n)); }

  Question question(const Column& column) {
    if (below(4) == 0) return {"-", [](const Value&) { return true; }, true, true, false};
    if (below(12) == 0) return {"absent", [](const Value&) { return false; }, false, true, true};
    if (below(16) == 0) return {"present", [](const Value&) { return true; }, false, false, true};
    if (column.flag) return flag();
    return column.number ? number() : text();
  }

 private:
  Question flag() {
    const bool wanted = below(2) == 0;
    return {wanted ? "true" : "false", [=](const Value& v) { return v.as_bool() == wanted; }};
  }
  Question text() {
    const std::string a(1, char('A' + below(3)));
    const std::string b(1, char('A' + below(3)));
    const bool negated = below(3) == 0;
    const auto among = [=](const Value& v) {
      return (v.as_text() == a || v.as_text() == b) != negated;
    };
    return {negated ? "not in (" + a + ", \"" + b + "\")" : a + ", " + b, among};
  }
  Question number() {
    const double a = below(4);
    const double b = a + below(4);
    const std::string low = std::to_string(int(a));
    const std::string high = std::to_string(int(b));
    switch (below(6)) {
      case 0:
        return {"> " + low, [=](const Value& v) { return v.as_double() > a; }};
      case 1:
        return {"<= " + low, [=](const Value& v) { return v.as_double() <= a; }};
      case 2:
        return {low, [=](const Value& v) { return v.as_double() == a; }};
      case 3:
        return {"< " + low + ", >= " + high,
                [=](const Value& v) { return v.as_double() < a || v.as_double() >= b; }};
      case 4:
        return {"not (" + low + ", " + high + ")",
                [=](const Value& v) { return v.as_double() != a && v.as_double() != b; }};
      default:
        break;
    }
    const bool open_low = a < b && below(2) == 0;
    const bool open_high = a < b && below(2) == 0;
    return {(open_low ? "(" : "[") + low + ".." + high + (open_high ? ")" : "]"),
            [=](const Value& v) {
              const double x = v.as_double();
              return (open_low ? x > a : x >= a) && (open_high ? x < b : x <= b);
            }};
  }

  std::mt19937_64 engine_;
};

struct Trial {
  std::vector<const Column*> columns;
  std::vector<std::vector<Question>> rows;
  std::string text;
  std::vector<std::vector<Value>> points;

  explicit Trial(std::uint64_t seed) {
    Draw draw(seed);
    const int width = 1 + draw.below(3);
    for (int i = 0; i < width; ++i) {
      columns.push_back(&rules::columns()[std::size_t(i + draw.below(2))]);
      if (i > 0 && columns[std::size_t(i)] == columns[std::size_t(i) - 1]) {
        columns.back() = &rules::columns()[std::size_t(i) + 1];
      }
    }
    for (const Column* column : columns) text += (text.empty() ? "" : " | ") + column->name;
    text += " || crew\n";
    const int height = 1 + draw.below(6);
    for (int row = 0; row < height; ++row) {
      std::vector<Question> cells;
      for (const Column* column : columns) cells.push_back(draw.question(*column));
      for (std::size_t i = 0; i < cells.size(); ++i) text += (i > 0 ? " | " : "") + cells[i].text;
      text += " || " + std::to_string(row) + "\n";
      rows.push_back(std::move(cells));
    }
    std::vector<Value> point;
    combine(point);
  }

  [[nodiscard]] bool speaks(std::size_t column) const {
    return std::any_of(rows.begin(), rows.end(), [&](const auto& r) { return r[column].speaks; });
  }
  [[nodiscard]] bool takes(std::size_t row, const std::vector<Value>& point) const {
    for (std::size_t i = 0; i < point.size(); ++i) {
      const Question& q = rows[row][i];
      if (point[i].is(cel::Kind::kAbsent) ? !q.absent : !q.takes(point[i])) return false;
    }
    return true;
  }
  [[nodiscard]] std::vector<std::size_t> taking(const std::vector<Value>& point) const {
    std::vector<std::size_t> out;
    for (std::size_t row = 0; row < rows.size(); ++row) {
      if (takes(row, point)) out.push_back(row);
    }
    return out;
  }

 private:
  void combine(std::vector<Value>& point) {
    if (point.size() == columns.size()) {
      points.push_back(point);
      return;
    }
    const std::size_t i = point.size();
    std::vector<Value> values = columns[i]->points;
    if (speaks(i)) values.push_back(Value::absent());
    for (const Value& value : values) {
      point.push_back(value);
      combine(point);
      point.pop_back();
    }
  }
};

struct Compiled {
  RuleScope scope{{}, {}};
  RuleProblems problems;
  TableParts parts;

  Compiled(const Trial& trial, HitPolicy hit) {
    TableSpec spec;
    spec.hit = hit;
    spec.rows = {trial.text, "t.yaml", 1, 1};
    spec.task.text = "inspection";
    spec.defaults.title_text.text = "Look";
    spec.defaults.symptom_text.text = "Odd";
    parts = compile_table(spec, scope, problems);
  }
  [[nodiscard]] bool says(const std::string& part, const std::string& also = "") const {
    return std::any_of(problems.begin(), problems.end(), [&](const RuleProblem& p) {
      return p.message.find(part) != std::string::npos && p.message.find(also) != std::string::npos;
    });
  }
};

void check_choice(const Trial& trial, const Compiled& compiled, HitPolicy hit) {
  cel::Arena arena;
  std::vector<Value> slots(compiled.scope.width(), Value::absent());
  for (const auto& point : trial.points) {
    for (std::size_t i = 0; i < point.size(); ++i) {
      slots[*compiled.scope.schema().slot(trial.columns[i]->name)] = point[i];
    }
    std::vector<std::size_t> expected = trial.taking(point);
    const Picked picked = pick(compiled.parts.table, slots, arena);
    if (hit == HitPolicy::kUnique && expected.size() > 1) {
      ASSERT_NE(picked.error, "");
      continue;
    }
    if (hit == HitPolicy::kFirst && expected.size() > 1) expected.resize(1);
    ASSERT_EQ(picked.error, "");
    ASSERT_EQ(picked.rows, expected);
  }
}

// A hole is one: no row takes any of its points.
void check_hole(const Trial& trial, const DecisionTable& table) {
  Rows all;
  for (std::size_t i = 0; i < trial.rows.size(); ++i) all.set(i);
  const Cover cover = find_hole(table.axes, all);
  if (!cover.hole) return;
  std::vector<Value> point;
  for (std::size_t i = 0; i < cover.hole->size(); ++i) {
    const std::size_t region = (*cover.hole)[i];
    point.push_back(
        table.axes[i].sample(region == Axis::kNowhere ? table.axes[i].live()[0] : region));
  }
  ASSERT_TRUE(trial.taking(point).empty()) << point_text(table.axes, *cover.hole);
}

void check_verdicts(const Trial& trial, const Compiled& first, const Compiled& unique) {
  bool gap = false;
  bool overlap = false;
  std::vector<bool> taken(trial.rows.size());
  std::vector<bool> possible(trial.rows.size());
  for (const auto& point : trial.points) {
    const auto taking = trial.taking(point);
    gap = gap || taking.empty();
    overlap = overlap || taking.size() > 1;
    if (!taking.empty()) taken[taking[0]] = true;
    for (const std::size_t row : taking) possible[row] = true;
  }
  ASSERT_EQ(first.says("no row takes"), gap);
  ASSERT_EQ(unique.says("no row takes"), gap);
  ASSERT_EQ(unique.says("both match at"), overlap);
  for (std::size_t row = 0; row < trial.rows.size(); ++row) {
    const std::string name = "row " + std::to_string(row + 1) + " (line";
    ASSERT_EQ(first.says(name, "is never taken"), !taken[row]) << name;
    ASSERT_EQ(unique.says(name, "is never taken"), !possible[row]) << name;
  }
}

TEST(TableProperty, VerdictsAndChoicesAgreeWithBruteForce) {
  int gaps = 0;
  int unreachable = 0;
  int whole = 0;
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    const Trial trial(seed);
    SCOPED_TRACE("seed " + std::to_string(seed) + "\n" + trial.text);
    const Compiled first(trial, HitPolicy::kFirst);
    const Compiled unique(trial, HitPolicy::kUnique);
    const Compiled all(trial, HitPolicy::kCollect);
    ASSERT_EQ(first.parts.table.axes.size(), trial.columns.size());
    check_choice(trial, first, HitPolicy::kFirst);
    check_choice(trial, unique, HitPolicy::kUnique);
    check_choice(trial, all, HitPolicy::kCollect);
    check_hole(trial, first.parts.table);
    check_verdicts(trial, first, unique);
    if (testing::Test::HasFatalFailure()) return;
    gaps += first.says("no row takes") ? 1 : 0;
    unreachable += first.says("is never taken") ? 1 : 0;
    whole += first.problems.empty() ? 1 : 0;
  }
  // The trials are of all kinds.
  EXPECT_GT(gaps, 50);
  EXPECT_GT(unreachable, 50);
  EXPECT_GT(whole, 15);
}

}  // namespace
}  // namespace millwright::rules
