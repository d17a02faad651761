#pragma once
// What can be asked of the ledger's readers, and the shapes of the answers. Plain values; any
// thread.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "millwright/base/time.hpp"
#include "millwright/domain/ids.hpp"
#include "millwright/domain/task.hpp"

namespace millwright {

struct TaskQuery {
  std::vector<TaskState> states;  // empty: any
  std::optional<TaskKind> kind;
  std::optional<Priority> priority;
  AssetId asset;       // "" any
  CaseId case_id;      // "" any
  std::string text;    // in title, asset, part, cause
  std::string cursor;  // of the page before
  std::size_t limit = 50;
  bool by_change = false;  // newest change first; otherwise by urgency
};

template <class T>
struct Page {
  std::vector<T> items;
  std::string next;  // cursor of the next page; "" none
};

struct AuditEntry {
  AuditSeq seq;
  std::string type;
  Instant at;
  std::string actor;
  std::string record;     // canonical JSON, as hashed
  std::string leaf_hash;  // hex
};

struct AuditQuery {
  TaskId task;       // "" any
  CaseId case_id;    // "" any
  std::string type;  // "" any
  std::optional<AuditSeq> after;
  std::size_t limit = 50;
};

struct StoreCounts {
  std::map<std::string, std::int64_t> dispositions;  // by text
  std::map<std::string, std::int64_t> tasks_by_state;
  std::int64_t decisions = 0;         // those of rules on trial among them
  std::int64_t shadow_decisions = 0;  // of rules on trial
  std::int64_t audit_size = 0;
  std::int64_t anchored_size = 0;
  std::int64_t effects_pending = 0;
  std::int64_t effects_parked = 0;
};

}  // namespace millwright
