#pragma once
// Observation: what one event meant to one partition's state; and Decision: what a rule made of it,
// with all the evidence. Values, produced by the lane, consumed by settle.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "millwright/base/time.hpp"
#include "millwright/domain/event.hpp"
#include "millwright/domain/features.hpp"
#include "millwright/domain/ids.hpp"
#include "millwright/domain/plant.hpp"
#include "millwright/domain/trace.hpp"

namespace millwright {

// What became of an event; every record is counted under exactly one of these.
enum class Disposition : std::uint8_t {
  kObserved,    // went into the state, and to the rules
  kFact,        // changes plant state; goes to settle
  kDuplicate,   // seen before, same payload
  kConflict,    // seen before, other payload: dead letter
  kLate,        // past its lateness budget: restates history, raises nothing
  kHistorical,  // store-and-forward backlog: updates state, raises nothing live
  kFuture,      // ahead of its source's plant clock: kept out of all windows, flagged
  kOutOfOrder,  // older than what is known of the entity: stored, not applied
  kUnmapped,    // asset or signal not in the master data: parked, asks for data
  kIgnored,     // a catalogued type this plant has no use for yet
  kTombstone,
  kDeadLetter,  // could not be decoded
  kCount
};
[[nodiscard]] std::string_view to_text(Disposition disposition);

// Which step of the declared fallback a decision stands on.
enum class Rung : std::uint8_t {
  kModel,        // the bound model, warm and sure
  kSimpleModel,  // a simpler model
  kLimits,       // absolute limits or zones alone
  kInspection,   // not sure enough for anything but a look
};
[[nodiscard]] std::string_view to_text(Rung rung);

struct ModelRef {
  ModelId id;
  std::string version;
  friend bool operator==(const ModelRef&, const ModelRef&) = default;
};

struct RuleRef {
  RuleId id;
  int version = 0;
  std::string hash;  // of the rule's canonical text
  friend bool operator==(const RuleRef&, const RuleRef&) = default;
};

// One step's share in a score or a cause, largest first.
struct Contribution {
  std::string name;     // "Envelope peak at 75.7 Hz"
  double weight = 0.0;  // of the stated scale
  std::string detail;   // "0.92, outer race (BPFO)"
  friend bool operator==(const Contribution&, const Contribution&) = default;
};

// One step of a signal's history: mean and expected range over a short span.
struct SeriesPoint {
  Instant at;
  float value = 0.0F;
  float low = 0.0F;  // expected range; NaN where the model was not warm
  float high = 0.0F;
};

// What the plant's calendar says of an instant.
struct PlantMoment {
  std::string shift;     // id of the shift; "" between shifts
  bool holiday = false;  // of the plant, by the local date
  bool working = false;  // a shift, no holiday, and no planned stop of the asset's line or area
  Instant shift_from;    // when the shift began, or the last one ended
  Instant day_from;      // local midnight
};

struct Observation {
  const Event* event = nullptr;  // borrowed for the length of the step; null for a tick
  Disposition disposition = Disposition::kObserved;
  Instant at;  // event time
  AssetId asset;
  SignalId signal;
  std::string entity;     // what the rules' cooldowns and ids hang on
  std::string source_id;  // "source\nid" of the event, or "tick\n<entity>\n<instant>"
  FeatureSet features;
  std::vector<Contribution> contributions;
  std::vector<EventKey> recent;  // the readings that confirmed the state, oldest first, at most 10
  std::vector<SeriesPoint> series;      // filled only where a rule may fire
  const PlantMoment* moment = nullptr;  // borrowed for the step; null: no rule asks for it
  ModelRef model;                       // that scored it; empty id: none
  Rung rung = Rung::kLimits;
};

// A feature as shown to a person.
struct Reading {
  std::string name;
  std::string text;  // value as text, locale-free
  std::string unit;
  std::optional<double> value;  // numbers only
  std::optional<double> limit;  // what it is compared with
  friend bool operator==(const Reading&, const Reading&) = default;
};

enum class TaskKind : std::uint8_t {
  kWorkOrder,
  kPartReservation,
  kInspection,
  kSensorCheck,
  kMasterData,
  kRuleRelease  // never a rule's; see Release
};
[[nodiscard]] std::string_view to_text(TaskKind kind);

// P1 danger or line stop now, P2 this shift, P3 this week, P4 information.
enum class Priority : std::uint8_t { kP1 = 1, kP2 = 2, kP3 = 3, kP4 = 4 };

struct Evidence {
  EventKey event;  // the event that tipped it; empty for a tick
  Position position;
  std::vector<EventKey> events;   // all that are cited, oldest first
  std::vector<Reading> readings;  // feature snapshot
  std::vector<Contribution> contributions;
  RuleRef rule;
  ModelRef model;
  std::string config_version;
  ViewNumber view;
  Rung rung = Rung::kLimits;
  double confidence = 0.0;  // 0..1
  std::string rationale;    // one or two sentences
  int row = 0;              // of the rule's proposals or table, from 1; 0 not known
  Trace trace;              // empty in decisions of older versions
};

struct Decision {
  DecisionId id;
  Instant at;     // event time
  AssetId asset;  // "" when the plant does not know it
  SignalId signal;
  std::string entity;
  FailureMode mode;
  TaskKind task = TaskKind::kInspection;
  Priority priority = Priority::kP3;
  std::string title;  // "Approve bearing change, P-101"
  std::string symptom;
  std::string cause;
  std::string point;           // measuring point, if any
  std::optional<Instant> due;  // work to be done before
  bool shadow = false;         // of a rule on trial: recorded, and nothing comes of it
  Evidence evidence;
  std::vector<SeriesPoint> series;  // of the signal up to here, at most limits::kSeriesPoints
};

}  // namespace millwright
