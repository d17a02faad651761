#include "daemon/mapping.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>

#include "daemon/config/reader.hpp"
#include "millwright/codec/catalog.hpp"

namespace millwright::daemon {
namespace {

constexpr std::array kKeys{"separator", "time_column", "time_format", "zone",
                           "asset",     "source",      "signals"};

void check_keys(const std::string& path, const Node& root, std::vector<Problem>& problems) {
  for (const Member& member : root.members) {
    if (std::find(kKeys.begin(), kKeys.end(), member.name) == kKeys.end()) {
      problems.push_back({path, member.line, member.column,
                          "unknown key '" + member.name +
                              "'; a mapping has separator, time_column, time_format, zone, asset, "
                              "source and signals"});
    }
  }
}

void read_signal(const Reader& in, source::CsvMapping& mapping, std::vector<Problem>& problems) {
  source::CsvSignal signal{in.text("column"), in.text("tag"), in.text("unit")};
  const Node& place = in.node();
  if (signal.column.empty() || signal.tag.empty() || signal.unit.empty()) {
    problems.push_back(
        {in.file(), place.line, place.column, "a signal needs column, tag and unit"});
  } else if (codec::canonical_unit(signal.unit).empty()) {
    problems.push_back({in.file(), in.place("unit").line, in.place("unit").column,
                        "unknown unit '" + signal.unit + "'; see docs/adding.md"});
  }
  mapping.signals.push_back(std::move(signal));
}

}  // namespace

Result<source::CsvMapping> load_mapping(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail(Errc::kNotFound, path + ": cannot be read");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  std::vector<Problem> problems;
  const Node root = parse_yaml(path, text, problems);
  source::CsvMapping mapping;
  const Reader in(path, root);
  check_keys(path, root, problems);
  const std::string separator = in.text("separator", ",");
  if (separator.size() != 1) {
    problems.push_back({path, in.place("separator").line, in.place("separator").column,
                        "separator is one character"});
  } else {
    mapping.separator = separator[0];
  }
  mapping.time_column = in.text("time_column");
  mapping.time_format = in.text("time_format", mapping.time_format);
  mapping.zone = in.text("zone", mapping.zone);
  mapping.asset = in.text("asset");
  mapping.source = in.text("source", mapping.source);
  in.each("signals", [&](const Reader& signal) { read_signal(signal, mapping, problems); });
  if (mapping.time_column.empty() || mapping.asset.empty() || mapping.signals.empty()) {
    problems.push_back({path, 1, 1, "a mapping needs time_column, asset and signals"});
  }
  if (problems.empty()) return mapping;
  std::string all;
  for (const Problem& p : problems) all += (all.empty() ? "" : "\n") + to_text(p);
  return fail(Errc::kInvalid, all);
}

}  // namespace millwright::daemon
