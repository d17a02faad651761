#include "simulation/plant.hpp"

#include "millwright/base/json.hpp"

namespace millwright::simulation {
namespace {

std::string asset_id(int i) {
  return "P-" + std::to_string(101 + i);
}
std::string unit_id(int i) {
  return "U-" + std::to_string(101 + i);
}

rules::SourceText cel(std::string text) {
  return {std::move(text), "simulation.yaml", 1, 1};
}

rules::Proposal proposal(TaskKind kind, const char* when, const char* mode, const char* priority,
                         const char* confidence, const char* title) {
  rules::Proposal p;
  p.task = kind;
  p.when = cel(when);
  p.mode = cel(mode);
  p.priority = cel(priority);
  p.confidence = cel(confidence);
  p.due_hours = cel("168.0");
  p.title_text = cel(title);
  p.symptom_text = cel("{{ signal.value }} {{ signal.unit }}");
  p.cause_text = cel("Outer race");
  p.rationale_text = cel("Zone {{ signal.zone }}.");
  return p;
}

std::string event(const std::string& id, const std::string& source, const std::string& type,
                  Instant time, const std::string& data) {
  JsonWriter json;
  json.begin_object();
  json.field("specversion", "1.0");
  json.field("id", id);
  json.field("source", source);
  json.field("type", "com.acme." + type + ".v1");
  json.field("time", time);
  json.field("datacontenttype", "application/json");
  json.key("data");
  json.raw(data);
  json.end_object();
  return std::move(json).text();
}

}  // namespace

PlantModelPtr make_plant(Gating gating) {
  auto plant = std::make_shared<PlantModel>();
  plant->version = "simulation";
  plant->site_id = "sim";
  plant->nodes["hall"] = PlantNode{"hall", "Hall", Level::kArea, "", "acme/sim/hall"};
  for (int i = 0; i < kAssets; ++i) {
    Asset asset;
    asset.id = AssetId(asset_id(i));
    asset.name = "Pump " + std::to_string(i + 1);
    asset.asset_class = "fan";
    asset.node = "hall";
    asset.path = "acme/sim/hall";
    asset.criticality = i == 0 ? Criticality::kA : i == 1 ? Criticality::kB : Criticality::kC;
    asset.power_kw = 55.0;
    asset.rated_rpm = 1'480.0;
    asset.standard = VibrationStandard::kIso20816Group2;
    asset.support = Support::kRigid;
    asset.points.push_back(MeasuringPoint{"DE", std::nullopt});
    asset.gate.by = gating == Gating::kMes ? GateBy::kMes : GateBy::kNone;
    asset.gate.work_unit = WorkUnitId(unit_id(i));
    asset.equipment_number = std::to_string(10'000 + i);
    asset.work_center = "MECH";
    Signal signal;
    signal.id = SignalId(asset_id(i) + "/DE-H");
    signal.asset = asset.id;
    signal.point = "DE";
    signal.axis = "H";
    signal.name = "Vibration, drive end, horizontal";
    signal.kind = SignalKind::kVibrationVelocity;
    signal.unit = "mm/s";
    signal.resolution = 0.01;
    if (i % 2 == 0) signal.report_every = seconds(20);  // the others may be silent
    plant->signals[signal.id] = signal;
    plant->assets[asset.id] = asset;
  }
  Material bearing;
  bearing.id = MaterialId("BRG-6312");
  bearing.name = "Bearing 6312";
  bearing.unit_cost = 140.0;
  bearing.initial_on_hand = 3.0;
  plant->materials[bearing.id] = bearing;
  plant->crafts[CraftId("mech")] = Craft{CraftId("mech"), "Mechanic", 60.0};
  JobPlan job;
  job.asset_class = "fan";
  job.mode = FailureMode("BRG-OUTER");
  job.text = "Replace bearing";
  job.crafts = {CraftHours{CraftId("mech"), 4.0}};
  job.kit = {KitLine{bearing.id, 1.0}};
  job.duration_h = 4.0;
  plant->job_plans.push_back(job);
  return plant;
}

// A watch with these keys; `of` reads the reading.
rules::WatchSpec watch(const std::string& name, std::vector<std::string> keys,
                       const std::string& of) {
  rules::WatchSpec out;
  out.name = name;
  out.place = cel("");
  keys.emplace_back("of");
  for (const std::string& key : keys) out.keys[key] = {1, 1};
  out.of = cel(of);
  return out;
}

// What it decides hangs on what it remembers, on time alone, and on a budget.
rules::RuleSpec watching_rule() {
  rules::RuleSpec rule;
  rule.id = "wearing";
  rule.owner = "maintenance";
  rule.summary = "Vibration stays up, climbs, or is no longer heard";
  rule.events = {"iot.vibration.features"};
  rule.on_gated = true;
  rules::WatchSpec held = watch("held", {"for"}, "signal.value > 2.0");
  held.held_for = seconds(5);
  rules::WatchSpec gone = watch("gone", {"absent"}, "true");
  gone.absent = seconds(70);
  rules::WatchSpec mean = watch("mean", {"window", "take"}, "signal.value");
  mean.window = seconds(30);
  mean.take = "mean";
  rules::WatchSpec level = watch("level", {"steps", "hold", "dead_band"}, "signal.value");
  level.steps = {2.0, 3.0, 4.5};
  level.hold = seconds(4);
  level.dead_band = 0.2;
  rule.watches = {held, gone, mean, level};
  rule.condition =
      cel("watch.gone || watch.held && has(watch.mean) && watch.mean > 2.0 && watch.level >= 1");
  rule.repeat_after = seconds(20);
  rule.budget = {4, rules::Budget::Per::kDuration, minutes(5), rules::Budget::Of::kAsset, cel("")};
  rule.place = cel("");
  rule.proposals = {proposal(TaskKind::kInspection, "", "watch.gone ? 'UNHEARD' : 'WEAR'",
                             "4 - watch.level", "0.5", "Look at {{ asset.id }}")};
  return rule;
}

rules::RuleSetPtr make_rules() {
  rules::RuleSpec zone;
  zone.id = "zone";
  zone.owner = "maintenance";
  zone.summary = "Vibration confirmed in zone C or D";
  zone.events = {"iot.vibration.features"};
  zone.condition = cel("has(signal.zone_confirmed) && signal.zone_confirmed in ['C', 'D']");
  zone.repeat_after = seconds(3);
  zone.place = cel("");
  zone.proposals = {proposal(TaskKind::kWorkOrder, "signal.value > 3.6", "'BRG-OUTER'", "2", "0.8",
                             "Approve bearing change, {{ asset.id }}"),
                    proposal(TaskKind::kInspection, "", "'BRG-OUTER'", "3", "0.5",
                             "Inspect vibration, {{ asset.id }}")};
  rules::RuleSpec stale;
  stale.id = "stale";
  stale.owner = "maintenance";
  stale.summary = "A signal has fallen silent";
  stale.events = {"tick"};
  stale.on_gated = true;
  stale.condition = cel("has(signal.stale) && signal.stale");
  stale.repeat_after = minutes(10);
  stale.place = cel("");
  stale.proposals = {proposal(TaskKind::kSensorCheck, "", "'SENSOR-STALE'", "3", "1.0",
                              "Check silent sensor, {{ asset.id }}")};
  stale.proposals[0].symptom_text = cel("silent for {{ round(signal.silent_minutes) }} minutes");
  stale.proposals[0].cause_text = cel("Sensor or network");
  stale.proposals[0].rationale_text = cel("Silence is not normality.");
  auto compiled = rules::RuleSet::compile({zone, stale, watching_rule()}, "simulation");
  MW_CHECK(compiled.has_value());
  return *compiled;
}

Producer::Producer(support::MemoryBroker& broker, int partitions, Gating gating, Rng rng)
    : broker_(broker), partitions_(partitions), gating_(gating), rng_(rng) {
  wear_.resize(kAssets);
  for (Wear& wear : wear_) wear.growth = rng_.chance(0.5) ? 0.1 * rng_.uniform() : 0.0;
  wear_[rng_.below(kAssets)].growth = 0.15;
}

void Producer::turn(Instant now, int turn) {
  turn_ = turn;
  for (std::uint64_t n = 1 + rng_.below(6); n > 0; --n) {
    const auto partition = std::int32_t(rng_.below(std::uint64_t(partitions_)));
    if (rng_.chance(0.04)) {
      rubbish(partition);
    } else if (rng_.chance(0.12)) {
      fact(now);
    } else {
      reading(int(rng_.below(kAssets)), now - seconds(std::int64_t(rng_.below(3))));
    }
  }
}

void Producer::reading(int asset, Instant now) {
  Wear& wear = wear_[std::size_t(asset)];
  if (rng_.chance(0.002)) wear.silent_until = turn_ + int(rng_.below(800));
  if (turn_ < wear.silent_until) return;
  wear.level += wear.growth;
  if (wear.level > 6.0) wear.level = 1.2;  // repaired
  const double value = wear.level + 0.2 * rng_.uniform();
  JsonWriter json;
  json.begin_object();
  json.field("assetId", asset_id(asset));
  json.field("point", "DE");
  json.field("axis", "H");
  json.key("vRms");
  json.begin_object();
  json.field("value", value);
  json.field("unit", "mm/s");
  json.end_object();
  json.field("rpm", 1'480.0);
  json.field("quality", "GOOD");
  json.end_object();
  append(asset % partitions_, asset_id(asset),
         event("v" + std::to_string(ids_++), "/sim/gateway", "iot.vibration.features", now,
               std::move(json).text()));
}

void Producer::fact(Instant now) {
  const int i = int(rng_.below(kAssets));
  const std::string id = "f" + std::to_string(ids_++);
  JsonWriter json;
  json.begin_object();
  if (rng_.chance(0.5)) {
    json.field("materialId", "BRG-6312");
    json.field("loc", "MAIN");
    json.field("onHand", double(rng_.below(6)));
    json.field("uom", "C62");
    json.field("snapshot", true);
    json.end_object();
    append(0, "BRG-6312", event(id, "/sim/wms", "wms.stock.changed", now, std::move(json).text()));
  } else if (gating_ == Gating::kMes && rng_.chance(0.8)) {
    const bool runs = rng_.chance(0.8);
    json.field("workUnitId", unit_id(i));
    json.field("state", runs ? "Executing" : "NotExecuting");
    json.field("mode", "Processing");
    json.end_object();
    append((i + 1) % partitions_, unit_id(i),
           event(id, "/sim/mes", "mes.equipment.statechanged", now, std::move(json).text()));
  } else if (gating_ == Gating::kMes) {
    json.field("woId", std::to_string(7'000'000 + ids_));
    json.field("assetId", asset_id(i));
    json.field("type", "PM01");
    json.field("status", rng_.chance(0.5) ? "STRT" : "TECO");
    json.end_object();
    append((i + 2) % partitions_, asset_id(i),
           event(id, "/sim/cmms", "cmms.workorder.statuschanged", now, std::move(json).text()));
  }
}

void Producer::rubbish(std::int32_t partition) {
  const TopicPartition where{"plant.events", partition};
  const auto last = last_.find(partition);
  switch (rng_.below(4)) {
    case 0:
      broker_.append_unreadable(where);
      turns_[where].push_back(turn_);
      ++appended_;
      break;
    case 1:
      append(partition, "x", "{\"specversion\": 7");
      break;
    case 2:  // the same event again
      if (last != last_.end()) append(partition, "x", std::string(last->second));
      break;
    case 3:  // the same id with another payload
      if (last != last_.end()) {
        std::string other = last->second;
        const std::size_t at = other.find("\"data\":{");
        if (at != std::string::npos) other.insert(at + 8, "\"note\":\"changed\",");
        append(partition, "x", other);
      }
      break;
  }
}

void Producer::append(std::int32_t partition, const std::string& key, const std::string& json) {
  RawRecord record;
  record.key = key;
  record.value = json;
  record.broker_time = kStart;
  record.headers = {{"content-type", "application/cloudevents+json"}};
  broker_.append(TopicPartition{"plant.events", partition}, std::move(record));
  turns_[TopicPartition{"plant.events", partition}].push_back(turn_);
  ++appended_;
  if (key != "x") last_[partition] = json;
}

}  // namespace millwright::simulation
