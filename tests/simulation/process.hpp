#pragma once
// Process: everything of the daemon that dies with it: queue, board, ledger, lanes, dispatcher.
// Thrown away and built anew at each simulated crash. One thread.

#include <memory>
#include <string>
#include <vector>

#include "millwright/codec/decode.hpp"
#include "millwright/engine/dispatcher.hpp"
#include "millwright/engine/lane.hpp"
#include "millwright/engine/ledger.hpp"
#include "support/memory_broker.hpp"
#include "support/memory_effects.hpp"
#include "support/twin_store.hpp"

namespace millwright::simulation {

class Process {
 public:
  struct World {
    support::MemoryBroker& broker;
    support::MemoryDisk& disk;
    support::MemoryAnchor& anchor;
    support::OutsideWorld& outside;
    pipeline::Setup setup;
    workflow::Policy policy;
    bool live_clock = false;  // plant time is the wall clock's; otherwise the newest event's
    std::size_t lanes = 1;
    std::function<support::CommitFault()> commit_fault{};
    support::StoreMutants store_mutants{};
    support::EffectFaults effect_faults{};
    support::EffectMutants effect_mutants{};
    support::SourceFaults source_faults{};
    const store::Options* sqlite = nullptr;  // unset: the ledger is in memory
    std::vector<std::string>* differences = nullptr;
  };

  Process(const World& world, Rng rng)
      : memory_(
            world.disk,
            world.sqlite != nullptr ? std::function<support::CommitFault()>() : world.commit_fault,
            world.store_mutants),
        queue_(limits::kLedgerQueue),
        kafka_(world.outside, world.anchor, rng.fork(1), world.effect_faults, world.effect_mutants),
        erp_(world.outside, world.anchor, rng.fork(2), world.effect_faults, world.effect_mutants) {
    if (world.sqlite != nullptr) open_sqlite(world);
    Ledger::Setup setup{store(),
                        world.anchor,
                        queue_,
                        board_,
                        world.setup.plant,
                        world.policy,
                        ConfigLoaded{"simulation", "simulation"},
                        0,
                        {},
                        Duration()};
    ledger_ = std::make_unique<Ledger>(std::move(setup));
    for (std::size_t i = 0; i < world.lanes; ++i) {
      sources_.push_back(std::make_unique<support::MemorySource>(world.broker, rng.fork(10 + i),
                                                                 world.source_faults));
      const bool live = world.live_clock;
      Lane::Setup lane{
          "lane" + std::to_string(i),
          *sources_.back(),
          queue_,
          board_,
          world.setup,
          [this](const RawRecord& record, Instant now) { return decoder_.decode(record, now); },
          [live](Instant now) { return live ? std::optional<Instant>(now) : std::nullopt; },
          {},
          Duration(),
          milliseconds(std::int64_t(200 + rng.below(5'000)))};
      lanes_.push_back(std::make_unique<Lane>(std::move(lane)));
    }
    Dispatcher::Setup out{reader(),
                          queue_,
                          board_,
                          {{EffectKind::kKafka, &kafka_}, {EffectKind::kErp, &erp_}},
                          rng.next()};
    dispatcher_ = std::make_unique<Dispatcher>(std::move(out));
  }

  [[nodiscard]] bool open(Instant now) { return bool(ledger_->open(now)); }

  [[nodiscard]] Ledger& ledger() { return *ledger_; }
  [[nodiscard]] Lane& lane(std::size_t i) { return *lanes_[i]; }
  [[nodiscard]] support::MemorySource& source(std::size_t i) { return *sources_[i]; }
  [[nodiscard]] Dispatcher& dispatcher() { return *dispatcher_; }
  [[nodiscard]] LedgerQueue& queue() { return queue_; }
  [[nodiscard]] Board& board() { return board_; }
  void heal() {
    for (auto& source : sources_) source->set_faults({});
    kafka_.set_faults({});
    erp_.set_faults({});
  }

 private:
  void open_sqlite(const World& world) {
    auto sqlite = store::open_store(*world.sqlite);
    MW_CHECK(sqlite.has_value());
    sqlite_ = *std::move(sqlite);
    auto reader = store::open_reader(world.sqlite->path);
    MW_CHECK(reader.has_value());
    reader_ = *std::move(reader);
    twin_ = std::make_unique<support::TwinStore>(*sqlite_, memory_, world.commit_fault,
                                                 *world.differences);
  }
  [[nodiscard]] Store& store() {
    if (twin_ != nullptr) return *twin_;
    return memory_;
  }
  [[nodiscard]] StoreReader& reader() {
    if (reader_ != nullptr) return *reader_;
    return memory_;
  }

  support::MemoryStore memory_;
  std::unique_ptr<Store> sqlite_;
  std::unique_ptr<StoreReader> reader_;
  std::unique_ptr<support::TwinStore> twin_;
  LedgerQueue queue_;
  Board board_;
  support::MemoryKafkaOut kafka_;
  support::MemoryErp erp_;
  codec::Decoder decoder_;
  std::unique_ptr<Ledger> ledger_;
  std::vector<std::unique_ptr<support::MemorySource>> sources_;
  std::vector<std::unique_ptr<Lane>> lanes_;
  std::unique_ptr<Dispatcher> dispatcher_;
};

}  // namespace millwright::simulation
