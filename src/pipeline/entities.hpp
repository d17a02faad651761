#pragma once
// Entities: all entities of one partition by key, bounded. When full, the one idle longest leaves
// first: unknown assets before places in the order of facts, those before assets. Which one leaves
// depends on the records alone, also after a restart. Owned by one partition.

#include <array>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "pipeline/state.hpp"

namespace millwright::pipeline {

// In place of a signal's: the entity's watches.
inline constexpr std::size_t kWatches = ~std::size_t(0);

// A signal that may have fallen silent by `at`, or watches that time may have changed.
struct Deadline {
  Instant at;
  Entity* entity = nullptr;
  std::size_t index = 0;
};

class Entities {
 public:
  // Both outlive it; rules may be null.
  Entities(const PlantIndex& plant, const rules::RuleSet* rules, std::size_t entities_max);

  // Found or made; and it is now the one touched last, by the record at this offset.
  Entity& asset(std::string_view key, std::int64_t offset);
  Entity& fact(std::string_view key, std::int64_t offset);
  // Null if there is none.
  Entity* find_asset(std::string_view key);
  // By its name in a checkpoint; null if there is none.
  Entity* by_name(std::string_view name);
  static std::string name_of(const Entity& entity);

  // Has a look again when the signal's silence is due, or the watches.
  void watch(Entity& entity, std::size_t index);
  // Signals due at `now`, by entity and place. They are watched again by the caller.
  std::vector<std::pair<Entity*, std::size_t>> due(Instant now);
  // Restored from further on than the partition stands: not looked at before it gets there.
  void hold(Entity& entity, std::size_t index) { held_.emplace_back(&entity, index); }
  void release_held(std::int64_t offset);
  [[nodiscard]] bool any_due_before(Instant now, Instant& first) const;

  void mark_dirty(Entity& entity);
  // A round begins at this offset: names of what changed since the last one, dropped ones first.
  std::vector<std::string> begin_round(std::int64_t offset);
  [[nodiscard]] bool dirty() const { return !dirty_.empty() || !dropped_.empty(); }

  // From a checkpoint whose round began at `begun`. False: damaged, and left out.
  bool restore(std::string_view bytes, std::int64_t at, std::int64_t begun);
  void finish_restore();

  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] std::size_t bytes() const;
  // The entity's part of the present round. One that has left since the round began is written as
  // a ghost: who leaves next depends on who was there. "" : it had left before.
  [[nodiscard]] std::string save(const std::string& name);

 private:
  using Map = std::unordered_map<std::string, std::unique_ptr<Entity>, TextHash, std::equal_to<>>;
  struct List {  // oldest first
    Entity* oldest = nullptr;
    Entity* newest = nullptr;
    std::size_t size = 0;
  };
  List& list_of(const Entity& e) { return lists_[std::size_t(e.kind)]; }
  // When the look is due, and when it is watched for.
  static std::pair<Instant, Instant*> look_of(Entity& entity, std::size_t index);
  void append(Entity& e);
  void unlink(Entity& e);
  Entity& touch(Entity& e, std::int64_t offset);
  void make_room(const Entity& newcomer);
  void evict(Entity& e, std::int64_t offset);
  void erase(Entity& e);
  Entity& make(Map& map, EntityKind kind, std::string_view key, std::int64_t offset);

  const PlantIndex& plant_;
  const rules::RuleSet* rules_;
  std::size_t max_;
  std::int64_t grain_;  // offsets
  Map assets_;
  Map facts_;
  std::array<List, std::size_t(EntityKind::kCount)> lists_{};
  std::vector<Deadline> deadlines_;  // heap, earliest on top
  std::vector<std::pair<Entity*, std::size_t>> held_;
  std::vector<Entity*> dirty_;
  std::vector<std::string> dropped_;
  std::vector<std::string> hidden_;  // restored, not there yet
  std::int64_t round_begun_ = 0;
  // Those that were there when the round began and have left since, with when they were touched.
  std::unordered_map<std::string, std::int64_t, TextHash, std::equal_to<>> ghosts_;
};

}  // namespace millwright::pipeline
