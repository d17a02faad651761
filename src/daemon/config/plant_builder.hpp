#pragma once
// PlantBuilder: the sections of all plant files -> one PlantModel, with every reference checked.
// Used once, by read_plant.

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/config/tables.hpp"

namespace millwright::daemon {

class PlantBuilder {
 public:
  PlantBuilder(const std::vector<File>& files, const Settings& settings,
               std::vector<Problem>& problems)
      : files_(files), settings_(settings), problems_(problems) {}

  [[nodiscard]] PlantModel build();

 private:
  // What is there only once, keyed by kind and id; the place of the first.
  bool claim(std::string_view what, const std::string& id, const Reader& in,
             std::string_view key = "id");
  void problem(const Reader& in, std::string_view key, std::string message);
  void each(std::string_view section, const std::function<void(const Reader&)>& visit);
  template <class Map>
  void unknown(const Reader& in, std::string_view key, std::string_view what, const Map& known);

  void read_site();
  void read_nodes();
  void check_node(const Reader& in);
  [[nodiscard]] std::string path_of(const std::string& node) const;
  void read_calendar();
  void read_stop(const Reader& in);
  void read_weekly_stop(const Reader& in);
  void check_stop_node(const Reader& in);
  void read_bearings();
  void read_parts();

  void read_asset(const Reader& in);
  void read_points(const Reader& in, Asset& asset);
  void read_gate(const Reader& in, Asset& asset);
  void read_signal(const Reader& in, const Asset& asset);
  void check_signal(const Reader& in, const Asset& asset, const Signal& signal);
  void check_unit(const Reader& in, const Signal& signal);
  void check_order(const Reader& in, std::string_view low, std::string_view high);
  void check_tags(const Reader& in, const Asset& asset);
  void check_gate_signals(const Reader& in, const Asset& asset);

  void read_job_plan(const Reader& in);
  void check_job_plan(const Reader& in, const JobPlan& plan);

  const std::vector<File>& files_;
  const Settings& settings_;
  std::vector<Problem>& problems_;
  PlantModel plant_;
  std::map<std::string, BearingGeometry> bearings_;
  std::map<std::string, std::string> claimed_;  // kind "\n" id -> file:line of the first
  std::set<std::string> classes_;
};

// Place of a text among the names of an enumeration; 0 if the checker refused it.
template <class Enum, std::size_t N>
[[nodiscard]] Enum named(const std::string& text, const std::string_view (&names)[N],
                         Enum fallback) {
  for (std::size_t i = 0; i < N; ++i) {
    if (names[i] == text) return Enum(i);
  }
  return fallback;
}

template <class Map>
void PlantBuilder::unknown(const Reader& in, std::string_view key, std::string_view what,
                           const Map& known) {
  const std::string id = in.text(key);
  std::vector<std::string_view> names;
  for (const auto& entry : known) {
    if constexpr (std::is_same_v<typename Map::key_type, std::string>) {
      names.push_back(entry.first);
    } else {
      names.push_back(entry.first.str());
    }
  }
  problem(in, key, std::string(what) + " '" + id + "' is not known" + nearest_hint(id, names));
}

}  // namespace millwright::daemon
