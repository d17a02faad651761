#include "store/task_list.hpp"

#include <algorithm>

#include "millwright/base/limits.hpp"
#include "millwright/codec/records.hpp"

namespace millwright::store {
namespace {

// Above every key: keys are hexadecimal digits, and ids after them.
constexpr std::string_view kEnd = "\x7f";
constexpr int kLastState = int(TaskState::kVerified);
constexpr int kLastKind = int(TaskKind::kRuleRelease);

bool is_word_byte(char c) {
  const auto u = static_cast<unsigned char>(c);
  return u >= 0x80 || (u >= '0' && u <= '9') || (u >= 'a' && u <= 'z') || (u >= 'A' && u <= 'Z');
}

// Every word of the text as a prefix, all of which must be there: P-101 bear -> "P" "101" "bear"*
// in FTS5's syntax, quoted so that nothing in it is an operator.
std::string match_of(std::string_view text) {
  std::string out;
  constexpr std::size_t kWords = 16;
  std::size_t words = 0;
  while (!text.empty() && words < kWords) {
    const auto end = std::find_if_not(text.begin(), text.end(), is_word_byte);
    const auto size = std::size_t(end - text.begin());
    if (size > 0) {
      out += (out.empty() ? "\"" : " \"") + std::string(text.substr(0, size)) + "\"*";
      ++words;
    }
    text.remove_prefix(std::min(size + 1, text.size()));
  }
  return out;
}

// The names of a filter; all of them when it is empty.
template <class E>
std::vector<std::string_view> names(const std::vector<E>& chosen, int last) {
  std::vector<std::string_view> out;
  for (int i = 0; i <= last; ++i) {
    const bool wanted =
        chosen.empty() || std::find(chosen.begin(), chosen.end(), E(i)) != chosen.end();
    if (wanted) out.push_back(to_text(E(i)));
  }
  return out;
}

std::vector<TaskKind> kinds_of(const TaskQuery& query) {
  return query.kind.has_value() ? std::vector{*query.kind} : std::vector<TaskKind>{};
}

}  // namespace

// One index range for each state and kind gives its part of the page in order; the parts are merged
// here. Columns: sort key, row, state, kind, priority, case.
TaskList::TaskList(Db& db)
    : by_urgency_(db,
                  "SELECT urgency, row FROM task WHERE state = ? AND kind = ? AND urgency > ?"
                  " AND urgency < ? ORDER BY urgency LIMIT ?"),
      by_change_(db,
                 "SELECT change, row, priority FROM task WHERE state = ? AND kind = ?"
                 " AND change > ? AND change < ? AND (priority = ?5 OR ?5 = 0)"
                 " ORDER BY change LIMIT ?6"),
      asset_by_urgency_(db,
                        "SELECT urgency, row, state, kind, priority, case_id, asset FROM task"
                        " WHERE asset = ? AND urgency > ? AND urgency < ? ORDER BY urgency"),
      asset_by_change_(db,
                       "SELECT change, row, state, kind, priority, case_id, asset FROM task"
                       " WHERE asset = ? AND change > ? AND change < ? ORDER BY change"),
      of_case_(db,
               "SELECT CASE ?2 WHEN 1 THEN change ELSE urgency END, row, state, kind, priority,"
               " case_id, asset FROM task WHERE case_id = ?1"),
      words_(db,
             "SELECT CASE ?2 WHEN 1 THEN change ELSE urgency END, row, state, kind, priority,"
             " case_id, asset FROM task_words CROSS JOIN task ON task.row = task_words.rowid"
             " WHERE task_words MATCH ?1"),
      load_(db, "SELECT json FROM task WHERE row = ?") {}

std::vector<TaskList::Key> TaskList::by_state_and_kind(const TaskQuery& query, const Span& span) {
  std::vector<Key> keys;
  for (const std::string_view state : names(query.states, kLastState)) {
    for (const std::string_view kind : names(kinds_of(query), kLastKind)) {
      const auto limit = std::int64_t(span.limit);
      Rows rows =
          query.by_change
              ? by_change_.query(state, kind, span.after, span.before,
                                 query.priority.has_value() ? int(*query.priority) : 0, limit)
              : by_urgency_.query(state, kind, span.after, span.before, limit);
      while (rows.next()) keys.push_back({rows.text(0), rows.number(1)});
    }
  }
  return keys;
}

// Those of the rows that the whole filter lets through.
std::vector<TaskList::Key> TaskList::among(Rows rows, const TaskQuery& query, const Span& span,
                                           bool sorted) {
  const auto states = names(query.states, kLastState);
  const auto kinds = names(kinds_of(query), kLastKind);
  const auto in = [](const std::vector<std::string_view>& list, std::string_view name) {
    return std::find(list.begin(), list.end(), name) != list.end();
  };
  std::vector<Key> keys;
  while (rows.next()) {
    const std::string_view sort = rows.bytes(0);
    const bool wanted = sort > span.after && sort < span.before && in(states, rows.bytes(2)) &&
                        in(kinds, rows.bytes(3)) &&
                        (!query.priority || rows.number(4) == int(*query.priority)) &&
                        (query.case_id.empty() || rows.bytes(5) == query.case_id.str()) &&
                        (query.asset.empty() || rows.bytes(6) == query.asset.str());
    if (wanted) keys.push_back({std::string(sort), rows.number(1)});
    if (sorted && keys.size() >= span.limit) break;
  }
  return keys;
}

std::vector<TaskList::Key> TaskList::by_words(const TaskQuery& query, const Span& span) {
  const std::string match = match_of(query.text);
  if (match.empty()) return {};
  return among(words_.query(match, query.by_change ? 1 : 0), query, span, false);
}

Result<Task> TaskList::load(std::int64_t row) {
  Rows rows = load_.query(row);
  if (!rows.next()) return fail(Errc::kUnavailable, "a task went away while it was listed");
  return codec::task_from_json(rows.bytes(0));
}

Result<Page<Task>> TaskList::page(const TaskQuery& query) {
  const char order = query.by_change ? 'c' : 'u';
  if (!query.cursor.empty() && query.cursor.front() != order) {
    return fail(Errc::kInvalid, "cursor is not of this list; start again without one");
  }
  const std::size_t limit = std::clamp<std::size_t>(query.limit, 1, limits::kHttpPage);
  Span span{query.cursor.empty() ? std::string() : query.cursor.substr(1), std::string(kEnd),
            limit + 1};
  if (!query.by_change && query.priority.has_value()) {
    // The urgency begins with the priority.
    span.after = std::max(span.after, std::to_string(int(*query.priority)));
    span.before = std::to_string(int(*query.priority) + 1);
  }
  std::vector<Key> keys;
  if (!query.text.empty()) {
    keys = by_words(query, span);
  } else if (!query.case_id.empty()) {
    keys = among(of_case_.query(query.case_id.str(), query.by_change ? 1 : 0), query, span, false);
  } else if (!query.asset.empty()) {
    Statement& statement = query.by_change ? asset_by_change_ : asset_by_urgency_;
    keys = among(statement.query(query.asset.str(), span.after, span.before), query, span, true);
  } else {
    keys = by_state_and_kind(query, span);
  }
  const std::size_t shown = std::min(keys.size(), span.limit);
  std::partial_sort(keys.begin(), keys.begin() + std::ptrdiff_t(shown), keys.end(),
                    [](const Key& a, const Key& b) { return a.sort < b.sort; });
  Page<Task> page;
  for (std::size_t i = 0; i < std::min(shown, limit); ++i) {
    auto task = load(keys[i].row);
    if (!task) return std::move(task).error();
    page.items.push_back(*std::move(task));
  }
  if (shown > limit) page.next = order + keys[limit - 1].sort;
  return page;
}

}  // namespace millwright::store
