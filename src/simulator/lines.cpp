#include "simulator/lines.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace millwright::simulator {
namespace {

constexpr std::array kMaterials{"FG-2041", "FG-2055", "FG-2102"};

void operation(Outbox& out, std::string_view order, std::string_view unit, std::string_view status,
               Instant at) {
  auto draft = out.begin("mes.operation.statuschanged", order, at);
  draft.json.field("orderId", order);
  draft.json.field("opNo", "0010");
  draft.json.field("workUnitId", unit);
  draft.json.field("status", status);
  out.finish(std::move(draft));
}

}  // namespace

Lines::Lines(const PlantModel& plant, std::uint64_t seed, Instant from) : plant_(plant) {
  std::map<std::string, Line> by_node;
  for (const auto& [id, asset] : plant.assets) {
    if (asset.gate.by != GateBy::kMes) continue;
    Line& line = by_node[asset.node];
    line.node = asset.node;
    line.assets.push_back(&asset);
  }
  std::uint64_t purpose = 100;
  for (auto& [node, line] : by_node) {
    line.rng = Rng(seed).fork(++purpose);
    line.phase_ends = from + minutes(std::int64_t(1 + line.rng.below(10)));
    lines_.push_back(std::move(line));
  }
}

bool Lines::planned_stop(const Line& line, Instant at) const {
  return std::any_of(plant_.calendar.planned_stops.begin(), plant_.calendar.planned_stops.end(),
                     [&](const PlannedStop& stop) {
                       return stop.node == line.node && stop.from <= at && at < stop.to;
                     });
}

void Lines::step(Instant minute, Outbox& out) {
  for (Line& line : lines_) {
    if (planned_stop(line, minute)) {
      line.phase = Phase::kPlannedStop;
      line.phase_ends = minute + minutes(1);
    } else if (minute >= line.phase_ends) {
      next_phase(line, minute, out);
    }
    tell_states(line, minute, out);
    if (line.phase == Phase::kRunning) produce(line, minute, out);
  }
}

void Lines::next_phase(Line& line, Instant minute, Outbox& out) {
  if (line.phase != Phase::kRunning) {
    if (line.order.empty()) start_order(line, minute, out);
    line.phase = Phase::kRunning;
    line.phase_ends = minute + minutes(std::int64_t(90 + line.rng.below(120)));
    return;
  }
  if (line.good + line.scrap >= line.quantity) {
    finish_order(line, minute, out);
    line.phase = Phase::kChangeover;
    line.phase_ends = minute + minutes(std::int64_t(12 + line.rng.below(15)));
    return;
  }
  line.phase = Phase::kStopped;  // a jam
  line.phase_ends = minute + minutes(std::int64_t(2 + line.rng.below(6)));
}

void Lines::start_order(Line& line, Instant minute, Outbox& out) {
  line.order = std::to_string(++next_order_);
  line.material = kMaterials[line.rng.below(kMaterials.size())];
  line.quantity = 4'000.0 + double(line.rng.below(12)) * 1'000.0;
  line.good = line.scrap = 0.0;
  line.speed = 0.72 + 0.2 * line.rng.uniform();
  auto draft = out.begin("erp.productionorder.released", line.order, minute);
  draft.json.field("orderId", line.order);
  draft.json.field("materialId", line.material);
  draft.json.field("qty", line.quantity);
  draft.json.field("uom", "C62");
  draft.json.field("routingVer", "3");
  draft.json.field("bomVer", "7");
  draft.json.field("release", minute);
  draft.json.field("due", minute + hours(12));
  draft.json.field("priority", 1.0 + double(line.rng.below(3)));
  draft.json.field("lineId", line.node);
  out.finish(std::move(draft));
  operation(out, line.order, line.assets.front()->gate.work_unit.str(), "start",
            minute + seconds(20));
}

void Lines::finish_order(Line& line, Instant minute, Outbox& out) {
  operation(out, line.order, line.assets.front()->gate.work_unit.str(), "end", minute);
  auto draft = out.begin("erp.goodsmovement.posted", line.material, minute + seconds(30));
  draft.json.field("docId", "49" + line.order);
  draft.json.field("item", "1");
  draft.json.field("materialId", line.material);
  draft.json.field("batch", "B" + line.order);
  draft.json.field("movementType", "101");
  Outbox::quantity(draft.json, "qty", line.good, "C62");
  draft.json.field("orderRef", line.order);
  out.finish(std::move(draft));
  line.order.clear();
}

void Lines::produce(Line& line, Instant minute, Outbox& out) {
  const double made = 70.0 * line.speed;
  const double bad = made * 0.004 * (0.5 + line.rng.uniform());
  line.good += made - bad;
  line.scrap += bad;
  if (minute.ns() / minutes(1).ns() % 5 != 0) return;
  const std::string& unit = line.assets.back()->gate.work_unit.str();
  auto draft = out.begin("mes.production.reported", unit, minute);
  draft.json.field("orderId", line.order);
  draft.json.field("workUnitId", unit);
  draft.json.field("from", minute - minutes(5));
  draft.json.field("to", minute);
  const double bad_pieces = std::round(bad * 5.0);
  Outbox::quantity(draft.json, "good", std::round(made * 5.0) - bad_pieces, "C62");
  Outbox::quantity(draft.json, "scrap", bad_pieces, "C62");
  Outbox::quantity(draft.json, "rework", 0.0, "C62");
  Outbox::quantity(draft.json, "idealCycle", 60.0 / 70.0, "s");
  out.finish(std::move(draft));
}

void Lines::tell_states(Line& line, Instant minute, Outbox& out) {
  for (const Asset* asset : line.assets) {
    const bool maintained = in_maintenance(asset->id);
    const bool runs = line.phase == Phase::kRunning && !maintained;
    const std::string state = maintained ? "OutOfService" : runs ? "Executing" : "NotExecuting";
    const std::string mode = maintained                          ? "Maintenance"
                             : line.phase == Phase::kChangeover  ? "Setup"
                             : line.phase == Phase::kPlannedStop ? "None"
                                                                 : "Processing";
    const std::string& unit = asset->gate.work_unit.str();
    Told& told = told_[unit];
    if (told.state == state && told.mode == mode) continue;
    auto draft = out.begin("mes.equipment.statechanged", unit, minute + seconds(1));
    draft.json.field("workUnitId", unit);
    draft.json.field("state", state);
    draft.json.field("mode", mode);
    draft.json.field_if("previousState", told.state);
    if (line.phase == Phase::kStopped) draft.json.field("reasonCode", "MECH-JAM");
    draft.json.field("planned", line.phase != Phase::kStopped);
    draft.json.field_if("orderId", line.order);
    out.finish(std::move(draft));
    told = {state, mode};
  }
}

bool Lines::in_maintenance(const AssetId& id) const {
  const auto found = maintained_.find(id);
  return found != maintained_.end() && found->second;
}

double Lines::load(const Asset& asset) const {
  if (in_maintenance(asset.id)) return 0.0;
  double sum = 0.0;
  for (const Line& line : lines_) {
    const double share = line.phase == Phase::kRunning ? line.speed : 0.0;
    if (asset.gate.by == GateBy::kMes && line.node == asset.node) return share;
    sum += share;
  }
  // Utilities never stop with the lines; they idle.
  return 0.45 + 0.5 * (lines_.empty() ? 0.8 : sum / double(lines_.size()));
}

}  // namespace millwright::simulator
