#include "pipeline/entities.hpp"

#include <algorithm>

namespace millwright::pipeline {
namespace {

bool later(const Deadline& a, const Deadline& b) {
  return a.at > b.at;
}

constexpr std::size_t kAges = 16;
constexpr std::size_t kUnknownShare = 10;  // unknown assets take at most a tenth of the room

}  // namespace

Entities::Entities(const PlantIndex& plant, const rules::RuleSet* rules, std::size_t entities_max)
    : plant_(plant),
      rules_(rules),
      max_(std::max<std::size_t>(entities_max, 1)),
      grain_(std::int64_t(max_ / kAges)) {}

void Entities::append(Entity& e) {
  List& list = list_of(e);
  e.older = list.newest;
  e.newer = nullptr;
  (list.newest != nullptr ? list.newest->newer : list.oldest) = &e;
  list.newest = &e;
  ++list.size;
}

void Entities::unlink(Entity& e) {
  List& list = list_of(e);
  (e.older != nullptr ? e.older->newer : list.oldest) = e.newer;
  (e.newer != nullptr ? e.newer->older : list.newest) = e.older;
  e.older = e.newer = nullptr;
  --list.size;
}

Entity& Entities::touch(Entity& e, std::int64_t offset) {
  // Ages are told apart only so far as the room is large: most records then move nothing.
  if (e.present && offset - e.touched < grain_) {
    mark_dirty(e);
    return e;
  }
  if (e.touched < round_begun_) e.touched_then = e.touched;
  e.touched = offset;
  mark_dirty(e);
  if (e.present) {
    if (list_of(e).newest != &e) {
      unlink(e);
      append(e);
    }
    return e;
  }
  e.present = true;
  if (offset >= e.ahead_until) e.begin_life(offset);
  append(e);
  make_room(e);
  return e;
}

Entity& Entities::make(Map& map, EntityKind kind, std::string_view key, std::int64_t offset) {
  auto made = std::make_unique<Entity>();
  made->kind = kind;
  made->key = key;
  made->present = false;
  made->touched = offset;
  if (const auto ghost = ghosts_.find(name_of(*made)); ghost != ghosts_.end()) {
    made->touched_then = ghost->second;
  }
  return *map.emplace(std::string(key), std::move(made)).first->second;
}

Entity& Entities::asset(std::string_view key, std::int64_t offset) {
  if (const auto found = assets_.find(key); found != assets_.end()) {
    return touch(*found->second, offset);
  }
  const AssetPlan* plan = plant_.find(key);
  const auto kind = plan == nullptr ? EntityKind::kUnknownAsset : EntityKind::kAsset;
  Entity& e = make(assets_, kind, key, offset);
  e.plan = plan;
  if (plan != nullptr) e.signals.resize(plan->signals.size());
  return touch(e, offset);
}

Entity& Entities::fact(std::string_view key, std::int64_t offset) {
  if (const auto found = facts_.find(key); found != facts_.end()) {
    return touch(*found->second, offset);
  }
  return touch(make(facts_, EntityKind::kFactOrder, key, offset), offset);
}

Entity* Entities::find_asset(std::string_view key) {
  const auto found = assets_.find(key);
  return found == assets_.end() ? nullptr : found->second.get();
}

Entity* Entities::by_name(std::string_view name) {
  if (name.size() < 2) return nullptr;
  Map& map = name[0] == 'a' ? assets_ : facts_;
  const auto found = map.find(name.substr(2));
  return found == map.end() ? nullptr : found->second.get();
}

std::string Entities::name_of(const Entity& entity) {
  return (entity.kind == EntityKind::kFactOrder ? "f:" : "a:") + entity.key;
}

// At most one leaves for one that comes.
void Entities::make_room(const Entity& newcomer) {
  List& unknown = lists_[std::size_t(EntityKind::kUnknownAsset)];
  const std::size_t unknown_max = std::max<std::size_t>(1, max_ / kUnknownShare);
  if (unknown.size > unknown_max) return evict(*unknown.oldest, newcomer.touched);
  if (size() <= max_) return;
  for (const EntityKind kind :
       {EntityKind::kUnknownAsset, EntityKind::kFactOrder, EntityKind::kAsset}) {
    Entity* oldest = lists_[std::size_t(kind)].oldest;
    if (oldest == &newcomer) oldest = oldest->newer;
    if (oldest != nullptr) return evict(*oldest, newcomer.touched);
  }
}

void Entities::evict(Entity& e, std::int64_t offset) {
  unlink(e);
  if (offset < e.ahead_until) {
    e.present = false;  // what was restored is its next life, which begins later, if at all
    hidden_.push_back(name_of(e));
    return;
  }
  const std::int64_t then = e.touched < round_begun_ ? e.touched : e.touched_then;
  if (then >= 0) ghosts_[name_of(e)] = then;
  erase(e);
}

void Entities::erase(Entity& e) {
  dropped_.push_back(name_of(e));
  if (e.dirty) std::replace(dirty_.begin(), dirty_.end(), &e, static_cast<Entity*>(nullptr));
  if (e.kind == EntityKind::kAsset || e.watched.is_set()) {
    std::erase_if(deadlines_, [&](const Deadline& d) { return d.entity == &e; });
    std::erase_if(held_, [&](const auto& each) { return each.first == &e; });
    std::make_heap(deadlines_.begin(), deadlines_.end(), later);
  }
  Map& map = e.kind == EntityKind::kFactOrder ? facts_ : assets_;
  map.erase(map.find(e.key));
}

std::pair<Instant, Instant*> Entities::look_of(Entity& entity, std::size_t index) {
  if (index == kWatches) return {entity.watch_due, &entity.watched};
  SignalState& state = entity.signal(index);
  return {state.stale_at, &state.watched};
}

void Entities::watch(Entity& entity, std::size_t index) {
  const auto [due_at, watched] = look_of(entity, index);
  if (!due_at.is_set()) return;
  // A later deadline is found when the earlier one comes up; an earlier one needs its own place.
  if (watched->is_set() && *watched <= due_at) return;
  *watched = due_at;
  deadlines_.push_back({due_at, &entity, index});
  std::push_heap(deadlines_.begin(), deadlines_.end(), later);
}

std::vector<std::pair<Entity*, std::size_t>> Entities::due(Instant now) {
  std::vector<std::pair<Entity*, std::size_t>> out;
  std::vector<std::pair<Entity*, std::size_t>> not_yet;
  while (!deadlines_.empty() && deadlines_.front().at <= now) {
    std::pop_heap(deadlines_.begin(), deadlines_.end(), later);
    const Deadline top = deadlines_.back();
    deadlines_.pop_back();
    const auto [due_at, watched] = look_of(*top.entity, top.index);
    if (*watched != top.at) continue;  // an earlier one was set since
    *watched = Instant();
    if (!due_at.is_set()) continue;
    (due_at <= now ? out : not_yet).emplace_back(top.entity, top.index);
  }
  for (const auto& [entity, index] : not_yet) watch(*entity, index);
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first->key < b.first->key : a.second < b.second;
  });
  return out;
}

void Entities::release_held(std::int64_t offset) {
  if (held_.empty()) return;
  std::erase_if(held_, [&](const auto& each) {
    if (offset < each.first->ahead_until) return false;
    watch(*each.first, each.second);
    return true;
  });
}

bool Entities::any_due_before(Instant now, Instant& first) const {
  if (deadlines_.empty() || deadlines_.front().at > now) return false;
  first = deadlines_.front().at;
  return true;
}

void Entities::mark_dirty(Entity& entity) {
  if (entity.dirty) return;
  entity.dirty = true;
  dirty_.push_back(&entity);
}

std::vector<std::string> Entities::begin_round(std::int64_t offset) {
  round_begun_ = offset;
  ghosts_.clear();
  for (const std::string& name : hidden_) {
    Entity* e = by_name(name);
    if (e != nullptr && !e->present) erase(*e);
  }
  hidden_.clear();
  std::vector<std::string> changed;
  for (Entity* e : dirty_) {
    if (e == nullptr) continue;
    e->dirty = false;
    changed.push_back(name_of(*e));
  }
  dirty_.clear();
  std::sort(changed.begin(), changed.end());
  std::vector<std::string> names;
  std::sort(dropped_.begin(), dropped_.end());
  dropped_.erase(std::unique(dropped_.begin(), dropped_.end()), dropped_.end());
  for (std::string& name : dropped_) {
    if (by_name(name) == nullptr) names.push_back(std::move(name));
  }
  dropped_.clear();
  names.insert(names.end(), std::make_move_iterator(changed.begin()),
               std::make_move_iterator(changed.end()));
  return names;
}

std::string Entities::save(const std::string& name) {
  if (Entity* entity = by_name(name)) {
    if (entity->touched < round_begun_) entity->touched_then = entity->touched;
    return entity->save();
  }
  const auto ghost = ghosts_.find(name);
  if (ghost == ghosts_.end()) return {};
  Entity left;
  left.kind = name[0] == 'a' ? EntityKind::kAsset : EntityKind::kFactOrder;
  left.key = name.substr(2);
  left.touched = round_begun_;
  left.touched_then = ghost->second;
  return left.save();
}

bool Entities::restore(std::string_view bytes, std::int64_t at, std::int64_t begun) {
  auto made = std::make_unique<Entity>();
  if (!made->load(bytes, plant_)) return false;
  Entity& e = *made;
  if (rules_ != nullptr) {
    rules_->forget_unknown(e.watches);
    e.watch_due = rules_->next_due(e.watches);
  }
  e.ahead_until = at;
  if (at > begun) e.touched = e.touched_then;
  e.present = e.touched >= 0;
  if (!e.present) hidden_.push_back(name_of(e));
  Map& map = e.kind == EntityKind::kFactOrder ? facts_ : assets_;
  map.insert_or_assign(e.key, std::move(made));
  round_begun_ = begun;
  return true;
}

void Entities::finish_restore() {
  std::vector<Entity*> all;
  for (Map* map : {&assets_, &facts_}) {
    for (auto& [key, entity] : *map) all.push_back(entity.get());
  }
  // By their age, then by name: nothing depends on the order of the hash table.
  std::sort(all.begin(), all.end(), [](const Entity* a, const Entity* b) {
    return a->touched != b->touched ? a->touched < b->touched : name_of(*a) < name_of(*b);
  });
  for (Entity* e : all) {
    if (e->present) append(*e);
    for (std::size_t i = 0; i < e->signals.size(); ++i) {
      if (e->signals[i] != nullptr) watch(*e, i);
    }
    watch(*e, kWatches);
  }
}

std::size_t Entities::size() const {
  std::size_t sum = 0;
  for (const List& list : lists_) sum += list.size;
  return sum;
}

std::size_t Entities::bytes() const {
  std::size_t sum = deadlines_.capacity() * sizeof(Deadline);
  for (const Map* map : {&assets_, &facts_}) {
    for (const auto& [key, entity] : *map) sum += 64 + key.capacity() + entity->bytes();
  }
  return sum;
}

}  // namespace millwright::pipeline
