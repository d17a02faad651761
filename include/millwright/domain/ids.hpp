#pragma once
// The names of things. Values; conversion to and from text is always written out.

#include <cstdint>
#include <string>

#include "millwright/base/id.hpp"

namespace millwright {

// Ids that plant and ERP give
using AssetId = Id<struct AssetTag>;
using SignalId = Id<struct SignalTag>;  // asset + tag, or asset + measuring point + direction
using SensorId = Id<struct SensorTag>;
using WorkUnitId = Id<struct WorkUnitTag>;  // where MES reports a state
using MaterialId = Id<struct MaterialTag>;
using SupplierId = Id<struct SupplierTag>;
using CraftId = Id<struct CraftTag>;
using UserId = Id<struct UserTag>;
using RuleId = Id<struct RuleTag>;
using ModelId = Id<struct ModelTag>;
using FailureMode = Id<struct FailureModeTag>;  // BRG-OUTER, UNBALANCE, SENSOR-STUCK, ...

// Ids derived from what caused the thing (base/digest.hpp): no clock and no chance in them.
using DecisionId = Id<struct DecisionTag>;
using CaseId = Id<struct CaseTag>;
using TaskId = Id<struct TaskTag>;
using EffectId = Id<struct EffectTag>;

using Offset = Number<struct OffsetTag>;
using Epoch = Number<struct EpochTag>;            // raised at each adoption of a partition
using ViewNumber = Number<struct ViewNumberTag>;  // which PlantView a decision saw
using Revision = Number<struct RevisionTag, std::int32_t>;
using AuditSeq = Number<struct AuditSeqTag>;  // 0-based place in the audit log

struct TopicPartition {
  std::string topic;
  std::int32_t partition = 0;

  friend auto operator<=>(const TopicPartition&, const TopicPartition&) = default;
  friend bool operator==(const TopicPartition&, const TopicPartition&) = default;
};

struct Position {
  TopicPartition where;
  Offset offset;

  friend auto operator<=>(const Position&, const Position&) = default;
  friend bool operator==(const Position&, const Position&) = default;
};

// CloudEvents: source + id is unique.
struct EventKey {
  std::string source;
  std::string id;

  friend auto operator<=>(const EventKey&, const EventKey&) = default;
  friend bool operator==(const EventKey&, const EventKey&) = default;
};

}  // namespace millwright
