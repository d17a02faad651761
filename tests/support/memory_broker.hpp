#pragma once
// MemoryBroker: the logs of a broker, which outlive everything; and MemorySource: what one lane
// sees of them, with assignments, redelivery and failures drawn from a seed. One thread.

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "millwright/base/rng.hpp"
#include "millwright/engine/ports.hpp"

namespace millwright::support {

class MemoryBroker {
 public:
  struct Log {
    std::vector<RawRecord> records;
    std::set<std::int64_t> unreadable;  // offsets that no consumer can read
    std::int64_t start = 0;             // what lies before is deleted
  };

  Offset append(const TopicPartition& where, RawRecord record) {
    Log& log = logs_[where];
    record.position = Position{where, Offset(std::int64_t(log.records.size()))};
    log.records.push_back(std::move(record));
    return log.records.back().position.offset;
  }
  Offset append_unreadable(const TopicPartition& where) {
    const Offset at = append(where, RawRecord());
    logs_[where].unreadable.insert(at.get());
    return at;
  }
  void delete_before(const TopicPartition& where, Offset start) {
    logs_[where].start = start.get();
  }
  // A broker that is away answers nobody; what is appended meanwhile waits in its logs.
  void set_away(bool away) { away_ = away; }
  [[nodiscard]] bool away() const { return away_; }
  [[nodiscard]] const std::map<TopicPartition, Log>& logs() const { return logs_; }
  [[nodiscard]] const Log& log(const TopicPartition& where) { return logs_[where]; }

 private:
  std::map<TopicPartition, Log> logs_;
  bool away_ = false;
};

// How unkind a source is; probabilities at each call.
struct SourceFaults {
  double redelivers = 0.0;
  double start_fails = 0.0;
  double stays_silent = 0.0;
  bool claims_the_end = false;  // a bug planted on purpose: no backlog, and always connected
};

class MemorySource final : public EventSource {
 public:
  MemorySource(MemoryBroker& broker, Rng rng, SourceFaults faults)
      : broker_(broker), rng_(rng), faults_(faults) {}

  // ---- what the group's coordinator does ----
  void assign(const TopicPartition& where) { control_.push_back(Assigned{where}); }
  void revoke(const TopicPartition& where) { control_.push_back(Revoked{where}); }
  void lose(const TopicPartition& where) { control_.push_back(Lost{where}); }
  // Partitions given back since the last call.
  std::vector<TopicPartition> take_released() { return std::exchange(released_, {}); }
  void set_faults(SourceFaults faults) { faults_ = faults; }

  // ---- EventSource ----
  SourceEvent poll(std::size_t limit, Duration) override {
    if (!control_.empty()) {
      SourceEvent event = std::move(control_.front());
      control_.pop_front();
      if (const auto* lost = std::get_if<Lost>(&event)) positions_.erase(lost->where);
      return event;
    }
    if (paused_ || broker_.away() || positions_.empty() || rng_.chance(faults_.stays_silent))
      return Records{};
    Records out;
    std::size_t skip = rng_.below(positions_.size());
    for (std::size_t turn = 0; turn < positions_.size() && out.records.size() < limit; ++turn) {
      auto at = std::next(positions_.begin(), std::ptrdiff_t(skip++ % positions_.size()));
      const MemoryBroker::Log& log = broker_.log(at->first);
      std::int64_t next = at->second.get();
      const std::int64_t end = std::int64_t(log.records.size());
      if (next < end && log.unreadable.count(next) != 0) {
        if (!out.records.empty()) break;
        return skip_unreadable(at->first, log, next);
      }
      if (next > 0 && rng_.chance(faults_.redelivers)) {
        std::int64_t again = next - std::int64_t(1 + rng_.below(6));
        for (again = std::max<std::int64_t>(again, 0); again < next; ++again) {
          if (log.unreadable.count(again) == 0) out.records.push_back(log.records[again]);
        }
      }
      std::size_t count = 1 + rng_.below(24);
      while (next < end && log.unreadable.count(next) == 0 && count-- > 0 &&
             out.records.size() < limit) {
        out.records.push_back(log.records[std::size_t(next++)]);
      }
      at->second = Offset(next);
      if (rng_.chance(0.5)) break;
    }
    return out;
  }

  Result<Offset> start(const TopicPartition& where, std::optional<Offset> from) override {
    if (broker_.away() || rng_.chance(faults_.start_fails))
      return fail(Errc::kUnavailable, "broker does not answer");
    lag_.erase(where);
    positions_[where] = std::max(from.value_or(Offset(0)), Offset(broker_.log(where).start));
    return positions_[where];
  }
  void release(const TopicPartition& where) override {
    positions_.erase(where);
    released_.push_back(where);
  }
  void set_paused(bool paused) override { paused_ = paused; }
  void courtesy_commit(const TopicPartition& where, Offset next) override {
    committed_[where] = next;
  }
  // As far as known: what a broker that is away holds by now, nobody can say.
  [[nodiscard]] std::map<TopicPartition, std::int64_t> lag() const override {
    for (const auto& [where, next] : positions_) {
      if (broker_.away()) break;
      const auto log = broker_.logs().find(where);
      if (log == broker_.logs().end()) continue;
      lag_[where] = std::int64_t(log->second.records.size()) - next.get();
    }
    std::map<TopicPartition, std::int64_t> out;
    for (const auto& [where, lag] : lag_) {
      if (positions_.count(where) != 0) out[where] = faults_.claims_the_end ? 0 : lag;
    }
    return out;
  }
  [[nodiscard]] bool connected() const override {
    return !broker_.away() || faults_.claims_the_end;
  }
  [[nodiscard]] const std::map<TopicPartition, Offset>& committed() const { return committed_; }
  [[nodiscard]] bool paused() const { return paused_; }

 private:
  SourceEvent skip_unreadable(const TopicPartition& where, const MemoryBroker::Log& log,
                              std::int64_t first) {
    std::int64_t next = first;
    while (log.unreadable.count(next) != 0) ++next;
    positions_[where] = Offset(next);
    return Undecodable{where, Offset(first), Offset(next), "bad compression"};
  }

  MemoryBroker& broker_;
  Rng rng_;
  SourceFaults faults_;
  std::deque<SourceEvent> control_;
  std::map<TopicPartition, Offset> positions_;
  std::map<TopicPartition, Offset> committed_;
  std::vector<TopicPartition> released_;
  mutable std::map<TopicPartition, std::int64_t> lag_;  // newest known
  bool paused_ = false;
};

}  // namespace millwright::support
