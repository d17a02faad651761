#pragma once
// FakeErp: an ERP of demo and tests on loopback. Takes maintenance orders and reservations, numbers
// them, and misbehaves on demand. Runs one thread of its own; its methods may be called by any
// other.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "millwright/base/result.hpp"
#include "millwright/base/time.hpp"
#include "millwright/simulator/plant_simulator.hpp"

namespace millwright::simulator {

enum class ErpFault : std::uint8_t {
  kNone,
  kError,             // 500, nothing done
  kBusy,              // 429 with Retry-After: 1, nothing done
  kHang,              // no answer, nothing done
  kCloseAfterCommit,  // done, and the connection closed without an answer
  kHangAfterCommit,   // done, and no answer
  kJunkAnswer,        // done, and 201 with a body that is no JSON
  kRefuse,            // 422, nothing done
};

struct ErpDocument {
  enum class Kind : std::uint8_t { kOrder, kReservation };
  Kind kind = Kind::kOrder;
  std::string number;           // 4000789, ...
  std::string external_ref;     // ours
  std::string idempotency_key;  // as it came
  std::string body;             // JSON as it came
};

struct FakeErpOptions {
  std::uint16_t port = 0;    // 0 takes a free one
  bool honours_keys = true;  // a repeated Idempotency-Key gets the first answer
  std::string token;         // "" : none is asked for
  // Called by the ERP's own thread for each new document.
  std::function<void(const ExternalOrder&)> on_order;
  std::function<void(const ExternalReservation&)> on_reservation;
};

class FakeErp final {
 public:
  [[nodiscard]] static Result<std::unique_ptr<FakeErp>> start(FakeErpOptions options);
  ~FakeErp();
  FakeErp(const FakeErp&) = delete;
  FakeErp& operator=(const FakeErp&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] std::string url() const;  // http://127.0.0.1:port
  // The next `times` writes meet the fault; the one before is forgotten.
  void set_fault(ErpFault fault, int times = 1);
  // Everything it took, in order.
  [[nodiscard]] std::vector<ErpDocument> documents() const;
  // Requests it got, misbehaved ones too.
  [[nodiscard]] std::int64_t requests() const;

 private:
  struct State;
  explicit FakeErp(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace millwright::simulator
