#pragma once
// Effects as rows, through their states; what of ours was delivered to Kafka; and refused records
// counted by the minute. Owned by the store; called by its thread, inside its transactions.

#include <vector>

#include "millwright/domain/intent.hpp"
#include "store/db.hpp"

namespace millwright::store {

// "topic[3]@17" -> topic, 3, 17.
[[nodiscard]] std::optional<Position> parse_position(std::string_view text);

// The names effect.state has in the file.
[[nodiscard]] std::string_view state_text(EffectState state);
[[nodiscard]] EffectState effect_state(std::string_view text);

class Outbox {
 public:
  explicit Outbox(Db& db);

  void add(const Effect& effect, AuditSeq audit, Instant at);
  // Unknown ids are ignored: a restored backup may not have them yet.
  void report(const EffectReport& report, Instant at);
  void count_dead_letters(const DeadLetterCount& letters, Instant at);
  // Audit records for the minutes that ended before `now`, at most `limit`; their rows go.
  [[nodiscard]] std::vector<AuditRecord> close_minutes(Instant now, std::size_t limit);
  // Throws out what was done before `before`.
  void thin(Instant before, std::size_t limit);

 private:
  Statement add_;
  Statement find_;
  Statement report_;
  Statement delivered_;
  Statement count_letters_;
  Statement minutes_;
  Statement close_minute_;
  Statement thin_;
};

}  // namespace millwright::store
