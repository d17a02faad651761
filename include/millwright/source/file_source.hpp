#pragma once
// Recorded events as an EventSource: a file of JSON lines, or a CSV with a mapping. Owned and
// called by one lane thread. The file is read once, at the start.

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "millwright/base/result.hpp"
#include "millwright/base/time.hpp"
#include "millwright/engine/ports.hpp"

namespace millwright::source {

// One column of measurements.
struct CsvSignal {
  std::string column;
  std::string tag;
  std::string unit;
  std::string asset;  // "" : the mapping's
  std::string place;  // where the mapping says so, for messages: rig.yaml:12:5
};

// How the rows of a CSV become events of type iot.measurement.sampled, one for each signal. Empty
// cells and NaN are left out. A row's events have ids derived from source, asset, tag and time.
struct CsvMapping {
  char separator = ',';
  std::string time_column;
  // strptime-like (%Y-%m-%d %H:%M:%S), or rfc3339, unix_s, unix_ms
  std::string time_format = "%Y-%m-%d %H:%M:%S";
  std::string zone = "UTC";  // IANA name; of times without an offset
  std::string asset;
  std::vector<CsvSignal> signals;
  std::string type = "com.acme.iot.measurement.sampled.v1";
  std::string source = "/recording";  // CloudEvents source
  std::string place = "the mapping";  // its file, for messages
};

// What the file is played as.
struct FileSourceConfig {
  std::string path;
  TopicPartition where{"recording", 0};  // for records that do not say their own place
  std::size_t bytes_max = std::size_t(1) << 30;
  // Played by this clock: a record later than its now() waits. Null: as fast as it is read.
  // Outlives the source.
  const Clock* clock = nullptr;
};

class FileSource : public EventSource {
 public:
  // Every record of every started partition was handed out.
  [[nodiscard]] virtual bool finished() const = 0;
  // Records in the file.
  [[nodiscard]] virtual std::size_t size() const = 0;
  // Records passed over or handed out.
  [[nodiscard]] virtual std::size_t played() const = 0;
  // When the next record is due: its own time, or that of one before it if that is later. Records
  // without a time come with the one before. nullopt: there is no next one.
  [[nodiscard]] virtual std::optional<Instant> next_at() const = 0;
  // When the last one is.
  [[nodiscard]] virtual Instant last_at() const = 0;
};

// Each line is a structured CloudEvent, or {"topic", "partition", "timestamp", "key", "headers",
// "value"} where timestamp is the broker's time (RFC 3339), value is text, an object, or null for a
// tombstone, or "value_base64" instead; headers are an object of texts. Empty lines are left out.
// Records keep the order of the file.
[[nodiscard]] Result<std::unique_ptr<FileSource>> make_file_source(const FileSourceConfig& config);

// Records are in order of event time.
[[nodiscard]] Result<std::unique_ptr<FileSource>> make_csv_source(const FileSourceConfig& config,
                                                                  const CsvMapping& mapping);

}  // namespace millwright::source
