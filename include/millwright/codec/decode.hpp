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

class Decoder {
 public:
  explicit Decoder(std::size_t event_bytes_max = limits::kEventBytes);
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
