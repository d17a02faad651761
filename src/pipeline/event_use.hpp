#pragma once
// What the pipeline does with each type of event: one table. Types without a row are catalogued but
// have no use here yet. Pure, any thread.

#include <array>
#include <string_view>
#include <vector>

#include "millwright/domain/event.hpp"
#include "millwright/rules/rule_set.hpp"

namespace millwright::pipeline {

enum class Use : std::uint8_t {
  kMeasurement,
  kVibration,
  kSensorLifecycle,
  kFact,     // changes plant state: goes to settle
  kIgnored,  // nothing; rules still see it if one listens
};

struct UseRow {
  std::string_view type;
  Use use = Use::kIgnored;
  // Facts that state how something is: the field that names it; an older one is not applied. "" for
  // facts that say what changed (a goods movement): each counts.
  std::string_view ordered_by;
};
[[nodiscard]] const std::vector<UseRow>& use_table();

// Fields that the pipeline reads, by place in the type's row, so that no name is compared for each
// event.
enum class Slot : std::uint8_t {
  kAssetId,
  kTag,
  kValue,
  kQuality,
  kHistorical,
  kPoint,
  kAxis,
  kVRms,
  kKurtosis,
  kBands,
  kRpm,
  kSensorId,
  kOldSensorId,
  kChange,
  kScale,
  kOrderedBy,
  kCount
};

struct TypeUse {
  const EventType* type = nullptr;
  Use use = Use::kIgnored;
  bool ordered = false;
  bool listened = false;  // by a rule
  bool watched = false;   // by a rule that has watches
  std::array<std::int16_t, std::size_t(Slot::kCount)> place{};

  // The field, or one that is absent.
  [[nodiscard]] const FieldValue& at(const Event& event, Slot slot) const;
  [[nodiscard]] std::string_view text(const Event& event, Slot slot) const;
  // A number, or a quantity's value.
  [[nodiscard]] double number(const Event& event, Slot slot, double fallback) const;
  [[nodiscard]] bool flag(const Event& event, Slot slot) const;
};

// TypeUse of every type met so far. Owned by one partition.
class TypeUses {
 public:
  explicit TypeUses(const rules::RuleSet* rules) : rules_(rules) {}
  [[nodiscard]] const TypeUse& of(const EventType& type);

 private:
  const rules::RuleSet* rules_;
  std::vector<std::unique_ptr<TypeUse>> known_;
};

}  // namespace millwright::pipeline
