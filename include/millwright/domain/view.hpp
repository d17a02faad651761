#pragma once
// PlantView: the state of the whole plant as one immutable, numbered snapshot. The ledger makes a
// new one at each commit and publishes it; lanes and HTTP read copies (a copy costs some pointers).

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "millwright/base/persistent_map.hpp"
#include "millwright/base/time.hpp"
#include "millwright/domain/ids.hpp"
#include "millwright/domain/task.hpp"

namespace millwright {

// OPC UA / ISO 22400 machine state and mode, from MES.
struct EquipmentState {
  std::string state;     // NotAvailable, OutOfService, NotExecuting, Executing
  std::string mode;      // None, Maintenance, Setup, Processing
  Instant since;         // event time of the change to this state
  std::string sequence;  // of the event, or "" ; older ones are not applied
  std::string order;
  friend bool operator==(const EquipmentState&, const EquipmentState&) = default;
};

// What CMMS reported of an asset.
struct ServiceState {
  Instant restarted;  // event time of the last completed repair: baselines start anew
  std::string work_order;
  bool in_maintenance = false;
  Instant maintenance_until;
  friend bool operator==(const ServiceState&, const ServiceState&) = default;
};

struct Stock {
  double on_hand = 0.0;
  double reserved = 0.0;  // by others, as the warehouse reports it
  double blocked = 0.0;
  Instant as_of;  // event time; older movements are not applied
  friend bool operator==(const Stock&, const Stock&) = default;
};

// What is open for one asset.
struct OpenWork {
  std::int32_t tasks = 0;
  std::int32_t cases = 0;
  FailureMode newest;  // of the case that was opened last, open or not
  Instant newest_at;   // event time of its opening
  friend bool operator==(const OpenWork&, const OpenWork&) = default;
};

// Of one material, what nobody has a claim to.
struct Supply {
  double available = 0.0;
  friend bool operator==(const Supply&, const Supply&) = default;
};

// How a supplier keeps its dates, and what is feared of it.
struct SupplierRecord {
  static constexpr std::int32_t kNewest = 32;  // confirmations that are remembered

  std::int32_t promises = 0;  // of the newest kNewest confirmations, how many there were
  std::int64_t moved = 0;     // a bit each, the newest lowest: it moved an earlier date
  double risk = 0.0;          // newest score told, 0..1
  Instant risk_at;            // event time; older ones are not applied
  friend bool operator==(const SupplierRecord&, const SupplierRecord&) = default;
};

// The part that lanes read: every change of it is kept under its number, so that any earlier view
// can be built again for re-observation and replay.
struct LaneView {
  ViewNumber number;
  PersistentMap<WorkUnitId, EquipmentState> equipment;
  PersistentMap<AssetId, ServiceState> service;
  PersistentMap<AssetId, OpenWork> work;
  PersistentMap<MaterialId, Supply> supply;
  PersistentMap<SupplierId, SupplierRecord> suppliers;
};

struct PlantView {
  LaneView lane;
  PersistentMap<MaterialId, Stock> stock;
  PersistentMap<TaskId, Task> tasks;  // not final, or final for less than a day
  PersistentMap<CaseId, Case> cases;  // open, or closed for less than a day
  // entity + "\n" + failure mode -> its newest case
  PersistentMap<std::string, CaseId> case_of;
  PersistentMap<std::string, Reservation> reservations;  // task id + "\n" + material, soft or hard
  PersistentMap<std::string, RuleBundle> bundles;        // by hash: all that may be in force

  // On hand less blocked, less reserved by the warehouse's word, less our own holds (but for
  // `except`), of one material.
  [[nodiscard]] double available(const MaterialId& material, const TaskId& except) const;
};

using LaneViewPtr = std::shared_ptr<const LaneView>;
using PlantViewPtr = std::shared_ptr<const PlantView>;

}  // namespace millwright
