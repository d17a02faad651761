#pragma once
// Where effects go in a simulation: an output log and an ERP that outlive every crash, and the
// runners that reach them, with failures drawn from a seed and bugs planted on request. One thread.

#include <map>
#include <string>
#include <vector>

#include "millwright/base/rng.hpp"
#include "millwright/engine/ports.hpp"
#include "support/memory_store.hpp"

namespace millwright::support {

// The world outside.
struct OutsideWorld {
  struct Sent {
    EffectId id;
    std::string type;
    std::string key;
  };
  std::map<std::string, std::vector<Sent>> topics;  // one partition each
  struct Order {
    EffectId reference;
    TaskId task;
    std::string operation;
    std::string number;
  };
  std::vector<Order> orders;
  std::int64_t sent_before_anchored = 0;  // must stay 0
};

struct EffectFaults {
  double fails_before = 0.0;  // nothing happened
  double fails_after = 0.0;   // it happened, and the answer is lost
};

struct EffectMutants {
  bool mark_before_ack = false;         // says delivered, sends at the next call
  bool no_scan = false;                 // does not look what an earlier process had sent
  bool no_search_before_retry = false;  // orders again without asking the ERP
};

class MemoryKafkaOut final : public EffectRunner {
 public:
  MemoryKafkaOut(OutsideWorld& world, const MemoryAnchor& anchor, Rng rng, EffectFaults faults,
                 EffectMutants mutants)
      : world_(world), anchor_(anchor), rng_(rng), faults_(faults), mutants_(mutants) {}

  Result<std::vector<EffectReport>> recover(
      const std::map<TopicPartition, Offset>& delivered_up_to) override {
    if (rng_.chance(faults_.fails_before)) return fail(Errc::kUnavailable, "broker away");
    std::vector<EffectReport> found;
    if (mutants_.no_scan) return found;
    for (const auto& [topic, log] : world_.topics) {
      const auto mark = delivered_up_to.find(TopicPartition{topic, 0});
      std::size_t from = mark == delivered_up_to.end() ? 0 : std::size_t(mark->second.get() + 1);
      for (; from < log.size(); ++from) found.push_back(delivered(log[from].id, topic, from));
    }
    return found;
  }

  std::vector<EffectReport> perform(const std::vector<Effect>& effects, Instant) override {
    std::vector<EffectReport> reports;
    for (const Effect& late : std::exchange(owed_, {})) append(late);
    const bool aborted = rng_.chance(faults_.fails_before);
    for (const Effect& effect : effects) {
      if (effect.audit.get() >= anchor_.size()) ++world_.sent_before_anchored;
      if (aborted) {
        EffectReport report;
        report.id = effect.id;
        report.outcome = EffectOutcome::kRetryLater;
        report.detail = "transaction aborted";
        reports.push_back(std::move(report));
      } else if (mutants_.mark_before_ack) {
        owed_.push_back(effect);
        const std::size_t at = world_.topics[effect.target].size() + owed_.size() - 1;
        reports.push_back(delivered(effect.id, effect.target, at));
      } else {
        append(effect);
        reports.push_back(
            delivered(effect.id, effect.target, world_.topics[effect.target].size() - 1));
      }
    }
    return reports;
  }
  [[nodiscard]] bool announces_attempts() const override { return false; }
  [[nodiscard]] bool healthy() const override { return true; }
  void set_faults(EffectFaults faults) { faults_ = faults; }

 private:
  void append(const Effect& effect) {
    world_.topics[effect.target].push_back({effect.id, effect.type, effect.key});
  }
  static EffectReport delivered(const EffectId& id, const std::string& topic, std::size_t at) {
    EffectReport report;
    report.id = id;
    report.external_number = topic + "[0]@" + std::to_string(at);
    return report;
  }

  OutsideWorld& world_;
  const MemoryAnchor& anchor_;
  Rng rng_;
  EffectFaults faults_;
  EffectMutants mutants_;
  std::vector<Effect> owed_;
};

// An ERP that can be asked for our reference, and may time out after it has committed.
class MemoryErp final : public EffectRunner {
 public:
  MemoryErp(OutsideWorld& world, const MemoryAnchor& anchor, Rng rng, EffectFaults faults,
            EffectMutants mutants)
      : world_(world), anchor_(anchor), rng_(rng), faults_(faults), mutants_(mutants) {}

  Result<std::vector<EffectReport>> recover(const std::map<TopicPartition, Offset>&) override {
    return std::vector<EffectReport>{};
  }
  std::vector<EffectReport> perform(const std::vector<Effect>& effects, Instant) override {
    std::vector<EffectReport> reports;
    for (const Effect& effect : effects) reports.push_back(one(effect));
    return reports;
  }
  [[nodiscard]] bool announces_attempts() const override { return true; }
  [[nodiscard]] bool healthy() const override { return true; }
  void set_faults(EffectFaults faults) { faults_ = faults; }

 private:
  EffectReport one(const Effect& effect) {
    if (effect.audit.get() >= anchor_.size()) ++world_.sent_before_anchored;
    EffectReport report;
    report.id = effect.id;
    const auto later = [&](const char* why) {
      report.outcome = EffectOutcome::kRetryLater;
      report.detail = why;
      return report;
    };
    if (rng_.chance(faults_.fails_before)) return later("connection refused");
    if (!mutants_.no_search_before_retry) {
      for (const OutsideWorld::Order& order : world_.orders) {
        if (order.reference != effect.id) continue;
        report.external_number = order.number;
        return report;
      }
    }
    const std::string number = std::to_string(4'000'001 + world_.orders.size());
    world_.orders.push_back({effect.id, effect.task, effect.target, number});
    if (rng_.chance(faults_.fails_after)) return later("timed out");
    report.external_number = number;
    return report;
  }

  OutsideWorld& world_;
  const MemoryAnchor& anchor_;
  Rng rng_;
  EffectFaults faults_;
  EffectMutants mutants_;
};

}  // namespace millwright::support
