#pragma once
// ErpDesk: what the fake ERP knows and answers, without any network. Owned and called by the fake
// ERP's thread.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "millwright/simulator/fake_erp.hpp"

namespace millwright::simulator {

struct ErpRequest {
  std::string method;
  std::string target;
  std::string authorization;
  std::string idempotency_key;
  std::string body;
};

struct ErpAnswer {
  int status = 200;
  std::string body;
  int retry_after = -1;  // seconds; < 0: not sent
  // How the answer goes wrong, if it does.
  enum class Fate : std::uint8_t { kSent, kClosed, kNever } fate = Fate::kSent;
};

class ErpDesk {
 public:
  explicit ErpDesk(FakeErpOptions options) : options_(std::move(options)) {}

  [[nodiscard]] ErpAnswer answer(const ErpRequest& request);

  void set_fault(ErpFault fault, int times);
  [[nodiscard]] const std::vector<ErpDocument>& documents() const { return documents_; }
  [[nodiscard]] std::int64_t requests() const { return requests_; }

 private:
  [[nodiscard]] ErpAnswer search(ErpDocument::Kind kind, std::string_view query) const;
  [[nodiscard]] ErpAnswer write(ErpDocument::Kind kind, const ErpRequest& request);
  [[nodiscard]] ErpAnswer take(ErpDocument::Kind kind, const ErpRequest& request);
  void announce(const ErpDocument& document) const;

  const FakeErpOptions options_;
  std::vector<ErpDocument> documents_;
  std::map<std::string, std::size_t> by_key_;  // Idempotency-Key -> place in documents_
  ErpFault fault_ = ErpFault::kNone;
  int fault_times_ = 0;
  std::int64_t requests_ = 0;
  std::int64_t next_order_ = 4'000'789;
  std::int64_t next_reservation_ = 61'001;
};

}  // namespace millwright::simulator
