#pragma once
// What Kafka still holds of a span of time, read once, for replays and what-if. Called by one
// thread; nothing is committed, and no group is joined.

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "millwright/base/result.hpp"
#include "millwright/base/time.hpp"
#include "millwright/domain/event.hpp"

namespace millwright::source {

struct RecordingConfig {
  std::string bootstrap;
  std::vector<std::string> topics;
  std::map<std::string, std::string> properties;  // librdkafka's own, for access
  // By the broker's time of the records. Unset: from the oldest, up to the newest there is now.
  Instant from;
  Instant to;                      // not included
  Duration give_up = seconds(30);  // the longest wait for one answer of the broker
};

// What was read of one partition.
struct RecordedSpan {
  TopicPartition where;
  std::int64_t records = 0;
  Instant first;  // broker time of the first and the last record; unset without any
  Instant last;
  bool cut = false;  // older records than the first had been there, and are gone
};

using TakeRecord = std::function<Result<void>(const RawRecord&)>;

// Hands out the records of all partitions: each partition in its own order, and among the
// partitions the one whose next record is oldest by the broker's time. Ends at the first error of
// `take`. A topic that is not there is left out; kNotFound if none is.
[[nodiscard]] Result<std::vector<RecordedSpan>> read_recording(const RecordingConfig& config,
                                                               const TakeRecord& take);

// One line of the form that make_file_source reads, without its end; the record's place in its
// partition is not kept. A key that is no text is not kept whole.
[[nodiscard]] std::string to_line(const RawRecord& record);

}  // namespace millwright::source
