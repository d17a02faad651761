#pragma once
// Topics of one run on a broker: made, filled, read back, taken away. Functions; any thread.

#include <map>
#include <string>
#include <vector>

#include "millwright/domain/event.hpp"

namespace millwright::e2e {

// Name -> partitions. Waits until every one has a leader.
void create_topics(const std::string& bootstrap, const std::map<std::string, int>& partitions);
void delete_topics(const std::string& bootstrap, const std::vector<std::string>& names);

using Log = std::map<TopicPartition, std::vector<RawRecord>>;  // each in the order of its offsets

// Every committed record of these topics, up to their ends as they are now.
[[nodiscard]] Log read_topics(const std::string& bootstrap, const std::vector<std::string>& names);

}  // namespace millwright::e2e
