#pragma once
// Recording: a file's records, made one by one; and the EventSource that plays them. Owned by one
// lane thread.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "millwright/source/file_source.hpp"

namespace millwright::source {

struct Recording {
  std::vector<TopicPartition> places;
  std::vector<std::uint32_t> place_of;  // by record: index into places
  std::vector<Instant> at;              // by record: its time, where known
  // Record `i`, without its position.
  std::function<RawRecord(std::size_t i)> make;

  [[nodiscard]] std::uint32_t place(const TopicPartition& where);
};

[[nodiscard]] Result<std::string> read_whole_file(const FileSourceConfig& config);
[[nodiscard]] std::unique_ptr<FileSource> play(Recording recording, const Clock* clock);

// One line of a recording. A line that is neither form becomes a record of its bytes, so that the
// decoder refuses it like any other.
struct RecordedLine {
  TopicPartition where;
  RawRecord record;
};
[[nodiscard]] RecordedLine parse_line(std::string_view line, const TopicPartition& fallback);

// The rows of a CSV with a mapping, in order of event time.
[[nodiscard]] Result<Recording> read_csv(std::string text, const FileSourceConfig& config,
                                         const CsvMapping& mapping);

}  // namespace millwright::source
