// What can be said of a table before it runs, with a witness for each claim.
#include <map>

#include "rules/table/compile.hpp"

namespace millwright::rules {
namespace {

constexpr std::size_t kMostComplaints = 10;  // of one table

class TableChecks {
 public:
  TableChecks(const DecisionTable& table, const TableSpec& spec,
              const std::vector<std::string>& answers, const std::vector<std::size_t>& ranks,
              const std::vector<SourceText>& places, RuleProblems& problems)
      : table_(table),
        spec_(spec),
        answers_(answers),
        ranks_(ranks),
        places_(places),
        problems_(problems),
        rows_(table.questions()) {}

  void run() {
    gaps();
    impossible();
    switch (table_.hit) {
      case HitPolicy::kUnique:
        return overlaps();
      case HitPolicy::kFirst:
        return unreachable();
      case HitPolicy::kPriority:
        ties();
        return unreachable();
      case HitPolicy::kCollect:
        if (table_.aggregate == Aggregate::kList) same_answers();
        return;
    }
  }

 private:
  void complain(const SourceText& at, std::string message) {
    if (++complaints_ > kMostComplaints) return;
    problems_.push_back({at.file, at.line, at.column,
                         std::move(message) + (at.text.empty() ? "" : "\n  " + at.text)});
  }

  std::string name(std::size_t row) const {
    return "row " + std::to_string(row + 1) + " (line " + std::to_string(places_[row].line) + ")";
  }

  void too_many(const SourceText& at, const std::string& what) {
    complain(at, "the cells combine in more than " + std::to_string(limits::kTableStates) +
                     " ways, so " + what + " cannot be shown; split the table");
  }

  void gaps() {
    if (spec_.gaps_allowed || table_.otherwise) return;
    Rows all;
    for (std::size_t i = 0; i < rows_; ++i) all.set(i);
    const Cover cover = find_hole(table_.axes, all);
    SourceText at = spec_.place;
    if (cover.unknown) return too_many(at, "that nothing is left out");
    if (!cover.hole) return;
    complain(at, "no row takes " + point_text(table_.axes, *cover.hole) +
                     "; add a row for it, a last row 'otherwise || ...', or write gaps: allowed");
  }

  // A row whose cell takes nothing that its column can be.
  void impossible() {
    for (std::size_t row = 0; row < rows_; ++row) {
      for (const Axis& axis : table_.axes) {
        bool any = false;
        for (const std::size_t region : axis.live()) any = any || axis.takes(region).test(row);
        if (any) continue;
        complain(places_[row], name(row) + " is never taken: its cell of " + axis.name() +
                                   " takes nothing that this column can be");
        never_.set(row);
        break;
      }
    }
  }

  void overlaps() {
    for (std::size_t b = 1; b < rows_; ++b) {
      for (std::size_t a = 0; a < b; ++a) {
        const auto point = common_point(table_.axes, a, b);
        if (!point) continue;
        complain(places_[b], name(a) + " and " + name(b) + " both match at " +
                                 point_text(table_.axes, *point) +
                                 "; with hit: unique only one may. Change their cells, or write "
                                 "hit: first");
        break;
      }
    }
  }

  // Whether `a` is taken where both match.
  bool goes_before(std::size_t a, std::size_t b) const {
    if (table_.hit == HitPolicy::kFirst || ranks_[a] == ranks_[b]) return a < b;
    return ranks_[a] < ranks_[b];
  }

  void unreachable() {
    for (std::size_t row = 0; row < rows_; ++row) {
      if (never_.test(row)) continue;
      Rows before;
      for (std::size_t other = 0; other < rows_; ++other) {
        if (other != row && goes_before(other, row)) before.set(other);
      }
      const Cover cover = find_hole(table_.axes, before, row);
      if (cover.unknown) return too_many(places_[row], "that " + name(row) + " can be taken");
      if (!cover.hole) complain(places_[row], name(row) + " is never taken: " + why(row, before));
    }
  }

  std::string why(std::size_t row, const Rows& before) const {
    std::string others;
    std::size_t count = 0;
    std::string witness;
    for (std::size_t other = 0; other < rows_; ++other) {
      if (!before.test(other)) continue;
      const auto point = common_point(table_.axes, other, row);
      if (!point) continue;
      if (witness.empty()) witness = point_text(table_.axes, *point);
      others += (count++ > 0 ? ", " : "") + std::to_string(other + 1);
    }
    return (count > 1 ? "rows " + others + " together take" : "row " + others + " takes") +
           " all that it asks for, such as " + witness;
  }

  // Rows of the same importance that say different things of the same input.
  void ties() {
    for (std::size_t b = 1; b < rows_; ++b) {
      for (std::size_t a = 0; a < b; ++a) {
        if (ranks_[a] != ranks_[b] || answers_[a] == answers_[b]) continue;
        const auto point = common_point(table_.axes, a, b);
        if (!point) continue;
        complain(places_[b], name(a) + " and " + name(b) + " both match at " +
                                 point_text(table_.axes, *point) +
                                 " and are of the same importance, but say different things; put "
                                 "the difference into 'order'");
        break;
      }
    }
  }

  // Of a list each row opens a case of its own.
  void same_answers() {
    for (std::size_t b = 1; b < rows_; ++b) {
      for (std::size_t a = 0; a < b; ++a) {
        if (answers_[a] != answers_[b]) continue;
        const auto point = common_point(table_.axes, a, b);
        if (!point) continue;
        complain(places_[b], name(a) + " and " + name(b) + " both match at " +
                                 point_text(table_.axes, *point) + " with the same mode " +
                                 answers_[a] +
                                 "; give each a mode of its own, or they would open one case");
        break;
      }
    }
  }

  const DecisionTable& table_;
  const TableSpec& spec_;
  const std::vector<std::string>& answers_;
  const std::vector<std::size_t>& ranks_;
  const std::vector<SourceText>& places_;
  RuleProblems& problems_;
  std::size_t rows_;
  Rows never_;
  std::size_t complaints_ = 0;
};

}  // namespace

void check_table(const DecisionTable& table, const TableSpec& spec,
                 const std::vector<std::string>& answers, const std::vector<std::size_t>& ranks,
                 const std::vector<SourceText>& places, RuleProblems& problems) {
  TableChecks(table, spec, answers, ranks, places, problems).run();
}

}  // namespace millwright::rules
