#pragma once
// The task list: one page of tasks by filter and order, at a cost that does not grow with the
// number of tasks. Owned by a reader; called by its thread.

#include <string>
#include <vector>

#include "millwright/engine/queries.hpp"
#include "store/db.hpp"

namespace millwright::store {

class TaskList {
 public:
  explicit TaskList(Db& db);
  // kInvalid: the cursor is not one of this order.
  [[nodiscard]] Result<Page<Task>> page(const TaskQuery& query);

 private:
  struct Key {
    std::string sort;
    std::int64_t row = 0;
  };
  // Where a page begins and ends, in terms of the sort key.
  struct Span {
    std::string after;
    std::string before;
    std::size_t limit = 0;
  };
  std::vector<Key> by_state_and_kind(const TaskQuery& query, const Span& span);
  std::vector<Key> among(Rows rows, const TaskQuery& query, const Span& span, bool sorted);
  std::vector<Key> by_words(const TaskQuery& query, const Span& span);
  Result<Task> load(std::int64_t row);

  Statement by_urgency_;
  Statement by_change_;
  Statement asset_by_urgency_;
  Statement asset_by_change_;
  Statement of_case_;
  Statement words_;
  Statement load_;
};

}  // namespace millwright::store
