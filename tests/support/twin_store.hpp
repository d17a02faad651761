#pragma once
// TwinStore: the real SQLite ledger, with a MemoryStore beside it that is told the same and must
// answer the same. A simulation thus runs on the real database and still sees all that was ever
// committed. One thread.

#include <string>
#include <vector>

#include "millwright/store/store.hpp"
#include "support/memory_store.hpp"

namespace millwright::support {

class TwinStore final : public Store {
 public:
  // `differences` gets a line for every answer that is not the twin's.
  TwinStore(Store& real, MemoryStore& memory, std::function<CommitFault()> fault,
            std::vector<std::string>& differences)
      : real_(real), memory_(memory), fault_(std::move(fault)), differences_(differences) {}

  Result<CommitReceipt> commit(const CommitBatch& batch) override {
    const CommitFault fault = fault_ ? fault_() : CommitFault::kNone;
    if (fault == CommitFault::kFull) return fail(Errc::kExhausted, "disk full");
    if (fault == CommitFault::kFailsBefore) return fail(Errc::kUnavailable, "write failed");
    Result<CommitReceipt> real = real_.commit(batch);
    const Result<CommitReceipt> memory = memory_.commit(batch);
    if (bool(real) != bool(memory)) {
      differ("commit: " + (real ? std::string("taken") : real.error().message));
    } else if (real && real->audit_size != memory->audit_size) {
      differ("audit size " + std::to_string(real->audit_size));
    }
    if (fault == CommitFault::kFailsAfter) return fail(Errc::kUnavailable, "write failed");
    return real;
  }

  Result<RestoredPartition> adopt(const TopicPartition& where) override {
    Result<RestoredPartition> real = real_.adopt(where);
    const Result<RestoredPartition> memory = memory_.adopt(where);
    if (!real || !memory) {
      differ("adopt failed");
      return real;
    }
    if (real->cursor != memory->cursor) differ("adopt: cursor");
    if (real->epoch != memory->epoch) differ("adopt: epoch");
    if (real->cursor && real->reobserve_from != memory->reobserve_from) differ("adopt: from");
    if (real->partition_state != memory->partition_state) differ("adopt: partition state");
    if (!real->warning.empty()) differ("adopt: " + real->warning);
    if (shape(*real) != shape(*memory)) differ("adopt: entities, batches or decisions");
    return real;
  }

  Result<PlantView> load_view() override {
    Result<PlantView> real = real_.load_view();
    const Result<PlantView> memory = memory_.load_view();
    if (!real || shape(*real) != shape(*memory)) differ("view");
    return real;
  }

  Result<std::vector<LaneView>> lane_views(std::vector<ViewNumber> numbers) override {
    return real_.lane_views(std::move(numbers));
  }
  Result<std::string> checkpoint(Instant now) override {
    (void)memory_.checkpoint(now);
    return real_.checkpoint(now);
  }
  // The minute's record is in the real log alone; the twin is told of as many.
  Result<CommitReceipt> close_dead_letter_minutes(Instant now) override {
    return memory_.close_dead_letter_minutes(now);
  }
  Result<void> tidy() override { return real_.tidy(); }

 private:
  void differ(std::string what) { differences_.push_back("SQLite and twin differ: " + what); }

  static std::string shape(const RestoredPartition& r) {
    std::string out;
    std::map<std::string, std::string> entities;
    for (const EntityState& e : r.entities) {
      entities[e.entity] = std::to_string(e.at.get()) + ' ' + e.blob;
    }
    for (const auto& [name, state] : entities) out += name + '=' + state + '\n';
    for (const CursorAdvance& b : r.batches) {
      out += std::to_string(b.first.get()) + '-' + std::to_string(b.next.get()) + '@' +
             std::to_string(b.view.get()) + ' ' + std::to_string(b.audit) + ' ' +
             std::to_string(b.plant_now ? b.plant_now->ns() : -1) + '\n';
    }
    for (const auto& [d, at] : r.decisions) out += d.id.str() + std::to_string(at.get()) + '\n';
    return out;
  }
  static std::string shape(const PlantView& v) {
    std::string out = std::to_string(v.lane.number.get()) + '\n';
    v.tasks.for_each([&](const TaskId& id, const Task& t) {
      out += id.str() + std::string(to_text(t.state)) + std::to_string(t.revision.get()) +
             std::to_string(t.evidence_count) + std::to_string(t.approvals.size()) + '\n';
      return true;
    });
    v.cases.for_each([&](const CaseId& id, const Case& c) {
      out += id.str() + std::to_string(int(c.state)) + '\n';
      return true;
    });
    v.case_of.for_each([&](const std::string& key, const CaseId& id) {
      out += key + '=' + id.str() + '\n';
      return true;
    });
    v.reservations.for_each([&](const std::string& key, const Reservation& r) {
      out += key + '=' + std::to_string(r.quantity) + std::to_string(int(r.state)) + '\n';
      return true;
    });
    v.stock.for_each([&](const MaterialId& id, const Stock& s) {
      out += id.str() + '=' + std::to_string(s.on_hand) + '\n';
      return true;
    });
    return out;
  }

  Store& real_;
  MemoryStore& memory_;
  std::function<CommitFault()> fault_;
  std::vector<std::string>& differences_;
};

}  // namespace millwright::support
