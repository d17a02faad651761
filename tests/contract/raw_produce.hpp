#pragma once
// Puts bytes into a topic that no client would send: a batch with a wrong checksum. A function; for
// the embedded broker, which stores what it gets.

#include <cstdint>
#include <string>

namespace millwright::contract {

// Appends a batch of `records` records that cannot be read to a partition of the broker.
void produce_corrupt_batch(const std::string& bootstrap, const std::string& topic,
                           std::int32_t partition, std::int32_t records);

}  // namespace millwright::contract
