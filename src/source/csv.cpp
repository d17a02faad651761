// CSV of measurements: rows to structured CloudEvents of type iot.measurement.sampled.

#include <date/tz.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <ctime>
#include <optional>

#include "millwright/base/digest.hpp"
#include "millwright/base/json.hpp"
#include "source/recorded.hpp"

namespace millwright::source {
namespace {

struct Sample {
  Instant at;
  std::uint32_t signal;
  double value;
};

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\"");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\"") - first + 1);
}

// The cells of a line; quotes keep a separator inside a cell.
std::vector<std::string_view> cells_of(std::string_view line, char separator) {
  std::vector<std::string_view> out;
  bool quoted = false;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= line.size(); ++i) {
    if (i < line.size() && line[i] == '"') quoted = !quoted;
    if (i < line.size() && (quoted || line[i] != separator)) continue;
    out.push_back(trimmed(line.substr(begin, i - begin)));
    begin = i + 1;
  }
  return out;
}

bool is_missing(std::string_view cell) {
  return cell.empty() || cell == "NaN" || cell == "nan" || cell == "NA" || cell == "null";
}

bool to_number(std::string_view cell, double& out) {
  const char* end = cell.data() + cell.size();
  const auto [rest, error] = std::from_chars(cell.data(), end, out);
  return error == std::errc() && rest == end && std::isfinite(out);
}

// Reads times the way the mapping says.
class Times {
 public:
  static Result<Times> make(const CsvMapping& mapping) {
    Times out(mapping);
    try {
      out.zone_ = date::locate_zone(mapping.zone);
    } catch (const std::exception&) {
      return fail(Errc::kInvalid, mapping.place + ": zone: time zone '" + mapping.zone +
                                      "' is not known; IANA names look like Europe/Paris");
    }
    return out;
  }

  [[nodiscard]] Result<Instant> read(std::string_view cell) const {
    if (format_ == "rfc3339") {
      const Result<Instant> at = parse_rfc3339(cell);
      return at ? at : bad(cell);
    }
    if (format_ == "unix_s" || format_ == "unix_ms") {
      double number = 0.0;
      const double scale = format_ == "unix_s" ? 1e3 : 1.0;
      if (!to_number(cell, number) || std::fabs(number * scale) > 9e12) return bad(cell);
      return Instant(std::llround(number * scale) * 1'000'000);
    }
    const std::optional<date::local_time<std::chrono::nanoseconds>> local =
        local_time(std::string(cell));
    if (!local) return bad(cell);
    try {
      const auto utc = zone_->to_sys(*local, date::choose::earliest);
      return Instant(utc.time_since_epoch().count());
    } catch (const std::exception&) {
      return bad(cell);
    }
  }

 private:
  // The format's fields, and a fraction of a second if one follows.
  [[nodiscard]] std::optional<date::local_time<std::chrono::nanoseconds>> local_time(
      const std::string& cell) const {
    std::tm fields{};
    fields.tm_mday = 1;
    const char* rest = ::strptime(cell.c_str(), format_.c_str(), &fields);
    if (rest == nullptr) return std::nullopt;
    std::int64_t ns = 0;
    if (*rest == '.') {
      std::int64_t scale = 100'000'000;
      for (++rest; *rest >= '0' && *rest <= '9'; ++rest, scale /= 10) ns += (*rest - '0') * scale;
    }
    const date::year_month_day day(date::year(fields.tm_year + 1900),
                                   date::month(unsigned(fields.tm_mon + 1)),
                                   date::day(unsigned(fields.tm_mday)));
    // What int64 nanoseconds hold.
    if (*rest != '\0' || !day.ok() || day.year() < date::year(1678) ||
        day.year() > date::year(2261)) {
      return std::nullopt;
    }
    return date::local_days(day) + std::chrono::hours(fields.tm_hour) +
           std::chrono::minutes(fields.tm_min) + std::chrono::seconds(fields.tm_sec) +
           std::chrono::nanoseconds(ns);
  }

  explicit Times(const CsvMapping& mapping)
      : format_(mapping.time_format), column_(mapping.time_column), mapping_(mapping.place) {}
  [[nodiscard]] Error bad(std::string_view cell) const {
    return fail(Errc::kInvalid, "column '" + column_ + "': '" + std::string(cell) +
                                    "' is no time in the format " + format_ +
                                    ". Correct the cell, or time_format in " + mapping_ +
                                    " (strptime's fields, or rfc3339, unix_s, unix_ms)");
  }

  std::string format_;
  std::string column_;
  std::string mapping_;
  const date::time_zone* zone_ = nullptr;
};

struct Columns {
  std::size_t time = 0;
  std::vector<std::size_t> signals;
};

Result<Columns> find_columns(const std::vector<std::string_view>& header,
                             const CsvMapping& mapping) {
  const auto find = [&](const std::string& name, const std::string& key,
                        const std::string& place) -> Result<std::size_t> {
    const auto found = std::find(header.begin(), header.end(), name);
    if (found != header.end()) return std::size_t(found - header.begin());
    std::string known;
    for (const std::string_view each : header) {
      known += (known.empty() ? "'" : ", '") + std::string(each) + "'";
    }
    return fail(Errc::kInvalid,
                "no column '" + name + "', which " + place + " names as " + key +
                    ". The columns are " + known +
                    (header.size() == 1
                         ? "; is the separator '" + std::string(1, mapping.separator) + "' right?"
                         : "; correct the mapping, or take the one that fits"));
  };
  Columns out;
  const Result<std::size_t> time = find(mapping.time_column, "time_column", mapping.place);
  if (!time) return time.error();
  out.time = *time;
  for (const CsvSignal& signal : mapping.signals) {
    const std::string& place = signal.place.empty() ? mapping.place : signal.place;
    const Result<std::size_t> column = find(signal.column, "column", place);
    if (!column) return column.error();
    out.signals.push_back(*column);
  }
  return out;
}

Result<void> read_row(std::string_view line, const Columns& columns, const CsvMapping& mapping,
                      const Times& times, std::vector<Sample>& out) {
  const std::vector<std::string_view> cells = cells_of(line, mapping.separator);
  const auto cell = [&](std::size_t i) { return i < cells.size() ? cells[i] : std::string_view(); };
  const Result<Instant> at = times.read(cell(columns.time));
  if (!at) return at.error();
  for (std::size_t i = 0; i < columns.signals.size(); ++i) {
    const std::string_view text = cell(columns.signals[i]);
    if (is_missing(text)) continue;
    double value = 0.0;
    if (!to_number(text, value)) {
      return fail(Errc::kInvalid,
                  "column '" + mapping.signals[i].column + "': '" + std::string(text) +
                      "' is no number. Correct the cell; one that holds nothing stays empty or "
                      "says NaN");
    }
    out.push_back({*at, std::uint32_t(i), value});
  }
  return {};
}

RawRecord to_event(const Sample& sample, const CsvMapping& mapping) {
  const CsvSignal& signal = mapping.signals[sample.signal];
  const std::string& asset = signal.asset.empty() ? mapping.asset : signal.asset;
  const std::string time = format_rfc3339(sample.at);
  JsonWriter json;
  json.begin_object();
  json.field("specversion", "1.0");
  json.field("id", derive_id({"recording/v1", mapping.source, asset, signal.tag, time}));
  json.field("source", mapping.source);
  json.field("type", mapping.type);
  json.field("time", time);
  json.field("partitionkey", asset);
  json.field("datacontenttype", "application/json");
  json.key("data");
  json.begin_object();
  json.field("assetId", asset);
  json.field("tag", signal.tag);
  json.key("value");
  json.begin_object();
  json.field("value", sample.value);
  json.field("unit", signal.unit);
  json.end_object();
  json.field("quality", "GOOD");
  json.field("historical", false);
  json.end_object();
  json.end_object();
  RawRecord out;
  out.key = asset;
  out.value = std::move(json).text();
  out.broker_time = sample.at;
  out.headers.emplace_back("content-type", "application/cloudevents+json");
  return out;
}

}  // namespace

Result<Recording> read_csv(std::string text, const FileSourceConfig& config,
                           const CsvMapping& mapping) {
  const Result<Times> times = Times::make(mapping);
  if (!times) return times.error();
  const bool homeless =
      mapping.asset.empty() && std::any_of(mapping.signals.begin(), mapping.signals.end(),
                                           [](const CsvSignal& s) { return s.asset.empty(); });
  if (homeless || mapping.signals.empty()) {
    return fail(Errc::kInvalid,
                mapping.place + ": names no column of measurements, or not the asset of each");
  }
  auto samples = std::make_shared<std::vector<Sample>>();
  Columns columns;
  std::size_t number = 0;
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  for (std::size_t begin = 0; begin < text.size();) {
    std::size_t end = text.find('\n', begin);
    if (end == std::string::npos) end = text.size();
    const std::string_view line(text.data() + begin, end - begin);
    begin = end + 1;
    ++number;
    if (trimmed(line).empty()) continue;
    const auto with_place = [&](const Error& error) {
      return fail(error.code, config.path + ":" + std::to_string(number) + ": " + error.message);
    };
    if (number == 1) {
      Result<Columns> found = find_columns(cells_of(line, mapping.separator), mapping);
      if (!found) return with_place(found.error());
      columns = *std::move(found);
    } else if (const auto row = read_row(line, columns, mapping, *times, *samples); !row) {
      return with_place(row.error());
    }
  }
  if (samples->empty()) return fail(Errc::kInvalid, config.path + ": holds no measurements");
  std::stable_sort(samples->begin(), samples->end(),
                   [](const Sample& a, const Sample& b) { return a.at < b.at; });
  Recording recording;
  recording.place_of.assign(samples->size(), recording.place(config.where));
  recording.at.reserve(samples->size());
  for (const Sample& sample : *samples) recording.at.push_back(sample.at);
  recording.make = [samples, mapping](std::size_t i) { return to_event((*samples)[i], mapping); };
  return recording;
}

}  // namespace millwright::source
