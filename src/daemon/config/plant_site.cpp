#include <algorithm>
#include <cmath>

#include "daemon/config/plant_builder.hpp"
#include "daemon/config/plant_names.hpp"
#include "daemon/config/scalar.hpp"
#include "millwright/codec/catalog.hpp"

namespace millwright::daemon {

void PlantBuilder::problem(const Reader& in, std::string_view key, std::string message) {
  const Node& at = in.place(key);
  problems_.push_back({in.file(), at.line, at.column, std::move(message)});
}

bool PlantBuilder::claim(std::string_view what, const std::string& id, const Reader& in,
                         std::string_view key) {
  const Node& at = in.place(key);
  const auto [found, fresh] = claimed_.try_emplace(std::string(what) + "\n" + id,
                                                   in.file() + ":" + std::to_string(at.line));
  if (!fresh) {
    problem(in, key,
            std::string(what) + " '" + id + "' is there twice, first at " + found->second +
                "; keep one");
  }
  return fresh;
}

void PlantBuilder::each(std::string_view section, const std::function<void(const Reader&)>& visit) {
  for (const File& file : files_) Reader(file.name, file.root).each(section, visit);
}

void PlantBuilder::read_site() {
  bool seen = false;
  each("site", [&](const Reader& in) {
    if (std::exchange(seen, true)) {
      problem(in, "", "the site is described twice; keep one");
      return;
    }
    plant_.site_id = in.text("id");
    plant_.site_name = in.text("name");
    plant_.currency = in.text("currency", plant_.currency);
    plant_.emitted_prefix = in.text("emitted_prefix", plant_.emitted_prefix);
    const bool code =
        plant_.currency.size() == 3 && std::all_of(plant_.currency.begin(), plant_.currency.end(),
                                                   [](char c) { return c >= 'A' && c <= 'Z'; });
    if (!code) problem(in, "currency", "'" + plant_.currency + "' is not a code like EUR");
    const auto node = plant_.nodes.find(plant_.site_id);
    if (node == plant_.nodes.end() || node->second.level != Level::kSite) {
      problem(in, "id", "no node '" + plant_.site_id + "' of level site; add it to `nodes`");
    }
  });
  if (!seen && !files_.empty()) {
    problems_.push_back(
        {files_.front().name, 0, 0, "no file of the folder has the section `site`"});
  }
}

void PlantBuilder::read_nodes() {
  each("nodes", [&](const Reader& in) {
    PlantNode node;
    node.id = in.text("id");
    node.name = in.text("name");
    node.level = named(in.text("level"), names::kLevels, Level::kSite);
    node.parent = in.text("parent");
    if (node.id.find_first_of(" +#/$") != std::string::npos) {
      problem(in, "id",
              "'" + node.id +
                  "' has a space or one of + # / $; topics and paths are "
                  "made from it");
    }
    if (claim("node", node.id, in)) plant_.nodes[node.id] = node;
  });
  each("nodes", [&](const Reader& in) { check_node(in); });
  for (auto& [id, node] : plant_.nodes) node.path = path_of(id);
}

void PlantBuilder::check_node(const Reader& in) {
  const auto self = plant_.nodes.find(in.text("id"));
  if (self == plant_.nodes.end() || self->second.parent.empty()) return;
  const auto parent = plant_.nodes.find(self->second.parent);
  if (parent == plant_.nodes.end()) return unknown(in, "parent", "node", plant_.nodes);
  if (parent->second.level >= self->second.level) {
    problem(in, "level",
            "level " + std::string(names::kLevels[std::size_t(self->second.level)]) +
                " cannot stand below " +
                std::string(names::kLevels[std::size_t(parent->second.level)]));
  }
}

// Levels only grow downwards, so a circle was reported already; the bound keeps it from turning.
std::string PlantBuilder::path_of(const std::string& node) const {
  std::string path;
  std::string at = node;
  for (std::size_t depth = 0; !at.empty() && depth < std::size(names::kLevels); ++depth) {
    path.insert(0, path.empty() ? at : at + "/");
    const auto found = plant_.nodes.find(at);
    at = found == plant_.nodes.end() ? std::string() : found->second.parent;
  }
  return path;
}

void PlantBuilder::read_calendar() {
  bool seen = false;
  each("calendar", [&](const Reader& in) {
    if (std::exchange(seen, true)) {
      problem(in, "", "the calendar is described twice; keep one");
      return;
    }
    Calendar& calendar = plant_.calendar;
    calendar.time_zone = in.text("time_zone");
    if (!known_time_zone(calendar.time_zone)) {
      problem(in, "time_zone",
              "time zone '" + calendar.time_zone +
                  "' is not known; write an IANA name like Europe/Paris");
      calendar.time_zone = "UTC";
    }
    calendar.offsets = zone_offsets(calendar.time_zone);
    in.each("shifts", [&](const Reader& shift) {
      const std::string id = shift.text("id");
      if (!claim("shift", id, shift)) return;
      calendar.shifts.push_back({id, time_of_day(shift.text("start")).value_or(0),
                                 int(std::lround(shift.number("hours", 8.0) * 60.0))});
    });
    calendar.holidays = in.texts("holidays");
    for (const std::string& day : calendar.holidays) {
      if (!is_date(day)) problem(in, "holidays", "'" + day + "' is not a date like \"2026-12-25\"");
    }
    in.each("planned_stops", [&](const Reader& stop) { read_stop(stop); });
    in.each("weekly_stops", [&](const Reader& stop) { read_weekly_stop(stop); });
    std::stable_sort(calendar.planned_stops.begin(), calendar.planned_stops.end(),
                     [](const PlannedStop& a, const PlannedStop& b) { return a.from < b.from; });
  });
  if (!seen && !files_.empty()) {
    problems_.push_back(
        {files_.front().name, 0, 0, "no file of the folder has the section `calendar`"});
  }
}

void PlantBuilder::check_stop_node(const Reader& in) {
  if (!plant_.nodes.contains(in.text("node"))) unknown(in, "node", "node", plant_.nodes);
}

void PlantBuilder::read_stop(const Reader& in) {
  check_stop_node(in);
  const auto at = [&](std::string_view key) -> Instant {
    const std::string text = in.text(key);
    if (!is_local_time(text)) return {};
    return local_instant(plant_.calendar.time_zone, std::string_view(text).substr(0, 10),
                         time_of_day(std::string_view(text).substr(11)).value_or(0));
  };
  const PlannedStop stop{in.text("node"), at("from"), at("to"), in.text("reason")};
  if (stop.to <= stop.from) problem(in, "to", "a stop must end after its start");
  plant_.calendar.planned_stops.push_back(stop);
}

void PlantBuilder::read_weekly_stop(const Reader& in) {
  check_stop_node(in);
  const std::string first = in.text("first");
  const std::string last = in.text("last");
  if (!is_date(first) || !is_date(last)) return;
  if (last < first) return problem(in, "last", "the last date lies before the first");
  const int day = named(in.text("day"), names::kWeekdays, 0);
  const int start = time_of_day(in.text("start")).value_or(0);
  const auto length = minutes(std::llround(in.number("hours", 8.0) * 60.0));
  for (const std::string& date : weekly_dates(first, last, day)) {
    const Instant from = local_instant(plant_.calendar.time_zone, date, start);
    plant_.calendar.planned_stops.push_back(
        {in.text("node"), from, from + length, in.text("reason")});
  }
}

void PlantBuilder::read_bearings() {
  each("bearings", [&](const Reader& in) {
    BearingGeometry bearing;
    bearing.designation = in.text("id");
    bearing.balls = int(in.integer("balls", 0));
    bearing.ball_diameter_mm = in.number("ball_mm", 0.0);
    bearing.pitch_diameter_mm = in.number("pitch_mm", 0.0);
    bearing.contact_angle_deg = in.number("angle_deg", 0.0);
    if (bearing.ball_diameter_mm >= bearing.pitch_diameter_mm) {
      problem(in, "ball_mm", "the balls are larger than their pitch circle; check both");
    }
    if (claim("bearing", bearing.designation, in)) bearings_[bearing.designation] = bearing;
  });
}

void PlantBuilder::read_parts() {
  each("materials", [&](const Reader& in) {
    Material material;
    material.id = MaterialId(in.text("id"));
    material.name = in.text("name");
    material.unit = in.text("unit", material.unit);
    material.unit_cost = in.number("unit_cost", 0.0);
    material.lead_time_days = int(in.integer("lead_time_days", 0));
    material.location = in.text("location");
    material.initial_on_hand = in.number("on_hand", 0.0);
    material.insurance_spare = in.flag("insurance_spare", false);
    const std::string_view canonical = codec::canonical_unit(material.unit);
    if (canonical.empty()) {
      problem(in, "unit", "unit '" + material.unit + "' is not known; write UN/ECE Rec 20 (C62)");
    } else if (canonical != material.unit) {
      problem(in, "unit",
              "stock in '" + material.unit + "' is kept in " + std::string(canonical) + "; write " +
                  std::string(canonical));
    }
    if (claim("material", material.id.str(), in)) plant_.materials[material.id] = material;
  });
  each("crafts", [&](const Reader& in) {
    const CraftId id(in.text("id"));
    if (!claim("craft", id.str(), in)) return;
    plant_.crafts[id] = Craft{id, in.text("name"), in.number("rate_per_hour", 0.0)};
  });
}

PlantModel PlantBuilder::build() {
  read_nodes();
  read_site();
  read_calendar();
  read_bearings();
  read_parts();
  each("assets", [&](const Reader& in) { read_asset(in); });
  each("job_plans", [&](const Reader& in) { read_job_plan(in); });
  return std::move(plant_);
}

PlantModel read_plant(const std::vector<File>& files, const Settings& settings,
                      std::vector<Problem>& problems) {
  return PlantBuilder(files, settings, problems).build();
}

}  // namespace millwright::daemon
