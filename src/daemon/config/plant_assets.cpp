#include <algorithm>
#include <array>

#include "daemon/config/plant_builder.hpp"
#include "daemon/config/plant_names.hpp"
#include "millwright/codec/catalog.hpp"

namespace millwright::daemon {
namespace {

// "bearing_temperature" -> "Bearing temperature"
std::string spoken(std::string_view name) {
  std::string out(name);
  for (char& c : out) c = c == '_' || c == '-' ? ' ' : c;
  if (!out.empty() && out[0] >= 'a' && out[0] <= 'z') out[0] = char(out[0] - 'a' + 'A');
  return out;
}

std::string_view spoken_point(std::string_view point) {
  if (point == "DE") return "drive end";
  return point == "NDE" ? std::string_view("non-drive end") : point;
}

std::string_view spoken_axis(std::string_view axis) {
  if (axis == "H") return "horizontal";
  if (axis == "V") return "vertical";
  return axis == "A" ? std::string_view("axial") : axis;
}

std::string default_name(const Signal& signal) {
  if (!signal.point.empty()) {
    return "Vibration, " + std::string(spoken_point(signal.point)) + ", " +
           std::string(spoken_axis(signal.axis));
  }
  if (signal.kind == SignalKind::kBearingTemperature) {
    const std::string_view tag = signal.tag;
    if (tag.ends_with("-nde")) return "Bearing temperature, non-drive end";
    if (tag.ends_with("-de")) return "Bearing temperature, drive end";
  }
  return spoken(signal.tag);
}

// The unit in which each kind of signal is judged, in the enumeration's order; "" any.
constexpr std::array<std::string_view, 10> kUnitOfKind{"mm/s", "Cel",  "Cel", "A",  "r/min",
                                                       "bar",  "m3/h", "V",   "kW", ""};

}  // namespace

void PlantBuilder::read_asset(const Reader& in) {
  Asset asset;
  asset.id = AssetId(in.text("id"));
  if (!claim("asset", asset.id.str(), in)) return;
  asset.name = in.text("name");
  asset.asset_class = in.text("class");
  asset.node = in.text("node");
  const auto node = plant_.nodes.find(asset.node);
  if (node == plant_.nodes.end()) {
    unknown(in, "node", "node", plant_.nodes);
  } else {
    asset.path = node->second.path;
  }
  asset.criticality = named(in.text("criticality"), names::kCriticalities, Criticality::kC);
  asset.power_kw = in.number("power_kw", 0.0);
  asset.rated_rpm = in.number("rated_rpm", 0.0);
  in.each("vibration", [&](const Reader& v) {
    asset.standard = named(v.text("standard"), names::kStandards, VibrationStandard::kUnknown);
    asset.support = named(v.text("support"), names::kSupports, Support::kUnknown);
  });
  asset.line_frequency_hz = in.number("line_frequency_hz", asset.line_frequency_hz);
  asset.gear_teeth = int(in.integer("gear_teeth", 0));
  asset.blades = int(in.integer("blades", 0));
  asset.equipment_number = in.text("equipment");
  asset.work_center = in.text("work_center");
  asset.stop_cost_per_hour = in.number("stop_cost_per_hour", 0.0);
  if (!asset.equipment_number.empty()) {
    claim("equipment number", asset.equipment_number, in, "equipment");
  }
  classes_.insert(asset.asset_class);
  read_points(in, asset);
  in.each("gate", [&](const Reader& gate) { read_gate(gate, asset); });
  in.each("signals", [&](const Reader& signal) { read_signal(signal, asset); });
  in.each("signals", [&](const Reader& signal) { check_tags(signal, asset); });
  in.each("gate", [&](const Reader& gate) { check_gate_signals(gate, asset); });
  plant_.assets[asset.id] = std::move(asset);
}

void PlantBuilder::read_points(const Reader& in, Asset& asset) {
  in.each("points", [&](const Reader& p) {
    MeasuringPoint point;
    point.point = p.text("point");
    if (!claim("measuring point of " + asset.id.str(), point.point, p, "point")) return;
    if (p.has("bearing")) {
      const auto found = bearings_.find(p.text("bearing"));
      if (found == bearings_.end()) {
        unknown(p, "bearing", "bearing", bearings_);
      } else {
        point.bearing = found->second;
      }
    }
    asset.points.push_back(std::move(point));
  });
}

void PlantBuilder::read_gate(const Reader& in, Asset& asset) {
  Gate& gate = asset.gate;
  gate.by = named(in.text("by"), names::kGates, GateBy::kNone);
  gate.work_unit = WorkUnitId(in.text("work_unit"));
  gate.baseline_rpm = in.number("baseline_rpm", 0.0);
  gate.rpm_tolerance = in.number("rpm_tolerance", gate.rpm_tolerance);
  gate.current_tag = in.text("current_tag");
  gate.running_current_a = in.number("running_current_a", 0.0);
  gate.settle = in.duration("settle", gate.settle);
  const auto needs = [&](std::string_view key) {
    if (in.has(key)) return;
    problem(in, "by", "a gate by " + in.text("by") + " needs the key '" + std::string(key) + "'");
  };
  if (gate.by == GateBy::kMes) needs("work_unit");
  if (gate.by == GateBy::kOwnSpeed) needs("baseline_rpm");
  if (gate.by == GateBy::kOwnCurrent) {
    needs("current_tag");
    needs("running_current_a");
  }
}

void PlantBuilder::check_gate_signals(const Reader& in, const Asset& asset) {
  const auto has = [&](SignalKind kind, std::string_view tag) {
    return std::any_of(plant_.signals.begin(), plant_.signals.end(), [&](const auto& entry) {
      const Signal& s = entry.second;
      return s.asset == asset.id && s.kind == kind && (tag.empty() || s.tag == tag);
    });
  };
  const bool measured_rpm = has(SignalKind::kSpeed, "") || has(SignalKind::kVibrationVelocity, "");
  if (asset.gate.by == GateBy::kOwnSpeed && !measured_rpm) {
    problem(in, "by", asset.id.str() + " has no signal of kind speed that its gate could use");
  }
  if (asset.gate.by == GateBy::kOwnCurrent && in.has("current_tag") &&
      !has(SignalKind::kCurrent, asset.gate.current_tag)) {
    problem(in, "current_tag",
            asset.id.str() + " has no signal of kind current with the tag '" +
                asset.gate.current_tag + "'");
  }
}

void PlantBuilder::read_signal(const Reader& in, const Asset& asset) {
  Signal s;
  s.asset = asset.id;
  s.tag = in.text("tag");
  s.point = in.text("point");
  s.axis = in.text("axis");
  s.kind = named(in.text("kind"), names::kSignalKinds, SignalKind::kOther);
  s.unit = in.text("unit");
  s.sensor = SensorId(in.text("sensor"));
  s.resolution = in.number("resolution", 0.0);
  s.report_every = in.duration("every", Duration());
  s.deadband = in.flag("deadband", false);
  s.range_low = in.maybe_number("low");
  s.range_high = in.maybe_number("high");
  s.warn = in.maybe_number("warn");
  s.alarm = in.maybe_number("alarm");
  s.limit_bc = in.maybe_number("zone_bc");
  s.limit_cd = in.maybe_number("zone_cd");
  s.ambient_tag = in.text("ambient");
  s.sister_tag = in.text("sister");
  s.score_starts_case = in.flag("score_starts_case", true);
  const auto bound = settings_.models.find(std::string(names::kSignalKinds[std::size_t(s.kind)]));
  const std::string by_kind = bound == settings_.models.end() ? "" : bound->second;
  const std::string model = in.text("model", by_kind);
  s.model = ModelId(model == "none" ? std::string() : model);
  s.name = in.text("name");
  if (s.name.empty()) s.name = default_name(s);
  const std::string local = s.tag.empty() ? s.point + "-" + s.axis : s.tag;
  s.id = SignalId(asset.id.str() + "/" + local);
  check_signal(in, asset, s);
  if (claim("signal", s.id.str(), in, s.tag.empty() ? "point" : "tag")) plant_.signals[s.id] = s;
}

void PlantBuilder::check_signal(const Reader& in, const Asset& asset, const Signal& signal) {
  const bool has_point = !signal.point.empty() && !signal.axis.empty();
  if (signal.tag.empty() != has_point || (!signal.tag.empty() && in.has("axis"))) {
    problem(in, "", "a signal has either a `tag`, or a `point` and an `axis`");
  } else if (has_point) {
    const bool known =
        std::any_of(asset.points.begin(), asset.points.end(),
                    [&](const MeasuringPoint& p) { return p.point == signal.point; });
    if (!known) {
      problem(
          in, "point",
          "measuring point '" + signal.point + "' is not among the points of " + asset.id.str());
    }
    if (signal.kind != SignalKind::kVibrationVelocity) {
      problem(in, "kind", "a signal with a measuring point is of kind vibration_velocity");
    }
  }
  check_unit(in, signal);
  check_order(in, "low", "high");
  check_order(in, "warn", "alarm");
  check_order(in, "zone_bc", "zone_cd");
}

void PlantBuilder::check_unit(const Reader& in, const Signal& signal) {
  if (signal.unit.empty()) return;
  const std::string_view canonical = codec::canonical_unit(signal.unit);
  const std::string_view wanted = kUnitOfKind[std::size_t(signal.kind)];
  if (canonical.empty()) {
    problem(in, "unit", "unit '" + signal.unit + "' is not known; write UCUM (mm/s, Cel, bar)");
  } else if (!wanted.empty() && signal.unit != wanted) {
    problem(in, "unit",
            "signals of kind " + std::string(names::kSignalKinds[std::size_t(signal.kind)]) +
                " are kept in " + std::string(wanted) + ", not '" + signal.unit +
                "'; give limits and resolution in it (events may come in other units)");
  } else if (canonical != signal.unit) {
    problem(in, "unit",
            "values in '" + signal.unit + "' are kept in " + std::string(canonical) +
                "; give limits and resolution in it");
  }
}

void PlantBuilder::check_order(const Reader& in, std::string_view low, std::string_view high) {
  if (!in.has(low) || !in.has(high) || in.number(low, 0.0) < in.number(high, 0.0)) return;
  problem(in, high, "'" + std::string(high) + "' must be greater than '" + std::string(low) + "'");
}

// Tags that signals of one asset name of each other.
void PlantBuilder::check_tags(const Reader& in, const Asset& asset) {
  for (const std::string_view key : {"ambient", "sister"}) {
    if (!in.has(key)) continue;
    const auto found = plant_.signals.find(SignalId(asset.id.str() + "/" + in.text(key)));
    const bool fits = found != plant_.signals.end() && found->second.unit == "Cel";
    if (!fits) {
      problem(in, key, asset.id.str() + " has no temperature with the tag '" + in.text(key) + "'");
    } else if (found->second.tag == in.text("tag")) {
      problem(in, key, "a signal cannot be compared with itself");
    }
  }
}

void PlantBuilder::read_job_plan(const Reader& in) {
  JobPlan plan;
  plan.asset_class = in.text("class");
  plan.asset = AssetId(in.text("asset"));
  plan.point = in.text("point");
  plan.text = in.text("text");
  plan.duration_h = in.number("hours", 0.0);
  plan.permit = in.text("permit");
  const auto number = [&](std::string_view map, const Member& m) {
    return Reader(in.file(), in.place(map)).number(m.name, 0.0);
  };
  in.each_member("crafts", [&](const Member& m) {
    plan.crafts.push_back({CraftId(m.name), number("crafts", m)});
    if (!plant_.crafts.contains(CraftId(m.name))) {
      problems_.push_back(
          {in.file(), m.line, m.column, "craft '" + m.name + "' is not known; add it to `crafts`"});
    }
  });
  in.each_member("kit", [&](const Member& m) {
    plan.kit.push_back({MaterialId(m.name), number("kit", m)});
    if (!plant_.materials.contains(MaterialId(m.name))) {
      problems_.push_back({in.file(), m.line, m.column,
                           "material '" + m.name + "' is not known; add it to `materials`"});
    }
  });
  check_job_plan(in, plan);
  for (const std::string& mode : in.texts("modes")) {
    plan.mode = FailureMode(mode);
    const std::string target = plan.asset.empty() ? "class " + plan.asset_class : plan.asset.str();
    const std::string point = plan.point.empty() ? "" : ", point " + plan.point;
    if (claim("job plan", target + ", " + mode + point, in, "modes")) {
      plant_.job_plans.push_back(plan);
    }
  }
}

void PlantBuilder::check_job_plan(const Reader& in, const JobPlan& plan) {
  if (plan.asset_class.empty() == plan.asset.empty()) {
    problem(in, "", "a job plan has either a `class` or an `asset`");
    return;
  }
  if (!plan.asset.empty() && !plant_.assets.contains(plan.asset)) {
    unknown(in, "asset", "asset", plant_.assets);
  } else if (!plan.asset_class.empty() && !classes_.contains(plan.asset_class)) {
    const std::vector<std::string_view> names(classes_.begin(), classes_.end());
    problem(
        in, "class",
        "no asset is of class '" + plan.asset_class + "'" + nearest_hint(plan.asset_class, names));
  }
}

}  // namespace millwright::daemon
