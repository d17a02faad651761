#pragma once
// WatchMemory: what the watches of all rules remember of one entity, and when rules decided of
// late. A value, part of the entity's state; owned by one lane.

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "millwright/base/bytes.hpp"
#include "millwright/base/time.hpp"

namespace millwright::rules {

class WatchMemory {
 public:
  WatchMemory();
  ~WatchMemory();
  WatchMemory(WatchMemory&&) noexcept;
  WatchMemory& operator=(WatchMemory&&) noexcept;

  [[nodiscard]] bool empty() const;
  void clear();
  // The machine was repaired: what was learned of its healthy state no longer holds.
  void start_anew();
  void save(ByteWriter& out) const;
  // False: damaged.
  [[nodiscard]] bool load(ByteReader& in);
  [[nodiscard]] std::size_t bytes() const;

  struct Impl;
  [[nodiscard]] Impl& impl();
  [[nodiscard]] const Impl* look() const { return impl_.get(); }

 private:
  std::unique_ptr<Impl> impl_;
};

// What a rule with a budget decided of late, oldest first; as many as its budget looks back on. The
// id tells a decision that is told again from another one at the same time.
struct Spending {
  Instant at;
  std::string decision;
  friend auto operator<=>(const Spending&, const Spending&) = default;
};
using SpentMap = std::map<std::string, std::vector<Spending>, std::less<>>;  // key: rule id
void save(const SpentMap& spent, ByteWriter& out);
void load(SpentMap& spent, ByteReader& in);

// What only time changed: rules to ask again about one subject of an entity.
struct WatchDue {
  std::string signal;  // "" : the entity itself
  std::vector<std::size_t> rules;
};

// A look at the clock, for one entity.
struct WatchTick {
  Instant at;
  bool gated = false;
  Instant open_since;  // when its machine began to run; unset: not known
};

}  // namespace millwright::rules
