#include "daemon/mapping.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "daemon/config/reader.hpp"
#include "daemon/config/tables.hpp"
#include "millwright/codec/catalog.hpp"

namespace millwright::daemon {
namespace {

namespace fs = std::filesystem;
using K = KeyKind;

constexpr Key kSignalKeys[] = {
    {"column", K::kText, kRequired, "name of the column, as the first line spells it"},
    {"tag", K::kText, kRequired, "tag of the asset's signal in the plant's files"},
    {"unit", K::kText, kRequired, "unit of the column's numbers, UCUM: bar, [degF], L/min"},
    {"asset", K::kText, kOptional, "Asset it belongs to.", "the mapping's"},
};
constexpr Section kSignal{"a signal of a mapping", "A column of measurements.", kSignalKeys};

constexpr Key kMappingKeys[] = {
    {"config", K::kText, kOptional,
     "millwright.yaml of the plant, relative to this file; --config comes first.",
     "config/millwright.yaml"},
    {"separator", K::kText, kOptional, "Character between two columns.", ","},
    {"time_column", K::kText, kRequired, "column that says when"},
    {"time_format", K::kText, kOptional,
     "Its form, in the fields of strptime (%Y-%m-%d %H:%M:%S), or rfc3339, unix_s, unix_ms.",
     "%Y-%m-%d %H:%M:%S"},
    {"zone", K::kText, kOptional, "Time zone of times that name none, IANA: Europe/Paris.", "UTC"},
    {"asset", K::kText, kOptional, "Asset of all signals that name none."},
    {"source", K::kText, kOptional, "Source of the events, as CloudEvents have it.", "/recording"},
    {"signals", K::kSectionList, kRequired, "what the columns of measurements mean", "", &kSignal},
};
constexpr Section kMapping{"a mapping file", "What the columns of a CSV mean, for `replay`.",
                           kMappingKeys};

std::string place_of(const std::string& file, const Node& node) {
  return file + ":" + std::to_string(node.line) + ":" + std::to_string(node.column);
}

void read_signal(const Reader& in, source::CsvMapping& mapping, std::set<std::string>& seen,
                 std::vector<Problem>& problems) {
  source::CsvSignal signal{in.text("column"), in.text("tag"), in.text("unit"), in.text("asset"),
                           place_of(in.file(), in.place("column"))};
  const auto problem = [&](std::string_view key, std::string message) {
    const Node& at = in.place(key);
    problems.push_back({in.file(), at.line, at.column, std::move(message)});
  };
  if (signal.asset.empty()) signal.asset = mapping.asset;
  if (signal.asset.empty()) {
    problem("column", "no asset: give this signal one, or the whole mapping");
  }
  if (!signal.unit.empty() && codec::canonical_unit(signal.unit).empty()) {
    problem("unit", "unit '" + signal.unit + "' is not known; write UCUM (mm/s, Cel, bar)");
  }
  if (!seen.insert(signal.asset + "/" + signal.tag).second) {
    problem("tag", "tag '" + signal.tag + "' of " + signal.asset + " has a column already");
  }
  mapping.signals.push_back(std::move(signal));
}

Error as_error(const std::vector<Problem>& problems) {
  std::string all;
  for (const Problem& p : problems) all += (all.empty() ? "" : "\n") + to_text(p);
  return fail(Errc::kInvalid, all);
}

}  // namespace

const Section& mapping_file() {
  return kMapping;
}

Result<Mapping> load_mapping(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file || !fs::is_regular_file(path)) {
    return fail(Errc::kNotFound, path +
                                     ": the mapping cannot be read; check the name and the "
                                     "rights");
  }
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  std::vector<Problem> problems;
  const Node root = parse_yaml(path, text, problems);
  if (problems.empty()) Checker(path, problems).check(kMapping, root);
  if (!problems.empty()) return as_error(problems);
  const Reader in(path, root);
  Mapping out;
  source::CsvMapping& mapping = out.csv;
  const std::string separator = in.text("separator", ",");
  if (separator.size() != 1) {
    const Node& at = in.place("separator");
    problems.push_back({path, at.line, at.column, "the separator is one character"});
  } else {
    mapping.separator = separator[0];
  }
  mapping.place = path;
  mapping.time_column = in.text("time_column");
  mapping.time_format = in.text("time_format", mapping.time_format);
  mapping.zone = in.text("zone", mapping.zone);
  mapping.asset = in.text("asset");
  mapping.source = in.text("source", mapping.source);
  std::set<std::string> seen;
  in.each("signals", [&](const Reader& signal) { read_signal(signal, mapping, seen, problems); });
  if (mapping.signals.empty()) {
    const Node& at = in.place("signals");
    problems.push_back({path, at.line, at.column, "a mapping has at least one signal"});
  }
  if (in.has("config")) {
    out.config = (fs::path(path).parent_path() / in.text("config")).lexically_normal().string();
  }
  if (!problems.empty()) return as_error(problems);
  return out;
}

Result<void> check_mapping(const Mapping& mapping, const PlantModel& plant,
                           const std::string& config_file) {
  std::string all;
  const auto problem = [&](const source::CsvSignal& signal, const std::string& message) {
    all += (all.empty() ? "" : "\n") + signal.place + ": " + message;
  };
  for (const source::CsvSignal& signal : mapping.csv.signals) {
    const auto found = plant.signals.find(SignalId(signal.asset + "/" + signal.tag));
    if (!plant.assets.contains(AssetId(signal.asset))) {
      problem(signal, "asset '" + signal.asset + "' is not in the plant of " + config_file +
                          "; name the right plant with --config or `config`, or add the asset");
    } else if (found == plant.signals.end()) {
      problem(signal, "asset " + signal.asset + " has no signal with the tag '" + signal.tag +
                          "' in the plant of " + config_file);
    } else if (codec::canonical_unit(signal.unit) != found->second.unit) {
      problem(signal, "'" + signal.unit + "' becomes " +
                          std::string(codec::canonical_unit(signal.unit)) + ", but " +
                          found->first.str() + " is kept in " + found->second.unit);
    }
  }
  if (!all.empty()) return fail(Errc::kInvalid, all);
  return {};
}

}  // namespace millwright::daemon
