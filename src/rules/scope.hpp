#pragma once
// RuleScope: what one rule may read: what all rules may, the fields of the events it listens to,
// and its own watches. Made while a rule is compiled; owned by it, then only read, by any thread.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "millwright/cel/schema.hpp"
#include "millwright/domain/event.hpp"
#include "rules/schema.hpp"

namespace millwright::rules {

// Where a rule finds a field of an event of one type.
struct FieldSlot {
  std::uint32_t slot = 0;
  std::int16_t place = -1;  // in the event; -1: events of this type do not carry it
};

class RuleScope {
 public:
  // Types without a row in the catalogue have no fields to read.
  RuleScope(const std::vector<std::string>& events, std::span<const EventType> catalogue);

  // From here on expressions may ask the plant: plant.available('BRG-6312'); and what brought the
  // score or the cause about: model.contributions.
  void add_plant_and_contributions();
  // The slot of watch.<name>.
  std::uint32_t add_watch(const std::string& name, cel::TypeKind type);

  // The slot of row.<name>: what the matching row of the rule's table says.
  std::uint32_t add_row(const std::string& name, cel::TypeKind type);

  [[nodiscard]] const cel::Schema& schema() const { return schema_; }
  // Of each field that is among `slots` (ascending), for events of that type.
  [[nodiscard]] std::vector<FieldSlot> fields_of(std::string_view type,
                                                 const std::vector<std::uint32_t>& slots) const;
  // "event.state", "watch.hot": the name of a slot that not every rule has.
  [[nodiscard]] const std::string& name_of(std::uint32_t slot) const {
    return schema_.variables()[slot].path;
  }
  // The slot of `plant`: the number of the view that is asked.
  [[nodiscard]] std::uint32_t plant() const { return plant_; }
  [[nodiscard]] std::uint32_t contributions() const { return contributions_; }
  [[nodiscard]] std::size_t width() const { return schema_.variables().size(); }

 private:
  struct Field {
    std::string_view name;  // as the catalogue has it
    cel::Type type;
    std::uint32_t slot = 0;
  };
  void collect(const EventType& type);

  cel::Schema schema_;
  std::uint32_t plant_ = 0;
  std::uint32_t contributions_ = 0;
  std::vector<const EventType*> types_;
  std::vector<Field> fields_;
};

// A field as CEL sees it; lists and records are laid out in the arena. An error where that is full.
[[nodiscard]] cel::Value field_value(const FieldValue& field, cel::Arena& arena);

}  // namespace millwright::rules
