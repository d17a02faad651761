#pragma once
// Decoder: bytes of a Kafka record -> Event or Reject. Owned and called by one lane thread, which
// gains by keeping it (its buffers are reused). Pure: the same record gives the same answer.

#include <cstddef>
#include <memory>
#include <variant>

#include "millwright/base/limits.hpp"
#include "millwright/base/time.hpp"
#include "millwright/domain/event.hpp"

namespace millwright::codec {

// When an event happened that names no time: when the broker took it, or, where the broker's clock
// is not the plant's, when we did.
enum class Untimed : std::uint8_t { kBrokerTime, kIngested };

class Decoder {
 public:
  explicit Decoder(std::size_t event_bytes_max = limits::kEventBytes,
                   Untimed untimed = Untimed::kBrokerTime);
  ~Decoder();
  Decoder(Decoder&&) noexcept;
  Decoder& operator=(Decoder&&) noexcept;

  // CloudEvents 1.0 in structured or binary mode. `ingested` is our clock. Never throws; the event
  // points into the catalogue and borrows nothing else. A refused record is copied.
  [[nodiscard]] std::variant<Event, Reject> decode(const RawRecord& record, Instant ingested);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace millwright::codec
